"""The types of single fields, as a caller writes them: each refuses what cannot be sent faithfully.

Nothing is guessed: a float has lost digits before it comes here, a text may be a slip of the keyboard, True is no id.
Text and numbers of an own kind, such as an enum's members, become the plain value, whatever their `str()` would say.
No message repeats the value: it may be personal data. What the server itself sent, and `edit` only hands back, is
let through as it is (`unchecked`): an empty unit of its own must not keep a caller from changing a price.

Never enters here: what the server sends; that is `lenient`.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from inspect import currentframe
from typing import Annotated, Any, Final, TypeAlias, TypeVar, cast, get_args

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, PlainValidator, ValidationInfo
from pydantic_core.core_schema import CoreSchema

ROUNDINGS: Final = (0, 1, 5, 10)

MAX_DIGITS: Final = 40
"""The most digits that a number may have on either side of its point: more is a slip, not an amount."""

_CURRENCY = re.compile(r"[A-Z]{3}")
T = TypeVar("T")


def is_unchecked(info: ValidationInfo) -> bool:
    """Tell whether the field that is being validated holds what the caller did not write now.

    The context of such a validation names these fields: they hold what the server sent, or what a model held already
    that a caller changes other fields of.
    """
    names = cast("frozenset[str] | None", info.context)
    return names is not None and info.field_name in names


def _money(value: object, info: ValidationInfo) -> Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        value = Decimal(value)
    if not isinstance(value, Decimal):
        raise ValueError(f'{type(value).__name__} is no type for an exact number; use Decimal("3500.10") or an int')
    if not value.is_finite():
        raise ValueError("must be a finite number")
    exponent = value.as_tuple().exponent
    too_long = value.adjusted() >= MAX_DIGITS or (isinstance(exponent, int) and exponent < -MAX_DIGITS)
    if too_long and not is_unchecked(info):
        raise ValueError(f"must have at most {MAX_DIGITS} digits on either side of its point")
    return value


def _positive(value: Decimal) -> Decimal:
    if value <= 0:
        raise ValueError("must be more than 0")
    return value


def _int(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"must be an int, not {type(value).__name__}")
    return int.__int__(value)


def _int_or_digits(value: object) -> int:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else _int(value)


def _day(value: object) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError('must be a date, or text like "2015-12-31"') from None
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError(f'must be a date, or text like "2015-12-31", not {type(value).__name__}')
    return value


def _flag(value: object) -> bool:
    if isinstance(value, int) and value in {0, 1}:
        return bool(value)
    raise ValueError("must be True or False")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be text, not {type(value).__name__}")
    return str.__str__(value)


def _that(read: Callable[[object], T], fits: Callable[[T], object], words: str) -> PlainValidator:
    def check(value: object, info: ValidationInfo) -> T:
        plain_value = read(value)
        if not fits(plain_value) and not is_unchecked(info):
            raise ValueError(words)
        return plain_value

    return PlainValidator(check)


def known(members: type[Enum], *, warns: bool = False) -> PlainValidator:
    """Return the check of a field with known values: a member, or a raw value, be it documented or not.

    What the server sent goes back as it came, a number in the place of a text as well. Where the values are the
    specification's, another text is sent with a warning.
    """
    raw = _int if issubclass(members, int) else _text

    def check(value: object, info: ValidationInfo) -> object:
        value_to_match = value if is_unchecked(info) else raw(value)
        try:
            return members(value_to_match)
        except ValueError:
            if warns and not is_unchecked(info):
                words = f"{info.field_name} {value_to_match!r:.40} is no {members.__name__} of the specification"
                warnings.warn(f"{words}; it is sent as it is", stacklevel=_level_of_caller())
            return value_to_match

    return PlainValidator(check)


class _Choice:
    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        members = next(kind for kind in get_args(source) if issubclass(kind, Enum))
        return known(members, warns=True).__get_pydantic_core_schema__(source, handler)


def _level_of_caller() -> int:
    """Return how far up the code stands that constructs the model, past this package and pydantic."""
    frame, level = currentframe(), 0
    while frame and frame.f_globals.get("__name__", "").partition(".")[0] in {"billingo_async", "pydantic"}:
        frame, level = frame.f_back, level + 1
    return level


def sequence(what: str) -> BeforeValidator:
    """Return the check of rows that stand in an order and of which there is at least one."""

    def check(value: object) -> object:
        if not isinstance(value, Sequence) or isinstance(value, str | bytes):
            raise ValueError(f"{what} must be a list, not {type(value).__name__}")
        if not value:
            raise ValueError(f"{what} must not be empty")
        return cast("object", value)

    return BeforeValidator(check)


Amount: TypeAlias = Annotated[Decimal | int, PlainValidator(_money)]
"""An exact number: a Decimal or an int in, always a Decimal after; a float is refused."""

PositiveAmount: TypeAlias = Annotated[Decimal | int, PlainValidator(_money), AfterValidator(_positive)]
"""The same, and more than 0."""

Id: TypeAlias = Annotated[int, _that(_int, (1).__le__, "must be a positive id, as the server gave it")]
"""The id of something the server knows: an int of 1 or more."""

IdOrZero: TypeAlias = Annotated[int, _that(_int, (0).__le__, "must be a positive id, as the server gave it, or 0")]
"""An id, or 0 for the account's default."""

Number: TypeAlias = Annotated[int, PlainValidator(_int)]
"""A whole number."""

NumberOrDigits: TypeAlias = Annotated[int, PlainValidator(_int_or_digits)]
"""A whole number that the API documents as text: an int, or its digits."""

RoundTo: TypeAlias = Annotated[int, _that(_int, ROUNDINGS.__contains__, "must be 0 (no rounding), 1, 5 or 10")]
"""What a total is rounded to a multiple of: 1, 5, 10, or 0 for no rounding."""

WrittenDay: TypeAlias = Annotated[date, PlainValidator(_day)]
"""A calendar day: a `date`, or ISO text for it; a datetime is refused, for its zone would decide the day."""

WrittenFlag: TypeAlias = Annotated[bool, PlainValidator(_flag)]
"""True or False; 1 and 0 will do."""

WrittenText: TypeAlias = Annotated[str, BeforeValidator(_text)]
"""Text, which may be empty."""

Filled: TypeAlias = Annotated[str, _that(_text, str.strip, "must not be empty")]
"""Text that says something."""

E = TypeVar("E", bound=Enum)

Choice: TypeAlias = Annotated[E | str, _Choice()]
"""A value of an enum that may grow: text that it does not know is sent, with a warning."""

Currency: TypeAlias = Annotated[
    str, _that(_text, _CURRENCY.fullmatch, 'must be a currency by its ISO 4217 code, such as "HUF"')
]
"""A currency by its ISO 4217 code, in capitals."""
