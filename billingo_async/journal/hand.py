"""Looking into a journal and settling a key by hand: what a person does when the account alone cannot tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from billingo_async.errors import ConfigurationError
from billingo_async.journal.book import Note, begin_settling, doubtful, note_all, rows_where
from billingo_async.journal.evidence import owned
from billingo_async.journal.kept import restored, short
from billingo_async.journal.reconcile import UnsettledError, settle, unknown
from billingo_async.journal.tables import IS_UNSETTLED, KEYS, UNSETTLED, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from billingo_async.journal.room import Room
    from billingo_async.journal.tables import Row
    from billingo_async.v2.models import Invoice
    from billingo_async.v2.resources.account import Account


@dataclass(frozen=True, slots=True)
class Status:
    """What a journal holds.

    Attributes:
        counts: How many keys stand where: done, refused, free, doubt, sending, settling.
        unsettled: The keys without an outcome, with what is known of the reason.
        refused: The keys whose last try was refused, with the reason.

    """

    counts: Mapping[str, int]
    unsettled: Mapping[str, str]
    refused: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a journal holds of one key.

    Attributes:
        key: The key.
        state: Where it stands: done, refused, free, doubt, sending, settling.
        invoice: Its invoice, in short; None where it has none, or it is not known.
        error: Why the last try made none, or why that is not known; None where it is done.

    """

    key: str
    state: str
    invoice: Invoice | None
    error: str | None


def status(connection: Connection) -> Status:
    """Return what a journal holds; a step inside a transaction."""
    counted = connection.execute(select(KEYS.c.state, func.count()).group_by(KEYS.c.state))
    counts = {str(state): int(count) for state, count in counted}
    open_rows = rows_where(connection, IS_UNSETTLED)
    refused = rows_where(connection, KEYS.c.state == State.REFUSED)
    return Status(counts, _reasons(open_rows), _reasons(refused))


def _reasons(rows: list[Row]) -> dict[str, str]:
    return {row.key: row.error or row.state for row in sorted(rows, key=lambda row: row.key)}


async def kept(room: Room, key: str) -> Kept:
    """Return what a journal holds of one key."""
    row = await _row(room, key)
    is_done = row.state == State.DONE
    invoice = restored(row.invoice) if is_done and row.invoice is not None else None
    return Kept(row.key, str(row.state), invoice, None if is_done else row.error)


async def settle_key(room: Room, account: Account, key: str, invoice_id: int | None, *, no_invoice: bool) -> int | None:
    """Settle one key, by what a person knows or else by asking the account; return its invoice's id, if it has one."""
    row = await _row(room, key)
    if row.state not in UNSETTLED:
        return _as_it_is(row, invoice_id, no_invoice=no_invoice)
    if row.account != account.name:
        msg = f"key {key!r} was used with other API keys: settle it with those"
        raise ConfigurationError(msg)
    if invoice_id is None and not no_invoice:
        try:
            await settle(room, account, key, row.likeness)
        except UnsettledError as error:
            raise unknown(key, error) from None
    else:
        await _told(room, account, key, None if invoice_id is None else await account.get(invoice_id))
    row = await _row(room, key)
    if row.state in UNSETTLED:
        msg = f"another worker is at key {key!r}: wait until it is done, or stop it"
        raise ConfigurationError(msg)
    return row.invoice_id


def _as_it_is(row: Row, invoice_id: int | None, *, no_invoice: bool) -> int | None:
    """Return what a key without doubt has; raise ConfigurationError for a person who says something else."""
    if no_invoice and row.invoice_id is not None:
        msg = (
            f"key {row.key!r} is {row.state}: it has invoice {row.invoice_id}, for ever. To be rid of that, cancel the "
            "invoice, and make the next one under a new key"
        )
        raise ConfigurationError(msg)
    if invoice_id not in {None, row.invoice_id}:
        has = "has no invoice, and nothing about it is in doubt" if row.invoice_id is None else f"has {row.invoice_id}"
        msg = f"key {row.key!r} is {row.state}: it {has}, so it cannot be given invoice {invoice_id}"
        raise ConfigurationError(msg)
    return row.invoice_id


async def _told(room: Room, account: Account, key: str, invoice: Invoice | None) -> None:
    """Write down what a person knows."""

    def write(connection: Connection) -> None:
        group = begin_settling(connection, key, room.workers)
        if group is None or group.busy:
            msg = f"another worker is at key {key!r}, or at one that looks alike: wait until it is done, or stop it"
            raise ConfigurationError(msg)
        if invoice is not None and owned(connection, account.name, [invoice.id]):
            msg = f"invoice {invoice.id} belongs to another key already"
            raise ConfigurationError(msg)
        notes = [doubtful(row) for row in group.rows if row.key != key]
        mine = Note(key, State.FREE) if invoice is None else Note(key, State.DONE, invoice.id, short(invoice))
        note_all(connection, [mine, *notes], room.workers.owner)

    await room.writer.run(write)


async def _row(room: Room, key: str) -> Row:
    rows = await room.writer.run(lambda connection: rows_where(connection, KEYS.c.key == key))
    if not rows:
        msg = f"the journal has no key {key!r}"
        raise ConfigurationError(msg)
    return rows[0]
