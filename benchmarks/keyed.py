"""What the journal costs: invoices a second with a key each and without, CPU time, and the memory of a long run."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import uuid4

from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.order import KEYS, NEW
from benchmarks.rounds import Figure, serving
from billingo_async import Billingo, Journal
from billingo_async.journal.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator

    from billingo_async import NewInvoice

LATENCY: Final = 0.05
WIDTHS: Final = 50, 100
"""At a time."""
COUNT: Final = 2_000
"""Invoices in one turn: so many that the first connections and the last stragglers count for little."""
DRAFTS: Final = "making 100,000 drafts under keys"
PLAIN, SQLITE, POSTGRESQL = "without a journal", "journal in SQLite", "journal in PostgreSQL"


class Cost(NamedTuple):
    """What making invoices took: invoices a second, and microseconds of this process's CPU for one."""

    rate: Figure
    cpu: Figure


def compared(rounds: int) -> dict[int, dict[str, Cost]]:
    """Return for each number at a time what each contender reached, taking turns.

    PostgreSQL takes part where `BILLINGO_TEST_POSTGRESQL` names an empty database.
    """
    address = os.environ.get("BILLINGO_TEST_POSTGRESQL")
    if address:
        asyncio.run(_emptied(address))  # the server begins again with the ids that a run before this one was given
    with serving(latency=LATENCY) as url, tempfile.TemporaryDirectory() as folder:
        return {width: _costs(url, Path(folder), address, width, rounds) for width in WIDTHS}


def _costs(url: str, folder: Path, address: str | None, width: int, rounds: int) -> dict[str, Cost]:
    reached: dict[str, list[tuple[float, float]]] = {}
    for _ in range(rounds):
        runs = {
            PLAIN: _without(url, width),
            SQLITE: _with(url, f"sqlite+aiosqlite:///{folder / uuid4().hex}.db", width),
        }
        if address:
            runs[POSTGRESQL] = _with(url, address, width)
        for name, run in runs.items():
            reached.setdefault(name, []).append(asyncio.run(run))
    return {name: Cost(*map(Figure, zip(*pairs, strict=True))) for name, pairs in reached.items()}


def memory() -> dict[str, Figure]:
    """Return the megabytes by which the peak of a process's memory grows over 100,000 drafts, once: it takes long."""
    command = [sys.executable, "-m", "benchmarks.many_drafts", "--drafts", "100000"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own module
    return {DRAFTS: Figure((int(done.stdout) / 1024,))}


def _drafts(count: int) -> Iterator[tuple[str, NewInvoice]]:
    """So many keys that nobody had before, each with an invoice that differs from the others."""
    run = uuid4().hex
    for number in range(count):
        yield f"{run}-{number}", NEW.model_copy(update={"comment": f"Order {number}"})


async def _without(url: str, width: int) -> tuple[float, float]:
    async with Billingo(*KEYS, base_url=url, max_connections=width) as billingo:
        await asyncio.gather(*(billingo.invoices.create(NEW) for _ in range(width)))  # connections are made
        drafts = _drafts(COUNT)

        async def work() -> None:
            for _, new in drafts:
                await billingo.invoices.create(new)

        return await _taken(asyncio.gather(*(work() for _ in range(width))))


async def _with(url: str, address: str, width: int) -> tuple[float, float]:
    journal = Journal(address)
    async with Billingo(*KEYS, base_url=url, max_connections=width, journal=journal) as billingo:
        await _made(billingo, width, width)
        return await _taken(_made(billingo, COUNT, width))


async def _taken(making: Awaitable[object]) -> tuple[float, float]:
    """Return invoices a second, and microseconds of CPU an invoice."""
    started, worked = time.perf_counter(), time.process_time()
    await making
    return COUNT / (time.perf_counter() - started), (time.process_time() - worked) / COUNT * 1e6


async def _made(billingo: Billingo, count: int, width: int) -> None:
    async for outcome in billingo.invoices.create_many(_drafts(count), concurrency=width):
        if outcome.error is not None:
            raise outcome.error


async def _emptied(address: str) -> None:
    engine = create_async_engine(address)
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.drop_all)
    await engine.dispose()


def main() -> None:
    """Measure and print, for those who look at this alone: `python -m benchmarks.keyed`."""
    for width, costs in compared(5).items():
        print(f"{width} at a time")
        base = costs[PLAIN]
        for name, (rate, cpu) in costs.items():
            of_rate, of_cpu = rate.median / base.rate.median, cpu.median / base.cpu.median
            print(f"{name:24} {rate} invoices/s ({rate.spread}), {of_rate:.3f} of without; CPU {cpu} µs, {of_cpu:.3f}")
    print(f"{DRAFTS}: {memory()[DRAFTS]} MB")


if __name__ == "__main__":
    main()
