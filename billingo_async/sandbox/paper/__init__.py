"""The sandbox's paper: a `Document` in, a PDF out; nothing of HTTP, of state or of book-keeping enters here."""

from billingo_async.sandbox.paper.closing import draw_closing
from billingo_async.sandbox.paper.document import Address, Document, Kind, Line, Party, PrintedTotals, VatRow
from billingo_async.sandbox.paper.head import draw_head
from billingo_async.sandbox.paper.sheet import Sheet
from billingo_async.sandbox.paper.slip import draw_slip
from billingo_async.sandbox.paper.table import draw_table
from billingo_async.sandbox.paper.words import words_for

__all__ = ["Address", "Document", "Kind", "Line", "Party", "PrintedTotals", "VatRow", "draw", "draw_slip"]


def draw(document: Document) -> bytes:
    """The PDF of a document: A4, fonts embedded, text extractable; the same document always gives the same bytes.

    Example: `Path("invoice.pdf").write_bytes(draw(document))`.
    """
    sheet = Sheet(document, words_for(document.language))
    sheet.add_page()
    y = draw_head(sheet)
    y = draw_table(sheet, y)
    draw_closing(sheet, y)
    return bytes(sheet.output())
