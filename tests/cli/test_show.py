"""What is printed, on a terminal and off it."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from billingo_async import Invoice
from billingo_async.cli.show import Display, make_console

INVOICES = (
    {"id": 1, "invoice_no": "2026-000001", "total": "12345", "currency": "HUF", "status": 1, "total_paid": "12345",
     "client": {"name": "Őrült [red]Kft."}},
    {"id": 2, "invoice_no": "2026-000002", "total": "100", "currency": "HUF", "status": 2, "total_paid": "40"},
    {"id": 3, "invoice_no": "2026-000003", "total": "9.5", "currency": "EUR", "status": 2},
    {"id": 4, "invoice_no": "2026-000004", "total": "777", "currency": "HUF", "status": 4},
    {"id": 5, "invoice_no": "2026-000005", "total": "-777", "currency": "HUF", "status": 2, "is_cancel_invoice": 1,
     "connected_invoice_no": "2026-000004"},
    {"id": 6, "invoice_no": "D-1", "total": "55", "currency": "HUF", "status": 2, "type": 1},
    {"id": 7, "invoice_no": "2026-000006", "total": "1.25", "currency": "HUF", "status": 9},
)  # fmt: skip


def printed(*, terminal: bool) -> tuple[Display, StringIO]:
    """A display and the text that it has printed."""
    file = StringIO()
    return Display(Console(file=file, width=120, force_terminal=terminal, color_system=None)), file


@pytest.mark.parametrize("terminal", [True, False])
def test_the_table_shows_every_invoice_and_what_became_of_it(*, terminal: bool) -> None:
    """Each status has its words, sums keep their cents, and a name in square brackets is printed as it is."""
    display, file = printed(terminal=terminal)
    display.invoices(Invoice.model_validate(invoice) for invoice in reversed(INVOICES))
    lines = [" ".join(line.split()) for line in file.getvalue().splitlines() if line.strip()]
    shown = [line for line in lines if line.startswith(("2026", "D-1"))]
    assert shown == [
        "2026-000001 Őrült [red]Kft. 12,345 HUF paid 12,345",
        "2026-000002 100 HUF partly paid 40",
        "2026-000003 9.50 EUR unpaid",
        "2026-000004 777 HUF canceled",
        "2026-000005 -777 HUF cancelling",
        "2026-000006 1.25 HUF 9",
        "D-1 55 HUF proforma",
    ]
    assert "EUR 1 9.50 0.00" in lines
    assert "HUF 3 12,446.25 12,385" in lines


@pytest.mark.parametrize("terminal", [True, False])
def test_a_phase_ends_with_its_count(*, terminal: bool) -> None:
    """A finished phase leaves its title, steps and seconds; one without steps leaves nothing."""
    display, file = printed(terminal=terminal)
    with display.phase("Make things", 3) as advance:
        for _ in range(3):
            advance()
    with display.phase("Nothing to do", 0):
        pass
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", file.getvalue())
    lines = [line.split() for line in plain.splitlines() if line.endswith(" s")]
    assert [line[:3] for line in lines] == [["Make", "things", "3"]]
    assert ("3/3" in plain) is terminal  # the bar, which only a terminal gets
    assert "Nothing" not in plain


def test_off_a_terminal_there_is_no_dressing() -> None:
    """A pipe gets letters and spaces: no escape codes, no bars, no frames."""
    display, file = printed(terminal=False)
    with display.phase("Make things", 1) as advance:
        advance()
    display.invoices([Invoice.model_validate(INVOICES[0])])
    assert "\x1b" not in file.getvalue()
    assert not set("━─│╭") & set(file.getvalue())


def test_paths_are_never_broken() -> None:
    """A long path or command stays on one line, brackets and all."""
    display, file = printed(terminal=False)
    path = Path("/", *["[long]"] * 60)
    display.files([path])
    display.say("x" * 300)
    assert file.getvalue().splitlines() == [f"  {path}", "x" * 300]


def test_the_console_of_a_pipe_is_wide(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal the table has room for its names."""
    console = make_console()
    assert not console.is_terminal
    assert console.width >= 120
    assert capsys.readouterr().out == ""
