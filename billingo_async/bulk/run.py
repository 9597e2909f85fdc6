"""The run over many drafts: takes them as they are needed, works on some at a time, tells outcomes as they come.

Holds at most `concurrency` drafts, those being read from the input and those whose outcome was not yet taken included.
What one key needs stands in `job`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable, Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, cast

from billingo_async.bulk.pace import Pace
from billingo_async.errors import ConfigurationError
from billingo_async.resources.once_per_key import Outcome

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from billingo_async.bulk.job import Job
    from billingo_async.bulk.journal import Journal
    from billingo_async.resources.account import Account
    from billingo_async.resources.once_per_key import Entries

PAIR: Final = 2


def run_of(journal: Journal, account: Account, entries: Entries, concurrency: int) -> AsyncGenerator[Outcome]:
    """Return the run; raise ConfigurationError or TypeError for arguments that cannot work."""
    if isinstance(concurrency, bool) or not isinstance(concurrency, int) or concurrency < 1:
        msg = f"concurrency must be a whole number of at least 1, got {concurrency!r:.40}"
        raise ConfigurationError(msg)
    source = _items(entries)
    pace = Pace(concurrency)
    return _Run(journal, account.listening(pace.hear), source, pace).outcomes()


class _Run:
    """One run, from its first draft to its last outcome."""

    def __init__(self, journal: Journal, account: Account, source: AsyncIterator[Any], pace: Pace) -> None:
        self._journal = journal
        self._account = account
        self._source = source
        self._pace = pace
        self._taken = 0
        self._reading: asyncio.Task[tuple[bool, Any]] | None = None
        self._at_work: set[asyncio.Task[Outcome]] = set()
        self._jobs: dict[asyncio.Task[Outcome], Job] = {}
        self._failure: BaseException | None = None
        self._is_over = False

    async def outcomes(self) -> AsyncGenerator[Outcome]:
        await self._journal.room()  # what is wrong with it is said once, and not of every key
        try:
            while True:
                self._take()
                waiting: set[asyncio.Task[Any]] = {*self._at_work, *([self._reading] if self._reading else [])}
                if not waiting:
                    break
                done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                if self._reading in done:
                    self._read(self._reading)
                for task in self._at_work & done:
                    self._at_work.discard(task)
                    yield task.result()
            if self._failure is not None:
                raise self._failure
        finally:
            await self._stop()

    def _take(self) -> None:
        """Read the next draft if there is room for one and none is being read."""
        if self._reading is None and not self._is_over and len(self._at_work) < self._pace.allowed:
            self._reading = asyncio.ensure_future(self._next())

    async def _next(self) -> tuple[bool, Any]:
        try:
            return True, await anext(self._source)
        except StopAsyncIteration:
            return False, None

    def _read(self, reading: asyncio.Task[tuple[bool, Any]] | None) -> None:
        """Begin the work on a draft that was read; what is wrong with the input ends the taking, not the work."""
        self._reading = None
        try:
            more, item = reading.result() if reading else (False, None)
        except Exception as error:  # noqa: BLE001 - raised to the caller when all that was begun is done
            self._failure, more, item = error, False, None
        if not more:
            self._is_over = True
            return
        self._taken += 1
        self._at_work.add(asyncio.create_task(self._outcome(item, self._taken), name="billingo-create-many"))

    async def _outcome(self, item: Any, number: int) -> Outcome:
        began = time.perf_counter()
        key = f"#{number}"
        try:
            given, new = _pair(item, number)
            key = given if isinstance(given, str) else key
            job = await self._journal.begin(self._account, new, given)
            self._jobs[cast("asyncio.Task[Outcome]", asyncio.current_task())] = job
            invoice = await asyncio.shield(job.task)
        except Exception as error:  # noqa: BLE001 - law of this room: one bad draft never stops the run
            return Outcome(key, None, error.with_traceback(None), time.perf_counter() - began)
        finally:
            self._jobs.pop(cast("asyncio.Task[Outcome]", asyncio.current_task()), None)
        return Outcome(key, invoice, None, time.perf_counter() - began)

    async def _stop(self) -> None:
        """Take no more, finish what is on the wire, leave nothing running."""
        jobs = list(self._jobs.values())
        tasks: list[asyncio.Task[Any]] = [*self._at_work, *([self._reading] if self._reading else [])]
        for task in tasks:
            task.cancel()
        for job in jobs:
            if not job.sent:
                job.task.cancel()
        await asyncio.gather(*tasks, *(job.task for job in jobs), return_exceptions=True)
        aclose = getattr(self._source, "aclose", None)
        if aclose is not None:
            with suppress(RuntimeError):  # a generator that is just running cannot be closed
                await aclose()


def _pair(item: tuple[object, ...] | list[object] | None, number: int) -> tuple[object, object]:
    if isinstance(item, tuple | list) and len(item) == PAIR:
        return item[0], item[1]
    msg = f"item {number} must be a pair of key and NewInvoice, got {type(item).__name__}"
    raise TypeError(msg)


def _items(entries: Mapping[str, Any] | Iterable[Any] | AsyncIterable[Any] | None) -> AsyncIterator[Any]:
    if isinstance(entries, Mapping):
        return _each(cast("Iterable[Any]", entries.items()))
    if isinstance(entries, AsyncIterable):
        return aiter(entries)
    if isinstance(entries, Iterable) and not isinstance(entries, str | bytes):
        return _each(entries)
    msg = f"create_many needs a mapping or an iterable of (key, NewInvoice), got {type(entries).__name__}"
    raise TypeError(msg)


async def _each(items: Iterable[Any]) -> AsyncGenerator[Any]:
    for item in items:
        yield item
