"""What lies below the journal: one SQLite file, reached as a file or as if a database server stood before it.

The SQL is real. A transaction is carried out at one instant of the world; when that is, whether its confirmation
arrives, and what becomes of the file, the story says.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar
from unittest import mock

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from billingo_async.journal import connections, session, writer
from billingo_async.journal.connections import TRANSACTION_SECONDS, JournalConnection
from billingo_async.journal.workers import Leases, workers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator
    from pathlib import Path

    from sqlalchemy import Connection

    from billingo_async.journal.database import Database
    from billingo_async.journal.tables import Batch
    from billingo_async.journal.workers import Workers
    from simulated_world.world import Process, World

T = TypeVar("T")
MAX_DISK_SECONDS: Final = 0.01
LOST_BEFORE: Final = "connection lost before the transaction"
LOST_AFTER: Final = "connection lost after the commit"


class Disk:
    """The file of the journal, and the computer that it is on."""

    def __init__(self, world: World, path: Path, *, is_server: bool) -> None:
        """Take where the file is; with `is_server` it is reached over a network, and workers hold leases."""
        self.world: Final = world
        self.path: Final = path
        self.is_server: Final = is_server
        self.frozen_until: float = 0.0
        self.readonly_until: float = 0.0
        self.clock_offset: float = 0.0
        """By how much the database server's clock is wrong."""
        self.troubles: dict[int, str] = {}
        """By the number of a transaction, from 1: what befalls it."""
        self._transactions = 0
        self._files: list[sqlite3.Connection] = []
        self._openers: list[Process] = []

    # Transactions

    def carry_out(self, process: Process, func: Callable[[], T]) -> asyncio.Future[T]:
        """Carry out what a thread would, at an instant to come."""
        future: asyncio.Future[T] = process.loop.create_future()
        self.world.at(self._soon(process), partial(self._execute, process, func, future))
        return future

    def _soon(self, process: Process) -> float:
        return self.world.now + process.dice.random() * MAX_DISK_SECONDS

    def _execute(self, process: Process, func: Callable[[], T], future: asyncio.Future[T]) -> None:
        if not process.is_alive or future.cancelled():
            return
        ready = max(self.frozen_until, process.runs_from)
        if ready > self.world.now:
            self.world.at(ready, partial(self._execute, process, func, future))
            return
        before, self.world.running, process.is_unstoppable = self.world.running, process, True
        try:
            deliver = partial(_deliver, future, func(), None)
        except Exception as error:  # noqa: BLE001 - it is raised where a thread's would be
            deliver = partial(_deliver, future, None, error)
        finally:
            self.world.running, process.is_unstoppable = before, False
        self.world.at(self._soon(process), partial(self._confirm, process, deliver))

    def _confirm(self, process: Process, deliver: Callable[[], None]) -> None:
        if self.is_server and self.frozen_until > self.world.now:
            self.world.at(self.frozen_until, partial(self._confirm, process, deliver))
        elif process.is_alive:
            process.learn_of_transaction()
            process.loop.call_soon(deliver)

    def next_trouble(self) -> str:
        """Return what befalls the next transaction."""
        self._transactions += 1
        return self.troubles.get(self._transactions, "")

    # What becomes of the file

    def freeze(self, seconds: float) -> None:
        """Answer nothing for so long."""
        self.frozen_until = self.world.now + seconds

    def write_protect(self, seconds: float) -> None:
        """Let nothing be written for so long."""
        self.readonly_until = self.world.now + seconds
        self._show_protection()
        self.world.at(self.readonly_until, self._show_protection)

    def _show_protection(self) -> None:
        for file in self._files:
            self._protect(file)

    def _protect(self, file: sqlite3.Connection) -> None:
        with suppress(sqlite3.ProgrammingError):  # closed meanwhile
            file.execute(f"PRAGMA query_only = {int(self.readonly_until > self.world.now)}").close()

    def copy(self) -> None:
        """Keep a whole copy."""
        if self.path.exists():
            self._backup.unlink(missing_ok=True)
            with sqlite3.connect(self.path) as source:
                source.execute("VACUUM INTO ?", (str(self._backup),))
            source.close()

    def restore(self) -> None:
        """Put the copy in the file's place, where one was made."""
        if self._backup.exists():
            fresh = self.path.with_suffix(".fresh")
            shutil.copy(self._backup, fresh)
            self.delete()
            fresh.rename(self.path)

    def delete(self) -> None:
        """Delete the file, and what belongs to it: those that had opened it have no journal from now on."""
        for process in self._openers:
            process.has_journal = False
        for end in ("", "-wal", "-shm"):
            self.path.with_name(f"{self.path.name}{end}").unlink(missing_ok=True)

    def replace(self) -> None:
        """Put an empty file in its place."""
        self.delete()
        self.path.touch()

    def delete_workers(self) -> None:
        """Delete the folder of the workers' locks."""
        shutil.rmtree(self.path.with_name(f"{self.path.name}-workers"), ignore_errors=True)

    @property
    def _backup(self) -> Path:
        return self.path.with_suffix(".backup")

    # The seams: two names that the journal looks up, and SQLAlchemy's own event

    @contextmanager
    def beneath_journal(self) -> Generator[None]:
        """Have every journal reach this disk."""
        event.listen(Engine, "connect", self._on_connect)
        try:
            with (
                mock.patch.object(session, "workers_of", self._workers_of),
                mock.patch.object(writer, "connect", self._connect),
            ):
                yield
        finally:
            event.remove(Engine, "connect", self._on_connect)

    def _on_connect(self, file: sqlite3.Connection, _: object) -> None:
        self._files.append(file)
        if self.world.running is not None:
            self._openers.append(self.world.running)
        self._protect(file)
        file.create_function("clock_timestamp", 0, self._clock)  # PostgreSQL's, by which leases are reckoned

    def _clock(self) -> str:
        return datetime.fromtimestamp(self.world.unix() + self.clock_offset, UTC).strftime("%Y-%m-%d %H:%M:%S")

    def _workers_of(self, database: Database) -> Workers:
        workers = Leases() if self.is_server else workers_of(database)
        process = self.world.running
        if process is not None and not self.is_server:
            process.on_death.append(workers.abandon)  # the operating system lets go of its locks
        return workers

    def _connect(self, database: Database) -> JournalConnection:
        inner = connections.connect(database)
        return ServerConnection(self, inner) if self.is_server else inner


