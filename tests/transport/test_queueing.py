"""Every wait holds back only whom it concerns, and ends at a bound or with closing; PDFs wait for their limit."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from harness import harness
from limited import LimitedLine, all_of, asks, fullest_window

from billingo_async import Billingo, ConfigurationError, OutcomeUnknownError, RateLimit, ThrottledError
from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from jumping_clock import JumpingClock


ROUNDING = 1e-3
DOWNLOAD, TAX_CODE = "invoices.download", "user.tax_code"


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
    order: list[str] = []

    async def fetch(billingo: Billingo, name: str) -> None:
        await billingo.invoices.download(line.id)
        order.append(name)

    async with line.billingo(pdf_limit=RateLimit(1, per=61.0)) as billingo:
        await billingo.invoices.download(line.id)
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
    async with line.billingo(pdf_limit=RateLimit(1, per=61.0)) as billingo:
        hasty = billingo.with_options(max_queue=5)
        await billingo.invoices.download(line.id)
        queue = [asyncio.create_task(billingo.invoices.download(line.id)) for _ in range(ahead)]
        await asyncio.sleep(0)
        with pytest.raises(ThrottledError) as caught:
            await hasty.invoices.download(line.id)
        assert caught.value.retry_after == pytest.approx(seconds, abs=ROUNDING)
        assert (caught.value.safe_to_retry, caught.value.worth_retrying) == (True, True)
        assert jumping_clock.seconds < ROUNDING
        await asyncio.gather(*queue)
        await asyncio.sleep(seconds - jumping_clock.seconds)
        await hasty.invoices.download(line.id)
    assert jumping_clock.seconds == pytest.approx(seconds, abs=ROUNDING)


async def test_closing_lets_go_of_what_has_not_left(jumping_clock: JumpingClock) -> None:
    """Twenty PDFs in a queue of one a minute, and a call between two attempts: closing takes no time."""
    line = LimitedLine(jumping_clock, pdf_limit=(1, 60.0))
    async with line.billingo(pdf_limit=RateLimit(1, per=61.0)) as billingo:
        await billingo.invoices.download(line.id)
        queue = [asyncio.create_task(billingo.invoices.download(line.id)) for _ in range(20)]
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


async def test_two_objects_share_ten_and_the_eleventh_waits(jumping_clock: JumpingClock) -> None:
    """Ten PDFs leave at once whichever object asks, the eleventh after 61 s, and the server refuses none."""
    line = LimitedLine(jumping_clock, pdf_limit=(10, 60.0))
    async with line.billingo() as one, line.billingo() as other:
        pdfs = await asyncio.gather(
            *(billingo.invoices.download(line.id) for billingo in (one, other) for _ in range(12))
        )
    assert all(pdf.startswith(b"%PDF-") for pdf in pdfs)
    assert sorted(line.asked) == pytest.approx([0.0] * 10 + [61.0] * 10 + [122.0] * 4, abs=ROUNDING)
    assert line.statuses == [200] * 24


async def test_retries_count_like_any_other_request(jumping_clock: JumpingClock) -> None:
    """With every third request failing, no window holds an eleventh: a try again queues again."""
    line = LimitedLine(jumping_clock, pdf_limit=(10, 60.0))
    for _ in range(8):
        line.sandbox.faults.next("invoices.download", Fault.nothing(), Fault.nothing(), Fault.drop_mid_answer())
    async with line.billingo() as one, line.billingo() as other:
        copy = other.with_options(max_retries=5)
        done = await all_of(*(billingo.invoices.download(line.id) for billingo in (one, other, copy) for _ in range(8)))
    assert all(isinstance(pdf, bytes) for pdf in done)
    assert len(line.asked) == 24 + 8
    assert fullest_window(line.asked, 61.0) == 10
    assert 429 not in line.statuses


async def test_queueing_does_not_eat_the_time_of_an_attempt(jumping_clock: JumpingClock) -> None:
    """With half a second for an attempt and nothing to wait between tries, 61 s in the queue do no harm."""
    line = LimitedLine(jumping_clock, pdf_limit=(1, 60.0))
    async with line.billingo(timeout=0.5, max_wait=0, max_retries=0, pdf_limit=RateLimit(1, per=61.0)) as billingo:
        await asyncio.gather(*(billingo.invoices.download(line.id) for _ in range(3)))
    assert line.asked == pytest.approx([0.0, 61.0, 122.0], abs=ROUNDING)


async def test_a_queue_of_no_length_takes_only_what_can_leave_at_once(jumping_clock: JumpingClock) -> None:
    """With `max_queue=0` a call leaves at once or raises at once."""
    line = LimitedLine(jumping_clock, pdf_limit=(2, 60.0))
    async with line.billingo(pdf_limit=RateLimit(2, per=61.0), max_queue=0) as billingo:
        done = await all_of(*(billingo.invoices.download(line.id) for _ in range(4)))
    assert [type(each) for each in done] == [bytes, bytes, ThrottledError, ThrottledError]
    assert jumping_clock.seconds == pytest.approx(0, abs=ROUNDING)
