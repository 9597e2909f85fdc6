"""The arguments of calls: checked before anything is sent, and encoded for a query.

A check returns what may be sent, or raises `TypeError` or `ValueError` that names the argument. What goes out is the
plain value of its kind: `str()` of an enum's member that is a text or a number would name the member.

Never enters here: an endpoint, and the body of a request; that is `writing`.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from ipaddress import ip_address
from typing import TypeAlias

from billingo_async.fields.strict import MAX_DIGITS

QueryValue: TypeAlias = str | int | Decimal | date | None
"""What a query may hold; None is left out."""


def encode_query(values: Mapping[str, QueryValue]) -> dict[str, str]:
    """Return the query as text, what is None left out.

    Raises `TypeError` for what is no mapping by name and for a kind of value that has no one encoding, such as a float,
    a bool or a moment; `ValueError` for a number that is not finite or has more digits than any amount.
    """
    if not isinstance(values, Mapping):
        raise TypeError(f'the params of a query must be a mapping, such as {{"page": 2}}, got {type(values).__name__}')
    given = {check_str("the name of a param", name): value for name, value in values.items() if value is not None}
    return {name: _encode_query_value(name, value) for name, value in given.items()}


def _encode_query_value(name: str, value: object) -> str:
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return int.__repr__(value)
    if isinstance(value, Decimal):
        return Decimal.__format__(check_decimal(name, value), "f")
    if isinstance(value, date) and not isinstance(value, datetime):
        return date.isoformat(value)
    raise TypeError(f"{name} must be text, an int, a Decimal or a date, got {type(value).__name__}")


def check_str(name: str, value: object) -> str:
    """Return the plain text; raise `TypeError` for anything else."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be text, got {type(value).__name__}")
    return str.__str__(value)


def check_int(name: str, value: object, least: int, most: int | None = None) -> int:
    """Return a whole number within bounds; raise `ValueError` for anything else, True and 1.0 included."""
    if type(value) is not int or value < least or (most is not None and value > most):
        bounds = f"from {least} to {most}" if most is not None else f"of at least {least}"
        raise ValueError(f"{name} must be a whole number {bounds}, got {value!r:.40}")
    return value


def check_date(name: str, value: date | None) -> date | None:
    """Return the day; raise `ValueError` for text, and for a datetime, whose day depends on the time zone."""
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise ValueError(f"{name} must be a datetime.date, got {type(value).__name__}")


def check_date_range(first: tuple[str, date | None], last: tuple[str, date | None]) -> tuple[date | None, date | None]:
    """Return both days of a range, each given with its name; raise `ValueError` for a first day after the last."""
    start, end = check_date(*first), check_date(*last)
    if start is not None and end is not None and start > end:
        raise ValueError(f"{first[0]} {start} is after {last[0]} {end}: no day lies between; swap them")
    return start, end


def check_decimal(name: str, value: Decimal | int) -> Decimal:
    """Return an exact number; raise `ValueError` for a float, which has lost digits already, and for what is none."""
    is_exact = isinstance(value, Decimal | int) and not isinstance(value, bool)
    if not is_exact or not Decimal(value).is_finite() or abs(Decimal(value).adjusted()) >= MAX_DIGITS:
        raise ValueError(
            f'{name} must be a Decimal or an int, such as Decimal("99.90"), finite and of at most {MAX_DIGITS} digits '
            f"on either side of its point, got {type(value).__name__} {value!r:.40}"
        )
    return Decimal(value)


def check_code(name: str, value: str, example: str) -> str:
    """Return a code of as many capitals as the example has; raise `ValueError` for what cannot be one."""
    if not isinstance(value, str) or not re.fullmatch(f"[A-Z]{{{len(example)}}}", value):
        raise ValueError(f"{name} must be a code such as {example!r}, in capitals, got {value!r:.40}")
    return value


def check_ip(name: str, value: object) -> str:
    """Return an address on the net; raise `ValueError`, which does not repeat it, for what is none."""
    try:
        return str(ip_address(str.__str__(value) if isinstance(value, str) else ""))
    except ValueError:
        pass
    raise ValueError(f"{name} must be an IPv4 or IPv6 address, such as '203.0.113.7', as text")
