"""A clock that is off: how many refused tries it costs, and how often the server is asked for its time."""

from __future__ import annotations

import asyncio
from collections import Counter
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest
from limited import LimitedLine, all_of
from sandbox_caller import Clock

from billingo_async import AuthenticationError, Billingo
from billingo_async.sandbox import Fault
from billingo_async.sandbox.v2.routes import ROUTES
from billingo_async.transport.clock import ServerClock

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from jumping_clock import JumpingClock

TAX_CODE, TIME = "user.tax_code", "time"


class DatedLine(LimitedLine):
    """A line to a sandbox whose clock is off and whose answers carry whatever `Date` the test wants."""

    def __init__(self, clock: JumpingClock, skew: float) -> None:
        """Set the server's clock off by so many seconds."""
        super().__init__(clock, pdf_limit=(10, 60.0))
        self.tries: Counter[str] = Counter()
        self.date_of: Callable[[str], str | None] = lambda true: true
        self.set_off(skew)

    def set_off(self, skew: float) -> None:
        """Set the server's clock anew."""
        self.sandbox.faults.clear()
        self.sandbox.faults.always("*", Fault.wrong_clock(skew))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Count the request, pass it on, replace the date of its answer."""
        self.tries[ROUTES.operation_of(request.method, request.url.path)] += 1
        await asyncio.sleep(0)  # so that calls made together leave together
        response = await super().handle_async_request(request)
        date = self.date_of(response.headers.pop("date"))
        if date is not None:
            response.headers["date"] = date
        return response

    async def refusals(self, billingo: Billingo, calls: int = 3) -> list[int]:
        """Call so many times, one after the other; return how many tries of each were refused."""
        counts: list[int] = []
        for _ in range(calls):
            before = self.tries[TAX_CODE]
            await billingo.user.tax_code()
            counts.append(self.tries[TAX_CODE] - before - 1)
        return counts


@pytest.mark.parametrize("skew", [600.0, -600.0, 40.0, -40.0, 2.0, -2.0, 80_000.0, -80_000.0])
async def test_a_server_clock_that_is_off_costs_one_refused_try_at_most(
    skew: float, jumping_clock: JumpingClock
) -> None:
    """In either direction: the first call succeeds after at most one refusal, later ones at once, `/time` unasked."""
    line = DatedLine(jumping_clock, skew)
    async with line.billingo() as billingo:
        first, *later = await line.refusals(billingo)
        assert first == int(skew < -1 or skew > 29)
        assert later == [0, 0]
        assert line.tries[TIME] == 0
        assert jumping_clock.seconds < 1e-3


@pytest.mark.parametrize("skew", [600.0, -600.0, 200_000.0])
@pytest.mark.parametrize("date", [None, "not a date", formatdate(0, usegmt=True)])
async def test_without_a_date_the_server_is_asked_for_its_time_once(
    skew: float, date: str | None, jumping_clock: JumpingClock
) -> None:
    """A missing, unreadable or absurd `Date`: one refusal, one `/time`, and then all goes well."""
    line = DatedLine(jumping_clock, skew)
    line.date_of = lambda _: date
    async with line.billingo() as billingo:
        assert await line.refusals(billingo) == [1, 0, 0]
        assert line.tries[TIME] == 1


@pytest.mark.parametrize("lie", [600.0, -600.0])
async def test_a_lying_date_misleads_one_call(lie: float, jumping_clock: JumpingClock) -> None:
    """The clock is right and the `Date` is not: one refused try after it was believed, and never again."""
    line = DatedLine(jumping_clock, 0.0)
    line.date_of = lambda _: formatdate(jumping_clock.unix() + lie, usegmt=True)
    async with line.billingo() as billingo:
        assert await line.refusals(billingo, 4) == [0, 1, 0, 0]
        assert line.tries[TIME] == 1


@pytest.mark.parametrize("jump", [600.0, -600.0])
async def test_a_clock_that_jumps_in_the_middle_of_a_run_costs_one_refusal(
    jump: float, jumping_clock: JumpingClock
) -> None:
    """Two calls in order, then the server's clock jumps, then it jumps back."""
    line = DatedLine(jumping_clock, 0.0)
    async with line.billingo() as billingo:
        assert await line.refusals(billingo, 2) == [0, 0]
        line.set_off(jump)
        assert await line.refusals(billingo) == [1, 0, 0]
        line.set_off(0.0)
        assert await line.refusals(billingo) == [1, 0, 0]


@pytest.mark.parametrize(("date", "asked"), [("true", 0), (None, 1)])
async def test_a_hundred_first_calls_together_ask_for_the_time_once(
    date: str | None, asked: int, jumping_clock: JumpingClock
) -> None:
    """With a skewed clock each is refused once at most; `/time` is asked once for all where no `Date` helps."""
    line = DatedLine(jumping_clock, 600.0)
    if date is None:
        line.date_of = lambda _: None
    async with line.billingo() as billingo:
        await asyncio.gather(*(billingo.user.tax_code() for _ in range(100)))
    assert 100 < line.tries[TAX_CODE] <= 200
    assert line.tries[TIME] == asked


async def test_a_wrong_key_is_not_tried_again(jumping_clock: JumpingClock) -> None:
    """One try, one look at the server's time, and the refusal: nothing about it can be mended by trying again."""
    line = DatedLine(jumping_clock, 0.0)
    async with line.billingo() as right:
        pool = right._dispatch.sender._client
        wrong = Billingo("another", "key", base_url="https://wrong.invalid/api", http_client=pool)
        wrong._dispatch.server_clock._local = jumping_clock.unix
        for count in (1, 2):
            with pytest.raises(AuthenticationError) as caught:
                await wrong.user.tax_code()
            assert caught.value.safe_to_retry
            assert (line.tries[TAX_CODE], line.tries[TIME]) == (count, count)
        done = await all_of(*(wrong.user.tax_code() for _ in range(100)))
        assert {type(each) for each in done} == {AuthenticationError}
        # 50 connections: those of the first fifty that are refused together ask once, and so do the others.
        assert (line.tries[TAX_CODE], line.tries[TIME]) == (102, 4)
    assert jumping_clock.seconds < 1e-3


