"""A call that is cancelled before its request has left sends nothing later: a newer one would be overtaken by it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from operation_cases import FORCED

from billingo_async import Billingo
from billingo_async.sandbox import Sandbox
from billingo_async.transport.network import Backend

if TYPE_CHECKING:
    import pytest


class Gate:
    """Stands before all connections that are made: says when somebody has come, and holds everybody until it opens."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stand before what httpcore connects with."""
        self._connect = Backend().connect_tcp
        self.waiting = asyncio.Event()
        self.opened = asyncio.Event()
        monkeypatch.setattr(Backend, "connect_tcp", self.connect)

    async def connect(self, **options: Any) -> Any:
        """Connect, once the gate is open."""
        self.waiting.set()
        await self.opened.wait()
        return await self._connect(**options)


async def test_who_is_cancelled_while_connecting_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection is made all the same, but the request stays; calls after that are carried out."""
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
