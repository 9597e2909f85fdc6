"""A run over many drafts in a process of its own: prints by how many kilobytes the peak of its memory has grown.

The server is a transport in the same process, as quick as can be, so that the run is what takes the memory and the
time. Linux only, like the figures that it reads.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx

from benchmarks.server import NOTHING, short_invoice
from billingo_async import Billingo, Journal, NewInvoice, NewItem

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH: Final = 50
WARM_UP: Final = 500
"""Drafts before the memory is first looked at: everything is loaded and open by then."""


class Quick(httpx.AsyncBaseTransport):
    """Answers every invoice with a new one, and every question with nothing."""

    def __init__(self) -> None:
        self._ids = count(1)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer after the others have had their turn, as a line does."""
        await asyncio.sleep(0)
        body = short_invoice() % next(self._ids) if request.method == "POST" else NOTHING
        return httpx.Response(200, headers={"Content-Type": "application/json"}, content=body)


def drafts(first: int, last: int) -> Iterator[tuple[str, NewInvoice]]:
    """Invoices under keys, each of them new."""
    for number in range(first, last):
        item = NewItem(description=f"Item {number}", vat_id=1, qty=1, unit="pc", net_unit_price=Decimal(3500))
        yield (
            f"order-{number}",
            NewInvoice(
                client_uid=115387686,
                payment_method=1,
                fulfillment_date=date(2015, 12, 12),
                due_date=date(2015, 12, 20),
                comment=f"Order {number}",
                items=[item],
            ),
        )


def kilobytes(name: str) -> int:
    """Return a figure of this process, as the kernel tells it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def peak_begins() -> int:
    """Let the kernel forget the peak so far; return the memory at this moment."""
    Path("/proc/self/clear_refs").write_text("5")
    return kilobytes("VmRSS")


async def grown(number: int) -> int:
    """Return the kilobytes by which the peak has grown."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(f"sqlite+aiosqlite:///{folder}/invoices.db")
        line = httpx.AsyncClient(transport=Quick())
        async with line, Billingo("p" * 32, "k" * 64, http_client=line, journal=journal) as billingo:
            await _made(billingo, 0, WARM_UP)
            before = peak_begins()
            await _made(billingo, WARM_UP, WARM_UP + number)
            return kilobytes("VmHWM") - before


async def _made(billingo: Billingo, first: int, last: int) -> None:
    made = 0
    async for outcome in billingo.invoices.create_many(drafts(first, last), concurrency=WIDTH):
        if outcome.error is not None:
            raise outcome.error
        made += 1
    if made != last - first:
        raise AssertionError(f"{made} outcomes for {last - first} drafts")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drafts", type=int, default=100_000)
    print(asyncio.run(grown(parser.parse_args().drafts)))
