"""The property over API v3: whatever goes wrong, nothing happens twice and nothing is reported as what it is not.

For any script of faults and any operation that must happen once: it is committed at most once; a returned value means
exactly once; a plain error means never; doubt is always `OutcomeUnknownError`. The judge is the sandbox's ledger.
`BILLINGO_TEST_SCRIPTS` sets how many scripts a seed throws: `nox -s thorough` asks for 3,000.
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
from v3_cases import ONCE, SAME, V3_CASES, v3_harness

from billingo_async.sandbox import Fault
from billingo_async.v3 import BillingoError, Effect, OutcomeUnknownError, operations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jumping_clock import JumpingClock
    from v3_cases import V3Case, V3Harness

    Maker = Callable[[Random, float], Fault]

SEEDS = (20_200_512, 3, 1_093)
SCRIPTS = int(os.environ.get("BILLINGO_TEST_SCRIPTS", "150"))
ONES = [case for case in V3_CASES if case.effect == ONCE]
LONGER_THAN_ANY_TIMEOUT = 200.0
NO = {"error": {"message": "not today"}}
INVALID = {"message": "Validation Failed", "errors": [{"field": "items.0.vat", "message": "not today"}]}
GARBAGE = ("<html></html>", b'{"id": 1', b"[1]", b'{"data": 1}', b"%PDF-1.7", b'{"success": true}', b"null!", NO)
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
    """The server or its gateway fails, before or after the operation."""
    status = dice.choice((408, 500, 500, 501, 502, 503, 504, 599))
    return Fault.answer(status, dice.choice((NO, "<html></html>", b"")), processed=dice.random() < 0.5)


def asked_to_wait(dice: Random, unix: float) -> Fault:
    """The server asks for patience, sensibly or not; a 503 that does not say for how long may have done it."""
    status = dice.choice((429, 503))
    wait = formatdate(unix + dice.uniform(-5, 40), usegmt=True) if dice.random() < 0.2 else dice.choice(WAITS)
    is_readable = wait is not None and wait not in {"-1", "soon"}
    processed = status == 503 and not is_readable and dice.random() < 0.5
    return Fault.answer(status, NO, {} if wait is None else {"Retry-After": wait}, processed=processed)


def refusal(dice: Random, _: float) -> Fault:
    """The server says no, and has done nothing: a used-up quota is a 400, no subscription a 402."""
    return Fault.answer(dice.choice((400, 401, 402, 403, 404, 409, 422)), dice.choice((NO, INVALID, b"")))


def garbage(dice: Random, _: float) -> Fault:
    """An answer of success that says nothing of use, or a redirect, before or after the operation."""
    return Fault.answer(dice.choice((200, 201, 302)), dice.choice(GARBAGE), processed=dice.random() < 0.5)


def nothing(_: Random, __: float) -> Fault:
    """All is well."""
    return Fault.nothing()


PASSING: tuple[Maker, ...] = (never_sent, on_the_line, trouble_at_the_server)
ANY: tuple[Maker, ...] = (*PASSING, asked_to_wait, refusal, garbage, nothing)


def dice_of(seed: int | str) -> Random:
    """Return dice that fall alike for the same seed."""
    return Random(seed)  # noqa: S311 - they throw faults and guard no secret


@dataclass(frozen=True)
class Violation:
    """What the ledger says against the library."""

    kind: str
    case: str
    script: tuple[str, ...]


async def violations(seed: int, scripts: int, cases: list[V3Case], clock: JumpingClock) -> list[Violation]:
    """Run so many random scripts, each on one of the cases, and gather what the ledger says against the library."""
    dice = dice_of(seed)
    found: list[Violation] = []
    async with v3_harness(clock, max_retries=3) as lab:
        for _ in range(scripts):
            script = [dice.choice(ANY)(dice, clock.unix()) for _ in range(dice.randint(0, 5))]
            found += await judged(lab, dice.choice(cases), script)
    return found


async def judged(lab: V3Harness, case: V3Case, script: list[Fault]) -> list[Violation]:
    """Make one call under a script of faults; return what is wrong with what the library made of it."""
    given = await case.prepare(lab.shop)
    before = lab.sandbox.ledger.count(case.name)

    def done() -> int:
        return lab.sandbox.ledger.count(case.name) - before

    if script:
        lab.sandbox.faults.next(case.name, *script)
    error: BillingoError | None = None
    try:
        await case.do(lab.billingo, given)
    except BillingoError as caught:
        error = caught
    lab.sandbox.faults.clear()
    await rested(lab, lab.clock)
    kinds = list(_wrong_with(error, done()))
    if error is not None and error.safe_to_retry:
        with suppress(BillingoError):
            await case.do(lab.billingo, given)
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


async def rested(lab: V3Harness, jumping_clock: JumpingClock) -> None:
    """Let pass whatever is still under way or asked for."""
    pause = lab.billingo._dispatch.sender.limits.pause_left(operations.ORGANIZATION_GET.call())
    before = jumping_clock.seconds
    await asyncio.sleep(LONGER_THAN_ANY_TIMEOUT + pause)
    assert jumping_clock.seconds > before


@pytest.fixture(autouse=True)
def quiet_log(caplog: pytest.LogCaptureFixture) -> None:
    """Keep thousands of lines about retries out of the memory."""
    caplog.set_level("ERROR", "billingo_async")


@pytest.mark.parametrize("seed", SEEDS)
async def test_nothing_happens_twice_and_nothing_is_misreported(seed: int, jumping_clock: JumpingClock) -> None:
    """Of all the random scripts of faults not one makes the library do harm or tell a lie."""
    assert await violations(seed, SCRIPTS, ONES, jumping_clock) == []


async def test_the_same_check_finds_a_library_that_repeats_a_put(
    jumping_clock: JumpingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the rule replaced by "a PUT may be repeated", the check finds drafts that were issued and denied."""
    puts = [case for case in ONES if case.operation.method == "PUT"]
    for case in puts:
        monkeypatch.setattr(operations, case.row, case.operation._replace(effect=Effect.SAME))
    found = Counter(violation.kind for violation in await violations(SEEDS[0], 200, puts, jumping_clock))
    assert found["done, but reported as failed"] > 20, found


@pytest.mark.parametrize("case", [case for case in V3_CASES if case.effect == SAME], ids=str)
async def test_what_may_be_repeated_leaves_what_once_would_have_left(case: V3Case, jumping_clock: JumpingClock) -> None:
    """However often the troubles have it repeated, it was done to one thing alone, and in the end it is done."""
    dice = dice_of(case.row)
    for _ in range(5):
        async with v3_harness(jumping_clock, max_retries=3) as lab:
            given = await case.prepare(lab.shop)
            before = len(lab.sandbox.ledger)
            script = [dice.choice(PASSING)(dice, jumping_clock.unix()) for _ in range(dice.randint(0, 3))]
            lab.sandbox.faults.next(case.name, *script, Fault.nothing())
            await case.do(lab.billingo, given)
            done = {entry.id for entry in lab.sandbox.ledger[before:] if entry.operation == case.name}
            assert len(done) == 1, script
