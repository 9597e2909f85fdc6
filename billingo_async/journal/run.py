"""The run over many drafts: takes them as they are needed, works on some at a time, tells outcomes as they come.

Holds at most `concurrency` drafts, those being read from the input and those whose outcome was not yet taken included.
What one key needs stands in `job`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Generator, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from billingo_async.errors import ConfigurationError
from billingo_async.journal.pace import Pace
from billingo_async.v2.resources.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from billingo_async.journal.job import Job
    from billingo_async.journal.journal import Journal
    from billingo_async.journal.room import Room
    from billingo_async.v2.models import Invoice
    from billingo_async.v2.resources.account import Account
    from billingo_async.v2.resources.once_per_key import Entries

    Source: TypeAlias = Iterator[Any] | AsyncIterator[Any]

PAIR: Final = 2
END: Final = object()
"""What stands after the last draft."""


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

    def __init__(self, journal: Journal, account: Account, source: Source, pace: Pace) -> None:
        self._journal = journal
        self._account = account
        self._source = source
        self._pace = pace
        self._taken = 0
        self._reading: asyncio.Task[Any] | None = None
        self._jobs: dict[int, Job] = {}
        self._events: asyncio.Queue[Outcome | asyncio.Task[Any]] = asyncio.Queue()
        self._in_hand = 0
        self._failure: BaseException | None = None
        self._is_over = False

    async def outcomes(self) -> AsyncGenerator[Outcome]:
        self._account.check_open()
        room = await self._journal.room()  # what is wrong with it is said once, and not of every key
        try:
            while True:
                if not room.is_usable:  # this machine has slept, or the database was away, for longer than a lease
                    room = await self._journal.room()
                self._take(room)
                if not self._in_hand and self._reading is None:
                    break
                event = await self._events.get()
                if isinstance(event, Outcome):
                    self._in_hand -= 1
                    yield event
                elif not event.cancelled():
                    self._reading = None
                    self._read(room, event.result)
            if self._failure is not None:
                raise self._failure
        finally:
            await self._stop()

    def _take(self, room: Room) -> None:
        """Take as many drafts as may be in hand; from an asynchronous input one after another."""
        while self._reading is None and not self._is_over and self._in_hand < self._pace.allowed:
            if isinstance(self._source, AsyncIterator):
                self._reading = asyncio.ensure_future(anext(self._source, END))
                self._reading.add_done_callback(self._events.put_nowait)
            else:
                self._read(room, partial(next, self._source, END))

    def _read(self, room: Room, read: Callable[[], Any]) -> None:
        """Begin the work on the next draft; what is wrong with the input ends the taking, not the work."""
        try:
            item = read()
        except Exception as error:  # noqa: BLE001 - raised to the caller when all that was begun is done
            self._failure, item = error, END
        if item is END:
            self._is_over = True
            return
        self._taken += 1
        self._in_hand += 1
        self._begin(room, item, self._taken)

    def _begin(self, room: Room, item: Any, number: int) -> None:
        began, key = time.perf_counter(), f"#{number}"
        try:
            given, new = _pair(item, number)
            key = given if isinstance(given, str) else key
            job = self._journal.begin_in(room, self._account, new, given)
        except Exception as error:  # noqa: BLE001 - law of this room: one bad draft never stops the run
            took = time.perf_counter() - began
            self._events.put_nowait(Outcome(key, None, error.with_traceback(None), took))
            return

        def told(task: asyncio.Task[Invoice]) -> None:
            self._jobs.pop(number, None)
            took = time.perf_counter() - began
            error = asyncio.CancelledError("interrupted") if task.cancelled() else task.exception()
            if error is None:
                self._events.put_nowait(Outcome(key, task.result(), None, took, was_there=not job.has_sent))
            else:
                failure = error if isinstance(error, Exception) else RuntimeError(f"{type(error).__name__}: {error}")
                self._events.put_nowait(Outcome(key, None, failure, took))

        self._jobs[number] = job
        job.task.add_done_callback(told)

    async def _stop(self) -> None:
        """Take no more, finish what is on the wire, leave nothing running."""
        # Who asks for the same key from elsewhere goes on waiting for it, and is not waited for here.
        waiting: list[asyncio.Task[Any]] = [job.task for job in self._jobs.values() if job.leave()]
        if self._reading is not None:
            self._reading.cancel()
            waiting.append(self._reading)
        await asyncio.gather(*waiting, return_exceptions=True)
        source: object = self._source
        if isinstance(self._source, AsyncGenerator):
            await cast("AsyncGenerator[object]", source).aclose()
        elif isinstance(self._source, Generator):
            cast("Generator[object]", source).close()


def _pair(item: tuple[object, ...] | list[object] | None, number: int) -> tuple[object, object]:
    if isinstance(item, tuple | list) and len(item) == PAIR:
        return item[0], item[1]
    msg = f"item {number} must be a pair of key and NewInvoice, got {type(item).__name__}"
    raise TypeError(msg)


def _items(entries: Mapping[str, Any] | Iterable[Any] | AsyncIterable[Any] | None) -> Source:
    if isinstance(entries, Mapping):
        return iter(cast("Iterable[Any]", entries.items()))
    if isinstance(entries, AsyncIterable):
        return aiter(entries)
    if isinstance(entries, Iterable) and not isinstance(entries, str | bytes):
        return iter(entries)
    msg = f"create_many needs a mapping or an iterable of (key, NewInvoice), got {type(entries).__name__}"
    raise TypeError(msg)
