"""The types of single fields, as they are read: what each takes, and what it makes of the server's sloppy spellings.

Every type tries the documented form first and natively, so that an ordinary answer never runs Python code per field.
Only where that fails does the last branch look at the value. What it makes of it:

==============  ==========================================  ==========================================================
type            natively                                    otherwise
==============  ==========================================  ==========================================================
`Money`         number, or text with a number: exact        empty is None; anything else is an error, never a guess
`Day`           ``"2015-12-12"``                            a time of day is cut off; no calendar day is None
`Moment`        ``"2015-12-12 10:00:00"``                   no moment is None (``"-0001-11-30 00:00:00"``)
`Flag`          true, 1, ``"1"``, and their opposites       None
`Whole`         1, ``"1"``                                  None
`Text`          text                                        numbers and objects as their JSON text; empty ones are None
`Open[E]`       a known value: the enum's member            the raw value
`Part[M]`       an object: the model                        None (``[]`` is PHP's empty object)
`Parts[M]`      a list of objects: models                   PHP's object with numbers for keys: its values; else None
==============  ==========================================  ==========================================================

Source: api-reference, "Sloppy values that real answers hold".

Never enters here: what a caller writes; that is `strict`.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, Field

E = TypeVar("E", bound=Enum)
M = TypeVar("M", bound=BaseModel)

# The native date takes the text "0" for the first day of 1970. Whatever is older than any invoice is looked at again.
LEFT_TO_RIGHT = Field(union_mode="left_to_right")


def _no_money(value: object) -> None:
    if isinstance(value, str) and not value.strip():
        return
    if isinstance(value, list) and not value:
        return
    raise ValueError("no number")


def _nothing(value: object) -> None:
    del value  # it cannot be read as what its field promises


def _day(value: object) -> date | None:
    moment = _moment(value)
    return None if moment is None else moment.date()


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - the server tells no zone
    try:
        return datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        return None


def _text(value: object) -> str | None:
    if value is False or value in ([], {}):
        return None
    return json.dumps(value, ensure_ascii=False, default=str) if not isinstance(value, Decimal) else str(value)


def _object(value: object) -> None:
    if isinstance(value, dict):
        raise ValueError("the object holds something unreadable")  # noqa: TRY004 - pydantic wants a ValueError


def _by_id(value: object) -> object:
    if isinstance(value, int | str) and not isinstance(value, bool):
        return {"id": value}
    raise ValueError("no id")


def _values(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    raise ValueError("no list")


def _list(value: object) -> None:
    if isinstance(value, list | dict) and value:
        raise ValueError("the list holds something unreadable")


Uid: TypeAlias = Annotated[int, Field(strict=False)]
"""The id of the thing itself: a whole number, or text with one."""

Money: TypeAlias = Annotated[
    Annotated[Decimal, Field(allow_inf_nan=False)] | Annotated[None, BeforeValidator(_no_money)] | None,
    LEFT_TO_RIGHT,
]
"""An amount, a price, a quantity, a rate: exact, or None."""

Day: TypeAlias = Annotated[
    Annotated[date, Field(strict=True, ge=date(1990, 1, 1))] | Annotated[date | None, BeforeValidator(_day)] | None,
    LEFT_TO_RIGHT,
]
"""A calendar day, or None."""

Moment: TypeAlias = Annotated[
    Annotated[datetime, Field(strict=True)] | Annotated[datetime | None, BeforeValidator(_moment)] | None, LEFT_TO_RIGHT
]
"""A moment in the server's own time, which tells no zone, or None."""

Flag: TypeAlias = Annotated[bool | Annotated[None, BeforeValidator(_nothing)] | None, LEFT_TO_RIGHT]
"""Yes, no, or None."""

Whole: TypeAlias = Annotated[int | Annotated[None, BeforeValidator(_nothing)] | None, LEFT_TO_RIGHT]
"""A whole number, such as the id of something else, or None."""

Text: TypeAlias = Annotated[str | Annotated[str | None, BeforeValidator(_text)] | None, LEFT_TO_RIGHT]
"""Text as the server sent it, empty text included, or None."""

Open: TypeAlias = Annotated[E | int | str | Annotated[str | None, BeforeValidator(_text)] | None, LEFT_TO_RIGHT]
"""A known value as the enum's member, any other raw."""

Part: TypeAlias = Annotated[M | Annotated[None, BeforeValidator(_object)] | None, LEFT_TO_RIGHT]
"""A model within a model, or None."""

Parts: TypeAlias = Annotated[
    tuple[M, ...] | Annotated[tuple[M, ...], BeforeValidator(_values)] | Annotated[None, BeforeValidator(_list)] | None,
    LEFT_TO_RIGHT,
]
"""Models within a model, in the server's order, or None."""

PartOrId: TypeAlias = Annotated[
    M | Annotated[M, BeforeValidator(_by_id)] | Annotated[None, BeforeValidator(_object)] | None, LEFT_TO_RIGHT
]
"""A model within a model; where only its id stands, the model with nothing but the id."""

Raw: TypeAlias = Annotated[
    Annotated[int, Field(strict=True)] | str | Annotated[str | None, BeforeValidator(_text)] | None, LEFT_TO_RIGHT
]
"""A number or a text, as it came."""
