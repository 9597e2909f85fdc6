"""What all nouns have in common: a dispatch that carries out calls, lists in pages, and the bodies of requests.

No endpoint is named here; those stand in `operations`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from billingo_async.fields.arguments import check_int, encode_query
from billingo_async.fields.writing import WrittenModel, encode_body
from billingo_async.journal.journal import missing_journal
from billingo_async.journal.port import Account
from billingo_async.paging import AsyncPager, Deletions, HasId

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from billingo_async.fields.arguments import QueryValue
    from billingo_async.journal.journal import Journal
    from billingo_async.journal.port import KeyedOperation
    from billingo_async.protocol.call import Operation
    from billingo_async.protocol.decoders import Rows
    from billingo_async.transport.dispatch import Dispatch

MAX_PER_PAGE: Final = 50
"""The API's absolute maximum. Source: API docs, Invoices / Show the invoices."""

NO_FILTERS: Final[Mapping[str, QueryValue]] = {}

R = TypeVar("R", bound=HasId)
T = TypeVar("T")
W = TypeVar("W", bound=WrittenModel)


class Resource:
    """One noun of the API, with a method for each verb."""

    def __init__(self, dispatch: Dispatch, journal: Journal | None = None) -> None:
        """Take what carries out the calls, and what remembers keys if there is something."""
        self._dispatch = dispatch
        self._journal = journal
        settings = dispatch.settings
        self._deletions = Deletions.of(settings.base_url, dispatch.auth.account, type(self).__name__)

    async def _write(self, row: Operation[T], new: W, kind: type[W], **parts: Any) -> T:
        return await self._dispatch.run(row.call(body=encode_body(new, kind), **parts))

    async def _once(self, operation: type[KeyedOperation[T]], new: Any, key: str) -> T:
        """Carry out a ONCE operation under a key."""
        journal = self._journal or missing_journal(f"{operation.name}(key=…)")
        return await journal.do(operation(Account(self._dispatch)), new, key)

    def _pager(
        self,
        row: Operation[Rows[R]],
        page: int,
        max_per_page: int,
        read_ahead: int,
        filters: Mapping[str, QueryValue] = NO_FILTERS,
        *,
        keep: Callable[[R], bool] | None = None,
    ) -> AsyncPager[R]:
        encoded = encode_query(filters)
        check_int("max_per_page", max_per_page, 1, MAX_PER_PAGE)

        def fetch(number: int) -> Awaitable[Rows[R]]:
            query = {"page": str(number), "max_per_page": str(max_per_page), **encoded}
            return self._dispatch.run(row.call(query=query))

        return AsyncPager(
            fetch, page=page, size=max_per_page, read_ahead=read_ahead, deletions=self._deletions, keep=keep
        )
