"""A call that is cancelled before its request has left sends nothing later: a newer one would be overtaken by it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from operation_cases import FORCED

from billingo_async import Billingo
from billingo_async.sandbox import Sandbox
from billingo_async.transport.connections.dial import Route

if TYPE_CHECKING:
    import pytest

    from billingo_async.transport.connections.http1 import Connection


class Gate:
    """Stands before all connections that are made: says when one is wanted, and holds it until the gate opens."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stand before what connects."""
        self.waiting = asyncio.Event()
        self.opened = asyncio.Event()

        async def connect(route: Route) -> Connection:
            self.waiting.set()
            await self.opened.wait()
            return await original(route)

        original = Route.connect
        monkeypatch.setattr(Route, "connect", connect)


async def test_who_is_cancelled_while_connecting_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The request stays, and calls after that are carried out."""
    sandbox = Sandbox()
    async with sandbox.serve() as url:
        gate = Gate(monkeypatch)
        async with Billingo(sandbox.public_key, sandbox.private_key, base_url=url, max_connections=1) as billingo:
            call = asyncio.create_task(billingo.clients.create(FORCED))
            await gate.waiting.wait()
            call.cancel()
            await asyncio.wait([call])
            assert call.cancelled()
            gate.opened.set()
            assert (await billingo.clients.list().to_list()) == []
    assert not sandbox.ledger
