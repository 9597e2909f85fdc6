"""Reading ahead: pages overlap as told, order is kept, an error comes at its place, nothing is left running."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest
from paged_source import SECONDS, rows, source_of

if TYPE_CHECKING:
    from jumping_clock import JumpingClock

WORK = 2.0
"""Seconds that the caller works on each page, as long as the next page takes to come."""


async def _idle() -> None:
    """Let everything that is due at this moment happen."""
    for _ in range(20):
        await asyncio.sleep(0)


def _others() -> set[asyncio.Task[object]]:
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}


@pytest.mark.parametrize(
    ("read_ahead", "at_once", "seconds"),
    [
        # Four pages (3, 3, 3, 2 rows). Without reading ahead every page is fetched, then worked on.
        (0, 1, 4 * (SECONDS + WORK)),
        # With one ahead a page comes while the one before is worked on: only the first is waited for.
        (1, 1, SECONDS + 4 * WORK),
        # With eight ahead the pages 2 to 9 are on the wire together while page 1 is worked on.
        (8, 8, SECONDS + 4 * WORK),
    ],
)
async def test_pages_overlap_as_told(
    jumping_clock: JumpingClock, read_ahead: int, at_once: int, seconds: float
) -> None:
    """So many pages on the wire at once, and the time that arithmetic says."""
    source = source_of(11)
    async for _ in source.pager(read_ahead=read_ahead).pages():
        await asyncio.sleep(WORK)
    assert source.most_at_once == at_once
    assert jumping_clock.seconds == seconds


async def test_eight_ahead_are_asked_for_at_the_same_moment(jumping_clock: JumpingClock) -> None:
    """The first page tells that there are more; then eight leave together, and each further one as soon as it may."""
    source = source_of(30)
    await source.pager(read_ahead=8).to_list()
    began = source.requested[0][0]
    assert [(at - began, number) for at, number in source.requested] == [
        (0.0, 1),
        *[(SECONDS, number) for number in range(2, 10)],
        *[(2 * SECONDS, number) for number in range(10, 18)],
    ]
    assert jumping_clock.seconds == 3 * SECONDS  # page 11, the empty one, has come


async def test_single_short_page_reads_nothing_ahead(jumping_clock: JumpingClock) -> None:
    """Where the first page is the last, no other is asked for."""
    source = source_of(2)
    await source.pager(read_ahead=8).to_list()
    assert source.numbers == [1]


async def test_error_comes_after_the_rows_before_it(jumping_clock: JumpingClock) -> None:
    """The rows of good pages are handed out first, then the error of the page that broke; nothing stays behind."""
    source = source_of(30)
    source.breaks_on = 3
    seen: list[int] = []

    async def read() -> None:
        async for row in source.pager(read_ahead=4):
            seen.append(row.id)  # noqa: PERF401 - what was seen before the error counts

    with pytest.raises(OSError, match=r"^page 3$"):
        await read()
    assert seen == [1, 2, 3, 4, 5, 6]
    assert _others() == set()


async def test_error_past_the_end_is_not_told(jumping_clock: JumpingClock) -> None:
    """A page that was read ahead for nothing may break: the list ended before it."""
    source = source_of(5)
    source.breaks_on = 4
    assert await source.pager(read_ahead=8).to_list() == rows(range(1, 6))
    await _idle()
    assert _others() == set()


@pytest.mark.parametrize("read_ahead", [0, 1, 8])
async def test_leaving_early_leaves_no_task(jumping_clock: JumpingClock, read_ahead: int) -> None:
    """After a `break` the pages on their way are given up, and no page is asked for any more."""
    source = source_of(60)
    async for row in source.pager(read_ahead=read_ahead):
        if row.id == 2:
            break
    await _idle()
    assert _others() == set()
    assert source.numbers == list(range(1, 2 + read_ahead))
    assert source.responses == [1]


async def test_closing_the_pages_leaves_no_task_at_once(jumping_clock: JumpingClock) -> None:
    """When `aclosing` is over, so is everything that it began."""
    source = source_of(60)
    async with aclosing(source.pager(read_ahead=8).pages()) as pages:
        await anext(pages)
        await asyncio.sleep(0)
    assert _others() == set()


async def test_error_of_the_caller_leaves_no_task(jumping_clock: JumpingClock) -> None:
    """A loop that fails is a loop that was left."""
    source = source_of(60)
    with pytest.raises(ZeroDivisionError):
        [row.id / 0 async for row in source.pager(read_ahead=8)]
    await _idle()
    assert _others() == set()


async def test_cancelling_the_caller_leaves_no_task(jumping_clock: JumpingClock) -> None:
    """Cancelled while it waits for a page that was read ahead: that page and all others are given up."""
    source = source_of(60)
    task = asyncio.create_task(source.pager(read_ahead=8).to_list())
    await asyncio.sleep(SECONDS * 1.5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert _others() == set()
    assert source.responses == [1]
