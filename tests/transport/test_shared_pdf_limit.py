"""A PDF limit that is shared, from the caller's side: two objects are two processes, and the store is in memory."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from limited import LimitedLine, StoreInMemory

from billingo_async import RateLimit

if TYPE_CHECKING:
    from jumping_clock import JumpingClock

pytestmark = pytest.mark.jumping
TOLERANCE = 0.15
"""Seconds by which a departure may differ from its slot."""


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> RateLimit:
    """Two PDFs in 61 seconds, shared through the store of the test."""
    store = StoreInMemory()

    def open_store(_: str) -> StoreInMemory:
        return store

    monkeypatch.setattr("billingo_async.transport.limits.open_store", open_store)
    return RateLimit(2, per=61.0, shared="redis://store.invalid")


async def test_two_objects_share_what_the_store_grants(jumping_clock: JumpingClock, shared: RateLimit) -> None:
    """Six downloads of two objects: two in each window, the server refuses none, and other calls wait for nothing."""
    line = LimitedLine(jumping_clock, pdf_limit=(2, 60.0))
    id = line.account.invoice()
    async with line.billingo(pdf_limit=shared) as one, line.billingo(pdf_limit=shared) as other:
        downloads = [asyncio.create_task(each.invoices.download(id)) for each in (one, other) for _ in range(3)]
        await asyncio.sleep(5)
        await one.invoices.get(id)
        assert jumping_clock.seconds == pytest.approx(5.0, abs=TOLERANCE)
        await asyncio.gather(*downloads)
    assert sorted(line.asked) == pytest.approx([0.0, 0.0, 61.0, 61.0, 122.0, 122.0], abs=TOLERANCE)
    assert line.statuses == [200] * 6
