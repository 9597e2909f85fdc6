"""The versions of the journal's tables: made new, or brought from an older version to this one, in one transaction.

A version that was released stays readable for ever; a newer one than this release knows is left alone.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, inspect, select, update

from billingo_async.errors import ConfigurationError
from billingo_async.journal.tables import ABOUT, KEYS, METADATA, VERSION

if TYPE_CHECKING:
    from sqlalchemy import Connection

FROM_1: Final = (
    "DROP INDEX billingo_one_key_an_invoice",
    "DROP INDEX billingo_unsettled",
    "ALTER TABLE billingo_keys RENAME TO billingo_keys_1",
    "ALTER TABLE billingo_seen RENAME TO billingo_seen_1",
    "ALTER TABLE billingo_journal ADD COLUMN ticks BIGINT",
)
"""What makes room for the tables of version 2. In version 1 a key was one invoice's."""
INTO_2: Final = (
    """INSERT INTO billingo_keys (key, purpose, operation, api, kind, account, fingerprint, similarity_hash, state,
        owner, stamp, request, before, marks, tick, server_may_be_working, result_id, result, error, tries, begun_at,
        server_begun_at, resolved_at)
    SELECT key, 'document', 'invoices.create', 'v2', 'invoices', account, fingerprint, likeness,
        CASE state WHEN 'settling' THEN 'reconciling' ELSE state END, owner, stamp, request, NULL, NULL, 1, may_run_on,
        invoice_id, invoice, error, tries, begun_at, NULL, settled_at
    FROM billingo_keys_1""",
    """INSERT INTO billingo_seen (account, kind, result_id, tick) SELECT account, 'invoices', invoice_id, 1
    FROM billingo_seen_1 WHERE at < (SELECT coalesce(min(left_at), at + 1) FROM billingo_keys_1
        WHERE state NOT IN ('done', 'free', 'refused'))""",
    "UPDATE billingo_journal SET ticks = 1",
    "DROP TABLE billingo_keys_1",
    "DROP TABLE billingo_seen_1",
)
"""What was seen counts as there before only if it was seen before every key that is still open."""


def set_up_tables(connection: Connection, journal: str) -> None:
    """Make the tables, or bring them up to this version; raise ConfigurationError for those of a newer release."""
    if not inspect(connection).has_table(ABOUT.name):
        METADATA.create_all(connection)
        connection.execute(insert(ABOUT).values(version=VERSION, ticks=0))
        return
    version = connection.execute(select(ABOUT.c.version)).scalar_one_or_none()
    if version == 1:
        for statement in FROM_1:
            connection.exec_driver_sql(statement)
        METADATA.create_all(connection)
        known = connection.exec_driver_sql("SELECT key, highest FROM billingo_keys_1 WHERE highest IS NOT NULL").all()
        for statement in INTO_2:
            connection.exec_driver_sql(statement)
        for key, last_number in known:
            connection.execute(update(KEYS).where(KEYS.c.key == key).values(marks=_marks_of(last_number)))
        connection.execute(update(ABOUT).values(version=VERSION))
    elif version != VERSION:
        msg = (
            f"the journal {journal} was written by a newer release (its tables are of version {version}, this release "
            f"knows {VERSION}): upgrade billingo-async"
        )
        raise ConfigurationError(msg)


def _marks_of(last_number: str) -> str:
    """Return the highest number of version 1, such as ``7:2026-00000000000000000002``, as the marks of version 2."""
    series, _, number = last_number.partition("-")
    return json.dumps({series: int(number)})
