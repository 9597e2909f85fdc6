"""What the journal's database holds: tables, states, and the statement that nearly every key needs.

One row at a time, a busy process would spend more on the way to the database and back than on its requests: this
statement writes many rows, all of them or none. What a row says and when it may be written stands in `claims`; no rule
and no connection enters here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from sqlalchemy import BigInteger, Column, Float, Index, Integer, String, Table, Text, bindparam
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

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


class JournalTable(MappedAsDataclass, DeclarativeBase):
    """What all tables of a journal have in common that are read as objects."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {str: String(64), int: BigInteger, float: Float}


class KeyRow(JournalTable):
    """One key, as the journal has it."""

    __tablename__ = "billingo_keys"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True)
    operation: Mapped[str]
    api: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str]
    account: Mapped[str] = mapped_column(String(16))
    fingerprint: Mapped[str]  # empty where the request is not known: found by its stamp
    similarity_hash: Mapped[str]
    state: Mapped[str] = mapped_column(String(12))
    owner: Mapped[str] = mapped_column(String(32))
    stamp: Mapped[str | None] = mapped_column(Text)
    request: Mapped[str | None] = mapped_column(Text, repr=False)  # kept until the outcome is known
    before: Mapped[str | None] = mapped_column(Text, repr=False)  # what the account had before the request left
    marks: Mapped[str | None] = mapped_column(Text)  # the highest number of each series known when it was written
    tick: Mapped[int]  # of the journal, when the intent was written
    server_may_be_working: Mapped[bool]
    result_id: Mapped[int | None]
    result: Mapped[str | None] = mapped_column(Text, repr=False)
    error: Mapped[str | None] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(Integer)
    begun_at: Mapped[float]  # by the worker's clock
    server_begun_at: Mapped[float | None]  # by the server's, where it was known
    resolved_at: Mapped[float | None]

    @property
    def noun(self) -> str:
        """What the result is, for messages."""
        return self.kind.removesuffix("s").replace("_", " ")

    @property
    def ref(self) -> tuple[str, str]:
        """What identifies the row."""
        return self.key, self.purpose


METADATA: Final = JournalTable.metadata
KEYS: Final = cast("Table", KeyRow.__table__)
ABOUT: Final = Table(
    "billingo_journal", METADATA, Column("version", Integer, primary_key=True), Column("ticks", BigInteger)
)
"""The version; and how often something was seen, by which what was there before an intent is told without a clock."""

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
