"""One limit: what has left under it in this process, and the queue of each event loop before it. aiolimiter's home.

Two parts with two jobs. aiolimiter paces the queue of one event loop: it says when the next call may come forward. A
`Window` counts what has really left, for all objects, loops and threads of the process that share the limit, and knows
the seconds until a place is free; aiolimiter knows neither, and belongs to one loop.

A limit that processes share has a queue here, too. Only its head asks the store, and the next one follows when the head
has left. So a process that is killed takes one slot along at most, none can hoard, and the store serves the processes
in turn. No clock of this process is believed: the store says in how many seconds to ask again. What goes on while the
store is away stands here as well.

Never enters here: a call, and which queues it has to pass; that is `limits`.
"""

from __future__ import annotations

import asyncio
import math
import threading
from bisect import insort
from collections import deque
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple, Protocol
from uuid import uuid4

from aiolimiter import AsyncLimiter

from billingo_async.transport.loops import PerLoop
from billingo_async.transport.observe import log_outage

if TYPE_CHECKING:
    from collections.abc import Callable

    from billingo_async.settings import RateLimit

MIN_WAIT: Final = 1e-6
"""Seconds: less is no wait but what remains of one through rounding."""
RIDE_OUT_SECONDS: Final = 5.0
"""How long a store that was there is waited for, before this process goes on alone: a restart passes unseen."""
FIRST_TRY_SECONDS: Final = 0.5
"""How long a store is waited for that this process has never reached."""
NEXT_LOOK_SECONDS: Final = 10.0
"""After how long a store that is away is asked again."""
RECONNECT_SECONDS: Final = 0.1
STORE_TIMEOUT: Final = 3.0
"""Seconds that one question to a store may take."""
MAX_SLOT_AGE_SECONDS: Final = 0.1
"""A slot that was taken longer ago is moved to the moment when its request really leaves."""


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
    """A call that waits for its turn; the least rank comes first, and of one rank the call that came first."""

    rank: int
    turn: asyncio.Future[float]
    """0 when the turn has come, or the seconds until it comes where that is too late."""
    deadline: float
    notify: Callable[[float], object] | None


class Queue:
    """The queue of one event loop before a window; one task hands out its turns, as long as any call waits.

    They are paced by `count` limiters of one request each, used in turn: a single `AsyncLimiter(10, 60)` would let 19
    through in a minute.
    """

    answer_seconds: ClassVar[float] = 0.0
    """How long it takes, at most, until it is known when a turn comes; this is no part of a caller's patience."""

    def __init__(self, window: Window) -> None:
        """Take the window of this process; nothing waits yet."""
        self.window: Final = window
        self._waiting: list[Waiter] = []  # the next one first
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
        waiter = Waiter(0 if first else 1, loop.create_future(), loop.time() + patience, notify)
        insort(self._waiting, waiter, key=lambda other: other.rank)
        if self._pacer is None or self._pacer.done():
            self._pacer = loop.create_task(self._pace())
        try:
            return await waiter.turn
        except asyncio.CancelledError:
            has_turn = waiter.turn.done() and not waiter.turn.cancelled() and not waiter.turn.result()
            if has_turn and not self._hand_on():
                self.leave()
            raise
        finally:
            self._waiting = [other for other in self._waiting if other.turn is not waiter.turn]
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
            turn = self._waiting.pop(0).turn
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


class SlotRequest(NamedTuple):
    """What the head of a queue asks a store for: the next slot of a window.

    To ask again under the same token is to move the slot to the present moment, so that an answer which was lost costs
    nothing.
    """

    window: str
    token: str
    size: int
    per: float
    patience: float
    """Seconds: a slot that comes later is not waited for, and nothing is kept in the store."""
    unrecorded: dict[str, float]
    """Departures of which the store does not know yet: seconds since each, by its token."""


class SlotStore(Protocol):
    """Where slots are granted; belongs to one event loop and answers one question after another."""

    async def reserve(self, request: SlotRequest) -> float:
        """Take a slot for the token and return 0, or the seconds until there is one; raises what its library raises."""
        ...

    async def aclose(self) -> None:
        """Disconnect; the next question connects again."""
        ...


