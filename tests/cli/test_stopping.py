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
from cli_env import HEAD, cli_env_at

from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli_env import CliEnv

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
def cli_env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliEnv]:
    """A command line at a sandbox with a gate."""
    sandbox = Gated()
    with cli_env_at(sandbox, tmp_path, monkeypatch) as cli_env:
        yield cli_env
        sandbox.gate.set()


def _started(cli_env: CliEnv, file: str) -> subprocess.Popen[str]:
    return _process("bulk", "create", file, "--journal", cli_env.journal, "--concurrency", str(AT_A_TIME), "--json")


def _process(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "billingo_async", *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment)  # noqa: S603 - our own module


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_first_signal_finishes_what_was_begun(cli_env: CliEnv, number: signal.Signals) -> None:
    """After one signal every invoice that was made is told, none is in doubt, a second run makes what is missing."""
    sandbox = cli_env.sandbox
    assert isinstance(sandbox, Gated)
    file = cli_env.file(HEAD + cli_env.rows(*KEYS))
    with _started(cli_env, file) as process:
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
    status = cli_env.run("journal", "status", cli_env.journal, "--json")
    assert json.loads(status.stdout)["counts"] == {"done": len(made)}
    again = cli_env.run("bulk", "create", file, "--journal", cli_env.journal)
    assert again.exit_code == 0
    assert f"{len(KEYS) - len(made)} made, {len(made)} there already" in again.stderr
    assert sandbox.ledger.count("invoices.create") == len(KEYS)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_second_signal_leaves_at_once(cli_env: CliEnv) -> None:
    """After two signals what has not left stays unsent, and a second run makes every key's invoice once."""
    sandbox = cli_env.sandbox
    assert isinstance(sandbox, Gated)
    file = cli_env.file(HEAD + cli_env.rows(*KEYS))
    with _started(cli_env, file) as process:
        assert process.stderr is not None
        assert sandbox.reached.wait(60)
        process.send_signal(signal.SIGINT)
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        sandbox.gate.set()
        process.communicate()
    assert process.returncode == 128 + signal.SIGINT
    assert cli_env.run("bulk", "create", file, "--journal", cli_env.journal).exit_code == 0
    assert sandbox.ledger.count("invoices.create") == len(KEYS)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_what_has_no_key_is_not_to_be_run_again(cli_env: CliEnv) -> None:
    """What has no key, interrupted while it is on the wire, is to be looked for, not done again."""
    sandbox = cli_env.sandbox
    assert isinstance(sandbox, Gated)
    cli_env.run("bulk", "create", cli_env.file(HEAD + cli_env.rows("a")), "--journal", cli_env.journal)
    sandbox.before = 1
    with _process("invoices", "cancel", str(sandbox.ledger[-1].id), "--yes") as process:
        assert sandbox.reached.wait(60)
        process.send_signal(signal.SIGINT)
        sandbox.gate.set()
        _, problems = process.communicate()
    assert process.returncode == 128 + signal.SIGINT
    assert "interrupted; it may have happened all the same: look before you do it again" in problems
