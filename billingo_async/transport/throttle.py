"""Waiting for one's turn: the limit on PDFs, and the pause that a 429 asks for. The home of aiolimiter.

The limit on PDFs holds for an IP address, so everything in this process that talks to one origin shares one allowance,
whatever object or event loop it belongs to. Decides nothing about retries (see `protocol.retry`) and sends nothing.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from itertools import cycle
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from aiolimiter import AsyncLimiter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billingo_async.settings import RateLimit

_Loop = asyncio.AbstractEventLoop


class Allowance:
    """An exact moving window: in no `per` seconds do more than `count` requests leave.

    Within one event loop `count` limiters of one request each, used in turn, give every caller its place in the queue
    (a single `AsyncLimiter(10, 60)` would let 19 through in a minute). Since a limiter belongs to one loop, the record
    of what has really left is kept here for all loops and threads, and has the last word.
    """

    _shared: Final[dict[tuple[str, int, float], Allowance]] = {}

    def __init__(self, limit: RateLimit) -> None:
        """Start with nothing sent."""
        self._limit = limit
        self._left: deque[float] = deque(maxlen=limit.count)
        self._lock = threading.Lock()
        self._turns: WeakKeyDictionary[_Loop, Iterator[AsyncLimiter]] = WeakKeyDictionary()

    @classmethod
    def shared(cls, origin: str, limit: RateLimit) -> Allowance:
        """Return the allowance of this process for an origin and a limit."""
        return cls._shared.setdefault((origin, limit.count, limit.per), cls(limit))

    async def turn(self) -> None:
        """Wait in the queue of this event loop; then `leave` tells whether the way is free."""
        await next(self._turns_here()).acquire()

    def leave(self) -> float:
        """Take one of the places and return 0, or return the seconds until one is free.

        Called without any wait between it and the departure, so that the record is what really happened.
        """
        now = asyncio.get_running_loop().time()
        with self._lock:
            oldest = self._left[0] if len(self._left) == self._limit.count else None
            wait = 0.0 if oldest is None else oldest + self._limit.per - now
            if 0.0 < wait <= self._limit.per:
                return wait
            self._left.append(now)
            return 0.0

    def _turns_here(self) -> Iterator[AsyncLimiter]:
        loop = asyncio.get_running_loop()
        if loop not in self._turns:
            self._turns[loop] = cycle([AsyncLimiter(1, self._limit.per) for _ in range(self._limit.count)])
        return self._turns[loop]


class Pause:
    """The moment before which nothing may be sent, shared by all calls of one `Billingo` object.

    A 429 can only move it further away; that another call has success does not lift it.
    """

    def __init__(self) -> None:
        """Start without a pause."""
        self._until: WeakKeyDictionary[_Loop, float] = WeakKeyDictionary()

    def ask(self, seconds: float) -> None:
        """Hold back everything for so many seconds from now."""
        loop = asyncio.get_running_loop()
        self._until[loop] = max(self._until.get(loop, 0.0), loop.time() + seconds)

    def left(self) -> float:
        """Return the seconds that are still to be waited."""
        loop = asyncio.get_running_loop()
        return max(0.0, self._until.get(loop, 0.0) - loop.time())
