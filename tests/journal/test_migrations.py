"""A journal that an older release has made: its keys stay what they were, for ever."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from drafts import draft
from journal_harness import POSTGRESQL, empty_database, on_postgresql
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from billingo_async import ConfigurationError, Journal, KeyConflictError

if TYPE_CHECKING:
    from journal_harness import JournalHarness

VERSION_1 = Path(__file__).parent / "version_1"
"""Made by release 0.1.0: a key that is done, one that was refused, one in doubt; one made by hand."""
CLIENT = 1823382118
DONE = 1262803391


async def _replay(database: str) -> None:
    """Make the tables and rows of version 1 on PostgreSQL."""
    engine = create_async_engine(database)
    async with engine.begin() as connection:
        await connection.execute(
            text("DROP TABLE IF EXISTS billingo_journal, billingo_keys, billingo_seen, billingo_workers")
        )
        for statement in (VERSION_1 / "journal.sql").read_text("utf-8").split(";\n"):
            if statement.strip():
                await connection.exec_driver_sql(statement)
    await engine.dispose()


async def _check(journal: Journal, office: JournalHarness) -> None:
    try:
        done = await journal.look_up("order-1")
        assert (done.state, done.invoice.id, done.operation) == ("done", DONE, "invoices.create")
        assert (await journal.look_up("order-2")).state == "refused"
        assert (await journal.look_up("order-3")).state == "doubt"
        assert (await journal.status()).counts == {"done": 1, "refused": 1, "doubt": 1}
    finally:
        await journal.aclose()
    billingo = await office.open()
    assert (await billingo.invoices.create(draft(CLIENT, "Order 1"), key="order-1")).id == DONE
    with pytest.raises(KeyConflictError):
        await billingo.invoices.create(draft(CLIENT, "Another"), key="order-1")
    assert office.made == 0


async def test_file_of_version_1(office: JournalHarness, tmp_path: Path) -> None:
    """A file of version 1 is brought up to this release when it is opened, and by no key is another invoice made."""
    shutil.copy(VERSION_1 / "journal.db", tmp_path / "invoices.db")
    await _check(Journal(office.url), office)


@on_postgresql
async def test_tables_of_version_1(office: JournalHarness) -> None:
    """Tables of version 1 on PostgreSQL are brought up to this release likewise."""
    await _replay(office.url)
    try:
        await _check(Journal(office.url), office)
    finally:
        await empty_database("postgresql", Path())


@on_postgresql
async def test_schema_of_its_own(database: str) -> None:
    """Two accounts have their journals in two schemas of one database, and see nothing of each other's keys."""
    engine = create_async_engine(POSTGRESQL)
    async with engine.begin() as connection:
        for name in ("one", "other"):
            await connection.execute(text(f"DROP SCHEMA IF EXISTS {name} CASCADE"))
            await connection.execute(text(f"CREATE SCHEMA {name}"))
    await engine.dispose()
    one = Journal(database, schema="one")
    assert (await one.status()).counts == {}
    await one.aclose()
    missing = Journal(database, schema="missing")
    with pytest.raises(ConfigurationError, match="CREATE SCHEMA missing"):
        await missing.status()
    await missing.aclose()
