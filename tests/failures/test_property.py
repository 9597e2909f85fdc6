"""The property: whatever goes wrong, nothing happens twice and nothing is reported as what it is not.

For any script of faults and any operation of either API that must happen once: it is committed at most once; a returned
value means exactly once; a plain error means never; doubt is always `OutcomeUnknownError`; `safe_to_retry` tells the
truth. The judge is the sandbox's ledger. `BILLINGO_TEST_SCRIPTS` sets how many scripts a seed throws: `nox -s thorough`
asks for 3,000.

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
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from harness import harness_of
from operation_cases import ONCE, OPERATION_CASES, READ, SAME
from v3_cases import V3_CASES, V3Case

from billingo_async import BillingoError, Effect, OutcomeUnknownError
from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from harness import Harness
    from jumping_clock import JumpingClock
    from operation_cases import Case

    Cases: TypeAlias = Sequence[Case]

pytestmark = pytest.mark.usefixtures("undrawn")
SCRIPTS = int(os.environ.get("BILLINGO_TEST_SCRIPTS", "200"))
SEEDS = (20_150_611, 4, 1_093)
LONGER_THAN_ANY_TIMEOUT = 200.0
WAITS = ("0", "3", "12.5", "30", "100000", "-1", "soon", None)


@dataclass(frozen=True)
class Wing:
    """One API: its operations, how it says no, and what no answer of its own looks like."""

    cases: Cases
    refusals: tuple[int, ...]
    no: tuple[object, ...]
    garbage: tuple[object, ...]


NO = {"success": False, "error": "not today"}
V3_NO = {"error": {"message": "not today"}}
INVALID = {"message": "Validation Failed", "errors": [{"field": "items.0.vat", "message": "not today"}]}
GARBAGE = ("<html></html>", b'{"success": tr', b"[]", b'{"data": 1}', b"%PDF-1.7")
WINGS = {
    "v2": Wing(
        OPERATION_CASES, (200, 400, 401, 403, 404, 409, 422), (NO,), (*GARBAGE, b"", b"null", b'{"success": "perhaps"}')
    ),
    "v3": Wing(
        V3_CASES,
        (400, 401, 402, 403, 404, 409, 422),  # a used-up quota is a 400, no subscription a 402
        (V3_NO, INVALID, b""),
        (*GARBAGE, V3_NO, b"null!", b'{"success": true}'),
    ),
}


def never_sent(dice: Random, _: float, __: Wing) -> Fault:
    """The request does not leave."""
    return dice.choice((Fault.refuse_connection(), Fault.connect_timeout(), Fault.tls_failure(), Fault.pool_timeout()))


def on_the_line(dice: Random, _: float, __: Wing) -> Fault:
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


def trouble_at_the_server(dice: Random, _: float, wing: Wing) -> Fault:
    """The server or something before it fails, before or after the operation."""
    status = dice.choice((408, 500, 500, 501, 502, 503, 504, 599))
    return Fault.answer(status, dice.choice((wing.no[0], "<html></html>", b"")), processed=dice.random() < 0.5)


def asked_to_wait(dice: Random, unix: float, wing: Wing) -> Fault:
    """The server asks for patience, sensibly or not; a 503 that does not say for how long may have done it."""
    status = dice.choice((429, 503))
    wait = formatdate(unix + dice.uniform(-5, 40), usegmt=True) if dice.random() < 0.2 else dice.choice(WAITS)
    is_readable = wait is not None and wait not in {"-1", "soon"}
    processed = status == 503 and not is_readable and dice.random() < 0.5
    return Fault.answer(status, wing.no[0], {} if wait is None else {"Retry-After": wait}, processed=processed)


def refusal(dice: Random, _: float, wing: Wing) -> Fault:
    """The server says no, and has done nothing."""
    return Fault.answer(dice.choice(wing.refusals), dice.choice(wing.no))


def garbage(dice: Random, _: float, wing: Wing) -> Fault:
    """An answer of success that says nothing of use, or a redirect, before or after the operation."""
    return Fault.answer(dice.choice((200, 201, 302)), dice.choice(wing.garbage), processed=dice.random() < 0.5)


def wrong_clock(dice: Random, _: float, __: Wing) -> Fault:
    """The server's clock is off, and so is the token, where there is one."""
    return Fault.wrong_clock(dice.choice((-3_600, -600, 600, 3_600)))


def nothing(_: Random, __: float, ___: Wing) -> Fault:
    """All is well."""
    return Fault.nothing()


PASSING = (never_sent, on_the_line, trouble_at_the_server)
"""What may be tried again by any operation that may be repeated."""
ANY = (*PASSING, asked_to_wait, refusal, garbage, wrong_clock, nothing)


def dice_of(seed: int | str) -> Random:
    """Return dice that fall alike for the same seed."""
    return Random(seed)  # noqa: S311 - they throw faults and guard no secret


def script_of(
    dice: Random, makers: Sequence[Callable[[Random, float, Wing], Fault]], longest: int, unix: float, wing: Wing
) -> list[Fault]:
    """Throw a script of up to so many faults."""
    return [dice.choice(makers)(dice, unix, wing) for _ in range(dice.randint(0, longest))]


def passing_script(dice: Random, case: Case, unix: float) -> list[Fault]:
    """Throw a script of troubles that pass."""
    wing = next(wing for wing in WINGS.values() if case in wing.cases)
    return [*script_of(dice, PASSING, 3, unix, wing), Fault.nothing()]


