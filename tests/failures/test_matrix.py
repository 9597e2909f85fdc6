"""The failure matrix: every operation meets every fault, once and for ever, and does what law 1 of the design says.

What each cell must show is computed here from that law, from the effects in the API's reference and from what the
fault does; nothing of it comes from the code under test.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from deeds import DEEDS, ONCE, READ, SAME
from mishaps import ABSURD, FINAL, MISHAPS, NEVER_SENT, REFUSED, UNKNOWN, UNREADABLE
from stage import PATIENCE, on_stage

from billingo_async import (
    APIError,
    AuthenticationError,
    BillingoError,
    DocumentNotReadyError,
    MalformedResponseError,
    OutcomeUnknownError,
)
from billingo_async.protocol import operations
from billingo_async.protocol.operations import TABLE
from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from deeds import Deed
    from jumping_clock import JumpingClock
    from mishaps import Mishap
    from stage import Stage

AGAIN, REPORT, DOUBT = "again", "report", "doubt"
LAW = {
    (READ, NEVER_SENT): AGAIN,
    (READ, REFUSED): AGAIN,
    (READ, UNKNOWN): AGAIN,
    (READ, FINAL): REPORT,
    (READ, UNREADABLE): REPORT,
    (SAME, NEVER_SENT): AGAIN,
    (SAME, REFUSED): AGAIN,
    (SAME, UNKNOWN): AGAIN,
    (SAME, FINAL): REPORT,
    (SAME, UNREADABLE): REPORT,
    (ONCE, NEVER_SENT): AGAIN,
    (ONCE, REFUSED): AGAIN,
    (ONCE, UNKNOWN): DOUBT,
    (ONCE, FINAL): REPORT,
    (ONCE, UNREADABLE): DOUBT,
}
"""Law 1 of the design: effect x fate. An answer of success that cannot be read leaves doubt after a ONCE call."""
UNMOVED = {"time", "recurring.update"}
"""The time takes no token; a profile is read before it is written, so it is the read that is refused."""
TRIES = 1 + int(PATIENCE["max_retries"])


@dataclass(frozen=True)
class Cell:
    """What one cell of the matrix must show."""

    error: type[BillingoError] | None
    tries: int
    commits: int
    """How often the deed is committed; for what may be repeated, whether it is."""
    reason: type[BillingoError] | None = None
    """What the doubt is about."""


def expected(deed: Deed, mishap: Mishap, *, for_ever: bool) -> Cell:
    """Read a cell from the law."""
    error = _called(deed, mishap)
    verdict = LAW[deed.effect, mishap.fate]
    done = int(mishap.commits and deed.effect != READ)
    if verdict == DOUBT:
        return Cell(OutcomeUnknownError, 1, done, reason=error)
    if verdict == REPORT:
        return Cell(error, 1, done)
    if (mishap.asks or 0) > PATIENCE["max_wait"]:
        return Cell(error, 1, 0)
    if for_ever:
        return Cell(error, TRIES, done)
    return Cell(None, 2, int(deed.effect != READ))


def _called(deed: Deed, mishap: Mishap) -> type[BillingoError]:
    """Name the failure: the time comes without an envelope, and JSON in a PDF's place means that it is not ready."""
    if mishap.name.startswith("200 with success") or mishap.name == "200 that says neither":
        return {"time": MalformedResponseError, "invoices.download": DocumentNotReadyError}.get(deed.name, mishap.error)
    return mishap.error


@pytest.mark.parametrize("mishap", MISHAPS, ids=str)
@pytest.mark.parametrize("deed", DEEDS, ids=str)
async def test_every_operation_meets_every_fault(deed: Deed, mishap: Mishap, jumping_clock: JumpingClock) -> None:
    """Whatever fails, the error, the number of requests and the number of commits are those of the law."""
    for for_ever in (False,) if mishap.once else (False, True):
        async with on_stage(jumping_clock) as stage:
            uid = deed.prepare(stage.account)
            before = len(stage.sandbox.ledger)
            mishap.script(stage.sandbox, deed.name, jumping_clock.unix(), for_ever=for_ever)
            began = jumping_clock.seconds
            error = await failure_of(deed, stage, uid)
            seconds = jumping_clock.seconds - began

            cell = expected(deed, mishap, for_ever=for_ever)
            assert type(error) is (cell.error or type(None)), repr(error)
            assert stage.line.tries[deed.name] == cell.tries
            assert stage.line.arrived[deed.name] == arrivals(cell, mishap)
            assert commits(stage, deed, before) == cell.commits
            assert seconds >= (mishap.asks or 0) * (1 if for_ever else cell.tries - 1) * (cell.tries > 1)
            if error is not None:
                holds_to_the_law(error, deed, mishap, cell)
                tells_the_wait(error, mishap, seconds)
                keeps_secrets(error, stage)


