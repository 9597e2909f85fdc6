"""The life of a journal's file: where it lies, who may read it, what becomes of a run when it is taken away."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from drafts import CUSTOMER, draft, drafts
from journal_harness import journal_of, on_both
from sqlalchemy.exc import OperationalError

from billingo_async import ConfigurationError, Journal, JournalError, OutcomeUnknownError
from billingo_async.journal.connections import PostgresqlConnection, SqliteConnection
from billingo_async.sandbox import Fault, Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from journal_harness import JournalHarness

    from billingo_async import NewInvoice


async def test_reached_through_a_link(office: JournalHarness, tmp_path: Path) -> None:
    """Two processes that name one file by two names are workers of one journal: a key has one invoice."""
    one = await office.open()
    await one.invoices.create(draft(office.client_uid), key="order-1")
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.db"
    link.symlink_to(tmp_path / "invoices.db")
    office.url = f"sqlite:///{link}"
    other = await office.open()
    await other.invoices.create(draft(office.client_uid), key="order-1")
    assert office.made == 1
    assert not link.with_name("link.db-workers").exists()


async def test_only_its_owner_reads_it(office: JournalHarness, tmp_path: Path) -> None:
    """The journal, its write-ahead log and its workers' folder are their owner's alone, whatever the umask."""
    before = os.umask(0o022)
    try:
        billingo = await office.open()
        await billingo.invoices.create(draft(office.client_uid), key="order-1")
        modes = _modes(tmp_path)
    finally:
        os.umask(before)
    assert modes["invoices.db"] == modes["invoices.db-wal"] == modes["invoices.db-shm"] == 0o600
    assert modes["invoices.db-workers"] == 0o700
    assert set(_modes(tmp_path / "invoices.db-workers").values()) == {0o600}


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


@pytest.mark.parametrize("how", ["deleted", "replaced", "replaced by a copy"])
async def test_taken_away_during_a_run(office: JournalHarness, tmp_path: Path, how: str) -> None:
    """A run whose journal is deleted or replaced stops with a JournalError; nothing more is sent for any key."""
    billingo = await office.open()
    path = tmp_path / "invoices.db"
    made_then = 0

    def entries() -> Iterator[tuple[str, NewInvoice]]:
        nonlocal made_then
        for number, entry in enumerate(drafts(office.client_uid, 40)):
            if number == 10:
                made_then = office.made
                if how == "replaced by a copy":
                    shutil.copy(path, tmp_path / "copy.db")
                    (tmp_path / "copy.db").rename(path)
                else:
                    path.unlink()
                    if how == "replaced":
                        sqlite3.connect(path).close()
                        path.touch()
            yield entry

    with pytest.raises(JournalError, match="is gone, or was replaced") as caught:
        async for _ in billingo.invoices.create_many(entries(), concurrency=2):
            pass
    assert caught.value.sent is False
    assert not caught.value.worth_retrying
    assert office.made <= made_then + 2
    with pytest.raises(JournalError):  # the same object does not begin a new one in its place
        await billingo.invoices.create(draft(office.client_uid), key="order-0")


@pytest.mark.parametrize("is_replaced", [False, True], ids=["deleted", "replaced by files of the same names"])
async def test_workers_folder_that_is_deleted(office: JournalHarness, tmp_path: Path, *, is_replaced: bool) -> None:
    """A worker whose lock is gone counts as dead for others: it sends nothing more, and goes on under a new name."""
    billingo = await office.open()
    await billingo.invoices.create(draft(office.client_uid, "Order 1"), key="order-1")
    folder = tmp_path / "invoices.db-workers"
    copy = shutil.copytree(folder, tmp_path / "copy")
    shutil.rmtree(folder)
    if is_replaced:
        copy.rename(folder)
    with pytest.raises(JournalError, match="deleted or replaced") as caught:
        await billingo.invoices.create(draft(office.client_uid, "Order 2"), key="order-2")
    assert caught.value.safe_to_retry
    assert office.made == 1
    await billingo.invoices.create(draft(office.client_uid, "Order 2"), key="order-2")
    assert office.made == 2


@on_both
@pytest.mark.jumping
async def test_away_during_a_run(office: JournalHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal that is away is waited for within `max_wait`; then the run stops, and does not fail key by key."""
    billingo = await office.open(max_wait=5.0)
    away = False
    for kind in (SqliteConnection, PostgresqlConnection):
        for name in ("transact", "write"):
            carry_out = getattr(kind, name)

            async def carry_out_or_fail(self: Any, *step: Any, carry_out: Any = carry_out) -> Any:
                if away:
                    raise OperationalError("", None, sqlite3.OperationalError("the database is away"))
                return await carry_out(self, *step)

            monkeypatch.setattr(kind, name, carry_out_or_fail)
    failed = 0
    with pytest.raises(JournalError, match="the database is away"):  # noqa: PT012 - what happens on the way is the story
        async for outcome in billingo.invoices.create_many(drafts(office.client_uid, 100), concurrency=4):
            away = away or office.made >= 10
            failed += outcome.error is not None
    assert failed <= 8  # those that were in hand, and those that took their places before one had waited
    away = False
    again = [one async for one in billingo.invoices.create_many(drafts(office.client_uid, 20), concurrency=4)]
    assert not [one.error for one in again if one.error]
    assert office.made == 20


