"""What the journal's database holds: tables, states, and the statement that nearly every key needs.

One row at a time, a busy process would spend more on the way to the database and back than on its requests: this
statement writes many rows, all of them or none. What a row says and when it may be written stands in `claims`; no rule
and no connection enters here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text, bindparam

if TYPE_CHECKING:
    from collections.abc import Callable

Row = tuple[object, ...]

VERSION: Final = 2
"""Of the tables below; a database that says a higher one was written by a newer release."""


class State(StrEnum):
    """Where a key stands."""

    SENDING = "sending"
    """The intent is written; the request may be on its way, as long as its worker lives."""
    RECONCILING = "reconciling"
    """A worker is asking the account what became of it."""
    DOUBT = "doubt"
    """It may have happened or not."""
    FREE = "free"
    """It certainly has not happened; the key may be tried again."""
    REFUSED = "refused"
    """It certainly has not happened: the server has said no, or was not reached."""
    DONE = "done"
    """It has happened exactly once, and that is the key's for ever."""


FREE: Final = frozenset({State.FREE, State.REFUSED})
UNRESOLVED: Final = frozenset({State.SENDING, State.RECONCILING, State.DOUBT})

METADATA: Final = MetaData()

ABOUT: Final = Table(
    "billingo_journal", METADATA, Column("version", Integer, primary_key=True), Column("ticks", BigInteger)
)
"""The version; and how often something was seen, by which what was there before an intent is told without a clock."""

