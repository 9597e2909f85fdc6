"""An account whose every request is answered by the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import respx

from billingo_async import Billingo

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

ORIGIN = "https://www.billingo.hu"


@pytest.fixture
def server() -> Iterator[respx.MockRouter]:
    """The server's origin: what it is not told to answer fails the test."""
    with respx.mock(base_url=ORIGIN, assert_all_called=False) as router:
        yield router


@pytest.fixture
async def billingo(server: respx.MockRouter) -> AsyncIterator[Billingo]:
    """The account at the vendor's address, with one try a call."""
    async with Billingo("public", "private key of 32 bytes or more..", base_url=f"{ORIGIN}/api", max_retries=0) as it:
        yield it
