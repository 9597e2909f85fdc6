"""Callers of v3 at the sandbox of the room above."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sandbox_caller import with_key

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox_caller import Clock, KeyCaller

    from billingo_async.sandbox import Sandbox


@pytest.fixture
async def by_key(sandbox: Sandbox, clock: Clock) -> AsyncIterator[KeyCaller]:
    """A caller in process with the key that may do everything."""
    async with with_key(sandbox, clock) as caller:
        yield caller
