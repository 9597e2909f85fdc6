"""An account at a sandbox of its own, once without a socket and once over HTTP on loopback."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import httpx
import pytest

from billingo_async import Billingo
from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from billingo_async import Attempt

LOOPBACK = "loopback"


@pytest.fixture
def sandbox() -> Sandbox:
    """A Billingo of our own, empty."""
    return Sandbox()


@pytest.fixture
def attempts() -> list[Attempt]:
    """What the account tried, oldest first."""
    return []


@pytest.fixture(params=["in process", LOOPBACK])
async def billingo(
    request: pytest.FixtureRequest, sandbox: Sandbox, attempts: list[Attempt]
) -> AsyncIterator[Billingo]:
    """The account, at either door of the sandbox."""
    async with AsyncExitStack() as stack:
        if request.param == LOOPBACK:
            base_url, http_client = await stack.enter_async_context(sandbox.serve()), None
        else:
            base_url = f"https://{request.node.name.partition('[')[0]}.invalid/api"
            http_client = await stack.enter_async_context(httpx.AsyncClient(transport=sandbox.transport()))
        keys, url = (sandbox.public_key, sandbox.private_key), base_url.replace("_", "-")
        billingo = Billingo(*keys, base_url=url, http_client=http_client, on_attempt=attempts.append)
        yield await stack.enter_async_context(billingo)
