"""How many invoices may be worked on at the same time: all that the caller allows, fewer for a while after a refusal.

Halved when the server says that it is too much, then one more for each round that goes well: the way that senders on a
shared link find their share. Waits for nothing and sends nothing.
"""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from billingo_async.protocol.call import Attempt

TOO_MUCH: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
SAME_BURST: Final = 1.0
"""Seconds in which refusals are one event: those of requests that were on their way together."""


class Pace:
    """The number of invoices at a time, from 1 to what the caller allows."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with as many as the caller allows."""
        self._most = most
        self._now = float(most)
        self._clock = clock
        self._slowed_at = -SAME_BURST

    @property
    def allowed(self) -> int:
        """How many may be worked on now."""
        return int(self._now)

    def on_attempt(self, attempt: Attempt) -> None:
        """Take in how one attempt ended."""
        if attempt.status in TOO_MUCH:
            now = self._clock()
            if now - self._slowed_at >= SAME_BURST:
                self._now = max(1.0, self._now / 2)
                self._slowed_at = now
        elif attempt.status is not None and attempt.error is None:
            self._now = min(float(self._most), self._now + 1 / self._now)
