"""A limit that processes share: its queue in this process, and what goes on here while the store is away.

Only the head of the queue asks the store, and the next one follows when the head has left. So a process that is killed
takes one slot along at most, none can hoard, and the store serves the processes in turn. No clock of this process is
believed: the store says in how many seconds to ask again.
"""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from heapq import heapify, heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol
from uuid import uuid4

from billingo_async.transport.limit_stores import STORE_TIMEOUT, SlotRequest, open_store
from billingo_async.transport.loops import PerLoop
from billingo_async.transport.observe import log_outage

if TYPE_CHECKING:
    from collections.abc import Callable

    from billingo_async.settings import RateLimit
    from billingo_async.transport.limit_stores import SlotStore

RIDE_OUT_SECONDS: Final = 5.0
"""How long a store that was there is waited for: a restart passes without a slot too many."""
FIRST_TRY_SECONDS: Final = 0.5
"""How long a store is waited for that this process has never reached."""
NEXT_LOOK_SECONDS: Final = 10.0
"""After how long a store that is away is asked again."""
RECONNECT_SECONDS: Final = 0.1
MIN_SLEEP_SECONDS: Final = 0.001
"""Less is no wait but what remains of one through rounding."""
MAX_SLOT_AGE_SECONDS: Final = 0.1
"""A slot that was taken longer ago is moved to the moment when its request really leaves."""


class _Reservations:
    """What one queue has of its store: one slot after another, each under a token of its own."""

    def __init__(self, name: str, limit: RateLimit, store: SlotStore) -> None:
        self._name = name
        self._limit = limit
        self._store = store
        self._owner = uuid4().hex
        self._departures = 0
        self._unrecorded: dict[str, float] = {}
        self._run_id = ""
        self._taken_at: float | None = None
        self._next_look = 0.0
        self._is_known = False
        self.is_away = False

    async def reserve(self, patience: float) -> float | None:
        """Take a slot and return 0, or return the seconds until there is one; None while the store is away.

        A store that was there before is waited for a little while.
        """
        loop = asyncio.get_running_loop()
        if self.is_away and loop.time() < self._next_look:
            return None
        ride_out = 0.0 if self.is_away else RIDE_OUT_SECONDS if self._is_known else FIRST_TRY_SECONDS
        deadline = loop.time() + ride_out
        while True:
            try:
                return await self._ask(patience)
            except Exception as error:  # noqa: BLE001 - whatever the store's library raises
                await self._store.aclose()
                if loop.time() >= deadline:
                    self._go_alone(error)
                    return None
            await asyncio.sleep(RECONNECT_SECONDS)

    async def renew(self) -> float:
        """Move a slot that is no longer fresh to this moment; return the seconds until there is one if it is lost."""
        age = asyncio.get_running_loop().time() - self._taken_at if self._taken_at is not None else 0.0
        if age > MAX_SLOT_AGE_SECONDS:
            with suppress(Exception):  # it was taken, if a little early
                return await self._ask(math.inf)
            await self._store.aclose()
        return 0.0

    def depart(self) -> None:
        """The request leaves now: the next one takes a slot of its own."""
        if self.is_away:
            self._unrecorded[self._token] = asyncio.get_running_loop().time()
        self._departures += 1
        self._taken_at = None

    async def aclose(self) -> None:
        """Disconnect."""
        await self._store.aclose()

    @property
    def _token(self) -> str:
        return f"{self._owner} {self._departures}"

    async def _ask(self, patience: float) -> float:
        now, limit = asyncio.get_running_loop().time(), self._limit
        self._unrecorded = {token: left for token, left in self._unrecorded.items() if left > now - limit.per}
        ages = {token: now - left for token, left in self._unrecorded.items()}
        request = SlotRequest(self._name, self._token, limit.count, limit.per, patience, ages, self._run_id)
        async with asyncio.timeout(STORE_TIMEOUT):
            wait, self._run_id = await self._store.reserve(request)
        if self.is_away:
            log_outage(limit, None)
        self.is_away, self._is_known = False, True
        self._unrecorded.clear()
        self._taken_at = None if wait else asyncio.get_running_loop().time()
        return wait

    def _go_alone(self, error: Exception) -> None:
        if not self.is_away:
            log_outage(self._limit, error)
        self.is_away, self._is_known = True, False
        self._next_look = asyncio.get_running_loop().time() + NEXT_LOOK_SECONDS
        self._taken_at = None


class OwnWindow(Protocol):
    """The window of this process: it counts all that leaves here, and holds it back while the store is away."""

    def record(self) -> None:
        """Count a departure that the store has granted."""
        ...

    def try_acquire(self) -> float:
        """Count a departure and return 0, or return the seconds until there may be one."""
        ...

    def seconds_to_slot(self, ahead: int) -> float:
        """Return the seconds until the slot after so many others is free."""
        ...


class _Waiter(NamedTuple):
    rank: int
    number: int
    turn: asyncio.Future[float]
    deadline: float
    notify: Callable[[float], object] | None


