"""How v3's documents come to be: what a body names is looked up, its rows are priced, then the books issue it.

No number is given out here; that is the books'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from billingo_async.sandbox import seeds
from billingo_async.sandbox.arithmetic import EXACT, gross_priced, net_priced
from billingo_async.sandbox.books import Books
from billingo_async.sandbox.http import JsonObject, Refusal
from billingo_async.sandbox.ledger import Mail
from billingo_async.sandbox.records import BLANK_ADDRESS, Invoice, Payment, Row, Terms, Type, copy_of, product_row
from billingo_async.sandbox.v3 import views
from billingo_async.sandbox.v3.dialect import invalid, named, selected_invalid

_BLANKS: JsonObject = dict.fromkeys(("name", "email", "taxcode", "tax_type"), "")
_NO_CLIENT = _BLANKS | {"billing_address": BLANK_ADDRESS, "bank": {"iban": "", "swift": "", "account_no": ""}}


def issue(books: Books, body: JsonObject, draft: Invoice | None = None) -> Invoice:
    """A document of a whole body, new or from a draft."""
    client = named(books.clients, body["partner_id"], "partner_id")
    advances = [named(books.invoices, id, "advance_invoice") for id in body.get("advance_invoice") or ()]
    invoice = _issued(books, body, "invoice", (client.uid, copy_of(client.written)), draft)
    invoice.more["partner"] = client.more
    for advance in advances:
        books.link(invoice, advance)
    if invoice.type is not Type.DRAFT:
        if body.get("paid"):
            _pay_in_full(invoice)
        if invoice.more["settings"].get("should_send_email"):
            mail(books, invoice, views.document_partner_of(books, invoice)["emails"])
    return invoice


def issue_receipt(books: Books, body: JsonObject, draft: Invoice | None = None) -> Invoice:
    """A receipt of a whole body: paid at once, prices gross; a partner is optional, name and e-mails will do."""
    if body["type"] not in {Type.RECEIPT, Type.DRAFT}:
        raise selected_invalid("type")
    uid, client, partner = 0, _NO_CLIENT, dict[str, object]()
    if "partner_id" in body:
        known = named(books.clients, body["partner_id"], "partner_id")
        uid, client, partner = known.uid, copy_of(known.written), known.more
    partner = partner | {name: body[name] for name in ("name", "emails") if body.get(name)}
    client = client | {
        "name": body.get("name") or client["name"],
        "email": (body.get("emails") or [client["email"]])[0],
    }
    today = books.today().isoformat()
    fixed = {"fulfillment_date": today, "due_date": today, "language": "hu", "comment": ""}
    absent = dict.fromkeys(("settings", "discount", "bank_account_id"))
    receipt = _issued(books, body | fixed | absent, "receipt", (uid, client), draft)
    receipt.more["partner"] = partner
    if receipt.type is not Type.DRAFT:
        _pay_in_full(receipt)
    return receipt


def issue_from_proforma(books: Books, proforma: Invoice, settings: JsonObject, type_: Type) -> Invoice:
    """The document of a proforma, changed as the settings say."""
    given = {name: settings[name] for name in ("fulfillment_date", "due_date", "comment") if settings.get(name)}
    terms = replace(proforma.terms, **given)
    if settings.get("document_format"):
        terms = replace(terms, electronic=settings["document_format"] == "electronic")
    return books.issue_from_proforma(proforma, terms, type_)


def issue_modification(books: Books, invoice: Invoice, body: JsonObject) -> Invoice:
    """The document that modifies another, over the rows of the body."""
    terms = replace(
        invoice.terms, due_date=body.get("due_date") or invoice.terms.due_date, comment=body.get("comment") or ""
    )
    if body.get("payment_method"):
        terms = replace(terms, payment_method=seeds.METHOD_IDS[body["payment_method"]])
    modification = books.issue_after(invoice, Type.MODIFICATION, terms, _rows_of(books, body))
    modification.more["discount"] = None
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
    books: Books, body: JsonObject, block_type: str, client: tuple[int, JsonObject], draft: Invoice | None
) -> Invoice:
    """A document in a block of that type, for a customer by id and copy."""
    settings: JsonObject = body.get("settings") or {}
    account: int | None = body.get("bank_account_id")
    terms = Terms(
        fulfillment_date=body["fulfillment_date"],
        due_date=body["due_date"],
        payment_method=seeds.METHOD_IDS[body["payment_method"]],
        comment=body.get("comment") or "",
        language=body["language"],
        electronic=bool(body.get("electronic")),
        currency=body["currency"],
        exchange_rate=Decimal(body["conversion_rate"]),
        client_uid=client[0],
        round_to=views.ROUNDS[settings.get("round") or "none"],
        bank_account_uid=None if account is None else named(books.bank_accounts, account, "bank_account_id").uid,
    )
    rows = _rows_of(books, body)
    block = _block_of(books, body["block_id"], block_type)
    vendor_id: str = body.get("vendor_id") or ""
    others = [each for each in books.made_with(vendor_id) if each is not draft]
    if others and books.switches.vendor_id_unique:
        raise invalid({"vendor_id": "The vendor id has already been taken."})
    use_quota(books)
    invoice = books.issue(Type(body["type"]), block, terms=terms, client=client[1], rows=rows, draft=draft)
    invoice.more |= {"settings": settings, "discount": body.get("discount")}
    if vendor_id:
        books.vendor_ids.setdefault(vendor_id, []).append(invoice.uid)
    return invoice


def _pay_in_full(invoice: Invoice) -> None:
    day, method = invoice.date.isoformat(), invoice.terms.payment_method
    invoice.payments.append(Payment(day, invoice.totals.total, method))


def _block_of(books: Books, id: int, type_: str) -> seeds.Block:
    blocks = (block for block in books.blocks if block.type == type_ and books.blocks.id_of(block.uid) == id)
    block = next(blocks, None)
    if block is None:
        raise selected_invalid("block_id")
    return block


def _rows_of(books: Books, body: JsonObject) -> tuple[Row, ...]:
    missing = [
        f"items.{index}.product_id"
        for index, item in enumerate(body["items"])
        if "product_id" in item and not books.products.has_id(item["product_id"])
    ]
    if missing:
        raise selected_invalid(*missing)
    discount: JsonObject = body.get("discount") or {}
    share = EXACT.divide(EXACT.subtract(100, Decimal(discount.get("value", 0))), 100)
    return tuple(_row(books, item, share) for item in body["items"])


def _row(books: Books, item: JsonObject, share: Decimal) -> Row:
    """One row, of whose price the discount leaves that share; a receipt's has no quantity, unit and type of price."""
    qty = Decimal(item.get("quantity", 1))
    comment: str = item.get("comment") or ""
    if "product_id" in item:
        row = product_row(books.products.by_id(item["product_id"]), qty, comment)
        price = row.price if share == 1 else net_priced(qty, EXACT.multiply(row.price.net_unit_price, share), row.rate)
    else:
        rate = seeds.V3_VAT_RATES["0%" if item["vat"] == "none" else item["vat"]]
        priced = gross_priced if item.get("unit_price_type", "gross") == "gross" else net_priced
        price = priced(qty, EXACT.multiply(Decimal(item["unit_price"]), share), rate)
        name: str = item.get("name") or ""
        row = Row(name, qty, item.get("unit", "db"), rate, price, comment, item.get("entitlement"))
    digits = books.switches.line_digits
    return replace(row, price=price if digits is None else price.rounded(digits))
