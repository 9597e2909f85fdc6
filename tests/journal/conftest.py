"""The office that the tests about keys are about."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest
from drafts import CUSTOMER
from journal_harness import JournalHarness, empty_database

from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database: SQLite's, unless the test is parametrised with another kind."""
    return await empty_database(getattr(request, "param", "sqlite"), tmp_path)


@pytest.fixture
async def office(database: str) -> AsyncIterator[JournalHarness]:
    """The office, with one customer; everything that was opened is closed in the end."""
    async with AsyncExitStack() as stack:
        office = JournalHarness(Sandbox(), database, stack)
        billingo = await office.open()
        office.client_uid = (await billingo.clients.create(CUSTOMER)).id
        yield office
