"""Keys that a worker is at no more: whoever was cancelled, whatever failed, none stays a living worker's for ever."""

from __future__ import annotations

import asyncio
import sqlite3
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from drafts import draft
from journal_harness import account_of, claim_of, on_both, ref_of, result_of, session_of, writing
from sqlalchemy.exc import OperationalError

from billingo_async import JournalError
from billingo_async.journal import claims, connections, reconcile
from billingo_async.journal.claims import ClaimState, record_results, release_claim, rows_where
from billingo_async.journal.tables import State
from billingo_async.journal.writer import RETRY_SECONDS
from billingo_async.v2.once.create import InvoicesCreate

if TYPE_CHECKING:
    from pathlib import Path

    from journal_harness import JournalHarness

    from billingo_async import Billingo
    from billingo_async.journal.claims import Claim
    from billingo_async.journal.session import JournalSession


def _claim(key: str, billingo: Billingo | None = None, client_uid: int = 1) -> Claim:
    name = account_of(billingo).name if billingo else "account"
    return claim_of(key, "", client_uid=client_uid, account=name)


def _creation(billingo: Billingo) -> InvoicesCreate:
    return InvoicesCreate(account_of(billingo))


async def _states(room: JournalSession) -> dict[str, str]:
    return {row.key: row.state for row in await room.writer.run(rows_where)}


@on_both
async def test_cancelled_while_it_waits_to_reconcile(office: JournalHarness) -> None:
    """Who is cancelled while something alike is still being sent leaves the keys that it has begun to settle."""
    one, other = await office.open(), await office.open()
    room, another = await session_of(one), await session_of(other)
    for key in ("order-1", "order-2"):
        await another.writer.claim(_claim(key, other, office.client_uid))
    await another.writer.record(result_of("order-1", State.DOUBT))
    caller = asyncio.create_task(one.invoices.create(draft(office.client_uid), key="order-1"))
    while (await _states(another))["order-1"] != State.RECONCILING:
        assert not caller.done()
    caller.cancel()
    await asyncio.wait([*(job.task for job in room.jobs.values()), caller])
    assert await _states(room) == {"order-1": State.DOUBT, "order-2": State.SENDING}
    await another.writer.record(result_of("order-2", State.REFUSED))
    assert (await one.invoices.create(draft(office.client_uid), key="order-1")).id
    assert office.made == 1


@on_both
async def test_settled_by_others_while_it_waits(office: JournalHarness) -> None:
    """Who waits to reconcile a key that others then bring to an end leaves what looks like it and was begun with it."""
    one, other = await office.open(), await office.open()
    room, another = await session_of(one), await session_of(other)
    mine = {key: _claim(key, other, office.client_uid) for key in ("order-1", "order-2")}
    for claim in mine.values():
        await another.writer.claim(claim)
    await another.writer.record(result_of("order-2", State.DOUBT))  # it is order-1 that is being sent
    waits = asyncio.create_task(
        reconcile.reconcile(room, _creation(one), ref_of("order-1"), mine["order-1"].intent.similarity_hash)
    )
    while (await _states(another))["order-2"] != State.RECONCILING:
        assert not waits.done()
    await reconcile.reconcile(room, _creation(one), ref_of("order-1"), mine["order-1"].intent.similarity_hash)
    assert not waits.done()  # what this worker is at already is left to it
    await another.writer.record(result_of("order-1", State.REFUSED))
    await waits
    assert await _states(room) == {"order-1": State.REFUSED, "order-2": State.DOUBT}


@on_both
async def test_cancelled_before_it_has_begun_to_reconcile(office: JournalHarness) -> None:
    """A step that waits for its turn when its caller is cancelled is not carried out after what he has left."""
    billingo = await office.open()
    writer = (await session_of(billingo)).writer
    done: list[str] = []
    before = asyncio.create_task(writer.run(lambda _: done.append("before")))
    step = asyncio.create_task(writer.run(lambda _: done.append("step")))
    await asyncio.sleep(0)
    step.cancel()
    writer.release_later(lambda _: done.append("left"))
    await asyncio.wait([before, step])
    await writer.run(lambda _: done.append("after"))
    assert sorted(done[:2]) == ["before", "left"]
    assert done[2:] == ["after"]


@on_both
async def test_a_finding_that_cannot_be_written(office: JournalHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found out about a key and could not be written down is found out again by the next who asks."""
    billingo = await office.open(max_wait=0.0)
    room = await session_of(billingo)
    await room.writer.claim(_claim("order-1", billingo, office.client_uid))
    await room.writer.record(result_of("order-1", State.DOUBT))

    def fails(*_: Any) -> None:
        monkeypatch.setattr(claims, "record_results", record_results)
        raise OperationalError("", None, sqlite3.OperationalError("disk I/O error"))

    monkeypatch.setattr(claims, "record_results", fails)
    with pytest.raises(JournalError, match="disk I/O error"):
        await billingo.invoices.create(draft(office.client_uid), key="order-1")
    assert (await billingo.invoices.create(draft(office.client_uid), key="order-1")).id
    assert office.made == 1


@pytest.mark.jumping
async def test_left_again_until_it_is_written(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that could not be left while the database was away is left when it is back, though nobody asks for it."""
    async with writing(database) as writer:
        assert (await writer.claim(_claim("a"))).verdict is ClaimState.MINE
        carry_out, fails = connections.SqliteConnection._transact, iter([True, True])

        def away(self: Any, step: Any) -> Any:
            if next(fails, False):
                raise OperationalError("", None, sqlite3.OperationalError("database is locked"))
            return carry_out(self, step)

        monkeypatch.setattr(connections.SqliteConnection, "_transact", away)
        writer.release_later(partial(release_claim, ref=ref_of("a"), owner=writer._workers.owner, state=State.FREE))
        await asyncio.sleep(3 * RETRY_SECONDS)
        with sqlite3.connect(tmp_path / "invoices.db") as there:
            assert there.execute("SELECT state FROM billingo_keys").fetchall() == [("free",)]
        there.close()


@pytest.mark.parametrize("confirmed", [False, True])
async def test_claims_that_were_written_with_an_outcome(
    database: str, monkeypatch: pytest.MonkeyPatch, *, confirmed: bool
) -> None:
    """Claims that came with an outcome that failed, or seemed to, fail with it, and can be made again at once."""
    async with writing(database) as writer:
        await writer.claim(_claim("a"))
        carry_out, first = connections.SqliteConnection._transact, iter([True])

        def fails(self: Any, step: Any) -> Any:
            if not next(first, False):
                return carry_out(self, step)
            if confirmed:
                carry_out(self, step)
            raise OperationalError("", None, sqlite3.OperationalError("disk I/O error"))

        monkeypatch.setattr(connections.SqliteConnection, "_transact", fails)
        told = await asyncio.gather(
            writer.record(result_of("a", State.DOUBT)), writer.claim(_claim("b")), return_exceptions=True
        )
        assert [type(one) for one in told] == [JournalError, JournalError]
        assert (await writer.claim(_claim("b"))).verdict is ClaimState.MINE
        states = {"a": "doubt" if confirmed else "sending", "b": "sending"}
        assert {row.key: row.state for row in await writer.run(rows_where)} == states
