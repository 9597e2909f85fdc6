"""What all nouns have in common: a dispatch to carry out calls, the spelling of queries and bodies, argument checks.

A check returns what may be sent, or raises TypeError or ValueError that names the argument, before anything leaves. No
endpoint is named here; those stand in `protocol.operations`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from billingo_async.fields.strict import LONGEST
from billingo_async.fields.writing import WrittenModel, to_json
from billingo_async.paging import AsyncPager, HasId

if TYPE_CHECKING:
    import re
    from collections.abc import Awaitable

    from billingo_async.protocol.call import Operation
    from billingo_async.transport.dispatch import Dispatch

R = TypeVar("R", bound=HasId)
W = TypeVar("W", bound=WrittenModel)
Plain = str | int | Decimal | date | None


class Resource:
    """One noun of the API, with a method for each verb."""

    def __init__(self, dispatch: Dispatch) -> None:
        """Take what carries out the calls."""
        self._dispatch = dispatch

    def _pager(
        self, row: Operation[list[R]], page: int, max_per_page: int, read_ahead: int, **filters: Plain
    ) -> AsyncPager[R]:
        kept = spelt(filters)

        def fetch(number: int) -> Awaitable[list[R]]:
            query = {"page": str(number), "max_per_page": str(max_per_page), **kept}
            return self._dispatch.run(row.call(query=query))

        return AsyncPager(fetch, page=page, max_per_page=max_per_page, read_ahead=read_ahead)


def spelt(values: Mapping[str, Plain]) -> dict[str, str]:
    """Return the query in the API's spelling, what is None left out.

    Raises TypeError for what is no mapping by name and for a kind of value that has no one spelling, such as a float,
    a bool or a moment; ValueError for a number that is not finite or has more digits than any amount.
    """
    if not isinstance(values, Mapping):
        msg = f'the params of a query must be a mapping, such as {{"page": 2}}, got {type(values).__name__}'
        raise TypeError(msg)
    told = {a_text("the name of a param", name): value for name, value in values.items() if value is not None}
    return {name: _spelt(name, value) for name, value in told.items()}


def _spelt(name: str, value: object) -> str:
    # The spelling is the plain type's: str() of an enum's member that is text or a number names the member.
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return int.__repr__(value)
    if isinstance(value, Decimal):
        return Decimal.__format__(an_amount(name, value), "f")
    if isinstance(value, date) and not isinstance(value, datetime):
        return date.isoformat(value)
    msg = f"{name} must be text, an int, a Decimal or a date, got {type(value).__name__}"
    raise TypeError(msg)


def a_text(name: str, value: object) -> str:
    """Return the plain text; raise TypeError for anything else."""
    if not isinstance(value, str):
        msg = f"{name} must be text, got {type(value).__name__}"
        raise TypeError(msg)
    return str.__str__(value)


def body_of(new: W, kind: type[W]) -> bytes:
    """Return the exact JSON of a written model; raise TypeError if it is not the `kind` that the call takes."""
    if not isinstance(new, kind):
        msg = f"a {kind.__name__} is needed here, got {type(new).__name__}"
        raise TypeError(msg)
    return to_json(new.to_wire())


def a_day(name: str, value: date | None) -> date | None:
    """Return the day; raise ValueError for text, and for a datetime, whose day depends on where one stands."""
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    msg = f"{name} must be a datetime.date, got {type(value).__name__}"
    raise ValueError(msg)


def an_amount(name: str, value: Decimal | int) -> Decimal:
    """Return an exact number; raise ValueError for a float, which has lost digits already, and for what is none."""
    is_exact = isinstance(value, Decimal | int) and not isinstance(value, bool)
    if not is_exact or not Decimal(value).is_finite() or abs(Decimal(value).adjusted()) >= LONGEST:
        msg = (
            f'{name} must be a Decimal or an int, such as Decimal("99.90"), finite and of at most {LONGEST} digits on '
            f"either side of its point, got {type(value).__name__} {value!r:.40}"
        )
        raise ValueError(msg)
    return Decimal(value)


def a_code(name: str, value: str, pattern: re.Pattern[str], example: str) -> str:
    """Return a code as it stands in a list of codes; raise ValueError for what cannot be one."""
    if not isinstance(value, str) or not pattern.fullmatch(value):
        msg = f"{name} must be a code such as {example!r}, in capitals, got {value!r:.40}"
        raise ValueError(msg)
    return value
