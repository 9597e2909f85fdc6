"""What a journal holds open in one event loop: the writer, this worker's name, the jobs at work, the shared looks."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from billingo_async.journal.compare import number_of
from billingo_async.journal.look import Looks
from billingo_async.journal.workers import workers_of
from billingo_async.journal.writer import Writer

if TYPE_CHECKING:
    from billingo_async.journal.database import Database
    from billingo_async.journal.job import Job
    from billingo_async.v2.models import Invoice
    from billingo_async.v2.resources.account import Account


class Room:
    """One journal in one event loop, from its first use to its closing."""

    def __init__(self, database: Database, second_look: float) -> None:
        """Prepare; `open` connects."""
        self.second_look: Final = second_look
        self.workers: Final = workers_of(database)
        self.writer: Final = Writer(database, self.workers)
        self.jobs: Final[dict[str, Job]] = {}
        """The keys that are being worked on here."""
        self.settling: Final[set[str]] = set()
        """The likenesses that are being reconciled here."""
        self._highest: dict[tuple[str, int], str] = {}
        self._looks: dict[str, Looks] = {}
        self._beat: asyncio.Task[None] | None = None
        self._opened = asyncio.ensure_future(self._open())

    @property
    def is_usable(self) -> bool:
        """False once this worker may have been taken for dead, or could not be opened."""
        failed = self._opened.done() and (self._opened.cancelled() or self._opened.exception() is not None)
        return not (failed or self.workers.lost or self.writer.is_closed)

    async def opened(self) -> None:
        """Wait until the database is open; raise what went wrong."""
        await asyncio.shield(self._opened)

    async def _open(self) -> None:
        await self.writer.open()
        self._beat = asyncio.create_task(self.workers.beat(self.writer.run), name="billingo-journal-beat")

    def looks(self, account: Account) -> Looks:
        """Return the shared looks at an account."""
        return self._looks.setdefault(account.name, Looks(self.writer))

    def highest(self, account: Account, block: int) -> str | None:
        """Return the highest invoice number that was answered so far to a request for this block."""
        return self._highest.get((account.name, block))

    def hear(self, account: Account, block: int, invoice: Invoice) -> None:
        """Learn the number of an invoice that was just made."""
        number, known = number_of(invoice), self._highest.get((account.name, block))
        if number is not None and (known is None or number > known):
            self._highest[account.name, block] = number

    async def aclose(self) -> None:
        """Wait for the jobs that are at work now, then close."""
        while self.jobs:
            await asyncio.wait([job.task for job in self.jobs.values()])
        for looks in self._looks.values():
            await looks.aclose()
        if self._beat is not None:
            self._beat.cancel()
            await asyncio.gather(self._beat, return_exceptions=True)
        with suppress(Exception):  # told to those who asked for it to be opened
            await self._opened
        await self.writer.aclose()
