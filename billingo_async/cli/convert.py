"""What a cell says: a number, a day, a flag, an id or a name, in every form that a spreadsheet or a person writes.

A form that can be read in two ways is refused with both. Never enters here: files, models, the account.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from billingo_async.cli.columns import TAKES
from billingo_async.journal.intent import check_key  # no public name: the journal's own rule, asked before it is met

MAX_EXACT_DIGITS: Final = 15
"""Digits that a spreadsheet keeps of a number. Source: Excel's specifications and limits."""
_SPACES: Final = re.compile(r"\s")
_MINUS: Final = re.compile("^[\u2010-\u2015\u2212\ufe63\uff0d]")
_NUMBERS: Final = {
    mark: re.compile(
        rf"[+-]?(?:[1-9]\d{{0,2}}(?:([ {group}])\d{{3}})(?:\1\d{{3}})*|\d+)(?:{re.escape(mark)}\d+)?", re.ASCII
    )
    for mark, group in ((".", ","), (",", "."))
}
"""A number by its decimal mark: thousands may be parted by spaces, or by the other mark."""
_EXPONENT: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
_DAY: Final = re.compile(
    r"(\d{4})\s*([-./])\s*(\d{1,2})\s*\2\s*(\d{1,2})\s*\.?(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII
)
_GUARD: Final = re.compile(r'="(.*)"', re.DOTALL)
_CELL_ERROR: Final = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)")
_ANSWERS: Final[Mapping[object, str]] = {True: "1 yes true igen igaz", False: "0 no false nem hamis"}
_FLAGS: Final = {word: value for value, words in _ANSWERS.items() for word in words.split()}
_KINDS: Final[Mapping[object, str]] = {3: "3 invoice számla", 1: "1 proforma díjbekérő", 0: "0 draft piszkozat"}
_DOCUMENTS: Final = {word: value for value, words in _KINDS.items() for word in words.split()}
ROUNDED: Final = (
    "a spreadsheet has rounded it: set the column's cell format to Text (a price's to Number), enter the value anew "
    "and save again"
)


def shown(cell: object) -> str:
    """Return a cell as it stood in the file, cut short."""
    named = {None: "nothing", True: "true", False: "false"}
    text = named[cell] if cell is None or isinstance(cell, bool) else repr(cell) if isinstance(cell, str) else str(cell)
    return f"{text[:40]}…" if len(text) > 40 else text  # noqa: PLR2004 - enough to find it by


def number(cell: object, mark: str | None) -> object:
    """Return an exact number; `mark` is the file's decimal mark, where the file as a whole tells it."""
    if isinstance(cell, float):
        return _from_float(cell)
    if not isinstance(cell, str):
        return cell
    text = _MINUS.sub("-", _SPACES.sub(" ", cell))
    if _EXPONENT.fullmatch(text):
        raise ValueError(f"holds {shown(cell)}, a number in exponent form; {ROUNDED}")
    readings = _readings(text)
    values = set(readings.values())
    if len(values) > 1 and mark not in readings:
        first, second = (format(value.normalize(), "f") for value in sorted(values))
        raise ValueError(f"holds {shown(cell)}, which is {first} or {second}; say --decimal point or --decimal comma")
    if not values:
        raise ValueError(f"holds {shown(cell)}, which is no number; write it like 1234.5 or 1234,5")
    return readings.get(mark or "", values.pop())


def decimal_mark(cell: object) -> str | None:
    """Return the decimal mark that a cell is written with, where it can be read in one way alone."""
    if not isinstance(cell, str) or not ("." in cell or "," in cell):
        return None
    readings = _readings(_MINUS.sub("-", _SPACES.sub(" ", cell)))
    return next(iter(readings)) if len(readings) == 1 else None


def _readings(text: str) -> dict[str, Decimal]:
    readings: dict[str, Decimal] = {}
    for mark, pattern in _NUMBERS.items():
        if pattern.fullmatch(text):
            group = "," if mark == "." else "."
            readings[mark] = Decimal(text.replace(" ", "").replace(group, "").replace(mark, "."))
    return readings


