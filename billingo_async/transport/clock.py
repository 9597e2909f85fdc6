"""The server's time, known as well as it can be: local time plus the skew learnt from the server.

A token lives for 30 seconds, so a local clock that is off would have every call refused. The skew is learnt from the
`Date` of each answer; the server's `/time` is asked by `wire` only after a 401 and told here. Asks nothing itself.
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
GRAIN: Final = 1.0
"""Seconds: a `Date` is cut to the second."""


class ServerClock:
    """The server's clock as seen from here.

    A `Date` was true at some moment between the departure of the request and the arrival of the whole answer. While
    that allows what is known, nothing is learnt, however slow the answer was; otherwise the earliest time is taken that
    it allows, since a token from the past is accepted.
    """

    def __init__(self, local: Callable[[], float] = time.time) -> None:
        """Start with the local clock as it is."""
        self._local = local
        self._skew = 0.0
        self._dates_are_true = True

    def local(self) -> float:
        """Return the Unix time that the local clock shows."""
        return self._local()

    def now(self) -> float:
        """Return the server's Unix time, to the best of what is known."""
        return self.at(self.local())

    def at(self, local: float) -> float:
        """Return the server's Unix time when the local clock showed `local`."""
        return local + self._skew

    def issue_time(self) -> int:
        """Return the second in which a token is to be dated."""
        return int(self.now() - BACKDATE)

    def hear_date(self, date: float | None, departed: float) -> None:
        """Learn from the `Date` of an answer whose request departed when the local clock showed `departed`.

        A missing or absurd one teaches nothing, nor does any after `/time` has proved them wrong.
        """
        if date is None or not self._dates_are_true or abs(date - self.now()) > ABSURD:
            return
        least, most = date - self.local(), date + GRAIN - departed
        if not least <= self._skew <= most:
            self._skew = least

    def hear_time(self, told: float, date: float | None) -> None:
        """Learn from `/time`, which counts for more than any `Date`; `date` is the one of the same answer."""
        self._skew = told - self.local()
        self._dates_are_true = date is None or abs(date - told) <= TOLERANCE
