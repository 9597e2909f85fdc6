"""The life of a journal: copied whole, brought back from what the account has, freed of what is no longer needed.

A copied or lost journal is older than the account. With a stamp, what was made since is found by it and taken over,
before anything is sent; without one nothing tells whose it is.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import time
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from datetime import time as day_time
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine, func, insert, select, update
from sqlalchemy.pool import NullPool

from billingo_async.errors import ConfigurationError
from billingo_async.fields.exact import is_object
from billingo_async.journal.claims import EVIDENCE_LOST, Claim, owned_ids, row_of, rows_where, write_intent
from billingo_async.journal.intent import Intent, check_key, digest
from billingo_async.journal.port import operation_class
from billingo_async.journal.tables import FREE, IS_UNRESOLVED, KEYS, METADATA, UNRESOLVED, State
from billingo_async.protocol.comparison import is_altered_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from sqlalchemy import Connection

    from billingo_async.journal.database import Database
    from billingo_async.journal.port import Candidate, KeyedOperation
    from billingo_async.journal.session import JournalSession
    from billingo_async.journal.tables import KeyRow

LOGGER: Final = logging.getLogger("billingo_async")
RECOVERED_DAYS: Final = timedelta(days=31)
"""How far back a new journal that stamps looks."""
CHUNK: Final = 500
_ONLY_OWNER: Final = 0o600


def reserve(path: Path) -> None:
    """Make the file of a copy, its owner's alone; raise FileExistsError if something is there."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_OWNER))


def copy_file(database: Database, path: Path) -> None:
    """Copy an SQLite journal whole, while it is used; what is in its write-ahead log included. Runs in a thread."""
    with (
        closing(sqlite3.connect(f"{database.path.as_uri()}?mode=ro", uri=True)) as there,
        closing(sqlite3.connect(path)) as copy,
    ):
        there.backup(copy)


def copy_rows(connection: Connection, path: Path) -> None:
    """Copy the tables of any journal into a new SQLite one; a step inside a transaction."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, hide_parameters=True)
    with engine.begin() as copy:
        METADATA.create_all(copy)
        for table in METADATA.sorted_tables:
            for rows in connection.execute(select(table)).mappings().partitions(CHUNK):
                copy.execute(insert(table), [dict(row) for row in rows])
    engine.dispose()


async def recover_once(session: JournalSession, operation: KeyedOperation[Any]) -> None:
    """Ask once in a session what the account has above what the journal knows, and take over what bears its stamp."""
    if session.stamp is None or not operation.is_stamped or session.recovered.get(operation.account.name):
        return
    async with session.recovering:
        if session.recovered.get(operation.account.name):
            return
        await recover(session, operation, None)
        session.recovered[operation.account.name] = True


async def recover(
    session: JournalSession, operation: KeyedOperation[Any], since: float | None, keys: Sequence[str] | None = None
) -> int:
    """Take over what the account has by these keys, or since a Unix time with the journal's stamp; return how many."""
    if keys is not None:
        by_key = await operation.by_keys(keys)
        return await session.writer.run(lambda connection: _take_over(connection, session, operation, by_key))
    if session.stamp is None:
        raise ConfigurationError("only a journal with a stamp can be recovered: Journal(…, stamp='Ref. {key}')")
    name, kind = operation.account.name, operation.kind

    def last_known(connection: Connection) -> float | None:
        mine = (KEYS.c.account == name) & (KEYS.c.kind == kind) & (KEYS.c.state == State.DONE)
        begun = func.max(func.coalesce(KEYS.c.server_begun_at, KEYS.c.begun_at))
        latest: float | None = connection.execute(select(begun).where(mine)).scalar_one()
        return latest

    first = since if since is not None else await session.writer.run(last_known)
    if first is None:
        first = (operation.account.server_now() or time.time()) - RECOVERED_DAYS.total_seconds()
    by_key = await operation.stamped(session.stamp, first)
    return await session.writer.run(lambda connection: _take_over(connection, session, operation, by_key))


def _take_over(
    connection: Connection,
    session: JournalSession,
    operation: KeyedOperation[Any],
    by_key: Mapping[str, Sequence[Candidate[Any]]],
) -> int:
    count = 0
    unresolved = rows_where(connection, KEYS.c.account == operation.account.name, IS_UNRESOLVED)
    for key, candidates in by_key.items():
        with suppress(ValueError):  # a line that looks like a stamp, with what can be no key
            row = row_of(connection, (check_key(key), operation.purpose))
            if row is not None and row.state not in FREE:
                continue
            ids = [one.id for one in candidates if one.id is not None]
            owned = owned_ids(connection, operation.account.name, operation.kind, ids)
            strangers = [one for one in candidates if one.id not in owned]
            if strangers:
                stamp = (session.stamp or "").format(key=key)
                intent = Intent(key, b"", "", digest(stamp), stamp)
                claim = Claim(intent, type(operation), operation.account.name)
                others = _outcome(operation, stamp, strangers, unresolved)
                write_intent(connection, claim, session.workers.owner, row, **others)
                count += 1
    if count:
        LOGGER.warning("%s: %d keys were recovered from what the account has", operation.name, count)
    return count


def _outcome(
    operation: KeyedOperation[Any], stamp: str, candidates: Sequence[Candidate[Any]], unresolved: Sequence[KeyRow]
) -> dict[str, object]:
    """Return what becomes of a key: done; in doubt until a person says which is whose, where that cannot be told.

    Several may bear its stamp; or the server altered it, and it is the stamp of a key that has no outcome.
    """
    others = [row.key for row in unresolved if row.stamp and is_altered_text(row.stamp, stamp)]
    only = candidates[0] if len(candidates) == 1 and not others else None
    ids = ", ".join(str(one.id) for one in candidates)
    why = f"{ids} may be of {', '.join(others)}, the stamp altered" if others else f"several bear its stamp: {ids}"
    return {
        "state": State.DONE if only else State.DOUBT,
        "request": None,
        "before": None if only else EVIDENCE_LOST,
        "server_may_be_working": False,
        "result_id": only.id if only else None,
        "result": operation.dump(only.result) if only else None,
        "error": None if only else why,
        "resolved_at": time.time(),  # this machine's clock: for people alone
    }


def erase_personal_data(connection: Connection, before: date) -> int:
    """Keep of all keys that came to an end before a day what tells which is whose; a step inside a transaction."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")  # what is erased is overwritten in the file, too
    until = datetime.combine(before, day_time.min, UTC).timestamp()
    ended = KEYS.c.state.not_in([str(state) for state in UNRESOLVED]) & (KEYS.c.resolved_at < until)
    rows = rows_where(connection, ended)
    for row in rows:
        mine = (KEYS.c.key == row.key) & (KEYS.c.purpose == row.purpose)
        erased = {"request": None, "before": None, "error": None, "result": _without_persons(row)}
        connection.execute(update(KEYS).where(mine).values(erased))
    return len(rows)


def _without_persons(row: KeyRow) -> str | None:
    result: Any = None if row.result is None else json.loads(row.result)
    if not is_object(result):
        return row.result
    fields = operation_class(row.api, row.operation).number_fields
    return json.dumps({name: value for name, value in result.items() if name in fields})
