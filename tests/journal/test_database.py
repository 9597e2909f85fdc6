"""Where a journal is kept: addresses that are none, drivers that are missing, tables of another release."""

from __future__ import annotations

import subprocess
import sys
from sqlite3 import connect
from typing import TYPE_CHECKING, Any

import pytest
from drafts import draft

from billingo_async import ConfigurationError, Journal, JournalError

if TYPE_CHECKING:
    from pathlib import Path

    from journal_harness import JournalHarness


@pytest.mark.parametrize(
    "url", ["", "invoices.db", "sqlite+pysqlite:///invoices.db", "mysql+aiomysql://host/x", "nonsense://"]
)
def test_addresses_that_are_none(url: str) -> None:
    """An address that no journal can be kept at is refused with two that can."""
    with pytest.raises(ConfigurationError, match=r"sqlite\+aiosqlite:///invoices.db or postgresql\+asyncpg://"):
        Journal(url)


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "sqlite:////x/y.db?mode=memory&uri=true", "sqlite:///x\0.db"]
)
def test_memory_forgets(url: str) -> None:
    """A journal in memory is none, nor is a name that no file can have."""
    with pytest.raises(ConfigurationError, match="would forget its keys"):
        Journal(url)


@pytest.mark.parametrize("stamp", ["Ref.", "{order}", " {key}", "{key}\n", "Ref.\0{key}", "{"])
def test_stamps_that_are_none(tmp_path: Path, stamp: str) -> None:
    """A stamp that does not name the key in one line is refused, and one that a database would cut short."""
    with pytest.raises(ConfigurationError, match="stamp must be one printable line that names the key"):
        Journal(f"sqlite+aiosqlite:///{tmp_path / 'x.db'}", stamp=stamp)


@pytest.mark.parametrize("seconds", [-1, True, "3", 1e9])
def test_second_looks_that_are_none(tmp_path: Path, seconds: Any) -> None:
    """A pause that is no reasonable number of seconds is refused."""
    with pytest.raises(ConfigurationError, match="second_look must be"):
        Journal(f"sqlite+aiosqlite:///{tmp_path / 'x.db'}", second_look=seconds)


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
