"""What is written under a key, and when that is allowed: every step of this room runs inside one writing transaction.

Such transactions follow one another in all processes (see `connections`), so a step may read, decide and write. Two
rules keep reconciling honest. Nothing that looks alike is sent while a worker reconciles; and no worker reconciles
while something that looks alike is being sent. What is exclusive is sent alone among all that looks like it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Connection, func, insert, select, tuple_, update

from billingo_async.journal import tables
from billingo_async.journal.database import is_of_data
from billingo_async.journal.tables import ABOUT, IS_UNRESOLVED, KEYS, SEEN, UNRESOLVED, Batch, KeyRow, Row, State

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from billingo_async.journal.intent import Intent
    from billingo_async.journal.port import KeyedOperation
    from billingo_async.journal.workers import Workers

Ref = tuple[str, str]
"""What identifies a row: key and purpose."""
EVIDENCE_LOST: Final = "null"
"""What stands in the place of `before` once something alike was sent over a doubt: no look can tell any more."""


MAX_ID: Final = 2**63 - 1
"""The highest id that a column holds."""
_NO_OUTCOME: Final = (None, True, None, None, None)
"""What is told of a key that is being sent, from its error to when it was resolved: the server may be working."""
_NO_INTENT: Final = ("", "", "", "", "", "", None, None, None, 0, 0.0, None)
"""What stands in a row that is an outcome alone, in the columns of `INTENT` that the key's row has already."""


class ClaimState(Enum):
    """The answer to a claim."""

    MINE = "mine"
    """The intent is written: send it."""
    DONE = "done"
    """It has happened."""
    BUSY = "busy"
    """Another worker is sending or reconciling this key, or one that looks alike: come back."""
    UNRESOLVED = "unresolved"
    """There is an intent without an outcome and no worker at it: reconcile."""
    OTHER_REQUEST = "other request"
    """The key stands for another request."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's wish to send the request of a key."""

    intent: Intent
    operation: type[KeyedOperation[Any]]
    account: str
    marks: str | None = None
    server_now: float | None = None
    over_doubts: bool = False
    """True where doubts about what looks alike were asked about in vain, and are to stand in the way no more."""

    @property
    def ref(self) -> Ref:
        """What identifies its row."""
        return self.intent.key, self.operation.purpose


@dataclass(frozen=True, slots=True)
class ClaimAnswer:
    """The answer to a claim, with the row that is the reason for it where there is one."""

    verdict: ClaimState
    row: KeyRow | None = None


MINE: Final = ClaimAnswer(ClaimState.MINE)


@dataclass(frozen=True, slots=True)
class KeyResult:
    """What became of a key that this worker held; `state` says it, the rest is told where it is known."""

    ref: Ref
    state: State
    result_id: int | None = None
    result: str | None = field(default=None, repr=False)
    error: str | None = None
    server_may_be_working: bool = True
    """Where it is not known: that the server may still be at work on the request, and do it yet."""
    before: str | None = field(default=None, repr=False)
    """Where it is not known: what stands beside the intent from now on; None for what stands there."""


def still_in_doubt(row: KeyRow, why: str | None = None) -> KeyResult:
    """Return the outcome that leaves a key in doubt, as it was or with another reason."""
    return KeyResult(row.ref, State.DOUBT, error=why or row.error, server_may_be_working=row.server_may_be_working)


class LostKeyError(Exception):
    """A result came for a key that another worker has taken over meanwhile."""


def batch_of(entries: Iterable[Claim | KeyResult], workers: Workers) -> Batch | None:
    """Return claims and results as they can be written together; None where one is not so simple.

    Nearly all are: the claim of a new key, and what became of a key that this worker holds.
    """
    rows: dict[Ref, Row] = {}
    for entry in entries:
        is_odd = entry.state in UNRESOLVED if isinstance(entry, KeyResult) else entry.operation.is_exclusive
        if is_odd or entry.ref in rows:
            return None
        rows[entry.ref] = _row(entry, workers.owner)
    return Batch([*rows.values()], workers.check_files)


def write_each(connection: Connection, entries: Iterable[Claim | KeyResult], workers: Workers) -> list[Any]:
    """Write claims and results one after another, each or not at all, and return their answers, or what is wrong.

    What the first has written the next one has to see.
    """
    workers.check_files()
    is_alive = cache(partial(workers.is_alive, connection))
    answers: list[Any] = []
    for entry in entries:
        try:
            with connection.begin_nested():
                if isinstance(entry, KeyResult):
                    record_results(connection, [entry], workers.owner)
                    answers.append(None)
                else:
                    answers.append(_answer(connection, entry, workers.owner, is_alive))
        except Exception as error:
            if not isinstance(error, LostKeyError) and not is_of_data(error):
                raise
            answers.append(error)
    return answers


