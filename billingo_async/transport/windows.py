"""One limit in this process: what has left under it, and the queue of each event loop before it. aiolimiter's home.

Two parts with two jobs. aiolimiter paces the queue of one event loop: it says when the next call may come forward. A
`Window` counts what has really left, for all objects, loops and threads of the process that share the limit, and knows
the seconds until a place is free; aiolimiter knows neither, and belongs to one loop. Sends nothing.
"""

from __future__ import annotations

import asyncio
import math
import threading
from collections import deque
from functools import partial
from heapq import heapify, heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Final, NamedTuple

from aiolimiter import AsyncLimiter

from billingo_async.transport.loops import PerLoop

if TYPE_CHECKING:
    from collections.abc import Callable

    from billingo_async.settings import RateLimit

MIN_WAIT: Final = 1e-6
"""Seconds: less is no wait but what remains of one through rounding."""


class Window:
    """An exact moving window: in no `per` seconds do more than `count` requests leave."""

    _shared: Final[dict[tuple[object, ...], Window]] = {}

    def __init__(self, limit: RateLimit) -> None:
        """Start with nothing sent."""
        self.limit: Final = limit
        self.queues: Final = PerLoop(partial(Queue, self))
        self._departures: deque[float] = deque(maxlen=limit.count)
        self._lock = threading.Lock()

    @classmethod
    def shared(cls, key: tuple[object, ...], limit: RateLimit) -> Window:
        """Return the window of this process for a key and a limit."""
        return cls._shared.setdefault((*key, limit.count, limit.per), cls(limit))

    def try_acquire(self) -> float:
        """Take one of the places and return 0, or return the seconds until one is free.

        Called without any wait between it and the departure, so that what is counted is what really left.
        """
        now = asyncio.get_running_loop().time()
        with self._lock:
            wait = self._free_in(0, now)
            if not wait:
                self._departures.append(now)
            return wait

    def record(self) -> None:
        """Count a departure that a store has granted."""
        with self._lock:
            self._departures.append(asyncio.get_running_loop().time())

    def seconds_to_slot(self, ahead: int = 0) -> float:
        """Return the seconds until the slot after so many others is free."""
        with self._lock:
            return self._free_in(ahead, asyncio.get_running_loop().time())

    def _free_in(self, ahead: int, now: float) -> float:
        per, size = self.limit.per, self.limit.count
        rounds, place = divmod(ahead, size)
        place -= size - len(self._departures)  # those that were never taken come first
        wait = self._departures[place] + per - now if place >= 0 else 0.0
        is_wait = MIN_WAIT < wait <= per + MIN_WAIT  # more is left only on a clock that began anew
        return per * rounds + (wait if is_wait else 0.0)


class Waiter(NamedTuple):
    """A call that waits for its turn; the least of them comes first."""

    rank: int
    number: int
    turn: asyncio.Future[float]
    """0 when the turn has come, or the seconds until it comes where that is too late."""
    deadline: float
    notify: Callable[[float], object] | None


class Queue:
    """The queue of one event loop before a window; one task hands out its turns, as long as any call waits.

    They are paced by `count` limiters of one request each, used in turn: a single `AsyncLimiter(10, 60)` would let 19
    through in a minute.
    """

    def __init__(self, window: Window) -> None:
        """Take the window of this process; nothing waits yet."""
        self.window: Final = window
        self._waiting: list[Waiter] = []
        self._numbers = count()
        self._pacer: asyncio.Task[None] | None = None
        self._limiters: deque[AsyncLimiter] = deque()  # the one that was used longest ago comes first

    async def wait_turn(
        self, *, first: bool = False, patience: float = math.inf, notify: Callable[[float], object] | None = None
    ) -> float:
        """Wait for the turn, before all others that are not `first` either, and return 0.

        If the turn comes later than `patience`, return in how many seconds, as soon as that is known. `notify` hears
        once of a wait, when it is known.
        """
        loop = asyncio.get_running_loop()
        wait = self.seconds_to_turn(first=first)
        if wait > patience:
            return wait
        if wait and notify is not None:
            notify(wait)
            notify = None
        if await self._goes_at_once():
            return 0.0
        deadline = loop.time() + patience
        waiter = Waiter(0 if first else 1, next(self._numbers), loop.create_future(), deadline, notify)
        heappush(self._waiting, waiter)
        if self._pacer is None or self._pacer.done():
            self._pacer = loop.create_task(self._pace())
        try:
            return await waiter.turn
        except asyncio.CancelledError:
            if waiter.turn.done() and not waiter.turn.cancelled() and not waiter.turn.result():
                self._give_back()
            raise
        finally:
            self._waiting = [other for other in self._waiting if other.number != waiter.number]
            heapify(self._waiting)
            if not self._waiting:
                self._rest()

    def seconds_to_turn(self, *, first: bool = False) -> float:
        """Return the seconds until the turn of a call that would begin to queue now, as far as they are known."""
        rank = 0 if first else 1
        return self.window.seconds_to_slot(sum(waiter.rank <= rank for waiter in self._waiting))

    async def renew(self) -> float:
        """Return 0: what a window of this process grants does not grow old."""
        return 0.0

    def try_acquire(self) -> float:
        """Depart and return 0, or return the seconds until that is allowed."""
        return self.window.try_acquire()

    def leave(self) -> None:
        """Give a turn back: nothing was taken with it."""

    def _give_back(self) -> None:
        self._hand_on()

    def _rest(self) -> None:
        if self._pacer is not None:
            self._pacer.cancel()
            self._pacer = None

    async def _goes_at_once(self) -> bool:
        if self._waiting or self.window.seconds_to_slot() or not self._next().has_capacity():
            return False
        await self._take()  # waits for nothing
        return True

    async def _pace(self) -> None:
        while self._waiting:
            await self._take()
            if wait := self.window.seconds_to_slot():  # another loop was quicker, or the clock began anew
                await asyncio.sleep(wait)
            self._hand_on()

    def _hand_on(self) -> bool:
        while self._waiting:
            turn = heappop(self._waiting).turn
            if not turn.done():
                turn.set_result(0.0)
                return True
        return False

    def _next(self) -> AsyncLimiter:
        limit = self.window.limit
        if len(self._limiters) < limit.count and not (self._limiters and self._limiters[0].has_capacity()):
            self._limiters.appendleft(AsyncLimiter(1, limit.per))
        return self._limiters[0]

    async def _take(self) -> None:
        await self._next().acquire()
        self._limiters.rotate(-1)
