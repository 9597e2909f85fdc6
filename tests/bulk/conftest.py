"""The office that the tests about keys are about."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest
from bulk_office import Office
from drafts import CUSTOMER

from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """The office, with one customer; everything that was opened is closed in the end."""
    async with AsyncExitStack() as stack:
        office = Office(Sandbox(), f"sqlite+aiosqlite:///{tmp_path / 'invoices.db'}", stack)
        billingo = await office.open()
        office.client_uid = (await billingo.clients.create(CUSTOMER)).id
        yield office