def _answer(connection: Connection, claim: Claim, owner: str, is_alive: Callable[[str], bool]) -> ClaimAnswer:
    row = row_of(connection, claim.ref)
    if row is not None and row.state not in tables.FREE:
        if row.fingerprint != claim.intent.fingerprint and (row.fingerprint or row.api != claim.operation.api):
            return ClaimAnswer(ClaimState.OTHER_REQUEST, row)
        if row.state == State.DONE:
            return ClaimAnswer(ClaimState.DONE, row)
        is_held = row.state != State.DOUBT and is_alive(row.owner)
        return ClaimAnswer(ClaimState.BUSY if is_held else ClaimState.UNRESOLVED, row)
    similar = rows_where(connection, KEYS.c.similarity_hash == claim.intent.similarity_hash, IS_UNRESOLVED)
    if any(other.state == State.RECONCILING and is_alive(other.owner) for other in similar):
        return ClaimAnswer(ClaimState.BUSY, row)
    if claim.operation.is_exclusive:
        same_account = [other for other in similar if other.account == claim.account]
        answer = _exclusively(connection, claim, same_account, is_alive)
        if answer is not None:
            return answer
    write_intent(connection, claim, owner, row)
    return MINE


def write_intent(connection: Connection, claim: Claim, owner: str, row: KeyRow | None, **others: object) -> None:
    """Write the row of a key, in the place of the one that it had; `others` are columns that are not as usual."""
    values = dict(zip(tables.INTENT, _row(claim, owner, 1 if row is None else row.tries + 1), strict=True))
    values |= {"before": None, "tick": select(func.coalesce(func.max(ABOUT.c.ticks), 0)).scalar_subquery(), **others}
    statement = insert(KEYS) if row is None else update(KEYS).where(*_is(claim.ref))
    connection.execute(statement.values(values))


def _exclusively(
    connection: Connection, claim: Claim, similar: Sequence[KeyRow], is_alive: Callable[[str], bool]
) -> ClaimAnswer | None:
    """Return what alike stands in the way; over doubts that no look resolves, take their evidence away."""
    for row in similar:
        if row.state != State.DOUBT and is_alive(row.owner):
            return ClaimAnswer(ClaimState.BUSY, row)
    open_rows = [row for row in similar if row.before != EVIDENCE_LOST]
    if open_rows and not claim.over_doubts:
        return ClaimAnswer(ClaimState.UNRESOLVED, open_rows[0])
    for row in open_rows:
        lost = update(KEYS).where(*_is(row.ref))
        connection.execute(lost.values(before=EVIDENCE_LOST, state=State.DOUBT.value))
    return None


def _row(entry: Claim | KeyResult, owner: str, tries: int = 1) -> Row:
    """Return the row of a key that is about to be sent, or what became of it, in the order of `INTENT`."""
    now = time.time()  # this machine's clock: compared with nothing but itself, and the window it opens
    if isinstance(entry, KeyResult):
        outcome = (entry.error, entry.server_may_be_working, entry.result_id, entry.result, now)
        return (*entry.ref, owner, entry.state.value, *outcome, *_NO_INTENT)
    intent, operation = entry.intent, entry.operation
    whose = (intent.key, operation.purpose, owner, State.SENDING.value)
    where = (operation.name, operation.api, operation.kind, entry.account)
    request = (intent.fingerprint, intent.similarity_hash, intent.stamp, intent.request.decode(), entry.marks)
    return (*whose, *_NO_OUTCOME, *where, *request, tries, now, entry.server_now)


def record_results(connection: Connection, results: Sequence[KeyResult], owner: str) -> None:
    """Write what became of keys; raise LostKeyError, having written nothing, if one is this worker's no more."""
    for result in results:
        values = dict(zip(tables.OUTCOME[3:], _row(result, owner)[3:], strict=False))
        if result.state in UNRESOLVED:  # what was sent is needed yet
            values = {name: values[name] for name in tables.OUTCOME[3:6]}
            values |= {} if result.before is None else {"before": result.before}
        else:
            values |= {"request": None, "before": None}
        _write_mine(connection, result.ref, owner, values)


def record_before(connection: Connection, *, ref: Ref, before: str, owner: str) -> None:
    """Write what the account had before the request leaves; raise LostKeyError if the key is this worker's no more."""
    _write_mine(connection, ref, owner, {"before": before})


def _write_mine(connection: Connection, ref: Ref, owner: str, values: Mapping[str, object]) -> None:
    held = KEYS.c.state.in_([State.SENDING.value, State.RECONCILING.value])
    if connection.execute(update(KEYS).where(*_is(ref), KEYS.c.owner == owner, held).values(**values)).rowcount != 1:
        raise LostKeyError(ref[0])


