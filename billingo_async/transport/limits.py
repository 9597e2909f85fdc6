"""Limits and pauses: when a call may leave, and in which order the calls leave that queue. The home of aiolimiter.

Two parts with two jobs. aiolimiter paces the queue of one event loop: it says when the next call may come forward. A
`Window` counts what has really left, for all objects, loops and threads of the process that share the limit, and knows
the seconds until a place is free; aiolimiter knows neither, and belongs to one loop. Sends nothing.
"""

from __future__ import annotations

import asyncio
import math
import threading
from collections import deque
from heapq import heapify, heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Final, TypeAlias

from aiolimiter import AsyncLimiter

from billingo_async.transport.loops import PerLoop
from billingo_async.transport.shared_limits import SharedWindow

if TYPE_CHECKING:
    from collections.abc import Callable

    from billingo_async.protocol.call import Call, Limit
    from billingo_async.settings import RateLimit, Settings

MIN_WAIT: Final = 1e-6
"""Seconds: less is no wait but what remains of one through rounding."""


class Window:
    """An exact moving window: in no `per` seconds do more than `count` requests leave."""

    _shared: Final[dict[tuple[object, ...], Window]] = {}

    def __init__(self, limit: RateLimit) -> None:
        """Start with nothing sent."""
        self._limit = limit
        self._departures: deque[float] = deque(maxlen=limit.count)
        self._lock = threading.Lock()
        self._queues = PerLoop(lambda: _Queue(limit))

    @classmethod
    def shared(cls, key: tuple[object, ...], limit: RateLimit) -> Window:
        """Return the window of this process for a key and a limit."""
        return cls._shared.setdefault((*key, limit.count, limit.per), cls(limit))

    async def wait_turn(
        self, *, first: bool = False, patience: float = math.inf, notify: Callable[[float], object] | None = None
    ) -> float:
        """Wait in the queue of this event loop, before all others that are not `first` either, and return 0.

        If the turn comes later than `patience`, return at once in how many seconds. `notify` hears of a wait.
        """
        if (wait := self.seconds_to_turn(first=first)) > patience:
            return wait
        if notify is not None:
            notify(wait)
        await self._queues.here().wait_turn(0 if first else 1)
        return 0.0

    async def renew(self) -> float:
        """Return 0: what a window of this process grants does not grow old."""
        return 0.0

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

    def leave(self) -> None:
        """Give a turn back: nothing was taken with it."""

    def seconds_to_turn(self, *, first: bool = False) -> float:
        """Return the seconds until the turn of a call that would begin to queue now."""
        return self.seconds_to_slot(self._queues.here().count_ahead(0 if first else 1))

    def seconds_to_slot(self, ahead: int) -> float:
        """Return the seconds until the slot after so many others is free."""
        with self._lock:
            return self._free_in(ahead, asyncio.get_running_loop().time())

    def _free_in(self, ahead: int, now: float) -> float:
        per, size = self._limit.per, self._limit.count
        rounds, place = divmod(ahead, size)
        place -= size - len(self._departures)  # those that were never taken come first
        wait = self._departures[place] + per - now if place >= 0 else 0.0
        is_wait = MIN_WAIT < wait <= per + MIN_WAIT  # more is left only on a clock that began anew
        return per * rounds + (wait if is_wait else 0.0)


