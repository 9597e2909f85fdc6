"""What speaks against adopting a result: it is another key's, or it was there before the intent.

Steps inside a transaction, like those of `claims`. What was there before is told by the journal's own order of
transactions, in ticks; no clock is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from billingo_async.journal.tables import ABOUT, KEYS, SEEN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy import Connection

CHUNK = 500
"""Ids in one statement."""


def owned_ids(connection: Connection, account: str, kind: str, ids: Collection[int]) -> set[int]:
    """Return which of the results belong to a key."""
    mine = (KEYS.c.account == account) & (KEYS.c.kind == kind)
    known: set[int] = set()
    for some in _chunks(ids):
        query = select(KEYS.c.result_id).where(mine, KEYS.c.result_id.in_(some))
        known.update(id_ for id_ in connection.execute(query).scalars() if id_ is not None)
    return known


def first_seen(connection: Connection, account: str, kind: str, ids: Collection[int]) -> Mapping[int, int]:
    """Return at which tick those of the results that no key made were first seen."""
    mine = (SEEN.c.account == account) & (SEEN.c.kind == kind)
    known: dict[int, int] = {}
    for some in _chunks(ids):
        rows: Any = connection.execute(select(SEEN.c.result_id, SEEN.c.tick).where(mine, SEEN.c.result_id.in_(some)))
        known.update({int(id_): int(tick) for id_, tick in rows})
    return known


def record_existing(connection: Connection, account: str, kind: str, ids: Collection[int]) -> None:
    """Record results as seen, those that no key made and that were not seen before.

    An intent that is written later has this tick or a later one. One that was written before has an earlier one, and
    may have made any of them.
    """
    strangers = set(ids) - owned_ids(connection, account, kind, ids)
    fresh = strangers - set(first_seen(connection, account, kind, strangers))
    if fresh:
        connection.execute(update(ABOUT).values(ticks=func.coalesce(ABOUT.c.ticks, 0) + 1))
        tick = connection.execute(select(ABOUT.c.ticks)).scalar_one()
        rows = [{"account": account, "kind": kind, "result_id": id_, "tick": tick} for id_ in sorted(fresh)]
        connection.execute(insert(SEEN), rows)


def _chunks(ids: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))
