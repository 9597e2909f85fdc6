"""Ctrl-C on a run, as a process of its own: nothing more is taken, what is on the wire is finished, and it resumes."""

from __future__ import annotations

import json
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from cli_env import BEFORE, HEAD, KEYS, Gated, cli_env_at, started

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

    from cli_env import CliEnv

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
AT_A_TIME = 4


@pytest.fixture
def sandbox() -> Gated:
    """A sandbox with a gate."""
    return Gated()


@pytest.fixture
def cli_env(sandbox: Gated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliEnv]:
    """A command line at it."""
    with cli_env_at(sandbox, tmp_path, monkeypatch) as cli_env:
        yield cli_env
        sandbox.gate.set()


def _running(cli_env: CliEnv, file: str) -> subprocess.Popen[str]:
    return started("bulk", "create", file, "--journal", cli_env.journal, "--concurrency", str(AT_A_TIME), "--json")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_first_signal_finishes_what_was_begun(cli_env: CliEnv, sandbox: Gated, number: signal.Signals) -> None:
    """After one signal every invoice that was made is told, none is in doubt, a second run makes what is missing."""
    file = cli_env.file(HEAD + cli_env.rows(*KEYS))
    with _running(cli_env, file) as process:
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


def test_second_signal_leaves_at_once(cli_env: CliEnv, sandbox: Gated) -> None:
    """After two signals what has not left stays unsent, and a second run makes every key's invoice once."""
    file = cli_env.file(HEAD + cli_env.rows(*KEYS))
    with _running(cli_env, file) as process:
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


def test_what_has_no_key_is_not_to_be_run_again(cli_env: CliEnv, sandbox: Gated) -> None:
    """What has no key, interrupted while it is on the wire, is to be looked for, not done again."""
    cli_env.run("bulk", "create", cli_env.file(HEAD + cli_env.rows("a")), "--journal", cli_env.journal)
    sandbox.before = 1
    with started("invoices", "cancel", str(sandbox.ledger[-1].id), "--yes") as process:
        assert sandbox.reached.wait(60)
        process.send_signal(signal.SIGINT)
        sandbox.gate.set()
        _, problems = process.communicate()
    assert process.returncode == 128 + signal.SIGINT
    assert "interrupted; it may have happened all the same: look before you do it again" in problems
