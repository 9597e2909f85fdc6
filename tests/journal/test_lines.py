"""The ways to a journal's database, where it is set up oddly, and where it is away when it is to be left."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from drafts import draft, drafts
from journal_harness import POSTGRESQL, claim_of, on_both, on_postgresql, session_of, writing
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from billingo_async import JournalError
from billingo_async.journal import connections
from billingo_async.journal.claims import ClaimState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from journal_harness import JournalHarness
    from sqlalchemy import Connection

    from billingo_async import Billingo

DEFAULT = (
    "DO $$ BEGIN EXECUTE format('ALTER ROLE CURRENT_USER IN DATABASE %I {} default_transaction_isolation {}', "
    "current_database()); END $$"
)


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
        async with writing(database) as writer:
            assert await writer.run(_isolation) == "read committed"
    finally:
        await _told_to_postgresql(DEFAULT.format("RESET", ""))


@on_both
@pytest.mark.jumping
async def test_closed_while_the_database_is_away(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal whose database can take no farewell is closed all the same, and waits for nobody."""

    async def away(*_: Any) -> None:
        raise OperationalError("", None, sqlite3.OperationalError("database is locked"))

    async with asyncio.timeout(60), writing(database) as writer:
        assert (await writer.claim(claim_of("a"))).verdict is ClaimState.MINE
        for kind in (connections.SqliteConnection, connections.PostgresqlConnection):
            monkeypatch.setattr(kind, "transact", away)
    assert writer.is_closed


@on_postgresql
async def test_frozen_database(office: JournalHarness) -> None:
    """A database whose process stands still keeps no call waiting for longer than its patience; nothing is sent."""
    billingo = await office.open(timeout=0.5, max_wait=0.5)
    await billingo.invoices.create(draft(office.client_uid), key="order-1")
    writer = (await session_of(billingo)).writer
    pid = int(await writer.run(lambda connection: connection.execute(text("SELECT pg_backend_pid()")).scalar_one()))
    try:
        os.kill(pid, signal.SIGSTOP)
    except PermissionError:
        pytest.skip("the database's process is another user's")
    try:
        async with asyncio.timeout(20):
            with pytest.raises(JournalError, match="has not answered for 1 s") as caught:
                await billingo.invoices.create(draft(office.client_uid, "frozen"), key="order-2")
    finally:
        os.kill(pid, signal.SIGCONT)
    assert caught.value.sent is False
    assert office.made == 1
    assert (await billingo.invoices.create(draft(office.client_uid, "frozen"), key="order-2")).id
    assert office.made == 2


PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
CONFIGURATION = """\
[databases]
{database} = host={host} port={port} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
auth_type = any
pool_mode = transaction
default_pool_size = 3
unix_socket_dir =
user = nobody
"""


@pytest.fixture
def pooled(tmp_path: Path) -> Iterator[str]:
    """The address of pgbouncer in transaction mode before the database; where it is not installed, no test."""
    if not (PGBOUNCER and POSTGRESQL):
        pytest.skip("pgbouncer or a database to test with is missing")
    there = make_url(POSTGRESQL)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    known = {"database": there.database, "host": there.host, "port": there.port, "user": there.username}
    (tmp_path / "pgbouncer.ini").write_text(CONFIGURATION.format(**known, listen=port), "utf-8")
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    with subprocess.Popen([str(PGBOUNCER), "-q", str(tmp_path / "pgbouncer.ini")]) as process:  # noqa: S603 - Debian's
        for _ in range(1_000):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
        yield there.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
        process.kill()


@on_postgresql
async def test_behind_a_pooler(office: JournalHarness, pooled: str) -> None:
    """Where each transaction gets another connection, three processes with the same keys make each invoice once."""
    office.url = pooled
    processes = [await office.open() for _ in range(3)]

    async def run(billingo: Billingo) -> list[Exception]:
        entries = drafts(office.client_uid, 20)
        return [one.error async for one in billingo.invoices.create_many(entries, concurrency=4) if one.error]

    assert await asyncio.gather(*map(run, processes)) == [[], [], []]
    assert office.made == 20
