"""Waiting for one's turn: the limit on PDFs, and the pause that a 429 asks for. The home of aiolimiter.

The limit on PDFs holds for an IP address, so everything in this process that talks to one origin shares one allowance,
whatever object or event loop it belongs to. Decides nothing about retries (see `protocol.retry`) and sends nothing.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from typing import TYPE_CHECKING, Final

from aiolimiter import AsyncLimiter

from billingo_async.transport.loops import PerLoop

if TYPE_CHECKING:
    from billingo_async.settings import RateLimit

GRAIN: Final = 1e-6
"""Seconds that are no wait: what remains of one through rounding."""


class Allowance:
    """An exact moving window: in no `per` seconds do more than `count` requests leave.

    Within one event loop callers queue first come, first served. Since a limiter belongs to one loop, the record of
    what has really left is kept here for all loops and threads, and has the last word.
    """

    _shared: Final[dict[tuple[str, int, float], Allowance]] = {}

    def __init__(self, limit: RateLimit) -> None:
        """Start with nothing sent."""
        self._limit = limit
        self._left: deque[float] = deque(maxlen=limit.count)
        self._one_at_a_time = threading.Lock()
        self._queues = PerLoop(lambda: _Queue(limit.count, limit.per))

    @classmethod
    def shared(cls, origin: str, limit: RateLimit) -> Allowance:
        """Return the allowance of this process for an origin and a limit."""
        return cls._shared.setdefault((origin, limit.count, limit.per), cls(limit))

    async def turn(self) -> None:
        """Wait in the queue of this event loop; then `leave` tells whether the way is free."""
        await self._queues.here().turn()

    def leave(self) -> float:
        """Take one of the places and return 0, or return the seconds until one is free.

        Called without any wait between it and the departure, so that the record is what really happened.
        """
        loop = asyncio.get_running_loop()
        with self._one_at_a_time:
            now = loop.time()
            oldest = self._left[0] if len(self._left) == self._limit.count else None
            wait = 0.0 if oldest is None else oldest + self._limit.per - now
            if GRAIN < wait <= self._limit.per + GRAIN:
                return wait
            self._left.append(now)
            return 0.0


class _Queue:
    """The queue of one event loop: `count` limiters of one request each, used in turn.

    A single `AsyncLimiter(10, 60)` would let 19 through in a minute. Only the first in the queue waits at a limiter: if
    it gives up, the next one takes its place there, and no turn is lost.
    """

    def __init__(self, count: int, per: float) -> None:
        self._count = count
        self._per = per
        self._line = asyncio.Lock()
        self._limiters: deque[AsyncLimiter] = deque()  # the one that was used longest ago comes first

    async def turn(self) -> None:
        async with self._line:
            if len(self._limiters) < self._count and not (self._limiters and self._limiters[0].has_capacity()):
                self._limiters.appendleft(AsyncLimiter(1, self._per))
            await self._limiters[0].acquire()
            self._limiters.rotate(-1)


class Pause:
    """The moment before which nothing may be sent, shared by all calls of one `Billingo` object.

    A 429 can only move it further away; that another call has success does not lift it.
    """

    def __init__(self) -> None:
        """Start without a pause."""
        self._until = self._asked = 0.0

    def ask(self, seconds: float) -> None:
        """Hold back everything for so many seconds from now."""
        if seconds > self.left():
            self._until, self._asked = asyncio.get_running_loop().time() + seconds, seconds

    def left(self) -> float:
        """Return the seconds that are still to be waited, in whichever event loop: all go by one clock.

        More than was asked for can only be left on a clock that began anew.
        """
        left = self._until - asyncio.get_running_loop().time()
        return left if GRAIN < left <= self._asked + GRAIN else 0.0
