"""A `Billingo` whose every PDF is one that the test knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from limited import PDF, LimitedLine

from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from jumping_clock import JumpingClock

    from billingo_async import Billingo


@pytest.fixture
def line(jumping_clock: JumpingClock) -> LimitedLine:
    """Return a line to a sandbox whose every PDF is `PDF`."""
    made = LimitedLine(jumping_clock, pdf_limit=(1000, 1.0))
    made.sandbox.faults.always("invoices.download", Fault.answer(200, PDF, {"Content-Type": "application/pdf"}))
    return made


@pytest.fixture
async def billingo(line: LimitedLine) -> AsyncGenerator[Billingo]:
    """Open a `Billingo` on that line."""
    async with line.billingo() as opened:
        yield opened
