"""The one task that writes the journal: takes all claims, results and other steps, and answers what is durable.

What costs is the disk's confirmation and the way to the database and back; shared by those who came together, it costs
each request little. Knows nothing of any operation: the steps stand in `claims`, or where they are asked for.
"""

from __future__ import annotations

import asyncio
import copy
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeVar

from billingo_async.errors import BillingoError, ConfigurationError
from billingo_async.journal.claims import MINE, Claim, ClaimState, KeyResult, batch_of, release_claim, write_each
from billingo_async.journal.connections import JournalConnection, SQLAlchemyError, connect
from billingo_async.journal.database import Database, is_of_data
from billingo_async.journal.tables import Batch, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Connection

    from billingo_async.journal.claims import ClaimAnswer
    from billingo_async.journal.workers import Workers

T = TypeVar("T")
MIN_BATCH: Final = 16
"""As many as one transaction takes if they wait: all of them together cost little more than one alone."""
MAX_BATCH: Final = 100
GATHER_SECONDS: Final = 0.001
"""Seconds between two batches while several keys are under way: a small batch costs as much as a large one."""
RETRY_SECONDS: Final = 5.0
"""Seconds after which keys that could not be released are tried again, if nothing comes before."""
PATIENCE_SECONDS: Final = 90.0
"""Seconds for which a caller with the ordinary options waits for the journal."""
CLOSED: Final = "the journal was closed while it was used: keep `async with` around all calls"


@dataclass(slots=True)
class Entry:
    """A claim or a result to be written, and the future of the caller who waits for it."""

    what: Claim | KeyResult
    future: asyncio.Future[Any]

    @property
    def is_pending(self) -> bool:
        """False for a claim whose caller has gone; what became of a key is always written."""
        return isinstance(self.what, KeyResult) or not self.future.done()

    @property
    def is_orphaned(self) -> bool:
        """True for a claim whose caller was cancelled or received an error.

        It may be committed all the same, so it has to be released.
        """
        gone = self.future.done() and (self.future.cancelled() or self.future.exception() is not None)
        return gone and isinstance(self.what, Claim)


