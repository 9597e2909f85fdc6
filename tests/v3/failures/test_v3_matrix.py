"""The failure matrix of API v3: every operation meets every fault, and does what law 1 of the design says.

Ordinarily each fault is met once; `nox -s thorough` has it met again and again, too. What each cell must show is
computed in `expectations`, from the law and from what the fault does.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from expectations import arrivals, commits, expected, failure_of, holds_to_the_law, keeps_secrets, tells_the_wait
from fault_cases import FAULT_CASES, UNREADABLE, FaultCase
from v3_cases import V3_CASES, v3_harness

from billingo_async.sandbox import Fault
from billingo_async.v3 import MalformedResponseError

if TYPE_CHECKING:
    from jumping_clock import JumpingClock
    from v3_cases import V3Case

FOR_EVER = "BILLINGO_TEST_SCRIPTS" in os.environ
"""True where the long journeys are run in full."""
ROUNDING = 1e-6
V2_WORDS = "200 with success "
"""Words of v2's envelope, which mean nothing here: what says them is not what was asked for."""


def in_v3(fault: FaultCase) -> FaultCase:
    """A fault as v3 meets it."""
    if not fault.name.startswith(V2_WORDS):
        return fault
    return FaultCase(fault.name, UNREADABLE, MalformedResponseError, fault.fault, fault.commits)


FAULTS = [in_v3(fault) for fault in FAULT_CASES]
NOTHING = {"200 with nothing", "204"}
WITHOUT_BODY = {
    "documents.delete_draft",
    "documents.archive",
    "partners.delete",
    "products.delete",
    "bank_accounts.delete",
    "spendings.delete",
    "document_blocks.create",
}
"""The specification gives these no body: an empty answer is what they answer."""


def is_an_answer(case: V3Case, fault: FaultCase) -> bool:
    """Whether what would be garbage elsewhere is what this operation promises."""
    if fault.name in NOTHING:
        return case.name in WITHOUT_BODY or (case.name == "documents.clear_payments" and fault.name == "204")
    return case.name == "exports.download" and fault.name == "200 with half a PDF"


@pytest.mark.parametrize("case", V3_CASES, ids=str)
async def test_an_operation_meets_every_fault(case: V3Case, jumping_clock: JumpingClock) -> None:
    """Whatever fails, the error, the number of requests and the number of commits are those of the law."""
    for fault in FAULTS:
        if is_an_answer(case, fault):
            continue
        await look_at(case, fault, jumping_clock, for_ever=False)
        if FOR_EVER and expected(case, fault, for_ever=False).tries > 1:
            await look_at(case, fault, jumping_clock, for_ever=True)


async def look_at(case: V3Case, fault: FaultCase, clock: JumpingClock, *, for_ever: bool) -> None:
    """Call one operation under a fault, in a harness of its own, and compare with what is expected."""
    async with v3_harness(clock) as lab:
        given = await case.prepare(lab.shop)
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
        assert seconds >= (fault.asks or 0) * waits - ROUNDING
        if error is not None:
            holds_to_the_law(error, case, fault, expectation)
            tells_the_wait(error, fault, seconds)
            keeps_secrets(error, lab.secrets())


@pytest.mark.parametrize("name", ["documents.issue_draft", "receipts.issue_draft", "documents.cancel"])
async def test_a_put_that_issues_is_never_sent_twice(name: str, jumping_clock: JumpingClock) -> None:
    """A generated client sent such a request four times on a dropped line."""
    (case,) = [case for case in V3_CASES if case.name == name]
    async with v3_harness(jumping_clock) as lab:
        given = await case.prepare(lab.shop)
        lab.sandbox.faults.always(name, Fault.drop_after_commit())
        error = await failure_of(case, lab.billingo, given)
        assert error is not None
        assert not error.safe_to_retry
        assert lab.line.tries[name] == 1
        assert lab.sandbox.ledger.count(name) == 1
