"""The stores of a limit that processes share: SQLite on one host, PostgreSQL, Redis or Valkey.

A store grants one slot of a moving window at a time, by its own clock and in the order in which the processes asked.
The rule stands in `WindowState`; a store reads the state, has it changed and writes it, and no other process comes in
between. Knows no call, and waits for no turn.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import sqlite3
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from billingo_async.transport.windows import STORE_TIMEOUT, SlotRequest, SlotStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from asyncpg import Connection

GRACE_SECONDS: Final = 1.0
"""How long a process that is due may be late before it loses its place in the queue."""
_TABLE: Final = "CREATE TABLE IF NOT EXISTS billingo_limits (name TEXT PRIMARY KEY, state TEXT NOT NULL)"
_LOCK_CLASS: Final = 0x62696C6D
"""The first number of PostgreSQL's advisory lock, any that others do not use; the second is the window's."""


@dataclass
class WindowState:
    """One moving window and the heads that wait for a slot of it, in seconds of the store's clock."""

    slots: dict[str, float] = field(default_factory=dict[str, float])
    """When each was taken, by token."""
    heads: dict[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])
    """Since when each has been waiting, and when it is due, by token."""
    run_id: str = ""
    """The run of the server that has granted them, where a restart may forget some."""

    def restart(self, request: SlotRequest, moment: float) -> None:
        """Count all slots as taken when the server started, since it may have forgotten what it had not saved."""
        self.slots |= {f"restart {number}": moment for number in range(request.size)}

    def reserve(self, request: SlotRequest, now: float) -> float:
        """Take a slot and return 0, or return the seconds until it can be taken and note the head as waiting."""
        token, per = request.token, request.per
        self._forget(now, per)
        self.slots.update({other: now - age for other, age in request.unrecorded.items() if age < per})
        since, _ = self.heads.pop(token, (now, now))
        if token in self.slots:
            self.slots[token] = now
            return 0.0
        ahead = sum((other, name) < (since, token) for name, (other, _) in self.heads.items())
        wait = self._slot_in(ahead, request, now)
        if wait <= 0:
            self.slots[token] = now
            return 0.0
        if wait <= request.patience:
            self.heads[token] = since, now + wait
        return wait

    def _forget(self, now: float, per: float) -> None:
        """Drop what is over. What lies in the future is of a clock that began anew: slots count from now on."""
        self.slots = {token: min(taken, now) for token, taken in self.slots.items() if taken > now - per}
        heads = self.heads.items()
        late = now - GRACE_SECONDS
        self.heads = {
            token: (since, due) for token, (since, due) in heads if late < due and since < now + GRACE_SECONDS
        }

    def _slot_in(self, ahead: int, request: SlotRequest, now: float) -> float:
        """Return the seconds until the slot after so many others is free."""
        free = max(0, request.size - len(self.slots))
        ends = sorted(taken + request.per for taken in self.slots.values())
        moments = list(chain(repeat(now, free), ends))[-request.size :]
        return moments[ahead % request.size] + request.per * (ahead // request.size) - now

    @classmethod
    def load(cls, text: str | None) -> WindowState:
        """Read what `dump` has written; None is a window in which nothing has happened."""
        return cls(**json.loads(text)) if text else cls()

    def dump(self) -> str:
        """Return the state as JSON."""
        return json.dumps(vars(self))


class SqliteStore:
    """A file of one host. Its clock is the host's monotonic one, which all processes share and which no one sets.

    The file stays open between two questions, as long as it is the one that stands at the address: a cache folder may
    be emptied at any time.
    """

    def __init__(self, address: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the address; nothing is opened yet."""
        self._path = Path(address.partition(":///")[2].partition("?")[0])
        self._clock = clock
        self._connection: sqlite3.Connection | None = None
        self._file: os.stat_result | None = None
        self._one_at_a_time = threading.RLock()

    async def reserve(self, request: SlotRequest) -> float:
        """Take a slot for the token or say when to ask again, in a thread."""
        return await asyncio.to_thread(self._reserve, request)

    def _reserve(self, request: SlotRequest) -> float:
        with self._one_at_a_time, self._opened() as connection:  # commits, or takes all back
            connection.execute("BEGIN IMMEDIATE")
            query = "SELECT state FROM billingo_limits WHERE name = ?"
            row: tuple[str] | None = connection.execute(query, (request.window,)).fetchone()
            state = WindowState.load(row and row[0])
            wait = state.reserve(request, self._clock())
            connection.execute("REPLACE INTO billingo_limits VALUES (?, ?)", (request.window, state.dump()))
        return wait

    def _opened(self) -> sqlite3.Connection:
        with suppress(FileNotFoundError):
            if self._connection is not None and self._file and os.path.samestat(self._file, self._path.stat()):
                return self._connection
        self._close()
        self._connection = sqlite3.connect(
            self._path, timeout=STORE_TIMEOUT / 2, isolation_level=None, check_same_thread=False
        )
        with suppress(sqlite3.OperationalError):  # another process is doing so, or the file system cannot
            self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")  # a crash of the host may cost the last few slots
        self._connection.execute(_TABLE)
        self._file = self._path.stat()
        return self._connection

    def _close(self) -> None:
        with self._one_at_a_time:
            if self._connection is not None:
                self._connection.close()
            self._connection = self._file = None

    async def aclose(self) -> None:
        """Close the file, once a question that is still under way is over."""
        await asyncio.to_thread(self._close)


class PostgresqlStore:
    """A table of a database, under the clock of its server; one connection, opened when it is needed."""

    def __init__(self, address: str) -> None:
        """Take the address. The library is loaded here, since that may take longer than a question."""
        from asyncpg import connect  # noqa: PLC0415 - comes with an extra

        self._connect = connect
        self._address = f"postgresql://{address.partition('://')[2]}"
        self._connection: Connection[Any] | None = None

    async def reserve(self, request: SlotRequest) -> float:
        """Take a slot for the token or say when to ask again."""
        connection = await self._opened()
        async with connection.transaction():
            await _lock(connection, request.window)
            # A statement of its own: it sees what was committed before the lock was there, and the time after it.
            query = "SELECT (SELECT state FROM billingo_limits WHERE name = $1), extract(epoch FROM clock_timestamp())"
            text, now = await connection.fetchrow(query, request.window) or (None, 0.0)
            state = WindowState.load(text)
            wait = state.reserve(request, float(now))
            statement = "INSERT INTO billingo_limits VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET state = $2"
            await connection.execute(statement, request.window, state.dump())
        return wait

    async def _opened(self) -> Connection[Any]:
        if self._connection is None:
            # Without a cache of statements it works behind pgbouncer, too.
            connection = await self._connect(self._address, timeout=STORE_TIMEOUT, statement_cache_size=0)
            self._connection = connection
            async with connection.transaction():
                await _lock(connection, "")
                await connection.execute(_TABLE)
        return self._connection

    async def aclose(self) -> None:
        """Disconnect, whether the server answers or not."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):  # what is broken is closed without a farewell
                await connection.close(timeout=STORE_TIMEOUT)


class RedisStore:
    """A key of Redis or Valkey, under the clock of its server; it connects when it is asked."""

    def __init__(self, address: str) -> None:
        """Take the address. The library is loaded here, since that may take longer than a question."""
        from redis.asyncio import Redis  # noqa: PLC0415 - comes with an extra

        self._redis = Redis.from_url(  # pyright: ignore[reportUnknownMemberType]  # a gap in its types
            address, decode_responses=True, socket_connect_timeout=STORE_TIMEOUT, socket_timeout=STORE_TIMEOUT
        )
        self._replace = self._redis.register_script(_REPLACE)
        self._since = time.monotonic()

    async def reserve(self, request: SlotRequest) -> float:
        """Take a slot for the token or say when to ask again; where another process was quicker, look once more."""
        key = f"billingo:limit:{request.window}"
        while True:
            questions: Any = self._redis.pipeline(transaction=False)
            questions.get(key)
            questions.time()
            questions.info("server")
            text, (seconds, micros), server = await questions.execute()
            state, now = WindowState.load(text), seconds + micros / 1e6
            # A server that began after this process may have forgotten slots, those of other processes, too. It counts
            # from one whole second to another, so that it may have been running for nearly a second less.
            age = max(0, server["uptime_in_seconds"] - 1)
            if state.run_id != server["run_id"] and (state.run_id or age < time.monotonic() - self._since):
                state.restart(request, now - age)
            state.run_id = server["run_id"]
            wait = state.reserve(request, now)
            expiry = math.ceil((request.per + wait + GRACE_SECONDS) * 1000)
            if await self._replace([key], [text or "", state.dump(), expiry]):
                return wait

    async def aclose(self) -> None:
        """Disconnect."""
        await self._redis.aclose()


_REPLACE: Final = """
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
"""


async def _lock(connection: Connection[Any], window: str) -> None:
    """Wait until no other process is at this window; a host that vanishes holds the lock for a few seconds at most."""
    await connection.execute(
        "SELECT set_config('idle_in_transaction_session_timeout', $1, true), pg_advisory_xact_lock($2, hashtext($3))",
        f"{STORE_TIMEOUT * 1000:.0f}",
        _LOCK_CLASS,
        window,
    )


def open_store(address: str) -> SlotStore:
    """Return the store at an address that `RateLimit` has checked."""
    scheme = urlsplit(address).scheme
    if scheme.startswith("sqlite"):
        return SqliteStore(address)
    return PostgresqlStore(address) if scheme.startswith("postgresql") else RedisStore(address)
