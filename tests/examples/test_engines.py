"""The examples for task engines: a worker is killed without warning, and each order has its invoice all the same, once.

The ordinary run kills a worker of procrastinate with few orders, leases of seconds and heartbeats to match. With
`BILLINGO_TEST_LONG=1` it is 300 orders, the times that the library and the engines have by themselves, and taskiq too.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import asyncpg
import pytest
from journal_harness import POSTGRESQL
from limited import ADDRESSES, needs
from programs import EXAMPLES, kill, running, watched_sandbox

from billingo_async import Journal

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Mapping

    from programs import WatchedSandbox

IS_LONG: Final = bool(os.environ.get("BILLINGO_TEST_LONG"))
ORDERS: Final = 300 if IS_LONG else 24
PATIENCE: Final = 50.0 + 60.0 if IS_LONG else 60.0
"""Seconds from the kill to the last invoice at most: a lease and a minute; with short leases, whatever a busy machine
needs."""
SHORT_TIMES: Final = Path(__file__).with_name("short_times.py")


@pytest.fixture
async def database() -> AsyncIterator[str]:
    """A database of this test's own, as `host/name` with its user."""
    server, name = POSTGRESQL.partition("://")[2].rsplit("/", 1)[0], f"shop_{uuid4().hex}"
    administrator = await asyncpg.connect(POSTGRESQL.replace("+asyncpg", ""))
    await administrator.execute(f"CREATE DATABASE {name}")
    yield f"{server}/{name}"
    await administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await administrator.close()


@pytest.fixture
async def sandbox() -> AsyncIterator[tuple[WatchedSandbox, dict[str, str]]]:
    """A sandbox on loopback, and the environment in which a program finds it."""
    async with watched_sandbox(int(ORDERS * 0.4)) as served:
        yield served


async def run(environment: Mapping[str, str], *command: str) -> None:
    """Run a program to its end."""
    process = await asyncio.create_subprocess_exec(sys.executable, *command, env=environment, cwd=EXAMPLES)
    assert await process.wait() == 0


async def all_done(sandbox: WatchedSandbox, journal: str, alive: Process) -> None:
    """Wait until every order has its invoice and the journal knows it, while a worker is at work."""
    began = monotonic()
    counts: Mapping[str, int] = {}
    while monotonic() - began < PATIENCE:
        counts = (await Journal(journal).status()).counts if sandbox.ledger.count("invoices.create") >= ORDERS else {}
        if counts.get("done") == ORDERS:
            break
        await asyncio.wait([asyncio.ensure_future(alive.wait())], timeout=0.5)
    ids = [entry.id for entry in sandbox.ledger.of("invoices.create")]
    assert (counts, len(ids), len(set(ids))) == ({"done": ORDERS}, ORDERS, ORDERS)


@needs("postgresql")
async def test_procrastinate(sandbox: tuple[WatchedSandbox, dict[str, str]], database: str) -> None:
    """Two workers, one of them killed at 40 %: an invoice for each order, all of them known to the journal."""
    server, environment = sandbox
    journal = f"postgresql+asyncpg://{database}"
    environment |= {"DATABASE_URL": f"postgresql://{database}", "JOURNAL_URL": journal}
    await run(environment, "procrastinate_shop.py", "seed", str(ORDERS))
    worker = ("procrastinate_shop.py", "work") if IS_LONG else (str(SHORT_TIMES), "procrastinate_shop.py", "work")
    async with running(environment, worker, worker) as (killed, alive):
        await server.reached.wait()
        await kill(killed)
        await all_done(server, journal, alive)


@pytest.mark.skipif(not IS_LONG, reason="`nox -s thorough` runs it")
@needs("postgresql")
@needs("redis")
async def test_taskiq(sandbox: tuple[WatchedSandbox, dict[str, str]], database: str) -> None:
    """Two workers with a scheduler beside them, one of the workers killed at 40 %: likewise."""
    server, environment = sandbox
    journal = f"postgresql+asyncpg://{database}"
    environment |= {"REDIS_URL": ADDRESSES["redis"], "JOURNAL_URL": journal}
    await run(environment, "taskiq_shop.py", str(ORDERS))
    worker = ("-m", "taskiq", "worker", "taskiq_shop:broker", "--workers", "1", "--max-async-tasks", "10")
    scheduler = ("-m", "taskiq", "scheduler", "taskiq_shop:scheduler")
    async with running(environment, worker, worker, scheduler) as (killed, alive, _):
        await server.reached.wait()
        await kill(killed)
        await all_done(server, journal, alive)
