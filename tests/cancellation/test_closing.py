"""Closing: it waits for what is on the wire within its bound, lets the rest go, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING, Any, cast

import anyio
import httpx
import pytest
from cancelling import no_tasks_left
from drafts import draft
from harness import harness

from billingo_async import Billingo, ConfigurationError, ConnectionFailedError, Journal, OutcomeUnknownError
from billingo_async.sandbox import Fault, Sandbox

if TYPE_CHECKING:
    from pathlib import Path

    from jumping_clock import JumpingClock


async def begun(*calls: Any) -> list[asyncio.Task[Any]]:
    """Start the calls and give them the time to get onto the wire."""
    tasks = [asyncio.create_task(call) for call in calls]
    for _ in range(10):
        await asyncio.sleep(0)
    return tasks


async def test_closing_waits_for_what_is_on_the_wire(jumping_clock: JumpingClock) -> None:
    """A call that takes 20 s ends as if nobody had closed anything."""
    async with harness(jumping_clock, max_retries=0) as lab:
        lab.sandbox.faults.always("*", Fault.delay(20.0))
        (call,) = await begun(lab.billingo.user.tax_code())
        await lab.billingo.aclose()
        assert jumping_clock.seconds == pytest.approx(20.0, abs=1e-3)
        await asyncio.sleep(0)
        assert call.done()
        assert isinstance(call.result(), str)


async def test_closing_waits_no_longer_than_the_timeout(jumping_clock: JumpingClock) -> None:
    """A patient copy's call outlasts the object: it is cut off and told so, as doubt where it may have happened."""
    async with harness(jumping_clock, timeout=30.0) as lab:
        id = lab.account.invoice()
        lab.sandbox.faults.always("*", Fault.delay(100.0))
        patient = lab.billingo.with_options(timeout=300, max_retries=0)
        reading, cancelling = await begun(patient.user.tax_code(), patient.invoices.cancel(id))
        began = jumping_clock.seconds
        await lab.billingo.aclose()
        assert jumping_clock.seconds - began == pytest.approx(30.0, abs=1e-3)
        await asyncio.wait([reading, cancelling])
        assert isinstance(reading.exception(), ConnectionFailedError)
        assert isinstance(cancelling.exception(), OutcomeUnknownError)
    await no_tasks_left()


async def test_who_queues_is_let_go_and_sends_nothing(jumping_clock: JumpingClock) -> None:
    """Of sixty calls before fifty connections the last ten are told that the object is closed; none of them leaves."""
    async with harness(jumping_clock) as lab:
        lab.sandbox.faults.always("*", Fault.delay(5.0))
        calls = await begun(*(lab.billingo.user.tax_code() for _ in range(60)))
        await lab.billingo.aclose()
        done = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(each) for each in done] == [str] * 50 + [ConfigurationError] * 10
        assert lab.line.tries["user.tax_code"] == 50
        with pytest.raises(ConfigurationError, match="closed"):
            await lab.billingo.user.tax_code()
    await no_tasks_left()


async def test_closing_that_is_cancelled_closes_all_the_same() -> None:
    """Who closes and gives up waiting for a silent server still leaves no socket and no task."""
    sandbox = Sandbox()
    sandbox.faults.always("*", Fault.read_timeout())
    async with sandbox.serve() as url:
        billingo = Billingo(sandbox.public_key, sandbox.private_key, base_url=url, timeout=30.0, max_retries=0)
        call = asyncio.create_task(billingo.user.tax_code())
        while not sandbox.faults.met:  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0)
        closing = asyncio.create_task(billingo.aclose())
        await asyncio.wait([closing], timeout=0.01)
        closing.cancel()
        await asyncio.wait([closing, call])
        assert closing.cancelled()
        assert type(call.exception()) is ConnectionFailedError  # a `TimedOutError` is one, too, half a minute later
    await no_tasks_left()


async def test_a_journal_that_is_closed_in_a_cancelled_scope_leaves_nothing(tmp_path: Path) -> None:
    """Where nothing can be awaited any more, a keyed call before a silent server still leaves no socket and no task."""
    sandbox, loop = Sandbox(), cast("Any", asyncio.get_running_loop())
    sandbox.faults.always("*", Fault.read_timeout())
    watched = len(loop._selector.get_map())
    async with sandbox.serve() as url:
        journal, keys = Journal(f"sqlite:///{tmp_path / 'keys.db'}"), (sandbox.public_key, sandbox.private_key)
        with anyio.CancelScope() as scope:
            async with Billingo(*keys, base_url=url, timeout=0.05, max_retries=0, journal=journal) as billingo:
                call = asyncio.create_task(billingo.invoices.create(draft(1), key="order-1"))
                while not sandbox.faults.met:  # noqa: ASYNC110 - there is no event to wait for
                    await asyncio.sleep(0)
                scope.cancel()
                await call
        for closing in [task for task in asyncio.all_tasks() if "._close()" in repr(task)]:
            await closing
    await no_tasks_left()
    assert len(loop._selector.get_map()) == watched


async def test_closing_twice_and_closing_what_was_never_used_do_no_harm(jumping_clock: JumpingClock) -> None:
    """Neither raises."""
    billingo = Billingo("public", "private")
    await billingo.aclose()
    await billingo.aclose()
    with pytest.raises(ConfigurationError, match="closed"):
        await billingo.user.tax_code()


def test_what_nobody_closes_is_closed_with_the_loop() -> None:
    """One object in three event loops one after another, never closed: no warning, no socket left open."""
    sandbox = Sandbox()
    billingo: list[Billingo] = []

    async def use() -> None:
        async with sandbox.serve() as url:
            billingo[:] = billingo or [Billingo(sandbox.public_key, sandbox.private_key, base_url=url)]
            one = billingo[0]
            sender = one._dispatch.sender
            object.__setattr__(sender._settings, "base_url", url)  # each loop has a server of its own
            await asyncio.gather(*(one.user.tax_code() for _ in range(6)))

    for _ in range(3):
        asyncio.run(use())
        gc.collect()
    assert len(billingo[0]._dispatch.sender._loops.known) == 1


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_what_is_dropped_unclosed_in_a_running_loop_leaves_no_socket_and_no_task() -> None:
    """An object that nobody closed and nobody holds takes its sockets with it, with Python's own warning about them."""
    sandbox = Sandbox()
    loop: Any = asyncio.get_running_loop()
    async with sandbox.serve() as url:

        async def use_and_drop() -> None:
            billingo = Billingo(sandbox.public_key, sandbox.private_key, base_url=url)
            await billingo.user.tax_code()

        watched = len(loop._selector.get_map())
        await use_and_drop()
        gc.collect()
        for _ in range(100):
            await asyncio.sleep(0)
        assert len(loop._selector.get_map()) == watched
    await no_tasks_left()


async def test_the_callers_own_client_stays_open(jumping_clock: JumpingClock) -> None:
    """What the caller brought along is the caller's to close; once it is closed, calls say so."""
    sandbox = Sandbox(now=jumping_clock.unix)
    client = httpx.AsyncClient(transport=sandbox.transport())
    keys = sandbox.public_key, sandbox.private_key
    async with Billingo(*keys, base_url="https://own.invalid/api", http_client=client) as billingo:
        billingo._dispatch.server_clock._local = jumping_clock.unix
        await billingo.user.tax_code()
    assert not client.is_closed
    async with Billingo(*keys, base_url="https://own.invalid/api", http_client=client) as billingo:
        await client.aclose()
        with pytest.raises(ConfigurationError, match="http_client"):
            await billingo.user.tax_code()
