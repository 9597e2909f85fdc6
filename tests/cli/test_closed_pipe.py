"""`… | head -1`: a command whose output nobody reads any more says nothing of it, and loses no work."""

from __future__ import annotations

import io
import json
import os
from typing import TYPE_CHECKING

import pytest
from cli_env import HEAD, KEYS, Gated, cli_env_at, started

from billingo_async.cli.pipes import Pipe
from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from cli_env import CliEnv

SHOWING = {
    "help": (["--help"], 0),
    "invoices for programs": (["invoices", "list", "--json"], 0),
    "dry run": (["bulk", "create", "orders.csv", "--dry-run"], 0),
    "wrong file": (["bulk", "create", "wrong.csv", "--dry-run", "--json"], 2),
    "status": (["journal", "status", "run.db"], 1),
}


def _unread(cli_env: CliEnv, *arguments: str) -> tuple[int, str]:
    """How a command ends whose output nobody reads from the beginning, and what it says on standard error."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as deaf, started(*arguments, cwd=cli_env.folder, stdout=deaf) as process:
        _, problems = process.communicate()
    return process.returncode, problems


@pytest.mark.parametrize(("command", "code"), SHOWING.values(), ids=SHOWING)
def test_showing(cli_env: CliEnv, command: list[str], code: int) -> None:
    """What only shows something ends with its own code; standard error has no word about the pipe."""
    cli_env.sandbox.faults.next("invoices.create", Fault.answer(400, {"success": False, "error": "no"}))
    cli_env.run("bulk", "create", cli_env.file(HEAD + cli_env.rows("a", "b")), "--journal", cli_env.journal)
    cli_env.file(HEAD + cli_env.rows("c").replace(",2,", ",two,"), "wrong.csv")
    ended, problems = _unread(cli_env, *command)
    assert ended == code, problems
    assert "roken pipe" not in problems
    assert "Traceback" not in problems
    assert len(problems.splitlines()) == (code == 2)


def test_both_streams(cli_env: CliEnv) -> None:
    """With standard error in the same pipe (`2>&1 | head`) there is nowhere to complain, and the code is the same."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as deaf, started("clients", "show", "7", stdout=deaf, stderr=deaf) as process:
        assert process.wait() == 1  # there is no such customer


def test_a_run_finishes_what_it_has_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader takes one line and goes: what is on the wire is finished, nothing is in doubt, the next run goes on."""
    sandbox = Gated()
    with cli_env_at(sandbox, tmp_path, monkeypatch) as cli_env:
        file = cli_env.file(HEAD + cli_env.rows(*KEYS))
        arguments = ("bulk", "create", file, "--journal", cli_env.journal, "--concurrency", "4", "--json")
        with started(*arguments, cwd=cli_env.folder) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert json.loads(process.stdout.readline())["outcome"] == "made"
            process.stdout.close()
            sandbox.gate.set()
            problems = process.stderr.read()
        assert process.returncode == 128 + 13, problems
        assert problems.splitlines()[-1] == "billingo-async: the output is not read any more; run it again to go on"
        made = sandbox.ledger.count("invoices.create")
        assert 2 <= made < len(KEYS)
        status = cli_env.run("journal", "status", cli_env.journal, "--json")
        assert json.loads(status.stdout)["counts"] == {"done": made}
        again = cli_env.run("bulk", "create", file, "--journal", cli_env.journal)
        assert again.exit_code == 0
        assert sandbox.ledger.count("invoices.create") == len(KEYS)


def test_a_run_that_is_done(cli_env: CliEnv) -> None:
    """Where all are made before it shows that nobody reads on, nothing is left to do: the code is 0."""
    file = cli_env.file(HEAD + cli_env.rows("a"))
    ended, problems = _unread(cli_env, "bulk", "create", file, "--journal", cli_env.journal, "--json")
    assert (ended, problems.splitlines()[-1]) == (0, "invoices: 1 made")
    assert cli_env.sandbox.ledger.count("invoices.create") == 1


def test_pdfs(cli_env: CliEnv) -> None:
    """Saving PDFs leaves off, no half file is left, and the next run goes on."""
    file = cli_env.file(HEAD + cli_env.rows("a", "b", "c"))
    assert cli_env.run("bulk", "create", file, "--journal", cli_env.journal).exit_code == 0
    command = ("pdf", "pdfs", "--from", "2020-01-01", "--json")
    ended, problems = _unread(cli_env, *command)
    assert ended == 128 + 13, problems
    assert "run it again to go on" in problems
    with started(*command, cwd=cli_env.folder) as process:
        told, _ = process.communicate()
    assert process.returncode == 0
    assert {json.loads(line)["outcome"] for line in told.splitlines()} <= {"saved", "there already"}
    found = sorted((cli_env.folder / "pdfs").iterdir())
    assert [path.suffix for path in found] == [".pdf"] * 3
    assert all(path.read_bytes().rstrip().endswith(b"%%EOF") for path in found)


def test_another_trouble_is_told(tmp_path: Path) -> None:
    """A pipe forgives that nobody reads, and nothing else: a file that was opened for reading cannot be written."""
    path = tmp_path / "file"
    path.touch()
    with path.open("rb") as file, Pipe(file.fileno(), "w", closefd=False) as pipe, pytest.raises(OSError, match="Bad"):
        pipe.write(b"x")
    reader, writer = os.pipe()
    os.close(reader)
    with Pipe(writer, "w") as pipe, io.BufferedWriter(pipe) as buffered:
        buffered.write(b"x" * 100_000)
        buffered.flush()
        assert pipe.is_unread
