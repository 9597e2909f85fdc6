"""Limits and pauses: which queues a call has to pass, and until when a refusal of the server holds it back.

Never enters here: how a queue moves; that is `windows`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from billingo_async.transport.loops import PerLoop
from billingo_async.transport.windows import MIN_WAIT, Queue, SharedQueue, Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billingo_async.protocol.call import Call, Limit
    from billingo_async.settings import Settings


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
        from billingo_async.transport.limit_stores import open_store  # noqa: PLC0415 - few limits are shared

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
