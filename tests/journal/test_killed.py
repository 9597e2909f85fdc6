"""Journeys over real HTTP: runs that are killed at random moments, and two processes that are fed the same keys.

The sandbox is a process of its own, drops the line for some of the requests, half of them after the commit, and finds a
document of API v3 by its `vendor_id` late. `BILLINGO_TEST_KILLS` and `BILLINGO_TEST_KEYS` set the size: 20
kills over 2,000 keys is the full journey.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

import pytest
from journal_harness import DATABASES, empty_database

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

KILLS = int(os.environ.get("BILLINGO_TEST_KILLS", "1"))
KEYS = int(os.environ.get("BILLINGO_TEST_KEYS", "30"))
SCRIPT = Path(__file__).parents[1] / "support" / "kill_run.py"
MADE_BY = {"invoices": "invoices.create", "documents": "documents.create"}
on_both = pytest.mark.parametrize("journal", DATABASES, indirect=True)


class Server(NamedTuple):
    """The sandbox's process, and what a run needs to know of it."""

    process: subprocess.Popen[str]
    options: dict[str, Any]

    def ledger(self) -> dict[str, list[int]]:
        """What the requests named that were committed since: the invoice; for a creation what was made."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write("\n")
        stdin.flush()
        committed: dict[str, list[int]] = json.loads(stdout.readline())
        return committed


def _start(role: str, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, str(SCRIPT), role, json.dumps(options)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment)  # noqa: S603 - our own script


@pytest.fixture(scope="module")
def shared_server() -> Iterator[Server]:
    """The sandbox in a process of its own."""
    with _start("serve", count=KEYS) as process:
        assert process.stdout is not None
        yield Server(process, json.loads(process.stdout.readline()))
        process.kill()


@pytest.fixture
def server(shared_server: Server) -> Server:
    """The same sandbox, with a customer of the journey's own: its journal does not know what others made."""
    return shared_server._replace(options={**shared_server.options, "client": shared_server.options["clients"].pop()})


@pytest.fixture
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty journal."""
    return asyncio.run(empty_database(request.param, tmp_path))


@contextmanager
def _run(server: Server, journal: str, journey: str, prefix: str) -> Generator[tuple[subprocess.Popen[str], IO[str]]]:
    with _start("run", **server.options, journal=journal, journey=journey, prefix=prefix, count=KEYS) as process:
        assert process.stdout is not None
        yield process, process.stdout


def _outcomes(lines: IO[str]) -> dict[str, Any]:
    return dict(json.loads(line) for line in lines)


def _killed_and_resumed(server: Server, journal: str, journey: str) -> dict[str, Any]:
    dice, prefix = random.Random(7), uuid4().hex  # noqa: S311 - the same moments each time, no secrets
    for kill in range(1, KILLS + 1):
        moment = dice.randrange(1, KEYS * kill // KILLS)
        with _run(server, journal, journey, prefix) as (process, lines):
            for _ in range(moment):
                lines.readline()
            process.kill()
    with _run(server, journal, journey, prefix) as (_, lines):
        return _outcomes(lines)


@on_both
@pytest.mark.parametrize("journey", MADE_BY)
def test_killed_again_and_again(server: Server, journal: str, journey: str) -> None:
    """Killed without warning at random moments and resumed, a run ends with each key's invoice made exactly once."""
    told = _killed_and_resumed(server, journal, journey)
    assert Counter(server.ledger()[MADE_BY[journey]]) == Counter(told.values())
    assert len(set(told.values())) == KEYS


@on_both
def test_orders_that_are_killed_again_and_again(server: Server, journal: str) -> None:
    """Each order's invoice is made, settled and cancelled exactly once; mailed at most once, and its doubt is told."""
    told = _killed_and_resumed(server, journal, "orders")
    assert [error for error in told.values() if isinstance(error, str)] == []
    ledger, invoices = server.ledger(), Counter(id_ for id_, _ in told.values())
    assert len(invoices) == KEYS
    assert [Counter(ledger[f"invoices.{act}"]) for act in ("create", "pay", "cancel")] == [invoices] * 3
    mailed = {id_ for id_, mail in told.values() if mail == "mailed"}
    assert {mail for _, mail in told.values()} <= {"mailed", "invoices.send"}
    assert mailed <= set(ledger["invoices.send"]) <= set(invoices)
    assert max(Counter(ledger["invoices.send"]).values()) == 1


@on_both
@pytest.mark.parametrize("journey", MADE_BY)
def test_two_processes_with_the_same_keys(server: Server, journal: str, journey: str) -> None:
    """Two processes on one journal, fed the same keys at the same time, make one invoice a key and agree on it."""
    prefix = uuid4().hex
    with (
        _run(server, journal, journey, prefix) as (_, one),
        _run(server, journal, journey, prefix) as (_, other),
        ThreadPoolExecutor(2) as readers,  # both at once: a process whose pipe is full stands still with keys in hand
    ):
        told, also_told = readers.map(_outcomes, (one, other))
    assert also_told == told
    assert Counter(server.ledger()[MADE_BY[journey]]) == Counter(told.values())
    assert len(set(told.values())) == KEYS
