"""What speaks against adopting an invoice: it is another key's, or it was there before the intent.

Steps inside a transaction, like those of `book`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from billingo_async.journal.tables import IS_UNSETTLED, KEYS, SEEN

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection

CHUNK = 500
"""Ids in one statement."""


def owned(connection: Connection, account: str, ids: Collection[int]) -> set[int]:
    """Return which of the invoices belong to a key."""
    found: set[int] = set()
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        query = select(KEYS.c.invoice_id).where(KEYS.c.account == account, KEYS.c.invoice_id.in_(some))
        found.update(id_ for id_ in (connection.execute(query)).scalars() if id_ is not None)
    return found


def seen_at(connection: Connection, account: str, ids: Collection[int]) -> Mapping[int, float]:
    """Return when those of the invoices that no key made were first seen."""
    found: dict[int, float] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        query = select(SEEN.c.invoice_id, SEEN.c.at).where(SEEN.c.account == account, SEEN.c.invoice_id.in_(some))
        found.update(dict((connection.execute(query)).all()))
    return found


def see(connection: Connection, account: str, ids: Collection[int], at: float) -> None:
    """Note invoices as seen, those that no key made and that were not seen before.

    Clocks differ between machines, and are set back. Whatever they show, nothing counts as seen before an intent that
    was written when it was seen: it may be the very invoice that the intent has made.
    """
    strangers = set(ids) - owned(connection, account, ids)
    fresh = strangers - set(seen_at(connection, account, strangers))
    if fresh:
        open_rows = (KEYS.c.account == account) & IS_UNSETTLED
        latest = connection.execute(select(func.max(KEYS.c.left_at)).where(open_rows)).scalar_one()
        at = at if latest is None else max(at, latest)
        rows = [{"account": account, "invoice_id": id_, "at": at} for id_ in sorted(fresh)]
        connection.execute(insert(SEEN), rows)
