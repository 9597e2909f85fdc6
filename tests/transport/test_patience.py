"""Every wait of a call: how long at least, how long at most, for whom, and what is told of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from harness import harness
from limited import all_of, asks

from billingo_async import RateLimitedError, ServerError, ThrottledError
from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from jumping_clock import JumpingClock


ROUNDING = 1e-5
TAX_CODE = "user.tax_code"


@pytest.mark.parametrize("shown", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_never_undercut(
    status: int, shown: float, jumping_clock: JumpingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server asks for seven seconds twice; fourteen pass, whatever the dice show."""
    monkeypatch.setattr("random.random", lambda: shown)
    async with harness(jumping_clock) as lab:
        lab.sandbox.faults.next(TAX_CODE, asks(7, status), asks(7, status))
        await lab.billingo.user.tax_code()
    assert jumping_clock.seconds == pytest.approx(14, abs=ROUNDING)


@pytest.mark.parametrize(("asked", "waits"), [(20, [20, 20, 20]), (30, [30, 30]), (60, [60]), (61, []), (1e9, [])])
async def test_all_waits_together_stay_within_the_patience(
    asked: float, waits: list[float], jumping_clock: JumpingClock
) -> None:
    """`max_wait=60`: as many waits as fit, then the refusal at once, with the seconds that the server asks for."""
    async with harness(jumping_clock, max_retries=9, max_wait=60) as lab:
        lab.sandbox.faults.always(TAX_CODE, asks(f"{asked:.0f}"))
        with pytest.raises(RateLimitedError) as caught:
            await lab.billingo.user.tax_code()
        assert lab.line.tries[TAX_CODE] == 1 + len(waits)
    assert caught.value.retry_after == asked
    assert jumping_clock.seconds == pytest.approx(sum(waits), abs=ROUNDING)


async def test_a_wait_of_exactly_the_patience_is_waited(jumping_clock: JumpingClock) -> None:
    """`Retry-After: 60` and `max_wait=60`: no rounding on the way makes it one microsecond too long."""
    async with harness(jumping_clock, max_wait=60) as lab:
        for moment in (0.1, 0.7, 1234.567):
            await asyncio.sleep(moment)
            lab.sandbox.faults.next(TAX_CODE, asks(60))
            await lab.billingo.user.tax_code()


async def test_a_429_pauses_every_call_of_the_object_and_its_copies(jumping_clock: JumpingClock) -> None:
    """One call is refused for 20 s: whoever calls meanwhile leaves when they are over, and the server sees nobody."""
    async with harness(jumping_clock) as lab:
        lab.sandbox.faults.next("invoices.blocks", asks(20))
        calls: list[asyncio.Task[object]] = [asyncio.create_task(lab.billingo.invoices.blocks())]
        await asyncio.sleep(5)
        copy = lab.billingo.with_options(timeout=5)
        calls += [asyncio.create_task(each.user.tax_code()) for each in (lab.billingo, copy)]
        await asyncio.sleep(14)
        assert sum(lab.line.tries.values()) == 1
        await asyncio.gather(*calls)
        assert jumping_clock.seconds == pytest.approx(20, abs=ROUNDING)


async def test_a_strangers_success_does_not_lift_the_pause(jumping_clock: JumpingClock) -> None:
    """A call that was on its way before the 429 comes back with success: the others wait all the same."""
    async with harness(jumping_clock) as lab:
        lab.sandbox.faults.next("invoices.blocks", Fault.delay(10))
        lab.sandbox.faults.next("vat.list", asks(30))
        slow = asyncio.create_task(lab.billingo.invoices.blocks())
        refused = asyncio.create_task(lab.billingo.vat.list())
        await slow
        assert jumping_clock.seconds == pytest.approx(10, abs=ROUNDING)
        await lab.billingo.user.tax_code()
        assert jumping_clock.seconds == pytest.approx(30, abs=ROUNDING)
        await refused


async def test_a_pause_holds_back_who_queues_for_a_connection(jumping_clock: JumpingClock) -> None:
    """Calls that stood before the gate when the pause began wait it out, though a connection is free for them."""
    async with harness(jumping_clock) as lab:
        lab.sandbox.faults.next(TAX_CODE, asks(20))
        for _ in range(49):
            lab.sandbox.faults.add(TAX_CODE, Fault.delay(1))
        calls = [asyncio.create_task(lab.billingo.user.tax_code()) for _ in range(80)]
        await asyncio.sleep(19.9)
        assert lab.line.tries[TAX_CODE] == 50
        await asyncio.gather(*calls)


async def test_a_pause_longer_than_the_patience_is_refused_at_once(jumping_clock: JumpingClock) -> None:
    """Of a day's pause everybody is told at once, with the seconds that are left, and nothing more is sent."""
    async with harness(jumping_clock, max_wait=60) as lab:
        lab.sandbox.faults.next(TAX_CODE, asks(86_400))
        with pytest.raises(RateLimitedError):
            await lab.billingo.user.tax_code()
        await asyncio.sleep(400)
        done = await all_of(lab.billingo.user.tax_code(), lab.billingo.invoices.cancel(7))
        for each in done:
            assert isinstance(each, ThrottledError)
            assert each.retry_after == pytest.approx(86_000, abs=0.001)
            assert each.safe_to_retry
        assert lab.line.tries == {TAX_CODE: 1}
        patient = lab.billingo.with_options(max_wait=90_000)
        await patient.user.tax_code()
    assert jumping_clock.seconds == pytest.approx(86_400, abs=ROUNDING)


async def test_without_patience_only_what_needs_no_wait_is_repeated(jumping_clock: JumpingClock) -> None:
    """`max_wait=0` allows another try after a stale token, and none after a failure."""
    async with harness(jumping_clock, max_wait=0) as lab:
        lab.sandbox.faults.next(TAX_CODE, Fault.wrong_clock(600), Fault.nothing())
        await lab.billingo.user.tax_code()
        lab.sandbox.faults.always(TAX_CODE, Fault.answer(500))
        with pytest.raises(ServerError):
            await lab.billingo.user.tax_code()
    assert jumping_clock.seconds == pytest.approx(0, abs=ROUNDING)