async def failure_of(deed: Deed, stage: Stage, uid: int) -> BillingoError | None:
    """Do it; return the error, if there was one."""
    try:
        await deed.do(stage.billingo, uid)
    except BillingoError as error:
        return error
    return None


def arrivals(cell: Cell, mishap: Mishap) -> int:
    """How many requests the server must have seen: all but those that met a fault before they left."""
    if mishap.fate != NEVER_SENT:
        return cell.tries
    return 0 if cell.error else 1


def commits(stage: Stage, deed: Deed, before: int) -> int:
    """How often it was done; what may be repeated counts as done once as long as it was done to one thing alone."""
    done = [entry.id for entry in stage.sandbox.ledger[before:] if entry.operation == deed.name]
    return len(done) if deed.effect == ONCE else len(set(done))


def holds_to_the_law(error: BillingoError, deed: Deed, mishap: Mishap, cell: Cell) -> None:
    """Check what an error says of itself."""
    assert error.operation == deed.name
    assert deed.name in str(error)
    assert error.safe_to_retry is not isinstance(error, OutcomeUnknownError)
    if isinstance(error, OutcomeUnknownError):
        assert type(error.cause) is cell.reason
        assert mishap.raw is None or error.raw == mishap.raw


def tells_the_wait(error: BillingoError, mishap: Mishap, seconds: float) -> None:
    """Check that a refusal says how long the server still asks to wait."""
    if isinstance(error, APIError):
        passed = seconds if mishap.dated else 0.0
        assert error.retry_after == (None if mishap.asks is None else max(0.0, mishap.asks - passed))


def keeps_secrets(error: BillingoError, stage: Stage) -> None:
    """Look for keys, tokens and the customer in all that an error may become."""
    shown = str(error) + repr(error) + repr(error.args) + pickle.dumps(error).decode("latin-1")
    assert not [secret for secret in stage.secrets() if secret in shown]


def test_no_operation_is_left_out() -> None:
    """Every row of the table has its deed, later ones included."""
    rows = {name for name in dir(operations) if getattr(operations, name) in TABLE and name.isupper()}
    assert rows == {deed.row for deed in DEEDS}
    assert len(TABLE) == len(DEEDS)


@pytest.mark.parametrize("deed", DEEDS, ids=str)
async def test_a_stale_token_is_signed_anew(deed: Deed, jumping_clock: JumpingClock) -> None:
    """A server ten minutes ahead refuses the token, and takes the second one: nothing was done before."""
    async with on_stage(jumping_clock) as stage:
        uid = deed.prepare(stage.account)
        before = len(stage.sandbox.ledger)
        stage.sandbox.faults.always("*", Fault.wrong_clock(600))
        assert await failure_of(deed, stage, uid) is None
        assert stage.line.tries[deed.name] == (1 if deed.name in UNMOVED else 2)
        assert commits(stage, deed, before) == (deed.effect != READ)


@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed.name != "time"], ids=str)
async def test_a_clock_that_never_stands_still_is_given_up(deed: Deed, jumping_clock: JumpingClock) -> None:
    """Where each try meets another time, the last refusal is reported, and nothing was done."""
    async with on_stage(jumping_clock) as stage:
        uid = deed.prepare(stage.account)
        before = len(stage.sandbox.ledger)
        offsets = (600, -600, 1_800, -1_800)
        stage.sandbox.faults.next(deed.name, *[Fault.wrong_clock(seconds) for seconds in offsets])
        error = await failure_of(deed, stage, uid)
        assert type(error) is AuthenticationError
        assert error.safe_to_retry
        assert stage.line.tries[deed.name] == TRIES
        assert commits(stage, deed, before) == 0


async def test_a_pdf_that_is_not_ready_is_said_to_be_so(jumping_clock: JumpingClock) -> None:
    """JSON in the PDF's place is an error of its own, and the next call may bring the PDF."""
    async with on_stage(jumping_clock) as stage:
        uid = stage.account.invoice()
        stage.sandbox.faults.next("invoices.download", Fault.not_ready())
        with pytest.raises(DocumentNotReadyError, match="not made yet") as caught:
            await stage.billingo.invoices.download(uid)
        assert caught.value.safe_to_retry
        assert caught.value.status_code == 200
        assert (await stage.billingo.invoices.download(uid)).startswith(b"%PDF-")


async def test_an_absurd_wait_is_reported_with_its_length(jumping_clock: JumpingClock) -> None:
    """The caller learns at once how long the server wants to be left alone."""
    async with on_stage(jumping_clock) as stage:
        stage.sandbox.faults.next("invoices.blocks", Fault.answer(429, {}, {"Retry-After": str(ABSURD)}))
        with pytest.raises(APIError) as caught:
            await stage.billingo.invoices.blocks()
        assert caught.value.retry_after == ABSURD
        assert jumping_clock.seconds == 0
