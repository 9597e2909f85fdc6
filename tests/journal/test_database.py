"""Where a journal is kept: addresses that are none, drivers that are missing, tables of another release."""

from __future__ import annotations

import subprocess
import sys
from sqlite3 import connect
from typing import TYPE_CHECKING, Any, Final

import pytest
from drafts import draft

from billingo_async import ConfigurationError, Journal, JournalError

if TYPE_CHECKING:
    from pathlib import Path

    from journal_harness import JournalHarness


ADDRESS: Final = "sqlite+aiosqlite:////x/y.db"
NO_ADDRESS: Final = r"sqlite\+aiosqlite:///invoices.db or postgresql\+asyncpg://"
NONE_OF_THEM: Final[list[tuple[str, str, list[Any]]]] = [
    (
        "url",
        NO_ADDRESS,
        ["", "invoices.db", "sqlite+pysqlite:///invoices.db", "mysql+aiomysql://host/x", "nonsense://"],
    ),
    ("url", "would forget its keys", ["sqlite://", "sqlite:///:memory:", "sqlite:////x/y.db?mode=memory&uri=true"]),
    ("url", "would forget its keys", ["sqlite:///x\0.db"]),  # a name that no file can have
    ("stamp", "one printable line that names the key", ["Ref.", "{order}", " {key}", "{key}\n", "Ref.\0{key}", "{"]),
    ("second_look", "second_look must be", [-1, True, "3", 1e9]),
    ("schema", "schema is for PostgreSQL", ["one"]),
]


@pytest.mark.parametrize(("name", "words", "values"), NONE_OF_THEM)
def test_options_that_are_none(name: str, words: str, values: list[Any]) -> None:
    """What no journal can be kept at, a stamp that names no key, a pause that is none: refused with what is right."""
    for value in values:
        options: dict[str, Any] = {"url": ADDRESS, name: value}
        with pytest.raises(ConfigurationError, match=words):
            Journal(**options)


async def test_newer_release(office: JournalHarness, tmp_path: Path) -> None:
    """Tables of a newer release are left alone, and the error says what to do."""
    await (await office.open()).invoices.create(draft(office.client_uid), key="order-1")
    with connect(tmp_path / "invoices.db") as database:
        database.execute("UPDATE billingo_journal SET version = 3")
    database.close()
    billingo = await office.open()
    with pytest.raises(ConfigurationError, match=r"written by a newer release .* version 3.*upgrade billingo-async"):
        await billingo.invoices.create(draft(office.client_uid), key="order-2")
    assert office.made == 1


async def test_database_that_cannot_be_opened(office: JournalHarness, tmp_path: Path) -> None:
    """Without a place to write nothing is sent."""
    office.url = f"sqlite+aiosqlite:///{tmp_path}/missing/invoices.db"
    billingo = await office.open()
    with pytest.raises(JournalError, match="cannot be opened") as caught:
        await billingo.invoices.create(draft(office.client_uid), key="order-1")
    assert caught.value.sent is False
    assert office.made == 0


def test_import_loads_no_database() -> None:
    """Importing the library, `Journal` included, loads nothing that a journal needs."""
    code = "import sys; from billingo_async import Journal; print(any(m.startswith('sqlalchemy') for m in sys.modules))"
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "False\n"  # noqa: S603 - our own code


def test_missing_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its extra, a journal says what to install."""
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(ConfigurationError, match=r'pip install "billingo-async\[journal,postgresql\]"'):
        Journal("postgresql+asyncpg://user@127.0.0.1/journal")
