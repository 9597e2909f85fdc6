"""The blank sheet: fonts, colours, what stands at the head and foot of every page, and the strokes all parts draw with.

The home of fpdf2. What an invoice says, and in which order, is the business of the parts.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

if TYPE_CHECKING:
    from billingo_async.sandbox.paper.document import Document
    from billingo_async.sandbox.paper.words import Words

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

FONT: Final = "DejaVu"
FONTS: Final = Path(__file__).parent / "fonts"
_SMALLEST: Final = 4.0  # points
_BASELINE: Final = 0.3 * 25.4 / 72  # where in a cell fpdf2 sets the text's foot: 0.3 of its size; here in mm a point


class Sheet(FPDF):
    """An A4 document that knows its fonts and its head and foot; the same input gives the same bytes."""

    def __init__(self, document: Document, words: Words) -> None:
        super().__init__(format="A4")
        self.document = document
        self.words = words
        self.set_auto_page_break(auto=False)
        self.set_margins(0, 0, 0)
        self.c_margin: float = 0
        self.add_font(FONT, "", FONTS / "DejaVuSansCondensed.ttf")
        self.add_font(FONT, "B", FONTS / "DejaVuSansCondensed-Bold.ttf")
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.recalcBBoxes = False  # the glyphs are unchanged: measuring them again takes half the time
        self.set_title(f"{words.titles[document.kind]} {shown_number(document)}".strip())
        self.set_author(document.seller.name)
        self.set_producer("billingo-async sandbox")
        self.set_lang(document.language)
        self.set_creation_date(datetime.combine(document.issued, time(), UTC))

    def header(self) -> None:
        """The sandbox's mark on every page, and from the second page on, whose paper it is."""
        self.put(LEFT, 9.5, WIDTH, self.words.sandbox, size=7.5, weight="B", colour=AMBER, side="R")
        self.put(LEFT, 13, WIDTH, self.words.sandbox_note, size=6.5, colour=AMBER, side="R")
        if self.page > 1:
            title = f"{self.words.titles[self.document.kind]}  {shown_number(self.document)}"
            self.put(LEFT, 9.5, WIDTH / 2, title, size=9, weight="B")
            self.put(LEFT, 14, WIDTH / 2, self.document.seller.name, size=7.5, colour=GREY)
            self.rule(19.5)

    def footer(self) -> None:
        """Number, page and the sandbox's mark at the foot of every page."""
        self.rule(283)
        mark = f"{self.words.sandbox} · {self.words.sandbox_note}"
        self.put(LEFT, 285, 60, shown_number(self.document), size=7, colour=GREY)
        page = self.words.page.format(page=self.page_no())
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
        self.set_font(FONT, weight, size)
        wide = self.get_string_width(text)
        if wide > width:
            smaller = max(size * width / wide * 0.995, _SMALLEST)
            self.set_font_size(smaller)
            y += _BASELINE * (size - smaller)
        self.set_text_color(*colour)
        self.set_xy(x, y)
        self.cell(width, size * 0.5, text, align=side, new_x=XPos.LEFT, new_y=YPos.TOP)

    def wrapped(self, text: str, width: float, *, size: float = 8.5, weight: Weight = "") -> list[str]:
        """The text's lines at that width; nothing is drawn."""
        self.set_font(FONT, weight, size)
        return [line for paragraph in text.strip().splitlines() for line in self._filled(paragraph, width)]

    def _filled(self, paragraph: str, width: float) -> list[str]:
        """One paragraph cut between words, and inside a word only if that alone is wider than the line."""
        lines = [""]
        for word in paragraph.split():
            longer = f"{lines[-1]} {word}".lstrip()
            if self.get_string_width(longer) <= width:
                lines[-1] = longer
                continue
            pieces = self._pieces(word, width)
            lines = [*(line for line in lines if line), *pieces]
        return lines

    def _pieces(self, word: str, width: float) -> list[str]:
        pieces = [""]
        for letter in word:
            if pieces[-1] and self.get_string_width(pieces[-1] + letter) > width:
                pieces.append("")
            pieces[-1] += letter
        return pieces

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


def shown_number(document: Document) -> str:
    """The number as the paper shows it: with the block's prefix where there is one."""
    return document.prefixed_number or document.number
