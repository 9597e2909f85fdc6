"""How far a run is: rate and time left, as a bar on a terminal and as lines in a log."""

from __future__ import annotations

import sys
from io import StringIO

import pytest
from rich.console import Console
from sandbox_caller import Clock

from billingo_async import RateLimit
from billingo_async.cli import output
from billingo_async.cli.output import ProgressReporter


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that reporters look at."""
    clock = Clock(0.0)
    monkeypatch.setattr(output, "monotonic", clock)
    return clock


def test_what_was_made(capsys: pytest.CaptureFixture[str]) -> None:
    """Where standard output is no terminal each thing made has its line there, and what failed is left to the other."""
    log = StringIO()
    with ProgressReporter("invoices", 2, as_json=False, console=Console(file=log)) as reporter:
        reporter.report("made", {}, "order-1: invoice 2026-000001, id 7")
        reporter.report("failed", {}, problem="order-2: no")
    told = capsys.readouterr()
    assert told.out == "made: order-1: invoice 2026-000001, id 7\n"
    assert log.getvalue() == "failed: order-2: no\n"


def test_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the bar is enough: thousands of lines would hide it."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    console = Console(file=StringIO(), force_terminal=True)
    with ProgressReporter("invoices", 1, as_json=False, console=console) as reporter:
        reporter.report("made", {}, "order-1: invoice 2026-000001, id 7")
    assert capsys.readouterr().out == ""


def test_bar(clock: Clock) -> None:
    """On a terminal a bar shows how many of all, at which rate, and the time left: 5 of 10 at 2 s each leave 10 s."""
    screen = StringIO()
    console = Console(file=screen, force_terminal=True, width=100, no_color=True)
    with ProgressReporter("invoices", 10, as_json=False, console=console) as reporter:
        for _ in range(5):
            clock.at += 2
            reporter.report("made", {})
    last = screen.getvalue()
    assert "5/10" in last
    assert "0.5/s" in last
    assert "0:00:10 left" in last


@pytest.mark.parametrize(("skipped", "expected"), [(0, "4:29:24 left"), (2650, "0:00:00 left")])
def test_the_limit_is_reckoned_with(clock: Clock, skipped: int, expected: str) -> None:
    """2,660 PDFs at ten a minute: ten leave at once, 265 windows of 61 s are left of which 1 s has gone.

    Those that were there already took none of the limit: of the last ten none has to wait.
    """
    reporter = ProgressReporter(
        "PDFs", 2660, as_json=True, limit=RateLimit(10, per=61.0), console=Console(file=StringIO())
    )
    for _ in range(skipped):
        reporter.report("there already", {})
    clock.at = 1.0
    for _ in range(10):
        reporter.report("saved", {})
    assert reporter._pace().endswith(expected)
