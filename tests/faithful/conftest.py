"""An account at a sandbox over HTTP on loopback: what is proved here has gone over a real line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from billingo_async import Billingo
from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
def sandbox() -> Sandbox:
    """A Billingo of our own, empty."""
    return Sandbox()


@pytest.fixture
async def billingo(sandbox: Sandbox) -> AsyncIterator[Billingo]:
    """The account, with one try a call."""
    async with (
        sandbox.serve() as url,
        Billingo(sandbox.public_key, sandbox.private_key, base_url=url, max_retries=0) as billingo,
    ):
        yield billingo
