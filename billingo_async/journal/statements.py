"""What nearly every key needs, as two statements of SQL that write many rows at a time, all of them or none.

One row at a time, a busy process would spend more on the way to the database and back than on its requests. Only SQL
stands here; what a row says and when it may be written stands in `claims`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from billingo_async.journal.tables import ABOUT, IS_UNRESOLVED, KEYS, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

Row = tuple[object, ...]
INTENT: Final = (
    *("key", "purpose", "operation", "api", "kind", "account", "fingerprint", "similarity_hash", "state", "owner"),
    *("stamp", "request", "marks", "server_may_be_working", "tries", "begun_at", "server_begun_at"),
)
"""The columns of an intent; its tick is the journal's."""
OUTCOME: Final = (
    *("key", "purpose", "owner"),
    *("state", "error", "server_may_be_working", "result_id", "result", "resolved_at"),
)
"""The columns of what became of a key: what tells whose it is, and what is written."""

_TICKS: Final = f"(SELECT coalesce(max(ticks), 0) FROM {ABOUT.name})"  # noqa: S608 - our own names, here and below
_IS_UNRESOLVED: Final = str(IS_UNRESOLVED.compile(compile_kwargs={"literal_binds": True}))
_INTENTS: Final = f"""INSERT INTO {KEYS.name} ({", ".join(f'"{name}"' for name in INTENT)}, tick)
SELECT given.*, {_TICKS} FROM %s
WHERE NOT EXISTS (SELECT 1 FROM {KEYS.name} WHERE {_IS_UNRESOLVED} AND state = '{State.RECONCILING}')
ON CONFLICT DO NOTHING"""  # noqa: S608
"""Intents under keys that are new, while nothing is being reconciled."""
_OUTCOMES: Final = f"""UPDATE {KEYS.name}
SET {", ".join(f"{name} = given.{name}" for name in OUTCOME[3:])}, request = NULL, "before" = NULL FROM %s
WHERE {" AND ".join(f"{KEYS.name}.{name} = given.{name}" for name in OUTCOME[:3])}
AND {KEYS.name}.state IN ('{State.SENDING}', '{State.RECONCILING}')"""  # noqa: S608
"""What became of keys that a worker holds; what was sent is no longer needed."""


class NotSimpleError(Exception):
    """Not every row of a batch could be written, so none was: each has to be looked at."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Outcomes and intents that are written by one transaction."""

    outcomes: Sequence[Row]
    intents: Sequence[Row]

    def statements(self) -> Iterator[tuple[str, tuple[str, ...], Sequence[Row]]]:
        """Yield what is to be carried out for which columns of which rows."""
        if self.outcomes:
            yield _OUTCOMES, OUTCOME, self.outcomes
        if self.intents:
            yield _INTENTS, INTENT, self.intents

    def write(self, connection: Connection) -> None:
        """Write it to SQLite, inside a transaction; raise NotSimpleError where that is to be undone."""
        for statement, names, rows in self.statements():
            values = tuple(value for row in rows for value in row)
            if connection.exec_driver_sql(_in_sqlite(statement, names, len(rows)), values).rowcount != len(rows):
                raise NotSimpleError

    async def write_to_postgresql(self, driver: Any) -> None:
        """Write it by PostgreSQL's own driver, inside a transaction; raise NotSimpleError as above."""
        for statement, names, rows in self.statements():
            status: str = await driver.execute(_in_postgresql(statement, names), *zip(*rows, strict=True))
            if status.rpartition(" ")[2] != str(len(rows)):
                raise NotSimpleError


@cache
def _in_sqlite(statement: str, names: tuple[str, ...], count: int) -> str:
    """Return a statement for so many rows; it begins with what it does, by which the driver knows to count."""
    row = f"({', '.join('?' * len(names))})"
    rows = ", ".join([row] * count)
    return statement % f"(WITH given({', '.join(names)}) AS (VALUES {rows}) SELECT * FROM given) AS given"  # noqa: S608


@cache
def _in_postgresql(statement: str, names: tuple[str, ...]) -> str:
    kinds = (KEYS.c[name].type.compile().partition("(")[0] for name in names)
    arrays = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(kinds, 1))
    return statement % f"unnest({arrays}) AS given({', '.join(names)})"
