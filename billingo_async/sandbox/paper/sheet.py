"""The blank sheet and the till's slip: fonts, colours, head and foot of a page, and the strokes all parts draw with.

The home of fpdf2. What an invoice says, and in which order, is the business of the parts.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos
from fpdf.fonts import TTFFont

from billingo_async.sandbox import seeds
from billingo_async.sandbox.paper.language import Language

if TYPE_CHECKING:
    from billingo_async.sandbox.http import JsonObject
    from billingo_async.sandbox.records import Invoice

LEFT: Final = 16.0
RIGHT: Final = 194.0
WIDTH: Final = RIGHT - LEFT
TOP: Final = 24.0
BOTTOM: Final = 276.0

Colour = tuple[int, int, int]
INK: Final[Colour] = (31, 41, 51)
GREY: Final[Colour] = (107, 118, 130)
HAIRLINE: Final[Colour] = (214, 220, 226)
TINT: Final[Colour] = (244, 247, 249)
ACCENT: Final[Colour] = (14, 86, 107)
AMBER: Final[Colour] = (156, 88, 12)

Weight = Literal["", "B"]
Side = Literal["L", "C", "R"]

_FONT: Final = "DejaVu"
_FONT_FILES: Final[dict[Weight, str]] = {"": "DejaVuSansCondensed.ttf", "B": "DejaVuSansCondensed-Bold.ttf"}
_SMALLEST: Final = 4.0  # points
_BASELINE: Final = 0.3 * 25.4 / 72  # where in a cell fpdf2 sets the text's foot: 0.3 of its size; here in mm a point
_SLIP_MARGIN: Final = 3.0
_SLIP_LINE: Final = 4.0
_SLIP_SIZE: Final = 8.0


class Paper(FPDF):
    """A PDF of one invoice in the invoice's language; the same input gives the same bytes."""

    def __init__(self, invoice: Invoice, size: str | tuple[float, float], margin: float, *weights: Weight) -> None:
        super().__init__(format=size)
        self.invoice = invoice
        self.language = Language(invoice.terms.language)
        self.set_auto_page_break(auto=False)
        self.set_margins(margin, margin, margin)
        self.c_margin: float = 0
        for weight in weights:
            self.add_font(_FONT, weight, Path(__file__).parent / "fonts" / _FONT_FILES[weight])
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.recalcBBoxes = False  # the glyphs are unchanged: measuring them again takes half the time
        self.set_producer("billingo-async sandbox")
        self.set_creation_date(datetime.combine(invoice.date, time(), UTC))


class Sheet(Paper):
    """An A4 document that knows its head and foot, and the seller's bank account."""

    def __init__(self, invoice: Invoice, account: JsonObject) -> None:
        super().__init__(invoice, "A4", 0, "", "B")
        self.account = account
        self.title_text = f"{self.language[invoice.type]}  {invoice.prefixed_invoice_no}".strip()
        self.set_title(self.title_text.replace("  ", " "))
        self.set_author(seeds.SELLER_NAME)
        self.set_lang(invoice.terms.language)

    def header(self) -> None:
        """The sandbox's mark on every page, and from the second page on, whose paper it is."""
        self.put(LEFT, 9.5, WIDTH, self.language["sandbox"], size=7.5, weight="B", colour=AMBER, side="R")
        self.put(LEFT, 13, WIDTH, self.language["sandbox note"], size=6.5, colour=AMBER, side="R")
        if self.page > 1:
            self.put(LEFT, 9.5, WIDTH / 2, self.title_text, size=9, weight="B")
            self.put(LEFT, 14, WIDTH / 2, seeds.SELLER_NAME, size=7.5, colour=GREY)
            self.rule(19.5)

    def footer(self) -> None:
        """Number, page and the sandbox's mark at the foot of every page."""
        self.rule(283)
        mark = f"{self.language['sandbox']} · {self.language['sandbox note']}"
        self.put(LEFT, 285, 60, self.invoice.prefixed_invoice_no, size=7, colour=GREY)
        page = self.language["page"].format(page=self.page_no())
        self.put(LEFT + 60, 285, WIDTH - 120, page, size=7, colour=GREY, side="C")
        self.put(RIGHT - 75, 285, 75, mark, size=6.5, colour=GREY, side="R")

    def put(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        *,
        size: float = 8.5,
        weight: Weight = "",
        colour: Colour = INK,
        side: Side = "L",
    ) -> None:
        """One line of text in a box of that width; a text too wide for it is set smaller rather than cut."""
        self.set_font(_FONT, weight, size)
        wide = self.get_string_width(text)
        if wide > width:
            smaller = max(size * width / wide * 0.995, _SMALLEST)
            self.set_font_size(smaller)
            y += _BASELINE * (size - smaller)
        self.set_text_color(*colour)
        self.set_xy(x, y)
        self.cell(width, size * 0.5, text, align=side, new_x=XPos.LEFT, new_y=YPos.TOP)

    def caption(self, x: float, y: float, width: float, text: str) -> float:
        """The small heading of a part; returns the height below it."""
        self.put(x, y, width, text.upper(), size=7, weight="B", colour=ACCENT)
        return y + 5

    def wrapped(self, text: str, width: float, *, size: float = 8.5, weight: Weight = "") -> list[str]:
        """The text's lines at that width; nothing is drawn."""
        self.set_font(_FONT, weight, size)
        words = text.strip()
        if "\n" not in words and self.get_string_width(words) <= width:
            return [words] if words else []
        lines = self.multi_cell(width, text=words, dry_run=True, output=MethodReturnValue.LINES)
        return [line for line in lines if line.strip()] if isinstance(lines, list) else []

    def next_page(self) -> float:
        """Begin another page and return the height where it may be written on."""
        self.add_page()
        return TOP

    def rule(
        self, y: float, *, x: float = LEFT, width: float = WIDTH, colour: Colour = HAIRLINE, stroke: float = 0.2
    ) -> None:
        """A horizontal line, strokes in millimetres."""
        self.set_draw_color(*colour)
        self.set_line_width(stroke)
        self.line(x, y, x + width, y)

    def block(self, x: float, y: float, width: float, height: float, colour: Colour = TINT) -> None:
        """A filled rectangle."""
        self.set_fill_color(*colour)
        self.rect(x, y, width, height, style="F")


class Slip(Paper):
    """The slip of a till: one narrow page with the number, the rows and what is to be paid."""

    def __init__(self, invoice: Invoice, width: int) -> None:
        language, currency = Language(invoice.terms.language), invoice.terms.currency
        sums = [(row.description, row.price.sums.gross) for row in invoice.rows]
        sums.append((language["to pay"], invoice.totals.total))
        head = [seeds.SELLER_NAME, language[invoice.type], invoice.prefixed_invoice_no, language.day(invoice.date)]
        height = (len(head) + 1 + len(sums)) * _SLIP_LINE + 2 * _SLIP_MARGIN
        super().__init__(invoice, (width, height), _SLIP_MARGIN, "")
        self.set_font(_FONT, size=_SLIP_SIZE)
        self.add_page()
        for text in [*head, language["sandbox"]]:
            self.cell(self.epw, _SLIP_LINE, text, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        for label, amount in sums:
            self.cell(self.epw, _SLIP_LINE, label, new_x=XPos.LMARGIN)
            shown = language.money(amount, currency)
            self.cell(self.epw, _SLIP_LINE, shown, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
