"""The sandbox's paper: an invoice in, a PDF out; nothing of HTTP enters here, and no sum is computed.

Every sum comes ready from the books, so that the paper can never disagree with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.sandbox.paper.closing import draw_closing
from billingo_async.sandbox.paper.opening import draw_head, draw_table
from billingo_async.sandbox.paper.sheet import Sheet, Slip

if TYPE_CHECKING:
    from billingo_async.sandbox.books import Books
    from billingo_async.sandbox.http import JsonObject
    from billingo_async.sandbox.records import Invoice


def pdf_of(books: Books, invoice: Invoice) -> bytes:
    """The invoice's PDF; drawn once, and again after a payment or a cancellation changed what it shows."""
    if invoice.pdf is None:
        account = books.bank_account_for(invoice.terms)
        invoice.pdf = draw(invoice, account.written if account else {})
    return invoice.pdf


def draw(invoice: Invoice, account: JsonObject) -> bytes:
    """The PDF of an invoice: A4, fonts embedded, text extractable; the same invoice always gives the same bytes.

    Args:
        invoice: what is drawn; a language that the paper does not speak is set in English.
        account: the seller's bank account in the words of v2; may be empty.

    Example: `Path("invoice.pdf").write_bytes(draw(invoice, {}))`.
    """
    sheet = Sheet(invoice, account)
    sheet.add_page()
    y = draw_head(sheet)
    y = draw_table(sheet, y)
    draw_closing(sheet, y)
    return bytes(sheet.output())


def draw_slip(invoice: Invoice, width: int) -> bytes:
    """The PDF of an invoice as a till prints it, on paper that is so many millimetres wide."""
    return bytes(Slip(invoice, width).output())
