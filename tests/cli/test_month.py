"""A month from a spreadsheet's file to PDFs, typed in a terminal; no id is typed. The guide shows it as a picture."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
async def test_month(tmp_path: Path, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three invoices for two customers, one mailed and paid, three PDFs; the bars and sums stand on the screen.

    The first comes to (120 x 590 + 300 x 149.50) x 1.18 = 136 467.
    """
    monkeypatch.syspath_prepend(str(pytestconfig.rootpath / "docs"))  # pyright: ignore[reportUnknownMemberType]  # pytest types no path
    picture: Any = import_module("month_picture")
    sandbox = Sandbox()
    screen = await picture.month(tmp_path, sandbox)
    text: str = screen.console.export_text()
    counts = {name: sandbox.ledger.count(name) for name in ("clients.create", "invoices.create", "invoices.pay")}
    assert counts == {"clients.create": 2, "invoices.create": 3, "invoices.pay": 1}
    assert len(sandbox.outbox) == 1
    assert len(list((tmp_path / "march").glob("*.pdf"))) == 3
    assert "3 invoices, every line is right; nothing was sent" in text
    assert "customer to be made: Minta Bt." in text
    assert "invoices: 3 made" in text
    assert re.search(
        r"Mail invoice TST / \d{4}-\d{6} of Őrségi Sütőház Kft\., 136 467 HUF to its customer\? \[y/N\]: y", text
    )
    assert "fully paid" in text
    assert "PDFs: 3 saved" in text
    assert (tmp_path / "invoices.db").exists()
