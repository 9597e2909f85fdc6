"""What is written under a key, and when that is allowed: every step of this room runs inside one writing transaction.

Such transactions follow one another in all processes (see `database`), so a step may read, decide and write. Two rules
keep reconciling honest. Nothing that looks alike is sent while somebody reconciles; and nobody reconciles while
something that looks alike is being sent.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, insert, or_, select, update

from billingo_async.bulk.tables import FREE, KEYS, UNSETTLED, Row, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from billingo_async.bulk.intent import Intent
    from billingo_async.bulk.workers import Workers


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
    timed_out: bool = False


class LostKeyError(Exception):
    """A note came for a key that another worker has taken over meanwhile."""


def claim_all(connection: Connection, claims: Sequence[Claim], workers: Workers) -> list[Claimed]:
    """Answer the claims of one worker, and write the intents of those that may be sent."""
    keys = {claim.intent.key for claim in claims}
    rows = rows_where(connection, or_(KEYS.c.key.in_(keys), KEYS.c.state == State.SETTLING))
    known = {row.key: row for row in rows}
    settling = {row.likeness for row in rows if row.state == State.SETTLING and workers.alive(connection, row)}
    answers: list[Claimed] = []
    fresh: list[Claim] = []
    again: list[Claim] = []
    for claim in claims:
        row = known.get(claim.intent.key)
        verdict = _verdict(connection, claim, row, settling, workers)
        if verdict is Verdict.MINE:
            (fresh if row is None else again).append(claim)
        answers.append(Claimed(verdict, row))
    if fresh:
        connection.execute(insert(KEYS), [_intent_row(claim, workers.owner, 1) for claim in fresh])
    for claim in again:
        tries = known[claim.intent.key].tries + 1
        values = _intent_row(claim, workers.owner, tries)
        connection.execute(update(KEYS).where(KEYS.c.key == claim.intent.key).values(values))
    return answers


def _verdict(connection: Connection, claim: Claim, row: Row | None, settling: set[str], workers: Workers) -> Verdict:
    if row is not None and row.state not in FREE:
        if row.fingerprint != claim.intent.fingerprint:
            return Verdict.OTHER_REQUEST
        if row.state == State.DONE:
            return Verdict.DONE
        is_held = row.state != State.DOUBT and workers.alive(connection, row)
        return Verdict.BUSY if is_held else Verdict.UNSETTLED
    return Verdict.BUSY if claim.intent.likeness in settling else Verdict.MINE


def _intent_row(claim: Claim, owner: str, tries: int) -> dict[str, object]:
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
        "timed_out": False,
        "error": None,
        "tries": tries,
        "begun_at": now,
        "left_at": now,
        "settled_at": None,
    }


_HELD: Final = (KEYS.c.state == State.SENDING) | (KEYS.c.state == State.SETTLING)  # IN takes no list of parameters
_NOTED: Final = (
    update(KEYS)
    .where(KEYS.c.key == bindparam("noted_key"), KEYS.c.owner == bindparam("noted_owner"))
    .where(_HELD)
    .values(
        state=bindparam("new_state"),
        invoice_id=bindparam("new_invoice_id"),
        invoice=bindparam("new_invoice"),
        error=bindparam("new_error"),
        timed_out=bindparam("new_timed_out"),
        settled_at=bindparam("new_settled_at"),
        request=bindparam("new_request"),
    )
)
_NOTED_UNSETTLED: Final = (
    update(KEYS)
    .where(KEYS.c.key == bindparam("noted_key"), KEYS.c.owner == bindparam("noted_owner"))
    .where(_HELD)
    .values(state=bindparam("new_state"), error=bindparam("new_error"), timed_out=bindparam("new_timed_out"))
)


def note_all(connection: Connection, notes: Sequence[Note], owner: str) -> None:
    """Write what became of keys; raise LostKeyError, having written nothing, if one is this worker's no more."""
    known = [note for note in notes if note.state not in UNSETTLED]
    doubts = [note for note in notes if note.state in UNSETTLED]
    now = time.time()
    for statement, some in ((_NOTED, known), (_NOTED_UNSETTLED, doubts)):
        if some:
            result = connection.execute(statement, [_note_row(note, owner, now) for note in some])
            if result.rowcount != len(some):
                raise LostKeyError(", ".join(note.key for note in some))


def _note_row(note: Note, owner: str, now: float) -> dict[str, object]:
    row = {f"new_{name}": value for name, value in asdict(note).items() if name != "key"}
    return {**row, "noted_key": note.key, "noted_owner": owner, "new_settled_at": now, "new_request": None}


def take_back(connection: Connection, *, keys: Sequence[str], owner: str) -> None:
    """Leave the keys that were claimed, those that were, for nobody who heard of it: nothing was sent for them."""
    for key in keys:
        interrupt(connection, key=key, owner=owner, state=State.FREE)


def interrupt(connection: Connection, *, key: str, owner: str, state: State) -> None:
    """Leave a key that was claimed, if it was, so that it can be taken up again."""
    mine = (KEYS.c.key == key) & (KEYS.c.owner == owner) & (KEYS.c.state == State.SENDING)
    connection.execute(update(KEYS).where(mine).values(state=state.value, error="interrupted"))


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
    alike = rows_where(connection, KEYS.c.likeness == row.likeness, KEYS.c.state.in_(sorted(UNSETTLED)))
    mine: list[Row] = []
    busy = False
    for each in alike:
        if each.account != row.account:
            continue
        held = each.state != State.DOUBT and workers.alive(connection, each)
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
    found = connection.execute(select(KEYS).where(*conditions))  # type: ignore[arg-type]  # clauses of KEYS
    return [Row(**row) for row in found.mappings()]
