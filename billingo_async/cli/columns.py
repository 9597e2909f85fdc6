"""The columns of a file of orders: their names, what each takes, and what a cell says, in every form people write.

A number, a day, a flag, an id or a name: a form that can be read in two ways is refused with both. Never enters here:
files and the account.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final

from billingo_async import Address, NewInvoice, NewItem
from billingo_async.journal.intent import check_key  # no public name: the journal's own rule, asked before it is met

CUSTOMER: Final = ("name", "taxcode", "email", "phone", "tax_type", *Address.model_fields)
HEAD: Final = (*(name for name in NewInvoice.model_fields if name != "items"), *CUSTOMER)
"""Columns in which all rows of an entry agree."""
ITEM: Final = (*NewItem.model_fields, "product_uid", "vat")
COLUMNS: Final = ("key", *HEAD, *ITEM)
_NEEDED: Final = """
key client_uid|name payment_method fulfillment_date due_date description|product_uid vat_id|vat|product_uid qty
unit|product_uid net_unit_price|gross_unit_price|product_uid
"""
NEEDED: Final = [choice.split("|") for choice in _NEEDED.split()]
"""Columns that a table has: one of each choice."""
_OTHER_NAMES: Final = """
order=key vendor_id=key partner_id=client_uid block_id=block_uid language=template_lang_code
electronic=electronic_invoice conversion_rate=exchange_rate bank_account_id=bank_account_uid post_code=postcode
product=product_uid product_id=product_uid quantity=qty
"""
ALIASES: Final[Mapping[str, str]] = {
    other: name for other, _, name in (pair.partition("=") for pair in _OTHER_NAMES.split())
}
"""Other names of columns: those of API v3, and what people write."""
TAKES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("fulfillment_date", "due_date"), "a day such as 2026-03-31"),
    **dict.fromkeys(("net_unit_price", "gross_unit_price"), "a number such as 1234.50 or 1234,50"),
    **dict.fromkeys(("electronic_invoice", "is_paid"), "yes or no (in JSON true or false)"),
    **dict.fromkeys(("comment", "item_comment"), "text"),
    **dict.fromkeys(("district", "block", "entrance", "floor", "door"), "a part of the customer's address"),
    "key": "what the invoice is made for, such as order-1234: 1 to 200 printable characters",
    "client_uid": "the customer's id, such as 115387686; `billingo-async clients list` shows them",
    "payment_method": "a payment method, such as Cash or 1",
    "items": "at least one item",
    "template_lang_code": "a language: hu, en, de, fr, it, sk, hr or ro",
    "currency": "a currency by its three letters, such as HUF",
    "exchange_rate": "forints for one unit of the currency, more than 0, such as 391.20",
    "block_uid": "an invoice block by its prefix or id, or 0 for the default",
    "type": "the kind of document: invoice, proforma or draft (3, 1 or 0)",
    "round_to": "0 for no rounding, 1, 5 or 10",
    "bank_account_uid": "the id of a bank account of yours",
    "description": "what was sold, in words",
    "vat": "a rate of VAT such as 27% or AAM",
    "vat_id": "the id of a VAT rate, such as 1 for 27%",
    "qty": "how many, such as 1 or 2.5",
    "unit": "the unit, such as pc",
    "entitlement": "the reason for a VAT exemption, such as AAM; empty where there is none",
    "product_uid": "a stored product by its name or id",
    "name": "the customer's name, such as Minta Kft.",
    "taxcode": "the customer's tax number, such as 12345678-2-10",
    "email": "where the invoices are mailed",
    "phone": "a telephone number",
    "tax_type": "HAS_TAX_NUMBER, NO_TAX_NUMBER or FOREIGN",
    "postcode": "such as 9021",
    "city": "such as Győr",
    "street_name": "the street without its type, such as Fő",
    "street_type": "such as utca or tér",
    "house_nr": "such as 7",
    "country": "a country by its name, such as Magyarország",
}
"""What each column takes. Source: API docs, Invoices / Save a new invoice, Clients / Create a client."""
MAX_EXACT_DIGITS: Final = 15
"""Digits that a spreadsheet keeps of a number. Source: Excel's specifications and limits."""
_SPACES: Final = re.compile(r"\s")
_MINUS: Final = re.compile("^[\u2010-\u2015\u2212\ufe63\uff0d]")
_WHOLE: Final = r"[+-]?(?:[1-9][0-9]{0,2}(?:([ %s])[0-9]{3})(?:\1[0-9]{3})*|[0-9]+)"
_NUMBERS: Final = {".": re.compile(_WHOLE % "," + r"(?:\.[0-9]+)?"), ",": re.compile(_WHOLE % "." + r"(?:,[0-9]+)?")}
"""A number by its decimal mark: thousands may be parted by spaces, or by the other mark."""
_EXPONENT: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
_DAY: Final = re.compile(
    r"(\d{4})\s*([-./])\s*(\d{1,2})\s*\2\s*(\d{1,2})\s*\.?(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII
)
_GUARD: Final = re.compile(r'="(.*)"', re.DOTALL)
_ERROR: Final = re.compile("#(?:N/A|HIÁNYZIK|(?:REF|HIV|VALUE|ÉRTÉK|DIV/0|ZÉRÓOSZTÓ|NUM|SZÁM|NULLA?)!|N(?:AME|ÉV)[?])")
"""An error as a spreadsheet shows it in English or Hungarian, which is how it stands in a CSV file."""
_FLAGS: Final[Mapping[object, str]] = {True: "1 yes true igen igaz", False: "0 no false nem hamis"}
_KINDS: Final[Mapping[object, str]] = {3: "3 invoice számla", 1: "1 proforma díjbekérő", 0: "0 draft piszkozat"}
ROUNDING_REMEDY: Final = (
    "a spreadsheet has rounded it: set the column's cell format to Text (a price's to Number), enter the value anew "
    "and save again"
)


