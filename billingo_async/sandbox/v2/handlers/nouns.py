"""v2's plain nouns: customers, products, bank accounts, expenses and recurring profiles, each a row of what differs.

What an invoice or an expense shows of a customer or a product is its own copy. No invoice is ever issued by itself.
Sources: API docs, Clients, Products, Bank accounts, Expenses, and of 2017 Recurring, which was withdrawn in 2019. The
samples answer neither the currency nor the due date of an expense: a list answers them here, and an update that does
not write them leaves them alone, or writing an expense back would lose them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from billingo_async.sandbox import seeds
from billingo_async.sandbox.arithmetic import number_of
from billingo_async.sandbox.books import Books
from billingo_async.sandbox.http import JsonObject, Params, Response
from billingo_async.sandbox.records import ADDRESS_FIELDS, Record, Table, identity_of
from billingo_async.sandbox.v2 import dialect

Attributes = Callable[[Books, Record], JsonObject]


@dataclass(frozen=True, slots=True)
class V2Noun:
    """One noun at v2's counter: what is kept of a body, and which attributes are answered to which request."""

    table: Callable[[Books], Table[Record]]
    """Its records among the books."""
    kind: str
    """The `type` of its answers."""
    written: Callable[[Books, JsonObject, Record | None], JsonObject]
    """What is kept of a body, in place of an old record or of none; refuses one that names what is not there."""
    read: Attributes
    made: Attributes | None = None
    changed: Attributes | None = None
    always_paged: bool = True
    """False where the list is whole unless the caller asks for a page."""

    def list_(self, books: Books, params: Params) -> Response:
        """One page, newest first."""
        table = self.table(books)
        paged = self.always_paged or "page" in params.query or "max_per_page" in params.query
        rows = dialect.page_of(table, params.query) if paged else table
        return dialect.listed(self.kind, (dialect.entry(row.uid, self.read(books, row)) for row in rows))

    def get(self, books: Books, params: Params) -> Response:
        """One, as a list of one."""
        record = self.table(books).get(params.uid)
        return dialect.listed(self.kind, [dialect.entry(record.uid, self.read(books, record))])

    def create(self, books: Books, params: Params) -> Response:
        """A new one."""
        record = books.keep(self.table(books), self.written(books, params.body, None))
        books.record(record.uid)
        return dialect.single(self.kind, dialect.entry(record.uid, (self.made or self.read)(books, record)))

    def update(self, books: Books, params: Params) -> Response:
        """Replace one: a field that is not written goes back to its default."""
        old = self.table(books).get(params.uid)
        record = books.keep(self.table(books), self.written(books, params.body, old), old=old)
        books.record(record.uid)
        return dialect.single(self.kind, dialect.entry(record.uid, (self.changed or self.read)(books, record)))

    def delete(self, books: Books, params: Params) -> Response:
        """Delete one; copies of it stay."""
        self.table(books).remove(params.uid)
        books.record(params.uid)
        return dialect.done()


def _without(body: JsonObject, *names: str) -> JsonObject:
    return {name: value for name, value in body.items() if name not in names}


def _filled(names: tuple[str, ...], written: dict[str, Any]) -> dict[str, str]:
    return {name: "" if written.get(name) is None else str(written[name]) for name in names}


def _written_client(_books: Books, body: JsonObject, _old: Record | None = None) -> JsonObject:
    """Every documented field is there, others stay as they are."""
    type_ = "" if body.get("type") is None else str(body["type"])
    documented: JsonObject = {
        "name": body["name"],
        **{name: body.get(name) or "" for name in ("email", "taxcode", "fokonyv_szam", "phone", "tax_type")},
        "type": int(type_) if type_ else "",
        "defaults": body.get("defaults") or [],
        "billing_address": _filled(ADDRESS_FIELDS, body["billing_address"]),
        "bank": _filled(("iban", "swift", "account_no"), body.get("bank") or {}),
    }
    return _without(body, "force", "id", "uid") | documented


class _Clients(V2Noun):
    def create(self, books: Books, params: Params) -> Response:
        """A new customer, or without `force` the one that is the same already, untouched."""
        written = _written_client(books, params.body)
        oldest_first = reversed([each for each in books.clients if each.written["name"] == written["name"]])
        same = next((each for each in oldest_first if identity_of(each.written) == identity_of(written)), None)
        if same is None or params.body.get("force", False):
            return super().create(books, params)
        return dialect.single(self.kind, dialect.entry(same.uid, same.written))


CLIENTS = _Clients(lambda books: books.clients, "clients", _written_client, lambda _, client: client.written)
_COLUMNS: JsonObject = {
    "comment": "", "deleted": 0, "categories_id": 0, "parent_product_id": 0, "min_qty": 0, "max_qty": 0, "opt_qty": 0,
    "sales_price": 0, "is_service": 0, "barcode": "", "product_code": "", "item_nr": "", "width": 0, "height": 0,
    "depth": 0, "weight": 0, "deleted_at": None, "archived_at": "0000-00-00 00:00:00", "master_variation_id": 0,
    "purchase_price": 0,
}  # fmt: skip
"""The columns that the documented sample of a product answers, and no documented body writes; an update keeps them."""


