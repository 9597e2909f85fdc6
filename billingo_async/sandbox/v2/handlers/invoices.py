"""Invoices: made, found, paid, cancelled, handed over; every check is made before a number is taken.

Sources: API docs, Invoices and Invoice Query. Where a number bound is given, the default dates do not narrow the query:
the documented example looks for the numbers of a year without naming a date. A second `undo_payment` takes back the
payment before the last one. Receipts of v3 are none of v2's invoices.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from billingo_async.sandbox import seeds
from billingo_async.sandbox.arithmetic import CENT, gross_priced, net_priced, number_of, quantized
from billingo_async.sandbox.books import Books
from billingo_async.sandbox.http import JsonObject, Params, Refusal, Response
from billingo_async.sandbox.ledger import Mail
from billingo_async.sandbox.records import RECEIPTS, Invoice, Number, Payment, Row, Terms, Type, copy_of, product_row
from billingo_async.sandbox.v2 import dialect

_PDF = "application/pdf"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MAX_SERIAL = 10**18


def list_(books: Books, params: Params) -> Response:
    """One page of all invoices, newest first."""
    return _listed(dialect.page_of(filter(_is_invoice, books.invoices), params.query))


def get(books: Books, params: Params) -> Response:
    """One invoice, as a list of one."""
    return _listed([_invoice(books, params.uid)])


def query(books: Books, params: Params) -> Response:
    """One page of the invoices within the given days, numbers, block and payment method, newest first."""
    bounds = params.query
    low = _bound(bounds, "start", 0)
    high = _bound(bounds, "end", _MAX_SERIAL)
    by_number = low is not None or high is not None
    today = books.today()
    first = _day(bounds, "start_date", date.min if by_number else today.replace(day=1))
    last = _day(bounds, "end_date", date.max if by_number else today)
    method = dialect.int_of(bounds, "payment_method")
    block = dialect.int_of(bounds, "block")
    rows = (
        invoice
        for invoice in sorted(books.invoices, key=lambda invoice: invoice.date, reverse=True)
        if first <= invoice.date <= last
        and _is_invoice(invoice)
        and method in {None, invoice.terms.payment_method}
        and (block is None or invoice.block.uid == (block or seeds.DEFAULT_BLOCK.uid))
        and (not by_number or _is_numbered_between(invoice, low, high))
    )
    return _listed(dialect.page_of(rows, bounds))


def create(books: Books, params: Params) -> Response:
    """A new draft, proforma or invoice, answered short."""
    body = params.body
    reasons = list(_reasons_against(books, body))
    if reasons:
        raise dialect.not_saved("invoice", *reasons)
    terms = _terms(body)
    # "The block_uid parameter should always be 0 or the chosen invoice block's ID" (API docs)
    invoice = books.issue(
        dialect.TYPES[body["type"]],
        books.blocks.get(body["block_uid"] or seeds.DEFAULT_BLOCK.uid),
        terms=terms,
        client=copy_of(books.clients.get(terms.client_uid).written),
        rows=tuple(_row(books, item) for item in body["items"]),
    )
    if body.get("is_paid") and invoice.type is not Type.DRAFT:
        invoice.payments.append(Payment(invoice.date.isoformat(), invoice.totals.total, terms.payment_method))
    books.record(invoice.uid)
    return dialect.single(dialect.INVOICES, dialect.short_invoice(invoice))


def generate(books: Books, params: Params) -> Response:
    """The invoice of a proforma; its id stands beside `success`. A proforma gives one invoice, once."""
    proforma = _invoice(books, params.uid)
    if proforma.type is not Type.PROFORMA:
        raise Refusal(400, f"Invoice {proforma.uid} is not a proforma invoice")
    if proforma.generated is not None:
        raise Refusal(400, f"Proforma invoice {proforma.uid} was turned into invoice {proforma.generated.uid} already")
    invoice = books.issue_from_proforma(proforma, proforma.terms)
    books.record(invoice.uid, of=proforma.uid)
    return dialect.done(id=invoice.uid)


def cancel(books: Books, params: Params) -> Response:
    """The invoice that cancels another: every sum turned, the next number of the same block, both linked by number."""
    invoice = _invoice(books, params.uid)
    if invoice.type in {Type.DRAFT, Type.PROFORMA}:
        kind = dialect.type_string_of(invoice)
        raise Refusal(400, f"Invoice {invoice.uid} is a {kind}: only invoices are canceled")
    if invoice.type is Type.CANCELLATION:
        raise Refusal(400, f"Invoice {invoice.uid} is a cancel invoice itself")
    if invoice.cancelled_by is not None:
        raise Refusal(400, f"Invoice {invoice.uid} is canceled already by {invoice.cancelled_by.invoice_no}")
    storno = books.issue_storno(invoice)
    books.record(storno.uid, of=invoice.uid)
    return dialect.single(dialect.INVOICES, dialect.short_invoice(storno))


def pay(books: Books, params: Params) -> Response:
    """Pay the whole or a part; more than is outstanding is refused, what is shown of it is not."""
    invoice = _payable(books, params.uid)
    amount = Decimal(params.body["amount"])
    method: int = params.body["payment_method"]
    if not _is_listed(method):
        raise dialect.not_saved("payment", f"payment_method: there is no payment method {method}")
    if amount > max(invoice.outstanding, quantized(invoice.outstanding, CENT)):
        outstanding = f"{dialect.text_of(invoice.outstanding)} {invoice.terms.currency}"
        raise dialect.not_saved("payment", f"amount: more than the {outstanding} that are outstanding")
    invoice.payments.append(Payment(params.body["date"], amount, method))
    return _settled(books, invoice)


def undo(books: Books, params: Params) -> Response:
    """Take the last payment back."""
    invoice = _payable(books, params.uid)
    if not invoice.payments:
        raise Refusal(400, f"Invoice {invoice.uid} has no payment to undo")
    invoice.payments.pop()
    return _settled(books, invoice)


def code(books: Books, params: Params) -> Response:
    """The code of the invoice's public page at the vendor's: the same at each call.

    Without an id the real one answers 500 and an empty error, as was seen; so does this one.
    """
    if params.uid == 0:
        raise Refusal(500, "")
    return dialect.done(data={"code": _issued(books, params.uid, "has no code").code})


def send(books: Books, params: Params) -> Response:
    """E-mail the invoice to its client: into the outbox."""
    invoice = _issued(books, params.uid, "is not mailed")
    address: str = invoice.client["email"]
    if not address:
        raise Refusal(400, f"The client of invoice {invoice.uid} has no e-mail address")
    books.outbox.append(Mail(invoice.uid, address, invoice.invoice_no, books.at))
    books.record(invoice.uid)
    return dialect.done()


def download(books: Books, params: Params) -> Response:
    """The PDF."""
    from billingo_async.sandbox.paper import pdf_of  # noqa: PLC0415 - the PDF library is an extra

    invoice = _issued(books, params.uid, "has no PDF")
    disposition = ("Content-Disposition", f'attachment; filename="{invoice.invoice_no}.pdf"')
    return Response(200, pdf_of(books, invoice), (("Content-Type", _PDF), disposition))


def blocks(books: Books, _params: Params) -> Response:
    """The invoice blocks; the first is the default one."""
    rows = (
        dialect.entry(block.uid, {"name": block.name, "prefix": block.prefix, "uid": block.uid})
        for block in reversed(list(books.blocks))
        if block.type == "invoice"
    )
    return dialect.listed("invoice_blocks", rows)


def _listed(invoices: list[Invoice]) -> Response:
    return dialect.listed(dialect.INVOICES, map(dialect.long_invoice, invoices))


def _is_invoice(invoice: Invoice) -> bool:
    return invoice.type not in RECEIPTS


def _invoice(books: Books, uid: int) -> Invoice:
    invoice = books.invoices.get(uid)
    if not _is_invoice(invoice):
        raise Refusal(404, f"There is no invoice with the id {uid}")
    return invoice


def _issued(books: Books, uid: int, consequence: str) -> Invoice:
    invoice = _invoice(books, uid)
    if invoice.type is Type.DRAFT:
        raise Refusal(400, f"Invoice {uid} is a draft: it {consequence}")
    return invoice


def _payable(books: Books, uid: int) -> Invoice:
    invoice = _invoice(books, uid)
    if invoice.type is Type.DRAFT:
        raise Refusal(400, f"Invoice {uid} is a draft: drafts are not paid")
    if invoice.type is Type.CANCELLATION:
        raise Refusal(400, f"Invoice {uid} is a cancel invoice: it counts as settled, no refund is booked on it")
    if invoice.cancelled_by is not None:
        raise Refusal(400, f"Invoice {uid} is canceled: nothing is paid towards it any more")
    return invoice


def _settled(books: Books, invoice: Invoice) -> Response:
    invoice.touch(books.at)
    books.record(invoice.uid)
    outstanding = invoice.outstanding
    return dialect.done(data={"fully_paid": outstanding == 0, "outstanding": number_of(outstanding)})


def _is_numbered_between(invoice: Invoice, low: Number | None, high: Number | None) -> bool:
    number = invoice.number
    if number is None or number.prefix:  # a proforma is no invoice
        return False
    return (low is None or low <= number) and (high is None or number <= high)


def _bound(bounds: Mapping[str, str], end: str, serial: int) -> Number | None:
    year = dialect.int_of(bounds, f"year_{end}")
    number = dialect.int_of(bounds, f"num_{end}")
    if year is None:
        if number is not None:
            raise Refusal(400, f"num_{end} needs year_{end}: numbers begin anew each year")
        return None
    return Number(year, serial if number is None else number)


def _day(bounds: Mapping[str, str], name: str, default: date) -> date:
    text = bounds.get(name, "")
    if not text:
        return default
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise Refusal(400, f"{name} must be a date like 2017-02-01") from None


def _is_listed(method: int) -> bool:
    return method in seeds.PAYMENT_METHODS and seeds.PAYMENT_METHODS[method].listed


def _terms(body: JsonObject) -> Terms:
    currency: str = body["currency"]
    return Terms(
        fulfillment_date=body["fulfillment_date"],
        due_date=body["due_date"],
        payment_method=body["payment_method"],
        comment=body["comment"],
        language=body["template_lang_code"],
        electronic=bool(body["electronic_invoice"]),
        currency=currency,
        exchange_rate=Decimal(body["exchange_rate"]) if "exchange_rate" in body else seeds.FORINTS[currency],
        client_uid=body["client_uid"],
        round_to=body.get("round_to", 0),
        bank_account_uid=body.get("bank_account_uid"),
    )


def _row(books: Books, item: JsonObject) -> Row:
    if "product_uid" in item:
        return product_row(books.products.get(item["product_uid"]), Decimal(item["qty"]))
    rate = seeds.VAT_RATES[item["vat_id"]]
    qty = Decimal(item["qty"])
    if "gross_unit_price" in item:
        price = gross_priced(qty, Decimal(item["gross_unit_price"]), rate)
    else:
        price = net_priced(qty, Decimal(item["net_unit_price"]), rate)
    comment = item.get("item_comment") or ""
    return Row(item["description"], qty, item["unit"], rate, price, comment, item.get("entitlement"))


def _reasons_against(books: Books, body: JsonObject) -> Iterator[str]:
    """What a body names that is not there, each reason with its field and value."""
    block: int = body["block_uid"]
    if body["client_uid"] not in books.clients:
        yield f"client_uid: there is no client {body['client_uid']}"
    if block and (block not in books.blocks or books.blocks.get(block).type != "invoice"):
        yield f"block_uid: there is no invoice block {block}; 0 is the default block"
    if not _is_listed(body["payment_method"]):
        yield f"payment_method: there is no payment method {body['payment_method']}"
    if "exchange_rate" not in body and body["currency"] not in seeds.FORINTS:
        yield f"currency: no daily rate for {body['currency']}; give an exchange_rate"
    bank_account = body.get("bank_account_uid")
    if bank_account is not None and bank_account not in books.bank_accounts:
        yield f"bank_account_uid: there is no bank account {bank_account}"
    for index, item in enumerate(body["items"]):
        yield from _reasons_against_item(books, item, f"items[{index}]", body["currency"])


def _reasons_against_item(books: Books, item: JsonObject, path: str, currency: str) -> Iterator[str]:
    if "product_uid" not in item:
        if item["vat_id"] not in seeds.LISTED_VAT_IDS:
            yield f"{path}.vat_id: there is no VAT rate {item['vat_id']}"
        return
    uid = item["product_uid"]
    if uid not in books.products:
        yield f"{path}.product_uid: there is no product {uid}"
    elif books.products.get(uid).written["currency_code"] != currency:
        yield f"{path}.product_uid: product {uid} is priced in another currency than {currency}"
