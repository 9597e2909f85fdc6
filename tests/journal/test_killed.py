"""Journeys over real HTTP: runs that are killed at random moments, and two processes that are fed the same keys.

The sandbox is a process of its own and drops the line for some of the requests, half of them after the invoice was
made. `BILLINGO_TEST_KILLS` and `BILLINGO_TEST_KEYS` set the size: 20 kills over 2,000 keys is the full journey; two
processes share 500 keys unless told otherwise.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple
from uuid import uuid4

import pytest
from databases import DATABASES, empty_database

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

KILLS = int(os.environ.get("BILLINGO_TEST_KILLS", "3"))
KEYS = int(os.environ.get("BILLINGO_TEST_KEYS", "120"))
SHARED_KEYS = int(os.environ.get("BILLINGO_TEST_KEYS", "500"))
SCRIPT = Path(__file__).parents[1] / "support" / "kill_run.py"
DROPS = "0.02"
"""The share of requests whose line drops after the commit; as many drop before it."""


class Server(NamedTuple):
    """The sandbox's process, and what a run needs to know of it."""

    process: subprocess.Popen[str]
    arguments: tuple[str, ...]

    def ledger(self) -> list[int]:
        """The ids of all invoices that were made, as often as they were."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write("\n")
        stdin.flush()
        made: list[int] = json.loads(stdout.readline())
        return made


def _start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(SCRIPT), *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment)  # noqa: S603 - our own script


@pytest.fixture
def server() -> Iterator[Server]:
    """The sandbox in a process of its own."""
    with _start("serve", "1", DROPS, str(4 * max(KEYS, SHARED_KEYS))) as process:
        assert process.stdout is not None
        address, public, private, client_uid = json.loads(process.stdout.readline())
        yield Server(process, (public, private, address, str(client_uid)))
        process.kill()


@pytest.fixture
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty journal."""
    return asyncio.run(empty_database(request.param, tmp_path))


@contextmanager
def _run(server: Server, journal: str, prefix: str, keys: int) -> Generator[tuple[subprocess.Popen[str], IO[str]]]:
    with _start("run", journal, *server.arguments, str(keys), prefix) as process:
        assert process.stdout is not None
        yield process, process.stdout


def _outcomes(lines: IO[str]) -> dict[str, int]:
    told: dict[str, int] = dict(json.loads(line) for line in lines)
    assert not {key: error for key, error in told.items() if not isinstance(error, int)}
    return told


@pytest.mark.parametrize("journal", DATABASES, indirect=True)
def test_killed_again_and_again(server: Server, journal: str) -> None:
    """Killed without warning at random moments and resumed, a run ends with each key's invoice made exactly once."""
    dice = random.Random(7)  # noqa: S311 - the same moments each time, no secrets
    for kill in range(1, KILLS + 1):
        moment = dice.randrange(1, KEYS * kill // KILLS)
        with _run(server, journal, "k", KEYS) as (process, lines):
            for _ in range(moment):
                lines.readline()
            process.kill()
    with _run(server, journal, "k", KEYS) as (_, lines):
        told = _outcomes(lines)
    assert len(told) == KEYS
    assert sorted(server.ledger()) == sorted(told.values())
    assert len(set(told.values())) == KEYS


@pytest.mark.parametrize("journal", DATABASES, indirect=True)
def test_two_processes_with_the_same_keys(server: Server, journal: str) -> None:
    """Two processes on one journal, fed the same keys at the same time, make one invoice a key and agree on it."""
    prefix = uuid4().hex
    with (
        _run(server, journal, prefix, SHARED_KEYS) as (_, one),
        _run(server, journal, prefix, SHARED_KEYS) as (_, other),
        ThreadPoolExecutor(2) as readers,  # both at once: a process whose pipe is full stands still with keys in hand
    ):
        told, also_told = readers.map(_outcomes, (one, other))
    assert also_told == told
    assert len(told) == SHARED_KEYS
    assert sorted(server.ledger()) == sorted(told.values())
