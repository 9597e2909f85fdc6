"""Products: things with a price that invoices may name by their id.

An invoice keeps its own copy of a product's row. Source: API docs, Products; the long list of columns that a read
answers is that of the documented sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from billingo_async.sandbox import dialect, seeds
from billingo_async.sandbox.arithmetic import net_priced
from billingo_async.sandbox.invoices.record import Row
from billingo_async.sandbox.paging import page_of
from billingo_async.sandbox.refusal import not_saved

if TYPE_CHECKING:
    from billingo_async.sandbox.asked import Asked
    from billingo_async.sandbox.http import JsonObject, Response
    from billingo_async.sandbox.office import Office

KIND = "products"
_NEVER = "0000-00-00 00:00:00"
_COLUMNS: JsonObject = {
    "comment": "", "deleted": 0, "categories_id": 0, "parent_product_id": 0, "min_qty": 0, "max_qty": 0, "opt_qty": 0,
    "sales_price": 0, "is_service": 0, "barcode": "", "product_code": "", "item_nr": "", "width": 0, "height": 0,
    "depth": 0, "weight": 0, "deleted_at": None, "archived_at": _NEVER, "master_variation_id": 0, "purchase_price": 0,
}  # fmt: skip
_SERVER_OWNED = frozenset({"id", "uid", "vat", "created_at", "updated_at", "deleted", "deleted_at", "archived_at"})


@dataclass(frozen=True, slots=True)
class Product:
    """A product as it was written, with the two times that the server adds."""

    uid: int
    written: JsonObject
    created_at: str
    updated_at: str

    def __repr__(self) -> str:
        return f"Product({self.uid})"

    @property
    def currency(self) -> str:
        """The currency of its price."""
        currency: str = self.written["currency_code"]
        return currency

    def row(self, qty: Decimal) -> Row:
        """The row of an invoice that so many of it make."""
        rate = seeds.VAT_RATES[self.written["vat_id"]]
        price = net_priced(qty, Decimal(self.written["price"]), rate)
        entitlement: str | None = self.written["entitlement"]
        return Row(self.written["name"], qty, self.written["unit"], rate, price, entitlement=entitlement)

    def short(self) -> JsonObject:
        """The entry that create answers."""
        return dialect.entry(self.uid, {**self.written, "updated_at": self.updated_at, "created_at": self.created_at})

    def long(self) -> JsonObject:
        """The entry that reads and update answer."""
        rate = seeds.VAT_RATES[self.written["vat_id"]]
        vat = {"id": rate.id, "value": dialect.number_of(rate.value), "description": rate.label}
        times = {"created_at": self.created_at, "updated_at": self.updated_at}
        return dialect.entry(self.uid, {**_COLUMNS, "description": rate.label, **self.written, **times, "vat": vat})


def list_(office: Office, asked: Asked) -> Response:
    """One page of the products."""
    return dialect.listed(KIND, (product.long() for product in page_of(office.products, asked.query)))


def get(office: Office, asked: Asked) -> Response:
    """One product, as a list of one."""
    return dialect.listed(KIND, [office.products.get(asked.uid).long()])


def create(office: Office, asked: Asked) -> Response:
    """A new product."""
    written = _written(asked.body)
    now = office.timestamp()
    product = Product(office.new_id(), written, created_at=now, updated_at=now)
    office.products.put(product.uid, product)
    office.note("products.create", product.uid)
    return dialect.single(KIND, product.short())


def update(office: Office, asked: Asked) -> Response:
    """Replace a product: a field that is not written goes back to blank; invoices that name it stay as they are.

    The columns that no documented body writes, such as the bar code, are left alone.
    """
    old = office.products.get(asked.uid)
    columns = {name: value for name, value in old.written.items() if name in _COLUMNS}
    product = Product(old.uid, columns | _written(asked.body), created_at=old.created_at, updated_at=office.timestamp())
    office.products.put(product.uid, product)
    office.note("products.update", product.uid)
    return dialect.single(KIND, product.long())


def delete(office: Office, asked: Asked) -> Response:
    """Delete a product."""
    office.products.remove(asked.uid)
    office.note("products.delete", asked.uid)
    return dialect.done()


def _written(body: JsonObject) -> JsonObject:
    if body["vat_id"] not in seeds.VAT_RATES:
        raise not_saved("product", f"vat_id: there is no VAT rate {body['vat_id']}")
    kept = {name: value for name, value in body.items() if name not in _SERVER_OWNED}
    ledger_numbers = {name: str(body.get(name) or "") for name in ("fokonyv_arbev", "fokonyv_afa")}
    price = body["price"]
    spelled = price if isinstance(price, int) else dialect.number_of(price)
    return kept | ledger_numbers | {"price": spelled, "entitlement": body.get("entitlement") or None}
