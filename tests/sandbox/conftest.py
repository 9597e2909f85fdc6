"""A sandbox with a clock that is turned by hand, and callers at its doors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sandbox_caller import IN_PROCESS, LOOPBACK, Clock, at_door, with_key

from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox_caller import Caller, KeyCaller


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
    """A caller at the door without a socket."""
    async with at_door(IN_PROCESS, sandbox, clock) as caller:
        yield caller


@pytest.fixture
async def served(sandbox: Sandbox, clock: Clock) -> AsyncIterator[Caller]:
    """A caller over HTTP."""
    async with at_door(LOOPBACK, sandbox, clock) as caller:
        yield caller


@pytest.fixture(params=[IN_PROCESS, LOOPBACK])
async def at_either_door(request: pytest.FixtureRequest, sandbox: Sandbox, clock: Clock) -> AsyncIterator[Caller]:
    """A caller at the one door, then one at the other."""
    async with at_door(request.param, sandbox, clock) as caller:
        yield caller


@pytest.fixture
async def by_key(sandbox: Sandbox, clock: Clock) -> AsyncIterator[KeyCaller]:
    """A caller of v3 in process, with the key that may do everything."""
    async with with_key(sandbox, clock) as caller:
        yield caller
