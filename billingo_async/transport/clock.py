"""The server's time, known as well as it can be: local time plus the skew learnt from the server.

A token lives for 30 seconds, so a local clock that is off would have every call refused. The skew is learnt from the
`Date` of each answer; the server's `/time` is asked by `dispatch` only after a 401 and told here. Asks nothing itself.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

ABSURD: Final = 86_400.0
"""Seconds: a `Date` further away than a day is a broken clock on the way, not the server's."""
TOLERANCE: Final = 5.0
"""Seconds by which a `Date` may differ from `/time` before it is no longer listened to."""
BACKDATE: Final = 1.0
"""Seconds: tokens are dated a little early, since one from the future is refused and one from the past is not."""


class ServerClock:
    """The server's clock as seen from here.

    A `Date` is whole seconds and has travelled, so what is learnt is late by up to a second, never early.
    """

    def __init__(self, local: Callable[[], float] = time.time) -> None:
        """Start with the local clock as it is."""
        self._local = local
        self._skew = 0.0
        self._dates_are_true = True

    def now(self) -> float:
        """Return the server's Unix time, to the best of what is known."""
        return self._local() + self._skew

    def issue_time(self) -> int:
        """Return the second in which a token is to be dated."""
        return int(self.now() - BACKDATE)

    def hear_date(self, date: float | None) -> None:
        """Learn from the `Date` of an answer, unless it is missing, absurd, or `/time` has proved it wrong before."""
        if date is None or not self._dates_are_true or abs(date - self.now()) > ABSURD:
            return
        self._skew = date - self._local()

    def hear_time(self, time_told: float, date: float | None) -> None:
        """Learn from `/time`, which counts for more than the `Date` of the answer that was refused."""
        self._skew = time_told - self._local()
        self._dates_are_true = date is None or abs(date - time_told) <= TOLERANCE
