"""The lower part: VAT summary, totals and comment; kept on one page, however the table ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billingo_async.sandbox.paper.language import places_of
from billingo_async.sandbox.paper.sheet import ACCENT, BOTTOM, GREY, INK, LEFT, RIGHT, TINT, WIDTH
from billingo_async.sandbox.records import STORNOS

if TYPE_CHECKING:
    from decimal import Decimal

    from billingo_async.sandbox.paper.sheet import Sheet

_VAT_COLUMNS: Final = (20.0, 25.0, 22.0, 25.0)
_TOTALS_WIDTH: Final = 76.0
_ROW: Final = 5.4
_DUE_HEIGHT: Final = 14.0


def draw_closing(sheet: Sheet, y: float) -> None:
    """Draws summary and totals beside each other, then the comment, on a new page where this one is too full."""
    totals = sheet.invoice.totals
    sums = {"net total": totals.sums.net, "vat total": totals.sums.vat}
    if totals.rounding:
        sums["rounding"] = totals.rounding
    payments: dict[str, Decimal] = {}
    if sheet.invoice.paid and sheet.invoice.type not in STORNOS:
        payments = {"paid": sheet.invoice.paid, "outstanding": sheet.invoice.outstanding}
    beside = max(len(totals.rates) + 2, len(sums) + len(payments)) * _ROW + _DUE_HEIGHT + 8
    y += 7
    if y + beside > BOTTOM:
        y = sheet.next_page() + 2
    end = max(_vat_summary(sheet, y), _totals(sheet, y, sums, payments))
    _comment(sheet, end + 6)


def _vat_summary(sheet: Sheet, y: float) -> float:
    language, terms, totals = sheet.language, sheet.invoice.terms, sheet.invoice.totals
    rows = [(rate.label, (sums.net, sums.vat, sums.gross)) for rate, sums in totals.rates]
    places = places_of([value for _, sums in rows for value in sums], terms.currency)
    y = sheet.caption(LEFT, y, 60, language["vat summary"])
    _vat_row(sheet, y, [language[name] for name in ("vat rate", "net", "vat", "gross")], head=True)
    for label, sums in rows:
        y += _ROW
        _vat_row(sheet, y, [label, *(language.number(value, places) for value in sums)])
    y += _ROW
    if terms.currency != "HUF" and totals.sums.vat:
        # the VAT Act (2007. CXXVII., section 172) wants the tax in forints on an invoice in any other currency
        forints = language.money(totals.sums.vat * terms.exchange_rate, "HUF")
        text = f"{language['vat in forints']}: {forints}"
        sheet.put(LEFT, y + 1.5, sum(_VAT_COLUMNS), text, size=8, colour=GREY)
        y += _ROW
    return y


def _vat_row(sheet: Sheet, y: float, entries: list[str], *, head: bool = False) -> None:
    x = LEFT
    for cell, width in zip(entries, _VAT_COLUMNS, strict=True):
        size, colour = (7, GREY) if head else (8, INK)
        sheet.put(x, y, width - 2, cell, size=size, colour=colour, side="L" if x == LEFT else "R")
        x += width
    sheet.rule(y + 4.4, width=sum(_VAT_COLUMNS) - 2)


def _totals(sheet: Sheet, y: float, sums: dict[str, Decimal], payments: dict[str, Decimal]) -> float:
    """The sums above the large one, and below it what a debt was paid of."""
    x = RIGHT - _TOTALS_WIDTH
    y = _under_each_other(sheet, x, y, sums) + 1
    invoice = sheet.invoice
    total = invoice.totals.total
    sheet.block(x, y, _TOTALS_WIDTH, _DUE_HEIGHT, TINT)
    sheet.block(x, y, 1.2, _DUE_HEIGHT, ACCENT)
    label = sheet.language["to return" if invoice.type in STORNOS and total < 0 else "to pay"]
    sheet.put(x + 4.5, y + 5, 26, label, size=9, weight="B", colour=ACCENT)
    due = sheet.language.money(total, invoice.terms.currency)
    sheet.put(x + 30, y + 3, _TOTALS_WIDTH - 33, due, size=17, weight="B", side="R")
    return _under_each_other(sheet, x, y + _DUE_HEIGHT + 2.5, payments)


def _under_each_other(sheet: Sheet, x: float, y: float, sums: dict[str, Decimal]) -> float:
    """Sums written with the same number of decimals."""
    language, currency = sheet.language, sheet.invoice.terms.currency
    places = places_of(sums.values(), currency)
    for label, value in sums.items():
        sheet.put(x + 4.5, y, 30, language[label], size=8.5, colour=GREY)
        shown = language.money(value, currency, places)
        sheet.put(x + 32, y, _TOTALS_WIDTH - 35, shown, size=9.5, side="R")
        y += _ROW
    return y


def _comment(sheet: Sheet, y: float) -> None:
    lines = sheet.wrapped(sheet.invoice.terms.comment, WIDTH, size=8.5)
    if not lines:
        return
    if y + 10 > BOTTOM:
        y = sheet.next_page() + 2
    y = sheet.caption(LEFT, y, 60, sheet.language["comment"])
    for line in lines:
        if y + 4.4 > BOTTOM:
            y = sheet.next_page() + 2
        sheet.put(LEFT, y, WIDTH, line, size=8.5)
        y += 4.4
