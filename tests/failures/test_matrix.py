"""The failure matrix: every operation meets every fault, once and for ever, and does what law 1 of the design says.

What each cell must show is computed in `cells`, never by the code under test.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, cast

import pytest
from cells import TRIES, arrivals, commits, expected, failure_of, holds_to_the_law, keeps_secrets, tells_the_wait
from deeds import DEEDS, READ
from mishaps import ABSURD, MISHAPS
from stage import on_stage

from billingo_async import APIError, AuthenticationError, DocumentNotReadyError, Effect
from billingo_async.protocol.call import Fate
from billingo_async.protocol.retry import VERDICTS, Verdict
from billingo_async.sandbox import Fault
from billingo_async.v2 import operations
from billingo_async.v2.operations import TABLE

if TYPE_CHECKING:
    from deeds import Deed
    from jumping_clock import JumpingClock
    from mishaps import Mishap

UNMOVED = {"time", "recurring.update"}
"""The time takes no token; a profile is read before it is written, so it is the read that is refused."""


@pytest.mark.parametrize("mishap", MISHAPS, ids=str)
@pytest.mark.parametrize("deed", DEEDS, ids=str)
async def test_every_operation_meets_every_fault(deed: Deed, mishap: Mishap, jumping_clock: JumpingClock) -> None:
    """Whatever fails, the error, the number of requests and the number of commits are those of the law."""
    await look_at(deed, mishap, jumping_clock, for_ever=False)
    if expected(deed, mishap, for_ever=False).tries > 1:  # whoever tries but once cannot tell once from for ever
        await look_at(deed, mishap, jumping_clock, for_ever=True)


async def look_at(deed: Deed, mishap: Mishap, clock: JumpingClock, *, for_ever: bool) -> None:
    """Do a deed under a fault, on a stage of its own, and compare with the cell."""
    async with on_stage(clock) as stage:
        uid = deed.prepare(stage.account)
        before = len(stage.sandbox.ledger)
        mishap.script(stage.sandbox, deed.name, clock.unix(), for_ever=for_ever)
        began = clock.seconds
        error = await failure_of(deed, stage.billingo, uid)
        seconds = clock.seconds - began

        cell = expected(deed, mishap, for_ever=for_ever)
        assert type(error) is (cell.error or type(None)), repr(error)
        assert stage.line.tries[deed.name] == cell.tries
        assert stage.line.arrived[deed.name] == arrivals(cell, mishap)
        assert commits(stage.sandbox, deed, before) == cell.commits
        assert seconds >= (mishap.asks or 0) * (1 if for_ever else cell.tries - 1) * (cell.tries > 1)
        if error is not None:
            holds_to_the_law(error, deed, mishap, cell)
            tells_the_wait(error, mishap, seconds)
            keeps_secrets(error, stage.secrets())


CELLS = [(effect, fate, verdict) for effect in Effect for fate in Fate for verdict in Verdict]
SPEAKING = {
    Fate.NEVER_SENT: "refused connection",
    Fate.REFUSED: "429 with Retry-After in seconds",
    Fate.UNKNOWN: "500, done",
    Fate.ANSWERED: "403",
}
"""A fault for each column of the law."""
EXAMPLES = {Effect.READ: "INVOICES_GET", Effect.SAME: "CLIENTS_UPDATE", Effect.ONCE: "INVOICES_SEND"}


@pytest.mark.parametrize(("effect", "fate", "verdict"), CELLS)
async def test_the_matrix_notices_a_wrong_cell(
    effect: Effect, fate: Fate, verdict: Verdict, jumping_clock: JumpingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With any other verdict in any cell of the library's own table, what was looked at above is no longer so."""
    (deed,) = [deed for deed in DEEDS if deed.row == EXAMPLES[effect]]
    (mishap,) = [mishap for mishap in MISHAPS if mishap.name == SPEAKING[fate]]
    right = VERDICTS[effect][fate] is verdict
    monkeypatch.setitem(cast("dict[Fate, Verdict]", VERDICTS[effect]), fate, verdict)
    with nullcontext() if right else pytest.raises(AssertionError):
        await look_at(deed, mishap, jumping_clock, for_ever=True)


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
        assert await failure_of(deed, stage.billingo, uid) is None
        assert stage.line.tries[deed.name] == (1 if deed.name in UNMOVED else 2)
        assert commits(stage.sandbox, deed, before) == (deed.effect != READ)


@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed.name != "time"], ids=str)
async def test_a_clock_that_never_stands_still_is_given_up(deed: Deed, jumping_clock: JumpingClock) -> None:
    """Where each try meets another time, the last refusal is reported, and nothing was done."""
    async with on_stage(jumping_clock) as stage:
        uid = deed.prepare(stage.account)
        before = len(stage.sandbox.ledger)
        offsets = (600, -600, 1_800, -1_800)
        stage.sandbox.faults.next(deed.name, *[Fault.wrong_clock(seconds) for seconds in offsets])
        error = await failure_of(deed, stage.billingo, uid)
        assert type(error) is AuthenticationError
        assert error.safe_to_retry
        assert stage.line.tries[deed.name] == TRIES
        assert commits(stage.sandbox, deed, before) == 0


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
