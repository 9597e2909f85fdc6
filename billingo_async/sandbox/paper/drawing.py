"""From a document to its PDF: head, table, closing, in this order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.sandbox.paper.closing import draw_closing
from billingo_async.sandbox.paper.head import draw_head
from billingo_async.sandbox.paper.sheet import Sheet
from billingo_async.sandbox.paper.table import draw_table
from billingo_async.sandbox.paper.words import words_for

if TYPE_CHECKING:
    from billingo_async.sandbox.paper.document import Document


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
