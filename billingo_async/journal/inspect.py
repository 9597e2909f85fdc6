"""Looking into a journal, and resolving a key by hand: what a person does when the account alone cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from billingo_async.errors import ConfigurationError
from billingo_async.journal import claims
from billingo_async.journal.port import DOCUMENT, operation_class
from billingo_async.journal.reconcile import open_intent, reconcile
from billingo_async.journal.records import JournalStatus, KeyRecord, UnresolvedError, unknown_outcome
from billingo_async.journal.tables import IS_UNRESOLVED, KEYS, UNRESOLVED, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from billingo_async.journal.port import Candidate, KeyedOperation
    from billingo_async.journal.session import JournalSession
    from billingo_async.journal.tables import KeyRow


def status(connection: Connection) -> JournalStatus:
    """Return what a journal holds; a step inside a transaction."""
    counted = connection.execute(select(KEYS.c.state, func.count()).group_by(KEYS.c.state))
    counts = {str(state): int(count) for state, count in counted}
    return JournalStatus(
        counts, _records(connection, IS_UNRESOLVED), _records(connection, KEYS.c.state == State.REFUSED)
    )


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
