"""Who is at work, so that the intents of the dead can be taken over and those of the living are left alone.

On one machine a worker holds a lock on a file, which the operating system lets go of when the process dies, however it
dies. On many machines a worker holds a lease in the database, renews it, and sends nothing in the last part of it: a
request that was signed while the lease held is refused by the server as stale before the lease is over.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout
from sqlalchemy import delete, func, insert, select, update

from billingo_async.errors import BillingoError, ConnectionFailedError
from billingo_async.journal.tables import WORKERS
from billingo_async.v2.api import TOKEN_SECONDS as LIFE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlalchemy import Connection

    from billingo_async.journal.database import Database

    Run = Callable[[Callable[[Connection], None]], Awaitable[None]]

LEASE: Final = 50.0
"""Seconds after its last sign of life at which a worker counts as dead."""
BEAT: Final = 4.0
"""Seconds between two signs of life."""
TOKEN_LIFE: Final = float(LIFE)
"""Seconds that a signed request is accepted for."""
MARGIN: Final = 5.0
"""Seconds by which clocks and deliveries may be off."""


class Workers:
    """What both ways have in common: the name under which this worker is known."""

    def __init__(self) -> None:
        """Take a name that nobody had before."""
        self.owner: Final = secrets.token_hex(16)
        self.lost: bool = False
        """True once others may have taken this worker for dead: it is one for ever then."""

    def enter(self, connection: Connection) -> None:
        """Be at work from now on; called inside a transaction."""
        raise NotImplementedError

    def alive(self, connection: Connection, owner: str) -> bool:
        """Tell whether the worker of this name, to whom a key is written, is at work."""
        return owner == self.owner or self._alive(connection, owner)

    def _alive(self, connection: Connection, owner: str) -> bool:
        raise NotImplementedError

    def departing(self) -> None:
        """Raise ConnectionFailedError if this worker may be taken for dead before a request that leaves now arrives."""

    async def beat(self, run: Run) -> None:
        """Give signs of life until cancelled; `run` carries out a step in a transaction."""

    def leave(self, connection: Connection) -> None:
        """Be at work no more; called inside a transaction."""

    def vanish(self) -> None:
        """Be at work no more, without a word to the database: its connection is gone."""


class LockedFiles(Workers):
    """Workers of one machine: a locked file each, beside the database."""

    def __init__(self, database: str) -> None:
        """Take the database's path."""
        super().__init__()
        self._folder = Path(database).absolute().with_name(f"{Path(database).name}-workers")
        self._lock: FileLock | None = None

    def enter(self, connection: Connection) -> None:
        """Lock a file of one's own."""
        del connection  # the lock is the operating system's
        self._folder.mkdir(exist_ok=True)
        lock = FileLock(self._folder / self.owner, thread_local=False)
        lock.acquire(timeout=0)
        self._lock = lock

    def _alive(self, connection: Connection, owner: str) -> bool:
        del connection
        path = self._folder / owner
        if not path.exists():
            return False
        lock = FileLock(path, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
        path.unlink(missing_ok=True)
        return False

    def leave(self, connection: Connection) -> None:
        """Let go of the file."""
        del connection
        self.vanish()

    def vanish(self) -> None:
        """Let go of the file."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None
            (self._folder / self.owner).unlink(missing_ok=True)


class Leases(Workers):
    """Workers of many machines: a row each, with the time until which it holds by the database's own clock."""

    def __init__(self) -> None:
        """Start without a lease."""
        super().__init__()
        self._renewed = (-LEASE, -LEASE)

    def enter(self, connection: Connection) -> None:
        """Take a lease."""
        asked = _clocks()
        connection.execute(insert(WORKERS).values(owner=self.owner, until=_NOW + LEASE))
        self._renewed = asked

    def _alive(self, connection: Connection, owner: str) -> bool:
        query = select(WORKERS.c.until > _NOW).where(WORKERS.c.owner == owner)
        return bool((connection.execute(query)).scalar_one_or_none())

    def departing(self) -> None:
        """Let nothing leave that could still be accepted when the lease is over."""
        age = max(now - then for now, then in zip(_clocks(), self._renewed, strict=True))
        if age > LEASE - TOKEN_LIFE - MARGIN:
            msg = f"the journal has not been reached for {age:.0f} s; nothing was sent, try again"
            raise ConnectionFailedError(msg, operation="invoices.create")

    async def beat(self, run: Run) -> None:
        """Renew the lease again and again; one that is over is never renewed, for others may have acted on it."""
        while not self.lost:
            await asyncio.sleep(BEAT)
            asked = _clocks()
            try:
                await run(self._renew)
            except BillingoError:
                continue  # the database is away; `departing` watches how long
            if not self.lost:
                self._renewed = asked

    def _renew(self, connection: Connection) -> None:
        held = (WORKERS.c.owner == self.owner) & (WORKERS.c.until > _NOW)
        renewed = connection.execute(update(WORKERS).where(held).values(until=_NOW + LEASE))
        self.lost: bool = renewed.rowcount == 0

    def leave(self, connection: Connection) -> None:
        """Give the lease back."""
        connection.execute(delete(WORKERS).where(WORKERS.c.owner == self.owner))


_NOW: Final = func.extract("epoch", func.clock_timestamp())


def workers_of(database: Database) -> Workers:
    """Return how a database's workers know of each other."""
    return LockedFiles(database.url.database or "") if database.is_sqlite else Leases()


def _clocks() -> tuple[float, float]:
    """Return two clocks: one that nobody sets, and one that runs on while the machine sleeps."""
    return time.monotonic(), time.time()
