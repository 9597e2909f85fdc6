"""Which workers are alive, so that the intents of the dead can be taken over and those of the living are left alone.

On one machine a worker holds a lock on a file, which the operating system lets go of when the process dies, however it
dies. On many machines a worker holds a lease in the database, renews it, and sends nothing in the last part of it.

Where a request is accepted for some seconds only (API v2), one that was authenticated while the lease held is refused
by the server before the lease is over: the instant of issue is fixed first, the lease is checked last. Where it is
accepted for ever (API v3) this argument has no leg: between the check and the write nothing is awaited, so a worker
that runs sends nothing after its lease; what remains is a process that is frozen between the two and wakes up after
the lease, and a request that the network holds back. Both are looked for afterwards, and told as doubt.
"""

from __future__ import annotations

import asyncio
import operator
import secrets
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from filelock import FileLock, Timeout
from sqlalchemy import Connection, delete, func, insert, select, update

from billingo_async.errors import BillingoError, JournalError
from billingo_async.journal.database import Database, identity_of
from billingo_async.journal.tables import IS_UNRESOLVED, KEYS, WORKERS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from billingo_async.transport.clock import ServerClock

    Run = Callable[[Callable[[Connection], None]], Awaitable[None]]

LEASE_SECONDS: Final = 50.0
"""Seconds after its last heartbeat at which a worker counts as dead."""
HEARTBEAT_SECONDS: Final = 4.0
MARGIN_SECONDS: Final = 5.0
"""Seconds by which clocks and deliveries may be off."""
FIRST_POLL_SECONDS: Final = 0.02
MAX_POLL_SECONDS: Final = 1.0
_ONLY_OWNER: Final = 0o700


@dataclass(slots=True)
class Backoff:
    """The wait for other workers: each pause is twice as long as the one before, up to a second."""

    waited: float = 0.0
    """The seconds that have been waited so far."""
    pause: float = FIRST_POLL_SECONDS

    async def sleep(self) -> None:
        """Let the others get on with it."""
        await asyncio.sleep(self.pause)
        self.waited += self.pause
        self.pause = min(2 * self.pause, MAX_POLL_SECONDS)


class Workers(ABC):
    """What both ways have in common: the name under which this worker is known."""

    def __init__(self) -> None:
        """Take a name that no worker had before."""
        self.owner: Final = secrets.token_hex(16)
        self.is_lost: bool = False
        """True once others may have taken this worker for dead: it is one for ever then, and sends nothing more."""

    @abstractmethod
    def enter(self, connection: Connection) -> None:
        """Be at work from now on; called inside a transaction."""

    def is_alive(self, connection: Connection, owner: str) -> bool:
        """Tell whether the worker of this name, which holds a key, is at work."""
        return owner == self.owner or self._is_alive(connection, owner)

    @abstractmethod
    def _is_alive(self, connection: Connection, owner: str) -> bool: ...

    def check_files(self) -> None:
        """Raise JournalError where the files that this worker stands on are not there any more."""
        return

    def is_out_of_sight(self, owner: str) -> bool:
        """Tell whether nothing is there that would tell whether the worker of this name is at work."""
        return False

    def watch(self, clock: ServerClock) -> None:
        """Take in the clock of a server that requests go to: it tells how long this machine has been asleep."""
        return

    def check_not_lost(self) -> None:
        """Raise JournalError once this worker is lost: two that are would take each other's keys for ever."""
        if self.is_lost:
            raise self._lost("this worker may have been taken for dead")

    def check_lease(self, accepted_for: float | None) -> None:
        """Raise JournalError if this worker may be taken for dead before a request that leaves now is done with."""
        self.check_not_lost()

    async def heartbeat(self, run: Run) -> None:
        """Give signs of life until cancelled; `run` carries out a step in a transaction."""
        return

    @abstractmethod
    def leave(self, connection: Connection) -> None:
        """Be at work no more; called inside a transaction."""

    def abandon(self) -> None:
        """Be at work no more, without a word to the database: its connection is gone."""
        return

    @staticmethod
    def _lost(why: str) -> JournalError:
        return JournalError(f"{why}: try again", sent=False)


