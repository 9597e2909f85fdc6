"""The ways to a journal's database: opened, set to keep what it has confirmed, one transaction after another.

SQLite in a thread (write-ahead log, every commit on the disk before it is confirmed), PostgreSQL through its asyncio
driver. Writing transactions follow one another, in all processes: SQLite lets one writer in, on PostgreSQL a lock does
the same. Knows nothing of keys.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from sqlalchemy import create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Insert
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from billingo_async.journal.database import Database

T = TypeVar("T")
Dialects: TypeAlias = Mapping[str, "Insert"]
"""A statement as each kind of database takes it."""
Values: TypeAlias = Mapping[str, object]

BUSY: Final = 30.0
"""Seconds that a transaction waits for another process's."""
_LOCK: Final = 0x62696C6C  # the number of PostgreSQL's advisory lock; any that others do not use
_QUEUE: Final = (  # one way there and back; settings and lock hold for the transaction
    f"SELECT set_config('synchronous_commit', 'on', true), set_config('lock_timeout', '{BUSY:.0f}s', true), "
    f"pg_advisory_xact_lock({_LOCK})"
)
_ISOLATION: Final = "READ COMMITTED"
"""Whatever the server is set to: stricter ones show a transaction what was there before it had the lock."""
_TRIES: Final = 50
_PAUSE: Final = 0.1


class Line:
    """An open way to the database: one transaction after another."""

    async def open(self) -> None:
        """Connect, set up what there is to set up, make or check the tables."""
        raise NotImplementedError

    async def transact(self, step: Callable[[Connection], T]) -> T:
        """Carry out a step in a transaction; what is returned has been confirmed by the database."""
        raise NotImplementedError

    def begin(self, statement: Dialects, values: Values, end: Callable[[int | Exception], None]) -> None:
        """Begin to carry out one statement as a transaction of its own.

        `end` is told how many rows it has changed, which has been confirmed by the database, or what went wrong.
        """
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
        connection = self._opened()
        with connection.begin():
            return step(connection)

    def begin(self, statement: Dialects, values: Values, end: Callable[[int | Exception], None]) -> None:
        loop = asyncio.get_running_loop()

        def carry_out() -> None:
            outcome: int | Exception
            try:
                outcome = self._alone(statement["sqlite"], values)
            except Exception as error:  # noqa: BLE001 - handed to who is waiting in the other thread
                outcome = error
            loop.call_soon_threadsafe(end, outcome)

        self._thread.submit(carry_out)

    def _alone(self, statement: Insert, values: Values) -> int:
        # Straight to the driver, which commits each statement by itself: while requests are made in the other thread,
        # each step of Python in this one waits for its turn, and costs more than the statement.
        text, constants = _text(statement)
        cursor = self._opened().connection.driver_connection.execute(text, {**constants, **values})  # type: ignore[union-attr]  # there while it is open
        return int(cursor.rowcount)

    def _opened(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("the line is not open")
        return self._connection

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
        self._turn = asyncio.Lock()
        self._under_way: set[asyncio.Task[int]] = set()

    async def open(self) -> None:
        self._engine = create_async_engine(
            self._database.url, poolclass=NullPool, hide_parameters=True, isolation_level=_ISOLATION
        )
        event.listen(self._engine.sync_engine, "begin", _queue_as_writer)
        self._connection = await self._engine.connect()
        async with self._connection.begin():
            await self._connection.run_sync(self._database.set_up)

    async def transact(self, step: Callable[[Connection], T]) -> T:
        if self._connection is None:
            raise RuntimeError("the line is not open")
        async with self._turn, self._connection.begin():
            return await self._connection.run_sync(step)

    def begin(self, statement: Dialects, values: Values, end: Callable[[int | Exception], None]) -> None:
        def over(task: asyncio.Task[int]) -> None:
            self._under_way.discard(task)
            error = RuntimeError("the line was closed") if task.cancelled() else task.exception()
            end(task.result() if error is None else error if isinstance(error, Exception) else RuntimeError(str(error)))

        task = asyncio.create_task(self.transact(lambda there: there.execute(statement["postgresql"], values).rowcount))
        self._under_way.add(task)
        task.add_done_callback(over)

    @property
    def is_broken(self) -> bool:
        return self._connection is None or self._connection.closed or self._connection.invalidated

    async def aclose(self) -> None:
        async with self._turn:  # what is under way comes to its end
            if self._connection is not None:
                await self._connection.close()
            if self._engine is not None:
                await self._engine.dispose()


def _take_over_transactions(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver begins none by itself
    for pragma in (f"busy_timeout = {BUSY * 1000:.0f}", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_as_writer(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _queue_as_writer(connection: Connection) -> None:
    connection.exec_driver_sql(_QUEUE)


@cache
def _text(statement: Insert) -> tuple[str, dict[str, Any]]:
    """Return a statement as SQLite's driver takes it, with the values that stand in it already."""
    compiled = statement.compile(
        dialect=sqlite.dialect(paramstyle="named"), compile_kwargs={"render_postcompile": True}
    )
    return str(compiled), dict(compiled.params)


def line_of(database: Database) -> Line:
    """Return a way to a database, not opened yet."""
    return _InThread(database) if database.is_sqlite else _OverNetwork(database)


__all__ = ["Line", "SQLAlchemyError", "line_of"]
