"""What is written under a key, and when that is allowed: every step of this room runs inside one writing transaction.

Such transactions follow one another in all processes (see `database`), so a step may read, decide and write. Two rules
keep reconciling honest. Nothing that looks alike is sent while somebody reconciles; and nobody reconciles while
something that looks alike is being sent.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import Enum
from functools import cache, partial
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select, update

from billingo_async.journal.statements import (
    CLAIMED,
    INTENDED,
    INTENDED_AGAIN,
    NOTED,
    NOTED_UNSETTLED,
    packed,
)
from billingo_async.journal.tables import FREE, IS_UNSETTLED, KEYS, UNSETTLED, Row, State

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection, CursorResult

    from billingo_async.journal.intent import Intent
    from billingo_async.journal.workers import Workers


class Verdict(Enum):
    """What a worker who comes with a key is told."""

    MINE = "mine"
    """The intent is written: send it."""
    DONE = "done"
    """There is an invoice."""
    BUSY = "busy"
    """Somebody else is sending or reconciling this key, or one that looks alike: come back."""
    UNSETTLED = "unsettled"
    """There is an intent without an outcome and nobody at it: reconcile."""
    OTHER_REQUEST = "other request"
    """The key stands for another invoice."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's wish to send the invoice of a key."""

    intent: Intent
    account: str
    highest: str | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """The answer to a claim, with the key's row where there was one."""

    verdict: Verdict
    row: Row | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What became of a key that this worker was at; `state` says it, the rest is told where it is known."""

    key: str
    state: State
    invoice_id: int | None = None
    invoice: str | None = None
    error: str | None = None
    may_run_on: bool = True
    """Where it is not known: that the server may still be at work on the request, and make the invoice yet."""


def doubtful(row: Row, why: str | None = None) -> Note:
    """Return the note that leaves a key in doubt, as it was or with another reason."""
    return Note(row.key, State.DOUBT, error=why or row.error, may_run_on=row.may_run_on)


class LostKeyError(Exception):
    """A note came for a key that another worker has taken over meanwhile."""


def write_all(connection: Connection, entries: Sequence[Claim | Note], workers: Workers) -> Sequence[Claimed | None]:
    """Write what became of keys, answer claims, and return the answers in the order of the entries."""
    note_all(connection, [entry for entry in entries if isinstance(entry, Note)], workers.owner)
    claims = [entry for entry in entries if isinstance(entry, Claim)]
    answers = iter(claim_all(connection, claims, workers) if claims else ())
    return [next(answers) if isinstance(entry, Claim) else None for entry in entries]


def claim_all(connection: Connection, claims: Sequence[Claim], workers: Workers) -> list[Claimed]:
    """Answer the claims of one worker, and write the intents of those that may be sent."""
    is_alive = cache(partial(workers.alive, connection))
    found = connection.execute(CLAIMED, {"rows": packed({"key": claim.intent.key} for claim in claims)})
    known = {row.key: row for row in _rows(found)}
    settling = {row.likeness for row in known.values() if row.state == State.SETTLING and is_alive(row.owner)}
    answers: list[Claimed] = []
    fresh: list[dict[str, object]] = []
    again: list[dict[str, object]] = []
    for claim in claims:
        row = known.get(claim.intent.key)
        verdict = _verdict(claim, row, settling, is_alive)
        answers.append(Claimed(verdict, row))
        if verdict is Verdict.MINE and row is None:
            fresh.append(intent_row(claim, workers.owner))
        elif verdict is Verdict.MINE and row is not None:
            again.append(intent_row(claim, workers.owner, row.tries + 1))
    for statement, intents in ((INTENDED, fresh), (INTENDED_AGAIN, again)):
        if intents:
            connection.execute(statement, {"rows": packed(intents)})
    return answers


def _verdict(claim: Claim, row: Row | None, settling: set[str], is_alive: Callable[[str], bool]) -> Verdict:
    if row is not None and row.state not in FREE:
        if row.fingerprint != claim.intent.fingerprint:
            return Verdict.OTHER_REQUEST
        if row.state == State.DONE:
            return Verdict.DONE
        is_held = row.state != State.DOUBT and is_alive(row.owner)
        return Verdict.BUSY if is_held else Verdict.UNSETTLED
    return Verdict.BUSY if claim.intent.likeness in settling else Verdict.MINE


def intent_row(claim: Claim, owner: str, tries: int = 1) -> dict[str, object]:
    """Return the row of a key that is about to be sent."""
    intent, now = claim.intent, time.time()
    return {
        "key": intent.key,
        "account": claim.account,
        "fingerprint": intent.fingerprint,
        "likeness": intent.likeness,
        "state": State.SENDING.value,
        "owner": owner,
        "stamp": intent.stamp,
        "request": intent.request.decode(),
        "highest": claim.highest,
        "may_run_on": True,
        "error": None,
        "tries": tries,
        "begun_at": now,
        "left_at": now,
        "settled_at": None,
    }


def note_all(connection: Connection, notes: Sequence[Note], owner: str) -> None:
    """Write what became of keys; raise LostKeyError, having written nothing, if one is this worker's no more."""
    known = [note_row(note) for note in notes if note.state not in UNSETTLED]
    doubts = [note_row(note) for note in notes if note.state in UNSETTLED]
    for statement, rows in ((NOTED, known), (NOTED_UNSETTLED, doubts)):
        if rows:
            noted = connection.execute(statement, {"rows": packed(rows), "my_name": owner})
            if noted.rowcount != len(rows):
                raise LostKeyError(", ".join(str(row["key"]) for row in rows))


