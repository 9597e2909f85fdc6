"""v3's plain nouns: partners, products, bank accounts, spendings and document blocks, each a row of what differs.

Partners are v2's customers, products and bank accounts v2's own, all under other ids and in other words. Spendings are
written with `*_huf` and read with `*_local`; v2's expenses are kept apart. What a document shows is its own copy.

No document is issued here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billingo_async.sandbox import seeds
from billingo_async.sandbox.arithmetic import gross_priced, number_of
from billingo_async.sandbox.books import Books
from billingo_async.sandbox.http import JsonObject, Params, Response
from billingo_async.sandbox.records import BLANK_ADDRESS, Record, Table, Type
from billingo_async.sandbox.v3 import dialect, views

_ORGANIZATION_ID = 500_001
_STOCK = Decimal(100)
_SPENDING_REQUIRED = ("category", "fulfillment_date", "currency", "total_gross", "total_vat_amount", "payment_method")
"""What every spending is written with, and shown as it was written."""


def _in_name(_books: Books, record: Record, query: Mapping[str, str]) -> bool:
    return query.get("query", "").lower() in record.written.get("name", "").lower()


@dataclass(frozen=True, slots=True)
class V3Noun:
    """One noun at v3's counter: what is kept of a body, how it is shown, and which of them a list's query names."""

    path: str
    table: Callable[[Books], Table[Record]]
    """Its records among the books."""
    fields: Callable[[Books, JsonObject], tuple[JsonObject, JsonObject]]
    """What is kept of a body: in the words of v2, and what only v3 knows; refuses one that names what is not there."""
    view: Callable[[Books, Record], JsonObject]
    fits: Callable[[Books, Record, Mapping[str, str]], bool] = _in_name
    entry: Callable[[Books, Record], JsonObject] | None = None
    """How a list shows it, where that is another way."""

    def list_(self, books: Books, params: Params) -> Response:
        """One page of those that the query lets through, newest first."""
        shape = self.entry or self.view
        rows = (row for row in self.table(books) if self.fits(books, row, params.query))
        return dialect.page_of(rows, params, self.path, lambda row: shape(books, row))

    def get(self, books: Books, params: Params) -> Response:
        """One."""
        return dialect.answer(self.view(books, self.table(books).by_id(params.uid)))

    def create(self, books: Books, params: Params) -> Response:
        """A new one, also where there is the same already."""
        return self.save(books, params.body, 201)

    def update(self, books: Books, params: Params) -> Response:
        """Replace one: a member that is not written goes back to blank."""
        return self.save(books, params.body, old=self.table(books).by_id(params.uid))

    def delete(self, books: Books, params: Params) -> Response:
        """Delete one; copies of it stay."""
        self.table(books).remove(self.table(books).by_id(params.uid).uid)
        books.record(params.uid)
        return Response(204)

    def save(self, books: Books, body: JsonObject, status: int = 200, *, old: Record | None = None) -> Response:
        """Keep what was written, and answer it."""
        written, more = self.fields(books, body)
        record = books.keep(self.table(books), written, more, old=old)
        books.record(self.table(books).id_of(record.uid))
        return dialect.answer(self.view(books, record), status)


def _more(body: JsonObject) -> JsonObject:
    """What was written, for members that v2 has no word for; an account number that is blank counts as null."""
    return {
        name: value
        for name, value in body.items()
        if name != "id" and value is not None and (value or name != "account_number")
    }


_BANK_NAMES = {"iban": "iban", "swift": "swift", "account_number": "account_no"}
"""v3's members of a partner's bank account and v2's names for them."""


def _fields_of_partner(_books: Books, body: JsonObject) -> tuple[JsonObject, JsonObject]:
    address: dict[str, str] = body["address"]
    billing = {"street_name": address["address"], "city": address["city"]}
    billing |= {"postcode": address["post_code"], "country": address["country_code"]}
    written: JsonObject = {
        "name": body["name"],
        "email": next(iter(body.get("emails") or ()), ""),
        "taxcode": body.get("taxcode") or "",
        "fokonyv_szam": body.get("general_ledger_number") or "",
        "phone": body.get("phone") or "",
        "tax_type": "",
        "type": "",
        "defaults": [],
        "billing_address": BLANK_ADDRESS | billing,
        "bank": {theirs: body.get(ours) or "" for ours, theirs in _BANK_NAMES.items()},
    }
    return written, _more(body)