class ServerConnection(JournalConnection):
    """A connection to a database server: bounded in time, and over once something went wrong with it."""

    def __init__(self, disk: Disk, inner: JournalConnection) -> None:
        """Take what carries out the transactions."""
        self._disk = disk
        self._inner = inner
        self._turn = asyncio.Lock()
        self._is_over = False

    async def open(self) -> None:
        """Connect."""
        await self._bounded(self._inner.open())

    async def transact(self, step: Callable[[Connection], T]) -> T:
        """Carry out a step, or lose the connection before or after."""
        return await self._in_turn(lambda: self._inner.transact(step))

    async def write(self, batch: Batch) -> bool:
        """Write a batch, likewise."""
        return await self._in_turn(lambda: self._inner.write(batch))

    async def _in_turn(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        async with self._turn:
            trouble = self._disk.next_trouble()
            if trouble == LOST_BEFORE:
                raise self._lost()
            answer: T = await self._bounded(work())
            if trouble == LOST_AFTER:
                raise self._lost()
            return answer

    async def _bounded(self, work: Any) -> Any:
        try:
            return await asyncio.wait_for(work, TRANSACTION_SECONDS)
        except (TimeoutError, asyncio.CancelledError):
            self._is_over = True
            raise

    def _lost(self) -> OperationalError:
        self._is_over = True
        return OperationalError("COMMIT", None, ConnectionResetError("the connection was closed"))

    @property
    def is_broken(self) -> bool:
        """True if nothing more can be done on this connection."""
        return self._is_over or self._inner.is_broken

    async def aclose(self) -> None:
        """Disconnect."""
        await self._inner.aclose()


def _deliver(future: asyncio.Future[Any], value: object, error: Exception | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(value)
    else:
        future.set_exception(error)
