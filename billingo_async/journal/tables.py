"""What the journal's database holds: tables, states, the version of both. No rule and no connection enters here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text, bindparam

VERSION: Final = 1
"""Of the tables below; a database that says a higher one was written by a newer release."""


class State(StrEnum):
    """Where a key stands."""

    SENDING = "sending"
    """The intent is written; the request may be on its way, as long as its worker lives."""
    SETTLING = "settling"
    """A worker is asking the account whether there is an invoice."""
    DOUBT = "doubt"
    """There may be an invoice or not."""
    FREE = "free"
    """There is certainly no invoice; the key may be tried again."""
    REFUSED = "refused"
    """There is certainly no invoice: the server has said no, or was not reached."""
    DONE = "done"
    """There is exactly one invoice, and it is this key's for ever."""


FREE: Final = frozenset({State.FREE, State.REFUSED})
UNSETTLED: Final = frozenset({State.SENDING, State.SETTLING, State.DOUBT})

METADATA: Final = MetaData()

ABOUT: Final = Table("billingo_journal", METADATA, Column("version", Integer, primary_key=True))

KEYS: Final = Table(
    "billingo_keys",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("account", String(16), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("likeness", String(64), nullable=False),
    Column("state", String(10), nullable=False),
    Column("owner", String(32), nullable=False),
    Column("stamp", Text),
    Column("request", Text),  # the body that was sent, kept until the outcome is known
    Column("highest", Text),  # the highest invoice number that was known when the intent was written
    Column("may_run_on", Boolean, nullable=False),  # the server may still be at work on the request
    Column("invoice_id", BigInteger),
    Column("invoice", Text),  # the invoice in short, as it was answered
    Column("error", Text),
    Column("tries", Integer, nullable=False),
    Column("begun_at", Float, nullable=False),
    Column("left_at", Float, nullable=False),
    Column("settled_at", Float),
)
IS_UNSETTLED: Final = KEYS.c.state.in_(
    bindparam("unsettled", [str(state) for state in sorted(UNSETTLED)], expanding=True, literal_execute=True)
)
"""Said in the very words of the index below: a database that is given parameters looks through the whole table."""
Index("billingo_one_key_an_invoice", KEYS.c.account, KEYS.c.invoice_id, unique=True)
Index("billingo_unsettled", KEYS.c.likeness, sqlite_where=IS_UNSETTLED, postgresql_where=IS_UNSETTLED)

SEEN: Final = Table(
    "billingo_seen",
    METADATA,
    Column("account", String(16), primary_key=True),
    Column("invoice_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Float, nullable=False),
)
"""Invoices that no key made, and when they were first seen: none made later is one of these."""

WORKERS: Final = Table(
    "billingo_workers", METADATA, Column("owner", String(32), primary_key=True), Column("until", Float, nullable=False)
)
"""Who is at work, and until when that holds; used where processes on several machines share a journal."""


@dataclass(frozen=True, slots=True)
class Row:
    """One key, as the journal has it."""

    key: str
    account: str
    fingerprint: str
    likeness: str
    state: str
    owner: str
    stamp: str | None
    request: str | None
    highest: str | None
    may_run_on: bool
    invoice_id: int | None
    invoice: str | None
    error: str | None
    tries: int
    begun_at: float
    left_at: float
    settled_at: float | None
