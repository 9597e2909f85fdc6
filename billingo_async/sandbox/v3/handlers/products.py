"""Products, the same as v2's under other ids and in other words, and how many are in stock."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from billingo_async.sandbox import seeds
from billingo_async.sandbox.arithmetic import gross_priced, number_of
from billingo_async.sandbox.records import Product, Type
from billingo_async.sandbox.v3 import dialect, views

if TYPE_CHECKING:
    from billingo_async.sandbox.books import Books
    from billingo_async.sandbox.http import JsonObject, Params, Response

_PATH = "/products"
_STOCK = Decimal(100)
_SERVER_OWNED = frozenset({"id"})


def list_(books: Books, params: Params) -> Response:
    """One page of the products; the query looks at names alone."""
    text = params.query.get("query", "").lower()
    rows = (product for product in books.products if text in product.written["name"].lower())
    return dialect.page_of(rows, params, _PATH, lambda product: _product_of(books, product))


def get(books: Books, params: Params) -> Response:
    """One product."""
    return dialect.answer(_product_of(books, books.products.by_id(params.uid)))


def create(books: Books, params: Params) -> Response:
    """A new product, also where there is the same already."""
    now = books.timestamp()
    return _save(books, Product(books.new_id(), {}, now, now), params.body, "products.create", 201)


def update(books: Books, params: Params) -> Response:
    """Replace a product; documents that name it stay as they are."""
    return _save(books, books.products.by_id(params.uid), params.body, "products.update", 200)


def delete(books: Books, params: Params) -> Response:
    """Delete a product."""
    books.products.remove(books.products.by_id(params.uid).uid)
    books.record("products.delete", params.uid)
    return dialect.no_content()


def quantity(books: Books, params: Params) -> Response:
    """How many are in stock: a hundred, less what was invoiced."""
    uid = books.products.by_id(params.uid).uid
    unsold = {Type.DRAFT, Type.PROFORMA}
    rows = (row for invoice in books.invoices if invoice.type not in unsold for row in invoice.rows)
    sold = sum((row.qty for row in rows if row.product_uid == uid), Decimal(0))
    return dialect.answer({"available_quantity": number_of(_STOCK - sold)})


def _save(books: Books, old: Product, body: JsonObject, operation: str, status: int) -> Response:
    rate = seeds.V3_VAT_RATES[body["vat"]]
    net: int | Decimal = body.get("net_unit_price", 0)
    if "net_unit_price" not in body and "gross_unit_price" in body:
        net = gross_priced(Decimal(1), Decimal(body["gross_unit_price"]), rate).net_unit_price
    written: JsonObject = {
        "name": body["name"],
        "comment": body.get("comment") or "",
        "currency_code": body["currency"],
        "vat_id": rate.id,
        "price": number_of(Decimal(net)),
        "unit": body["unit"],
        "fokonyv_arbev": body.get("general_ledger_number") or "",
        "fokonyv_afa": body.get("general_ledger_taxcode") or "",
        "entitlement": body.get("entitlement"),
    }
    more = {name: value for name, value in body.items() if name not in _SERVER_OWNED and value is not None}
    product = Product(old.uid, written, old.created_at, books.timestamp(), more)
    books.products.put(product.uid, product)
    books.record(operation, books.products.id_of(product.uid))
    return dialect.answer(_product_of(books, product), status)


def _product_of(books: Books, product: Product) -> JsonObject:
    written = product.written
    shown: JsonObject = {
        "id": books.products.id_of(product.uid),
        "name": written["name"],
        "comment": written.get("comment", ""),
        "currency": written["currency_code"],
        "vat": views.vat_of(seeds.VAT_RATES[written["vat_id"]]),
        "net_unit_price": written["price"],
        "unit": written["unit"],
        "general_ledger_number": written.get("fokonyv_arbev", ""),
        "general_ledger_taxcode": written.get("fokonyv_afa", ""),
        "entitlement": written.get("entitlement"),
    }
    return shown | product.more