@on_both
async def test_backup_is_whole(office: JournalHarness, tmp_path: Path) -> None:
    """A copy of a journal in use holds all its keys, is its owner's alone, and overwrites nothing."""
    billingo = await office.open()
    first = await billingo.invoices.create(draft(office.client_uid, "Order 1"), key="order-1")
    await billingo.invoices.create(draft(office.client_uid, "Order 2"), key="order-2")
    journal = journal_of(billingo)
    copy = await journal.backup(tmp_path / "copy.db")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        await journal.backup(copy)
    copied = Journal(f"sqlite:///{copy}")
    try:
        assert (await copied.status()).counts == {"done": 2}
        assert (await copied.look_up("order-1")).invoice == first
    finally:
        await copied.aclose()


async def test_old_backup_with_stamps(office: JournalHarness, tmp_path: Path) -> None:
    """A journal restored from an old copy asks what bears its stamp, once, and makes none of it again."""
    path = tmp_path / "invoices.db"
    billingo = await office.open(stamp="Ref. {key}")
    await billingo.invoices.create(draft(office.client_uid, "Order 0"), key="order-0")
    journal = journal_of(billingo)
    await journal.backup(tmp_path / "old.db")
    later = [
        await billingo.invoices.create(draft(office.client_uid, f"Order {number}"), key=f"order-{number}")
        for number in range(1, 5)
    ]
    await billingo.aclose()
    for name in ("", "-wal", "-shm"):
        path.with_name(f"{path.name}{name}").unlink(missing_ok=True)
    (tmp_path / "old.db").rename(path)
    restored = await office.open(stamp="Ref. {key}")
    for number in range(5):
        invoice = await restored.invoices.create(draft(office.client_uid, f"Order {number}"), key=f"order-{number}")
        assert number == 0 or invoice.id == later[number - 1].id
    with pytest.raises(ConfigurationError, match="from another request"):
        await restored.invoices.create(draft(office.client_uid, "Order 1", price="9"), key="order-1")
    assert office.made == 5


async def test_a_new_journal_asks_for_a_month(office: JournalHarness) -> None:
    """It takes over by itself the stamped invoice of thirty days ago; of thirty-two days ago it asks for none."""
    day = today = datetime(2020, 12, 1, 12, tzinfo=UTC)  # the server's: what the own clock shows is no matter
    office.sandbox = Sandbox(now=lambda: day.timestamp())  # noqa: PLW0108 - the day of each call
    billingo = await office.open(stamp="Ref. {key}")
    for days in (32, 30):
        day = today - timedelta(days)
        client_uid = (await billingo.clients.create(CUSTOMER)).id
        await billingo.invoices.create(draft(client_uid), key=f"order-{days}")
    day = today
    office.url += ".new"
    fresh = await office.open(stamp="Ref. {key}")
    kept = await fresh.invoices.create(draft(client_uid), key="order-30")
    assert kept.date == date(2020, 11, 1)
    assert (await journal_of(fresh).status()).counts == {"done": 1}
    assert office.made == 2


