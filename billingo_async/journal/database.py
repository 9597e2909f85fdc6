"""Where a journal is kept: the address checked, its driver there, its file known, its tables of this release.

SQLite on one machine, PostgreSQL for many; how they are reached stands in `connections`. Tables of a version that was
released stay readable for ever; those of a newer release are left alone.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, insert, inspect, select, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from billingo_async.errors import BillingoError, ConfigurationError, JournalError
from billingo_async.journal.tables import ABOUT, KEYS, METADATA, VERSION

DRIVERS: Final = {"sqlite": "journal", "sqlite+aiosqlite": "journal", "postgresql+asyncpg": "journal,postgresql"}
"""What a journal is kept in, and the extras that bring it."""
EXAMPLE: Final = "sqlite+aiosqlite:///invoices.db or postgresql+asyncpg://user@host/database"
_ONLY_OWNER: Final = 0o600
_SSL: Final = {"sslmode": "ssl"}
"""libpq's name of an option, and asyncpg's."""
_OF_DATA: Final = frozenset({"22", "23"})
"""PostgreSQL's classes of errors about a value: it is none of its type, or breaks a rule of the table."""
_VALUE_ERRORS: Final = (sqlite3.DataError, sqlite3.IntegrityError, OverflowError, ValueError)


class Database:
    """Where a journal is kept."""

    def __init__(self, url: object, schema: str | None = None) -> None:
        """Check the address; nothing is opened yet."""
        self.url: Final = _check_url(url)
        del url  # as in `Journal`
        self.is_sqlite: Final = self.url.get_backend_name() == "sqlite"
        self.path: Final = Path(self.url.database or "").resolve()
        """The file of an SQLite journal, every link of its path followed: one file is one journal."""
        self.has_named_statements: bool = True
        """False once a pooler was met that gives each transaction another connection."""
        self._identity: tuple[int, int] | None = None
        self.schema: Final = _check_schema(schema, is_sqlite=self.is_sqlite)
        try:
            self.url.get_dialect().import_dbapi()
        except ModuleNotFoundError as missing:
            extras = DRIVERS[self.url.drivername]
            msg = f'this journal needs {missing.name}: pip install "billingo-async[{extras}]"'
            raise ConfigurationError(msg) from None

    def __repr__(self) -> str:
        """Show the address without a password, in whichever part of it one stands."""
        return self.url.set(query={}).render_as_string(hide_password=True)

    def claim_file(self) -> None:
        """Make the file if there is none, readable and writable by its owner alone; remember which file it is.

        Raises JournalError where it is not the one that this object has used before.
        """
        if self._identity is not None:
            return self.check_file()
        with suppress(OSError):  # it is there already, or the driver says what is wrong with it
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, _ONLY_OWNER))
        self._identity = identity_of(self.path)
        return None

    def check_file(self) -> None:
        """Raise JournalError if the file is gone, or another one in its place: what was written is not in that one."""
        if self._identity is not None and identity_of(self.path) != self._identity:
            msg = (
                f"the journal {self!r} is gone, or was replaced while it was used: nothing more is sent, for the keys "
                "of before are not in it; put back the file that was there, or recover what the account has "
                "(billingo-async journal recover)"
            )
            raise JournalError(msg, sent=False, worth_retrying=False)

    def failure(self, doing: str, error: Exception) -> JournalError:
        """Return the error for a database that does not do what it should."""
        if isinstance(error, JournalError):
            return error
        cause = _driver_error(error)
        if is_of_data(error):
            msg = f"the journal {self!r} cannot hold a value that was to be {doing} ({type(cause).__name__})"
            return JournalError(msg, sent=False, worth_retrying=False)  # the driver's words quote it
        is_unopened = doing == "opened" and self.is_sqlite
        remedy = "; name a file in a folder that is there and may be written" if is_unopened else ""
        words = str(cause) or type(cause).__name__
        return JournalError(f"the journal {self!r} cannot be {doing}: {words}{remedy}", sent=False)

    def set_up(self, connection: Connection) -> None:
        """Make the tables, bring them up to this release, or refuse those of a newer one; inside a transaction."""
        if self.schema is not None and not inspect(connection).has_schema(self.schema):
            raise ConfigurationError(f"the journal {self!r} has no schema {self.schema!r}: CREATE SCHEMA {self.schema}")
        version: int | None = VERSION
        if inspect(connection).has_table(ABOUT.name):
            version = connection.execute(select(ABOUT.c.version)).scalar_one_or_none()
        else:
            METADATA.create_all(connection)
            connection.execute(insert(ABOUT).values(version=VERSION, ticks=0))
        if version == 1:
            _bring_up(connection)
        elif version != VERSION:
            raise ConfigurationError(
                f"the journal {self!r} was written by a newer release (its tables are of version {version}, this "
                f"release knows {VERSION}): upgrade billingo-async"
            )