def _from_float(cell: float) -> Decimal:
    text = format(cell, f".{MAX_EXACT_DIGITS}g")
    if abs(cell) >= 10**MAX_EXACT_DIGITS:
        raise ValueError(f"holds {cell!r}, a number of more than {MAX_EXACT_DIGITS} digits; {ROUNDED}")
    value = Decimal(text)
    return Decimal(format(value, "f")) if value.is_finite() else value


def day(cell: object, _: str | None) -> object:
    """Return a calendar day, where it is written with the year first."""
    if isinstance(cell, datetime) and cell.time() == datetime.min.time():
        return cell.date()
    match = _DAY.fullmatch(cell) if isinstance(cell, str) else None
    try:
        return date(int(match[1]), int(match[3]), int(match[4])) if match else cell
    except ValueError:  # there is no such day
        return cell


def word_or_id(cell: object, _: str | None) -> object:
    """Return an id, or the name of what is meant."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, str):
        return int(cell) if cell.isascii() and cell.isdigit() and len(cell) <= 18 else cell  # noqa: PLR2004 - more is no id
    return cell


def rate(cell: object, mark: str | None) -> object:
    """Return the name of a rate of VAT: 27%, "27 %", 27, and the 0.27 of a percentage cell are the same."""
    if isinstance(cell, float | int | Decimal) and not isinstance(cell, bool):
        share = Decimal(str(cell))
        return f"{format((share if share >= 1 else share * 100).normalize(), 'f')}%"
    if isinstance(cell, str) and cell[:1].isdigit():
        share = Decimal(str(number(cell.rstrip("% "), mark)))
        return f"{format(share.normalize(), 'f')}%"
    return text(cell, mark)


def one_of(words: Mapping[str, object]) -> Callable[[object, str | None], object]:
    """Return the converter of a column that takes a few words."""
    return lambda cell, mark: words.get(str(word_or_id(cell, mark)).casefold(), cell)


def text(cell: object, _: str | None) -> object:
    """Return text; what a spreadsheet has made of it is refused where letters or digits are lost."""
    if isinstance(cell, float | int | Decimal) and not isinstance(cell, bool):
        return format(_from_float(float(cell)), "f")
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    guarded = _GUARD.fullmatch(cell) if isinstance(cell, str) else None
    if guarded:
        remedy = f"write {guarded[1][:40]}, or open the file in a spreadsheet and save it as .xlsx"
        raise ValueError(f"holds {shown(cell)}, a text guarded from a spreadsheet; {remedy}")
    if isinstance(cell, str) and _CELL_ERROR.fullmatch(cell):
        raise ValueError(f"holds {shown(cell)}, the error of a formula; mend the formula or write the value")
    return cell


def key(cell: object, mark: str | None) -> str:
    """Return a key exactly as it was given to the order; whatever a spreadsheet may have changed in it is refused."""
    is_lossy = isinstance(cell, float) and (not cell.is_integer() or abs(cell) >= 10**MAX_EXACT_DIGITS)
    if is_lossy or isinstance(cell, date) or (isinstance(cell, str) and _EXPONENT.fullmatch(cell)):
        raise ValueError(f"holds {shown(cell)}, which is no longer what was entered; {ROUNDED}")
    if not isinstance(cell, float | str):
        raise ValueError(f"holds {shown(cell)}; it takes {TAKES['key']}")  # noqa: TRY004 - of the cell, not of the program
    value = str(text(cell, mark))
    try:
        return check_key(value)
    except ValueError:
        raise ValueError(f"holds {shown(cell)}; it takes {TAKES['key']}") from None


NUMBER_COLUMNS: Final = ("qty", "net_unit_price", "gross_unit_price", "exchange_rate")
CONVERTERS: Final[Mapping[str, Callable[[Any, str | None], object]]] = {
    **dict.fromkeys(NUMBER_COLUMNS, number),
    **dict.fromkeys(("fulfillment_date", "due_date"), day),
    **dict.fromkeys(("electronic_invoice", "is_paid"), one_of(_FLAGS)),
    **dict.fromkeys(("client_uid", "payment_method", "block_uid", "product_uid", "vat_id"), word_or_id),
    **dict.fromkeys(("round_to", "bank_account_uid"), word_or_id),
    "vat": rate,
    "type": one_of(_DOCUMENTS),
}
"""How the cells of a column are read; all others are text."""
