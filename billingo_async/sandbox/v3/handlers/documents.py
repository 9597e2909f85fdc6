"""Documents: made, issued, cancelled, paid, found, handed over; every check is made before a number is taken.

Source: the v3 reference, sections 3 and 4. What it does not know is a switch. Receipts are made in receipt blocks, and
are documents in everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from billingo_async.sandbox import seeds
from billingo_async.sandbox.books import Books
from billingo_async.sandbox.http import JsonObject, Params, Refusal, Response
from billingo_async.sandbox.records import RECEIPTS, STORNOS, Invoice, Payment, Type
from billingo_async.sandbox.v3 import dialect, views
from billingo_async.sandbox.v3.dialect import invalid, selected_invalid
from billingo_async.sandbox.v3.handlers import issuing

_PDF = "application/pdf"
_SLIP_WIDTHS = ("58", "80")


def list_(books: Books, params: Params) -> Response:
    """One page of the documents that the filters let through, newest first."""
    fits = _filter_of(books, params.query)
    rows = (invoice for invoice in books.invoices if fits(invoice))
    return dialect.page_of(rows, params, "/documents", lambda invoice: views.document_of(books, invoice))


def get(books: Books, params: Params) -> Response:
    """One document."""
    return dialect.answer(views.document_of(books, books.invoices.by_id(params.uid)))


def by_vendor_id(books: Books, params: Params) -> Response:
    """The document that was made with a `vendor_id`; the index may lag, and several may have the same."""
    switches = books.switches
    invoices = [
        invoice
        for invoice in books.made_with(params.text)
        if books.at >= invoice.made_at + switches.vendor_id_lag and str(invoice.type) not in switches.vendor_id_hides
    ]
    if not invoices:
        raise Refusal(404, "Document not found.")
    return dialect.answer(views.document_of(books, invoices[-1 if switches.vendor_id_answer == "newest" else 0]))


def create(books: Books, params: Params) -> Response:
    """A new draft, proforma, invoice or advance; all but the draft are numbered at once."""
    return _made(books, issuing.issue(books, params.body), status=201)


def create_receipt(books: Books, params: Params) -> Response:
    """A new receipt, or the draft of one."""
    return _made(books, issuing.issue_receipt(books, params.body), status=201)


def issue_draft(books: Books, params: Params) -> Response:
    """The document of a draft, by a whole new body; the ids stay."""
    draft = _draft_to_issue(books, params)
    return _made(books, issuing.issue(books, params.body, draft))


def issue_receipt_draft(books: Books, params: Params) -> Response:
    """The receipt of a draft, likewise."""
    draft = _draft_to_issue(books, params)
    return _made(books, issuing.issue_receipt(books, params.body, draft))


def delete_draft(books: Books, params: Params) -> Response:
    """A draft goes; anything else is refused."""
    books.invoices.remove(_draft(books, params.uid).uid)
    books.record(params.uid)
    return Response(204)


def archive(books: Books, params: Params) -> Response:
    """A proforma is put away; a second time changes nothing."""
    proforma = books.invoices.by_id(params.uid)
    if proforma.type is not Type.PROFORMA:
        raise _wrong_type()
    proforma.more["archived"] = True
    books.record(params.uid)
    return Response(204)


def cancel(books: Books, params: Params) -> Response:
    """The document that cancels another: answered with 200, every sum turned; both are linked."""
    invoice = books.invoices.by_id(params.uid)
    if invoice.type in {Type.DRAFT, Type.PROFORMA, *STORNOS}:
        raise _wrong_type()
    if invoice.cancelled_by is not None and books.switches.second_cancel == "refuse":
        raise invalid({"id": "The document is already cancelled."})
    issuing.use_quota(books)
    storno = books.issue_storno(invoice, params.body.get("cancellation_reason") or "")
    recipients: str = params.body.get("cancellation_recipients") or ""
    issuing.mail(books, storno, [address.strip() for address in recipients.split(",") if address.strip()])
    return _made(books, storno, of=params.uid)


def copy(books: Books, params: Params) -> Response:
    """The same document again: of a draft a draft, of anything else one that is issued at once, dated today."""
    invoice = books.invoices.by_id(params.uid)
    if invoice.type in {*STORNOS, Type.MODIFICATION}:
        raise _wrong_type()
    issuing.use_quota(books)
    today = books.today()
    due = today + (date.fromisoformat(invoice.terms.due_date) - invoice.date)
    terms = replace(invoice.terms, fulfillment_date=today.isoformat(), due_date=due.isoformat())
    return _made(books, books.issue_after(invoice, invoice.type, terms), of=params.uid)


def create_from_proforma(books: Books, params: Params) -> Response:
    """The invoice or advance of a proforma, both linked."""
    proforma = books.invoices.by_id(params.uid)
    settings = params.body
    type_ = settings.get("document_type") or Type.INVOICE
    if proforma.type is not Type.PROFORMA:
        raise _wrong_type()
    if type_ not in {Type.INVOICE, Type.ADVANCE}:
        raise selected_invalid("document_type")
    if proforma.generated is not None and books.switches.second_from_proforma == "refuse":
        raise invalid({"id": "The proforma has an invoice already."})
    issuing.use_quota(books)
    invoice = issuing.issue_from_proforma(books, proforma, settings, Type(type_))
    return _made(books, invoice, of=params.uid, status=201)


def create_modification(books: Books, params: Params) -> Response:
    """The document that modifies an invoice: a full new list of items, both linked."""
    invoice = books.invoices.by_id(params.uid)
    if invoice.type not in {Type.INVOICE, Type.ADVANCE, Type.MODIFICATION} or invoice.cancelled_by is not None:
        raise _wrong_type()
    issuing.use_quota(books)
    modification = issuing.issue_modification(books, invoice, params.body)
    return _made(books, modification, of=params.uid, status=201)


def send(books: Books, params: Params) -> Response:
    """Mail a document to the addresses named, else to the partner's; each call mails again."""
    invoice = books.invoices.by_id(params.uid)
    emails: list[str] = params.body.get("emails") or views.document_partner_of(books, invoice)["emails"]
    if not emails:
        raise invalid({"emails": "The emails field is required."})
    if invoice.type is Type.DRAFT:
        raise _wrong_type()
    issuing.mail(books, invoice, emails)
    books.record(params.uid)
    return dialect.answer({"emails": emails})


