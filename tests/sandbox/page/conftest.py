"""A caller over HTTP and a browser's tab, for the sandbox and the clock of the room above."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from chromium import a_tab
from sandbox_caller import LOOPBACK, at_door

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from chromium import Tab
    from sandbox_caller import Caller, Clock

    from billingo_async.sandbox import Sandbox


@pytest.fixture
async def caller(sandbox: Sandbox, clock: Clock) -> AsyncIterator[Caller]:
    """A caller over HTTP."""
    async with at_door(LOOPBACK, sandbox, clock) as caller:
        yield caller


@pytest.fixture
async def tab(tmp_path: Path) -> AsyncIterator[Tab]:
    """A tab of a browser of its own."""
    async with a_tab(tmp_path / "profile") as tab:
        yield tab