def shown(cell: object) -> str:
    """Return a cell as it stood in the file, cut short."""
    named = {None: "nothing", True: "true", False: "false"}
    text = named[cell] if cell is None or isinstance(cell, bool) else repr(cell) if isinstance(cell, str) else str(cell)
    return f"{text[:40]}…" if len(text) > 40 else text  # noqa: PLR2004 - enough to find it by


def nearest(name: str, known: Sequence[str]) -> str:
    """Return the remedy for a name that is not known: the one that was probably meant, or all there are."""
    near = get_close_matches(name, known, n=1, cutoff=0.75)
    return f"did you mean {near[0]}?" if near else f"take it out, or write one of: {', '.join(known)}"


def number(cell: object, mark: str | None) -> object:
    """Return an exact number; `mark` is the file's decimal mark, where the file as a whole tells it."""
    if isinstance(cell, float):
        return _from_float(cell)
    if not isinstance(cell, str):
        return cell
    if _EXPONENT.fullmatch(_MINUS.sub("-", cell)):
        raise ValueError(f"holds {shown(cell)}, a number in exponent form; {ROUNDING_REMEDY}")
    readings = _readings(cell)
    values = set(readings.values())
    if len(values) > 1 and mark not in readings:
        first, second = (format(value.normalize(), "f") for value in sorted(values))
        raise ValueError(f"holds {shown(cell)}, which is {first} or {second}; say --decimal point or --decimal comma")
    if not values:
        raise ValueError(f"holds {shown(cell)}, which is no number; write it like 1234.5 or 1234,5")
    return readings.get(mark or "", values.pop())


def decimal_mark(cell: object) -> str | None:
    """Return the decimal mark that a cell is written with, where it can be read in one way alone."""
    readings = _readings(cell) if isinstance(cell, str) else {}
    return next(iter(readings)) if len(readings) == 1 else None


