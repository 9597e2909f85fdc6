"""Who is cancelled, and when: nobody keeps a key without knowing it, and nobody is cancelled along with another."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import pytest
from drafts import draft
from journal_harness import claim_of, on_both, writing

from billingo_async import OutcomeUnknownError
from billingo_async.journal.claims import ClaimState, rows_where
from billingo_async.journal.tables import KEYS, State
from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from journal_harness import JournalHarness

    from billingo_async import Outcome
    from billingo_async.journal.writer import Writer


async def _state(writer: Writer, key: str) -> str:
    (row,) = await writer.run(partial(_rows, key=key))
    return row


def _rows(connection: Any, key: str) -> list[str]:
    return [row.state for row in rows_where(connection, KEYS.c.key == key)]


async def _cancelled(task: asyncio.Task[Any]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_cancelled_before_it_was_written(database: str) -> None:
    """A claim that is cancelled in the queue is never written: the next one has the key, and spoils no other claim."""
    gate = threading.Event()
    async with writing(database) as writer:
        busy = asyncio.create_task(writer.run(lambda _: gate.wait()))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        first = asyncio.create_task(writer.claim(claim_of("order-1")))
        await asyncio.sleep(0)
        await _cancelled(first)
        second = asyncio.create_task(writer.claim(claim_of("order-1")))
        other = asyncio.create_task(writer.claim(claim_of("order-2")))
        await asyncio.sleep(0)
        gate.set()
        await busy
        assert [(await task).verdict for task in (second, other)] == [ClaimState.MINE, ClaimState.MINE]
        assert await _state(writer, "order-1") == State.SENDING


@pytest.mark.parametrize("rounds", [0, 1, 2, 3, 5, 8, 20, 50, 100, 200, 500, 1_000, 5_000])
async def test_cancelled_at_any_moment(database: str, rounds: int) -> None:
    """Whenever a claim is cancelled, the next one for the key has it, and keeps it."""
    async with writing(database) as writer:
        first = asyncio.create_task(writer.claim(claim_of("order-1")))
        for _ in range(rounds):
            await asyncio.sleep(0)
        if first.done():  # it was told, and so would have to be left by who was told
            return
        await _cancelled(first)
        assert (await writer.claim(claim_of("order-1"))).verdict is ClaimState.MINE
        assert await _state(writer, "order-1") == State.SENDING


async def test_cancelled_just_as_it_was_told(database: str) -> None:
    """A claim whose answer is there, but whose caller is cancelled before taking it, is taken back."""
    async with writing(database) as writer:
        told: list[asyncio.Task[Any]] = []

        async def hears_before() -> None:
            await writer.claim(claim_of("order-0"))
            told[0].cancel()

        before = asyncio.create_task(hears_before())  # its claim comes first, in the same transaction
        first = asyncio.create_task(writer.claim(claim_of("order-1")))
        told.append(first)
        await before
        with pytest.raises(asyncio.CancelledError):
            await first
        assert (await writer.claim(claim_of("order-1"))).verdict is ClaimState.MINE
        assert await _state(writer, "order-1") == State.SENDING


@on_both
async def test_left_and_run_again_at_once(office: JournalHarness) -> None:
    """A run that is left while its keys are being claimed, and begun again at once, makes each invoice once."""
    billingo = await office.open()
    await billingo.invoices.create(draft(office.client_uid), key="order-0")
    orders = {f"order-{number}": draft(office.client_uid, f"Order {number}") for number in range(1, 61)}
    async with aclosing(cast("AsyncGenerator[Outcome]", billingo.invoices.create_many(orders, concurrency=60))) as run:
        async for _ in run:
            break
    again = [outcome async for outcome in billingo.invoices.create_many(orders, concurrency=60)]
    assert not [outcome.error for outcome in again if outcome.error]
    assert office.made == 1 + 60


@on_both
async def test_other_callers_of_a_key_are_not_cancelled(office: JournalHarness) -> None:
    """A run that is left cancels nobody else: who asked for the same key elsewhere gets the invoice."""
    billingo = await office.open()
    order = draft(office.client_uid)
    run = cast("AsyncGenerator[Outcome]", billingo.invoices.create_many({"order-1": order}))
    taken = asyncio.create_task(anext(run))
    listing = asyncio.Event()
    office.on_attempt = lambda _: listing.set()  # the first request, a look at the day: the job is there
    await listing.wait()
    other = asyncio.create_task(billingo.invoices.create(order, key="order-1"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await _cancelled(taken)
    await run.aclose()
    assert (await other).id
    assert office.made == 1


async def test_doubt_that_cannot_be_written_down_is_doubt(office: JournalHarness, tmp_path: Path) -> None:
    """If the line drops after the invoice was made, and the journal breaks too, the caller is told of the doubt."""
    billingo = await office.open(max_retries=0)
    await billingo.invoices.create(draft(office.client_uid, "before"), key="order-0")
    line = sqlite3.connect(tmp_path / "invoices.db")

    def lose_the_table(_: object) -> None:
        line.execute("ALTER TABLE billingo_keys RENAME TO gone")
        line.commit()

    office.on_attempt = lose_the_table
    office.sandbox.faults.next("invoices.create", Fault.drop_after_commit())
    with pytest.raises(OutcomeUnknownError, match="may or may not have happened, but the journal"):
        await billingo.invoices.create(draft(office.client_uid), key="order-1")
    office.on_attempt = None
    line.execute("ALTER TABLE gone RENAME TO billingo_keys")
    line.close()
    assert office.made == 2