async def test_recovered_since_a_day(office: JournalHarness) -> None:
    """A new journal takes over what was made since a day and bears its stamp; twice the same stamp is doubt."""
    billingo, hand = await office.open(stamp="Ref. {key}"), await office.open()
    made = await billingo.invoices.create(draft(office.client_uid), key="order-1")
    for _ in range(2):
        await hand.invoices.create(draft(office.client_uid, "Ref. order-2"))
    await hand.invoices.create(draft(office.client_uid, "no stamp at all"))
    office.url += ".new"
    lost = await office.open(stamp="Ref. {key}")
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    assert await lost.recover(yesterday) == 2
    assert (await lost.invoices.create(draft(office.client_uid), key="order-1")).id == made.id
    with pytest.raises(OutcomeUnknownError):
        await lost.invoices.create(draft(office.client_uid), key="order-2")
    assert office.made == 4
    without = await office.open()
    with pytest.raises(ConfigurationError, match="only a journal with a stamp"):
        await without.recover(yesterday)


@on_both
async def test_personal_data_are_erased(office: JournalHarness) -> None:
    """Of keys that came to an end before a day, key, id and number stay; what is newer, or open, stays whole."""
    billingo = await office.open(max_retries=0)
    invoice = await billingo.invoices.create(draft(office.client_uid, "Kovácsné Őri Éva"), key="order-1")
    office.sandbox.faults.add("invoices.query", Fault.answer(403), times=2)
    office.sandbox.faults.next("invoices.create", Fault.drop_after_commit())
    with pytest.raises(OutcomeUnknownError):
        await billingo.invoices.create(draft(office.client_uid, "Kovácsné Őri Éva 2"), key="order-2")
    journal = journal_of(billingo)
    assert await journal.erase_personal_data(before=date(2020, 1, 1)) == 0
    assert (await journal.look_up("order-1")).invoice == invoice
    assert await journal.erase_personal_data(before=datetime.now(UTC).date() + timedelta(days=1)) == 1
    kept = (await journal.look_up("order-1")).invoice
    assert (kept.id, kept.invoice_no, kept.comment, kept.total) == (invoice.id, invoice.invoice_no, None, None)
    office.sandbox.faults.clear()
    assert (
        await billingo.invoices.create(draft(office.client_uid, "Kovácsné Őri Éva"), key="order-1")
    ).id == invoice.id
    assert (await billingo.invoices.create(draft(office.client_uid, "Kovácsné Őri Éva 2"), key="order-2")).id
    assert office.made == 2
    assert json.dumps(kept.model_dump(mode="json")).count("Kov") == 0


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+asyncpg://user:gehe@im@127.0.0.1/journal",
        "postgresql+asyncpg://user:geheim@127.0.0.1/journal",
        "postgresql+asyncpg://user@127.0.0.1/journal?password=geheim",
        "postgresql+asyncpg://user@127.0.0.1:5432/journal?password=gehe@im",
        "postgresql+asyncpg://user@127.0.0.1/journal?options=geheim",
    ],
)
def test_no_part_of_a_password_is_shown(url: str) -> None:
    """Wherever a password stands in an address, neither repr nor error shows any of it."""
    try:
        shown = repr(Journal(url))
    except ConfigurationError as error:
        shown = str(error)
        assert "%40" in shown
    assert "gehe" not in shown
    assert "im" not in shown


def test_sslmode_is_read() -> None:
    """What libpq calls `sslmode` is what asyncpg calls `ssl`: an address of either kind asks for TLS."""
    for name in ("sslmode", "ssl"):
        journal = Journal(f"postgresql+asyncpg://user@127.0.0.1/journal?{name}=require")
        assert dict(journal._database.url.query) == {"ssl": "require"}
