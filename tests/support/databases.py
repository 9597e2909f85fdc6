"""The databases that a journal is tested on: SQLite always, PostgreSQL where one is named; nothing here is a test.

`BILLINGO_TEST_POSTGRESQL` names an empty one, such as `postgresql+asyncpg://user@127.0.0.1/journal`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from billingo_async.journal.tables import METADATA

if TYPE_CHECKING:
    from pathlib import Path

POSTGRESQL: Final = os.environ.get("BILLINGO_TEST_POSTGRESQL", "")
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
