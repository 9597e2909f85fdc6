"""A clock that is off: how many refused tries it costs, and how often the server is asked for its time."""

from __future__ import annotations

import asyncio
from collections import Counter
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest
from limited import LimitedLine, all_of

from billingo_async import AuthenticationError, Billingo
from billingo_async.sandbox import Fault
from billingo_async.sandbox.v2.routes import ROUTES

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
    id = line.account.invoice()
    line.set_off(600.0)
    async with line.billingo() as billingo:
        await billingo.invoices.cancel(id)
    assert line.tries["invoices.cancel"] == 2
    assert [case.operation for case in line.sandbox.ledger].count("invoices.cancel") == 1
