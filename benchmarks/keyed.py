"""What the journal costs: invoices a second with a key each and without, CPU time, and the memory of a long run."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.rounds import Figure, in_turns, serving, sync
from billingo_async import Billingo, Journal, NewInvoice, NewItem
from billingo_async.journal.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LATENCY: Final = 0.05
WIDTH: Final = 50
COUNT: Final = 2_000
"""Invoices in one turn: so many that the first connections and the last stragglers count for little."""
KEYS: Final = "p" * 32, "k" * 64
NEW: Final = NewInvoice(
    client_uid=115387686,
    payment_method=1,
    fulfillment_date=date(2015, 12, 12),
    due_date=date(2015, 12, 20),
    items=[NewItem(description="Test Item", vat_id=1, qty=1, unit="pc", net_unit_price=Decimal(3500))],
)
DRAFTS: Final = "making 100,000 drafts under keys"
PLAIN, SQLITE, POSTGRESQL = "without a journal", "journal in SQLite", "journal in PostgreSQL"


def throughput(rounds: int, width: int = WIDTH, *, of_cpu: bool = False) -> dict[str, Figure]:
    """Return invoices a second, of the clock's seconds or of the processor's; so many are made at a time.

    PostgreSQL takes part where `BILLINGO_TEST_POSTGRESQL` names an empty database.
    """
    clock, count = time.process_time if of_cpu else time.perf_counter, COUNT
    with serving(latency=LATENCY) as url, tempfile.TemporaryDirectory() as folder:

        def in_a_file() -> str:
            return f"sqlite+aiosqlite:///{Path(folder) / uuid4().hex}.db"

        contenders = {
            PLAIN: sync(lambda: _without(url, count, width, clock)),
            SQLITE: sync(lambda: _with(url, in_a_file(), count, width, clock)),
        }
        if address := os.environ.get("BILLINGO_TEST_POSTGRESQL"):
            asyncio.run(_emptied(address))  # the server begins again with the ids that a run before this one was given
            contenders[POSTGRESQL] = sync(lambda: _with(url, address, count, width, clock))
        return in_turns(contenders, rounds)


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


async def _without(url: str, count: int, width: int, clock: Callable[[], float]) -> float:
    async with Billingo(*KEYS, base_url=url, max_connections=width) as billingo:
        await asyncio.gather(*(billingo.invoices.create(NEW) for _ in range(width)))  # connections are made
        drafts = _drafts(count)

        async def work() -> None:
            for _, new in drafts:
                await billingo.invoices.create(new)

        started = clock()
        await asyncio.gather(*(work() for _ in range(width)))
        return count / (clock() - started)


async def _with(url: str, address: str, count: int, width: int, clock: Callable[[], float]) -> float:
    journal = Journal(address)
    async with Billingo(*KEYS, base_url=url, max_connections=width, journal=journal) as billingo:
        await _made(billingo, width, width)
        started = clock()
        await _made(billingo, count, width)
        return count / (clock() - started)


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
    for width, of_cpu in ((WIDTH, False), (2 * WIDTH, False), (2 * WIDTH, True)):
        figures = throughput(5, width, of_cpu=of_cpu)
        base, seconds = figures[PLAIN].median, "s of CPU" if of_cpu else "s"
        print(f"{width} at a time")
        for name, figure in figures.items():
            print(f"{name:24} {figure} invoices/{seconds} ({figure.spread}), {figure.median / base:.3f} of without")
    print(f"{DRAFTS}: {memory()[DRAFTS]} MB")


if __name__ == "__main__":
    main()
