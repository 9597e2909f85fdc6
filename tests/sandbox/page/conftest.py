"""A sandbox with something in it, and a browser's tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from chromium import a_tab
from sandbox_caller import LOOPBACK, Clock, at_door

from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from chromium import Tab
    from sandbox_caller import Caller


@pytest.fixture
def clock() -> Clock:
    """A clock at noon of 23 November 2015, UTC."""
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> Sandbox:
    """A sandbox on that clock."""
    return Sandbox(now=clock)


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
