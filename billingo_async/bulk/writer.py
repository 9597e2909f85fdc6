"""The one who writes the journal: a task that carries out everybody's steps, as many as have come in one transaction.

What costs is the disk's confirmation, once a transaction; shared by all who wait, it costs each of them little. Knows
nothing of invoices: the steps stand in `book` and `evidence`.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from billingo_async.bulk.book import Verdict, claim_all, note_all, take_back
from billingo_async.bulk.database import SQLAlchemyError
from billingo_async.errors import BillingoError, ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from billingo_async.bulk.book import Claim, Claimed, Note
    from billingo_async.bulk.database import Database, Line
    from billingo_async.bulk.workers import Workers

T = TypeVar("T")
MOST: Final = 500
"""Claims or notes in one transaction."""


class Writer:
    """The journal's hand in one event loop."""

    def __init__(self, database: Database, workers: Workers) -> None:
        """Take where to write and in whose name; `open` begins."""
        self._database = database
        self._workers = workers
        self._claims: list[tuple[Claim, asyncio.Future[Claimed]]] = []
        self._notes: list[tuple[Note, asyncio.Future[None]]] = []
        self._steps: list[tuple[Callable[[Connection], Any], asyncio.Future[Any]]] = []
        self._unheard: set[str] = set()
        """Keys that may have been claimed for somebody who was gone when the answer came."""
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
        future: asyncio.Future[Claimed] = self._future()
        self._claims.append((claim, future))
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled() and not future.exception():  # cancelled just as it was told
                self._take_back_soon(claim, future.result())
            raise

    async def note(self, note: Note) -> None:
        """Write what became of a key; durable when this returns."""
        future: asyncio.Future[None] = self._future()
        self._notes.append((note, future))
        await future

    def note_soon(self, note: Note) -> None:
        """Write what became of a key without waiting for it, for those who are being cancelled."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        future.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._notes.append((note, future))
        self._wanted.set()

    def run_soon(self, step: Callable[[Connection], object]) -> None:
        """Carry out a step without waiting for it, for those who are being cancelled."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        future.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._steps.append((step, future))
        self._wanted.set()

    async def run(self, step: Callable[[Connection], T]) -> T:
        """Carry out a step in a transaction of its own and return what it returns."""
        future: asyncio.Future[T] = self._future()
        self._steps.append((step, future))
        return await future

    def _take_back_soon(self, claim: Claim, answer: Claimed) -> None:
        if answer.verdict is Verdict.MINE:
            self._unheard.add(claim.intent.key)
            self._wanted.set()

    async def aclose(self) -> None:
        """Write what is still to be written, leave, and close the connection."""
        if self._task is None:
            return
        self._closing = True
        self._wanted.set()
        await asyncio.wait([self._task])

    def _future(self) -> asyncio.Future[Any]:
        """Return what one who has something to write waits for, and wake the writer."""
        if self._closing or self._task is None or self._task.done():
            raise ConfigurationError("the journal was closed while it was used: keep `async with` around all calls")
        self._wanted.set()
        return asyncio.get_running_loop().create_future()

    async def _work(self) -> None:
        try:
            while not self._closing:
                try:
                    await self._connected()
                except (SQLAlchemyError, OSError, ConfigurationError) as error:
                    self._fail_all(error)
                    await self._wanted.wait()
        finally:
            self._closing = True
            self._workers.vanish()
            self._fail_all(ConfigurationError("the journal was closed while it was used"))

    async def _connected(self) -> None:
        """Work with one connection until it breaks or nothing more is to come."""
        line = self._database.line()
        try:
            await line.open()
            while True:
                await self._wanted.wait()
                self._wanted.clear()
                while self._claims or self._notes or self._steps or self._unheard:
                    await self._batch(line)
                if self._closing:
                    return await line.transact(self._workers.leave)
        finally:
            await line.aclose()

    async def _batch(self, line: Line) -> None:
        """Carry out what has come so far: claims and notes in one transaction, other steps in one of their own."""
        if self._unheard:
            unheard = tuple(self._unheard)
            await line.transact(partial(take_back, keys=unheard, owner=self._workers.owner))
            self._unheard.difference_update(unheard)
        awaited = [(claim, future) for claim, future in self._claims if not future.done()]
        claims, self._claims = awaited[:MOST], awaited[MOST:]
        notes, self._notes = self._notes[:MOST], self._notes[MOST:]
        steps, self._steps = self._steps, []
        if claims or notes:
            await self._written(line, claims, notes)
        for step, future in steps:
            await self._carried_out(line, step, [future], one=True)

    async def _written(
        self,
        line: Line,
        claims: list[tuple[Claim, asyncio.Future[Claimed]]],
        notes: list[tuple[Note, asyncio.Future[None]]],
    ) -> None:
        owner = self._workers.owner

        def both(connection: Connection) -> list[Any]:
            if notes:
                note_all(connection, [note for note, _ in notes], owner)
            answers = claim_all(connection, [claim for claim, _ in claims], self._workers) if claims else []
            return [*answers, *(None for _ in notes)]

        futures: list[asyncio.Future[Any]] = [*(future for _, future in claims), *(future for _, future in notes)]
        try:
            if len(futures) == 1 or not notes:
                await self._carried_out(line, both, futures)
            elif not await self._carried_out(line, both, futures, retry=True):
                for note, future in notes:  # one of them may have spoilt it for all
                    await self._written(line, [], [(note, future)])
                if claims:
                    await self._written(line, claims, [])
        finally:  # a commit that failed may have been confirmed all the same
            self._unheard.update(claim.intent.key for claim, future in claims if _is_unheard(future))

    async def _carried_out(
        self,
        line: Line,
        step: Callable[[Connection], Any],
        futures: list[asyncio.Future[Any]],
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
                _fail(future, self._told(error))
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
        for queue in (self._claims, self._notes, self._steps):
            for _, future in queue:
                _fail(future, told)
            queue.clear()
        self._wanted.clear()


def _is_unheard(future: asyncio.Future[Any]) -> bool:
    return future.done() and (future.cancelled() or future.exception() is not None)


def _fail(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