class _Queue:
    """The queue of one event loop: `count` limiters of one request each, used in turn.

    A single `AsyncLimiter(10, 60)` would let 19 through in a minute. The limiters are awaited by one task that hands
    each turn to the best of those that wait at that moment, and that is there only while any do.
    """

    def __init__(self, limit: RateLimit) -> None:
        self._limit = limit
        self._limiters: deque[AsyncLimiter] = deque()  # the one that was used longest ago comes first
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._numbers = count()
        self._pacer: asyncio.Task[None] | None = None

    def _stop_pacing(self) -> None:
        if self._pacer is not None:
            self._pacer.cancel()
            self._pacer = None

    async def wait_turn(self, rank: int) -> None:
        if not self._waiting and self._next().has_capacity():
            await self._take()  # waits for nothing
            return
        turn = asyncio.get_running_loop().create_future()
        waiter = (rank, next(self._numbers), turn)
        heappush(self._waiting, waiter)
        if self._pacer is None or self._pacer.done():
            self._pacer = asyncio.get_running_loop().create_task(self._pace())
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._hand_on()  # the turn had come
            raise
        finally:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
                heapify(self._waiting)
            if not self._waiting:
                self._stop_pacing()

    def count_ahead(self, rank: int) -> int:
        return sum(waiter[0] <= rank for waiter in self._waiting)

    async def _pace(self) -> None:
        while self._waiting:
            await self._take()
            self._hand_on()

    def _hand_on(self) -> None:
        while self._waiting:
            turn = heappop(self._waiting)[2]
            if not turn.done():
                turn.set_result(None)
                return

    def _next(self) -> AsyncLimiter:
        if len(self._limiters) < self._limit.count and not (self._limiters and self._limiters[0].has_capacity()):
            self._limiters.appendleft(AsyncLimiter(1, self._limit.per))
        return self._limiters[0]

    async def _take(self) -> None:
        await self._next().acquire()
        self._limiters.rotate(-1)


AnyWindow: TypeAlias = Window | SharedWindow


class Pause:
    """The moment before which nothing may be sent, or nothing of one limit, since a server has asked for it.

    Another refusal can only move it further away; that another call has success does not lift it.
    """

    def __init__(self) -> None:
        """Start without a pause."""
        self._until = self._length = 0.0

    def ask(self, seconds: float) -> None:
        """Hold back what this pause is for, for so many seconds from now."""
        if seconds > self.left():
            self._until, self._length = asyncio.get_running_loop().time() + seconds, seconds

    def left(self) -> float:
        """Return the seconds that are still to be waited, in whichever event loop: all go by one clock.

        More than was asked for can only be left on a clock that began anew.
        """
        if not self._until:
            return 0.0
        left = self._until - asyncio.get_running_loop().time()
        return left if MIN_WAIT < left <= self._length + MIN_WAIT else 0.0


class Limits:
    """The limits and pauses of one account at one address."""

    def __init__(self, settings: Settings, account: str, general: tuple[Limit, ...]) -> None:
        """Take the limits that there are, and those that every call falls under."""
        self._settings = settings
        self._account = account
        self._shared: list[SharedWindow] = []
        self._windows: dict[Limit | None, tuple[AnyWindow, ...]] = {None: tuple(map(self._window, general))}
        self._pauses: dict[Limit | None, Pause] = {}
        self.is_active: bool = bool(general)
        """False as long as no call has to be looked at that names no limit itself."""

    def _window(self, limit: Limit) -> AnyWindow:
        rate = self._settings.limits[limit.name]
        counted = (limit.name, self._settings.origin, *((self._account,) if limit.counts == "key" else ()))
        own = Window.shared(counted, rate)
        if rate.shared is None:
            return own
        window = SharedWindow(rate.name or " ".join(counted), rate, own)
        self._shared.append(window)
        return window

    def windows(self, call: Call[object]) -> tuple[AnyWindow, ...]:
        """Return the windows that a call has to pass: its own first, so that what waits there holds up nothing else."""
        limit = call.operation.limit
        if limit is not None and limit not in self._windows:
            self._windows[limit] = (self._window(limit), *self._windows[None])
        return self._windows[limit]

    async def aclose(self) -> None:
        """Disconnect from the stores, in this event loop."""
        for window in self._shared:
            await window.aclose()

    def pause(self, call: Call[object], seconds: float) -> None:
        """Hold back what a refusal of this call concerns: its own limit's calls alone, or everything."""
        self.is_active = True
        self._pauses.setdefault(call.operation.limit, Pause()).ask(seconds)

    def pause_left(self, call: Call[object]) -> float:
        """Return the seconds for which a call is held back by a pause."""
        if not self._pauses:
            return 0.0
        pauses = (self._pauses.get(limit) for limit in {None, call.operation.limit})
        return max((pause.left() for pause in pauses if pause is not None), default=0.0)