@dataclass(frozen=True)
class Violation:
    """What the ledger says against the library."""

    kind: str
    case: str
    script: tuple[str, ...]


async def violations(seed: int, scripts: int, wing: Wing, cases: Cases, clock: JumpingClock) -> list[Violation]:
    """Run so many random scripts, each on one of the cases, and gather what the ledger says against the library."""
    dice = dice_of(seed)
    found: list[Violation] = []
    async with harness_of(cases[0], clock, max_retries=3) as lab:
        for _ in range(scripts):
            script = script_of(dice, ANY, 5, clock.unix(), wing)
            found += await judged(lab, dice.choice(cases), script)
    return found


async def judged(lab: Harness[Any], case: Case, script: list[Fault]) -> list[Violation]:
    """Make one call under a script of faults; return what is wrong with what the library made of it."""
    given = await lab.prepare(case)
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
    await rested(lab, case, lab.clock)
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


async def rested(lab: Harness[Any], case: Case, jumping_clock: JumpingClock) -> None:
    """Let pass whatever is still under way or asked for, and have the library's clock right again."""
    some = case.operations.ORGANIZATION_GET if isinstance(case, V3Case) else case.operations.USER_TAX_CODE
    pause = lab.billingo._dispatch.sender.limits.pause_left(some.call())
    await asyncio.sleep(LONGER_THAN_ANY_TIMEOUT + pause)
    lab.forget_skew()


@pytest.fixture(autouse=True)
def quiet_log(caplog: pytest.LogCaptureFixture) -> None:
    """Keep thousands of lines about retries out of the memory."""
    caplog.set_level("ERROR", "billingo_async")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("wing", WINGS.values(), ids=WINGS)
async def test_nothing_happens_twice_and_nothing_is_misreported(
    wing: Wing, seed: int, jumping_clock: JumpingClock
) -> None:
    """Of all the random scripts of faults not one makes the library do harm or tell a lie."""
    ones = [case for case in wing.cases if case.effect == ONCE]
    assert await violations(seed, SCRIPTS, wing, ones, jumping_clock) == []


BY_METHOD: dict[str, tuple[str, Effect, dict[str, int]]] = {
    "v2": ("GET", Effect.READ, {"done twice": 3, "safe to retry, but a second call does not make it exactly once": 3}),
    "v3": ("PUT", Effect.SAME, {}),
}
"""A rule by which other clients repeat a call, and how often it must be seen to do harm, besides the calls denied."""


@pytest.mark.parametrize("name", WINGS)
async def test_the_same_check_finds_a_library_that_repeats_by_method(
    name: str, jumping_clock: JumpingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the rule replaced by "a GET, or a PUT, may be repeated", the check finds what is done twice and denied."""
    method, effect, harm = BY_METHOD[name]
    wing = WINGS[name]
    cases = [case for case in wing.cases if case.effect == ONCE and case.operation.method == method]
    for case in cases:
        monkeypatch.setattr(case.operations, case.row, case.operation._replace(effect=effect))
    found = Counter(violation.kind for violation in await violations(SEEDS[0], 150, wing, cases, jumping_clock))
    for kind, times in (harm | {"done, but reported as failed": 15}).items():
        assert found[kind] >= times, found


CHANGING = {"SERVER_TIME", "EXPORTS_POLL"}
"""What is read differs each time."""
READS = [case for case in OPERATION_CASES + V3_CASES if case.effect == READ and case.row not in CHANGING]
SAMES = [case for case in OPERATION_CASES + V3_CASES if case.effect == SAME]


@pytest.mark.parametrize("case", READS, ids=str)
async def test_what_is_read_under_trouble_is_what_is_there(case: Case, jumping_clock: JumpingClock) -> None:
    """A read that outlasts its troubles answers what an untroubled one does."""
    dice = dice_of(case.row)
    async with harness_of(case, jumping_clock, max_retries=3) as lab:
        given = await lab.prepare(case)
        await case.do(lab.billingo, given)
        await rested(lab, case, jumping_clock)  # the tax office has said its word
        quiet = await case.do(lab.billingo, given)
        for _ in range(10):
            lab.sandbox.faults.next(case.name, *passing_script(dice, case, jumping_clock.unix()))
            assert await case.do(lab.billingo, given) == quiet
            lab.sandbox.faults.clear()


@pytest.mark.parametrize("case", SAMES, ids=str)
async def test_what_may_be_repeated_leaves_what_once_would_have_left(case: Case, jumping_clock: JumpingClock) -> None:
    """However often the troubles have it repeated, it is done to one thing, and the account holds the same."""
    dice = dice_of(case.row)
    for _ in range(8):
        async with (
            harness_of(case, jumping_clock, max_retries=3) as quiet,
            harness_of(case, jumping_clock, max_retries=3) as troubled,
        ):
            await case.do(quiet.billingo, await quiet.prepare(case))
            given = await troubled.prepare(case)
            before = len(troubled.sandbox.ledger)
            script = passing_script(dice, case, jumping_clock.unix())
            troubled.sandbox.faults.next(case.name, *script)
            await case.do(troubled.billingo, given)
            done = {entry.id for entry in troubled.sandbox.ledger[before:] if entry.operation == case.name}
            assert len(done) == 1, script
            assert troubled.account.contents() == quiet.account.contents(), script
