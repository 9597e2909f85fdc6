"""The run over many drafts: takes them as they are needed, works on some at a time, tells outcomes as they come.

Holds at most `concurrency` drafts, those being read from the input and those whose outcome was not yet taken included.
What one key needs stands in `job`.
"""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Generic, TypeAlias, TypeVar, cast

from billingo_async.errors import ConfigurationError, JournalError
from billingo_async.journal.job import Job, begin
from billingo_async.journal.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from billingo_async.journal.port import KeyedOperation
    from billingo_async.journal.session import JournalSession

    Source: TypeAlias = Iterator[Any] | AsyncIterator[Any]
    OpenSession: TypeAlias = Callable[[], Awaitable[JournalSession]]

T = TypeVar("T")
N = TypeVar("N")
PAIR: Final = 2
END: Final = object()
"""What stands after the last draft."""
FAILURES: Final = (Exception, asyncio.CancelledError)
"""What a caller's input may raise; what it awaits may have been cancelled elsewhere."""
Draft: TypeAlias = "N | Callable[[], N | Awaitable[N]]"
"""What is to be made, or a function that says so when its turn has come."""
Entries: TypeAlias = "Mapping[str, Draft[N]] | Iterable[tuple[str, Draft[N]]] | AsyncIterable[tuple[str, Draft[N]]]"


def outcomes_of(
    open_session: OpenSession, operation: KeyedOperation[T], entries: Entries[Any], concurrency: int
) -> AsyncGenerator[Outcome[T]]:
    """Return the run; raise ConfigurationError or TypeError for arguments that cannot work."""
    if isinstance(concurrency, bool) or not isinstance(concurrency, int) or concurrency < 1:
        raise ConfigurationError(f"concurrency must be a whole number of at least 1, got {concurrency!r:.40}")
    return _BulkRun(open_session, operation, _items(entries), concurrency).outcomes()


