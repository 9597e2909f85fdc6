"""The one task that writes the journal: takes all claims, results and other steps, and answers what is durable.

What costs is the disk's confirmation and the way to the database and back; shared by those who came together, it costs
each request little. Knows nothing of any operation: the steps stand in `claims` and `evidence`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from billingo_async.errors import BillingoError, ConfigurationError
from billingo_async.journal.claims import Claim, ClaimState, KeyResult, release_claim, write_entries
from billingo_async.journal.connections import SQLAlchemyError, connect
from billingo_async.journal.tables import State

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from billingo_async.journal.claims import ClaimAnswer, Ref
    from billingo_async.journal.connections import JournalConnection
    from billingo_async.journal.database import Database
    from billingo_async.journal.workers import Workers

T = TypeVar("T")
MIN_BATCH: Final = 6
"""As many as one transaction takes if they wait: all of them together cost little more than one alone."""
MAX_BATCH: Final = 500
RETRY_SECONDS: Final = 5.0
"""Seconds after which keys that could not be released are tried again, if nothing comes before."""
CLOSED: Final = "the journal was closed while it was used: keep `async with` around all calls"


@dataclass(frozen=True, slots=True)
class Entry:
    """A claim or a result to be written, and the future of the caller who waits for it."""

    what: Claim | KeyResult
    future: asyncio.Future[Any]

    @property
    def ref(self) -> Ref:
        """The row that it is about."""
        return self.what.ref

    @property
    def is_wanted(self) -> bool:
        """False for a claim whose caller has gone; what became of a key is always written."""
        return isinstance(self.what, KeyResult) or not self.future.done()

    @property
    def is_orphaned(self) -> bool:
        """True for a claim whose caller was cancelled or received an error.

        It may be committed all the same, so it has to be released.
        """
        gone = self.future.done() and (self.future.cancelled() or self.future.exception() is not None)
        return gone and isinstance(self.what, Claim)

    @property
    def is_claimed(self) -> bool:
        """True for a claim whose answer is to send."""
        is_answered = self.future.done() and not self.future.cancelled() and self.future.exception() is None
        return is_answered and isinstance(self.what, Claim) and self.future.result().verdict is ClaimState.MINE


class Writer:
    """The journal's writing task in one event loop."""

    def __init__(self, database: Database, workers: Workers) -> None:
        """Take where to write and in which worker's name; `open` begins."""
        self._database = database
        self._workers = workers
        self._entries: list[Entry] = []
        self._steps: list[tuple[Callable[[Connection], Any], asyncio.Future[Any]]] = []
        self._releases: list[Callable[[Connection], object]] = []
        """Steps that release keys which no job of this worker holds any more."""
        self._wake = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    @property
    def is_closed(self) -> bool:
        """True once nothing more can be written here."""
        return self._closing

    async def open(self) -> None:
        """Connect, enter the worker's name; raise JournalError if the database cannot be used."""
        self._task = asyncio.create_task(self._work(), name="billingo-journal")
        await self.run(self._workers.enter)

    async def claim(self, claim: Claim) -> ClaimAnswer:
        """Ask for a key; what is MINE is durable when this returns.

        A caller who is cancelled here claims nothing: what was not written yet never is, the rest is released before
        any other claim is answered.
        """
        entry = Entry(claim, self._future())
        self._put(entry)
        try:
            answer: ClaimAnswer = await entry.future
        except asyncio.CancelledError:
            if entry.is_claimed:  # cancelled just as it was answered
                self._take_back(entry)
            raise
        return answer

    async def record(self, result: KeyResult) -> None:
        """Write what became of a key; durable when this returns."""
        entry = Entry(result, self._future())
        self._put(entry)
        await entry.future

    def release_later(self, step: Callable[[Connection], object]) -> None:
        """Release keys for a job that is being cancelled: before any claim is answered, and again until it is written.

        Other workers take a key that is neither released nor worked on for busy, as long as this worker lives.
        """
        self._releases.append(step)
        self._wake.set()

    async def run(self, step: Callable[[Connection], T]) -> T:
        """Carry out a step in a transaction of its own and return what it returns."""
        future: asyncio.Future[T] = self._future()
        self._steps.append((step, future))
        self._wake.set()
        return await future

    def _put(self, entry: Entry) -> None:
        self._entries.append(entry)
        self._wake.set()

    def _take_back(self, entry: Entry) -> None:
        """Release a key that may have been claimed, if it was, for a caller who did not learn it: nothing was sent."""
        self.release_later(partial(release_claim, ref=entry.ref, owner=self._workers.owner, state=State.FREE))

    async def aclose(self) -> None:
        """Write what is still to be written, leave, and close the connection."""
        if self._task is None:
            return
        self._closing = True
        self._wake.set()
        await asyncio.wait([self._task])

    def _future(self) -> asyncio.Future[Any]:
        """Return what a caller with something to write waits for."""
        if self._closing or self._task is None or self._task.done():
            raise ConfigurationError(CLOSED)
        return asyncio.get_running_loop().create_future()

    async def _work(self) -> None:
        try:
            while not self._closing:
                try:
                    await self._connected()
                except (SQLAlchemyError, OSError, BillingoError) as error:
                    self._fail_all(error)
                    if self._releases:
                        asyncio.get_running_loop().call_later(RETRY_SECONDS, self._wake.set)
                    if not self._closing:
                        await self._wake.wait()
        finally:
            self._closing = True
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
                is_last = self._closing
                while self._entries or self._steps or self._releases:
                    await self._batch(connection)
                if is_last:
                    return await connection.transact(self._workers.leave)
        finally:
            await connection.aclose()

    async def _batch(self, connection: JournalConnection) -> None:
        """Carry out a part of what has come: claims and results in one transaction, other steps in one of their own.

        Half of the entries, not all: requests whose claims are answered together leave together, are answered
        together, and would from then on march in step, each waiting for all the others at every stage.
        """
        if self._releases:
            releases = tuple(self._releases)
            await connection.transact(lambda there: [step(there) for step in releases])
            del self._releases[: len(releases)]
        pending = [one for one in self._entries if not one.future.done() or one.is_wanted]
        count = len(pending) if self._closing else max(MIN_BATCH, (len(pending) + 1) // 2)
        entries, self._entries = pending[: min(count, MAX_BATCH)], pending[min(count, MAX_BATCH) :]
        steps, self._steps = self._steps, []
        if entries:
            await self._write(connection, entries)
        for step, future in steps:
            if not future.done():  # a caller who was cancelled has released what the step would have begun
                await self._carry_out(connection, step, [future], is_one=True)

    async def _write(self, connection: JournalConnection, entries: list[Entry]) -> None:
        """Write entries together; where one has spoilt it for all, each result by itself, and the claims next time."""
        step = partial(write_entries, entries=[entry.what for entry in entries], workers=self._workers)
        results = [entry for entry in entries if isinstance(entry.what, KeyResult)]
        try:
            futures = [entry.future for entry in entries]
            if await self._carry_out(connection, step, futures, may_fail=bool(results) and len(entries) > 1):
                return
            for entry in results:
                await self._write(connection, [entry])
            for entry in entries:
                if isinstance(entry.what, Claim):
                    self._take_back(entry)
                    self._entries.append(entry)
        finally:  # a commit that failed may have been confirmed all the same
            for entry in entries:
                if isinstance(entry.what, Claim) and entry.is_orphaned:
                    self._take_back(entry)

    async def _carry_out(
        self,
        connection: JournalConnection,
        step: Callable[[Connection], Any],
        futures: Sequence[asyncio.Future[Any]],
        *,
        is_one: bool = False,
        may_fail: bool = False,
    ) -> bool:
        """Commit a step and hand out its answers; with `may_fail` a failure is left to the caller."""
        try:
            answers = await connection.transact(step)
        except Exception as error:  # noqa: BLE001 - every waiting caller receives it, whatever it is, and the writer goes on
            if may_fail and not connection.is_broken:
                return False
            failure = self._failure_of(error, is_broken=connection.is_broken)
            for future in futures:
                _fail(future, failure)
            if connection.is_broken:
                raise self._database.failure("written", error) from None
            return True
        for future, answer in zip(futures, [answers] if is_one else answers, strict=True):
            if not future.done():
                future.set_result(answer)
        return True

    def _failure_of(self, error: Exception, *, is_broken: bool) -> Exception:
        is_databases = is_broken or isinstance(error, SQLAlchemyError | OSError)
        return self._database.failure("written", error) if is_databases else error

    def _fail_all(self, error: Exception) -> None:
        failure = error if isinstance(error, BillingoError) else self._database.failure("opened", error)
        for future in (*(entry.future for entry in self._entries), *(future for _, future in self._steps)):
            _fail(future, failure)
        self._entries.clear()
        self._steps.clear()
        self._wake.clear()


def _fail(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