PARTNERS = V3Noun("/partners", lambda books: books.clients, _fields_of_partner, views.partner_of)


def guess_partner(books: Books, params: Params) -> Response:
    """The partner with that tax number, else with one of those e-mails, else a new one; 201 in each case."""
    emails = {email.lower() for email in params.body.get("emails") or ()}
    taxcode: str = params.body.get("taxcode") or ""
    partners = [views.partner_of(books, client) for client in reversed(list(books.clients))]
    matches = [partner for partner in partners if taxcode and partner["taxcode"] == taxcode]
    matches += [partner for partner in partners if not emails.isdisjoint(map(str.lower, partner["emails"]))]
    if matches:
        return dialect.answer(matches[0], 201)
    return PARTNERS.save(books, params.body, 201)


_PRODUCT_NAMES = {
    "name": "name",
    "comment": "comment",
    "currency": "currency_code",
    "unit": "unit",
    "general_ledger_number": "fokonyv_arbev",
    "general_ledger_taxcode": "fokonyv_afa",
}
"""v3's members and v2's names for them."""


def _fields_of_product(_books: Books, body: JsonObject) -> tuple[JsonObject, JsonObject]:
    rate = seeds.V3_VAT_RATES[body["vat"]]
    net = Decimal(body.get("net_unit_price", 0))
    if "net_unit_price" not in body and "gross_unit_price" in body:
        net = gross_priced(Decimal(1), Decimal(body["gross_unit_price"]), rate).net_unit_price
    written: JsonObject = {theirs: body.get(ours) or "" for ours, theirs in _PRODUCT_NAMES.items()}
    written |= {"vat_id": rate.id, "price": number_of(net), "entitlement": body.get("entitlement")}
    return written, _more(body)


def _product_of(books: Books, product: Record) -> JsonObject:
    written = product.written
    shown: JsonObject = {"id": books.products.id_of(product.uid)}
    shown |= {ours: written.get(theirs, "") for ours, theirs in _PRODUCT_NAMES.items()}
    shown |= {"vat": views.vat_of(seeds.VAT_RATES[written["vat_id"]]), "net_unit_price": written["price"]}
    return shown | {"entitlement": written.get("entitlement")} | product.more


PRODUCTS = V3Noun("/products", lambda books: books.products, _fields_of_product, _product_of)


def product_quantity(books: Books, params: Params) -> Response:
    """How many are in stock: a hundred, less what was invoiced."""
    uid = books.products.by_id(params.uid).uid
    unsold = {Type.DRAFT, Type.PROFORMA}
    rows = (row for invoice in books.invoices if invoice.type not in unsold for row in invoice.rows)
    sold = sum((row.qty for row in rows if row.product_uid == uid), Decimal(0))
    return dialect.answer({"available_quantity": number_of(_STOCK - sold)})


_ACCOUNT_NAMES = views.ACCOUNT_NAMES | {"currency": "currency"}


def _fields_of_account(_books: Books, body: JsonObject) -> tuple[JsonObject, JsonObject]:
    written: JsonObject = {theirs: body.get(ours) or "" for ours, theirs in _ACCOUNT_NAMES.items()}
    return written | {"need_qr": bool(body.get("need_qr"))}, {}


def _account_of(books: Books, account: Record) -> JsonObject:
    shown: JsonObject = {"id": books.bank_accounts.id_of(account.uid)}
    shown |= {ours: account.written[theirs] for ours, theirs in _ACCOUNT_NAMES.items()}
    return shown | {"need_qr": account.written.get("need_qr", False)}


BANK_ACCOUNTS = V3Noun("/bank-accounts", lambda books: books.bank_accounts, _fields_of_account, _account_of)


