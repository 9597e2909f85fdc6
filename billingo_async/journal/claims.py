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
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import select, tuple_, update

from billingo_async.journal.statements import (
    ALIKE,
    BEFORE,
    DOUBTS,
    EXISTING,
    INTENTS,
    INTENTS_AGAIN,
    OUTCOMES,
    SIMPLE_INTENTS,
    packed,
)
from billingo_async.journal.tables import FREE, IS_UNRESOLVED, KEYS, UNRESOLVED, KeyRow, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Connection, CursorResult

    from billingo_async.journal.intent import Intent
    from billingo_async.journal.port import KeyedOperation
    from billingo_async.journal.workers import Workers

Ref = tuple[str, str]
"""What identifies a row: key and purpose."""
EVIDENCE_LOST: Final = "null"
"""What stands in the place of `before` once something alike was sent over a doubt: no look can tell any more."""


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


def still_in_doubt(row: KeyRow, why: str | None = None) -> KeyResult:
    """Return the outcome that leaves a key in doubt, as it was or with another reason."""
    return KeyResult(row.ref, State.DOUBT, error=why or row.error, server_may_be_working=row.server_may_be_working)


class LostKeyError(Exception):
    """A result came for a key that another worker has taken over meanwhile."""


def write_entries(
    connection: Connection, entries: Sequence[Claim | KeyResult], workers: Workers
) -> Sequence[ClaimAnswer | None]:
    """Write what became of keys, answer claims, and return the answers in the order of the entries."""
    record_results(connection, [entry for entry in entries if isinstance(entry, KeyResult)], workers.owner)
    claims = [entry for entry in entries if isinstance(entry, Claim)]
    answers = iter(answer_claims(connection, claims, workers) if claims else ())
    return [next(answers) if isinstance(entry, Claim) else None for entry in entries]


def answer_claims(connection: Connection, claims: Sequence[Claim], workers: Workers) -> list[ClaimAnswer]:
    """Answer the claims of one worker, and write the intents of those that may be sent.

    Nearly all keys are new: those are written by one statement, and only the others are looked at one by one.
    """
    workers.check_files()
    first = {claim.ref: claim for claim in reversed(claims)}
    simple = [claim for claim in claims if first[claim.ref] is claim and not claim.operation.is_exclusive]
    written: set[Ref] = set()
    if simple:
        rows = packed(intent_row(claim, workers.owner) for claim in simple)
        returned = connection.execute(SIMPLE_INTENTS[connection.dialect.name], {"rows": rows})
        written = {cast("Ref", tuple(map(str, row))) for row in returned}
    if len(written) == len(claims):
        return [MINE] * len(claims)
    others = [claim for claim in claims if claim.ref not in written or first[claim.ref] is not claim]
    answers = iter(_answer_singly(connection, others, workers))
    return [MINE if claim.ref in written and first[claim.ref] is claim else next(answers) for claim in claims]


def _answer_singly(connection: Connection, claims: Sequence[Claim], workers: Workers) -> Iterable[ClaimAnswer]:
    is_alive = cache(partial(workers.is_alive, connection))
    for claim in claims:  # one after another: what the first has written the next one has to see
        given = {"rows": packed([{"key": claim.intent.key, "purpose": claim.operation.purpose}])}
        known = {row.ref: row for row in _rows(connection.execute(EXISTING, given))}
        row = known.pop(claim.ref, None)
        reconciled = {
            other.similarity_hash
            for other in known.values()
            if other.state == State.RECONCILING and is_alive(other.owner)
        }
        answer = _answer(claim, row, reconciled, is_alive)
        if answer.verdict is ClaimState.MINE and claim.operation.is_exclusive:
            answer = _exclusively(connection, claim, is_alive)
        if answer.verdict is ClaimState.MINE:
            written = packed([intent_row(claim, workers.owner, 1 if row is None else row.tries + 1)])
            connection.execute(INTENTS if row is None else INTENTS_AGAIN, {"rows": written})
        yield answer


def _answer(claim: Claim, row: KeyRow | None, reconciled: set[str], is_alive: Callable[[str], bool]) -> ClaimAnswer:
    if row is not None and row.state not in FREE:
        if row.fingerprint != claim.intent.fingerprint and (row.fingerprint or row.api != claim.operation.api):
            return ClaimAnswer(ClaimState.OTHER_REQUEST, row)
        if row.state == State.DONE:
            return ClaimAnswer(ClaimState.DONE, row)
        is_held = row.state != State.DOUBT and is_alive(row.owner)
        return ClaimAnswer(ClaimState.BUSY if is_held else ClaimState.UNRESOLVED, row)
    is_free = claim.intent.similarity_hash not in reconciled
    return ClaimAnswer(ClaimState.MINE if is_free else ClaimState.BUSY, row)


