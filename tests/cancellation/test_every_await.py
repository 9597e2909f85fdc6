"""Cancelling a call at each of its awaits, in turn: it is never swallowed, sends nothing twice, and loses nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from cancelling import CancelledAt, assert_nothing_is_lost, no_tasks_left
from deeds import DEEDS
from stage import on_stage

from billingo_async import RateLimit
from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import Awaitable, Coroutine
    from pathlib import Path

    from deeds import Deed
    from jumping_clock import JumpingClock
    from stage import Stage

pytestmark = pytest.mark.jumping

TROUBLES: dict[str, list[Fault]] = {
    "no trouble": [],
    "a refusal that asks to wait": [Fault.answer(429, {"success": False}, {"Retry-After": "2"})],
    "a line that was never made": [Fault.refuse_connection()],
    "a stale token": [Fault.wrong_clock(600)],
    "a slow answer": [Fault.delay(1.0)],
}
MOST_AWAITS = 60


async def as_coroutine(call: Awaitable[Any]) -> Any:
    """Await whatever a call returns; a pager is no coroutine by itself."""
    return await call


async def cancelled_at(k: int, work: Coroutine[Any, Any, Any], *, late: bool) -> bool:
    """Run the work as a task that is cancelled at its k-th await; return whether there was one."""
    at = CancelledAt(work, k, late=late)

    async def caller() -> Any:
        return await at

    task = asyncio.create_task(caller())
    await asyncio.wait([task])
    assert task.cancelled() or task.exception() is None, task.exception()
    assert task.cancelled() == at.reached, "the cancellation was swallowed"
    return at.reached


async def check_all(stage: Stage, deed: Deed, id: int, commits: int) -> None:
    """Check what must hold after a cancelled call: nothing twice, nothing lost, and the next call succeeds."""
    for _ in range(50):
        await asyncio.sleep(0.1)  # an exchange whose caller has gone ends by itself
    assert Counter(entry.operation for entry in stage.sandbox.ledger)[deed.name] - commits <= 1
    assert_nothing_is_lost(stage.billingo)
    stage.sandbox.faults.clear()
    await stage.billingo.user.tax_code()
    await no_tasks_left()


@pytest.mark.parametrize("late", [False, True], ids=["while waiting", "when it is about to go on"])
@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("row", ["INVOICES_CREATE", "INVOICES_CANCEL", "CLIENTS_LIST", "INVOICES_DOWNLOAD"])
async def test_cancelled_at_every_await(
    row: str,
    trouble: str,
    late: bool,  # noqa: FBT001 - pytest hands in parameters by name
    jumping_clock: JumpingClock,
) -> None:
    """Whatever the call and the trouble: a cancellation at the k-th await is a cancellation and nothing else."""
    deed = next(deed for deed in DEEDS if deed.row == row)
    limit = RateLimit(2, per=61.0)
    for k in range(MOST_AWAITS):
        async with on_stage(jumping_clock, pdf_limit=limit) as stage:
            id = deed.prepare(stage.account)
            commits = Counter(entry.operation for entry in stage.sandbox.ledger)[deed.name]
            for fault in TROUBLES[trouble]:
                stage.sandbox.faults.next(deed.name, fault)
            reached = await cancelled_at(k, as_coroutine(deed.do(stage.billingo, id)), late=late)
            await check_all(stage, deed, id, commits)
        if not reached:
            assert k >= 1 + len(TROUBLES[trouble]) * (trouble != "a slow answer"), "there was nothing to cancel"
            return
    pytest.fail(f"a call of more than {MOST_AWAITS} awaits")


@pytest.mark.parametrize("trouble", ["no trouble", "a stale token"])  # in which no time passes
@pytest.mark.parametrize("row", ["INVOICES_CREATE", "INVOICES_SEND"])
async def test_cancelled_at_every_turn_of_the_loop(row: str, trouble: str, jumping_clock: JumpingClock) -> None:
    """However far the request has got when the caller is cancelled: it is done once at most, and nothing is lost."""
    deed = next(deed for deed in DEEDS if deed.row == row)
    for turns in range(1, 200):  # before the first turn nothing has begun
        async with on_stage(jumping_clock) as stage:
            id = deed.prepare(stage.account)
            commits = Counter(entry.operation for entry in stage.sandbox.ledger)[deed.name]
            for fault in TROUBLES[trouble]:
                stage.sandbox.faults.next(deed.name, fault)
            task = asyncio.create_task(as_coroutine(deed.do(stage.billingo, id)))
            for _ in range(turns):
                await asyncio.sleep(0)
            finished = task.done()
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled() != finished
            await check_all(stage, deed, id, commits)
        if finished:
            assert turns > 3
            return
    pytest.fail("a call that never ends")


@pytest.mark.parametrize("late", [False, True], ids=["while waiting", "when it is about to go on"])
@pytest.mark.parametrize("trouble", ["no trouble", "a slow answer"])
async def test_a_download_cancelled_at_every_await_leaves_a_whole_file_or_none(
    trouble: str,
    late: bool,  # noqa: FBT001 - pytest hands in parameters by name
    jumping_clock: JumpingClock,
    tmp_path: Path,
) -> None:
    """At the path is the whole PDF or nothing, beside it nothing at all."""
    for k in range(MOST_AWAITS):
        folder = tmp_path / str(k)
        folder.mkdir()
        async with on_stage(jumping_clock) as stage:
            id = stage.account.invoice()
            if TROUBLES[trouble]:
                stage.sandbox.faults.next("invoices.download", *TROUBLES[trouble])
            work = stage.billingo.invoices.download_to(id, folder / "invoice.pdf")
            reached = await cancelled_at(k, work, late=late)
            await asyncio.sleep(10)
            assert_nothing_is_lost(stage.billingo)
            await no_tasks_left()
            whole = await stage.billingo.invoices.download(id)
        left = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert left in ({}, {"invoice.pdf": whole})
        if not reached:
            assert left
            return
    pytest.fail(f"a download of more than {MOST_AWAITS} awaits")


async def test_a_queue_at_the_gate_is_left_without_a_trace(jumping_clock: JumpingClock) -> None:
    """A thousand callers before fifty connections, all cancelled, some just as their place comes free."""
    async with on_stage(jumping_clock) as stage:
        stage.sandbox.faults.always("user.tax_code", Fault.delay(1.0))
        callers = [asyncio.create_task(stage.billingo.user.tax_code()) for _ in range(1000)]
        for moment in (0.0, 0.5, 1.0, 1.5, 2.0):
            await asyncio.sleep(moment)
            for caller in callers[int(moment * 100) :: 7]:
                caller.cancel()
        for caller in callers:
            caller.cancel()
        await asyncio.gather(*callers, return_exceptions=True)
        await asyncio.sleep(60)
        assert_nothing_is_lost(stage.billingo)
        await no_tasks_left()
