"""The statements that every invoice needs, each built once, and carried out once for as many keys as came together.

The keys travel as one JSON text: one row at a time, a busy process would spend more on the way to the database and
back than on its invoices. Only SQL stands here; what it is good for and when it is allowed stands in `book`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Text, bindparam, case, column, exists, func, insert, select, union_all, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from billingo_async.journal.tables import IS_UNSETTLED, KEYS, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.sql.selectable import TableValuedAlias


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


def _given(name: str) -> TableValuedAlias:
    columns = [column(each.name, each.type) for each in KEYS.columns]
    return _Given(bindparam("rows", type_=Text, required=False)).table_valued(*columns, name=name)


GIVEN, _ALL_GIVEN = _given("given"), _given("all_given")
CLAIMED: Final = union_all(
    select(KEYS).where(KEYS.c.key.in_(select(GIVEN.c.key))),
    select(KEYS).where(IS_UNSETTLED, KEYS.c.state == State.SETTLING),
)
"""The rows of the keys given, and all that are being settled; some come twice."""

_BEGUN: Final = [each.name for each in KEYS.columns if each.name not in {"invoice_id", "invoice"}]
_INTENTS: Final = select(*(GIVEN.c[name] for name in _BEGUN))
INTENDED: Final = insert(KEYS).from_select(_BEGUN, _INTENTS)
"""Intents under keys that are new."""

INTENDED_AGAIN: Final = update(KEYS).values({name: GIVEN.c[name] for name in _BEGUN}).where(KEYS.c.key == GIVEN.c.key)
"""Intents under keys that were free again."""

_IS_MINE: Final = (
    (KEYS.c.key == GIVEN.c.key)
    & (KEYS.c.owner == bindparam("my_name"))
    & ((KEYS.c.state == State.SENDING) | (KEYS.c.state == State.SETTLING))
)
_OUTCOME: Final = ("state", "error", "may_run_on", "invoice_id", "invoice", "settled_at", "request")
NOTED: Final = update(KEYS).values({name: GIVEN.c[name] for name in _OUTCOME}).where(_IS_MINE)
"""What became of the keys given that the worker `my_name` is at; what was sent is no longer needed."""
NOTED_UNSETTLED: Final = update(KEYS).values({name: GIVEN.c[name] for name in _OUTCOME[:3]}).where(_IS_MINE)
"""That it is not known what became of them."""

_KNOWN, _MET = KEYS.alias("known"), KEYS.alias("met")
_IS_INTENT: Final = _ALL_GIVEN.c.state == State.SENDING
_IS_ONE_SETTLING: Final = exists().where(IS_UNSETTLED, KEYS.c.state == State.SETTLING)
_IS_ANOTHERS: Final = _MET.c.owner.is_distinct_from(bindparam("my_name", type_=Text, required=False)) | (
    (_MET.c.state != State.SENDING) & (_MET.c.state != State.SETTLING)
)
_NOT_SO_SIMPLE: Final = (
    exists()
    .select_from(_ALL_GIVEN.outerjoin(_MET, _MET.c.key == _ALL_GIVEN.c.key))
    .where(case((_IS_INTENT, _MET.c.key.is_not(None) | _IS_ONE_SETTLING), else_=_IS_ANOTHERS))
)
"""An intent's key is known or something is being settled; or an outcome's key is none that `my_name` is at."""
_ALL_COLUMNS: Final = [each.name for each in KEYS.columns]
_NOT_OF_OUTCOMES: Final = {each.name for each in KEYS.columns if not each.nullable} - {"key", *_OUTCOME}
_WHOLE_ROWS: Final = (
    select(*(func.coalesce(GIVEN.c[n], _KNOWN.c[n]) if n in _NOT_OF_OUTCOMES else GIVEN.c[n] for n in _ALL_COLUMNS))
    .select_from(GIVEN.outerjoin(_KNOWN, _KNOWN.c.key == GIVEN.c.key))
    .where(~_NOT_SO_SIMPLE)
)


def _at_once(made: sqlite.Insert | postgresql.Insert) -> sqlite.Insert | postgresql.Insert:
    return made.on_conflict_do_update(
        index_elements=[KEYS.c.key], set_={name: made.excluded[name] for name in _OUTCOME}
    )


AT_ONCE: Final = {
    "sqlite": _at_once(sqlite.insert(KEYS).from_select(_ALL_COLUMNS, _WHOLE_ROWS)),
    "postgresql": _at_once(postgresql.insert(KEYS).from_select(_ALL_COLUMNS, _WHOLE_ROWS)),
}
"""All that nearly every invoice needs, in one statement: intents under new keys, and what became of `my_name`'s.

All rows are written, or none, if anything about one of them is not so simple. No key may be given twice.
"""
