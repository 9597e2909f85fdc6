"""Settling intents without an outcome, by asking the account what it has; nothing is sent from here.

Keys that look alike are settled together, since only together it can be said which invoice is whose: as many invoices
as keys, or fewer, are given to them one each (the same request leaves no difference); more than keys, and nobody can
tell. That something is *not* there is believed only after a second look, with a pause between.
"""

from __future__ import annotations

import asyncio
import logging
import shlex
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from billingo_async.errors import BillingoError, OutcomeUnknownError
from billingo_async.fields.exact import exact_json
from billingo_async.journal.book import Note, begin_settling, doubtful, leave_settling, note_all
from billingo_async.journal.compare import Match, compare, is_older
from billingo_async.journal.evidence import owned, seen_at
from billingo_async.journal.kept import short
from billingo_async.journal.look import RestlessListError, Wanted, days_of
from billingo_async.journal.tables import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from billingo_async.journal.book import Group
    from billingo_async.journal.room import Room
    from billingo_async.journal.tables import Row
    from billingo_async.v2.models import Invoice
    from billingo_async.v2.resources.account import Account

LOGGER: Final = logging.getLogger("billingo_async")
POLL: Final = 0.1


class UnsettledError(Exception):
    """It cannot be told what became of a key; carries the invoices that may be its."""

    def __init__(self, why: str, candidates: Sequence[int] = (), cause: BillingoError | None = None) -> None:
        """Keep the reason and the ids."""
        super().__init__(why)
        self.candidates: tuple[int, ...] = tuple(candidates)
        self.cause = cause


@dataclass(slots=True)
class Class:
    """The unsettled keys of one request, and the invoices that may be theirs, oldest first."""

    rows: list[Row]
    sure: list[Invoice] = field(default_factory=list["Invoice"])
    unsure: list[int] = field(default_factory=list[int])


async def settle(room: Room, account: Account, key: str, likeness: str) -> None:
    """Bring a key, and those that look alike, to DONE or FREE; leave it to others who are at it.

    Raises UnsettledError if that cannot be told.
    """
    if likeness in room.settling:
        return
    room.settling.add(likeness)
    try:
        group = await _turn(room, key)
        if group is not None:
            await _settle_group(room, account, key, group)
        else:  # others have settled it while this worker waited, perhaps with what looks like it begun
            room.writer.leave_soon(partial(leave_settling, likeness=likeness, owner=room.workers.owner))
    except BaseException:  # cancelled, or not written down: none of the keys must stay this worker's
        room.writer.leave_soon(partial(leave_settling, likeness=likeness, owner=room.workers.owner))
        raise
    finally:
        room.settling.discard(likeness)


async def _settle_group(room: Room, account: Account, key: str, group: Group) -> None:
    notes: list[Note] = [doubtful(row) for row in group.rows]
    try:
        classes = await _looked(room, account, group)
        notes = decide(classes)
    except BillingoError as error:
        raise UnsettledError(f"the account could not be asked ({type(error).__name__})", cause=error) from None
    except RestlessListError as error:
        raise UnsettledError(str(error)) from None
    finally:
        if not asyncio.current_task().cancelling():  # type: ignore[union-attr]  # this runs in a task
            owner = room.workers.owner
            await room.writer.run(lambda connection: note_all(connection, notes, owner))
    for one in classes:
        if any(row.key == key for row in one.rows) and _is_open(one):
            ids = [*(invoice.id for invoice in one.sure), *one.unsure]
            raise UnsettledError("more than one invoice may be this key's", ids)


def decide(classes: Iterable[Class]) -> list[Note]:
    """Return what is to be written of every key: its invoice, that it is free, or that it stays in doubt."""
    notes: list[Note] = []
    for one in classes:
        if _is_open(one):
            ids = ", ".join(str(id_) for id_ in (*(invoice.id for invoice in one.sure), *one.unsure))
            why = f"may be one of the invoices {ids}"
            notes += [doubtful(row, why) for row in one.rows]
            continue
        rows = sorted(one.rows, key=lambda row: row.begun_at)
        for row, invoice in zip(rows, one.sure, strict=False):
            notes.append(Note(row.key, State.DONE, invoice.id, short(invoice)))
        notes += [Note(row.key, State.FREE) for row in rows[len(one.sure) :]]
    return notes


