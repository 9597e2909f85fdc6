"""What a server may store otherwise than it was written: small changes of a request's body, of either API.

Never enters here: when any of it happens; that is `faults`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast

from billingo_async.sandbox.http import read_json, write_json

_PRICES = frozenset({"net_unit_price", "gross_unit_price", "unit_price", "price"})
_LAST_BASIC = 0xFFFF  # MySQL's three-byte utf8 knows no character above it, and cuts there


@dataclass(frozen=True, slots=True)
class CutText:
    """Keep `length` characters of the text of that name, with None those before the first emoji, and add `suffix`.

    -1 keeps all.
    """

    name: str
    length: int | None
    suffix: str = ""

    def __call__(self, name: str, value: object) -> object:
        """The value that is stored."""
        if name != self.name or not isinstance(value, str):
            return value
        length = self.length
        if length is None:
            length = next((at for at, letter in enumerate(value) if ord(letter) > _LAST_BASIC), len(value))
        return (value if length < 0 else value[:length]) + self.suffix


@dataclass(frozen=True, slots=True)
class LoseAccents:
    """Keep the letters of every text without their accents."""

    def __call__(self, name: str, value: object) -> object:  # noqa: ARG002 - every alteration is called the same way
        """The value that is stored."""
        if not isinstance(value, str):
            return value
        return "".join(letter for letter in unicodedata.normalize("NFD", value) if not unicodedata.combining(letter))


@dataclass(frozen=True, slots=True)
class RoundPrices:
    """Round unit prices half up to so many decimals."""

    places: int

    def __call__(self, name: str, value: object) -> object:
        """The value that is stored."""
        if name not in _PRICES or isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            return value
        return Decimal(value).quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class MoveDueDate:
    """Move the due date by so many days."""

    days: int

    def __call__(self, name: str, value: object) -> object:
        """The value that is stored."""
        if name != "due_date" or not isinstance(value, str):
            return value
        return (date.fromisoformat(value) + timedelta(self.days)).isoformat()


Alteration = CutText | LoseAccents | RoundPrices | MoveDueDate
"""A change of one member of a body: its name and its value in, the value that is stored out."""


def altered(body: bytes, alterations: Sequence[Alteration]) -> bytes:
    """The body that is stored; one that is no JSON stays as it is."""
    try:
        value = read_json(body)
    except ValueError:
        return body
    for alteration in alterations:
        value = _each_member(value, alteration)
    return write_json(value)


def _each_member(value: object, change: Alteration) -> object:
    if isinstance(value, list):
        return [_each_member(each, change) for each in cast("list[object]", value)]
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {name: change(name, _each_member(inner, change)) for name, inner in members.items()}
    return value