class Writer:
    """The journal's writing task in one event loop."""

    def __init__(self, database: Database, workers: Workers) -> None:
        """Take where to write and in which worker's name; `open` begins."""
        self._database = database
        self._workers = workers
        self._entries: list[Entry] = []
        self._steps: list[tuple[Callable[[Connection], list[Any]], asyncio.Future[Any]]] = []
        self._releases: list[Callable[[Connection], object]] = []
        """Steps that release keys which no job of this worker holds any more."""
        self._wake = asyncio.Event()
        self.is_closed: bool = False
        """True once nothing more can be written here."""
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect, enter the worker's name; raise JournalError if the database cannot be used."""
        self._task = asyncio.create_task(self._work(), name="billingo-journal")
        await self.run(self._workers.enter)

    async def claim(self, claim: Claim, patience: float = PATIENCE_SECONDS) -> ClaimAnswer:
        """Ask for a key; what is MINE is durable when this returns. Raises TimeoutError after `patience` seconds.

        A caller who is cancelled here claims nothing: what was not written yet never is, the rest is released before
        any other claim is answered.
        """
        entry = Entry(claim, self._future())
        try:
            answer: ClaimAnswer = await self._written(entry, patience)
        except asyncio.CancelledError:
            if not entry.is_orphaned and entry.future.result().verdict is ClaimState.MINE:
                self._take_back(entry)  # cancelled just as it was answered
            raise
        return answer

    async def record(self, result: KeyResult, patience: float = PATIENCE_SECONDS) -> None:
        """Write what became of a key; durable when this returns. Raises TimeoutError after `patience` seconds."""
        await self._written(Entry(result, self._future()), patience)

    async def _written(self, entry: Entry, patience: float) -> Any:
        self._entries.append(entry)
        self._wake.set()
        alarm = asyncio.get_running_loop().call_later(patience, _fail, entry.future, TimeoutError())
        try:
            return await entry.future
        finally:
            alarm.cancel()

    def release_later(self, step: Callable[[Connection], object]) -> None:
        """Release keys for a job that is being cancelled: before any claim is answered, and again until it is written.

        Other workers take a key that is neither released nor worked on for busy, as long as this worker lives.
        """
        self._releases.append(step)
        self._wake.set()

    async def run(self, step: Callable[[Connection], T]) -> T:
        """Carry out a step in a transaction of its own and return what it returns."""
        future: asyncio.Future[T] = self._future()
        self._steps.append((lambda connection: [step(connection)], future))
        self._wake.set()
        return await future

    def _take_back(self, entry: Entry) -> None:
        """Release a key that may have been claimed, if it was, for a caller who did not learn it: nothing was sent."""
        self.release_later(partial(release_claim, ref=entry.what.ref, owner=self._workers.owner, state=State.FREE))

    async def aclose(self) -> None:
        """Write what is still to be written, leave, and close the connection."""
        if self._task is None:
            return
        self.is_closed = True
        self._wake.set()
        await asyncio.wait([self._task])

    def _future(self) -> asyncio.Future[Any]:
        """Return what a caller with something to write waits for."""
        if self.is_closed or self._task is None or self._task.done():
            raise ConfigurationError(CLOSED)
        return asyncio.get_running_loop().create_future()

    async def _work(self) -> None:
        try:
            while not self.is_closed:
                try:
                    await self._connected()
                except (SQLAlchemyError, OSError, BillingoError) as error:
                    self._fail_all(error)
                    if self._releases:
                        asyncio.get_running_loop().call_later(RETRY_SECONDS, self._wake.set)
                    if not self.is_closed:
                        await self._wake.wait()
        finally:
            self.is_closed = True
            self._workers.abandon()
            self._fail_all(ConfigurationError(CLOSED))

    async def _connected(self) -> None:
        """Work with one connection until it breaks or nothing more is to come."""
        connection = connect(self._database)
        try:
            await connection.open()
            while True:
                await self._wake.wait()
                self._wake.clear()
                is_last = self.is_closed
                while self._entries or self._steps or self._releases:
                    if await self._batch(connection) > 1 and not self.is_closed:
                        await asyncio.sleep(GATHER_SECONDS)
                if is_last:
                    return await connection.transact(self._workers.leave)
        finally:
            await connection.aclose()

    async def _batch(self, connection: JournalConnection) -> int:
        """Carry out a part of what has come: claims and results in one transaction, other steps in one of their own.

        Returns how many claims and results it wrote.

        Half of the entries, not all: requests whose claims are answered together leave together, are answered
        together, and would from then on march in step, each waiting for all the others at every stage.
        """
        if self._releases:
            releases = tuple(self._releases)
            await connection.transact(lambda there: [step(there) for step in releases])
            del self._releases[: len(releases)]
        pending = [one for one in self._entries if one.is_pending]
        count = len(pending) if self.is_closed else max(MIN_BATCH, (len(pending) + 1) // 2)
        entries, self._entries = pending[: min(count, MAX_BATCH)], pending[min(count, MAX_BATCH) :]
        if entries:
            await self._write(connection, entries)
        for _ in range(len(self._steps)):
            step, future = self._steps.pop(0)
            if not future.done():  # a caller who was cancelled has released what the step would have begun
                await self._carry_out(connection, step, [future])
        return len(entries)

    async def _write(self, connection: JournalConnection, entries: Sequence[Entry]) -> None:
        """Write entries by one statement; where that cannot be, one after another."""
        batch = batch_of(map(attrgetter("what"), entries), self._workers)
        try:
            if batch is None or not await self._write_at_once(connection, batch, entries):
                waiting = [entry for entry in entries if not entry.future.done()]
                step = partial(write_each, entries=[entry.what for entry in waiting], workers=self._workers)
                await self._carry_out(connection, step, [entry.future for entry in waiting])
        except BillingoError as failure:  # the connection is of no more use to those that were not reached either
            for entry in entries:
                _fail(entry.future, failure)
            raise
        finally:  # a commit that failed may have been confirmed all the same
            for entry in entries:
                if entry.is_orphaned:
                    self._take_back(entry)

    async def _write_at_once(self, connection: JournalConnection, batch: Batch, entries: Sequence[Entry]) -> bool:
        """Write a batch; False where what is still waited for has to be written one by one."""
        try:
            is_written = await connection.write(batch)
        except Exception as error:  # noqa: BLE001 - whatever it is; where it was committed all the same, claims are orphaned
            if is_of_data(error) and not connection.is_broken:
                return False  # one value of one row: none was written, and the others can be
            failure = self._failure_of(connection, error)
        else:
            for entry in entries if is_written else ():
                if not entry.future.done():
                    entry.future.set_result(MINE if isinstance(entry.what, Claim) else None)
            return is_written
        spoilt = [entry.future for entry in entries if connection.is_broken or isinstance(entry.what, Claim)]
        self._spoil(connection, spoilt, failure)
        return False

    async def _carry_out(
        self,
        connection: JournalConnection,
        step: Callable[[Connection], Sequence[Any]],
        futures: Sequence[asyncio.Future[Any]],
    ) -> None:
        """Commit a step and hand out its answers, or its failure."""
        try:
            answers = await connection.transact(step)
        except Exception as error:  # noqa: BLE001 - every waiting caller receives it, whatever it is, and the writer goes on
            failure = self._failure_of(connection, error)
        else:
            for future, answer in zip(futures, answers, strict=True):
                if isinstance(answer, Exception):
                    _fail(future, self._failure_of(connection, answer))
                elif not future.done():
                    future.set_result(answer)
            return
        self._spoil(connection, futures, failure)  # outside, so that it holds no frame in which rows were written

    def _failure_of(self, connection: JournalConnection, error: Exception) -> Exception:
        """Return what callers receive: the database's failures as the journal's."""
        is_databases = connection.is_broken or isinstance(error, SQLAlchemyError | OSError) or is_of_data(error)
        return self._database.failure("written", error) if is_databases else error

    def _spoil(self, connection: JournalConnection, futures: Iterable[asyncio.Future[Any]], failure: Exception) -> None:
        """Hand out a failure; raise it where the connection is of no more use."""
        for future in futures:
            _fail(future, failure)
        if connection.is_broken:
            raise failure

    def _fail_all(self, error: Exception) -> None:
        failure = error if isinstance(error, BillingoError) else self._database.failure("opened", error)
        for future in (*(entry.future for entry in self._entries), *(future for _, future in self._steps)):
            _fail(future, failure)
        self._entries.clear()
        self._steps.clear()
        self._wake.clear()


def _fail(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():  # each receives its own, for a traceback leads through the frames of all who wrote
        future.set_exception(copy.copy(error) if isinstance(error, BillingoError) else error)
