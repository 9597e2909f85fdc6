"""The statements that every key needs, each built once, and carried out once for as many keys as came together.

The keys travel as one JSON text: one row at a time, a busy process would spend more on the way to the database and
back than on its requests. Only SQL stands here; what it is good for and when it is allowed stands in `claims`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Text, bindparam, column, exists, func, insert, select, tuple_, union_all, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from billingo_async.journal.tables import ABOUT, IS_UNRESOLVED, KEYS, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.sql.compiler import SQLCompiler


def packed(rows: Iterable[Mapping[str, object]]) -> str:
    """Return rows as the statements take them."""
    return json.dumps(list(rows))


class _Given(FunctionElement[Any]):
    """The rows of a JSON text, as a table with the columns of the keys; what is not given is NULL."""

    inherit_cache = True


@compiles(_Given, "sqlite")
def _in_sqlite(given: _Given, compiler: SQLCompiler, **options: Any) -> str:
    fields = ", ".join(f"json_extract(value, '$.{each.name}') AS \"{each.name}\"" for each in KEYS.columns)
    text = compiler.process(given.clauses, **options)
    return f"(SELECT {fields} FROM json_each({text}))"  # noqa: S608 - our own columns, and the place of a parameter


@compiles(_Given, "postgresql")
def _in_postgresql(given: _Given, compiler: SQLCompiler, **options: Any) -> str:
    text = compiler.process(given.clauses, **options)
    return f"json_populate_recordset(CAST(NULL AS {KEYS.name}), CAST({text} AS json))"


GIVEN: Final = _Given(bindparam("rows", type_=Text, required=False)).table_valued(
    *(column(each.name, each.type) for each in KEYS.columns), name="given"
)
_IS_GIVEN: Final = (KEYS.c.key == GIVEN.c.key) & (KEYS.c.purpose == GIVEN.c.purpose)
_IS_RECONCILED: Final = IS_UNRESOLVED & (KEYS.c.state == State.RECONCILING)

EXISTING: Final = union_all(
    select(KEYS).where(tuple_(KEYS.c.key, KEYS.c.purpose).in_(select(GIVEN.c.key, GIVEN.c.purpose))),
    select(KEYS).where(_IS_RECONCILED),
)
"""The rows of the keys given, and all that are being reconciled; some come twice."""
ALIKE: Final = select(KEYS).where(IS_UNRESOLVED, KEYS.c.similarity_hash.in_(select(GIVEN.c.similarity_hash)))
"""The unresolved rows that look like those given."""

_WRITTEN: Final = [each.name for each in KEYS.columns if each.name not in {"result_id", "result", "before"}]
_TICKS: Final = select(func.coalesce(func.max(ABOUT.c.ticks), 0)).scalar_subquery()
_VALUES: Final = {name: _TICKS if name == "tick" else GIVEN.c[name] for name in _WRITTEN}
_NEW: Final = select(*(value.label(name) for name, value in _VALUES.items()))
INTENTS: Final = insert(KEYS).from_select(_WRITTEN, _NEW)
"""Intents under keys that are new."""
INTENTS_AGAIN: Final = update(KEYS).values({**_VALUES, "before": None}).where(_IS_GIVEN)
"""Intents under keys that were free again."""


def _if_simple(made: sqlite.Insert | postgresql.Insert) -> Any:
    rows = made.from_select(_WRITTEN, _NEW.where(~exists().where(_IS_RECONCILED)))
    return rows.on_conflict_do_nothing().returning(KEYS.c.key, KEYS.c.purpose)


SIMPLE_INTENTS: Final[Mapping[str, Any]] = {
    "sqlite": _if_simple(sqlite.insert(KEYS)),
    "postgresql": _if_simple(postgresql.insert(KEYS)),
}
"""Intents under keys that are new, while nothing is being reconciled; answers which of them were written."""

_IS_MINE: Final = (
    _IS_GIVEN
    & (KEYS.c.owner == bindparam("my_name"))
    & ((KEYS.c.state == State.SENDING) | (KEYS.c.state == State.RECONCILING))
)
_OUTCOME: Final = ("state", "error", "server_may_be_working", "result_id", "result", "resolved_at", "request", "before")
OUTCOMES: Final = update(KEYS).values({name: GIVEN.c[name] for name in _OUTCOME}).where(_IS_MINE)
"""What became of the keys given that the worker `my_name` holds; what was sent is no longer needed."""
DOUBTS: Final = update(KEYS).values({name: GIVEN.c[name] for name in _OUTCOME[:3]}).where(_IS_MINE)
"""That it is not known what became of them."""
BEFORE: Final = update(KEYS).values(before=GIVEN.c.before).where(_IS_MINE)
"""What the account had before the request leaves."""
