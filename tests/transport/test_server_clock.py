"""The clock by itself: what a `Date` and `/time` teach it, and what they do not."""

from __future__ import annotations

import pytest

from billingo_async.transport.clock import ServerClock

NOON = 1_700_000_000.0
MINUTES = 600.0


class Local:
    """A local clock that is set by hand."""

    def __init__(self) -> None:
        """Show noon."""
        self.shown = NOON

    def __call__(self) -> float:
        """The time."""
        return self.shown


@pytest.mark.parametrize("skew", [-MINUTES, -3.0, 3.0, MINUTES])
def test_a_date_tells_the_time_to_the_second_and_never_too_late(skew: float) -> None:
    """After a quick answer the clock is right but for the second that a `Date` hides, and not ahead of the server."""
    local = Local()
    clock = ServerClock(local)
    clock.learn_from_date(float(int(NOON + skew)), departed=NOON)
    assert NOON + skew - 1 <= clock.now() <= NOON + skew


@pytest.mark.parametrize("age", [5.0, 25.0, 100.0])
def test_a_slow_answer_does_not_set_the_clock_back(age: float) -> None:
    """A `Date` that was stamped before a long body is old when it is heard; what was known of the time stays."""
    local = Local()
    clock = ServerClock(local)
    local.shown += age
    clock.learn_from_date(NOON, departed=NOON)
    assert clock.now() == local.shown


def test_a_slow_answer_corrects_what_it_proves_wrong() -> None:
    """If the clock was outside what the answer allows, it is set to the earliest time that it does allow."""
    local = Local()
    clock = ServerClock(local)
    local.shown += 10
    clock.learn_from_date(NOON + MINUTES, departed=NOON)
    assert clock.now() == NOON + MINUTES


def test_a_local_clock_that_jumps_is_followed() -> None:
    """The local clock is set back by an hour in the middle of a call: the next `Date` puts the skew right."""
    local = Local()
    clock = ServerClock(local)
    clock.learn_from_date(NOON, departed=NOON)
    local.shown = NOON - 3600
    clock.learn_from_date(NOON + 1, departed=NOON)
    assert clock.now() == NOON + 1


@pytest.mark.parametrize("date", [None, 0.0, NOON + 86_401, NOON - 86_401])
def test_a_missing_or_absurd_date_teaches_nothing(date: float | None) -> None:
    """A day away is no clock of a server's."""
    clock = ServerClock(Local())
    clock.learn_from_date(date, departed=NOON)
    assert clock.now() == NOON


def test_dates_that_contradict_the_time_are_not_listened_to() -> None:
    """`/time` counts for more than a `Date`; a later `/time` that agrees with its `Date` brings the dates back."""
    clock = ServerClock(Local())
    clock.sync(NOON + 30, date=NOON + 90)
    clock.learn_from_date(NOON + 90, departed=NOON)
    assert clock.now() == NOON + 30
    clock.sync(NOON + 40, date=NOON + 42)
    clock.learn_from_date(NOON + 90, departed=NOON)
    assert clock.now() == NOON + 90


def test_a_clock_says_whether_the_server_has_told_its_time() -> None:
    """Until it has, `now` is this machine's own, which may be wrong."""
    clock = ServerClock(Local())
    assert not clock.is_known
    clock.learn_from_date(None, departed=NOON)
    assert not clock.is_known
    clock.learn_from_date(NOON, departed=NOON)
    assert clock.is_known


def test_a_clock_is_not_known_after_the_local_one_was_set() -> None:
    """A day's step in the local clock is a day's error in the server's, until its next answer."""
    local = Local()
    clock = ServerClock(local)
    clock.learn_from_date(NOON, departed=NOON)
    local.shown = NOON + 86_400
    assert not clock.is_known
    clock.learn_from_date(NOON + 1, departed=NOON + 86_400)
    assert clock.is_known
    assert clock.now() == NOON + 1


def test_what_replaces_the_machines_clock_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock is looked up when it is made, as freezegun and a simulated world need it."""
    monkeypatch.setattr("time.time", lambda: 1_234.0)
    assert ServerClock().local() == 1_234.0
