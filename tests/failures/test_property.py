"""The property: whatever goes wrong, nothing happens twice and nothing is reported as what it is not.

For any script of faults and any operation that must happen once: it is committed at most once; a returned value means
exactly once; a plain error means never; doubt is always `OutcomeUnknownError`; `safe_to_retry` tells the truth. The
judge is the sandbox's ledger. `BILLINGO_TEST_SCRIPTS` sets how many scripts a seed throws: `nox -s thorough` asks for
3,000.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from harness import harness
from operation_cases import ONCE, OPERATION_CASES, READ, SAME
from scripts import ANY, PASSING, dice_of, judged, script_of

from billingo_async import Effect
from billingo_async.sandbox import Fault
from billingo_async.v2 import operations

if TYPE_CHECKING:
    from jumping_clock import JumpingClock
    from operation_cases import Case
    from scripts import Violation

SEEDS = (20_150_611, 4, 1_093)
SCRIPTS = int(os.environ.get("BILLINGO_TEST_SCRIPTS", "300"))
ONES = [case for case in OPERATION_CASES if case.effect == ONCE]
NOTHING = (Fault.nothing(),)
BY_GET = ("INVOICES_CANCEL", "INVOICES_GENERATE", "INVOICES_SEND")


@pytest.fixture(autouse=True)
def quiet_log(caplog: pytest.LogCaptureFixture) -> None:
    """Keep thousands of lines about retries out of the memory."""
    caplog.set_level("ERROR", "billingo_async")


async def violations(seed: int, scripts: int, cases: list[Case], clock: JumpingClock) -> list[Violation]:
    """Run so many random scripts, each on one of the cases, and gather what the ledger says against the library."""
    dice = dice_of(seed)
    found: list[Violation] = []
    async with harness(clock, max_retries=3) as lab:
        for _ in range(scripts):
            script = script_of(dice, ANY, 5, clock.unix())
            found += await judged(lab, dice.choice(cases), script)
    return found


@pytest.mark.parametrize("seed", SEEDS)
async def test_nothing_happens_twice_and_nothing_is_misreported(seed: int, jumping_clock: JumpingClock) -> None:
    """Of all the random scripts of faults not one makes the library do harm or tell a lie."""
    assert await violations(seed, SCRIPTS, ONES, jumping_clock) == []


async def test_the_same_check_finds_a_library_that_repeats_by_method(
    jumping_clock: JumpingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the rule replaced by "a GET may be repeated", the check finds calls done twice and calls denied."""
    for row in BY_GET:
        monkeypatch.setattr(operations, row, getattr(operations, row)._replace(effect=Effect.READ))
    by_get = [case for case in OPERATION_CASES if case.row in BY_GET]
    found = Counter(violation.kind for violation in await violations(SEEDS[0], 1_000, by_get, jumping_clock))
    assert found["done twice"] > 10, found
    assert found["done, but reported as failed"] > 100, found
    assert found["safe to retry, but a second call does not make it exactly once"] > 10, found


@pytest.mark.parametrize(
    "case", [case for case in OPERATION_CASES if case.effect == READ and case.name != "time"], ids=str
)
async def test_what_is_read_under_trouble_is_what_is_there(case: Case, jumping_clock: JumpingClock) -> None:
    """A read that outlasts its troubles answers what an untroubled one does."""
    dice = dice_of(case.row)
    async with harness(jumping_clock, max_retries=3) as lab:
        uid = case.prepare(lab.account)
        quiet = await case.do(lab.billingo, uid)
        for _ in range(10):
            lab.sandbox.faults.next(case.name, *script_of(dice, PASSING, 3, jumping_clock.unix()), *NOTHING)
            assert await case.do(lab.billingo, uid) == quiet
            lab.sandbox.faults.clear()


@pytest.mark.parametrize("case", [case for case in OPERATION_CASES if case.effect == SAME], ids=str)
async def test_what_may_be_repeated_leaves_what_once_would_have_left(case: Case, jumping_clock: JumpingClock) -> None:
    """However often the troubles have it repeated, the account holds what it holds after doing it once."""
    dice = dice_of(case.row)
    for _ in range(20):
        async with harness(jumping_clock, max_retries=3) as quiet, harness(jumping_clock, max_retries=3) as troubled:
            await case.do(quiet.billingo, case.prepare(quiet.account))
            uid = case.prepare(troubled.account)
            script = script_of(dice, PASSING, 3, jumping_clock.unix())
            troubled.sandbox.faults.next(case.name, *script, *NOTHING)
            await case.do(troubled.billingo, uid)
            assert troubled.account.contents() == quiet.account.contents(), script
