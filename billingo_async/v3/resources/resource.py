"""What all nouns of API v3 have in common: calls, lists in pages, bodies of requests, and waiting for what is made.

No endpoint is named here; those stand in `operations`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from billingo_async.errors import DocumentNotReadyError
from billingo_async.fields.arguments import check_int, encode_query
from billingo_async.fields.writing import WrittenModel, encode_body
from billingo_async.journal.journal import missing_journal
from billingo_async.journal.port import Account
from billingo_async.paging import AsyncPager, Deletions, HasId

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from billingo_async.fields.arguments import QueryValue
    from billingo_async.journal.journal import Journal
    from billingo_async.journal.port import KeyedOperation
    from billingo_async.protocol.call import Operation
    from billingo_async.protocol.decoders import Rows
    from billingo_async.transport.dispatch import Dispatch

MAX_PER_PAGE: Final = 100
"""Source: specification, per_page."""
FIRST_PAUSE: Final = 1.0
"""Seconds before what is not made yet is asked for again, half as long again each time; a PDF takes about two."""
MAX_PAUSE: Final = 10.0

R = TypeVar("R", bound=HasId)
T = TypeVar("T")
W = TypeVar("W", bound=WrittenModel)


class Resource:
    """One noun of the API, with a method for each verb."""

    def __init__(self, dispatch: Dispatch, journal: Journal | None = None) -> None:
        """Take what carries out the calls, and what remembers keys if there is something."""
        self._dispatch = dispatch
        self._journal = journal
        self._deletions = Deletions.of(dispatch.settings.base_url, dispatch.auth.account, type(self).__name__)

    async def _create(self, row: Operation[T], new: W, kind: type[W], key: str | None = None) -> T:
        if key is not None:
            return await self._once(row, new, key)
        return await self._dispatch.run(row.call(body=encode_body(new, kind)))

    async def _once(self, row: Operation[T], new: Any, key: str) -> T:
        """Carry out a ONCE operation under a key."""
        journal = self._journal or missing_journal(f"{row.name}(key=…)")
        return await journal.do(self._keyed(row), new, key)

    def _keyed(self, row: Operation[T]) -> KeyedOperation[T]:
        from billingo_async.v3.reconcile import KEYED  # noqa: PLC0415 - loaded by those who give keys

        return KEYED[row.name](Account(self._dispatch))

    async def _write(self, row: Operation[T], id: int, new: W, kind: type[W]) -> T:
        return await self._dispatch.run(row.call(body=encode_body(new, kind), id=id))

    async def _delete(self, row: Operation[None], id: int) -> None:
        with self._deletions.one():
            await self._dispatch.run(row.call(id=id))

    def _pager(
        self, row: Operation[Rows[R]], page: int, per_page: int, read_ahead: int, **filters: QueryValue
    ) -> AsyncPager[R]:
        encoded = encode_query(filters)
        check_int("per_page", per_page, 1, MAX_PER_PAGE)

        def fetch(number: int) -> Awaitable[Rows[R]]:
            query = {"page": str(number), "per_page": str(per_page), **encoded}
            return self._dispatch.run(row.call(query=query))

        return AsyncPager(fetch, page=page, size=per_page, read_ahead=read_ahead, deletions=self._deletions)

    async def _when_made(self, fetch: Callable[[], Awaitable[T]]) -> T:
        """Fetch what the server may be making still, a little later each time, within `max_wait`."""
        waited, pause = 0.0, FIRST_PAUSE
        while True:
            try:
                return await fetch()
            except DocumentNotReadyError as error:
                wait = max(pause, error.retry_after or 0.0)
                if waited + wait > self._dispatch.settings.max_wait:
                    raise
            await self._dispatch.sender.sleep(wait)
            waited, pause = waited + wait, min(MAX_PAUSE, pause * 1.5)