def _written_product(_books: Books, body: JsonObject, old: Record | None) -> JsonObject:
    if body["vat_id"] not in seeds.LISTED_VAT_IDS:
        raise dialect.not_saved("product", f"vat_id: there is no VAT rate {body['vat_id']}")
    server_owned = ("id", "uid", "vat", "created_at", "updated_at", "deleted", "deleted_at", "archived_at")
    columns = {name: value for name, value in old.written.items() if name in _COLUMNS} if old else {}
    price = body["price"]
    return (
        columns
        | _without(body, *server_owned)
        | {name: str(body.get(name) or "") for name in ("fokonyv_arbev", "fokonyv_afa")}
        | {"price": price if isinstance(price, int) else number_of(price)}
        | {"entitlement": body.get("entitlement") or None}
    )


def _read_product(_books: Books, product: Record) -> JsonObject:
    rate = seeds.VAT_RATES[product.written["vat_id"]]
    vat = {"id": rate.id, "value": number_of(rate.value), "description": rate.label}
    return {**_COLUMNS, "description": rate.label, **product.written, **product.times(), "vat": vat}


PRODUCTS = V2Noun(
    lambda books: books.products, "products", _written_product, _read_product,
    made=lambda _, product: product.written | product.times(),
)  # fmt: skip


def _written_account(_books: Books, body: JsonObject, _old: Record | None) -> JsonObject:
    blank = ("bank_name", "account_no", "account_no_iban", "account_swift", "currency")
    return _without(body, "id", "uid") | {name: body.get(name) or "" for name in blank}


def _read_account(_books: Books, account: Record) -> JsonObject:
    return account.written | {"uid": account.uid}


BANK_ACCOUNTS = V2Noun(
    lambda books: books.bank_accounts, "bank_accounts", _written_account, _read_account, always_paged=False
)


def _written_expense(books: Books, body: JsonObject, old: Record | None) -> JsonObject:
    reasons = list(_reasons_against_expense(books, body))
    if reasons:
        raise dialect.not_saved("expense", *reasons)
    defaults: JsonObject = {"invoice_no": "", "vat": 1, "client_uid": None}
    defaults |= {"currency": "HUF", "due_date": books.today().isoformat()}
    if old is not None:
        defaults |= {name: old.written[name] for name in ("currency", "due_date")}
    written = defaults | _without(body, "id", "uid", "client")
    if written["client_uid"] is not None:
        client = books.clients.get(written["client_uid"]).written
        written["client"] = {name: client[name] for name in ("name", "email", "taxcode", "billing_address", "bank")}
    return written


def _reasons_against_expense(books: Books, body: JsonObject) -> Iterator[str]:
    if body["categories_id"] not in seeds.EXPENSE_CATEGORIES:
        yield f"categories_id: there is no expense category {body['categories_id']}"
    if body.get("vat", 1) not in seeds.LISTED_VAT_IDS:
        yield f"vat: there is no VAT rate {body['vat']}"
    client_uid = body.get("client_uid")
    if client_uid is not None and client_uid not in books.clients:
        yield f"client_uid: there is no client {client_uid}"


def _saved_expense(_books: Books, expense: Record) -> JsonObject:
    """Numbers are numbers."""
    price = number_of(Decimal(expense.written["gross_price"]))
    shown = _without(expense.written, "currency", "due_date", "client")
    return shown | {"gross_price": price, "uid": expense.uid}


def _listed_expense(_books: Books, expense: Record) -> JsonObject:
    """Numbers are strings, the price with two decimals."""
    written = expense.written
    price = dialect.text_of(Decimal(written["gross_price"]), 2)
    texts = {name: str(written[name]) for name in ("categories_id", "vat")}
    return written | texts | {"gross_price": price, "uid": expense.uid}


EXPENSES = V2Noun(
    lambda books: books.expenses, "expenses", _written_expense, _listed_expense, _saved_expense, _saved_expense
)


def _written_profile(books: Books, body: JsonObject, _old: Record | None) -> JsonObject:
    uid = body["base_invoice_uid"]
    if uid not in books.invoices:
        raise dialect.not_saved("recurring profile", f"base_invoice_uid: there is no invoice {uid}")
    defaults: JsonObject = {"due_days": 0, "fulfillment_shift": 0, "send_invoice": False, "max_qty": None}
    defaults |= {"comment": "", "stopped": False, "start_date": books.today().isoformat()}
    server_owned = ("used_qty", "last_recurring_date", "created_at", "updated_at", "invoice", "invoices")
    return defaults | _without(body, "id", "uid", *server_owned)


def _made_profile(books: Books, profile: Record) -> JsonObject:
    """The invoice that it repeats is answered along."""
    invoice = dialect.long_invoice(books.invoices.get(profile.written["base_invoice_uid"]))["attributes"]
    return profile.written | profile.times() | {"invoice": invoice}


def _changed_profile(_books: Books, profile: Record) -> JsonObject:
    return profile.written | profile.times() | {"invoices": []}


def _read_profile(_books: Books, profile: Record) -> JsonObject:
    unused: JsonObject = {"used_qty": None, "last_recurring_date": None, "uid": profile.uid, "invoices": []}
    return profile.written | profile.times() | unused


RECURRING = V2Noun(
    lambda books: books.recurring, "recurring_profiles", _written_profile, _read_profile, _made_profile,
    _changed_profile, always_paged=False,
)  # fmt: skip


def _switch_profile(books: Books, params: Params, *, stopped: bool) -> Response:
    """Pause a profile or go on with it; one that is so already stays so."""
    old = books.recurring.get(params.uid)
    books.keep(books.recurring, old.written | {"stopped": stopped}, old=old)
    books.record(params.uid)
    return dialect.done()


stop_profile: Callable[[Books, Params], Response] = partial(_switch_profile, stopped=True)
resume_profile: Callable[[Books, Params], Response] = partial(_switch_profile, stopped=False)
