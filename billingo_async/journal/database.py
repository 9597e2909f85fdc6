"""Where a journal is kept: the address checked, its driver there, its tables made or known to be of this release.

SQLite on one machine, PostgreSQL for many; how they are reached stands in `lines`.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from billingo_async.errors import ConfigurationError
from billingo_async.journal.tables import ABOUT, METADATA, VERSION

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine import URL

DRIVERS: Final = {"sqlite+aiosqlite": "journal", "postgresql+asyncpg": "journal,postgresql"}
"""What a journal is kept in, and the extras that bring it."""
EXAMPLE: Final = "sqlite+aiosqlite:///invoices.db or postgresql+asyncpg://user@host/database"
OLDEST_SQLITE: Final = (3, 33)
"""The first release that updates one table from another."""


class Database:
    """Where a journal is kept."""

    def __init__(self, url: object) -> None:
        """Check the address; nothing is opened yet."""
        self.url: Final = _checked(url)
        self.is_sqlite: Final = self.url.get_backend_name() == "sqlite"
        try:
            self.url.get_dialect().import_dbapi()
        except ModuleNotFoundError as missing:
            extras = DRIVERS[self.url.drivername]
            msg = f'this journal needs {missing.name}: pip install "billingo-async[{extras}]"'
            raise ConfigurationError(msg) from None
        if self.is_sqlite and sqlite3.sqlite_version_info < OLDEST_SQLITE:
            oldest = ".".join(map(str, OLDEST_SQLITE))
            msg = f"this journal needs SQLite {oldest} or newer, this is {sqlite3.sqlite_version}: take a newer one"
            raise ConfigurationError(msg)

    def __repr__(self) -> str:
        """Show the address without a password."""
        return self.url.render_as_string(hide_password=True)

    def broken(self, doing: str, error: Exception) -> ConfigurationError:
        """Return the error for a database that does not do what it should."""
        cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        remedy = (
            "; name a file in a folder that is there and may be written" if doing == "opened" and self.is_sqlite else ""
        )
        return ConfigurationError(f"the journal {self} cannot be {doing}: {cause}{remedy}")

    def set_up(self, connection: Connection) -> None:
        """Make the tables or check whose they are; called inside a transaction."""
        ABOUT.create(connection, checkfirst=True)
        found = connection.execute(select(ABOUT.c.version)).scalar_one_or_none()
        if found is None:
            connection.execute(insert(ABOUT).values(version=VERSION))
        elif found != VERSION:
            msg = (
                f"the journal {self} was written by a newer release (its tables are of version {found}, this release "
                f"knows {VERSION}): upgrade billingo-async"
            )
            raise ConfigurationError(msg)
        METADATA.create_all(connection)


def _checked(url: object) -> URL:
    try:
        made = make_url(str(url))
    except (ArgumentError, NoSuchModuleError, ValueError):
        made = None
    if made is None or made.drivername not in DRIVERS:
        kind = made.drivername if made else "no address"
        msg = f"a journal needs an address such as {EXAMPLE}, got {kind}"
        raise ConfigurationError(msg)
    if made.get_backend_name() == "sqlite" and made.database in {None, "", ":memory:"}:
        msg = "a journal in memory would forget its keys: name a file, as in sqlite+aiosqlite:///invoices.db"
        raise ConfigurationError(msg)
    return made
