"""The slip of a till: one narrow page with the number, the rows and what is to be paid."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final

from fpdf import FPDF

from billingo_async.sandbox.paper.figures import day, money, style_for
from billingo_async.sandbox.paper.sheet import FONT, FONTS, shown_number
from billingo_async.sandbox.paper.words import words_for

if TYPE_CHECKING:
    from billingo_async.sandbox.paper.document import Document

_MARGIN: Final = 3.0
_LINE: Final = 4.0
_SIZE: Final = 8.0


def draw_slip(document: Document, width: int) -> bytes:
    """The PDF of a document on paper that is so many millimetres wide; the same document gives the same bytes."""
    words, style = words_for(document.language), style_for(document.language)
    pairs = [(line.description, money(line.gross, document.currency, style)) for line in document.lines]
    pairs.append((words.to_pay, money(document.totals.gross, document.currency, style)))
    head = [document.seller.name, words.titles[document.kind], shown_number(document), day(document.issued, style)]
    slip = FPDF(format=(width, (len(head) + len(pairs) + 1) * _LINE + 2 * _MARGIN))
    slip.set_auto_page_break(auto=False)
    slip.set_margins(_MARGIN, _MARGIN)
    slip.add_font(FONT, "", FONTS / "DejaVuSansCondensed.ttf")
    slip.set_creation_date(datetime.combine(document.issued, time(), UTC))
    slip.set_font(FONT, size=_SIZE)
    slip.add_page()
    inside = width - 2 * _MARGIN
    for text in [*head, words.sandbox]:
        slip.cell(inside, _LINE, text, align="C", new_x="LMARGIN", new_y="NEXT")
    for label, amount in pairs:
        slip.cell(inside, _LINE, label)
        slip.set_x(_MARGIN)
        slip.cell(inside, _LINE, amount, align="R", new_x="LMARGIN", new_y="NEXT")
    return bytes(slip.output())
