"""The server's time, known as well as it can be: local time plus the skew learnt from the server.

The skew is learnt from the `Date` of each answer that is the API's own; the server's clock itself is asked by `sender`,
only after a refusal that may come from it, and its answer handed in here. Asks nothing itself.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_SKEW: Final = 86_400.0
"""Seconds: a `Date` further away than a day is a broken clock on the way, not the server's."""
MAX_DISAGREEMENT: Final = 5.0
"""Seconds by which a `Date` may differ from the server's clock before it is no longer learnt from."""
DATE_GRAIN: Final = 1.0
"""Seconds: a `Date` is cut to the second."""


class ServerClock:
    """The server's clock as seen from here.

    A `Date` was true at some moment between the departure of the request and the arrival of the whole answer. While
    that allows what is known, nothing is learnt, however slow the answer was; otherwise the earliest time is taken that
    it allows, since what is issued in the past is accepted.
    """

    def __init__(self, local: Callable[[], float] | None = None) -> None:
        """Start with the local clock as it is."""
        self._local = local or time.time  # this machine's clock; looked up here: what replaces it is obeyed
        self._skew = 0.0
        self._dates_are_true = True
        self._offset: float | None = None
        """By how much the local clock was ahead of the one that nobody sets, when the server last told its time."""
        self._first_lead: float | None = None
        self.missed: float = 0.0
        """Seconds by which the server's clock has gained on the one that nobody sets, since it first told its time.

        That one stands still while the machine is asleep, and the local clock may go on where it stopped.
        """

    @property
    def is_known(self) -> bool:
        """True if the server has told its time, and the local clock was not set since, nor the machine asleep.

        Otherwise `now` is the local clock's, or off by as much as that was set.
        """
        offset = self._offset
        return offset is not None and abs(self._local() - time.monotonic() - offset) <= MAX_DISAGREEMENT

    def local(self) -> float:
        """Return the Unix time that the local clock shows."""
        return self._local()

    def now(self) -> float:
        """Return the server's Unix time, to the best of what is known."""
        return self._local() + self._skew

    def at(self, local: float) -> float:
        """Return the server's Unix time when the local clock showed `local`."""
        return local + self._skew

    def learn_from_date(self, date: float | None, departed: float) -> None:
        """Learn from the `Date` of an answer whose request departed when the local clock showed `departed`.

        A missing or absurd one teaches nothing, nor does any after the server's clock has proved them wrong.
        """
        if date is None or not self._dates_are_true or abs(date - self._local() - self._skew) > MAX_SKEW:
            return
        least, most = date - self._local(), date + DATE_GRAIN - departed
        if not least <= self._skew <= most:
            self._skew = least
        self._learnt()

    def sync(self, seconds: float, date: float | None) -> None:
        """Set the clock by the server's own, which counts for more than any `Date`; `date` is that of its answer."""
        self._skew = seconds - self._local()
        self._dates_are_true = date is None or abs(date - seconds) <= MAX_DISAGREEMENT
        self._learnt()

    def _learnt(self) -> None:
        self._offset = self._local() - time.monotonic()
        lead = self._offset + self._skew
        self._first_lead = lead if self._first_lead is None else self._first_lead
        self.missed = lead - self._first_lead