class SharedQueue(Queue):
    """The queue of one event loop for the slots of a window that a store grants, each under a token of its own."""

    answer_seconds = FIRST_TRY_SECONDS

    def __init__(self, name: str, window: Window, store: SlotStore) -> None:
        """Take the window's name in the store, and the window of this process.

        That one counts all that leaves here, and holds it back while the store is away.
        """
        super().__init__(window)
        self.name: Final = name
        self._store = store
        self._owner = uuid4().hex
        self._departures = 0
        self._unrecorded: dict[str, float] = {}
        self._taken_at: float | None = None
        self._next_slot = self._next_look = 0.0
        self._is_known = self._is_away = False
        self._vacant = asyncio.Event()
        self._vacant.set()

    def seconds_to_turn(self, *, first: bool = False) -> float:
        """Return the seconds until the turn of a call that would begin to queue now, as far as they are known."""
        return max(super().seconds_to_turn(first=first), self._next_slot - asyncio.get_running_loop().time(), 0.0)

    async def renew(self) -> float:
        """Move a slot that is no longer fresh to this moment; return the seconds until there is one if it is lost."""
        age = asyncio.get_running_loop().time() - self._taken_at if self._taken_at is not None else 0.0
        if age > MAX_SLOT_AGE_SECONDS:
            with suppress(Exception):  # it was taken, if a little early
                return await self._ask(math.inf)
            await self._store.aclose()
        return 0.0

    def try_acquire(self) -> float:
        """Let the head depart and return 0; or the seconds until it may, while the window here is all there is."""
        if not self._is_away:
            self.window.record()
        elif wait := self.window.try_acquire():
            return wait
        else:
            self._unrecorded[self._token] = asyncio.get_running_loop().time()
        self._departures += 1  # the next one takes a slot of its own
        self._taken_at = None
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
        await self._store.aclose()

    def _rest(self) -> None:
        """Let a question to the store come to its end."""

    async def _goes_at_once(self) -> bool:
        return False

    async def _pace(self) -> None:
        while self._waiting:
            await self._vacant.wait()
            until = max((waiter.deadline for waiter in self._waiting), default=0.0)
            wait = await self._reserve(until - asyncio.get_running_loop().time())
            if not wait:
                if self._hand_on():
                    self._vacant.clear()
                continue
            self._next_slot = asyncio.get_running_loop().time() + wait
            self._announce()
            if self._waiting:
                await asyncio.sleep(wait)

    def _announce(self) -> None:
        """Say to all that wait how long it will be, as far as it is known; those who do not wait so long go."""
        now = asyncio.get_running_loop().time()
        waiting, self._waiting = self._waiting, []
        for ahead, waiter in enumerate(waiting):
            wait = max(self.window.seconds_to_slot(ahead), self._next_slot - now)
            if waiter.turn.done():
                continue
            if now + wait <= waiter.deadline:
                if waiter.notify is not None:
                    waiter.notify(wait)
                self._waiting.append(waiter._replace(notify=None))
            else:
                waiter.turn.set_result(wait)

    @property
    def _token(self) -> str:
        return f"{self._owner} {self._departures}"

    async def _reserve(self, patience: float) -> float:
        """Take a slot and return 0, or return the seconds until there is one, here alone while the store is away.

        A store that was there before is waited for a little while.
        """
        loop = asyncio.get_running_loop()
        if self._is_away and loop.time() < self._next_look:
            return self.window.seconds_to_slot()
        ride_out = 0.0 if self._is_away else RIDE_OUT_SECONDS if self._is_known else FIRST_TRY_SECONDS
        deadline = loop.time() + ride_out
        while True:
            try:
                return await self._ask(patience)
            except Exception as error:  # noqa: BLE001 - whatever the store's library raises
                await self._store.aclose()
                if loop.time() >= deadline:
                    if not self._is_away:
                        log_outage(self.window.limit, error)
                    self._is_away, self._is_known = True, False
                    self._next_look = loop.time() + NEXT_LOOK_SECONDS
                    self._taken_at = None
                    return self.window.seconds_to_slot()
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _ask(self, patience: float) -> float:
        now, limit = asyncio.get_running_loop().time(), self.window.limit
        self._unrecorded = {token: left for token, left in self._unrecorded.items() if left > now - limit.per}
        ages = {token: now - left for token, left in self._unrecorded.items()}
        request = SlotRequest(self.name, self._token, limit.count, limit.per, patience, ages)
        async with asyncio.timeout(STORE_TIMEOUT):
            wait = await self._store.reserve(request)
        if self._is_away:
            log_outage(limit, None)
        self._is_away, self._is_known = False, True
        self._unrecorded.clear()
        self._taken_at = None if wait else asyncio.get_running_loop().time()
        return wait
