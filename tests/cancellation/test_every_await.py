"""Cancelling a call at each of its awaits, in turn: it is never swallowed, sends nothing twice, and loses nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from cancelling import CancelledAt, assert_nothing_is_lost, no_tasks_left
from harness import harness
from operation_cases import OPERATION_CASES

from billingo_async import RateLimit
from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import Awaitable, Coroutine
    from pathlib import Path

    from harness import Harness
    from jumping_clock import JumpingClock
    from operation_cases import Case

    from billingo_async import Billingo

pytestmark = [pytest.mark.jumping, pytest.mark.usefixtures("undrawn")]

TROUBLES: dict[str, list[Fault]] = {
    "no trouble": [],
    "a refusal that asks to wait": [Fault.answer(429, {"success": False}, {"Retry-After": "2"})],
    "a line that was never made": [Fault.refuse_connection()],
    "a stale token": [Fault.wrong_clock(600)],
    "a slow answer": [Fault.delay(1.0)],
}
MAX_AWAITS = 60


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


async def check_all(lab: Harness[Billingo], case: Case, id: int, commits: int) -> None:
    """Check what must hold after a cancelled call: nothing twice, nothing lost, and the next call succeeds."""
    for _ in range(50):
        await asyncio.sleep(0.1)  # an exchange whose caller has gone ends by itself
    assert Counter(entry.operation for entry in lab.sandbox.ledger)[case.name] - commits <= 1
    assert_nothing_is_lost(lab.billingo)
    lab.sandbox.faults.clear()
    await lab.billingo.user.tax_code()
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
    case = next(case for case in OPERATION_CASES if case.row == row)
    limit = RateLimit(2, per=61.0)
    for k in range(MAX_AWAITS):
        async with harness(jumping_clock, pdf_limit=limit) as lab:
            id = case.prepare(lab.account)
            commits = Counter(entry.operation for entry in lab.sandbox.ledger)[case.name]
            for fault in TROUBLES[trouble]:
                lab.sandbox.faults.next(case.name, fault)
            reached = await cancelled_at(k, as_coroutine(case.do(lab.billingo, id)), late=late)
            await check_all(lab, case, id, commits)
        if not reached:
            assert k >= 1 + len(TROUBLES[trouble]) * (trouble != "a slow answer"), "there was nothing to cancel"
            return
    pytest.fail(f"a call of more than {MAX_AWAITS} awaits")


@pytest.mark.parametrize("trouble", ["no trouble", "a stale token"])  # in which no time passes
@pytest.mark.parametrize("row", ["INVOICES_CREATE", "INVOICES_SEND"])
async def test_cancelled_at_every_turn_of_the_loop(row: str, trouble: str, jumping_clock: JumpingClock) -> None:
    """However far the request has got when the caller is cancelled: it is done once at most, and nothing is lost."""
    case = next(case for case in OPERATION_CASES if case.row == row)
    for turns in range(1, 200):  # before the first turn nothing has begun
        async with harness(jumping_clock) as lab:
            id = case.prepare(lab.account)
            commits = Counter(entry.operation for entry in lab.sandbox.ledger)[case.name]
            for fault in TROUBLES[trouble]:
                lab.sandbox.faults.next(case.name, fault)
            task = asyncio.create_task(as_coroutine(case.do(lab.billingo, id)))
            for _ in range(turns):
                await asyncio.sleep(0)
            finished = task.done()
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled() != finished
            await check_all(lab, case, id, commits)
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
    for k in range(MAX_AWAITS):
        folder = tmp_path / str(k)
        folder.mkdir()
        async with harness(jumping_clock) as lab:
            id = lab.account.invoice()
            if TROUBLES[trouble]:
                lab.sandbox.faults.next("invoices.download", *TROUBLES[trouble])
            work = lab.billingo.invoices.download_to(id, folder / "invoice.pdf")
            reached = await cancelled_at(k, work, late=late)
            await asyncio.sleep(10)
            assert_nothing_is_lost(lab.billingo)
            await no_tasks_left()
            whole = await lab.billingo.invoices.download(id)
        left = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert left in ({}, {"invoice.pdf": whole})
        if not reached:
            assert left
            return
    pytest.fail(f"a download of more than {MAX_AWAITS} awaits")


async def test_a_queue_at_the_gate_is_left_without_a_trace(jumping_clock: JumpingClock) -> None:
    """A thousand callers before fifty connections, all cancelled, some just as their place comes free."""
    async with harness(jumping_clock) as lab:
        lab.sandbox.faults.always("user.tax_code", Fault.delay(1.0))
        callers = [asyncio.create_task(lab.billingo.user.tax_code()) for _ in range(1000)]
        for moment in (0.0, 0.5, 1.0, 1.5, 2.0):
            await asyncio.sleep(moment)
            for caller in callers[int(moment * 100) :: 7]:
                caller.cancel()
        for caller in callers:
            caller.cancel()
        await asyncio.gather(*callers, return_exceptions=True)
        await asyncio.sleep(60)
        assert_nothing_is_lost(lab.billingo)
        await no_tasks_left()
