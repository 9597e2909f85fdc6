"""How v3's documents come to be: what a body names is looked up, its rows are priced, then the books issue it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from billingo_async.sandbox import seeds
from billingo_async.sandbox.arithmetic import gross_priced, net_priced, totals
from billingo_async.sandbox.http import Refusal
from billingo_async.sandbox.ledger import Mail
from billingo_async.sandbox.records import BLANK_ADDRESS, RECEIPTS, Payment, Row, Terms, Type
from billingo_async.sandbox.v3 import views
from billingo_async.sandbox.v3.schemas import invalid, selected_invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billingo_async.sandbox.arithmetic import Price, Rate
    from billingo_async.sandbox.books import Books
    from billingo_async.sandbox.http import JsonObject
    from billingo_async.sandbox.records import Client, Invoice
    from billingo_async.sandbox.seeds import Block

_RECEIPT_UNIT = "db"
_RECEIPT_VATS = {"none": "0%"}
_UNNAMED_CLIENT: JsonObject = {"name": "", "email": "", "taxcode": "", "tax_type": ""}


def issue(books: Books, body: JsonObject, *, draft: Invoice | None = None) -> Invoice:
    """A document of a whole body, new or from a draft."""
    client = _client_of(books, body["partner_id"])
    settings: JsonObject = body.get("settings") or {}
    discount: JsonObject | None = body.get("discount")
    terms = Terms(
        fulfillment_date=body["fulfillment_date"],
        due_date=body["due_date"],
        payment_method=seeds.METHOD_IDS[body["payment_method"]],
        comment=body.get("comment") or "",
        language=body["language"],
        electronic=bool(body.get("electronic")),
        currency=body["currency"],
        exchange_rate=Decimal(body["conversion_rate"]),
        client_uid=client.uid,
        round_to=views.ROUNDS[settings.get("round") or "none"],
        bank_account_uid=_bank_account_of(books, body),
    )
    rows = _rows_of(books, body, Decimal((discount or {}).get("value", 0)))
    more: JsonObject = {"settings": settings, "discount": discount, "partner": client.more}
    invoice = _issued(
        books, Type(body["type"]), body, "invoice", terms=terms, client=client.on_invoice(), rows=rows, draft=draft
    )
    invoice.more |= more
    for id in body.get("advance_invoice") or ():
        books.link(invoice, books.invoices.by_id(id))
    if body.get("paid") and invoice.type is not Type.DRAFT:
        invoice.payments.append(Payment(invoice.date.isoformat(), invoice.totals.total, terms.payment_method))
    if settings.get("should_send_email") and invoice.type is not Type.DRAFT:
        mail(books, invoice, views.document_partner_of(books, invoice)["emails"])
    return invoice


def issue_receipt(books: Books, body: JsonObject, *, draft: Invoice | None = None) -> Invoice:
    """A receipt of a whole body: paid at once, prices gross; a partner is optional, name and e-mails will do."""
    if body["type"] not in {Type.RECEIPT, Type.DRAFT}:
        raise selected_invalid("type")
    blank = dict.fromkeys(("iban", "swift", "account_no"), "")
    uid = 0
    client: JsonObject = _UNNAMED_CLIENT | {"billing_address": BLANK_ADDRESS, "bank": blank}
    partner: JsonObject = {}
    if "partner_id" in body:
        known = _client_of(books, body["partner_id"])
        uid, client, partner = known.uid, known.on_invoice(), known.more
    partner = partner | {name: body[name] for name in ("name", "emails") if body.get(name)}
    emails: list[str] = partner.get("emails") or [client["email"]]
    client = client | {"name": partner.get("name", client["name"]), "email": emails[0]}
    today = books.today().isoformat()
    terms = Terms(
        fulfillment_date=today,
        due_date=today,
        payment_method=seeds.METHOD_IDS[body["payment_method"]],
        comment="",
        language="hu",
        electronic=bool(body.get("electronic")),
        currency=body["currency"],
        exchange_rate=Decimal(body["conversion_rate"]),
        client_uid=uid,
        round_to=0,
        bank_account_uid=None,
    )
    rows = _rows_of(books, body, Decimal(0))
    receipt = _issued(books, Type(body["type"]), body, "receipt", terms=terms, client=client, rows=rows, draft=draft)
    receipt.more["partner"] = partner
    if receipt.type in RECEIPTS:
        receipt.payments.append(Payment(today, receipt.totals.total, terms.payment_method))
    return receipt


def issue_from_proforma(books: Books, proforma: Invoice, settings: JsonObject, type_: Type) -> Invoice:
    """The document of a proforma, changed as the settings say."""
    terms = replace(
        proforma.terms,
        fulfillment_date=settings.get("fulfillment_date") or proforma.terms.fulfillment_date,
        due_date=settings.get("due_date") or proforma.terms.due_date,
        comment=settings.get("comment") or proforma.terms.comment,
        electronic={"electronic": True, "paper": False}.get(
            settings.get("document_format", ""), proforma.terms.electronic
        ),
    )
    invoice = books.issue_from_proforma(proforma, terms, type_)
    invoice.more |= {name: proforma.more.get(name, {}) for name in ("settings", "partner")}
    invoice.more["discount"] = proforma.more.get("discount")
    return invoice


def issue_modification(books: Books, invoice: Invoice, body: JsonObject) -> Invoice:
    """The document that modifies another, over the rows of the body."""
    method = body.get("payment_method")
    terms = replace(
        invoice.terms,
        due_date=body.get("due_date") or invoice.terms.due_date,
        comment=body.get("comment") or "",
        payment_method=seeds.METHOD_IDS[method] if method else invoice.terms.payment_method,
    )
    rows = _rows_of(books, body, Decimal(0))
    modification = books.issue(
        Type.MODIFICATION,
        invoice.block,
        terms=terms,
        client=invoice.client,
        rows=rows,
        totals=totals([(row.rate, row.price.sums) for row in rows], terms.round_to),
    )
    modification.more |= {"partner": invoice.more.get("partner", {}), "settings": invoice.more.get("settings", {})}
    invoice.more["modified"] = True
    invoice.touch(books.at)
    books.link(invoice, modification)
    return modification


def mail(books: Books, invoice: Invoice, emails: Sequence[str]) -> None:
    """Put an e-mail for each address into the outbox."""
    id, number = books.invoices.id_of(invoice.uid), views.number_text_of(invoice)
    books.outbox.extend(Mail(id, address, number, books.at, books.api) for address in emails)


def use_quota(books: Books) -> None:
    """Count a document, or refuse it where the month's quota is used up: 400 and a Hungarian text."""
    left = books.switches.quota_left
    if left is not None and books.quota_used >= left:
        raise Refusal(400, "API keret elfogyott.")
    books.quota_used += 1


