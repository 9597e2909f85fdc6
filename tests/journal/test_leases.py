"""Workers of several machines: who is alive, who may send, and what becomes of the keys of one that counts as dead."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from drafts import draft, drafts
from journal_harness import POSTGRESQL, claim_of, on_both, on_postgresql, session_of
from sqlalchemy import create_engine, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from billingo_async import JournalError, OutcomeUnknownError
from billingo_async.journal import workers
from billingo_async.journal.claims import write_intent
from billingo_async.journal.tables import METADATA, WORKERS
from billingo_async.journal.workers import HEARTBEAT_SECONDS, LEASE_SECONDS, MARGIN_SECONDS, Leases, LockedFiles
from billingo_async.transport.clock import ServerClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from journal_harness import JournalHarness

    from billingo_async import NewInvoice
    from billingo_async.journal.database import Database


async def _lapse(seconds: float = LEASE_SECONDS) -> None:
    """Let the leases of all workers be so much older."""
    engine = create_async_engine(POSTGRESQL)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE billingo_workers SET until = until - :s"), {"s": seconds})
    await engine.dispose()


def test_figures() -> None:
    """What was signed while the lease was sure to hold is stale before it ends, with room for clocks that differ.

    A worker sends nothing once its last heartbeat is older than lease - 30 - margin; its last request is refused 30
    seconds later, which is the margin before the lease is over. Several signs of life fit in between.
    """
    last = LEASE_SECONDS - 30 - MARGIN_SECONDS
    assert last + 30 + MARGIN_SECONDS <= LEASE_SECONDS
    assert last / HEARTBEAT_SECONDS >= 3


@pytest.mark.parametrize("clock", ["monotonic", "time", "missed"])
@pytest.mark.parametrize(("accepted_for", "seconds"), [(30.0, 15.0), (None, 45.0)])
def test_nothing_leaves_in_the_last_part_of_a_lease(
    clock: str, accepted_for: float | None, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the clock that nobody sets, the one that runs on in a machine's sleep, or what the server's says of that."""
    now, server_clock = {"monotonic": 1000.0, "time": 5000.0, "missed": 7.0}, ServerClock()
    monkeypatch.setattr(workers, "time", SimpleNamespace(monotonic=lambda: now["monotonic"], time=lambda: now["time"]))
    leases, server_clock.missed = Leases(), 7.0
    leases.watch(server_clock)
    leases._renewed = workers._clocks()
    now[clock] += seconds
    server_clock.missed = now["missed"]
    leases.check_lease(accepted_for)
    now[clock] += 0.6
    server_clock.missed = now["missed"]
    with pytest.raises(JournalError) as caught:
        leases.check_lease(accepted_for)
    assert str(caught.value) == f"the journal has not been reached for {seconds + 1:.0f} s: try again"
    assert caught.value.safe_to_retry


def test_a_locked_file_lives_as_long_as_its_worker(tmp_path: Path) -> None:
    """A name that never was, or whose worker died, is dead; its file is cleared away once no key is in its hands."""
    engine, database = create_engine("sqlite://"), SimpleNamespace(path=tmp_path / "keys.db")
    METADATA.create_all(engine)
    with engine.begin() as connection:
        one, other = LockedFiles(cast("Database", database)), LockedFiles(cast("Database", database))
        assert not one.is_alive(connection, other.owner)
        left, held = (tmp_path / "keys.db-workers" / name for name in ("left", "held"))
        left.parent.mkdir()
        for file in (left, held):
            file.touch()
        write_intent(connection, claim_of("a"), "held", None)
        write_intent(connection, claim_of("b"), "left", None, state="done")
        other.enter(connection)
        assert one.is_alive(connection, other.owner)
        assert not one.is_alive(connection, "held")
        assert (left.exists(), held.exists()) == (False, True)
        assert (one.is_out_of_sight("left"), one.is_out_of_sight("held")) == (True, False)
        one.enter(connection)
        (left.parent / one.owner).unlink()  # as a clean-up does that is none of ours
        for worker in (other, one, other):
            worker.leave(connection)
        assert not one.is_alive(connection, other.owner)
    engine.dispose()


def test_a_lease_to_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds for 50 s by the database's clock, is renewed only while it holds, and is one worker's alone."""
    engine, one, other = create_engine("sqlite://"), Leases(), Leases()
    METADATA.create_all(engine)
    with engine.begin() as connection:
        for now, worker in ((1000.0, one), (1010.0, other)):
            monkeypatch.setattr(workers, "_NOW", now)
            worker.enter(connection)
            worker.check_lease(30.0)
        monkeypatch.setattr(workers, "_NOW", 1049.9)
        assert other.is_alive(connection, one.owner)
        monkeypatch.setattr(workers, "_NOW", 1050.0)
        assert not other.is_alive(connection, one.owner)
        for worker in (one, other):
            worker._renew(connection)
        assert (one.is_lost, other.is_lost, one.is_out_of_sight(other.owner)) == (True, False, False)
        with pytest.raises(JournalError, match=r"^this worker may have been taken for dead: try again$"):
            one.check_lease(30.0)
        rows = {(one.owner, 1050.0), (other.owner, 1100.0)}
        assert {tuple(row) for row in connection.execute(select(WORKERS))} == rows
        other.leave(connection)
        assert not one.is_alive(connection, other.owner)
        assert [tuple(row) for row in connection.execute(select(WORKERS))] == [(one.owner, 1050.0)]
    engine.dispose()


@pytest.mark.jumping
async def test_a_heartbeat_counts_from_before_it_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every 4 s, whatever became of the last; one that fails renews nothing, and with the lease they end."""
    loop = asyncio.get_running_loop()
    began, leases, beats = loop.time(), Leases(), list[tuple[float, float]]()
    leases.watch(server_clock := ServerClock())
    monkeypatch.setattr(workers, "_clocks", lambda: (round(loop.time() - began), 0.0))

    async def run(step: object) -> None:
        assert step == leases._renew
        beats.append((round(loop.time() - began), leases._renewed[0]))
        server_clock.missed = float(len(beats))
        await asyncio.sleep(1)
        if len(beats) == 1:
            raise JournalError("the database is away")
        leases.is_lost = len(beats) == 4

    await leases.heartbeat(run)
    assert beats == [(4, -LEASE_SECONDS), (9, -LEASE_SECONDS), (14, 9), (19, 14)]
    assert (leases._renewed, leases._missed[server_clock]) == ((14, 0.0), 2.0)