class SharedQueue:
    """The queue of one event loop for the slots of a window that a store grants."""

    def __init__(self, name: str, limit: RateLimit, own: OwnWindow, store: SlotStore) -> None:
        """Take the window's name in the store, and the window of this process."""
        self._own = own
        self._slots = _Reservations(name, limit, store)
        self._waiting: list[_Waiter] = []
        self._numbers = count()
        self._next_slot = 0.0
        self._vacant = asyncio.Event()
        self._vacant.set()
        self._deserted = asyncio.Event()
        self._pacer: asyncio.Task[None] | None = None

    async def wait_turn(
        self, rank: int, patience: float = math.inf, notify: Callable[[float], object] | None = None
    ) -> float:
        """Return 0 when the turn has come, or the seconds until it comes as soon as that is known to be too late.

        With the turn the caller is the head, until it departs or leaves. `notify` hears of a wait when it is known.
        """
        loop = asyncio.get_running_loop()
        if (wait := self.seconds_to_turn(rank)) > patience:
            return wait
        waiter = _Waiter(rank, next(self._numbers), loop.create_future(), loop.time() + patience, notify)
        heappush(self._waiting, waiter)
        self._deserted.clear()
        if self._pacer is None or self._pacer.done():
            self._pacer = loop.create_task(self._pace())
        try:
            return await waiter.turn
        except asyncio.CancelledError:
            if waiter.turn.done() and not waiter.turn.cancelled() and not waiter.turn.result():
                self.leave()
            raise
        finally:
            self._drop(waiter.number)

    def seconds_to_turn(self, rank: int) -> float:
        """Return the seconds until the turn of a call that would begin to queue now, as far as they are known."""
        ahead = sum(waiter.rank <= rank for waiter in self._waiting)
        return max(self._own.seconds_to_slot(ahead), self._next_slot - asyncio.get_running_loop().time(), 0.0)

    async def renew(self) -> float:
        """See that the head's slot is one of this moment; return the seconds until there is one if it was lost."""
        return await self._slots.renew()

    def try_acquire(self) -> float:
        """Let the head depart and return 0, or return the seconds until it may, while the window here is all there is.

        Called without any wait between it and the departure.
        """
        if self._slots.is_away:
            if wait := self._own.try_acquire():
                return wait
        else:
            self._own.record()
        self._slots.depart()
        self._vacant.set()
        return 0.0

    def leave(self) -> None:
        """Let the next one be the head, with the slot of this one, which did not depart."""
        self._vacant.set()

    async def aclose(self) -> None:
        """Ask nothing more and disconnect."""
        if self._pacer is not None:
            self._pacer.cancel()
            await asyncio.wait([self._pacer])
        await self._slots.aclose()

    async def _pace(self) -> None:
        while self._waiting:
            await self._vacant.wait()
            until = max((waiter.deadline for waiter in self._waiting), default=0.0)
            wait = await self._slots.reserve(until - asyncio.get_running_loop().time())
            if wait is None:
                wait = self._own.seconds_to_slot(0)
            if not wait:
                self._hand_on()
                continue
            self._next_slot = asyncio.get_running_loop().time() + wait
            self._announce()
            with suppress(TimeoutError):
                async with asyncio.timeout(max(wait, MIN_SLEEP_SECONDS)):
                    await self._deserted.wait()

    def _hand_on(self) -> None:
        while self._waiting:
            turn = heappop(self._waiting).turn
            if not turn.done():
                self._vacant.clear()
                turn.set_result(0.0)
                return

    def _announce(self) -> None:
        """Say to all that wait how long it will be, as far as it is known; those who do not wait so long go."""
        now = asyncio.get_running_loop().time()
        waiting, self._waiting = sorted(self._waiting), []
        for ahead, waiter in enumerate(waiting):
            wait = max(self._own.seconds_to_slot(ahead), self._next_slot - now)
            if waiter.turn.done():
                continue
            if now + wait > waiter.deadline:
                waiter.turn.set_result(wait)
                continue
            if waiter.notify is not None:
                waiter.notify(wait)
            self._waiting.append(waiter._replace(notify=None))
        if not self._waiting:
            self._deserted.set()

    def _drop(self, number: int) -> None:
        self._waiting = [waiter for waiter in self._waiting if waiter.number != number]
        heapify(self._waiting)
        if not self._waiting:
            self._deserted.set()


class SharedWindow:
    """A window that the processes share which name the same store, as a `Limits` passes it."""

    def __init__(self, name: str, limit: RateLimit, own: OwnWindow) -> None:
        """Take the window's name in the store, the limit, which names the store, and the window of this process."""
        address = limit.shared
        if address is None:
            raise ValueError("this limit is not shared")
        self.name: Final = name
        self._queues = PerLoop(lambda: SharedQueue(name, limit, own, open_store(address)))

    async def wait_turn(
        self, *, first: bool = False, patience: float = math.inf, notify: Callable[[float], object] | None = None
    ) -> float:
        """Wait for the turn and return 0; or return in how many seconds it comes, if that is later than `patience`."""
        return await self._queues.here().wait_turn(0 if first else 1, patience, notify)

    def seconds_to_turn(self, *, first: bool = False) -> float:
        """Return the seconds until the turn of a call that would begin to queue now, as far as they are known."""
        return self._queues.here().seconds_to_turn(0 if first else 1)

    async def renew(self) -> float:
        """See that the slot is one of this moment; return the seconds until there is one if it was lost."""
        return await self._queues.here().renew()

    def try_acquire(self) -> float:
        """Depart and return 0, or return the seconds until that is allowed."""
        return self._queues.here().try_acquire()

    def leave(self) -> None:
        """Give the turn back, with the slot that was not used."""
        self._queues.here().leave()

    async def aclose(self) -> None:
        """Disconnect from the store, in this event loop."""
        queue = self._queues.taken()
        if queue is not None:
            await queue.aclose()
