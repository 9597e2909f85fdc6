"""The property: whatever goes wrong, nothing happens twice and nothing is reported as what it is not.

For any script of faults and any operation that must happen once: it is committed at most once; a returned value means
exactly once; a plain error means never; doubt is always `OutcomeUnknownError`; `safe_to_retry` tells the truth. The
judge is the sandbox's ledger. `BILLINGO_TEST_SCRIPTS` sets how many scripts a seed throws: `nox -s thorough` asks for
3,000.

Every fault is one that a truthful server and a real line can have: a refusal was never carried out, everything else may
or may not have been.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from random import Random
from typing import TYPE_CHECKING

import pytest
from harness import harness
from operation_cases import ONCE, OPERATION_CASES, READ, SAME

from billingo_async import BillingoError, Effect, OutcomeUnknownError
from billingo_async.sandbox import Fault
from billingo_async.v2 import operations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from harness import Harness
    from jumping_clock import JumpingClock
    from operation_cases import Case

    Maker = Callable[[Random, float], Fault]

LONGER_THAN_ANY_TIMEOUT = 200.0
NO = {"success": False, "error": "not today"}
GARBAGE = (
    "<html></html>",
    b"",
    b'{"success": tr',
    b"[]",
    b'{"data": 1}',
    b'{"success": "perhaps"}',
    b"%PDF-1.7",
    b"null",
)
WAITS = ("0", "3", "12.5", "30", "100000", "-1", "soon", None)


def never_sent(dice: Random, _: float) -> Fault:
    """The request does not leave."""
    return dice.choice((Fault.refuse_connection(), Fault.connect_timeout(), Fault.tls_failure(), Fault.pool_timeout()))


def on_the_line(dice: Random, _: float) -> Fault:
    """The line drops, is silent or slow, before or after the operation."""
    seconds = dice.uniform(0, 60)
    return dice.choice(
        (
            Fault.drop_before_read(),
            Fault.drop_after_commit(),
            Fault.drop_mid_answer(),
            Fault.read_timeout(processed=dice.random() < 0.5),
            Fault.delay(seconds),
            Fault.delay(seconds, before=True),
        )
    )


def trouble_at_the_server(dice: Random, _: float) -> Fault:
    """The server or something before it fails, before or after the operation."""
    status = dice.choice((408, 500, 500, 501, 502, 503, 504, 599))
    body = dice.choice((NO, "<html></html>", b""))
    return Fault.answer(status, body, processed=dice.random() < 0.5)


def asked_to_wait(dice: Random, unix: float) -> Fault:
    """The server asks for patience, sensibly or not; a 503 that does not say for how long may have done it."""
    status = dice.choice((429, 503))
    wait = formatdate(unix + dice.uniform(-5, 40), usegmt=True) if dice.random() < 0.2 else dice.choice(WAITS)
    readable = wait is not None and wait not in {"-1", "soon"}
    processed = status == 503 and not readable and dice.random() < 0.5
    return Fault.answer(status, NO, {} if wait is None else {"Retry-After": wait}, processed=processed)


def refusal(dice: Random, _: float) -> Fault:
    """The server says no, and has done nothing."""
    return Fault.answer(dice.choice((200, 400, 401, 403, 404, 409, 422)), NO)


def garbage(dice: Random, _: float) -> Fault:
    """An answer of success that says nothing of use, or a redirect, before or after the operation."""
    return Fault.answer(dice.choice((200, 201, 204, 302)), dice.choice(GARBAGE), processed=dice.random() < 0.5)


def wrong_clock(dice: Random, _: float) -> Fault:
    """The server's clock is off, and so is the token."""
    return Fault.wrong_clock(dice.choice((-3_600, -600, 600, 3_600)))


def nothing(_: Random, __: float) -> Fault:
    """All is well."""
    return Fault.nothing()


PASSING = (never_sent, on_the_line, trouble_at_the_server)
"""What may be tried again by any operation that may be repeated."""
ANY = (*PASSING, asked_to_wait, refusal, garbage, wrong_clock, nothing)


def dice_of(seed: int | str) -> Random:
    """Return dice that fall alike for the same seed."""
    return Random(seed)  # noqa: S311 - they throw faults and guard no secret


def script_of(dice: Random, makers: tuple[Maker, ...], longest: int, unix: float) -> list[Fault]:
    """Throw a script of up to so many faults."""
    return [dice.choice(makers)(dice, unix) for _ in range(dice.randint(0, longest))]


@dataclass(frozen=True)
class Violation:
    """What the ledger says against the library."""

    kind: str
    case: str
    script: tuple[str, ...]


async def judged(lab: Harness, case: Case, script: list[Fault]) -> list[Violation]:
    """Make one call under a script of faults; return what is wrong with what the library made of it."""
    uid = case.prepare(lab.account)
    before = lab.sandbox.ledger.count(case.name)

    def done() -> int:
        return lab.sandbox.ledger.count(case.name) - before

    if script:
        lab.sandbox.faults.next(case.name, *script)
    error: BillingoError | None = None
    try:
        await case.do(lab.billingo, uid)
    except BillingoError as caught:
        error = caught
    lab.sandbox.faults.clear()
    await settled(lab, lab.clock)
    kinds = list(_wrong_with(error, done()))
    if error is not None and error.safe_to_retry:
        with suppress(BillingoError):
            await case.do(lab.billingo, uid)
        if done() != 1:
            kinds.append("safe to retry, but a second call does not make it exactly once")
    return [Violation(kind, case.name, tuple(map(repr, script))) for kind in kinds]


def _wrong_with(error: BillingoError | None, done: int) -> Iterator[str]:
    if done > 1:
        yield "done twice"
    if error is None and done == 0:
        yield "not done, but reported as done"
    if error is not None and not isinstance(error, OutcomeUnknownError) and done:
        yield "done, but reported as failed"
    if error is not None and error.safe_to_retry is isinstance(error, OutcomeUnknownError):
        yield "safe_to_retry contradicts the error"


async def settled(lab: Harness, jumping_clock: JumpingClock) -> None:
    """Let pass whatever is still under way or asked for, and have the library's clock right again."""
    await asyncio.sleep(
        LONGER_THAN_ANY_TIMEOUT + lab.billingo._dispatch.sender.limits.pause_left(operations.USER_TAX_CODE.call())
    )
    lab.forget_skew()


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