def release_claim(connection: Connection, *, ref: Ref, owner: str, state: State) -> None:
    """Release a key that was claimed, if it was, so that it can be taken up again."""
    held = (KEYS.c.owner == owner) & (KEYS.c.state == State.SENDING)
    connection.execute(update(KEYS).where(*_is(ref), held).values(state=state.value, error="interrupted"))


def release_reconciling(connection: Connection, *, similarity_hash: str, owner: str) -> None:
    """Release the keys alike that this worker has begun to reconcile, if it has, in doubt as they were."""
    held = (KEYS.c.owner == owner) & (KEYS.c.state == State.RECONCILING)
    similar = update(KEYS).where(KEYS.c.similarity_hash == similarity_hash, IS_UNRESOLVED, held)
    connection.execute(similar.values(state=State.DOUBT.value))


@dataclass(frozen=True, slots=True)
class SimilarRows:
    """The unresolved keys that look alike and are now this worker's to reconcile.

    `is_busy` says that something alike is still being sent, so that asking the account now would prove nothing;
    `is_out_of_sight`, that nothing tells whether it is.
    """

    rows: tuple[KeyRow, ...]
    is_busy: bool
    is_out_of_sight: bool = False


def begin_reconciling(connection: Connection, ref: Ref, workers: Workers) -> SimilarRows | None:
    """Take over the unresolved keys like this one; None if it is resolved, or another worker reconciles it."""
    row = row_of(connection, ref)
    if row is None or row.state not in UNRESOLVED:
        return None
    mine: list[KeyRow] = []
    is_busy = is_out_of_sight = False
    for each in rows_where(connection, KEYS.c.similarity_hash == row.similarity_hash, IS_UNRESOLVED):
        if each.account != row.account:
            continue
        held = each.state != State.DOUBT and workers.is_alive(connection, each.owner)
        if held and each.state == State.RECONCILING and each.owner != workers.owner:
            return None
        if held and each.state == State.SENDING:
            is_busy = True
        elif each.operation == row.operation:
            mine.append(each)
            is_out_of_sight |= each.state != State.DOUBT and workers.is_out_of_sight(each.owner)
    taken = update(KEYS).where(tuple_(KEYS.c.key, KEYS.c.purpose).in_([each.ref for each in mine]))
    connection.execute(taken.values(state=State.RECONCILING.value, owner=workers.owner))
    return SimilarRows(tuple(mine), is_busy, is_out_of_sight)


def row_of(connection: Connection, ref: Ref) -> KeyRow | None:
    """Return the row of a key; None if there is none."""
    return next(iter(rows_where(connection, *_is(ref))), None)


def rows_where(connection: Connection, *conditions: ColumnElement[bool]) -> list[KeyRow]:
    """Return the rows that meet all conditions."""
    return [KeyRow(*row) for row in connection.execute(select(KEYS).where(*conditions))]  # its fields are the columns


def _is(ref: Ref) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return KEYS.c.key == ref[0], KEYS.c.purpose == ref[1]


def is_writable(id_: int) -> bool:
    """Tell whether an id can stand in the tables; what is beyond that is no key's, and was never seen."""
    return -MAX_ID <= id_ <= MAX_ID


def owned_ids(connection: Connection, account: str, kind: str, ids: Collection[int]) -> set[int]:
    """Return which of the results belong to a key."""
    mine = (KEYS.c.account == account) & (KEYS.c.kind == kind) & KEYS.c.result_id.in_(filter(is_writable, ids))
    return set(connection.execute(select(KEYS.c.result_id).where(mine)).scalars())


def first_seen(connection: Connection, account: str, kind: str, ids: Collection[int]) -> Mapping[int, int]:
    """Return at which tick those of the results that no key made were first seen; no clock is asked."""
    mine = (SEEN.c.account == account) & (SEEN.c.kind == kind) & SEEN.c.result_id.in_(filter(is_writable, ids))
    return {row.result_id: row.tick for row in connection.execute(select(SEEN).where(mine))}


def record_existing(connection: Connection, account: str, kind: str, ids: Collection[int]) -> None:
    """Record results as seen, those that no key made and that were not seen before.

    An intent that is written later has this tick or a later one. One that was written before has an earlier one, and
    may have made any of them.
    """
    strangers = set(filter(is_writable, ids)) - owned_ids(connection, account, kind, ids)
    fresh = strangers - set(first_seen(connection, account, kind, strangers))
    if fresh:
        connection.execute(update(ABOUT).values(ticks=func.coalesce(ABOUT.c.ticks, 0) + 1))
        tick = connection.execute(select(ABOUT.c.ticks)).scalar_one()
        rows = [{"account": account, "kind": kind, "result_id": id_, "tick": tick} for id_ in sorted(fresh)]
        connection.execute(insert(SEEN), rows)
