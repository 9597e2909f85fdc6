"""What a journal holds open in one event loop: the writer, this worker, the tasks at work, the shared listings."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from billingo_async.journal.listings import Listings
from billingo_async.journal.workers import workers_of
from billingo_async.journal.writer import Writer

if TYPE_CHECKING:
    from billingo_async.journal.database import Database
    from billingo_async.journal.port import Account, KeyedOperation, Mark


class Marks:
    """The highest number of each series that is known of one kind of thing."""

    def __init__(self) -> None:
        """Start with none."""
        self._numbers: dict[str, int] = {}
        self._text: str | None = None

    def learn(self, mark: Mark | None) -> None:
        """Take in the mark of something that the account has."""
        if mark is not None and mark.number > self._numbers.get(mark.series, -1):
            self._numbers[mark.series] = mark.number
            self._text = None

    def dump(self) -> str | None:
        """Return what is known as text, for the row of an intent."""
        if self._text is None and self._numbers:
            self._text = json.dumps(self._numbers)
        return self._text


class JournalSession:
    """One journal in one event loop, from its first use to its closing."""

    def __init__(self, database: Database, second_look: float, stamp: str | None) -> None:
        """Prepare, and begin to connect."""
        self.second_look: Final = second_look
        self.stamp: Final = stamp
        self.workers: Final = workers_of(database)
        self.writer: Final = Writer(database, self.workers)
        self.tasks: Final[set[asyncio.Task[Any]]] = set()
        """What works on keys here."""
        self.reconciling: Final[set[str]] = set()
        """The similarity hashes that are being reconciled here."""
        self.recovered: Final[dict[str, bool]] = {}
        """By account: has a journal that stamps asked what the account has?"""
        self.recovering: Final = asyncio.Lock()
        self._marks: dict[tuple[str, str], Marks] = {}
        self._listings: dict[tuple[str, str], Listings] = {}
        self._heartbeat: asyncio.Task[None] | None = None
        self._opened = asyncio.ensure_future(self._open())

    @property
    def is_usable(self) -> bool:
        """False once this worker may have been taken for dead, or could not be opened."""
        failed = self._opened.done() and (self._opened.cancelled() or self._opened.exception() is not None)
        return not (failed or self.workers.is_lost or self.writer.is_closed)

    async def opened(self) -> None:
        """Wait until the database is open; raise what went wrong."""
        if not self._opened.done():
            await asyncio.shield(self._opened)
        self._opened.result()

    async def _open(self) -> None:
        await self.writer.open()
        self._heartbeat = asyncio.create_task(
            self.workers.heartbeat(self.writer.run), name="billingo-journal-heartbeat"
        )

    def listings(self, operation: KeyedOperation[Any]) -> Listings:
        """Return the shared questions about an operation of an account."""
        ref = (operation.account.name, operation.name)
        listings = self._listings.get(ref)
        if listings is None:
            listings = self._listings[ref] = Listings(self.writer)
        return listings

    def marks(self, account: Account, kind: str) -> Marks:
        """Return what is known of the numbers of one kind of thing."""
        marks = self._marks.get((account.name, kind))
        if marks is None:
            marks = self._marks[account.name, kind] = Marks()
        return marks

    def keep(self, task: asyncio.Task[Any]) -> None:
        """Count a task in: the session is not closed before it is done."""
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def aclose(self) -> None:
        """Wait for the tasks that are at work now, then close."""
        while self.tasks:
            await asyncio.wait(self.tasks)
        for listings in self._listings.values():
            await listings.aclose()
        if self._heartbeat is not None:
            self._heartbeat.cancel()
            await asyncio.gather(self._heartbeat, return_exceptions=True)
        with suppress(Exception):  # raised to those who asked for it to be opened
            await self._opened
        await self.writer.aclose()
