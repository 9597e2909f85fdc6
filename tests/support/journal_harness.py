"""The databases that a journal is tested on, `Billingo` objects that share one, and the parts of a journal alone."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

import httpx
import pytest
from drafts import draft
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from billingo_async import Billingo, Journal
from billingo_async.journal.claims import Claim, KeyResult
from billingo_async.journal.database import Database
from billingo_async.journal.port import DOCUMENT, Account
from billingo_async.journal.tables import METADATA
from billingo_async.journal.workers import workers_of
from billingo_async.journal.writer import Writer
from billingo_async.v2.once.create import InvoicesCreate

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from contextlib import AsyncExitStack
    from pathlib import Path

    from billingo_async import Attempt, NewInvoice, v3
    from billingo_async.journal.intent import Intent
    from billingo_async.journal.session import JournalSession
    from billingo_async.journal.tables import State
    from billingo_async.sandbox import Sandbox


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


@dataclass
class JournalHarness:
    """The sandbox and what opens `Billingo` objects on it, each like a process of its own."""

    sandbox: Sandbox
    url: str
    stack: AsyncExitStack
    client_uid: int = 0
    attempts: list[Attempt] = field(default_factory=list["Attempt"])
    """All requests that were sent, by all that were opened."""
    on_attempt: Callable[[Attempt], object] | None = None

    async def open(
        self, *, second_look: float = 0.0, stamp: str | None = None, public_key: str | None = None, **options: Any
    ) -> Billingo:
        """Return a `Billingo` with a journal of its own on the common database."""
        options.setdefault("timeout", 0.5)  # nothing is on a wire; a request in doubt is given as long as that
        journal = Journal(self.url, second_look=second_look, stamp=stamp)
        line = await self.stack.enter_async_context(httpx.AsyncClient(transport=self.sandbox.transport()))
        keys = public_key or self.sandbox.public_key, self.sandbox.private_key
        return await self.stack.enter_async_context(
            Billingo(*keys, http_client=line, journal=journal, on_attempt=self._hear, **options)
        )

    def _hear(self, attempt: Attempt) -> None:
        self.attempts.append(attempt)
        if self.on_attempt is not None:
            self.on_attempt(attempt)

    @property
    def made(self) -> int:
        """How many invoices were made."""
        return self.sandbox.ledger.count("invoices.create")

    def asked(self, operation: str) -> int:
        """How many requests of an operation were sent."""
        return sum(attempt.operation == operation for attempt in self.attempts)


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


def intent_of(key: Any, new: NewInvoice, stamp: str | None = None) -> Intent:
    """The intent to make an invoice."""
    return InvoicesCreate(cast("Account", None)).state(key, new, stamp)


def claim_of(
    key: str,
    comment: str | None = None,
    *,
    client_uid: int = 1,
    account: str = "account",
    stamp: str | None = None,
    marks: str | None = None,
) -> Claim:
    """A claim to make an invoice, whose comment is the key unless another is given."""
    intent = intent_of(key, draft(client_uid, key if comment is None else comment), stamp)
    return Claim(intent, InvoicesCreate, account, marks, 1_700_000_000.0)


def ref_of(key: str) -> tuple[str, str]:
    """What identifies the row of an invoice's key."""
    return key, DOCUMENT


def result_of(
    key: str, state: State, result_id: int | None = None, result: str | None = None, **more: Any
) -> KeyResult:
    """What became of an invoice's key."""
    return KeyResult(ref_of(key), state, result_id, result, **more)


def account_of(billingo: Billingo) -> Account:
    """The account of an object, as the journal sees it."""
    return Account(billingo._dispatch)


def journal_of(billingo: Billingo | v3.Billingo) -> Journal:
    """The journal of an object."""
    journal = billingo._journal
    assert isinstance(journal, Journal)
    return journal


async def session_of(billingo: Billingo) -> JournalSession:
    """What an object's journal holds open in this loop."""
    return await journal_of(billingo)._session()