class LockedFiles(Workers):
    """Workers of one machine: a locked file each, beside the database."""

    def __init__(self, database: Database) -> None:
        """Take the database, whose path has no links left in it."""
        super().__init__()
        self._database = database
        self._folder = database.path.with_name(f"{database.path.name}-workers")
        self._lock: FileLock | None = None
        self._path = self._folder / self.owner
        self._identity: tuple[int, int] | None = None

    def enter(self, connection: Connection) -> None:
        """Lock a file of this worker's own; the lock is the operating system's."""
        self._folder.mkdir(exist_ok=True, mode=_ONLY_OWNER)
        lock = FileLock(self._path, thread_local=False, mode=0o600)
        lock.acquire(blocking=False)
        self._lock, self._identity = lock, identity_of(self._path)
        held = set(connection.execute(select(KEYS.c.owner).where(IS_UNRESOLVED)).scalars())
        for path in self._folder.iterdir():  # a dead worker's file says so until its keys are another one's
            if path.name not in held and not self.is_alive(connection, path.name):
                path.unlink(missing_ok=True)

    def _is_alive(self, connection: Connection, owner: str) -> bool:
        if self.is_out_of_sight(owner):
            return False
        lock = FileLock(self._folder / owner)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return True
        lock.release()
        return False

    def is_out_of_sight(self, owner: str) -> bool:
        """Tell whether its file is gone: it has left, or lost it, and what it sent may be on its way."""
        return not (self._folder / owner).exists()

    def check_files(self) -> None:
        """Raise JournalError if the journal was replaced, or the lock lies in a file that others do not see."""
        self._database.check_file()
        if self._lock is not None and identity_of(self._path) != self._identity:
            self.is_lost = True
            raise self._lost(f"the folder {self._folder} was deleted or replaced, and others took this worker for dead")

    def check_lease(self, accepted_for: float | None) -> None:
        """Look at the files once more, as the last thing before a request leaves."""
        super().check_lease(accepted_for)
        self.check_files()

    def leave(self, connection: Connection) -> None:
        """Let go of the file."""
        self.abandon()

    def abandon(self) -> None:
        """Let go of the file."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None
            self._path.unlink(missing_ok=True)


class Leases(Workers):
    """Workers of many machines: a row each, with the time until which it holds by the database's own clock."""

    def __init__(self) -> None:
        """Start without a lease."""
        super().__init__()
        self._renewed = (-LEASE_SECONDS, -LEASE_SECONDS)
        self._missed: WeakKeyDictionary[ServerClock, float] = WeakKeyDictionary()
        """What each server's clock said of this machine's sleep when the lease was renewed."""

    def enter(self, connection: Connection) -> None:
        """Take a lease."""
        before = _clocks()
        connection.execute(insert(WORKERS).values(owner=self.owner, until=_NOW + LEASE_SECONDS))
        self._renewed = before

    def _is_alive(self, connection: Connection, owner: str) -> bool:
        query = select(WORKERS.c.until > _NOW).where(WORKERS.c.owner == owner)
        return bool(connection.execute(query).scalar_one_or_none())

    def check_lease(self, accepted_for: float | None) -> None:
        """Let nothing leave that could still be accepted when the lease is over."""
        super().check_lease(accepted_for)
        monotonic, local = map(operator.sub, _clocks(), self._renewed)
        missed = max([0.0, *(clock.missed - known for clock, known in self._missed.items())])
        age = max(monotonic + missed, local)
        if age > LEASE_SECONDS - (accepted_for or 0.0) - MARGIN_SECONDS:
            raise self._lost(f"the journal has not been reached for {age:.0f} s")

    def watch(self, clock: ServerClock) -> None:
        """Count what a server's clock tells of this machine's sleep from now on."""
        self._missed.setdefault(clock, clock.missed)

    async def heartbeat(self, run: Run) -> None:
        """Renew the lease again and again; one that is over is never renewed, for others may have acted on it."""
        while not self.is_lost:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            before, missed = _clocks(), {clock: clock.missed for clock in self._missed}
            try:
                await run(self._renew)
            except BillingoError:
                continue  # the database is away; `check_lease` watches how long
            if not self.is_lost:
                self._renewed = before
                self._missed.update(missed)

    def _renew(self, connection: Connection) -> None:
        held = (WORKERS.c.owner == self.owner) & (WORKERS.c.until > _NOW)
        renewed = connection.execute(update(WORKERS).where(held).values(until=_NOW + LEASE_SECONDS))
        self.is_lost: bool = renewed.rowcount == 0

    def leave(self, connection: Connection) -> None:
        """Give the lease back."""
        connection.execute(delete(WORKERS).where(WORKERS.c.owner == self.owner))


_NOW: Final = func.extract("epoch", func.clock_timestamp())


def workers_of(database: Database) -> Workers:
    """Return how a database's workers know of each other."""
    return LockedFiles(database) if database.is_sqlite else Leases()


def _clocks() -> tuple[float, float]:
    """Return two clocks of this machine, to measure a span: one that nobody sets, one that runs on in its sleep."""
    return time.monotonic(), time.time()  # this machine's clocks: compared with nothing but themselves
