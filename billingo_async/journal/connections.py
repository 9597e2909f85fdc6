"""The connections to a journal's database: opened, set to keep what it has confirmed, one transaction after another.

SQLite in a thread (write-ahead log, every commit on the disk before it is confirmed), PostgreSQL through its asyncio
driver. Writing transactions follow one another, in all processes: SQLite lets one writer in, on PostgreSQL a lock does
the same. Every transaction is bounded. Knows nothing of keys.
"""

from __future__ import annotations

import asyncio
import sqlite3
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from billingo_async.journal.database import Database
    from billingo_async.journal.tables import Batch

T = TypeVar("T")

BUSY_SECONDS: Final = 30.0
"""Seconds that a transaction waits for another process's."""
TRANSACTION_SECONDS: Final = 40.0
"""Seconds after which a transaction over a network is given up, with its connection."""
CONNECT_SECONDS: Final = 10.0
_LOCK: Final = 0x62696C6C  # the number of PostgreSQL's advisory lock; any that others do not use
_ISOLATION: Final = "READ COMMITTED"
"""Whatever the server is set to: stricter ones show a transaction what was there before it had the lock."""
_TRIES: Final = 50
_PAUSE: Final = 0.1


class JournalConnection(ABC):
    """An open connection to the database: one transaction after another."""

    @abstractmethod
    async def open(self) -> None:
        """Connect, set up what there is to set up, make or check the tables."""

    @abstractmethod
    async def transact(self, step: Callable[[Connection], T]) -> T:
        """Carry out a step in a transaction; what is returned has been confirmed by the database."""

    @abstractmethod
    async def write(self, batch: Batch) -> bool:
        """Write a batch as a transaction of its own, by the driver itself: SQLAlchemy would cost three times as much.

        False where a row of it cannot be written so: then none was.
        """

    @property
    @abstractmethod
    def is_broken(self) -> bool:
        """True if nothing more can be done on this connection."""

    @abstractmethod
    async def aclose(self) -> None:
        """Disconnect."""


class SqliteConnection(JournalConnection):
    """SQLite: a thread of its own, which carries out a whole transaction at a time.

    An asyncio driver goes to its thread and back for every statement; under load that costs more than the disk.
    """

    def __init__(self, database: Database) -> None:
        """Take where to connect to."""
        self._database = database
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="billingo-journal")
        self._connection: Connection | None = None
        self._driver: Any = None

    async def open(self) -> None:
        """Connect; two processes that make the same database stand in each other's way, so try again."""
        for left in reversed(range(_TRIES)):
            try:
                return await self._there(self._open)
            except DBAPIError as error:
                if not left or "locked" not in str(error.orig):
                    raise
            await asyncio.sleep(_PAUSE)
        return None

    def _open(self) -> None:
        self._close()
        self._database.claim_file()
        url = self._database.url.set(database=str(self._database.path))
        # Parameters are hidden: an error must not quote a request.
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
        event.listen(engine, "connect", _take_over_transactions)
        event.listen(engine, "begin", partial(_execute, "BEGIN IMMEDIATE"))
        self._connection = engine.connect()
        self._driver = self._connection.connection.driver_connection
        with self._connection.begin():
            self._database.set_up(self._connection)

    async def transact(self, step: Callable[[Connection], T]) -> T:
        """Carry out a step in the thread."""
        return await self._there(lambda: self._transact(step))

    def _transact(self, step: Callable[[Connection], T]) -> T:
        if self._connection is None:
            raise RuntimeError("the connection is not open")
        with self._connection.begin():
            return step(self._connection)

    async def write(self, batch: Batch) -> bool:
        """Write a batch: one statement is a transaction of its own."""
        return await self._there(lambda: self._write(batch))

    def _write(self, batch: Batch) -> bool:
        batch.check()
        try:
            return bool(self._driver.execute(*batch.in_sqlite()).rowcount == len(batch.rows))
        except sqlite3.Error as error:
            failure = DBAPIError("", None, error)  # as SQLAlchemy says it of all that goes through it
        raise failure

    @property
    def is_broken(self) -> bool:
        """True if nothing more can be done on this connection."""
        return self._connection is None or self._connection.closed or self._connection.invalidated

    async def aclose(self) -> None:
        """Disconnect, and let the thread end."""
        try:
            await self._there(self._close)
        finally:
            self._thread.shutdown(wait=False)

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def _there(self, what: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, what)