def _issued(
    books: Books,
    type_: Type,
    body: JsonObject,
    block_type: str,
    *,
    terms: Terms,
    client: JsonObject,
    rows: tuple[Row, ...],
    draft: Invoice | None,
) -> Invoice:
    block = _block_of(books, body["block_id"], block_type)
    vendor_id: str = body.get("vendor_id") or ""
    others = [
        uid for uid in books.vendor_ids.get(vendor_id, ()) if uid in books.invoices and (not draft or uid != draft.uid)
    ]
    if others and books.switches.vendor_id_unique:
        raise invalid({"vendor_id": "The vendor id has already been taken."})
    use_quota(books)
    sums = totals([(row.rate, row.price.sums) for row in rows], terms.round_to)
    invoice = books.issue(type_, block, terms=terms, client=client, rows=rows, totals=sums, draft=draft)
    if vendor_id:
        books.vendor_ids.setdefault(vendor_id, []).append(invoice.uid)
    return invoice


def _client_of(books: Books, id: int) -> Client:
    if not books.clients.has_id(id):
        raise selected_invalid("partner_id")
    return books.clients.by_id(id)


def _block_of(books: Books, id: int, type_: str) -> Block:
    try:
        block = books.blocks.by_id(id)
    except Refusal:
        raise selected_invalid("block_id") from None
    if block.type != type_:
        raise selected_invalid("block_id")
    return block


def _bank_account_of(books: Books, body: JsonObject) -> int | None:
    id: int | None = body.get("bank_account_id")
    if id is None:
        return None
    if not books.bank_accounts.has_id(id):
        raise selected_invalid("bank_account_id")
    uid: int = books.bank_accounts.by_id(id)["uid"]
    return uid


def _rows_of(books: Books, body: JsonObject, discount: Decimal) -> tuple[Row, ...]:
    missing = [
        f"items.{index}.product_id"
        for index, item in enumerate(body["items"])
        if "product_id" in item and not books.products.has_id(item["product_id"])
    ]
    if missing:
        raise selected_invalid(*missing)
    return tuple(_row(books, item, discount) for item in body["items"])


def _row(books: Books, item: JsonObject, discount: Decimal) -> Row:
    qty = Decimal(item.get("quantity", 1))
    share = (100 - discount) / 100
    if "product_id" in item:
        row = books.products.by_id(item["product_id"]).row(qty, item.get("comment") or "")
        price = row.price if share == 1 else net_priced(qty, row.price.net_unit_price * share, row.rate)
        return replace(row, price=_rounded(books, price))
    vat: str = item["vat"]
    rate = seeds.V3_VAT_RATES[_RECEIPT_VATS.get(vat, vat)]
    unit_price = Decimal(item["unit_price"]) * share
    price = _priced(item.get("unit_price_type", "gross"), qty, unit_price, rate)
    name: str = item.get("name") or ""
    unit: str = item.get("unit", _RECEIPT_UNIT)
    return Row(name, qty, unit, rate, _rounded(books, price), item.get("comment") or "", item.get("entitlement"))


def _priced(kind: str, qty: Decimal, unit_price: Decimal, rate: Rate) -> Price:
    return gross_priced(qty, unit_price, rate) if kind == "gross" else net_priced(qty, unit_price, rate)


def _rounded(books: Books, price: Price) -> Price:
    digits = books.switches.line_digits
    return price if digits is None else price.rounded(digits)
