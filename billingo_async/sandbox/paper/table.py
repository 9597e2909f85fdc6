"""The table of lines: descriptions wrap, every page repeats the head, a row stays together where a page can hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from billingo_async.sandbox.paper.figures import exact_places_of, number, places_of, style_for
from billingo_async.sandbox.paper.sheet import BOTTOM, GREY, INK, LEFT, TINT, TOP, WIDTH

if TYPE_CHECKING:
    from billingo_async.sandbox.paper.document import Line
    from billingo_async.sandbox.paper.sheet import Colour, Sheet, Side, Weight

_SIZE: Final = 8.0
_COMMENT_SIZE: Final = 7.0
_LEADING: Final = 4.0
_PADDING: Final = 1.7
_HEAD_HEIGHT: Final = 7.5
_TEXT_WIDTH: Final = 53.0


@dataclass(frozen=True, slots=True)
class _Column:
    head: str
    width: float
    side: Side = "R"


def draw_table(sheet: Sheet, y: float) -> float:
    """Draws all lines, on as many pages as they need, and returns the height below the last one."""
    columns = _columns(sheet)
    y = _head(sheet, columns, y)
    for position, (line, entries) in enumerate(zip(sheet.document.lines, _entries(sheet), strict=True), start=1):
        y = _row(sheet, columns, [str(position), *entries], line, y)
    return y


def _columns(sheet: Sheet) -> tuple[_Column, ...]:
    words = sheet.words
    return (
        _Column("", 8, "L"),
        _Column(words.description, _TEXT_WIDTH, "L"),
        _Column(words.qty, 20),
        _Column(words.unit_price, 23.5),
        _Column(words.vat_rate, 11.5),
        _Column(words.net, 20.5),
        _Column(words.vat, 19.5),
        _Column(words.gross, 22),
    )


def _entries(sheet: Sheet) -> list[list[str]]:
    """The numbers of every line; the sums have the currency's decimals, the unit prices all that they need."""
    document = sheet.document
    lines, currency, style = document.lines, document.currency, style_for(document.language)
    unit_places = exact_places_of([line.net_unit_price for line in lines], currency)
    places = places_of([sum_ for line in lines for sum_ in (line.net, line.vat, line.gross)], currency)
    return [
        [
            f"{number(line.qty, style)} {line.unit}".strip(),
            number(line.net_unit_price, style, unit_places),
            line.vat_label,
            number(line.net, style, places),
            number(line.vat, style, places),
            number(line.gross, style, places),
        ]
        for line in lines
    ]


def _head(sheet: Sheet, columns: tuple[_Column, ...], y: float) -> float:
    sheet.block(LEFT, y, WIDTH, _HEAD_HEIGHT, TINT)
    x = LEFT
    for column in columns:
        sheet.put(x + 1.5, y + 2.1, column.width - 3, column.head, size=7, weight="B", colour=GREY, side=column.side)
        x += column.width
    return y + _HEAD_HEIGHT


def _row(sheet: Sheet, columns: tuple[_Column, ...], entries: list[str], line: Line, y: float) -> float:
    """One line: its numbers beside the top of its description, which flows on to the next page only if it must."""
    texts: list[tuple[str, float, Colour]] = [
        (text, _SIZE, INK) for text in sheet.wrapped(line.description, _TEXT_WIDTH - 3, size=_SIZE) or [""]
    ]
    comments = sheet.wrapped(line.comment, _TEXT_WIDTH - 3, size=_COMMENT_SIZE)
    texts += [(text, _COMMENT_SIZE, GREY) for text in comments]
    height = len(texts) * _LEADING + 2 * _PADDING
    if y + height > BOTTOM and height <= BOTTOM - TOP - _HEAD_HEIGHT:
        y = _next_page(sheet, columns)
    y += _PADDING
    for index, (text, size, colour) in enumerate(texts):
        if y + _LEADING > BOTTOM:
            y = _next_page(sheet, columns) + _PADDING
        if index == 0:
            _entries_across(sheet, columns, [entries[0], text, *entries[1:]], y)
        else:
            sheet.put(LEFT + columns[0].width + 1.5, y, _TEXT_WIDTH - 3, text, size=size, colour=colour)
        y += _LEADING
    y += _PADDING
    sheet.rule(y)
    return y


def _entries_across(sheet: Sheet, columns: tuple[_Column, ...], entries: list[str], y: float) -> None:
    x = LEFT
    for column, cell in zip(columns, entries, strict=True):
        if cell:
            last = column is columns[-1]
            colour = GREY if column is columns[0] else INK
            weight: Weight = "B" if last else ""
            sheet.put(x + 1.5, y, column.width - 3, cell, size=_SIZE, weight=weight, colour=colour, side=column.side)
        x += column.width


def _next_page(sheet: Sheet, columns: tuple[_Column, ...]) -> float:
    sheet.add_page()
    return _head(sheet, columns, TOP)
