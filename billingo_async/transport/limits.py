"""Limits and pauses: which queues a call has to pass, and until when a refusal of the server holds it back.

A limit that processes share has a queue here, too. Only its head asks the store, and the next one follows when the head
has left. So a process that is killed takes one slot along at most, none can hoard, and the store serves the processes
in turn. No clock of this process is believed: the store says in how many seconds to ask again. What goes on while the
store is away stands here as well.
"""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from billingo_async.transport.limit_stores import STORE_TIMEOUT, SlotRequest, open_store
from billingo_async.transport.loops import PerLoop
from billingo_async.transport.observe import log_outage
from billingo_async.transport.windows import MIN_WAIT, Queue, Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billingo_async.protocol.call import Call, Limit
    from billingo_async.settings import Settings
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


class SharedQueue(Queue):
    """The queue of one event loop for the slots of a window that a store grants, each under a token of its own."""

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
        self._deserted = asyncio.Event()

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

    def _give_back(self) -> None:
        self.leave()

    def _rest(self) -> None:
        self._deserted.set()

    async def _goes_at_once(self) -> bool:
        return False

    async def _pace(self) -> None:
        while self._waiting:
            await self._vacant.wait()
            until = max((waiter.deadline for waiter in self._waiting), default=0.0)
            wait = await self._reserve(until - asyncio.get_running_loop().time())
            if wait is None:
                wait = self.window.seconds_to_slot()
            if not wait:
                if self._hand_on():
                    self._vacant.clear()
                continue
            self._next_slot = asyncio.get_running_loop().time() + wait
            self._announce()
            self._deserted.clear()
            if self._waiting:
                with suppress(TimeoutError):
                    async with asyncio.timeout(max(wait, MIN_SLEEP_SECONDS)):
                        await self._deserted.wait()

    def _announce(self) -> None:
        """Say to all that wait how long it will be, as far as it is known; those who do not wait so long go."""
        now = asyncio.get_running_loop().time()
        waiting, self._waiting = sorted(self._waiting), []
        for ahead, waiter in enumerate(waiting):
            wait = max(self.window.seconds_to_slot(ahead), self._next_slot - now)
            if waiter.turn.done():
                continue
            if now + wait > waiter.deadline:
                waiter.turn.set_result(wait)
                continue
            if waiter.notify is not None:
                waiter.notify(wait)
            self._waiting.append(waiter._replace(notify=None))

    @property
    def _token(self) -> str:
        return f"{self._owner} {self._departures}"

    async def _reserve(self, patience: float) -> float | None:
        """Take a slot and return 0, or return the seconds until there is one; None while the store is away.

        A store that was there before is waited for a little while.
        """
        loop = asyncio.get_running_loop()
        if self._is_away and loop.time() < self._next_look:
            return None
        ride_out = 0.0 if self._is_away else RIDE_OUT_SECONDS if self._is_known else FIRST_TRY_SECONDS
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

    def _go_alone(self, error: Exception) -> None:
        if not self._is_away:
            log_outage(self.window.limit, error)
        self._is_away, self._is_known = True, False
        self._next_look = asyncio.get_running_loop().time() + NEXT_LOOK_SECONDS
        self._taken_at = None


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
    """The limits of one object; objects of one process share a window where the servers count at one address."""

    def __init__(self, settings: Settings, account: str, general: tuple[Limit, ...]) -> None:
        """Take the limits that there are, and those that every call falls under."""
        self._settings = settings
        self._account = account
        self._shared: list[PerLoop[SharedQueue]] = []
        self._queues: dict[Limit | None, tuple[PerLoop[Queue] | PerLoop[SharedQueue], ...]] = {}
        self._queues[None] = tuple(map(self._open, general))
        self._pauses: dict[Limit | None, Pause] = {}
        self.is_active: bool = bool(general)
        """False as long as no call has to be looked at that names no limit itself."""

    def _open(self, limit: Limit) -> PerLoop[Queue] | PerLoop[SharedQueue]:
        rate = self._settings.limits[limit.name]
        counted = (limit.name, self._settings.origin, *((self._account,) if limit.counts == "key" else ()))
        window = Window.shared(counted, rate)
        if rate.shared is None:
            return window.queues
        address, name = rate.shared, rate.name or " ".join(counted)
        self._shared.append(PerLoop(lambda: SharedQueue(name, window, open_store(address))))
        return self._shared[-1]

    def queues(self, call: Call[object]) -> Iterator[Queue]:
        """Return the queues that a call has to pass: its own first, so that what waits there holds up nothing else."""
        limit = call.operation.limit
        if limit is not None and limit not in self._queues:
            self._queues[limit] = (self._open(limit), *self._queues[None])
        return (queue.here() for queue in self._queues[limit])

    async def aclose(self) -> None:
        """Disconnect from the stores, in this event loop."""
        for queues in self._shared:
            if (queue := queues.taken()) is not None:
                await queue.aclose()

    def pause(self, call: Call[object], seconds: float) -> None:
        """Hold back what a refusal of this call concerns: its own limit's calls alone, or everything."""
        self.is_active = True
        self._pauses.setdefault(call.operation.limit, Pause()).ask(seconds)

    def pause_left(self, call: Call[object]) -> float:
        """Return the seconds for which a call is held back by a pause."""
        if call.operation.public:
            return 0.0
        pauses = (self._pauses.get(limit) for limit in {None, call.operation.limit})
        return max((pause.left() for pause in pauses if pause is not None), default=0.0)