def is_of_data(error: Exception) -> bool:
    """Tell whether a database refuses a value: nothing else is wrong with it, and it takes others."""
    driver = _driver_error(error)
    return not isinstance(error, BillingoError) and any(
        isinstance(one, _VALUE_ERRORS) or str(getattr(one, "sqlstate", ""))[:2] in _OF_DATA
        for one in (driver, driver.__cause__)  # one of SQLAlchemy's drivers wraps what its own driver says once more
    )


def _driver_error(error: BaseException) -> BaseException:
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error


def identity_of(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one of the same name; None where there is none."""
    try:
        info = path.stat()
    except OSError:
        return None
    return info.st_dev, info.st_ino


def _check_url(url: object) -> URL:
    try:
        made = make_url(str(url))
    except (ArgumentError, NoSuchModuleError, ValueError):
        made = None
    if made is None or made.drivername not in DRIVERS:
        kind = made.drivername if made else "no address"
        raise ConfigurationError(f"a journal needs an address such as {EXAMPLE}, got {kind}")
    if made.get_backend_name() != "sqlite":
        return _for_asyncpg(made, at_signs=str(url).count("@"))
    place = made.database or ""
    if place in {"", ":memory:"} or place.startswith("file:") or "\0" in place or "uri" in made.query:
        raise ConfigurationError(
            "a journal in memory would forget its keys, and one at a URI of SQLite's is not the file that is watched: "
            "name a file, as in sqlite+aiosqlite:///invoices.db"
        )
    return made.set(drivername="sqlite")


def _for_asyncpg(url: URL, *, at_signs: int) -> URL:
    """Return the address with libpq's word for TLS as asyncpg's; refuse a host that would stand for a password."""
    query: dict[str, Any] = {_SSL.get(name, name): value for name, value in url.query.items()}
    if at_signs > 1 or "@" in f"{url.host}{url.database}":
        raise ConfigurationError("the journal's address has a '@' too many: write the one in the password as %40")
    return url.set(password=query.pop("password", url.password), query=query)


def _check_schema(schema: object, *, is_sqlite: bool) -> str | None:
    if schema is not None and is_sqlite:
        raise ConfigurationError("schema is for PostgreSQL: give each account a file of its own in SQLite")
    if schema is None or (isinstance(schema, str) and schema.isidentifier() and schema.isascii()):
        return schema
    raise ConfigurationError(f"schema must be a name of ASCII letters, digits and underscores, got {schema!r:.40}")


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


def _bring_up(connection: Connection) -> None:
    """Make tables of this version of those of version 1."""
    for statement in FROM_1:
        connection.exec_driver_sql(statement)
    METADATA.create_all(connection)
    known = connection.exec_driver_sql("SELECT key, highest FROM billingo_keys_1 WHERE highest IS NOT NULL").all()
    for statement in INTO_2:
        connection.exec_driver_sql(statement)
    for key, last_number in known:  # such as ``7:2026-00000000000000000002``
        series, _, number = last_number.partition("-")
        marks = json.dumps({series: int(number)})
        connection.execute(update(KEYS).where(KEYS.c.key == key).values(marks=marks))
    connection.execute(update(ABOUT).values(version=VERSION))
