"""The upper part of the first page: title and number, seller and buyer, days and terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billingo_async.sandbox.paper.document import Kind
from billingo_async.sandbox.paper.figures import address_lines, day, number, style_for
from billingo_async.sandbox.paper.sheet import ACCENT, GREY, LEFT, RIGHT, WIDTH, shown_number

if TYPE_CHECKING:
    from billingo_async.sandbox.paper.document import Party
    from billingo_async.sandbox.paper.sheet import Sheet

_TITLE_TOP: Final = 14.0
_GAP: Final = 8.0
_HALF: Final = (WIDTH - _GAP) / 2


def draw_head(sheet: Sheet) -> float:
    """Draws the upper part and returns the height where the table may begin."""
    y = _title(sheet)
    y = _parties(sheet, y)
    y = _terms(sheet, y)
    return y + 6


def _title(sheet: Sheet) -> float:
    document, words = sheet.document, sheet.words
    sheet.put(LEFT, _TITLE_TOP, 118, words.titles[document.kind], size=25, weight="B", colour=ACCENT)
    y = _TITLE_TOP + 13.5
    sheet.put(LEFT, y, 118, shown_number(document) or words.no_number, size=13, weight="B")
    if document.electronic and document.kind not in {Kind.DRAFT, Kind.PROFORMA}:
        sheet.put(RIGHT - 60, y + 1, 60, words.electronic, size=8.5, colour=GREY, side="R")
    y += 8.5
    for remark in _remarks(sheet):
        for line in sheet.wrapped(remark, WIDTH, size=9):
            sheet.put(LEFT, y, WIDTH, line, size=9, colour=GREY)
            y += 4.8
    sheet.rule(y + 1.5, colour=ACCENT, stroke=0.7)
    return y + 7


def _remarks(sheet: Sheet) -> list[str]:
    """What must be said beside the title: why it is no invoice, or which one it cancels."""
    document, words = sheet.document, sheet.words
    remarks = [words.remarks.get(document.kind, "")]
    if document.connected_number:
        label = words.cancels if document.kind is Kind.CANCELLING else words.cancelled_by
        remarks.append(f"{label}: {document.connected_number}")
    return [remark for remark in remarks if remark]


def _parties(sheet: Sheet, y: float) -> float:
    """Seller and buyer beside each other, as tall as the taller of the two."""
    words, document = sheet.words, sheet.document
    ends = [
        _party(sheet, words.seller, document.seller, LEFT, y),
        _party(sheet, words.buyer, document.buyer, LEFT + _HALF + _GAP, y),
    ]
    return max(ends) + 4.5


def _party(sheet: Sheet, caption: str, party: Party, x: float, y: float) -> float:
    words = sheet.words
    sheet.put(x, y, _HALF, caption.upper(), size=7, weight="B", colour=ACCENT)
    y += 5
    for line in sheet.wrapped(party.name, _HALF, size=11.5, weight="B"):
        sheet.put(x, y, _HALF, line, size=11.5, weight="B")
        y += 5.6
    y += 0.6
    for text in address_lines(party.address):
        for line in sheet.wrapped(text, _HALF, size=9):
            sheet.put(x, y, _HALF, line, size=9)
            y += 4.6
    y += 1.2
    account = " · ".join(filter(None, (party.bank_name, party.account_no)))
    facts = ((words.tax_code, party.tax_code), (words.account, account), ("IBAN", party.iban), ("SWIFT", party.swift))
    for label, fact in (*facts, ("E-mail", party.email)):
        if fact:
            sheet.put(x, y, 21, label, size=7.5, colour=GREY)
            sheet.put(x + 22, y, _HALF - 22, fact, size=8.5)
            y += 4.4
    return y


def _terms(sheet: Sheet, y: float) -> float:
    """The strip of days, way of payment and currency."""
    document, words = sheet.document, sheet.words
    style = style_for(document.language)
    currency = document.currency
    if document.exchange_rate is not None:
        currency = f"{currency}  ·  1 {currency} = {number(document.exchange_rate, style)} Ft"
    entries = (
        (words.issued, day(document.issued, style), 28.0),
        (words.fulfilment, day(document.fulfilment, style), 28.0),
        (words.due, day(document.due, style), 34.0),
        (words.payment_method, document.payment_method, 44.0),
        (words.currency, currency, 44.0),
    )
    sheet.block(LEFT, y, WIDTH, 13.5)
    x = LEFT + 4
    for label, value, width in entries:
        sheet.put(x, y + 2.4, width - 3, label, size=7, colour=GREY)
        due = label == words.due
        sheet.put(x, y + 6.8, width - 3, value, size=9.5, weight="B" if due else "")
        x += width
    return y + 13.5