def payments(books: Books, params: Params) -> Response:
    """The payments of a document, a bare array."""
    return dialect.answer(views.payments_of(books.invoices.by_id(params.uid)))


def set_payments(books: Books, params: Params) -> Response:
    """The array that is written becomes the whole history."""
    rows: list[JsonObject] = params.body["rows"]
    history = [
        Payment(
            row["date"],
            Decimal(row["price"]),
            seeds.METHOD_IDS[row["payment_method"]],
            row.get("voucher_number", ""),
            Decimal(row["conversion_rate"]) if row.get("conversion_rate") is not None else None,
        )
        for row in rows
    ]
    return _pay(books, params, history)


def clear_payments(books: Books, params: Params) -> Response:
    """The history becomes empty: 200 with an array."""
    return _pay(books, params, [])


def download(books: Books, params: Params) -> Response:
    """The PDF, or 202 while it is being made."""
    from billingo_async.sandbox.paper import pdf_of  # noqa: PLC0415 - the PDF library takes its time to load

    invoice = books.invoices.by_id(params.uid)
    if books.at < invoice.made_at + books.switches.pdf_after:
        return dialect.not_ready(wrapped=books.switches.pdf_wrapped)
    return Response(200, pdf_of(books, invoice), (("Content-Type", _PDF),))


def download_pos(books: Books, params: Params) -> Response:
    """The print of a till, 58 or 80 mm wide."""
    from billingo_async.sandbox.paper import draw_slip  # noqa: PLC0415 - the PDF library is an extra

    invoice = books.invoices.by_id(params.uid)
    size = params.query.get("size", "")
    if size not in _SLIP_WIDTHS:
        raise selected_invalid("size") if size else invalid({"size": "The size field is required."})
    if books.at < invoice.made_at + books.switches.pos_after:
        return dialect.not_ready(wrapped=books.switches.pdf_wrapped)
    return Response(200, draw_slip(invoice, int(size)), (("Content-Type", _PDF),))


def public_url(books: Books, params: Params) -> Response:
    """A link that opens without a login."""
    code = books.invoices.by_id(params.uid).code
    return dialect.answer({"public_url": f"https://app.billingo.hu/document-access/{code}"})


def online_szamla(books: Books, params: Params) -> Response:
    """How NAV took the document; 404 where it was never reported."""
    invoice = books.invoices.by_id(params.uid)
    status = views.nav_status_of(books, invoice)
    if status == "not_checked":
        raise Refusal(404, "NavOnlineSzamla is not found.")
    return dialect.answer({"transaction_id": f"4{invoice.code.upper()}", "status": status.upper(), "messages": []})


def reminders(books: Books, params: Params) -> Response:
    """The reminders that were sent and that will be."""
    return dialect.answer(views.reminders_of(books, books.invoices.by_id(params.uid)))


def _made(books: Books, invoice: Invoice, *, of: int | None = None, status: int = 200) -> Response:
    books.record(books.invoices.id_of(invoice.uid), of)
    return dialect.answer(views.document_of(books, invoice), status)