def _fields_of_spending(books: Books, body: JsonObject) -> tuple[JsonObject, JsonObject]:
    partner: JsonObject = {}
    if body.get("partner_id") is not None:
        partner = views.partner_of(books, dialect.named(books.clients, body["partner_id"], "partner_id"))
        names = ("id", "name", "address", "iban", "swift", "phone", "group_member_tax_number", "account_number")
        partner = {name: partner[name] for name in names} | {
            "tax_code": partner["taxcode"],
            "internal_comment": partner.get("internal_comment") or "",
        }
    return body, {"partner": partner}


def _spending_of(books: Books, spending: Record) -> JsonObject:
    row, today = spending.written, books.today().isoformat()
    return {name: row[name] for name in _SPENDING_REQUIRED} | {
        "id": books.spendings.id_of(spending.uid),
        "organization_id": _ORGANIZATION_ID,
        "paid_at": row.get("paid_at"),
        "partner": spending.more["partner"],
        "invoice_number": row.get("invoice_number") or "",
        "conversion_rate": row.get("conversion_rate", 1),
        "total_gross_local": row["total_gross_huf"],
        "total_vat_amount_local": row["total_vat_amount_huf"],
        "invoice_date": row.get("invoice_date") or today,
        "due_date": row.get("due_date") or today,
        "comment": row.get("comment") or None,
        "items": [],
    }


def _spending_entry_of(books: Books, spending: Record) -> JsonObject:
    shown = _spending_of(books, spending)
    del shown["items"]
    return shown | {"is_created_by_nav": False}


def _spending_fits(books: Books, spending: Record, query: Mapping[str, str]) -> bool:
    shown = _spending_of(books, spending)
    day_name = dialect.choice_of(query, "spending_date", "DateType") or "fulfillment_date"
    first, last = dialect.date_of(query, "start_date"), dialect.date_of(query, "end_date")
    status = dialect.choice_of(query, "payment_status", "PaymentStatusSpending") or "all"
    exact = {
        "category": dialect.choice_of(query, "categories", "Category"),
        "currency": dialect.choice_of(query, "currencies", "Currency"),
        "payment_method": dialect.choice_of(query, "payment_methods", "PaymentMethod"),
    }
    day = date.fromisoformat(shown[day_name])
    paid, due = shown["paid_at"] is not None, date.fromisoformat(shown["due_date"])
    states = {"all": True, "paid": paid, "unpaid": not paid, "expired": not paid and due < books.today()}
    searched = (shown["invoice_number"], shown["comment"] or "", shown["partner"].get("name", ""))
    return (
        any(query.get("q", "").lower() in each.lower() for each in searched)
        and (first or day) <= day <= (last or day)
        and states[status]
        and dialect.choice_of(query, "spending_type", "Source") != "nav"
        and all(value in {None, shown[member]} for member, value in exact.items())
    )


SPENDINGS = V3Noun(
    "/spendings", lambda books: books.spendings, _fields_of_spending, _spending_of, _spending_fits, _spending_entry_of
)


def list_blocks(books: Books, params: Params) -> Response:
    """One page of the document blocks, of all types or of one; nothing deletes one."""
    type_ = dialect.choice_of(params.query, "type", "DocumentBlockType")
    rows = (block for block in books.blocks if type_ in {None, block.type})
    return dialect.page_of(rows, params, "/document-blocks", lambda block: _block_of(books, block))


def create_block(books: Books, params: Params) -> Response:
    """A new block: 201 without a body, unless the switch says otherwise."""
    body = params.body
    paid_proformas = bool(body.get("create_invoice_from_paid_proforma"))
    block = seeds.Block(books.new_id(), body["name"], body["prefix"], body["type"], paid_proformas)
    books.blocks.put(block.uid, block)
    books.record(books.blocks.id_of(block.uid))
    return dialect.answer(_block_of(books, block), 201) if books.switches.block_answer else Response(201)


def _block_of(books: Books, block: seeds.Block) -> JsonObject:
    shown = {"name": block.name, "prefix": block.prefix, "custom_field1": "", "custom_field2": "", "type": block.type}
    return {"id": books.blocks.id_of(block.uid), **shown}