class PostgresqlConnection(JournalConnection):
    """PostgreSQL, through its asyncio driver."""

    def __init__(self, database: Database) -> None:
        """Take where to connect to."""
        self._database = database
        self._engine: AsyncEngine | None = None
        self._connection: AsyncConnection | None = None
        self._driver: Any = None
        self._queue = _queue_as_writer(database.schema)
        self._turn = asyncio.Lock()
        driver: Any = database.url.get_dialect().import_dbapi()
        driver = driver.asyncpg
        self._failures: tuple[type[Exception], ...] = (driver.PostgresError, driver.InterfaceError)
        """What the driver raises, where SQLAlchemy does not stand between."""

    async def open(self) -> None:
        """Connect, and make or check the tables."""
        await self.transact(self._database.set_up)

    async def transact(self, step: Callable[[Connection], T]) -> T:
        """Carry out a step; one that takes too long is given up, with the connection."""

        async def work(connection: AsyncConnection) -> T:
            async with connection.begin():
                return await connection.run_sync(step)

        return await self._in_turn(work)

    async def write(self, batch: Batch) -> bool:
        """Write a batch; one way there and back begins, one writes, one commits."""
        batch.check()

        async def work(_: AsyncConnection) -> bool:
            try:
                await self._driver.execute(f"BEGIN ISOLATION LEVEL {_ISOLATION}; {self._queue}")
                status: str = await self._driver.execute(*batch.in_postgresql())
                await self._driver.execute("COMMIT")
            except Exception:
                if not self._driver.is_closed():
                    await self._driver.execute("ROLLBACK")
                raise
            return status.rpartition(" ")[2] == str(len(batch.rows))

        return await self._in_turn(work)

    async def _in_turn(self, work: Callable[[AsyncConnection], Coroutine[Any, Any, T]]) -> T:
        """Carry out a transaction once those before it are over.

        Behind a pooler that gives each transaction another of its connections (pgbouncer), statements that were
        prepared before are not there: nothing was carried out then, and from now on none is kept.
        """
        async with self._turn:
            try:
                return await self._bounded(work(self._connection or await self._connect()))
            except DBAPIError as error:
                if "prepared statement" not in str(error.orig) or not self._database.has_named_statements:
                    raise
            self._database.has_named_statements = False
            await self._disconnect()
            return await self._bounded(work(await self._connect()))

    async def _connect(self) -> AsyncConnection:
        arguments: dict[str, Any] = {"timeout": CONNECT_SECONDS}
        if not self._database.has_named_statements:
            arguments |= {
                "statement_cache_size": 0,
                "prepared_statement_cache_size": 0,
                "prepared_statement_name_func": str,  # no name: lives as long as the transaction needs it
            }
        self._engine = create_async_engine(
            self._database.url,
            poolclass=NullPool,
            hide_parameters=True,
            isolation_level=_ISOLATION,
            connect_args=arguments,
        )
        event.listen(self._engine.sync_engine, "begin", partial(_execute, self._queue))
        self._connection = await self._bounded(self._engine.connect().start())
        self._driver = (await self._connection.get_raw_connection()).driver_connection
        return self._connection

    async def _bounded(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait([task], timeout=TRANSACTION_SECONDS)
        finally:
            if not task.done():  # a server that is frozen answers no rollback either
                if self._driver is not None:
                    self._driver.terminate()
                task.cancel()
                await asyncio.wait([task], timeout=CONNECT_SECONDS)
        if not task.done() or task.cancelled():
            raise TimeoutError(f"no answer within {TRANSACTION_SECONDS:.0f} s")
        try:
            return task.result()
        except self._failures as error:
            failure = DBAPIError("", None, error)  # as SQLAlchemy says it of all that goes through it
        raise failure

    @property
    def is_broken(self) -> bool:
        """True if nothing more can be done on this connection."""
        gone = self._connection is None or self._connection.closed or self._connection.invalidated
        return bool(gone or self._driver.is_closed())

    async def aclose(self) -> None:
        """Disconnect; what is under way comes to its end before."""
        async with self._turn:
            await self._disconnect()

    async def _disconnect(self) -> None:
        """Let go of the connection, which may be broken already."""
        with suppress(SQLAlchemyError, OSError):
            if self._connection is not None:
                await self._connection.close()
        self._connection = None
        if self._engine is not None:
            await self._engine.dispose()


def _execute(statement: str, connection: Connection) -> None:
    connection.exec_driver_sql(statement)


def _take_over_transactions(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver begins none by itself
    for pragma in (f"busy_timeout = {BUSY_SECONDS * 1000:.0f}", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _queue_as_writer(schema: str | None) -> str:
    """Return what begins a transaction; one way there and back, settings and lock hold for the transaction."""
    settings = {"synchronous_commit": "on", "lock_timeout": f"{BUSY_SECONDS:.0f}s"}
    lock = f"{_LOCK}"
    if schema is not None:  # the journals of several accounts do not wait for each other
        settings["search_path"] = schema
        lock += f", hashtext('{schema}')"
    assignments = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in settings.items())
    return f"SELECT {assignments}, pg_advisory_xact_lock({lock})"


def connect(database: Database) -> JournalConnection:
    """Return a connection to a database, not opened yet."""
    return SqliteConnection(database) if database.is_sqlite else PostgresqlConnection(database)


__all__ = ["JournalConnection", "SQLAlchemyError", "connect"]