@pytest.mark.parametrize(
    "fault",
    [Fault.refuse_connection(), Fault.answer(500), Fault.answer(200, "no time"), Fault.read_timeout()],
    ids=repr,
)
async def test_without_date_and_time_the_refusal_is_reported(fault: Fault, jumping_clock: JumpingClock) -> None:
    """If the server cannot be asked for its time either, a stale token ends as the refusal that it is."""
    line = DatedLine(jumping_clock, 600.0)
    line.date_of = lambda _: None
    line.sandbox.faults.clear()
    line.sandbox.faults.always("time", fault)
    line.sandbox.faults.always("*", Fault.wrong_clock(600))
    async with line.billingo() as billingo:
        with pytest.raises(AuthenticationError):
            await billingo.user.tax_code()
    assert (line.tries[TAX_CODE], line.tries[TIME]) == (1, 1)


async def test_without_retries_a_stale_token_is_reported_and_the_next_call_succeeds(
    jumping_clock: JumpingClock,
) -> None:
    """`max_retries=0` is one try; what it taught of the clock stays."""
    line = DatedLine(jumping_clock, 600.0)
    async with line.billingo(max_retries=0) as billingo:
        with pytest.raises(AuthenticationError):
            await billingo.user.tax_code()
        assert await line.refusals(billingo) == [0, 0, 0]


async def test_a_clock_that_is_off_makes_no_second_invoice(jumping_clock: JumpingClock) -> None:
    """A stale token was refused unprocessed, so even a cancellation is tried again, and is done once."""
    line = DatedLine(jumping_clock, 600.0)
    line.sandbox.faults.clear()
    assert line.id
    line.set_off(600.0)
    async with line.billingo() as billingo:
        await billingo.invoices.cancel(line.id)
    assert line.tries["invoices.cancel"] == 2
    assert [case.operation for case in line.sandbox.ledger].count("invoices.cancel") == 1


NOON = 1_700_000_000.0
MINUTES = 600.0


@pytest.mark.parametrize("skew", [-MINUTES, -3.0, 3.0, MINUTES])
def test_a_date_tells_the_time_to_the_second_and_never_too_late(skew: float) -> None:
    """After a quick answer the clock is right but for the second that a `Date` hides, and not ahead of the server."""
    local = Clock(NOON)
    clock = ServerClock(local)
    clock.learn_from_date(float(int(NOON + skew)), departed=NOON)
    assert NOON + skew - 1 <= clock.now() <= NOON + skew


@pytest.mark.parametrize(
    ("passed", "date", "now"),
    [
        *((age, NOON, NOON + age) for age in (5.0, 25.0, 100.0)),
        (10, NOON + MINUTES, NOON + MINUTES),
        *((0, date, NOON) for date in (None, 0.0, NOON + 86_401, NOON - 86_401)),
    ],
)
def test_a_date_corrects_what_it_proves_wrong_and_nothing_else(passed: float, date: float | None, now: float) -> None:
    """A `Date` that is old when heard moves no clock; a clock outside what an answer allows is set to its earliest."""
    local = Clock(NOON)
    clock = ServerClock(local)
    local.at += passed
    clock.learn_from_date(date, departed=NOON)
    assert clock.now() == now


def test_a_local_clock_that_jumps_is_followed() -> None:
    """The local clock is set back by an hour in the middle of a call: the next `Date` puts the skew right."""
    local = Clock(NOON)
    clock = ServerClock(local)
    clock.learn_from_date(NOON, departed=NOON)
    local.at = NOON - 3600
    clock.learn_from_date(NOON + 1, departed=NOON)
    assert clock.now() == NOON + 1


def test_dates_that_contradict_the_time_are_not_listened_to() -> None:
    """`/time` counts for more than a `Date`; a later `/time` that agrees with its `Date` brings the dates back."""
    clock = ServerClock(Clock(NOON))
    clock.sync(NOON + 30, date=NOON + 90)
    clock.learn_from_date(NOON + 90, departed=NOON)
    assert clock.now() == NOON + 30
    clock.sync(NOON + 40, date=NOON + 42)
    clock.learn_from_date(NOON + 90, departed=NOON)
    assert clock.now() == NOON + 90


def test_a_clock_says_whether_the_server_has_told_its_time() -> None:
    """Until it has, `now` is this machine's own, which may be wrong."""
    clock = ServerClock(Clock(NOON))
    assert not clock.is_known
    clock.learn_from_date(None, departed=NOON)
    assert not clock.is_known
    clock.learn_from_date(NOON, departed=NOON)
    assert clock.is_known


def test_a_clock_is_not_known_after_the_local_one_was_set() -> None:
    """A day's step in the local clock is a day's error in the server's, until its next answer."""
    local = Clock(NOON)
    clock = ServerClock(local)
    clock.learn_from_date(NOON, departed=NOON)
    local.at = NOON + 86_400
    assert not clock.is_known
    clock.learn_from_date(NOON + 1, departed=NOON + 86_400)
    assert clock.is_known
    assert clock.now() == NOON + 1


def test_what_replaces_the_machines_clock_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock is looked up when it is made, as freezegun and a simulated world need it."""
    monkeypatch.setattr("time.time", lambda: 1_234.0)
    assert ServerClock().local() == 1_234.0