def note_row(note: Note) -> dict[str, object]:
    """Return what an outcome changes in the row of its key."""
    return {
        "key": note.key,
        "state": note.state.value,
        "error": note.error,
        "may_run_on": note.may_run_on,
        "invoice_id": note.invoice_id,
        "invoice": note.invoice,
        "settled_at": time.time(),
    }


def interrupt(connection: Connection, *, key: str, owner: str, state: State) -> None:
    """Leave a key that was claimed, if it was, so that it can be taken up again."""
    mine = (KEYS.c.key == key) & (KEYS.c.owner == owner) & (KEYS.c.state == State.SENDING)
    connection.execute(update(KEYS).where(mine).values(state=state.value, error="interrupted"))


def leave_settling(connection: Connection, *, likeness: str, owner: str) -> None:
    """Leave the keys that look alike and that this worker has begun to settle, if it has, in doubt as they were."""
    mine = (KEYS.c.likeness == likeness) & IS_UNSETTLED & (KEYS.c.owner == owner) & (KEYS.c.state == State.SETTLING)
    connection.execute(update(KEYS).where(mine).values(state=State.DOUBT.value))


@dataclass(frozen=True, slots=True)
class Group:
    """The unsettled keys that look alike and are now this worker's to settle.

    `busy` says that something alike is still being sent, so that asking the account now would prove nothing.
    """

    rows: tuple[Row, ...]
    busy: bool


def begin_settling(connection: Connection, key: str, workers: Workers) -> Group | None:
    """Take over the unsettled keys that look like this one; None if it is settled, or somebody else is at it."""
    (row,) = rows_where(connection, KEYS.c.key == key) or (None,)
    if row is None or row.state not in UNSETTLED:
        return None
    alike = rows_where(connection, KEYS.c.likeness == row.likeness, IS_UNSETTLED)
    mine: list[Row] = []
    busy = False
    for each in alike:
        if each.account != row.account:
            continue
        held = each.state != State.DOUBT and workers.alive(connection, each.owner)
        if held and each.state == State.SETTLING and each.owner != workers.owner:
            return None
        if held and each.state == State.SENDING:
            busy = True
        else:
            mine.append(each)
    names = [each.key for each in mine]
    change = update(KEYS).where(KEYS.c.key.in_(names)).values(state=State.SETTLING.value, owner=workers.owner)
    connection.execute(change)
    return Group(tuple(mine), busy)


def rows_where(connection: Connection, *conditions: object) -> list[Row]:
    """Return the rows that meet all conditions."""
    return _rows(connection.execute(select(KEYS).where(*conditions)))  # type: ignore[arg-type]  # clauses of KEYS


def _rows(found: CursorResult[Any]) -> list[Row]:
    return [Row(*cast("tuple[Any, ...]", row)) for row in found]  # its fields are the table's columns
