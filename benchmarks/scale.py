"""What bounds many processes: slots that a store grants a second, keyed invoices of one journal, and a fleet's day.

Run as `python -m benchmarks.scale`; `BILLINGO_TEST_POSTGRESQL` and `BILLINGO_TEST_REDIS` name the servers. It prints
the tables of `docs/explanation/scale.md`.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks import day
from benchmarks.many_drafts import drafts
from benchmarks.rounds import busy_share, in_turns, serving, sync
from billingo_async import Billingo, Journal
from billingo_async.journal.tables import METADATA
from billingo_async.transport.limit_stores import SlotRequest, open_store

if TYPE_CHECKING:
    from benchmarks.rounds import Figure

SLOTS: Final = 500
INVOICES: Final = 1_000
"""Invoices of one process in one turn."""
PROCESSES: Final = (1, 2, 4)
WIDTH: Final = 50
KEYS: Final = "p" * 32, "k" * 64


def addresses(folder: Path) -> dict[str, str]:
    """Return the stores that there are, by name."""
    servers = {
        "PostgreSQL": os.environ.get("BILLINGO_TEST_POSTGRESQL", ""),
        "Redis": os.environ.get("BILLINGO_TEST_REDIS", ""),
    }
    found = {name: address for name, address in servers.items() if address}
    return {"SQLite": f"sqlite+aiosqlite:///{folder / 'scale.db'}", **found}


def slots(rounds: int) -> dict[str, Figure]:
    """Return the slots a second that each store grants to one process, of a window that holds 300."""

    async def granted(address: str) -> float:
        store, window = open_store(address), uuid4().hex
        requests = [SlotRequest(window, str(number), 300, 0.1, math.inf, {}) for number in range(SLOTS)]
        await store.reserve(requests[0])  # the connection is made
        began = time.perf_counter()
        for request in requests:
            await store.reserve(request)
        seconds = time.perf_counter() - began
        await store.aclose()
        return SLOTS / seconds

    with tempfile.TemporaryDirectory() as folder:
        contenders = {
            name: sync(lambda address=address: granted(address)) for name, address in addresses(Path(folder)).items()
        }
        return in_turns(contenders, rounds)


def invoices(rounds: int) -> dict[str, Figure]:
    """Return the keyed invoices a second of so many processes on one journal, the server 50 ms away."""
    with serving(latency=0.05) as url, tempfile.TemporaryDirectory() as folder:
        kept = {name: address for name, address in addresses(Path(folder)).items() if name != "Redis"}
        if "PostgreSQL" in kept:
            asyncio.run(emptied(kept["PostgreSQL"]))  # the server begins again with the ids of an earlier run
        return in_turns(
            {
                f"{name}, {count} process{'es' if count > 1 else ''}": lambda address=address, count=count: together(
                    url, address, count
                )
                for name, address in kept.items()
                for count in PROCESSES
            },
            rounds,
        )


def together(url: str, address: str, count: int) -> float:
    """Run so many processes to their end and return what they made a second, all together."""
    address = address.replace("scale.db", f"{uuid4().hex}.db")
    command = [sys.executable, "-m", "benchmarks.scale", "--url", url, "--journal", address]
    workers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own module
        for _ in range(count)
    ]
    spans = [tuple(map(float, worker.communicate()[0].split())) for worker in workers]
    return count * INVOICES / (max(end for _, end in spans) - min(begin for begin, _ in spans))


async def emptied(address: str) -> None:
    """Take the tables of a journal away."""
    engine = create_async_engine(address)
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.drop_all)
    await engine.dispose()


async def work(url: str, journal: str) -> None:
    """Make the invoices of one process and print when that began and ended, on the clock of all processes."""
    run = uuid4().hex
    entries = ((f"{run} {key}", new.model_copy(update={"comment": f"{run} {key}"})) for key, new in drafts(0, INVOICES))
    async with Billingo(*KEYS, base_url=url, journal=Journal(journal)) as billingo:
        await billingo.invoices.create(next(drafts(0, 1))[1])  # the program is loaded and has a connection
        began = time.monotonic()
        async for outcome in billingo.invoices.create_many(entries, concurrency=WIDTH):
            if outcome.error is not None:
                raise outcome.error
        print(began, time.monotonic())


def main() -> None:
    """Measure and print, or be one of the processes that are measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--url")
    parser.add_argument("--journal")
    options = parser.parse_args()
    if options.url:
        asyncio.run(work(options.url, options.journal))
        return
    print(f"other programs took {busy_share() or 0:.0%} of the processor's time when the run began\n")
    for title, figures in (("slots/s", slots(options.rounds)), ("invoices/s", invoices(options.rounds))):
        print(f"| | {title} | rounds | a day |\n| --- | ---: | ---: | ---: |")
        for name, figure in figures.items():
            print(f"| {name} | {figure} | {figure.spread} | {figure.median * 86_400:,.0f} |")
        print()
    day.main()


if __name__ == "__main__":
    main()
