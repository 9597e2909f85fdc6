"""What a person does with a journal: looks into it, resolves a key by hand, copies it, brings it back, empties it.

A copied or lost journal is older than the account. With a stamp, what was made since is found by it and taken over,
before anything is sent; without one nothing tells whose it is. Never enters here: what is done with a key that is sent.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import time
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from datetime import time as day_time
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, create_engine, func, insert, select, update
from sqlalchemy.pool import NullPool

from billingo_async.errors import ConfigurationError
from billingo_async.fields.exact import is_object
from billingo_async.journal import claims
from billingo_async.journal.intent import Intent, check_key, digest
from billingo_async.journal.port import DOCUMENT, Candidate, KeyedOperation, operation_class
from billingo_async.journal.reconcile import open_intent, reconcile
from billingo_async.journal.records import JournalStatus, KeyRecord, UnresolvedError, unknown_outcome
from billingo_async.journal.tables import FREE, IS_UNRESOLVED, KEYS, METADATA, UNRESOLVED, KeyRow, State
from billingo_async.protocol.comparison import is_altered_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from billingo_async.journal.database import Database
    from billingo_async.journal.session import JournalSession

LOGGER: Final = logging.getLogger("billingo_async")
RECOVERED_DAYS: Final = timedelta(days=31)
"""How far back a new journal that stamps looks."""
CHUNK: Final = 500
_ONLY_OWNER: Final = 0o600


def status(connection: Connection) -> JournalStatus:
    """Return what a journal holds; a step inside a transaction."""
    counted = connection.execute(select(KEYS.c.state, func.count()).group_by(KEYS.c.state))
    counts = {str(state): int(count) for state, count in counted}
    refused = _records(connection, KEYS.c.state == State.REFUSED)
    return JournalStatus(counts, _records(connection, IS_UNRESOLVED), refused)


def _records(connection: Connection, condition: Any) -> tuple[KeyRecord, ...]:
    columns = (KEYS.c.key, KEYS.c.operation, KEYS.c.state, KEYS.c.error)
    rows = connection.execute(select(*columns).where(condition).order_by(KEYS.c.key, KEYS.c.operation))
    return tuple(KeyRecord(key, operation, state, None, error or state) for key, operation, state, error in rows)


async def look_up_many(session: JournalSession, keys: Sequence[str]) -> dict[str, KeyRecord]:
    """Return what a journal holds of the keys that made a document; those that it does not have are left out."""
    conditions = KEYS.c.key.in_(keys), KEYS.c.purpose == DOCUMENT
    rows = await session.writer.run(lambda connection: claims.rows_where(connection, *conditions))
    return {row.key: record_of(row) for row in rows}


def record_of(row: KeyRow) -> KeyRecord:
    """Return what a row says, its result as its wing reads it."""
    is_done = row.state == State.DONE
    result = None
    if is_done and row.result is not None:
        result = operation_class(row.api, row.operation).load(row.result)
    return KeyRecord(row.key, row.operation, str(row.state), result, None if is_done else row.error)


async def resolve(
    session: JournalSession,
    operation: KeyedOperation[Any],
    key: str,
    *,
    result_id: int | None,
    happened: bool | None,
    force: bool,
) -> KeyRecord:
    """Resolve one key, by what a person knows or else by asking the account; return what the journal has then."""
    operation = operation.reporting(key)
    row = await row_named(session, key, operation.name)
    if row.state not in UNRESOLVED:
        return _as_it_is(row, result_id, happened=happened)
    if row.account != operation.account.name:
        raise ConfigurationError(f"key {key!r} was used with other API keys: resolve it with those")
    if result_id is None and happened is None:
        try:
            await reconcile(session, operation, row.ref, row.similarity_hash)
        except UnresolvedError as error:
            raise unknown_outcome(operation.name, key, error) from None
    elif happened is False:
        await _say_it_did_not(session, operation, row, force=force)
    else:
        candidate, objection = await operation.confirm(open_intent(row), result_id)
        if objection is not None and not force:
            raise ConfigurationError(f"key {key!r}: {objection}; if you know better, say so with force=True")
        await _write_word(session, operation, row, candidate)
    row = await row_named(session, key, operation.name)
    if row.state in UNRESOLVED:
        raise ConfigurationError(f"another worker is at key {key!r}: wait until it is done, or stop it")
    return record_of(row)


async def _say_it_did_not(session: JournalSession, operation: KeyedOperation[Any], row: KeyRow, *, force: bool) -> None:
    """Free a key; where the account has its very result, that is refused unless it is forced."""
    if not force:
        finding = await session.listings[operation.account.name, operation.name].find(operation, open_intent(row))
        ids = {one.id for one in finding.candidates if one.id is not None}
        name, kind = operation.account.name, operation.kind
        owned = await session.writer.run(lambda connection: claims.owned_ids(connection, name, kind, ids))
        there = sorted(ids - owned)
        if there or (finding.candidates and not ids):
            what = f"has {', '.join(map(str, there))}" if there else "says that it happened"
            raise ConfigurationError(f"key {row.key!r}: the account {what}; if you know better, say so with force=True")
    await _write_word(session, operation, row, None)


def _as_it_is(row: KeyRow, result_id: int | None, *, happened: bool | None) -> KeyRecord:
    """Return what a key without doubt has; raise ConfigurationError for a person who says something else."""
    is_done = row.state == State.DONE
    if happened is False and is_done:
        has = "it happened" if row.result_id is None else f"it has {row.noun} {row.result_id}"
        msg = f"key {row.key!r} is {row.state}: {has}, for ever. To be rid of that, undo it, and use a new key"
        raise ConfigurationError(msg)
    if result_id not in {None, row.result_id} or (happened and not is_done):
        nothing = f"has no {row.noun}, and nothing about it is in doubt"
        has = nothing if row.result_id is None else f"has {row.result_id}"
        given = "" if result_id is None else f", so it cannot be given {row.noun} {result_id}"
        raise ConfigurationError(f"key {row.key!r} is {row.state}: it {has}{given}")
    return record_of(row)


async def _write_word(
    session: JournalSession, operation: KeyedOperation[Any], row: KeyRow, candidate: Candidate[Any] | None
) -> None:
    """Write down what a person knows."""

    def write(connection: Connection) -> None:
        similar = claims.begin_reconciling(connection, row.ref, session.workers)
        if similar is None or similar.is_busy or row.ref not in {each.ref for each in similar.rows}:
            msg = f"another worker is at key {row.key!r}, or at one that looks alike: wait until it is done, or stop it"
            raise ConfigurationError(msg)
        ids = [] if candidate is None or candidate.id is None else [candidate.id]
        if ids and claims.owned_ids(connection, row.account, row.kind, ids):
            raise ConfigurationError(f"{row.noun} {ids[0]} belongs to another key already")
        others = [claims.still_in_doubt(each) for each in similar.rows if each.ref != row.ref]
        mine = claims.KeyResult(row.ref, State.FREE)
        if candidate is not None:
            mine = claims.KeyResult(row.ref, State.DONE, candidate.id, operation.dump(candidate.result))
        claims.record_results(connection, [mine, *others], session.workers.owner)

    await session.writer.run(write)


async def row_named(session: JournalSession, key: str, operation: str | None) -> KeyRow:
    """Return the row of a key; without `operation`, of the making of the order's document."""
    known = KEYS.c.purpose == DOCUMENT if operation is None else KEYS.c.operation == operation
    rows = await session.writer.run(lambda connection: claims.rows_where(connection, KEYS.c.key == key, known))
    if not rows:
        msg = f"the journal has no key {key!r}" + ("" if operation is None else f" of {operation}")
        raise ConfigurationError(msg)
    return rows[0]


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
        if operation.account.server_now() is None:
            await operation.newest()  # any answer tells the server's day: this machine's clock may stand on another
        # The server's clock; this machine's alone where no answer told the server's.
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
    unresolved = claims.rows_where(connection, KEYS.c.account == operation.account.name, IS_UNRESOLVED)
    for key, candidates in by_key.items():
        with suppress(ValueError):  # a line that looks like a stamp, with what can be no key
            row = claims.row_of(connection, (check_key(key), operation.purpose))
            if row is not None and row.state not in FREE:
                continue
            ids = [one.id for one in candidates if one.id is not None]
            owned = claims.owned_ids(connection, operation.account.name, operation.kind, ids)
            strangers = [one for one in candidates if one.id not in owned]
            if strangers:
                stamp = (session.stamp or "").format(key=key)
                intent = Intent(key, b"", "", digest(stamp), stamp)
                claim = claims.Claim(intent, type(operation), operation.account.name)
                others = _outcome(operation, stamp, strangers, unresolved)
                claims.write_intent(connection, claim, session.workers.owner, row, **others)
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
        "before": None if only else claims.EVIDENCE_LOST,
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
    rows = claims.rows_where(connection, ended)
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
