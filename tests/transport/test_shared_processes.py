"""A limit that processes share, with real processes and real stores: a server counts, and refuses an eleventh.

The ordinary run takes one story a store, in windows of two seconds; with `BILLINGO_TEST_LONG=1` all are told.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest
from aiohttp import web
from limited import STORES, OwnPostgresql, OwnRedis, new_window, store_address

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, Sequence

SCRIPT: Final = Path(__file__).with_name("limited_run.py")
IS_LONG: Final = bool(os.environ.get("BILLINGO_TEST_LONG"))
only_long: Final = pytest.mark.skipif(not IS_LONG, reason="`nox -s thorough` tells it")
COUNT, PER = 10, 2.0
SERVER_PER: Final = 1.5
"""What the server counts by: shorter, for the way there on a busy machine."""
EVEN, UNEVEN = (8, 8, 8, 8), (15, 4, 2, 1)


class CountingServer(NamedTuple):
    """A server that gives out the same PDF, so many in a window; it does so at once, so that what it sees is exact."""

    options: dict[str, Any]
    """What a process needs to know to download from here."""
    arrivals: list[float]
    refused: list[float]

    async def answer(self, request: web.Request) -> web.Response:
        """Give out the PDF, or refuse with 429 what the window does not hold."""
        now = asyncio.get_running_loop().time()
        if sum(now - SERVER_PER < each for each in self.arrivals) >= COUNT:
            self.refused.append(now)
            return web.Response(status=429, headers={"Retry-After": "2"})
        self.arrivals.append(now)
        return web.Response(body=b"%PDF-1.7\n%%EOF\n", content_type="application/pdf")


@asynccontextmanager
async def serving(store: str) -> AsyncGenerator[CountingServer]:
    """Serve on loopback."""
    options = {"hold": False, "clock_offset": 0.0, "store": store, "count": COUNT, "per": PER, "name": new_window()}
    server = CountingServer(options, [], [])
    app = web.Application()
    app.router.add_get("/api/invoices/1/download", server.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        options["url"] = f"http://127.0.0.1:{runner.addresses[0][1]}/api"
        yield server
    finally:
        await runner.cleanup()


@asynccontextmanager
async def running(server: CountingServer, *changes: dict[str, Any]) -> AsyncGenerator[list[Process]]:
    """Start a process for each of the changes of the options, and let them begin together."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    pipe = asyncio.subprocess.PIPE
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, SCRIPT, json.dumps(server.options | change), stdin=pipe, stdout=pipe, env=environment
        )
        for change in changes
    ]
    try:
        for process in processes:
            assert await parse_line(process) == "ready"
        for process in processes:
            begin(process)
        yield processes
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
            await process.wait()


def begin(process: Process) -> None:
    """Let a process begin."""
    assert process.stdin is not None
    process.stdin.write(b"\n")


async def parse_line(process: Process) -> str:
    """Return the next line that a process prints; blank at its end."""
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()


async def finished(processes: Sequence[Process], loads: Sequence[int]) -> None:
    """Wait until all have downloaded as often as they should."""

    async def lines(process: Process) -> int:
        assert process.stdout is not None
        return (await process.stdout.read()).decode().split().count("done")

    assert await asyncio.gather(*map(lines, processes)) == list(loads)


@pytest.mark.parametrize("kind", STORES)
@pytest.mark.parametrize("loads", [pytest.param(EVEN, marks=only_long, id="even"), pytest.param(UNEVEN, id="uneven")])
async def test_four_processes_keep_one_limit(kind: str, loads: tuple[int, ...], tmp_path: Path) -> None:
    """All are served, none is refused, no window holds an eleventh, though the clock of one is 1.5 s off."""
    async with serving(store_address(kind, tmp_path)) as server:
        changes = [{"load": load, "clock_offset": 1.5 * (place == 1)} for place, load in enumerate(loads)]
        async with running(server, *changes) as processes:
            await finished(processes, loads)
    assert (len(server.arrivals), server.refused) == (sum(loads), [])


@only_long
@pytest.mark.parametrize("kind", STORES)
async def test_killed_process_takes_one_slot_along(kind: str, tmp_path: Path) -> None:
    """A process is killed while it holds a slot: the others have the nine, and all of them when the window is over."""
    async with serving(store_address(kind, tmp_path)) as server:
        changes = [{"load": 0, "hold": True}, {"load": 12}, {"load": 12}]
        async with running(server, changes[0]) as (killed,):
            assert await parse_line(killed) == "holding"
            killed.kill()
            await killed.wait()
        async with running(server, *changes[1:]) as processes:
            await finished(processes, (12, 12))
    assert (len(server.arrivals), server.refused) == (24, [])


@only_long
@pytest.mark.parametrize("own", [OwnRedis, OwnPostgresql])
async def test_store_that_is_started_anew_midway(own: type[OwnRedis | OwnPostgresql], tmp_path: Path) -> None:
    """The store is killed in the middle of a window and comes back: none is refused, and all are served."""
    if (reason := own.missing()) is not None:
        pytest.skip(reason)
    changes = [{"load": load} for load in UNEVEN]
    async with own(tmp_path) as store, serving(store.address) as server, running(server, *changes) as processes:
        for _ in range(3):
            await parse_line(processes[0])
        await store.kill()
        await store.start()
        await finished(processes, (UNEVEN[0] - 3, *UNEVEN[1:]))
    assert (len(server.arrivals), server.refused) == (sum(UNEVEN), [])


@only_long
async def test_file_that_another_process_has_locked_for_long(tmp_path: Path) -> None:
    """A stranger's transaction holds the file for three seconds: no request is refused, and all are served."""
    changes = [{"load": load} for load in EVEN]
    async with serving(store_address("sqlite", tmp_path)) as server, running(server, *changes) as processes:
        for _ in range(2):
            await parse_line(processes[0])
        other = sqlite3.connect(tmp_path / "limits.db", timeout=10, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        await asyncio.wait([asyncio.create_task(processes[1].wait())], timeout=3)
        other.execute("COMMIT")
        other.close()
        await finished(processes, (EVEN[0] - 2, *EVEN[1:]))
    assert (len(server.arrivals), server.refused) == (sum(EVEN), [])
