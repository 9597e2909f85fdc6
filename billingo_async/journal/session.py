"""What a journal holds open in one event loop: the writer, this worker, the tasks at work, the shared listings.

Never enters here: what is done with a key; that is `job`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from billingo_async.errors import BillingoError, ConfigurationError
from billingo_async.journal.claims import Ref, record_existing
from billingo_async.journal.port import Finding, KeyedOperation, Marks, OpenIntent
from billingo_async.journal.workers import workers_of
from billingo_async.journal.writer import Writer

if TYPE_CHECKING:
    from billingo_async.journal.database import Database


LOGGER: Final = logging.getLogger("billingo_async")
SEEN_ANEW_SECONDS: Final = 12 * 3600.0
"""Seconds after which the newest of the account are looked at again."""


class Listings:
    """The questions about one operation of one account, shared; and what was there before this worker began."""

    def __init__(self, writer: Writer) -> None:
        """Take the writer, which keeps what was seen."""
        self._writer = writer
        self._waiting: list[tuple[OpenIntent, asyncio.Future[Finding[Any]]]] = []
        self._task: asyncio.Task[None] | None = None
        self._seen: asyncio.Task[None] | None = None
        self._seen_at = 0.0

    async def find(self, operation: KeyedOperation[Any], intent: OpenIntent) -> Finding[Any]:
        """Return what the account has that can be meant, as it is after this call has begun."""
        future: asyncio.Future[Finding[Any]] = asyncio.get_running_loop().create_future()
        self._waiting.append((intent, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._serve(operation), name="billingo-journal-listing")
        return await future

    async def record_newest(self, operation: KeyedOperation[Any], marks: Marks) -> None:
        """Once in a while, record what the account made last: what is there already was not made by a later intent.

        Costs one request, and leaves open what was made before those. It is evidence for the day that something goes
        wrong, so a failure is logged and otherwise ignored.
        """
        task = self._seen
        is_old = time.monotonic() - self._seen_at > SEEN_ANEW_SECONDS
        if task is None or (task.done() and (is_old or task.cancelled() or task.exception() is not None)):
            self._seen_at = time.monotonic()
            task = self._seen = asyncio.create_task(self._record(operation, marks), name="billingo-journal-newest")
        if not task.done():
            await asyncio.shield(task)

    async def aclose(self) -> None:
        """Leave nothing running."""
        tasks = [task for task in (self._task, self._seen) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _record(self, operation: KeyedOperation[Any], marks: Marks) -> None:
        try:
            newest = await operation.newest()
        except ConfigurationError:
            raise
        except BillingoError as error:
            with suppress(Exception):  # a handler or filter that fails takes no request with it
                LOGGER.warning("the journal could not see what the account has: %s", type(error).__name__)
            return
        for candidate in newest:
            marks.learn(candidate.mark)
        ids = [candidate.id for candidate in newest if candidate.id is not None]
        if ids:
            step = partial(record_existing, account=operation.account.name, kind=operation.kind, ids=ids)
            await self._writer.run(step)

    async def _serve(self, operation: KeyedOperation[Any]) -> None:
        """Ask again and again, each time for all who have come meanwhile."""
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            try:
                findings = await operation.find([intent for intent, _ in waiting])
                for intent, future in waiting:
                    if not future.done():
                        future.set_result(findings[intent.key])
            except Exception as error:  # noqa: BLE001 - every waiting caller receives it
                for _, future in waiting:
                    if not future.done():
                        future.set_exception(error)
            finally:
                for _, future in waiting:
                    future.cancel()  # does nothing to one that is done


class JournalSession:
    """One journal in one event loop, from its first use to its closing."""

    def __init__(self, database: Database, second_look: float, stamp: str | None) -> None:
        """Prepare, and begin to connect."""
        self.second_look: Final = second_look
        self.stamp: Final = stamp
        self.workers: Final = workers_of(database)
        self.writer: Final = Writer(database, self.workers)
        self.jobs: Final[dict[Ref, Any]] = {}
        """The keys that are being worked on, each by one `Job`."""
        self.tasks: Final[set[asyncio.Task[Any]]] = set()
        """Those of all jobs: the session is not closed before they are done."""
        self.reconciling: Final[set[str]] = set()
        """The similarity hashes that are being reconciled here."""
        self.recovered: Final[dict[str, bool]] = {}
        """By account: has a journal that stamps asked what the account has?"""
        self.recovering: Final = asyncio.Lock()
        self.waiting: Final[set[Ref]] = set()
        """What is reconciled here and waits for others, who therefore need not wait for it."""
        self.marks: Final[defaultdict[tuple[str, str], Marks]] = defaultdict(Marks)
        """By account and kind of thing."""
        self.listings: Final[defaultdict[tuple[str, str], Listings]] = defaultdict(partial(Listings, self.writer))
        """By account and operation."""
        self._heartbeat: asyncio.Task[None] | None = None
        self._opened = asyncio.ensure_future(self._open())

    @property
    def is_usable(self) -> bool:
        """False once this worker may have been taken for dead, or could not be opened."""
        failed = self._opened.done() and (self._opened.cancelled() or self._opened.exception() is not None)
        return not (failed or self.workers.is_lost or self.writer.is_closed)

    async def opened(self) -> None:
        """Wait until the database is open; raise what went wrong."""
        await asyncio.shield(self._opened)

    async def _open(self) -> None:
        await self.writer.open()
        signs_of_life = self.workers.heartbeat(self.writer.run)
        self._heartbeat = asyncio.create_task(signs_of_life, name="billingo-journal-heartbeat")

    async def aclose(self) -> None:
        """Wait for the tasks that are at work now, then close."""
        while self.tasks:
            await asyncio.wait(self.tasks)
        for listings in self.listings.values():
            await listings.aclose()
        if self._heartbeat is not None:
            self._heartbeat.cancel()
            await asyncio.gather(self._heartbeat, return_exceptions=True)
        with suppress(Exception):  # raised to those who asked for it to be opened
            await self._opened
        await self.writer.aclose()
