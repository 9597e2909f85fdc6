"""Ctrl-C on a run, as a process of its own: nothing more is taken, what is on the wire is finished, and it resumes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from desk import HEAD, desk_at

from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desk import Desk

KEYS = [f"order-{number}" for number in range(40)]
AT_A_TIME = 4
BEFORE = 6
"""Invoices that are made before the sandbox holds its breath."""


class Gated(Sandbox):
    """A sandbox that answers nothing more after some invoices, until it is let go on."""

    def __init__(self) -> None:
        """Begin with the gate shut."""
        super().__init__()
        self.before = BEFORE
        self.reached, self.gate = threading.Event(), threading.Event()

    def answer(self, request: Any, **options: Any) -> Any:
        """Answer, or wait at the gate."""
        if self.ledger.count("invoices.create") >= self.before:
            self.reached.set()
            assert self.gate.wait(60)
        return super().answer(request, **options)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk at a sandbox with a gate."""
    sandbox = Gated()
    with desk_at(sandbox, tmp_path, monkeypatch) as desk:
        yield desk
        sandbox.gate.set()


def _started(desk: Desk, file: str) -> subprocess.Popen[str]:
    return _process("bulk", "create", file, "--journal", desk.journal, "--concurrency", str(AT_A_TIME), "--json")


def _process(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "billingo_async", *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment)  # noqa: S603 - our own module


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_first_signal_finishes_what_was_begun(desk: Desk, number: signal.Signals) -> None:
    """After one signal every invoice that was made is told, none is in doubt, a second run makes what is missing."""
    sandbox = desk.sandbox
    assert isinstance(sandbox, Gated)
    file = desk.file(HEAD + desk.rows(*KEYS))
    with _started(desk, file) as process:
        assert process.stderr is not None
        assert sandbox.reached.wait(60)
        process.send_signal(number)
        assert any("taking no more, finishing what was begun" in line for line in process.stderr)
        sandbox.gate.set()
        told, problems = process.communicate()
    assert process.returncode == 128 + number
    assert "interrupted; run it again to go on" in problems
    made = {line["key"]: line["invoice"] for line in map(json.loads, told.splitlines())}
    assert sorted(made.values()) == sorted(entry.id for entry in sandbox.ledger.of("invoices.create"))
    assert BEFORE <= len(made) <= BEFORE + AT_A_TIME
    status = desk.run("journal", "status", desk.journal, "--json")
    assert json.loads(status.stdout)["counts"] == {"done": len(made)}
    again = desk.run("bulk", "create", file, "--journal", desk.journal)
    assert again.exit_code == 0
    assert f"{len(KEYS) - len(made)} made, {len(made)} there already" in again.stderr
    assert sandbox.ledger.count("invoices.create") == len(KEYS)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_second_signal_leaves_at_once(desk: Desk) -> None:
    """After two signals what has not left stays unsent, and a second run makes every key's invoice once."""
    sandbox = desk.sandbox
    assert isinstance(sandbox, Gated)
    file = desk.file(HEAD + desk.rows(*KEYS))
    with _started(desk, file) as process:
        assert process.stderr is not None
        assert sandbox.reached.wait(60)
        process.send_signal(signal.SIGINT)
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        sandbox.gate.set()
        process.communicate()
    assert process.returncode == 128 + signal.SIGINT
    assert desk.run("bulk", "create", file, "--journal", desk.journal).exit_code == 0
    assert sandbox.ledger.count("invoices.create") == len(KEYS)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_what_has_no_key_is_not_to_be_run_again(desk: Desk) -> None:
    """One invoice without a key, interrupted while it is on the wire, is to be looked for, not made again."""
    sandbox = desk.sandbox
    assert isinstance(sandbox, Gated)
    sandbox.before = 0
    with _process("invoices", "create", desk.file(HEAD + desk.rows("a"))) as process:
        assert sandbox.reached.wait(60)
        process.send_signal(signal.SIGINT)
        sandbox.gate.set()
        _, problems = process.communicate()
    assert process.returncode == 128 + signal.SIGINT
    assert "interrupted; it may have happened all the same: look before you do it again" in problems
