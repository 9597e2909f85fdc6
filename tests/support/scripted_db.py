"""A journal's database of which a test decides when each transaction is carried out, and what is learnt of it.

The statements are the real ones, on SQLite itself; only the thread is left out. Nothing here is a test.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.exc import OperationalError

from billingo_async import JournalError
from billingo_async.journal.connections import JournalConnection, SqliteConnection
from billingo_async.journal.tables import KEYS
from billingo_async.journal.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from billingo_async.journal.database import Database
    from billingo_async.journal.tables import Batch

DONE, FAILED, UNCONFIRMED = "done", "failed", "done, but not confirmed"
"""What may become of a transaction."""


class Names(Workers):
    """Who is alive, among those of one test."""

    def __init__(self, living: set[str]) -> None:
        """Take the set of the living."""
        super().__init__()
        self._living = living

    def enter(self, connection: Connection) -> None:
        """Be alive."""
        del connection
        self._living.add(self.owner)

    def _is_alive(self, connection: Connection, owner: str) -> bool:
        del connection
        return owner in self._living

    def leave(self, connection: Connection) -> None:
        """Be alive no more."""
        del connection
        self.abandon()

    def abandon(self) -> None:
        """Be alive no more."""
        self._living.discard(self.owner)


class ScriptedConnection(JournalConnection):
    """A line that carries out the next transaction when it is told to, with the fate that it is told."""

    def __init__(self, there: SqliteConnection) -> None:
        """Take the real line, which is used from this thread."""
        self._there = there
        self.waiting: Final[deque[tuple[Callable[[], Any], Callable[[Any], object]]]] = deque()
        self._broken = False

    async def open(self) -> None:
        """Be open."""

    async def transact(self, step: Callable[[Connection], Any]) -> Any:
        """Wait until it is told to carry out the step."""
        return await self._told(lambda: self._there._transact(step))

    async def write(self, batch: Batch) -> bool:
        """Wait until it is told to write the batch."""
        return bool(await self._told(lambda: self._there._write(batch)))

    async def _told(self, what: Callable[[], Any]) -> Any:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        def tell(answer: Any) -> None:
            if not future.done():
                future.set_result(answer)

        self.waiting.append((what, tell))
        answer = await future
        if isinstance(answer, Exception):
            raise answer
        return answer

    def carry_out(self, fate: str, *, breaks: bool) -> None:
        """Carry out the transaction that has waited longest; with `breaks` the line is of no more use if it fails."""
        what, tell = self.waiting.popleft()
        answer: Any = OperationalError("", None, Exception("the connection is gone"))
        if fate != FAILED:
            told: Any
            try:
                told = what()
            except Exception as error:  # noqa: BLE001 - handed to who is waiting, as the real lines do
                told = error
            answer = told if fate == DONE else answer
        self._broken = self._broken or (fate != DONE and breaks)
        tell(answer)

    @property
    def is_broken(self) -> bool:
        """True once it was told to break."""
        return self._broken

    async def aclose(self) -> None:
        """Be closed; nothing may be under way then."""
        if self.waiting:
            raise AssertionError("a line was closed with transactions under way")


class ScriptedDatabase:
    """The database of one worker, in which it finds its connection; see `connect`."""

    def __init__(self, there: SqliteConnection) -> None:
        """Take the real line."""
        self._there = there
        self.connection = ScriptedConnection(there)

    def connect(self) -> ScriptedConnection:
        """Return a new line: what a test puts in the place of `connect`."""
        self.connection = ScriptedConnection(self._there)
        return self.connection

    def failure(self, doing: str, error: Exception) -> JournalError:
        """Return the error for a database that does not do what it should."""
        return JournalError(f"cannot be {doing}: {error}", sent=False)


def emptied(database: Database) -> SqliteConnection:
    """Return a real line to an empty journal; nobody pulls the plug, so nothing waits for the disk."""
    there = SqliteConnection(database)
    there._open()
    there._driver.execute("PRAGMA synchronous = OFF")
    there._driver.execute(f"DELETE FROM {KEYS.name}")  # noqa: S608 - our own table
    return there