@dataclass(slots=True)
class _BulkRun(Generic[T]):
    """One run, from its first draft to its last outcome."""

    _open_session: OpenSession
    _operation: KeyedOperation[T]
    _source: Source
    _concurrency: int
    _taken: int = 0
    _in_hand: int = 0
    _is_over: bool = False
    _failure: BaseException | None = None
    _reading: asyncio.Task[Any] | None = None
    _jobs: dict[int, Job[T]] = field(default_factory=dict[int, "Job[T]"])
    _making: set[asyncio.Task[None]] = field(default_factory=set["asyncio.Task[None]"])
    _events: asyncio.Queue[Outcome[T] | asyncio.Task[Any]] = field(default_factory=asyncio.Queue[Any])

    async def outcomes(self) -> AsyncGenerator[Outcome[T]]:
        self._operation.account.dispatch.sender.check_open()
        session = await self._open_session()  # what is wrong with it is said once, and not of every key
        try:
            while True:
                if not session.is_usable:  # this machine has slept, or the database was away, longer than a lease
                    session = await self._open_session()
                self._take(session)
                if not self._in_hand and self._reading is None:
                    break
                event = await self._events.get()
                if isinstance(event, Outcome):
                    self._in_hand -= 1
                    yield event
                else:
                    self._reading = None
                    self._read(session, event.result)
            if self._failure is not None:
                raise self._failure
        finally:
            await self._stop()

    def _stop_taking(self, error: BaseException) -> None:
        self._failure = self._failure or error
        self._is_over = True

    def _take(self, session: JournalSession) -> None:
        """Take as many drafts as may be in hand; from an asynchronous input one after another."""
        while self._reading is None and not self._is_over and self._in_hand < self._concurrency:
            if isinstance(self._source, AsyncIterator):
                self._reading = asyncio.ensure_future(anext(self._source, END))
                self._reading.add_done_callback(self._events.put_nowait)
            else:
                self._read(session, partial(next, self._source, END))

    def _read(self, session: JournalSession, read: Callable[[], Any]) -> None:
        """Begin the work on the next draft; what is wrong with the input ends the taking, not the work."""
        try:
            item = read()
        except FAILURES as error:  # raised to the caller when all that was begun is done
            return self._stop_taking(error)
        if item is END:
            self._is_over = True
            return None
        self._taken += 1
        self._in_hand += 1
        return self._begin(session, item, self._taken)

    def _begin(self, session: JournalSession, item: Any, number: int) -> None:
        began, key = time.perf_counter(), f"#{number}"
        try:
            given, new = _pair(item, number)
            key = given if isinstance(given, str) else key
            made = new() if callable(new) else new
            if not inspect.isawaitable(made):
                return self._start(session, (key, given, made), number, began)
        except FAILURES as error:  # law of this room: one bad draft never stops the run
            return self._fail(key, error, began)

        async def make() -> None:
            try:
                self._start(session, (key, given, await made), number, began)
            except BaseException as error:  # a run that is not told of its end would wait for it for ever
                self._fail(key, error, began)
                if not isinstance(error, FAILURES):
                    raise

        task = asyncio.create_task(make(), name="billingo-journal-draft")
        self._making.add(task)
        task.add_done_callback(self._making.discard)
        return None

    def _start(self, session: JournalSession, draft: tuple[str, object, object], number: int, began: float) -> None:
        key, given, new = draft
        job = begin(session, self._operation, self._operation.state(given, new, session.stamp))  # type: ignore[arg-type]  # the operation checks its key

        def finish(task: asyncio.Task[T]) -> None:
            self._jobs.pop(number, None)
            error = asyncio.CancelledError("interrupted") if task.cancelled() else task.exception()
            if error is None:
                seconds = time.perf_counter() - began
                self._events.put_nowait(Outcome(key, task.result(), None, seconds, was_there=not job.sends))
            else:
                if isinstance(error, JournalError) and session.is_usable:
                    self._stop_taking(error)  # no other key will fare better
                self._fail(key, error, began)

        self._jobs[number] = job
        job.task.add_done_callback(finish)

    def _fail(self, key: str, error: BaseException, began: float) -> None:
        failure = error if isinstance(error, Exception) else RuntimeError(f"{type(error).__name__}: {error}")
        outcome: Outcome[T] = Outcome(key, None, failure.with_traceback(None), time.perf_counter() - began)
        self._events.put_nowait(outcome)

    async def _stop(self) -> None:
        """Take no more, finish what is on the wire, leave nothing running."""
        # A caller who asks for the same key from elsewhere goes on waiting for it, and is not waited for here.
        waiting: list[asyncio.Task[Any]] = [job.task for job in self._jobs.values() if job.leave()]
        for task in (*self._making, *([self._reading] if self._reading is not None else [])):
            task.cancel()
            waiting.append(task)
        await asyncio.shield(asyncio.gather(*waiting, return_exceptions=True))  # a second cancellation cancels no job
        source: object = self._source
        if isinstance(self._source, AsyncGenerator):
            await cast("AsyncGenerator[object]", source).aclose()
        elif isinstance(self._source, Generator):
            cast("Generator[object]", source).close()


def _pair(item: tuple[object, ...] | list[object] | None, number: int) -> tuple[object, Any]:
    if isinstance(item, tuple | list) and len(item) == PAIR:
        return item[0], item[1]
    raise TypeError(f"item {number} must be a pair of a key and what is to be made, got {type(item).__name__}")


def _items(entries: Mapping[str, Any] | Iterable[Any] | AsyncIterable[Any] | None) -> Source:
    if isinstance(entries, Mapping):
        return iter(cast("Iterable[Any]", entries.items()))
    if isinstance(entries, AsyncIterable):
        return aiter(entries)
    if isinstance(entries, Iterable) and not isinstance(entries, str | bytes):
        return iter(entries)
    raise TypeError(f"create_many needs a mapping or an iterable of (key, draft), got {type(entries).__name__}")
