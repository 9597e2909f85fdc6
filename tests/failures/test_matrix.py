"""The failure matrix: every operation of both APIs meets every fault, and does what law 1 of the design says.

Ordinarily each fault is met once; `nox -s thorough` has it met again and again, too, until the last try has failed.

What each expectation must show is computed in `expectations`, never by the code under test.
"""

from __future__ import annotations

import os
from contextlib import nullcontext
from typing import TYPE_CHECKING, cast

import pytest
from expectations import TRIES, arrivals, check_error, commits, expected, failure_of, tells_the_wait
from fault_cases import FAULT_CASES, faults_of
from harness import harness, harness_of, v3_harness
from operation_cases import OPERATION_CASES, READ
from v3_cases import V3_CASES

from billingo_async import AuthenticationError, Effect
from billingo_async.protocol.call import Fate
from billingo_async.protocol.retry import ACTIONS, Action
from billingo_async.sandbox import Fault
from billingo_async.v2 import operations as v2
from billingo_async.v3 import operations as v3

if TYPE_CHECKING:
    from types import ModuleType

    from fault_cases import FaultCase
    from jumping_clock import JumpingClock
    from operation_cases import Case

pytestmark = pytest.mark.usefixtures("undrawn")
FOR_EVER = "BILLINGO_TEST_SCRIPTS" in os.environ
"""True where the long journeys are run in full."""
ROUNDING = 1e-6
UNMOVED = {"time", "recurring.update"}
"""The time takes no token; a profile is read before it is written, so it is the read that is refused."""


@pytest.mark.parametrize("case", OPERATION_CASES + V3_CASES, ids=str)
async def test_every_operation_meets_every_fault(case: Case, jumping_clock: JumpingClock) -> None:
    """Whatever fails, the error, the number of requests and the number of commits are those of the law."""
    for fault in faults_of(case):
        await look_at(case, fault, jumping_clock, for_ever=False)
        # A call that is tried but once cannot tell once from for ever.
        if FOR_EVER and expected(case, fault, for_ever=False).tries > 1:
            await look_at(case, fault, jumping_clock, for_ever=True)


async def look_at(case: Case, fault: FaultCase, clock: JumpingClock, *, for_ever: bool) -> None:
    """Call one operation under a fault, in a harness of its own, and compare with what is expected."""
    async with harness_of(case, clock) as lab:
        given = await lab.prepare(case)
        lab.line.tries.clear()
        lab.line.arrived.clear()
        before = len(lab.sandbox.ledger)
        fault.script(lab.sandbox, case.name, clock.unix(), for_ever=for_ever)
        began = clock.seconds
        error = await failure_of(case, lab.billingo, given)
        seconds = clock.seconds - began

        expectation = expected(case, fault, for_ever=for_ever)
        assert type(error) is (expectation.error or type(None)), (fault.name, error)
        assert lab.line.tries[case.name] == expectation.tries, fault.name
        assert lab.line.arrived[case.name] == arrivals(expectation, fault), fault.name
        assert commits(lab.sandbox, case, before) == expectation.commits, fault.name
        waits = (1 if for_ever else expectation.tries - 1) * (expectation.tries > 1)
        assert seconds >= (fault.asks or 0) * waits - ROUNDING, fault.name
        if error is not None:
            check_error(error, case, fault, expectation, lab.secrets())
            tells_the_wait(error, fault, seconds)


TABLE_CELLS = [(effect, fate, action) for effect in Effect for fate in Fate for action in Action]
SPEAKING = {
    Fate.NEVER_SENT: "refused connection",
    Fate.NOT_PROCESSED: "429 with Retry-After in seconds",
    Fate.UNKNOWN: "500, done",
    Fate.ANSWERED: "403",
}
"""A fault for each column of the law."""
EXAMPLES = {Effect.READ: "INVOICES_GET", Effect.SAME: "CLIENTS_UPDATE", Effect.ONCE: "INVOICES_SEND"}


@pytest.mark.parametrize(("effect", "fate", "action"), TABLE_CELLS)
async def test_the_matrix_notices_a_wrong_cell(
    effect: Effect, fate: Fate, action: Action, jumping_clock: JumpingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With any other action in any cell of the library's own table, what was looked at above is no longer so."""
    (case,) = [case for case in OPERATION_CASES if case.row == EXAMPLES[effect]]
    (fault,) = [fault for fault in FAULT_CASES if fault.name == SPEAKING[fate]]
    right = ACTIONS[effect][fate] is action
    monkeypatch.setitem(cast("dict[Fate, Action]", ACTIONS[effect]), fate, action)
    with nullcontext() if right else pytest.raises(AssertionError):
        await look_at(case, fault, jumping_clock, for_ever=True)


@pytest.mark.parametrize(("cases", "wing"), [(OPERATION_CASES, v2), (V3_CASES, v3)], ids=["v2", "v3"])
def test_no_operation_is_left_out(cases: tuple[Case, ...], wing: ModuleType) -> None:
    """Every row of the table has its case, later ones included."""
    rows = {name for name in dir(wing) if getattr(wing, name) in wing.TABLE and name.isupper()}
    assert rows == {case.row for case in cases}
    assert len(wing.TABLE) == len(cases)


@pytest.mark.parametrize("name", ["documents.issue_draft", "receipts.issue_draft", "documents.cancel"])
async def test_a_put_that_issues_is_never_sent_twice(name: str, jumping_clock: JumpingClock) -> None:
    """A generated client sent such a request four times on a dropped line."""
    (case,) = [case for case in V3_CASES if case.name == name]
    async with v3_harness(jumping_clock) as lab:
        given = await lab.prepare(case)
        lab.sandbox.faults.always(name, Fault.drop_after_commit())
        error = await failure_of(case, lab.billingo, given)
        assert error is not None
        assert not error.safe_to_retry
        assert lab.line.tries[name] == lab.sandbox.ledger.count(name) == 1


@pytest.mark.parametrize("case", OPERATION_CASES, ids=str)
async def test_a_stale_token_is_signed_anew(case: Case, jumping_clock: JumpingClock) -> None:
    """A server ten minutes ahead refuses the token, and takes the second one: nothing was done before."""
    async with harness(jumping_clock) as lab:
        uid = case.prepare(lab.account)
        before = len(lab.sandbox.ledger)
        lab.sandbox.faults.always("*", Fault.wrong_clock(600))
        assert await failure_of(case, lab.billingo, uid) is None
        assert lab.line.tries[case.name] == (1 if case.name in UNMOVED else 2)
        assert commits(lab.sandbox, case, before) == (case.effect != READ)


@pytest.mark.parametrize("case", [case for case in OPERATION_CASES if case.name != "time"], ids=str)
async def test_a_clock_that_never_stands_still_is_given_up(case: Case, jumping_clock: JumpingClock) -> None:
    """Where each try meets another time, the last refusal is reported, and nothing was done."""
    async with harness(jumping_clock) as lab:
        uid = case.prepare(lab.account)
        before = len(lab.sandbox.ledger)
        offsets = (600, -600, 1_800, -1_800)
        lab.sandbox.faults.next(case.name, *[Fault.wrong_clock(seconds) for seconds in offsets])
        error = await failure_of(case, lab.billingo, uid)
        assert type(error) is AuthenticationError
        assert error.safe_to_retry
        assert lab.line.tries[case.name] == TRIES
        assert commits(lab.sandbox, case, before) == 0
