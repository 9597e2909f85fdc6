"""The statements that every invoice needs, each built once, and carried out once for as many keys as came together.

The keys travel as one JSON text: one row at a time, a busy process would spend more on the way to the database and
back than on its invoices. Only SQL stands here; what it is good for and when it is allowed stands in `book`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Text, bindparam, column, exists, insert, select, union_all, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from billingo_async.bulk.tables import IS_UNSETTLED, KEYS, State

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
    return _Given(bindparam("rows", type_=Text)).table_valued(*columns, name=name)


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

_IS_ONE_KNOWN: Final = exists().where(KEYS.c.key == _ALL_GIVEN.c.key)
_IS_ONE_SETTLING: Final = exists().where(IS_UNSETTLED, KEYS.c.state == State.SETTLING)
INTENDED_IF_ALL_NEW: Final = insert(KEYS).from_select(_BEGUN, _INTENTS.where(~_IS_ONE_KNOWN, ~_IS_ONE_SETTLING))
"""The same, if all keys are new and nothing is being settled, else nothing: what nearly every invoice needs."""

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