def _wrong_type() -> Refusal:
    return invalid({"type": "The type of the document does not allow this."})


def _draft(books: Books, id: int) -> Invoice:
    draft = books.invoices.by_id(id)
    if draft.type is not Type.DRAFT:
        raise Refusal(books.switches.not_a_draft_status, "The document is not a draft.")
    return draft


def _draft_to_issue(books: Books, params: Params) -> Invoice:
    draft = _draft(books, params.uid)
    if params.body["type"] == Type.DRAFT:
        raise selected_invalid("type")
    return draft


def _pay(books: Books, params: Params, history: list[Payment]) -> Response:
    invoice = books.invoices.by_id(params.uid)
    if invoice.type in {Type.DRAFT, *STORNOS}:
        raise _wrong_type()
    invoice.payments = history
    invoice.touch(books.at)
    books.record(params.uid)
    block = invoice.block
    if block.invoices_paid_proformas and invoice.type is Type.PROFORMA and invoice.outstanding == 0:
        issuing.issue_from_proforma(books, invoice, {}, Type.INVOICE)
    return dialect.answer(views.payments_of(invoice))


def _filter_of(books: Books, query: Mapping[str, str]) -> Callable[[Invoice], bool]:
    """What the query lets through; each filter is checked once, and used for every document."""
    bounds = [(read(query, first), fact, read(query, last)) for (first, last), (read, fact) in _FILTERS.items()]
    used = [(low, fact, high) for low, fact, high in bounds if low is not None or high is not None]
    text = query.get("query", "").lower()

    def lets_through(invoice: Invoice) -> bool:
        searched = f"{views.number_text_of(invoice)}\n{invoice.client['name']}\n{invoice.terms.comment}"
        return text in searched.lower() and all(
            _is_between(low, fact(books, invoice), high) for low, fact, high in used
        )

    return lets_through


def _is_between(low: Any, value: Any, high: Any) -> bool:
    return value is not None and (low is None or low <= value) and (high is None or value <= high)


def _kind_of(query: Mapping[str, str], name: str) -> str | None:
    kind = query.get(name, "")
    if kind not in {"", "invoice", "receipt"}:
        raise selected_invalid(name)
    return kind or None


def _day_of(query: Mapping[str, str], name: str) -> str | None:
    day = dialect.date_of(query, name)
    return None if day is None else day.isoformat()


def _moment_of(query: Mapping[str, str], name: str) -> datetime | None:
    text = query.get(name, "")
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError:
        raise invalid({name: f"The {dialect.label_of(name)} is not a valid date."}) from None


def _modified(books: Books, invoice: Invoice) -> datetime:
    return datetime.fromtimestamp(invoice.modified_at, books.timezone).replace(tzinfo=None)


def _partner_id(books: Books, invoice: Invoice) -> int | None:
    uid = invoice.terms.client_uid  # a receipt may name none
    return books.clients.id_of(uid) if uid else None


_FILTERS: dict[tuple[str, str], tuple[Callable[[Mapping[str, str], str], Any], Callable[[Books, Invoice], Any]]] = {
    ("start_date", "end_date"): (_day_of, lambda _, invoice: invoice.date.isoformat()),
    ("paid_start_date", "paid_end_date"): (_day_of, lambda _, invoice: views.last_payment_of(invoice)),
    ("fulfillment_start_date", "fulfillment_end_date"): (_day_of, lambda _, invoice: invoice.terms.fulfillment_date),
    ("last_modified_date", ""): (_moment_of, _modified),
    ("start_number", "end_number"): (dialect.int_of, lambda _, invoice: invoice.number and invoice.number.serial),
    ("start_year", "end_year"): (dialect.int_of, lambda _, invoice: invoice.number and invoice.number.year),
    ("block_id", "block_id"): (dialect.int_of, lambda books, invoice: books.blocks.id_of(invoice.block.uid)),
    ("partner_id", "partner_id"): (dialect.int_of, _partner_id),
    ("type", "type"): (_kind_of, lambda _, invoice: "receipt" if invoice.type in RECEIPTS else "invoice"),
    ("payment_method", "payment_method"): (partial(dialect.choice_of, enum="PaymentMethod"),
        lambda _, invoice: seeds.PAYMENT_METHODS[invoice.terms.payment_method].code),
    ("payment_status", "payment_status"): (partial(dialect.choice_of, enum="PaymentStatus"),
        lambda _, invoice: views.payment_status_of(invoice)),
}  # fmt: skip
"""Of each filter, or each pair of bounds: how it is read, and what of a document it is held against."""