def _readings(cell: str) -> dict[str, Decimal]:
    """Return what a cell may say, by the decimal mark that it is read with."""
    text = _MINUS.sub("-", _SPACES.sub(" ", cell))
    readings: dict[str, Decimal] = {}
    for mark, pattern in _NUMBERS.items():
        if pattern.fullmatch(text):
            group = "," if mark == "." else "."
            readings[mark] = Decimal(text.replace(" ", "").replace(group, "").replace(mark, "."))
    return readings


def _from_float(cell: float) -> Decimal:
    if abs(cell) >= 10**MAX_EXACT_DIGITS:
        raise ValueError(f"holds {cell!r}, a number of more than {MAX_EXACT_DIGITS} digits; {ROUNDING_REMEDY}")
    value = Decimal(format(cell, f".{MAX_EXACT_DIGITS}g"))
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
        return int(_from_float(cell))
    if isinstance(cell, str):
        return int(cell) if cell.isascii() and cell.isdigit() and len(cell) <= 18 else cell  # noqa: PLR2004 - more is no id
    return cell


def rate(cell: object, mark: str | None) -> object:
    """Return the name of a rate of VAT: 27%, "27 %", 27, and the 0.27 of a percentage cell are the same."""
    if isinstance(cell, float | int | Decimal) and not isinstance(cell, bool):
        share = _from_float(float(cell))
        return f"{(share if share >= 1 else share * 100).normalize():f}%"
    if isinstance(cell, str) and cell[:1].isdigit():
        return f"{Decimal(str(number(cell.rstrip('% '), mark))).normalize():f}%"
    return text(cell, mark)


def one_of(words: Mapping[object, str]) -> Callable[[object, str | None], object]:
    """Return the converter of a column that takes a few words for each of its values."""
    known = {word: value for value, names in words.items() for word in names.split()}
    return lambda cell, mark: known.get(str(word_or_id(cell, mark)).casefold(), cell)


def text(cell: object, _: str | None) -> object:
    """Return text; what a spreadsheet has made of it is refused where letters or digits are lost."""
    if isinstance(cell, float | int | Decimal) and not isinstance(cell, bool):
        return format(_from_float(float(cell)), "f")
    if isinstance(cell, date | time):
        what = "which a spreadsheet has made of it: set the column's cell format to Text and enter it anew"
        raise ValueError(f"holds {shown(cell)}, {what}")  # noqa: TRY004 - told as what is wrong with a cell
    if isinstance(cell, str) and (guarded := _GUARD.fullmatch(cell)):
        remedy = f"write {guarded[1][:40]}, or open the file in a spreadsheet and save it as .xlsx"
        raise ValueError(f"holds {shown(cell)}, a text guarded from a spreadsheet; {remedy}")
    return cell


def key(cell: object, mark: str | None) -> str:
    """Return a key exactly as it was given to the order; whatever a spreadsheet may have changed in it is refused."""
    if cell is None:
        raise ValueError(f"is empty; it takes {TAKES['key']}")
    is_fraction = isinstance(cell, float) and not cell.is_integer()
    if is_fraction or isinstance(cell, date) or (isinstance(cell, str) and _EXPONENT.fullmatch(cell)):
        raise ValueError(f"holds {shown(cell)}, which is no longer what was entered; {ROUNDING_REMEDY}")
    value = str(text(cell, mark)) if isinstance(cell, float | str) else ""
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
    "key": key,
    "vat": rate,
    "type": one_of(_KINDS),
}
"""How the cells of a column are read; all others are text."""


def convert(column: str, cell: object, mark: str | None) -> object:
    """Return a cell's value as its column takes it; raise ValueError saying what is wrong with it, and the remedy."""
    if isinstance(cell, str) and _ERROR.fullmatch(cell):
        raise ValueError(f"holds {shown(cell)}, the error of a formula; mend the formula or write the value")
    return CONVERTERS.get(column, text)(cell, mark)
