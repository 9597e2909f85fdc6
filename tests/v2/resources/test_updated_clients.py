"""A customer who was just updated is invoiced only when the server shows the new data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from account import CLIENT, Account
from drafts import draft
from limited import LimitedLine

from billingo_async import Billingo, TimedOutError
from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from jumping_clock import JumpingClock


@pytest.fixture
async def at_work(jumping_clock: JumpingClock) -> AsyncIterator[tuple[Billingo, Account]]:
    """A `Billingo` and its account, both on the clock that jumps."""
    line = LimitedLine(jumping_clock, (10, 60.0))
    async with line.billingo() as billingo:
        yield billingo, line.account


def _old(client_uid: int) -> Fault:
    entry = {"id": client_uid, "attributes": CLIENT}
    return Fault.answer(200, {"success": True, "type": "clients", "data": [entry]})


async def test_waits_until_it_is_seen(at_work: tuple[Billingo, Account], jumping_clock: JumpingClock) -> None:
    """While the server shows the old address nothing is sent; when it shows the new one, the invoice is made."""
    billingo, account = at_work
    client = await billingo.clients.get(account.client())
    await billingo.clients.update(client.id, client.edit(email="new@example.com"))
    account.sandbox.faults.add("clients.get", _old(client.id), times=3)
    began = jumping_clock.seconds
    await billingo.invoices.create(draft(client.id))
    assert jumping_clock.seconds - began == pytest.approx(0.2 + 0.4 + 0.8)
    assert account.sandbox.faults.pending == ()
    requested = len(account.sandbox.faults.met)
    await billingo.invoices.create(draft(client.id))
    assert len(account.sandbox.faults.met) == requested
    assert account.sandbox.ledger.count("invoices.create") == 2


async def test_gives_up_without_sending(at_work: tuple[Billingo, Account], jumping_clock: JumpingClock) -> None:
    """If the old data stay beyond the caller's patience, the call says so, and nothing was sent."""
    billingo, account = at_work
    client = await billingo.clients.get(account.client())
    await billingo.clients.update(client.id, client.edit(email="new@example.com"))
    account.sandbox.faults.always("clients.get", _old(client.id))
    with pytest.raises(TimedOutError, match=f"client {client.id} was updated"):
        await billingo.with_options(max_wait=10).invoices.create(draft(client.id))
    assert jumping_clock.seconds <= 11
    assert account.sandbox.ledger.count("invoices.create") == 0
