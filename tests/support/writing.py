"""A journal's writer by itself, without a `Billingo` object around it; nothing here is a test."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from billingo_async.journal.database import Database
from billingo_async.journal.workers import workers_of
from billingo_async.journal.writer import Writer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


@asynccontextmanager
async def writing(url: str) -> AsyncGenerator[Writer]:
    """Open a writer, and close it in the end."""
    database = Database(url)
    writer = Writer(database, workers_of(database))
    await writer.open()
    try:
        yield writer
    finally:
        await writer.aclose()
