"""The pace halves when the server says that it is too much, and finds its way back up."""

from __future__ import annotations

import pytest

from billingo_async import Attempt
from billingo_async.journal.pace import Pace


class Clock:
    """A clock that is turned by hand."""

    now = 100.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


def _attempt(status: int | None, error: str | None = None) -> Attempt:
    return Attempt("invoices.create", "POST", "/invoices", 1, status, 0.05, error)


@pytest.mark.parametrize("status", [429, 503])
def test_halves_once_a_burst(status: int) -> None:
    """Twenty refusals of one moment halve it once; one that comes later halves it again; it never falls below one."""
    clock = Clock()
    pace = Pace(20, clock)
    for _ in range(20):
        pace.on_attempt(_attempt(status, "RateLimitedError"))
    assert pace.allowed == 10
    for allowed in (5, 2, 1, 1):
        clock.now += 1.0
        pace.on_attempt(_attempt(status, "RateLimitedError"))
        assert pace.allowed == allowed


def test_climbs_by_one_a_round() -> None:
    """After a refusal, about as many successes as are allowed at a time add one, up to what the caller allows."""
    pace = Pace(4, Clock())
    pace.on_attempt(_attempt(429, "RateLimitedError"))
    assert pace.allowed == 2
    for _ in range(3):
        pace.on_attempt(_attempt(200))
    assert pace.allowed == 3
    for _ in range(30):
        pace.on_attempt(_attempt(200))
    assert pace.allowed == 4


def test_other_failures_do_not_slow_down() -> None:
    """A refusal of one draft, or a line that broke, says nothing about the server's load."""
    pace = Pace(4, Clock())
    pace.on_attempt(_attempt(400, "InvalidRequestError"))
    pace.on_attempt(_attempt(None, "the line dropped"))
    assert pace.allowed == 4
