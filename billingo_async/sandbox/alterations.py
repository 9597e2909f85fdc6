"""What a server may store otherwise than it was written: small changes of a request's body, of either API.

Never enters here: when any of it happens; that is `faults`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from billingo_async.sandbox.http import JsonObject, read_json, write_json

_PRICES = frozenset({"net_unit_price", "gross_unit_price", "unit_price", "price"})
_LAST_BASIC = 0xFFFF  # MySQL's three-byte utf8 knows no character above it, and cuts there


Alteration = Callable[[str, Any], Any]
"""A change of one member of a body: its name and its value in, the value that is stored out."""


def cut_comment(length: int | None, suffix: str = "") -> Alteration:
    """Keep `length` characters of a comment, with None those before the first emoji, and add `suffix`; -1 keeps all."""

    def stored(name: str, value: Any) -> Any:
        if name != "comment" or not isinstance(value, str):
            return value
        end = length
        if end is None:
            end = next((at for at, letter in enumerate(value) if ord(letter) > _LAST_BASIC), len(value))
        return (value if end < 0 else value[:end]) + suffix

    return stored


def lose_accents(_name: str, value: Any) -> Any:
    """Keep the letters of every text without their accents."""
    if not isinstance(value, str):
        return value
    return "".join(letter for letter in unicodedata.normalize("NFD", value) if not unicodedata.combining(letter))


def round_prices(places: int) -> Alteration:
    """Round unit prices half up to so many decimals."""

    def stored(name: str, value: Any) -> Any:
        if name not in _PRICES or isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            return value
        return Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)

    return stored


def move_due_date(days: int) -> Alteration:
    """Move the due date by so many days."""

    def stored(name: str, value: Any) -> Any:
        if name != "due_date" or not isinstance(value, str):
            return value
        return (date.fromisoformat(value) + timedelta(days)).isoformat()

    return stored


def altered(body: bytes, alterations: Sequence[Alteration]) -> bytes:
    """The body that is stored; one that is no JSON stays as it is."""

    def stored(members: list[tuple[str, Any]]) -> JsonObject:
        value = dict(members)
        for change in alterations:
            value = {name: change(name, inner) for name, inner in value.items()}
        return value

    try:
        read_json(body)
    except ValueError:
        return body
    return write_json(read_json(body, stored))