def _is_open(one: Class) -> bool:
    return bool(one.unsure) or len(one.sure) > len(one.rows)


async def _turn(room: Room, key: str) -> Group | None:
    """Take over the keys alike, and wait until nothing alike is being sent; None if somebody else settles them."""
    while True:
        group = await room.writer.run(lambda connection: begin_settling(connection, key, room.workers))
        if group is None or not group.busy:
            return group
        await asyncio.sleep(POLL)


async def _looked(room: Room, account: Account, group: Group) -> list[Class]:
    """Look, and look again after a pause unless every key's invoice was there at once."""
    classes = await _candidates(room, account, group)
    if all(len(one.sure) >= len(one.rows) and not one.unsure for one in classes):
        return classes
    seconds = pause(group.rows, room.second_look, account.timeout)
    keys = ", ".join(repr(row.key) for row in group.rows)
    LOGGER.warning("no invoice of %s is seen yet, which may still be made: looking again in %.0f s", keys, seconds)
    await asyncio.sleep(seconds)
    return await _candidates(room, account, group)


def pause(rows: Iterable[Row], second_look: float, timeout: float) -> float:
    """Return the seconds before the second look.

    A request whose line dropped, or whose process died, may still be at work in the server: it is given as long as any
    request is, counted from now, since nobody has written down when it left.
    """
    return max(second_look, timeout) if any(row.may_run_on for row in rows) else second_look


async def _candidates(room: Room, account: Account, group: Group) -> list[Class]:
    """Ask the account, and sort out what is another key's, was there before, or may be meant by several requests."""
    wanted = {row.key: _wanted(row) for row in group.rows}
    looks = room.looks(account)
    await asyncio.gather(*(looks.look(account, one) for one in wanted.values()))
    ids = {id_ for one in wanted.values() for id_ in one.found}

    def evidence(connection: Connection) -> tuple[set[int], Mapping[int, float]]:
        return owned(connection, account.name, ids), seen_at(connection, account.name, ids)

    taken, seen = await room.writer.run(evidence)
    classes: dict[str, Class] = {}
    claimed_by: dict[int, set[str]] = {}
    for row in group.rows:
        one = classes.setdefault(row.fingerprint, Class([]))
        one.rows.append(row)
        kept = [
            invoice
            for id_, invoice in wanted[row.key].found.items()
            if id_ not in taken and not (seen.get(id_, row.left_at) < row.left_at or is_older(invoice, row.highest))
        ]
        await _sort_in(account, one, wanted[row.key], kept)
        for invoice in kept:
            claimed_by.setdefault(invoice.id, set()).add(row.fingerprint)
    for one in classes.values():
        mixed = [invoice for invoice in one.sure if len(claimed_by[invoice.id]) > 1]
        one.unsure += [invoice.id for invoice in mixed]
        one.sure = [invoice for invoice in one.sure if invoice not in mixed]
    return list(classes.values())


async def _sort_in(account: Account, one: Class, wanted: Wanted, found: Iterable[Invoice]) -> None:
    known = {*(invoice.id for invoice in one.sure), *one.unsure}
    for invoice in sorted(found, key=lambda invoice: (invoice.invoice_no or "", invoice.id)):
        if invoice.id in known:
            continue
        match, whole = compare(wanted.wire, wanted.stamp, invoice), invoice
        if match is Match.PERHAPS:
            whole = await account.get(invoice.id)
            match = compare(wanted.wire, wanted.stamp, whole)
        if match is Match.YES:
            one.sure.append(whole)
        elif match is Match.PERHAPS:
            one.unsure.append(invoice.id)


def _wanted(row: Row) -> Wanted:
    wire: Any = exact_json((row.request or "").encode())
    return Wanted(wire, row.stamp, *days_of(row.left_at))


def unknown(key: str, error: UnsettledError) -> OutcomeUnknownError:
    """Return the error for a caller: what is not known, the candidates, and how to settle it."""
    ids = f": {', '.join(str(id_) for id_ in error.candidates)}" if error.candidates else ""
    return OutcomeUnknownError(
        f"invoices.create: it is not known whether key {key!r} has an invoice ({error}{ids}); nothing more was sent. "
        f"Calling again with the same key asks anew; to settle it by hand: "
        f"billingo-async bulk settle JOURNAL {shlex.quote(key)}",
        operation="invoices.create",
        cause=error.cause,
        candidates=error.candidates,
    )