@on_postgresql
async def test_lapsed_lease_is_never_renewed(office: JournalHarness) -> None:
    """One who counts as dead stays dead: it sends nothing more under its name, and goes on under a new one."""
    billingo = await office.open()
    room = await session_of(billingo)
    assert isinstance(room.workers, Leases)
    await _lapse()
    await room.writer.run(room.workers._renew)
    assert room.workers.is_lost
    assert not room.is_usable
    assert (await billingo.invoices.create(draft(office.client_uid), key="order-1")).id
    fresh = await session_of(billingo)
    assert fresh is not room
    assert fresh.workers.owner != room.workers.owner
    assert office.made == 1


@on_postgresql
async def test_dead_workers_key_is_settled_not_sent(office: JournalHarness) -> None:
    """A worker whose invoice was made, and which died before it could write that down: another adopts the invoice."""
    dead, other = await office.open(max_retries=0), await office.open()
    room = await session_of(dead)
    beat = room._heartbeat
    assert beat is not None
    beat.cancel()
    written = asyncio.Event()
    told = room.writer.record

    async def never(*_: object) -> None:
        written.set()
        await asyncio.Event().wait()

    room.writer.record = never  # type: ignore[assignment, method-assign]  # the process dies here
    lost = asyncio.create_task(dead.invoices.create(draft(office.client_uid), key="order-1"))
    await written.wait()
    await _lapse()
    adopted = await other.invoices.create(draft(office.client_uid), key="order-1")
    assert [entry.id for entry in office.sandbox.ledger.of("invoices.create")] == [adopted.id]
    room.writer.record = told  # type: ignore[method-assign]  # and wakes up again, to be closed with the office
    for job in list((await session_of(dead)).jobs.values()):
        job.task.cancel()
    await asyncio.gather(lost, return_exceptions=True)


@on_postgresql
async def test_who_was_taken_for_dead_cannot_write(office: JournalHarness) -> None:
    """The outcome of a key that another has taken over meanwhile is not written over: its first worker says so."""
    slow, other = await office.open(), await office.open()
    room = await session_of(slow)
    told, waiting, go_on = room.writer.record, asyncio.Event(), asyncio.Event()

    async def late(*note: Any) -> None:
        waiting.set()
        await go_on.wait()
        await told(*note)

    room.writer.record = late  # type: ignore[assignment, method-assign]  # the process stands still here
    call = asyncio.create_task(slow.invoices.create(draft(office.client_uid), key="order-1"))
    await waiting.wait()
    await _lapse()
    adopted = await other.invoices.create(draft(office.client_uid), key="order-1")
    go_on.set()
    with pytest.raises(
        OutcomeUnknownError, match=r"it happened, with the id [0-9]+, but the journal could not be written"
    ) as caught:
        await call
    assert caught.value.candidates == (adopted.id,)
    assert office.made == 1
    assert (await slow.invoices.create(draft(office.client_uid), key="order-1")).id == adopted.id


@on_postgresql
async def test_run_goes_on_after_a_lost_lease(office: JournalHarness) -> None:
    """A run whose machine slept longer than a lease goes on under a new name; of what was in hand nothing was sent."""
    billingo = await office.open()
    room = await session_of(billingo)

    def slept() -> Iterator[tuple[str, NewInvoice]]:
        for number, (key, new) in enumerate(drafts(office.client_uid, 30)):
            if number == 15:
                assert isinstance(room.workers, Leases)
                room.workers.is_lost, room.workers._renewed = True, (-LEASE_SECONDS, -LEASE_SECONDS)
            yield key, new

    outcomes = [one async for one in billingo.invoices.create_many(slept(), concurrency=4)]
    errors = [one.error for one in outcomes if one.error]
    assert len(outcomes) == 30
    assert len(errors) <= 4
    assert all(isinstance(error, JournalError) and error.safe_to_retry for error in errors)
    assert office.made == 30 - len(errors)
    again = [one async for one in billingo.invoices.create_many(drafts(office.client_uid, 30), concurrency=4)]
    assert not [one.error for one in again if one.error]
    assert office.made == 30


@on_both
async def test_room_of_no_use_is_closed(office: JournalHarness) -> None:
    """A room that is replaced is closed: no task and no connection of it is left."""
    billingo = await office.open()
    room = await session_of(billingo)
    room.workers.is_lost = True
    assert await session_of(billingo) is not room
    await billingo.aclose()
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("billingo-journal")]
