"""What all nouns have in common: a dispatch to carry out calls, and the spelling of queries and bodies.

No endpoint is named here; those stand in `protocol.operations`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from billingo_async.models.writing import WrittenModel, to_json
from billingo_async.paging import AsyncPager, HasId

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping

    from billingo_async.protocol.call import Operation
    from billingo_async.transport.dispatch import Dispatch

R = TypeVar("R", bound=HasId)
W = TypeVar("W", bound=WrittenModel)
Plain = str | int | date | None


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
    """Return the query in the API's spelling: days as ISO text, what is None left out."""
    return {
        name: value.isoformat() if isinstance(value, date) else str(value)
        for name, value in values.items()
        if value is not None
    }


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
