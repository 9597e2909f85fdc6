"""Asking the account what it holds: one listing of the days in question serves all who wait for one.

Reads only. What is made of the answer stands in `reconcile`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from billingo_async.errors import BillingoError, ConfigurationError
from billingo_async.journal.compare import Match, compare
from billingo_async.journal.evidence import see

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping
    from datetime import date

    from billingo_async.journal.writer import Writer
    from billingo_async.v2.models import Invoice
    from billingo_async.v2.resources.account import Account

LOGGER: Final = logging.getLogger("billingo_async")
AROUND: Final = timedelta(hours=3)
"""By how much the server's calendar and clock may differ from UTC here; Hungary is one or two hours ahead."""
LASTS: Final = timedelta(days=1)
"""No intent is at work longer than this."""
CHUNK: Final = 500
MOST_REPEATS: Final = 3
"""Pages in a row that may hold nothing new: as many invoices as a page holds were made while it was on its way."""


class RestlessListError(Exception):
    """The list moves on faster than it can be read, so that nobody can say what it does not hold."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one waits for: a request, by what it is recognised, when it left; and what was found."""

    wire: Mapping[str, Any]
    stamp: str | None
    first: date
    last: date
    found: dict[int, Invoice] = field(default_factory=dict[int, "Invoice"])


def days_of(left_at: float) -> tuple[date, date]:
    """Return the first and the last day that an invoice may bear whose request left at this Unix time."""
    left = datetime.fromtimestamp(left_at, UTC)
    until = min(datetime.now(UTC), left + LASTS)
    return (left - AROUND).date(), (max(until, left) + AROUND).date()


class Looks:
    """The listings of one account, shared; and what of them was there before this worker began."""

    def __init__(self, writer: Writer) -> None:
        """Take who keeps what was seen."""
        self._writer = writer
        self._waiting: list[tuple[Wanted, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None
        self._seen: dict[date, asyncio.Task[None]] = {}

    async def look(self, account: Account, wanted: Wanted) -> None:
        """Fill in what the account holds that can be meant, as it is after this call has begun."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((wanted, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._serve(account), name="billingo-journal-looks")
        await future

    async def remember_what_is_there(self, account: Account) -> None:
        """Once a day, note the invoices of the day that no key made: what is there already was not made by an intent.

        It is evidence for the day that something goes wrong, so a failure is told in the log and otherwise ignored.
        """
        today = datetime.now(UTC).date()
        task = self._seen.get(today)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):  # not seen yet
            task = asyncio.create_task(self._remember(account), name="billingo-journal-seen")
            self._seen = {today: task}
        if not task.done():
            await asyncio.shield(task)

    async def aclose(self) -> None:
        """Leave nothing running."""
        tasks = [task for task in (self._task, *self._seen.values()) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _remember(self, account: Account) -> None:
        first, last = days_of(time.time())
        ids: list[int] = []
        try:
            async for invoice in account.query(first, last):
                ids.append(invoice.id)
                if len(ids) == CHUNK:
                    await self._note(account, ids)
                    ids = []
            await self._note(account, ids)
        except ConfigurationError:
            raise
        except BillingoError as error:
            with suppress(Exception):  # a handler or filter that fails takes no invoice with it
                LOGGER.warning("the journal could not see what the account holds: %s", type(error).__name__)

    async def _note(self, account: Account, ids: list[int]) -> None:
        if ids:
            await self._writer.run(lambda connection: see(connection, account.name, ids, time.time()))

    async def _serve(self, account: Account) -> None:
        """List again and again, each time for all who have come meanwhile."""
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            try:
                await self._list(account, [wanted for wanted, _ in waiting])
            except Exception as error:  # noqa: BLE001 - whoever waits is told
                for _, future in waiting:
                    if not future.done():
                        future.set_exception(error)
            else:
                for _, future in waiting:
                    if not future.done():
                        future.set_result(None)
            finally:
                for _, future in waiting:
                    future.cancel()  # does nothing to one that is done

    async def _list(self, account: Account, wanted: list[Wanted]) -> None:
        by_client: dict[int, list[Wanted]] = {}
        for one in wanted:
            by_client.setdefault(one.wire["client_uid"], []).append(one)
        first, last = min(one.first for one in wanted), max(one.last for one in wanted)
        async for invoice in _whole_list(account, first, last):
            for one in wanted if invoice.client_uid is None else by_client.get(invoice.client_uid, ()):
                if compare(one.wire, one.stamp, invoice) is not Match.NO:
                    one.found[invoice.id] = invoice


async def _whole_list(account: Account, first: date, last: date) -> AsyncGenerator[Invoice]:
    """List to the very end.

    The newest come first, and those made meanwhile push the others back: a page that was there already is no end here,
    as it is to a pager, for what is not found is going to be made.
    """
    seen: set[int] = set()
    repeats = number = 0
    while repeats <= MOST_REPEATS:
        number += 1
        page = await account.query(first, last, page=number)
        fresh = {invoice.id: invoice for invoice in page if invoice.id not in seen}
        seen.update(fresh)
        for invoice in fresh.values():
            yield invoice
        if not page.has_next:
            return
        repeats = 0 if fresh else repeats + 1
    raise RestlessListError("the list of invoices moves on faster than it can be read")
