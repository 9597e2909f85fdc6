"""A journal's parts by themselves: writers without a `Billingo` object, claims and results; nothing here is a test."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

from drafts import draft

from billingo_async import Journal
from billingo_async.journal.claims import Claim, KeyResult
from billingo_async.journal.database import Database
from billingo_async.journal.port import DOCUMENT, Account
from billingo_async.journal.workers import workers_of
from billingo_async.journal.writer import Writer
from billingo_async.v2.once.create import InvoicesCreate

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from billingo_async import Billingo, NewInvoice
    from billingo_async.journal.intent import Intent
    from billingo_async.journal.job import Jobs
    from billingo_async.journal.session import JournalSession
    from billingo_async.journal.tables import State


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


async def jobs_of(billingo: Billingo) -> Jobs:
    """What an object's journal works on in this loop."""
    journal = billingo._journal
    assert isinstance(journal, Journal)
    return await journal._jobs()


async def session_of(billingo: Billingo) -> JournalSession:
    """What an object's journal holds open in this loop."""
    return (await jobs_of(billingo)).session
