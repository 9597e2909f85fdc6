"""The upper part of the first page, and the table of rows.

Title and number, seller and buyer, days and terms; then the rows: descriptions wrap, every page repeats the head, a row
stays together where a page can hold it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from billingo_async.sandbox import seeds
from billingo_async.sandbox.paper.language import address_lines, exact_places_of, places_of
from billingo_async.sandbox.paper.sheet import ACCENT, BOTTOM, GREY, INK, LEFT, RIGHT, TINT, TOP, WIDTH
from billingo_async.sandbox.records import STORNOS, Type

if TYPE_CHECKING:
    from billingo_async.sandbox.http import JsonObject
    from billingo_async.sandbox.paper.sheet import Colour, Sheet, Side, Weight
    from billingo_async.sandbox.records import Row

_TITLE_TOP: Final = 14.0
_GAP: Final = 8.0
_HALF: Final = (WIDTH - _GAP) / 2
_TERM_WIDTHS: Final = (28.0, 28.0, 34.0, 44.0, 44.0)
_SIZE: Final = 8.0
_COMMENT_SIZE: Final = 7.0
_LEADING: Final = 4.0
_PADDING: Final = 1.7
_HEAD_HEIGHT: Final = 7.5
_TEXT_WIDTH: Final = 53.0


class _Column(NamedTuple):
    head: str
    width: float
    side: Side


_COLUMNS: Final = (
    _Column("", 8, "L"),
    _Column("description", _TEXT_WIDTH, "L"),
    _Column("qty", 20, "R"),
    _Column("unit price", 23.5, "R"),
    _Column("vat rate", 11.5, "R"),
    _Column("net", 20.5, "R"),
    _Column("vat", 19.5, "R"),
    _Column("gross", 22, "R"),
)


def draw_head(sheet: Sheet) -> float:
    """Draws the upper part and returns the height where the table may begin."""
    return _terms(sheet, _parties(sheet, _title(sheet))) + 6


def _title(sheet: Sheet) -> float:
    invoice, language = sheet.invoice, sheet.language
    sheet.put(LEFT, _TITLE_TOP, 118, language[invoice.type], size=25, weight="B", colour=ACCENT)
    y = _TITLE_TOP + 13.5
    sheet.put(LEFT, y, 118, invoice.prefixed_invoice_no or language["no number"], size=13, weight="B")
    if invoice.terms.electronic and invoice.type not in {Type.DRAFT, Type.PROFORMA}:
        sheet.put(RIGHT - 60, y + 1, 60, language["electronic"], size=8.5, colour=GREY, side="R")
    y += 8.5
    for remark in _remarks(sheet):
        for line in sheet.wrapped(remark, WIDTH, size=9):
            sheet.put(LEFT, y, WIDTH, line, size=9, colour=GREY)
            y += 4.8
    sheet.rule(y + 1.5, colour=ACCENT, stroke=0.7)
    return y + 7


def _remarks(sheet: Sheet) -> list[str]:
    """What must be said beside the title: why it is no invoice, or which one it cancels."""
    invoice, language = sheet.invoice, sheet.language
    remarks = [language[f"about {invoice.type}"]] if invoice.type in {Type.DRAFT, Type.PROFORMA} else []
    if invoice.connected:
        label = language["cancels" if invoice.type in STORNOS else "cancelled by"]
        remarks.append(f"{label}: {invoice.connected.invoice_no}")
    return remarks


def _parties(sheet: Sheet, y: float) -> float:
    """Seller and buyer beside each other, as tall as the taller of the two."""
    account = sheet.account
    bank = {
        "account_no": " · ".join(filter(None, (account.get("bank_name"), account.get("account_no")))),
        "iban": account.get("account_no_iban", ""),
        "swift": account.get("account_swift", ""),
    }
    seller: JsonObject = {"name": seeds.SELLER_NAME, "billing_address": seeds.SELLER_ADDRESS, "bank": bank}
    seller |= {"taxcode": seeds.TAX_CODE, "email": ""}
    ends = [
        _party(sheet, LEFT, y, sheet.language["seller"], seller),
        _party(sheet, LEFT + _HALF + _GAP, y, sheet.language["buyer"], sheet.invoice.client),
    ]
    return max(ends) + 4.5


def _party(sheet: Sheet, x: float, y: float, caption: str, party: JsonObject) -> float:
    y = sheet.caption(x, y, _HALF, caption)
    for line in sheet.wrapped(party["name"], _HALF, size=11.5, weight="B"):
        sheet.put(x, y, _HALF, line, size=11.5, weight="B")
        y += 5.6
    y += 0.6
    for text in address_lines(party["billing_address"]):
        for line in sheet.wrapped(text, _HALF, size=9):
            sheet.put(x, y, _HALF, line, size=9)
            y += 4.6
    y += 1.2
    bank: dict[str, str] = party["bank"]
    facts = {
        sheet.language["tax code"]: party["taxcode"],
        sheet.language["account"]: bank["account_no"],
        "IBAN": bank["iban"],
        "SWIFT": bank["swift"],
        "E-mail": party["email"],
    }
    for label, fact in facts.items():
        if fact:
            sheet.put(x, y, 21, label, size=7.5, colour=GREY)
            sheet.put(x + 22, y, _HALF - 22, fact, size=8.5)
            y += 4.4
    return y


def _terms(sheet: Sheet, y: float) -> float:
    """The strip of days, way of payment and currency."""
    terms, language = sheet.invoice.terms, sheet.language
    currency = terms.currency
    if currency != "HUF":
        currency = f"{currency}  ·  1 {currency} = {language.number(terms.exchange_rate)} Ft"
    entries = {
        "issued": language.day(sheet.invoice.date),
        "fulfilment": language.day(date.fromisoformat(terms.fulfillment_date)),
        "due": language.day(date.fromisoformat(terms.due_date)),
        "payment method": seeds.PAYMENT_METHODS[terms.payment_method].names[language.code],
        "currency": currency,
    }
    sheet.block(LEFT, y, WIDTH, 13.5)
    x = LEFT + 4
    for (label, value), width in zip(entries.items(), _TERM_WIDTHS, strict=True):
        sheet.put(x, y + 2.4, width - 3, language[label], size=7, colour=GREY)
        sheet.put(x, y + 6.8, width - 3, value, size=9.5, weight="B" if label == "due" else "")
        x += width
    return y + 13.5


def draw_table(sheet: Sheet, y: float) -> float:
    """Draws all rows, on as many pages as they need, and returns the height below the last one."""
    y = _table_head(sheet, y)
    for position, (row, entries) in enumerate(zip(sheet.invoice.rows, _entries(sheet), strict=True), start=1):
        y = _row(sheet, [str(position), *entries], row, y)
    return y


def _entries(sheet: Sheet) -> list[list[str]]:
    """The numbers of every row; the sums have the currency's decimals, the unit prices all that they need."""
    rows, currency, number = sheet.invoice.rows, sheet.invoice.terms.currency, sheet.language.number
    sums = [(row.price.sums.net, row.price.sums.vat, row.price.sums.gross) for row in rows]
    unit_places = exact_places_of([row.price.net_unit_price for row in rows], currency)
    places = places_of([each for of_row in sums for each in of_row], currency)
    return [
        [
            f"{number(row.qty)} {row.unit}".strip(),
            number(row.price.net_unit_price, unit_places),
            row.rate.label,
            *(number(each, places) for each in of_row),
        ]
        for row, of_row in zip(rows, sums, strict=True)
    ]