KEYS: Final = Table(
    "billingo_keys",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("purpose", String(64), primary_key=True),
    Column("operation", String(64), nullable=False),
    Column("api", String(8), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("account", String(16), nullable=False),
    Column("fingerprint", String(64), nullable=False),  # empty where the request is not known: found by its stamp
    Column("similarity_hash", String(64), nullable=False),
    Column("state", String(12), nullable=False),
    Column("owner", String(32), nullable=False),
    Column("stamp", Text),
    Column("request", Text),  # kept until the outcome is known
    Column("before", Text),  # what the account had before the request left
    Column("marks", Text),  # the highest number of each series that was known when the intent was written
    Column("tick", BigInteger, nullable=False),  # of the journal, when the intent was written
    Column("server_may_be_working", Boolean, nullable=False),
    Column("result_id", BigInteger),
    Column("result", Text),
    Column("error", Text),
    Column("tries", Integer, nullable=False),
    Column("begun_at", Float, nullable=False),  # by the worker's clock
    Column("server_begun_at", Float),  # by the server's, where it was known
    Column("resolved_at", Float),
)
IS_UNRESOLVED: Final = KEYS.c.state.in_(
    bindparam("unresolved", [str(state) for state in sorted(UNRESOLVED)], expanding=True, literal_execute=True)
)
"""Said in the very words of the index below: a database that is given parameters looks through the whole table."""
Index("billingo_one_key_a_result", KEYS.c.account, KEYS.c.kind, KEYS.c.result_id, unique=True)
Index("billingo_unresolved", KEYS.c.similarity_hash, sqlite_where=IS_UNRESOLVED, postgresql_where=IS_UNRESOLVED)

SEEN: Final = Table(
    "billingo_seen",
    METADATA,
    Column("account", String(16), primary_key=True),
    Column("kind", String(64), primary_key=True),
    Column("result_id", BigInteger, primary_key=True, autoincrement=False),
    Column("tick", BigInteger, nullable=False),
)
"""What no key has made, and the tick at which it was first seen: no intent of that tick or later has made it."""

WORKERS: Final = Table(
    "billingo_workers", METADATA, Column("owner", String(32), primary_key=True), Column("until", Float, nullable=False)
)
"""Which workers are alive, and until when; used where processes on several machines share a journal."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key, as the journal has it."""

    key: str
    purpose: str
    operation: str
    api: str
    kind: str
    account: str
    fingerprint: str
    similarity_hash: str
    state: str
    owner: str
    stamp: str | None
    request: str | None = field(repr=False)
    before: str | None = field(repr=False)
    marks: str | None
    tick: int
    server_may_be_working: bool
    result_id: int | None
    result: str | None = field(repr=False)
    error: str | None
    tries: int
    begun_at: float
    server_begun_at: float | None
    resolved_at: float | None

    @property
    def noun(self) -> str:
        """What the result is, for messages."""
        return self.kind.removesuffix("s").replace("_", " ")

    @property
    def ref(self) -> tuple[str, str]:
        """What identifies the row."""
        return self.key, self.purpose


OUTCOME: Final = (
    *("key", "purpose", "owner", "state"),
    *("error", "server_may_be_working", "result_id", "result", "resolved_at"),
)
"""The columns of what became of a key."""
INTENT: Final = (
    *OUTCOME,
    *("operation", "api", "kind", "account", "fingerprint", "similarity_hash", "stamp", "request", "marks"),
    *("tries", "begun_at", "server_begun_at"),
)
"""The columns of an intent; its tick is the journal's."""

_NAMES: Final = ", ".join(f'"{name}"' for name in INTENT)
_TICKS: Final = f"(SELECT coalesce(max(ticks), 0) FROM {ABOUT.name})"  # noqa: S608 - our own names
_IS_UNRESOLVED: Final = str(IS_UNRESOLVED.compile(compile_kwargs={"literal_binds": True}))
_ROWS: Final = f"""INSERT INTO {KEYS.name} ({_NAMES}, tick)
WITH given({_NAMES}) AS (%s) SELECT given.*, {_TICKS} FROM given
WHERE NOT EXISTS (
    SELECT 1 FROM given AS one LEFT JOIN {KEYS.name} AS it ON it.key = one.key AND it.purpose = one.purpose
    WHERE CASE one.state WHEN '{State.SENDING}' THEN it.key IS NOT NULL
        ELSE NOT coalesce(it.owner = one.owner AND it.state IN ('{State.SENDING}', '{State.RECONCILING}'), FALSE) END
) AND (
    NOT EXISTS (SELECT 1 FROM given AS one WHERE one.state = '{State.SENDING}')
    OR NOT EXISTS (SELECT 1 FROM {KEYS.name} WHERE {_IS_UNRESOLVED} AND state = '{State.RECONCILING}')
) ON CONFLICT (key, purpose) DO UPDATE
SET {", ".join(f"{name} = excluded.{name}" for name in OUTCOME[3:])}, request = NULL, "before" = NULL"""  # noqa: S608 - our own names, and places of parameters
"""Intents under keys that are new, while nothing is being reconciled; and what became of keys that a worker holds.

One statement, since each costs SQLite's thread several turns of the interpreter, and PostgreSQL a way there and back;
its condition sees what was there before it. What was sent is no longer needed once the outcome is known.
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """Outcomes and intents that are written by one statement, all or none; no two of one key."""

    rows: list[Row]
    """In the order of `INTENT`; what is no part of an outcome is empty there."""
    check: Callable[[], None]
    """Raises where nothing may be written."""

    def in_sqlite(self) -> tuple[str, Row]:
        """Return the statement and its parameters; its first word is the one by which the driver knows to count."""
        return _in_sqlite(len(self.rows)), tuple(value for row in self.rows for value in row)

    def in_postgresql(self) -> tuple[object, ...]:
        """Return the statement and its parameters, an array for each column."""
        return (_in_postgresql(), *zip(*self.rows, strict=True))


@cache
def _in_sqlite(count: int) -> str:
    row = f"({', '.join('?' * len(INTENT))})"
    return _ROWS % f"VALUES {', '.join([row] * count)}"


@cache
def _in_postgresql() -> str:
    kinds = (KEYS.c[name].type.compile().partition("(")[0] for name in INTENT)
    arrays = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(kinds, 1))
    return _ROWS % f"SELECT * FROM unnest({arrays})"  # noqa: S608 - places of parameters
