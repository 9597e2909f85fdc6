"""The lower part: VAT summary, totals and comment; kept on one page, however the table ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billingo_async.sandbox.paper.document import Kind
from billingo_async.sandbox.paper.figures import money, number, places_of, style_for
from billingo_async.sandbox.paper.sheet import ACCENT, BOTTOM, GREY, LEFT, RIGHT, TINT, TOP, WIDTH

if TYPE_CHECKING:
    from decimal import Decimal

    from billingo_async.sandbox.paper.document import Document
    from billingo_async.sandbox.paper.sheet import Sheet, Side

_VAT_COLUMNS: Final = (20.0, 25.0, 22.0, 25.0)
_TOTALS_WIDTH: Final = 76.0
_ROW: Final = 5.4
_DUE_HEIGHT: Final = 14.0


def draw_closing(sheet: Sheet, y: float) -> None:
    """Draws summary and totals beside each other, then the comment, on a new page where this one is too full."""
    document = sheet.document
    sums, payment_rows = _sums(sheet), _payment_rows(sheet)
    beside = max(len(document.vat_rows) + 2, len(sums) + len(payment_rows)) * _ROW + _DUE_HEIGHT + 8
    y += 7
    if y + beside > BOTTOM:
        sheet.add_page()
        y = TOP + 2
    end = max(_vat_summary(sheet, y), _totals(sheet, y, sums, payment_rows))
    _comment(sheet, end + 6)


def _vat_summary(sheet: Sheet, y: float) -> float:
    document, words = sheet.document, sheet.words
    rows, style = document.vat_rows, style_for(document.language)
    places = places_of([value for row in rows for value in (row.net, row.vat, row.gross)], document.currency)
    sheet.put(LEFT, y, 60, words.vat_summary.upper(), size=7, weight="B", colour=ACCENT)
    y += 5
    _vat_row(sheet, y, (words.vat_rate, words.net, words.vat, words.gross), head=True)
    for row in rows:
        y += _ROW
        sums = (number(value, style, places) for value in (row.net, row.vat, row.gross))
        _vat_row(sheet, y, (row.label, *sums))
    y += _ROW
    if document.exchange_rate is not None and document.totals.vat:
        # the VAT Act (2007. CXXVII., section 172) wants the tax in forints on an invoice in any other currency
        forints = document.totals.vat * document.exchange_rate
        text = f"{words.vat_in_forints}: {money(forints, 'HUF', style)}"
        sheet.put(LEFT, y + 1.5, sum(_VAT_COLUMNS), text, size=8, colour=GREY)
        y += _ROW
    return y


def _vat_row(sheet: Sheet, y: float, entries: tuple[str, ...], *, head: bool = False) -> None:
    x = LEFT
    for cell, width in zip(entries, _VAT_COLUMNS, strict=True):
        side: Side = "L" if x == LEFT else "R"
        if head:
            sheet.put(x, y, width - 2, cell, size=7, colour=GREY, side=side)
        else:
            sheet.put(x, y, width - 2, cell, size=8, side=side)
        x += width
    sheet.rule(y + 4.4, width=sum(_VAT_COLUMNS) - 2)


def _sums(sheet: Sheet) -> list[tuple[str, str]]:
    """The rows above the large one."""
    totals, words, document = sheet.document.totals, sheet.words, sheet.document
    rows = [(words.total_net, totals.net), (words.total_vat, totals.vat)]
    if totals.rounding:
        rows.append((words.rounding, totals.rounding))
    return _under_each_other(rows, document)


def _payment_rows(sheet: Sheet) -> list[tuple[str, str]]:
    """The rows below the large one: only where a debt has been paid already."""
    totals, words, document = sheet.document.totals, sheet.words, sheet.document
    if not totals.paid or document.kind is Kind.CANCELLING:
        return []
    return _under_each_other([(words.paid, totals.paid), (words.outstanding, totals.outstanding)], document)


def _under_each_other(rows: list[tuple[str, Decimal]], document: Document) -> list[tuple[str, str]]:
    """Sums written with the same number of decimals, so that they stand under each other."""
    places = places_of([value for _, value in rows], document.currency)
    style = style_for(document.language)
    return [(label, money(value, document.currency, style, places)) for label, value in rows]


def _totals(sheet: Sheet, y: float, sums: list[tuple[str, str]], payment_rows: list[tuple[str, str]]) -> float:
    x = RIGHT - _TOTALS_WIDTH
    y = _pairs(sheet, x, y, sums) + 1
    document = sheet.document
    sheet.block(x, y, _TOTALS_WIDTH, _DUE_HEIGHT, TINT)
    sheet.block(x, y, 1.2, _DUE_HEIGHT, ACCENT)
    sheet.put(x + 4.5, y + 5, 26, _due_label(document, sheet), size=9, weight="B", colour=ACCENT)
    due = money(document.totals.gross, document.currency, style_for(document.language))
    sheet.put(x + 30, y + 3, _TOTALS_WIDTH - 33, due, size=17, weight="B", side="R")
    return _pairs(sheet, x, y + _DUE_HEIGHT + 2.5, payment_rows)


def _due_label(document: Document, sheet: Sheet) -> str:
    returned = document.kind is Kind.CANCELLING and document.totals.gross < 0
    return sheet.words.to_return if returned else sheet.words.to_pay


def _pairs(sheet: Sheet, x: float, y: float, rows: list[tuple[str, str]]) -> float:
    for label, value in rows:
        sheet.put(x + 4.5, y, 30, label, size=8.5, colour=GREY)
        sheet.put(x + 32, y, _TOTALS_WIDTH - 35, value, size=9.5, side="R")
        y += _ROW
    return y


def _comment(sheet: Sheet, y: float) -> None:
    lines = sheet.wrapped(sheet.document.comment, WIDTH, size=8.5)
    if not lines:
        return
    if y + 10 > BOTTOM:
        sheet.add_page()
        y = TOP + 2
    sheet.put(LEFT, y, 60, sheet.words.comment.upper(), size=7, weight="B", colour=ACCENT)
    y += 5
    for line in lines:
        if y + 4.4 > BOTTOM:
            sheet.add_page()
            y = TOP + 2
        sheet.put(LEFT, y, WIDTH, line, size=8.5)
        y += 4.4