def _table_head(sheet: Sheet, y: float) -> float:
    sheet.block(LEFT, y, WIDTH, _HEAD_HEIGHT, TINT)
    x = LEFT
    for column in _COLUMNS:
        head = sheet.language[column.head] if column.head else ""
        sheet.put(x + 1.5, y + 2.1, column.width - 3, head, size=7, weight="B", colour=GREY, side=column.side)
        x += column.width
    return y + _HEAD_HEIGHT


def _row(sheet: Sheet, entries: list[str], row: Row, y: float) -> float:
    """One row: its numbers beside the top of its description, which flows on to the next page only if it must."""
    texts: list[tuple[str, float, Colour]] = [
        (text, _SIZE, INK) for text in sheet.wrapped(row.description, _TEXT_WIDTH - 3, size=_SIZE) or [""]
    ]
    comments = sheet.wrapped(row.comment, _TEXT_WIDTH - 3, size=_COMMENT_SIZE)
    texts += [(text, _COMMENT_SIZE, GREY) for text in comments]
    height = len(texts) * _LEADING + 2 * _PADDING
    if y + height > BOTTOM and height <= BOTTOM - TOP - _HEAD_HEIGHT:
        y = _table_head(sheet, sheet.next_page())
    y += _PADDING
    for index, (text, size, colour) in enumerate(texts):
        if y + _LEADING > BOTTOM:
            y = _table_head(sheet, sheet.next_page()) + _PADDING
        if index == 0:
            _entries_across(sheet, [entries[0], text, *entries[1:]], y)
        else:
            sheet.put(LEFT + _COLUMNS[0].width + 1.5, y, _TEXT_WIDTH - 3, text, size=size, colour=colour)
        y += _LEADING
    y += _PADDING
    sheet.rule(y)
    return y


def _entries_across(sheet: Sheet, entries: list[str], y: float) -> None:
    x = LEFT
    for column, cell in zip(_COLUMNS, entries, strict=True):
        colour = GREY if column is _COLUMNS[0] else INK
        weight: Weight = "B" if column is _COLUMNS[-1] else ""
        sheet.put(x + 1.5, y, column.width - 3, cell, size=_SIZE, weight=weight, colour=colour, side=column.side)
        x += column.width
