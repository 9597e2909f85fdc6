"""Every wait holds back only whom it concerns, and ends at a bound or with closing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from harness import harness
from limited import LimitedLine

from billingo_async import (
    ConfigurationError,
    OutcomeUnknownError,
    RateLimit,
    ThrottledError,
)
from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from jumping_clock import JumpingClock

    from billingo_async import (
        Billingo,
    )


ROUNDING = 1e-3
DOWNLOAD, TAX_CODE = "invoices.download", "user.tax_code"
NO = {"success": False, "error": "not now"}


def asks(seconds: int, status: int = 429) -> Fault:
    """Refuse, and ask to come back later."""
    return Fault.answer(status, NO, {"Retry-After": str(seconds)})


async def test_a_429_on_a_pdf_pauses_pdfs_alone(jumping_clock: JumpingClock) -> None:
    """A minute's pause of PDFs delays no other call by a moment, and the second PDF by all of it."""
    async with harness(jumping_clock) as lab:
        id = lab.account.invoice()
        lab.sandbox.faults.next(DOWNLOAD, asks(60))
        first = asyncio.create_task(lab.billingo.invoices.download(id))
        await asyncio.sleep(0.1)
        began = jumping_clock.seconds
        await lab.billingo.user.tax_code()
        await lab.billingo.invoices.get(id)
        assert jumping_clock.seconds - began < ROUNDING
        second = asyncio.create_task(lab.billingo.invoices.download(id))
        await asyncio.sleep(59)
        assert not second.done()
        await asyncio.gather(first, second)
    assert jumping_clock.seconds == pytest.approx(60, abs=0.2)


async def test_a_429_on_anything_else_pauses_pdfs_too(jumping_clock: JumpingClock) -> None:
    """The server has asked this account to be quiet."""
    async with harness(jumping_clock) as lab:
        id = lab.account.invoice()
        lab.sandbox.faults.next(TAX_CODE, asks(20))
        paused = asyncio.create_task(lab.billingo.user.tax_code())
        await asyncio.sleep(0.1)
        await lab.billingo.invoices.download(id)
        assert jumping_clock.seconds == pytest.approx(20, abs=0.2)
        await paused


async def test_an_interactive_call_overtakes_those_that_queue(jumping_clock: JumpingClock) -> None:
    """It takes the next free turn, though five were there before it; they come after it in their order."""
    line = LimitedLine(jumping_clock, pdf_limit=(1, 60.0))
    id = line.account.invoice()
    order: list[str] = []

    async def fetch(billingo: Billingo, name: str) -> None:
        await billingo.invoices.download(id)
        order.append(name)

    async with line.billingo(pdf_limit=RateLimit(1, per=61.0)) as billingo:
        await billingo.invoices.download(id)
        queue = [asyncio.create_task(fetch(billingo, str(n))) for n in range(5)]
        await asyncio.sleep(1)
        await fetch(billingo.with_options(priority="interactive"), "clerk")
        assert order == ["clerk"]
        assert jumping_clock.seconds == pytest.approx(61, abs=ROUNDING)
        await asyncio.gather(*queue)
    assert order == ["clerk", "0", "1", "2", "3", "4"]


@pytest.mark.parametrize(("ahead", "seconds"), [(0, 61), (1, 122), (3, 244)])
async def test_a_throttled_call_tells_the_true_seconds(ahead: int, seconds: float, jumping_clock: JumpingClock) -> None:
    """With so many before it in the queue; after just as long the call is let through at once."""
    line = LimitedLine(jumping_clock, pdf_limit=(1, 60.0))
    id = line.account.invoice()
    async with line.billingo(pdf_limit=RateLimit(1, per=61.0)) as billingo:
        hasty = billingo.with_options(max_queue=5)
        await billingo.invoices.download(id)
        queue = [asyncio.create_task(billingo.invoices.download(id)) for _ in range(ahead)]
        await asyncio.sleep(0)
        with pytest.raises(ThrottledError) as caught:
            await hasty.invoices.download(id)
        assert caught.value.retry_after == pytest.approx(seconds, abs=ROUNDING)
        assert (caught.value.safe_to_retry, caught.value.worth_retrying) == (True, True)
        assert jumping_clock.seconds < ROUNDING
        await asyncio.gather(*queue)
        await asyncio.sleep(seconds - jumping_clock.seconds)
        await hasty.invoices.download(id)
    assert jumping_clock.seconds == pytest.approx(seconds, abs=ROUNDING)


async def test_closing_lets_go_of_what_has_not_left(jumping_clock: JumpingClock) -> None:
    """Twenty PDFs in a queue of one a minute, and a call between two attempts: closing takes no time."""
    line = LimitedLine(jumping_clock, pdf_limit=(1, 60.0))
    id = line.account.invoice()
    async with line.billingo(pdf_limit=RateLimit(1, per=61.0)) as billingo:
        await billingo.invoices.download(id)
        queue = [asyncio.create_task(billingo.invoices.download(id)) for _ in range(20)]
        line.sandbox.faults.next(TAX_CODE, asks(30, 503))
        waiting = asyncio.create_task(billingo.user.tax_code())
        await asyncio.sleep(0.1)
        await billingo.aclose()
        calls: list[asyncio.Task[bytes | str]] = [*queue, waiting]
        done = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(each) for each in done] == [ConfigurationError] * 21
    assert jumping_clock.seconds < 0.2
    assert len(line.asked) == 1


@pytest.mark.parametrize("fault", [asks(3), asks(3, 503)], ids=["429", "503"])
async def test_behind_a_lying_gateway_a_refusal_is_doubt(fault: Fault, jumping_clock: JumpingClock) -> None:
    """With `trust_refusals=False` a cancel is not sent again, while what is safe to repeat still is."""
    async with harness(jumping_clock, trust_refusals=False) as lab:
        id = lab.account.invoice()
        lab.sandbox.faults.next("invoices.cancel", fault)
        with pytest.raises(OutcomeUnknownError):
            await lab.billingo.invoices.cancel(id)
        assert lab.line.tries["invoices.cancel"] == 1
        lab.sandbox.faults.next(TAX_CODE, fault)
        assert await lab.billingo.user.tax_code()
