"""The trace of one call through the package: functions, files and changes of file, each call warm.

Run as `python -m benchmarks.trace`; `--list` names every function in order. Counted are functions of this package, the
sandbox aside, from the caller's `await` to the result: each start of a function once, a coroutine's resumption not at
all. It is a measure of how much a reader has to hold in mind, not of time. Nothing is asserted here.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import billingo_async
from billingo_async import Address, Billingo, Journal, NewClient, NewInvoice, NewItem
from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator
    from types import FrameType

PACKAGE: Final = Path(billingo_async.__file__).parent
BOUNDS: Final = {"invoices.cancel": (70, 13, 34), "invoices.create, keyed": (230, 24, 75)}
"""Functions, files and changes of file that a call should take: an aim, set when a cancel took 109 / 19 / 55 and a
keyed create 356 / 36 / 118."""
DAY: Final = date(2026, 3, 2)


@dataclass
class Trace:
    """What one call ran through, function by function."""

    steps: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """File and function, in the order in which they began."""

    @property
    def counts(self) -> tuple[int, int, int]:
        """Functions, files, changes of file."""
        files = [file for file, _ in self.steps]
        return len(files), len(set(files)), sum(one != other for one, other in pairwise(files))


@contextmanager
def recorded(trace: Trace) -> Generator[None]:
    """Record every function of the package that begins in this thread."""
    begun: dict[int, FrameType] = {}  # frames are kept, so that no later one takes the place of an earlier one

    def look(frame: FrameType, event: str, _: object) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and id(frame) not in begun and PACKAGE in path.parents and "sandbox" not in path.parts:
            begun[id(frame)] = frame
            trace.steps.append((str(path.relative_to(PACKAGE)), frame.f_code.co_name))

    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(None)


@contextmanager
def served(sandbox: Sandbox) -> Generator[str]:
    """Serve the sandbox in a thread of its own, so that none of its functions is counted."""
    started, stopping = threading.Event(), asyncio.Event()
    results: dict[str, Any] = {}

    async def serve() -> None:
        async with sandbox.serve(port=0) as url:
            results.update(url=url, loop=asyncio.get_running_loop())
            started.set()
            await stopping.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    started.wait()
    try:
        yield results["url"]
    finally:
        results["loop"].call_soon_threadsafe(stopping.set)
        thread.join()


async def trace_of(call: Callable[[], Awaitable[object]]) -> Trace:
    """Make the call twice, and return the trace of the second."""
    await call()
    trace = Trace()
    with recorded(trace):
        await call()
    return trace


async def traces(url: str, sandbox: Sandbox, journal: str) -> dict[str, Trace]:
    """Return the trace of each call."""
    keys = (sandbox.public_key, sandbox.private_key)
    results: dict[str, Trace] = {}
    async with Billingo(*keys, base_url=url, journal=Journal(journal)) as billingo:
        address = Address(
            city="Sopron", postcode="9400", street_name="Fő", street_type="utca", house_nr="1", country="HU"
        )
        client = await billingo.clients.create(NewClient(name="Őrségi Sütőház Kft.", billing_address=address))
        item = NewItem(description="Kenyér", vat_id=1, qty=1, unit="db", net_unit_price=Decimal(1200))
        new = NewInvoice(client_uid=client.id, payment_method=1, fulfillment_date=DAY, due_date=DAY, items=[item])
        ids = iter([(await billingo.invoices.create(new)).id for _ in range(2)])
        orders = iter(["order-1", "order-2"])
        results["invoices.cancel"] = await trace_of(lambda: billingo.invoices.cancel(next(ids)))
        results["invoices.create"] = await trace_of(lambda: billingo.invoices.create(new))
        results["invoices.create, keyed"] = await trace_of(lambda: billingo.invoices.create(new, key=next(orders)))
    return results


def main() -> None:
    """Print one line a call, with its bound where it has one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="name every function in order")
    options = parser.parse_args()
    sandbox = Sandbox()
    with tempfile.TemporaryDirectory() as folder, served(sandbox) as url:
        results = asyncio.run(traces(url, sandbox, f"sqlite+aiosqlite:///{folder}/journal.db"))
    for name, trace in results.items():
        functions, files, changes = trace.counts
        bound = "at most {} / {} / {}".format(*BOUNDS[name]) if name in BOUNDS else "no bound"
        print(f"{name}: {functions} functions / {files} files / {changes} changes of file ({bound})")
        for file, function in trace.steps if options.list else ():
            print(f"    {file} {function}")


if __name__ == "__main__":
    main()
