"""One connection to the journal's database: opened, set to keep what it has confirmed, its tables made or checked.

SQLite on one machine (write-ahead log, every commit on the disk before it is confirmed), PostgreSQL for many. Writing
transactions follow one another, in all processes: SQLite lets one writer in, on PostgreSQL a lock does the same.
"""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import create_engine, event, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from billingo_async.bulk.tables import ABOUT, METADATA, VERSION
from billingo_async.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from sqlalchemy.engine import URL
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

T = TypeVar("T")

DRIVERS: Final = {"sqlite+aiosqlite": "journal", "postgresql+asyncpg": "journal,postgresql"}
"""What a journal is kept in, and the extras that bring it."""
EXAMPLE: Final = "sqlite+aiosqlite:///invoices.db or postgresql+asyncpg://user@host/database"
BUSY: Final = 30.0
"""Seconds that a transaction waits for another process's."""
OLDEST_SQLITE: Final = (3, 33)
"""The first release that updates one table from another."""
_LOCK: Final = 0x62696C6C  # the number of PostgreSQL's advisory lock; any that others do not use
_QUEUE: Final = (  # one way there and back; settings and lock hold for the transaction
    f"SELECT set_config('synchronous_commit', 'on', true), set_config('lock_timeout', '{BUSY:.0f}s', true), "
    f"pg_advisory_xact_lock({_LOCK})"
)
_TRIES: Final = 50
_PAUSE: Final = 0.1


class Database:
    """Where a journal is kept."""

    def __init__(self, url: object) -> None:
        """Check the address; nothing is opened yet."""
        self.url: Final = _checked(url)
        self.is_sqlite: Final = self.url.get_backend_name() == "sqlite"
        try:
            self.url.get_dialect().import_dbapi()
        except ModuleNotFoundError as missing:
            extras = DRIVERS[self.url.drivername]
            msg = f'this journal needs {missing.name}: pip install "billingo-async[{extras}]"'
            raise ConfigurationError(msg) from None
        if self.is_sqlite and sqlite3.sqlite_version_info < OLDEST_SQLITE:
            oldest = ".".join(map(str, OLDEST_SQLITE))
            msg = f"this journal needs SQLite {oldest} or newer, this is {sqlite3.sqlite_version}: take a newer one"
            raise ConfigurationError(msg)

    def __repr__(self) -> str:
        """Show the address without a password."""
        return self.url.render_as_string(hide_password=True)

    def broken(self, doing: str, error: Exception) -> ConfigurationError:
        """Return the error for a database that does not do what it should."""
        cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        return ConfigurationError(f"the journal {self} cannot be {doing}: {cause}")

    def line(self) -> Line:
        """Return a way to the database, not opened yet."""
        return _InThread(self) if self.is_sqlite else _OverNetwork(self)

    def set_up(self, connection: Connection) -> None:
        """Make the tables or check whose they are; called inside a transaction."""
        ABOUT.create(connection, checkfirst=True)
        found = connection.execute(select(ABOUT.c.version)).scalar_one_or_none()
        if found is None:
            connection.execute(insert(ABOUT).values(version=VERSION))
        elif found != VERSION:
            msg = (
                f"the journal {self} was written by a newer release (its tables are of version {found}, this release "
                f"knows {VERSION}): upgrade billingo-async"
            )
            raise ConfigurationError(msg)
        METADATA.create_all(connection)


class Line:
    """An open way to the database: one transaction after another."""

    async def open(self) -> None:
        """Connect, set up what there is to set up, make or check the tables."""
        raise NotImplementedError

    async def transact(self, step: Callable[[Connection], T]) -> T:
        """Carry out a step in a transaction; what is returned has been confirmed by the database."""
        raise NotImplementedError

    @property
    def is_broken(self) -> bool:
        """True if nothing more can be done on this line."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """Disconnect."""
        raise NotImplementedError


class _InThread(Line):
    """SQLite: a thread of its own, which carries out a whole transaction at a time.

    The asyncio driver goes to its thread and back for every statement; under load that costs more than the disk.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="billingo-journal")
        self._connection: Connection | None = None

    async def open(self) -> None:
        for left in reversed(range(_TRIES)):
            try:
                await self._there(self._open)
            except DBAPIError as error:  # two processes that make the same database stand in each other's way
                if not left or "locked" not in str(error.orig):
                    raise
                await asyncio.sleep(_PAUSE)
            else:
                return

    def _open(self) -> None:
        self._close()
        # Parameters are hidden: an error must not quote a request.
        engine = create_engine(self._database.url.set(drivername="sqlite"), poolclass=NullPool, hide_parameters=True)
        event.listen(engine, "connect", _take_over_transactions)
        event.listen(engine, "begin", _begin_as_writer)
        self._connection = engine.connect()
        with self._connection.begin():
            self._database.set_up(self._connection)

    async def transact(self, step: Callable[[Connection], T]) -> T:
        return await self._there(lambda: self._transact(step))

    def _transact(self, step: Callable[[Connection], T]) -> T:
        if self._connection is None:
            raise RuntimeError("the line is not open")
        with self._connection.begin():
            return step(self._connection)

    @property
    def is_broken(self) -> bool:
        return self._connection is None or self._connection.closed or self._connection.invalidated

    async def aclose(self) -> None:
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


class _OverNetwork(Line):
    """PostgreSQL, through its asyncio driver."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._engine: AsyncEngine | None = None
        self._connection: AsyncConnection | None = None

    async def open(self) -> None:
        self._engine = create_async_engine(self._database.url, poolclass=NullPool, hide_parameters=True)
        event.listen(self._engine.sync_engine, "begin", _queue_as_writer)
        self._connection = await self._engine.connect()
        async with self._connection.begin():
            await self._connection.run_sync(self._database.set_up)

    async def transact(self, step: Callable[[Connection], T]) -> T:
        if self._connection is None:
            raise RuntimeError("the line is not open")
        async with self._connection.begin():
            return await self._connection.run_sync(step)

    @property
    def is_broken(self) -> bool:
        return self._connection is None or self._connection.closed or self._connection.invalidated

    async def aclose(self) -> None:
        if self._connection is not None:
            await self._connection.close()
        if self._engine is not None:
            await self._engine.dispose()


def _checked(url: object) -> URL:
    try:
        made = make_url(str(url))
    except (ArgumentError, NoSuchModuleError, ValueError):
        made = None
    if made is None or made.drivername not in DRIVERS:
        kind = made.drivername if made else "no address"
        msg = f"a journal needs an address such as {EXAMPLE}, got {kind}"
        raise ConfigurationError(msg)
    if made.get_backend_name() == "sqlite" and made.database in {None, "", ":memory:"}:
        msg = "a journal in memory would forget its keys: name a file, as in sqlite+aiosqlite:///invoices.db"
        raise ConfigurationError(msg)
    return made


def _take_over_transactions(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver begins none by itself
    for pragma in (f"busy_timeout = {BUSY * 1000:.0f}", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_as_writer(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _queue_as_writer(connection: Connection) -> None:
    connection.exec_driver_sql(_QUEUE)


__all__ = ["Database", "Line", "SQLAlchemyError"]
