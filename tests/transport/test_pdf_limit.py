"""The PDF limit from the caller's side: several objects, retries, refusals, bounded queues, and a real line."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from limited import LimitedLine, all_of

from billingo_async import RateLimit, ThrottledError
from billingo_async.sandbox import Fault
from billingo_async.v2.operations import INVOICES_DOWNLOAD

if TYPE_CHECKING:
    from jumping_clock import JumpingClock

    from billingo_async import Billingo
    from billingo_async.transport.windows import Window

ROUNDING = 1e-5


def fullest_window(times: list[float], per: float) -> int:
    """Count the requests of the fullest window of so many seconds; those exactly so far apart do not share one."""
    return max(sum(1 for other in times if start <= other < start + per - ROUNDING) for start in times)


async def test_two_objects_share_ten_and_the_eleventh_waits(jumping_clock: JumpingClock) -> None:
    """Ten PDFs leave at once whichever object asks, the eleventh after 61 s, and the server refuses none."""
    line = LimitedLine(jumping_clock, pdf_limit=(10, 60.0))
    id = line.account.invoice()
    async with line.billingo() as one, line.billingo() as other:
        pdfs = await asyncio.gather(*(billingo.invoices.download(id) for billingo in (one, other) for _ in range(12)))
    assert all(pdf.startswith(b"%PDF-") for pdf in pdfs)
    assert sorted(line.asked) == pytest.approx([0.0] * 10 + [61.0] * 10 + [122.0] * 4, abs=ROUNDING)
    assert line.statuses == [200] * 24


async def test_retries_count_like_any_other_request(jumping_clock: JumpingClock) -> None:
    """With every third request failing, no window holds an eleventh: a try again queues again."""
    line = LimitedLine(jumping_clock, pdf_limit=(10, 60.0))
    id = line.account.invoice()
    for _ in range(8):
        line.sandbox.faults.next("invoices.download", Fault.nothing(), Fault.nothing(), Fault.drop_mid_answer())
    async with line.billingo() as one, line.billingo() as other:
        copy = other.with_options(max_retries=5)
        done = await all_of(*(billingo.invoices.download(id) for billingo in (one, other, copy) for _ in range(8)))
    assert all(isinstance(pdf, bytes) for pdf in done)
    assert len(line.asked) == 24 + 8
    assert fullest_window(line.asked, 61.0) == 10
    assert 429 not in line.statuses


async def test_queueing_does_not_eat_the_time_of_an_attempt(jumping_clock: JumpingClock) -> None:
    """With half a second for an attempt and nothing to wait between tries, 61 s in the queue do no harm."""
    line = LimitedLine(jumping_clock, pdf_limit=(1, 60.0))
    id = line.account.invoice()
    async with line.billingo(timeout=0.5, max_wait=0, max_retries=0, pdf_limit=RateLimit(1, per=61.0)) as billingo:
        await asyncio.gather(*(billingo.invoices.download(id) for _ in range(3)))
    assert line.asked == pytest.approx([0.0, 61.0, 122.0], abs=ROUNDING)


async def test_a_queue_of_no_length_takes_only_what_can_leave_at_once(jumping_clock: JumpingClock) -> None:
    """With `max_queue=0` a call leaves at once or raises at once."""
    line = LimitedLine(jumping_clock, pdf_limit=(2, 60.0))
    id = line.account.invoice()
    async with line.billingo(pdf_limit=RateLimit(2, per=61.0), max_queue=0) as billingo:
        done = await all_of(*(billingo.invoices.download(id) for _ in range(4)))
    assert [type(each) for each in done] == [bytes, bytes, ThrottledError, ThrottledError]
    assert jumping_clock.seconds == pytest.approx(0, abs=ROUNDING)


def window_of(billingo: Billingo) -> Window:
    """Return the window of the limit on PDFs."""
    (queue,) = billingo._dispatch.sender.limits.queues(INVOICES_DOWNLOAD.call(id=1))
    return queue.window


async def test_max_queue_also_bounds_the_wait_for_another_loop(jumping_clock: JumpingClock) -> None:
    """If the places were taken from another event loop meanwhile, the call raises with the seconds to wait."""
    line = LimitedLine(jumping_clock, pdf_limit=(1, 60.0))
    id = line.account.invoice()
    async with line.billingo(pdf_limit=RateLimit(1, per=61.0), max_queue=10) as billingo:
        window_of(billingo)._departures.append(asyncio.get_running_loop().time())
        with pytest.raises(ThrottledError) as caught:
            await billingo.invoices.download(id)
        assert caught.value.retry_after == pytest.approx(61, abs=ROUNDING)
        patient = RateLimit(1, per=61.0)
    async with line.billingo(pdf_limit=patient) as billingo:
        await billingo.invoices.download(id)
    assert line.asked == pytest.approx([61.0], abs=ROUNDING)
