"""Handing invoices over: the PDF, the e-mail, the code and its public page, and the blocks; drafts are not handed over.

Source: API docs, Invoices (Download invoice, Send, code, Access URL, Get the available invoice blocks).
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from billingo_async.sandbox import dialect, seeds
from billingo_async.sandbox.http import Response
from billingo_async.sandbox.invoices.record import Type
from billingo_async.sandbox.ledger import Mail
from billingo_async.sandbox.refusal import Refusal

if TYPE_CHECKING:
    from billingo_async.sandbox.asked import Asked
    from billingo_async.sandbox.invoices.record import Invoice
    from billingo_async.sandbox.office import Office

PDF = "application/pdf"


def code(office: Office, asked: Asked) -> Response:
    """The code of the public page: the same each time it is asked for.

    Without an id the real one answers 500 and an empty error, as was seen; so does this one.
    """
    if asked.uid == 0:
        raise Refusal(500, "")
    return dialect.plain({"code": _issued(office, asked.uid, "has no code").code})


def send(office: Office, asked: Asked) -> Response:
    """E-mail the invoice to its client: into the outbox."""
    invoice = _issued(office, asked.uid, "is not mailed")
    address: str = invoice.client["email"]
    if not address:
        raise Refusal(400, f"The client of invoice {invoice.uid} has no e-mail address")
    office.outbox.append(Mail(invoice.uid, address, invoice.invoice_no, office.at))
    office.note("invoices.send", invoice.uid)
    return dialect.done()


def download(office: Office, asked: Asked) -> Response:
    """The PDF; drawn once, and again after a payment or a cancellation changed what it shows."""
    invoice = _issued(office, asked.uid, "has no PDF")
    if invoice.paper is None:
        from billingo_async.sandbox.invoices.printing import printed  # noqa: PLC0415 - the PDF library is an extra

        invoice.paper = printed(office, invoice)
    name = f"{invoice.invoice_no}.pdf"
    disposition = ("Content-Disposition", f'attachment; filename="{name}"')
    return Response(200, invoice.paper, (("Content-Type", PDF), disposition))


def blocks(office: Office, asked: Asked) -> Response:  # noqa: ARG001 - every handler is called the same way
    """The invoice blocks; the first is the default one."""
    return dialect.listed(
        "invoice_blocks",
        (
            dialect.entry(block.uid, {"name": block.name, "prefix": block.prefix, "uid": block.uid})
            for block in seeds.BLOCKS.values()
        ),
    )


def public_page(office: Office, asked: Asked) -> Response:
    """The page behind `https://www.billingo.hu/access/c:{code}`; no token is asked for."""
    invoice = office.invoices_by_code.get(asked.word)
    if invoice is None:
        return Response(404, b"<h1>Not Found</h1>", (("Content-Type", "text/html; charset=utf-8"),))
    total = f"{dialect.text_of(invoice.totals.total)} {invoice.terms.currency}"
    number = escape(invoice.invoice_no)
    page = f"<!doctype html><title>{number}</title><h1>{number}</h1><p>{escape(total)}</p>"
    return Response(200, page.encode(), (("Content-Type", "text/html; charset=utf-8"),))


def _issued(office: Office, uid: int, consequence: str) -> Invoice:
    invoice = office.invoices.get(uid)
    if invoice.type is Type.DRAFT:
        raise Refusal(400, f"Invoice {uid} is a draft: it {consequence}")
    return invoice
