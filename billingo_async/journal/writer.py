"""The one who writes the journal: takes everybody's claims, outcomes and other steps, and answers what is durable.

Nearly all claims and outcomes are written by `group`. What that leaves, and every other step, is carried out by a task
of the writer, as many claims and outcomes as have come in one transaction. Knows nothing of invoices: the steps stand
in `book` and `evidence`.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from billingo_async.errors import BillingoError, ConfigurationError
from billingo_async.journal.book import Claim, Note, interrupt, write_all
from billingo_async.journal.group import Entry, GroupCommit, fail
from billingo_async.journal.lines import SQLAlchemyError, line_of
from billingo_async.journal.tables import State

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from billingo_async.journal.book import Claimed
    from billingo_async.journal.database import Database
    from billingo_async.journal.lines import Line
    from billingo_async.journal.workers import Workers

T = TypeVar("T")
MOST: Final = 500
"""Claims and outcomes in one transaction of those that the group commit has left."""
AGAIN: Final = 5.0
"""Seconds after which keys that could not be left are tried again, if nobody comes before."""


class Writer:
    """The journal's hand in one event loop."""

    def __init__(self, database: Database, workers: Workers) -> None:
        """Take where to write and in whose name; `open` begins."""
        self._database = database
        self._workers = workers
        self._group: GroupCommit | None = None
        """There while a connection is open."""
        self._entries: list[Entry] = []
        self._steps: list[tuple[Callable[[Connection], Any], asyncio.Future[Any]]] = []
        self._owed: list[Callable[[Connection], object]] = []
        """Steps by which keys are left that nobody here is at any more."""
        self._wanted = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    @property
    def is_closed(self) -> bool:
        """True once nothing more can be written here."""
        return self._closing

    async def open(self) -> None:
        """Connect, enter the worker's name; raise ConfigurationError if the database cannot be used."""
        self._task = asyncio.create_task(self._work(), name="billingo-journal")
        await self.run(self._workers.enter)

    async def claim(self, claim: Claim) -> Claimed:
        """Ask for a key; what is MINE is durable when this returns.

        Who is cancelled here claims nothing: what was not written yet never is, the rest is taken back before any other
        claim is answered.
        """
        entry = Entry(claim, self._future())
        self._put(entry)
        try:
            answer: Claimed = await entry.future
        except asyncio.CancelledError:
            if entry.is_claimed:  # cancelled just as it was told
                self._take_back(entry)
            raise
        return answer

    async def note(self, note: Note) -> None:
        """Write what became of a key; durable when this returns."""
        entry = Entry(note, self._future())
        self._put(entry)
        await entry.future

    def leave_soon(self, step: Callable[[Connection], object]) -> None:
        """Leave keys, for those who are being cancelled: before any claim is answered, and again until it is written.

        Others take a key that is neither left nor worked on for busy, as long as this worker lives.
        """
        self._owed.append(step)
        self._wanted.set()

    async def run(self, step: Callable[[Connection], T]) -> T:
        """Carry out a step in a transaction of its own and return what it returns."""
        future: asyncio.Future[T] = self._future()
        self._steps.append((step, future))
        self._wanted.set()
        return await future

    def _put(self, entry: Entry) -> None:
        if self._group is not None:
            self._group.put(entry)
        else:
            self._entries.append(entry)
            self._wanted.set()

    def _left(self, entry: Entry, may_be_written: bool) -> None:  # noqa: FBT001 - told by the group commit alone
        """See to an entry that the group commit has left."""
        if may_be_written and isinstance(entry.what, Claim):
            self._take_back(entry)
        if entry.is_wanted:
            self._entries.append(entry)
        self._wanted.set()

    def _take_back(self, entry: Entry) -> None:
        """Leave a key that may have been claimed, if it was, for one who did not hear of it: nothing was sent."""
        self.leave_soon(partial(interrupt, key=entry.key, owner=self._workers.owner, state=State.FREE))

    async def aclose(self) -> None:
        """Write what is still to be written, leave, and close the connection."""
        if self._task is None:
            return
        self._closing = True
        self._wanted.set()
        await asyncio.wait([self._task])

    def _future(self) -> asyncio.Future[Any]:
        """Return what one who has something to write waits for."""
        if self._closing or self._task is None or self._task.done():
            raise ConfigurationError("the journal was closed while it was used: keep `async with` around all calls")
        return asyncio.get_running_loop().create_future()

    async def _work(self) -> None:
        try:
            while not self._closing:
                try:
                    await self._connected()
                except (SQLAlchemyError, OSError, ConfigurationError) as error:
                    self._fail_all(error)
                    if self._owed:
                        asyncio.get_running_loop().call_later(AGAIN, self._wanted.set)
                    if not self._closing:
                        await self._wanted.wait()
        finally:
            self._closing = True
            self._workers.vanish()
            self._fail_all(ConfigurationError("the journal was closed while it was used"))

    async def _connected(self) -> None:
        """Work with one connection until it breaks or nothing more is to come."""
        line = line_of(self._database)
        group = GroupCommit(line, self._workers.owner, self._left)
        try:
            await line.open()
            self._group = group
            while True:
                await self._wanted.wait()
                self._wanted.clear()
                await group.hold()  # keys that nobody heard of are left before any other claim is answered
                is_last = self._closing
                if is_last:
                    group.stop()
                while self._is_busy:
                    await self._batch(line)
                if is_last:
                    return await line.transact(self._workers.leave)
                group.release()
        finally:
            self._group = None
            group.stop()
            await line.aclose()

    @property
    def _is_busy(self) -> bool:
        return bool(self._entries or self._steps or self._owed)

    async def _batch(self, line: Line) -> None:
        """Carry out what has come so far: claims and outcomes in one transaction, other steps in one of their own."""
        if self._owed:
            owed = tuple(self._owed)
            await line.transact(lambda there: [step(there) for step in owed])
            del self._owed[: len(owed)]
        wanted = [entry for entry in self._entries if entry.is_wanted]
        entries, self._entries = wanted[:MOST], wanted[MOST:]
        steps, self._steps = self._steps, []
        if entries:
            await self._written(line, entries)
        for step, future in steps:
            if not future.done():  # who was cancelled has left what the step would have begun
                await self._carried_out(line, step, [future], one=True)

    async def _written(self, line: Line, entries: list[Entry]) -> None:
        """Write entries together; where one has spoilt it for all, each outcome by itself, and the claims next time."""
        step = partial(write_all, entries=[entry.what for entry in entries], workers=self._workers)
        notes = [entry for entry in entries if isinstance(entry.what, Note)]
        try:
            futures = [entry.future for entry in entries]
            if await self._carried_out(line, step, futures, retry=bool(notes) and len(entries) > 1):
                return
            for entry in notes:
                await self._written(line, [entry])
            for entry in entries:
                if entry not in notes:
                    self._left(entry, may_be_written=True)
        finally:  # a commit that failed may have been confirmed all the same
            for entry in entries:
                if entry.is_unheard:
                    self._take_back(entry)

    async def _carried_out(
        self,
        line: Line,
        step: Callable[[Connection], Any],
        futures: Sequence[asyncio.Future[Any]],
        *,
        one: bool = False,
        retry: bool = False,
    ) -> bool:
        """Commit a step and hand out its answers; with `retry` a failure is left to the caller."""
        try:
            answers = await line.transact(step)
        except Exception as error:  # noqa: BLE001 - whoever waits is told, whatever it is, and the writer goes on
            if retry and not line.is_broken:
                return False
            for future in futures:
                fail(future, self._told(error))
            if line.is_broken:
                raise ConfigurationError(str(self._told(error))) from None
            return True
        for future, answer in zip(futures, [answers] if one else answers, strict=True):
            if not future.done():
                future.set_result(answer)
        return True

    def _told(self, error: Exception) -> Exception:
        return self._database.broken("written", error) if isinstance(error, SQLAlchemyError | OSError) else error

    def _fail_all(self, error: Exception) -> None:
        told = error if isinstance(error, BillingoError) else self._database.broken("opened", error)
        for future in (*(entry.future for entry in self._entries), *(future for _, future in self._steps)):
            fail(future, told)
        self._entries.clear()
        self._steps.clear()
        self._wanted.clear()
