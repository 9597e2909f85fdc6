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
from deeds import DEEDS, ONCE, READ, SAME
from scripts import ANY, PASSING, dice_of, judged, script_of
from stage import on_stage

from billingo_async import Effect
from billingo_async.sandbox import Fault
from billingo_async.v2 import operations

if TYPE_CHECKING:
    from deeds import Deed
    from jumping_clock import JumpingClock
    from scripts import Violation

SEEDS = (20_150_611, 4, 1_093)
SCRIPTS = int(os.environ.get("BILLINGO_TEST_SCRIPTS", "300"))
ONES = [deed for deed in DEEDS if deed.effect == ONCE]
NOTHING = (Fault.nothing(),)
BY_GET = ("INVOICES_CANCEL", "INVOICES_GENERATE", "INVOICES_SEND")


@pytest.fixture(autouse=True)
def quiet_log(caplog: pytest.LogCaptureFixture) -> None:
    """Keep thousands of lines about retries out of the memory."""
    caplog.set_level("ERROR", "billingo_async")


async def violations(seed: int, scripts: int, deeds: list[Deed], clock: JumpingClock) -> list[Violation]:
    """Run so many random scripts, each on one of the deeds, and gather what the ledger says against the library."""
    dice = dice_of(seed)
    found: list[Violation] = []
    async with on_stage(clock, max_retries=3) as stage:
        for _ in range(scripts):
            script = script_of(dice, ANY, 5, clock.unix())
            found += await judged(stage, dice.choice(deeds), script)
    return found


@pytest.mark.parametrize("seed", SEEDS)
async def test_nothing_happens_twice_and_nothing_is_misreported(seed: int, jumping_clock: JumpingClock) -> None:
    """Of all the random scripts of faults not one makes the library do harm or tell a lie."""
    assert await violations(seed, SCRIPTS, ONES, jumping_clock) == []


async def test_the_same_check_finds_a_library_that_repeats_by_method(
    jumping_clock: JumpingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the rule replaced by "a GET may be repeated", the check finds deeds done twice and deeds denied."""
    for row in BY_GET:
        monkeypatch.setattr(operations, row, getattr(operations, row)._replace(effect=Effect.READ))
    by_get = [deed for deed in DEEDS if deed.row in BY_GET]
    found = Counter(violation.kind for violation in await violations(SEEDS[0], 1_000, by_get, jumping_clock))
    assert found["done twice"] > 10, found
    assert found["done, but reported as failed"] > 100, found
    assert found["safe to retry, but a second call does not make it exactly once"] > 10, found


@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed.effect == READ and deed.name != "time"], ids=str)
async def test_what_is_read_under_trouble_is_what_is_there(deed: Deed, jumping_clock: JumpingClock) -> None:
    """A read that outlasts its troubles answers what an untroubled one does."""
    dice = dice_of(deed.row)
    async with on_stage(jumping_clock, max_retries=3) as stage:
        uid = deed.prepare(stage.account)
        quiet = await deed.do(stage.billingo, uid)
        for _ in range(10):
            stage.sandbox.faults.next(deed.name, *script_of(dice, PASSING, 3, jumping_clock.unix()), *NOTHING)
            assert await deed.do(stage.billingo, uid) == quiet
            stage.sandbox.faults.clear()


@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed.effect == SAME], ids=str)
async def test_what_may_be_repeated_leaves_what_once_would_have_left(deed: Deed, jumping_clock: JumpingClock) -> None:
    """However often the troubles have it repeated, the account holds what it holds after doing it once."""
    dice = dice_of(deed.row)
    for _ in range(20):
        async with on_stage(jumping_clock, max_retries=3) as quiet, on_stage(jumping_clock, max_retries=3) as troubled:
            await deed.do(quiet.billingo, deed.prepare(quiet.account))
            uid = deed.prepare(troubled.account)
            script = script_of(dice, PASSING, 3, jumping_clock.unix())
            troubled.sandbox.faults.next(deed.name, *script, *NOTHING)
            await deed.do(troubled.billingo, uid)
            assert troubled.account.contents() == quiet.account.contents(), script
