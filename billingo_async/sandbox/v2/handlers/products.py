"""Products: things with a price that invoices may name by their id.

An invoice keeps its own copy of a product's row. Source: API docs, Products; the long list of columns that a read
answers is that of the documented sample.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.sandbox import seeds
from billingo_async.sandbox.arithmetic import number_of
from billingo_async.sandbox.records import Product
from billingo_async.sandbox.v2 import dialect

if TYPE_CHECKING:
    from billingo_async.sandbox.books import Books
    from billingo_async.sandbox.http import JsonObject, Params, Response

KIND = "products"
_NEVER = "0000-00-00 00:00:00"
_COLUMNS: JsonObject = {
    "comment": "", "deleted": 0, "categories_id": 0, "parent_product_id": 0, "min_qty": 0, "max_qty": 0, "opt_qty": 0,
    "sales_price": 0, "is_service": 0, "barcode": "", "product_code": "", "item_nr": "", "width": 0, "height": 0,
    "depth": 0, "weight": 0, "deleted_at": None, "archived_at": _NEVER, "master_variation_id": 0, "purchase_price": 0,
}  # fmt: skip
_SERVER_OWNED = frozenset({"id", "uid", "vat", "created_at", "updated_at", "deleted", "deleted_at", "archived_at"})


def list_(books: Books, params: Params) -> Response:
    """One page of the products."""
    return dialect.listed(KIND, (_long(product) for product in dialect.page_of(books.products, params.query)))


def get(books: Books, params: Params) -> Response:
    """One product, as a list of one."""
    return dialect.listed(KIND, [_long(books.products.get(params.uid))])


def create(books: Books, params: Params) -> Response:
    """A new product."""
    written = _written(params.body)
    now = books.timestamp()
    product = Product(books.new_id(), written, created_at=now, updated_at=now)
    books.products.put(product.uid, product)
    books.record("products.create", product.uid)
    return dialect.single(KIND, _short(product))


def update(books: Books, params: Params) -> Response:
    """Replace a product: a field that is not written goes back to blank; invoices that name it stay as they are.

    The columns that no documented body writes, such as the bar code, are left alone.
    """
    old = books.products.get(params.uid)
    columns = {name: value for name, value in old.written.items() if name in _COLUMNS}
    product = Product(old.uid, columns | _written(params.body), created_at=old.created_at, updated_at=books.timestamp())
    books.products.put(product.uid, product)
    books.record("products.update", product.uid)
    return dialect.single(KIND, _long(product))


def delete(books: Books, params: Params) -> Response:
    """Delete a product."""
    books.products.remove(params.uid)
    books.record("products.delete", params.uid)
    return dialect.done()


def _written(body: JsonObject) -> JsonObject:
    if body["vat_id"] not in seeds.LISTED_VAT_IDS:
        raise dialect.not_saved("product", f"vat_id: there is no VAT rate {body['vat_id']}")
    columns = {name: value for name, value in body.items() if name not in _SERVER_OWNED}
    ledger_numbers = {name: str(body.get(name) or "") for name in ("fokonyv_arbev", "fokonyv_afa")}
    price = body["price"]
    number = price if isinstance(price, int) else number_of(price)
    return columns | ledger_numbers | {"price": number, "entitlement": body.get("entitlement") or None}


def _short(product: Product) -> JsonObject:
    """The entry that create answers."""
    times = {"updated_at": product.updated_at, "created_at": product.created_at}
    return dialect.entry(product.uid, product.written | times)


def _long(product: Product) -> JsonObject:
    """The entry that reads and update answer."""
    rate = seeds.VAT_RATES[product.written["vat_id"]]
    vat = {"id": rate.id, "value": number_of(rate.value), "description": rate.label}
    times = {"created_at": product.created_at, "updated_at": product.updated_at}
    shown = {**_COLUMNS, "description": rate.label, **product.written, **times, "vat": vat}
    return dialect.entry(product.uid, shown)
