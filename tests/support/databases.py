"""The databases that a journal is tested on: SQLite always, PostgreSQL where one is named; nothing here is a test.

`BILLINGO_TEST_POSTGRESQL` names an empty one, such as `postgresql+asyncpg://user@127.0.0.1/journal`. Where tests run in
several processes, each has one of its own beside it.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from billingo_async.journal.tables import METADATA

if TYPE_CHECKING:
    from pathlib import Path


def own_database(address: str, worker: str) -> str:
    """Return the address of a database for one process of the tests, made if it is not there; the given one for one."""
    if not address or not worker:
        return address
    url = make_url(address)
    own = url.set(database=f"{url.database}_{worker}")

    async def make() -> None:
        engine = create_async_engine(url, isolation_level="AUTOCOMMIT")  # no transaction may make a database
        async with engine.connect() as connection:
            known = text("SELECT 1 FROM pg_database WHERE datname = :name")
            if not await connection.scalar(known, {"name": own.database}):
                await connection.execute(text(f'CREATE DATABASE "{own.database}"'))
        await engine.dispose()

    asyncio.run(make())
    return own.render_as_string(hide_password=False)


POSTGRESQL: Final = own_database(
    os.environ.get("BILLINGO_TEST_POSTGRESQL", ""), os.environ.get("PYTEST_XDIST_WORKER", "")
)
DATABASES: Final[list[Any]] = [
    "sqlite",
    pytest.param(
        "postgresql",
        marks=pytest.mark.skipif(not POSTGRESQL, reason="BILLINGO_TEST_POSTGRESQL names no database to test with"),
    ),
]
"""What to parametrise the fixture `database` with; without it a test runs on SQLite alone."""
on_postgresql: Final = pytest.mark.parametrize("database", DATABASES[1:], indirect=True)
on_both: Final = pytest.mark.parametrize("database", DATABASES, indirect=True)


async def empty_database(kind: str, folder: Path) -> str:
    """Return the address of a journal's database that holds nothing."""
    if kind == "sqlite":
        return f"sqlite+aiosqlite:///{folder / 'invoices.db'}"
    engine = create_async_engine(POSTGRESQL)
    async with engine.begin() as connection:  # each sandbox gives the same ids, which one account never does
        await connection.run_sync(METADATA.drop_all)
    await engine.dispose()
    return POSTGRESQL
