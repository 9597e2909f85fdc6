"""The types of single fields, as they are read: what each takes, and what it makes of the server's sloppy spellings.

Every type tries the documented form first and natively, so that an ordinary answer never runs Python code per field.
Only where that fails does the last branch look at the value. What it makes of it:

==============  ==========================================  ==========================================================
type            natively                                    otherwise
==============  ==========================================  ==========================================================
`Money`         number, or text with a number: exact        empty is None; anything else is an error, never a guess
`Day`           ``"2015-12-12"``                            a time of day is cut off; no calendar day is None
`Moment`        ``"2015-12-12 10:00:00"``                   no moment is None (``"-0001-11-30 00:00:00"``)
`Uid`           1, ``"1"``                                  0, which is no id of anything
`Flag`          true, 1, ``"1"``, and their opposites       None
`Whole`         1, ``"1"``                                  None
`Text`          text, numbers as text                       None
`Open[E]`       a known value: the enum's member            the raw int or str, digits as an int; else None
`OpenText[E]`   a known value: the enum's member            the raw int or str; else None
`Nested[M]`     an object: the model                        None (``[]`` is PHP's empty object)
`NestedRows`    a list of objects: models                   PHP's object with numbers for keys is a list, a lone object
                                                            a list of one; a row that is no object is kept as `raw`
`Listed[T]`     a list: each as its own type                one value alone is a list of one; else None
`NestedOrId`    an object: the model                        its id alone, or other text, which is kept as `raw`
==============  ==========================================  ==========================================================

A row that is no object becomes a model without any documented field: what came stands in its `model_extra["raw"]`. So
the rows of an invoice are as many as the server sent, and in its order.

Source: api-reference, "Sloppy values that real answers hold".

Never enters here: what a caller writes; that is `strict`.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, TypeAlias, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, Field, GetCoreSchemaHandler
from pydantic_core import SchemaValidator
from pydantic_core import core_schema as cs

OLDEST = date(1990, 1, 1)
"""Older than any invoice. The native types take text that is a number for seconds since 1970: "0" is no day of 1970."""

RAW = "raw"
"""Where a row that is no object keeps what came."""

_ANY_MOMENT = SchemaValidator(cs.datetime_schema())

E = TypeVar("E")
M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")

LEFT_TO_RIGHT = Field(union_mode="left_to_right")


class _Forgiven:
    """What cannot be read as the type is None, or another default, without a line of Python."""

    def __init__(self, default: int | None = None) -> None:
        self._default = default

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> cs.CoreSchema:
        return cs.with_default_schema(handler(source), default=self._default, on_error="default")


FORGIVEN = _Forgiven()


def _no_money(value: object) -> None:
    if value == [] or (isinstance(value, str) and not value.strip()):
        return
    raise ValueError("no number")


def _day(value: object) -> date | None:
    moment = _moment(value)
    return None if moment is None else moment.date()


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str | date):
        return None
    try:
        moment: datetime = _ANY_MOMENT.validate_python(value)
    except ValueError:
        return None
    is_calendar = isinstance(value, date) or value[4:5] == "-"
    return moment if is_calendar or moment.date() >= OLDEST else None


def _object(value: object) -> None:
    if isinstance(value, dict):
        raise ValueError("the object holds something unreadable")


def _by_id(value: object) -> object:
    if isinstance(value, bool) or value == "" or not isinstance(value, int | str):
        raise ValueError("no id")
    is_id = isinstance(value, int) or (value.isascii() and value.isdigit())
    return {"id": value} if is_id else {RAW: value}


def _objects(value: object) -> list[object] | None:
    if isinstance(value, dict):
        rows = cast("dict[str, object]", value)
        value = list(rows.values()) if all(key.isdigit() for key in rows) else [rows]
    if not isinstance(value, list):
        return None
    return [_raw_row(row) for row in cast("list[object]", value)]


def _alone(value: object) -> object:
    if isinstance(value, dict):
        return list(cast("dict[str, object]", value).values())
    return [value] if isinstance(value, str) and value else value


def _raw_row(row: object) -> object:
    if isinstance(row, dict):
        return cast("dict[str, object]", row)
    return {} if row == [] else {RAW: row}


def _no_flag(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("a flag is no id")
    return value


Uid: TypeAlias = Annotated[
    Annotated[int, Field(strict=True)] | Annotated[int, BeforeValidator(_no_flag)], LEFT_TO_RIGHT, _Forgiven(0)
]
"""The id of the thing itself, or 0: the copies within other things often have none. An entry's own is `Identity`."""

Identity: TypeAlias = Annotated[
    Annotated[int, Field(strict=True, gt=0)] | Annotated[int, BeforeValidator(_no_flag), Field(gt=0)], LEFT_TO_RIGHT
]
"""The id that stands beside the attributes of an entry: the same, and never 0, which is no id of anything."""

Exact: TypeAlias = Annotated[Decimal, Field(allow_inf_nan=False)]
"""A number that has to be there: exact, if `read_json` reads it."""

Money: TypeAlias = Annotated[Exact | Annotated[None, BeforeValidator(_no_money)] | None, LEFT_TO_RIGHT]
"""An amount, a price, a quantity, a rate: exact, or None."""

Day: TypeAlias = Annotated[
    Annotated[date, Field(strict=True, ge=OLDEST)] | Annotated[date | None, BeforeValidator(_day)] | None, LEFT_TO_RIGHT
]
"""A calendar day, or None."""

Moment: TypeAlias = Annotated[
    Annotated[datetime, Field(strict=True, ge=datetime.combine(OLDEST, time()))]
    | Annotated[datetime | None, BeforeValidator(_moment)]
    | None,
    LEFT_TO_RIGHT,
]
"""A moment in the server's own time, which tells no zone, or None."""

Flag: TypeAlias = Annotated[bool | None, FORGIVEN]
"""Yes, no, or None."""

Whole: TypeAlias = Annotated[int | None, FORGIVEN]
"""A whole number, such as the id of something else, or None."""

Text: TypeAlias = Annotated[Annotated[str, Field(coerce_numbers_to_str=True)] | None, FORGIVEN]
"""Text as the server sent it, empty text included, or None."""

Open: TypeAlias = Annotated[E | int | str | None, LEFT_TO_RIGHT, FORGIVEN]
"""A known value as the enum's member, any other raw."""

OpenText: TypeAlias = Annotated[E | Annotated[int, Field(strict=True)] | str | None, LEFT_TO_RIGHT, FORGIVEN]
"""The same where the known values are texts: digits in a text stay text."""

Nested: TypeAlias = Annotated[M | Annotated[None, BeforeValidator(_object)] | None, LEFT_TO_RIGHT]
"""A model within a model, or None."""

NestedRows: TypeAlias = Annotated[
    tuple[M, ...] | Annotated[tuple[M, ...] | None, BeforeValidator(_objects)] | None, LEFT_TO_RIGHT
]
"""Models within a model, in the server's order, or None."""

Listed: TypeAlias = Annotated[
    tuple[T, ...] | Annotated[tuple[T, ...], BeforeValidator(_alone)] | None, LEFT_TO_RIGHT, FORGIVEN
]
"""Plain values in the server's order, or None."""

NestedOrId: TypeAlias = Annotated[
    M | Annotated[M, BeforeValidator(_by_id)] | Annotated[None, BeforeValidator(_object)] | None, LEFT_TO_RIGHT
]
"""A model within a model; where only its id stands, the model with nothing but the id."""

Raw: TypeAlias = Annotated[Annotated[int, Field(strict=True)] | str | None, LEFT_TO_RIGHT, FORGIVEN]
"""A number or a text, as it came."""