def _exclusively(connection: Connection, claim: Claim, is_alive: Callable[[str], bool]) -> ClaimAnswer:
    """Return whether nothing alike stands in the way; over doubts that no look resolves, take their evidence away."""
    given = {"rows": packed([{"similarity_hash": claim.intent.similarity_hash}])}
    similar = [row for row in _rows(connection.execute(ALIKE, given)) if row.account == claim.account]
    for row in similar:
        if row.state != State.DOUBT and is_alive(row.owner):
            return ClaimAnswer(ClaimState.BUSY, row)
    open_rows = [row for row in similar if row.before != EVIDENCE_LOST]
    if open_rows and not claim.over_doubts:
        return ClaimAnswer(ClaimState.UNRESOLVED, open_rows[0])
    for row in open_rows:
        lost = update(KEYS).where(KEYS.c.key == row.key, KEYS.c.purpose == row.purpose)
        connection.execute(lost.values(before=EVIDENCE_LOST, state=State.DOUBT.value))
    return MINE


def intent_row(claim: Claim, owner: str, tries: int = 1) -> dict[str, object]:
    """Return the row of a key that is about to be sent."""
    intent, operation = claim.intent, claim.operation
    return {
        "key": intent.key,
        "purpose": operation.purpose,
        "operation": operation.name,
        "api": operation.api,
        "kind": operation.kind,
        "account": claim.account,
        "fingerprint": intent.fingerprint,
        "similarity_hash": intent.similarity_hash,
        "state": State.SENDING.value,
        "owner": owner,
        "stamp": intent.stamp,
        "request": intent.request.decode(),
        "marks": claim.marks,
        "server_may_be_working": True,
        "tries": tries,
        "begun_at": time.time(),  # this machine's clock: compared with nothing but itself, and the window it opens
        "server_begun_at": claim.server_now,
    }


def record_results(connection: Connection, results: Sequence[KeyResult], owner: str) -> None:
    """Write what became of keys; raise LostKeyError, having written nothing, if one is this worker's no more."""
    known = [_result_row(result) for result in results if result.state not in UNRESOLVED]
    doubts = [_result_row(result) for result in results if result.state in UNRESOLVED]
    for statement, rows in ((OUTCOMES, known), (DOUBTS, doubts)):
        if rows:
            written = connection.execute(statement, {"rows": packed(rows), "my_name": owner})
            if written.rowcount != len(rows):
                raise LostKeyError(", ".join(str(row["key"]) for row in rows))


def record_before(connection: Connection, *, ref: Ref, before: str, owner: str) -> None:
    """Write what the account had before the request leaves; raise LostKeyError if the key is this worker's no more."""
    given = packed([{"key": ref[0], "purpose": ref[1], "before": before}])
    if connection.execute(BEFORE, {"rows": given, "my_name": owner}).rowcount != 1:
        raise LostKeyError(ref[0])


def _result_row(result: KeyResult) -> dict[str, object]:
    return {
        "key": result.ref[0],
        "purpose": result.ref[1],
        "state": result.state.value,
        "error": result.error,
        "server_may_be_working": result.server_may_be_working,
        "result_id": result.result_id,
        "result": result.result,
        "resolved_at": time.time(),  # this machine's clock: for people, and for erasing what is old
    }


def release_claim(connection: Connection, *, ref: Ref, owner: str, state: State) -> None:
    """Release a key that was claimed, if it was, so that it can be taken up again."""
    mine = (KEYS.c.key == ref[0]) & (KEYS.c.purpose == ref[1])
    held = (KEYS.c.owner == owner) & (KEYS.c.state == State.SENDING)
    connection.execute(update(KEYS).where(mine, held).values(state=state.value, error="interrupted"))


def release_reconciling(connection: Connection, *, similarity_hash: str, owner: str) -> None:
    """Release the keys alike that this worker has begun to reconcile, if it has, in doubt as they were."""
    held = (KEYS.c.owner == owner) & (KEYS.c.state == State.RECONCILING)
    similar = update(KEYS).where(KEYS.c.similarity_hash == similarity_hash, IS_UNRESOLVED, held)
    connection.execute(similar.values(state=State.DOUBT.value))


@dataclass(frozen=True, slots=True)
class AlikeRows:
    """The unresolved keys that look alike and are now this worker's to reconcile.

    `is_busy` says that something alike is still being sent, so that asking the account now would prove nothing.
    """

    rows: tuple[KeyRow, ...]
    is_busy: bool


def begin_reconciling(connection: Connection, ref: Ref, workers: Workers) -> AlikeRows | None:
    """Take over the unresolved keys like this one; None if it is resolved, or another worker reconciles it."""
    row = row_of(connection, ref)
    if row is None or row.state not in UNRESOLVED:
        return None
    mine: list[KeyRow] = []
    is_busy = False
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
    taken = update(KEYS).where(tuple_(KEYS.c.key, KEYS.c.purpose).in_([each.ref for each in mine]))
    connection.execute(taken.values(state=State.RECONCILING.value, owner=workers.owner))
    return AlikeRows(tuple(mine), is_busy)


def row_of(connection: Connection, ref: Ref) -> KeyRow | None:
    """Return the row of a key; None if there is none."""
    return next(iter(rows_where(connection, KEYS.c.key == ref[0], KEYS.c.purpose == ref[1])), None)


def rows_where(connection: Connection, *conditions: object) -> list[KeyRow]:
    """Return the rows that meet all conditions."""
    return _rows(connection.execute(select(KEYS).where(*conditions)))  # type: ignore[arg-type]  # clauses of KEYS


def _rows(returned: CursorResult[Any]) -> list[KeyRow]:
    return [KeyRow(*cast("tuple[Any, ...]", row)) for row in returned]  # its fields are the table's columns
