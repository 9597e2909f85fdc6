"""The ways to a journal's database, where it is set up oddly, and where it is away when it is to be left."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from databases import POSTGRESQL, on_both, on_postgresql
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine
from writing import claim_of

from billingo_async.journal import connections
from billingo_async.journal.claims import ClaimState
from billingo_async.journal.database import Database
from billingo_async.journal.workers import workers_of
from billingo_async.journal.writer import Writer

if TYPE_CHECKING:
    from sqlalchemy import Connection

DEFAULT = (
    "DO $$ BEGIN EXECUTE format('ALTER ROLE CURRENT_USER IN DATABASE %I {} default_transaction_isolation {}', "
    "current_database()); END $$"
)


async def _opened(url: str) -> Writer:
    database = Database(url)
    writer = Writer(database, workers_of(database))
    await writer.open()
    return writer


async def _told_to_postgresql(statement: str) -> None:
    engine = create_async_engine(POSTGRESQL)
    async with engine.begin() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


def _isolation(connection: Connection) -> str:
    return str(connection.execute(text("SHOW transaction_isolation")).scalar_one())


@on_postgresql
async def test_a_stricter_server_hides_nothing(database: str) -> None:
    """Where transactions are stricter by default, each still sees what was written while it waited for its turn.

    Repeatable read would show it the rows as they were when it began to wait: a key that looks like one that is being
    settled since would be sent.
    """
    await _told_to_postgresql(DEFAULT.format("SET", "TO ''repeatable read''"))
    try:
        writer = await _opened(database)
        try:
            assert await writer.run(_isolation) == "read committed"
        finally:
            await writer.aclose()
    finally:
        await _told_to_postgresql(DEFAULT.format("RESET", ""))


@on_both
@pytest.mark.jumping
async def test_closed_while_the_database_is_away(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal whose database can take no farewell is closed all the same, and waits for nobody."""

    async def away(*_: Any) -> None:
        raise OperationalError("", None, sqlite3.OperationalError("database is locked"))

    writer = await _opened(database)
    assert (await writer.claim(claim_of("a"))).verdict is ClaimState.MINE
    for kind in (connections.SqliteConnection, connections.PostgresqlConnection):
        monkeypatch.setattr(kind, "transact", away)
    async with asyncio.timeout(60):
        await writer.aclose()
    assert writer.is_closed
