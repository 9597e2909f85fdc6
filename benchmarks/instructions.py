"""How many instructions one create takes, as cachegrind counts them: a figure that no busy machine moves.

Run as `python -m benchmarks.instructions`. Two processes make a few invoices and some more, over one loopback server;
the difference is what the additional ones took, from the caller's `await` to the result, without start and imports.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final

from benchmarks.rounds import serving
from billingo_async import Billingo, NewInvoice, NewItem

FEW, MANY = 50, 250
KEYS: Final = "p" * 32, "k" * 64
NEW: Final = NewInvoice(
    client_uid=115387686,
    payment_method=1,
    fulfillment_date=date(2015, 12, 12),
    due_date=date(2015, 12, 20),
    items=[NewItem(description="Test Item", vat_id=1, qty=1, unit="pc", net_unit_price=Decimal(3500))],
)
_COUNT: Final = re.compile(r"I\s+refs:\s+([\d,]+)")
"""The line in which cachegrind tells its count."""


def of_one_create() -> float | None:
    """Return the instructions of one create; None where there is no valgrind."""
    if (valgrind := shutil.which("valgrind")) is None:
        return None
    with serving() as url, ThreadPoolExecutor(2) as both:
        few, many = both.map(partial(_counted, valgrind, url), (FEW, MANY))
    return (many - few) / (MANY - FEW)


def _counted(valgrind: str, url: str, creates: int) -> int:
    options = ["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    command = [valgrind, *options, sys.executable, "-m", "benchmarks.instructions", url, str(creates)]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)  # noqa: S603 - our own module
    return int(_COUNT.findall(done.stderr)[0].replace(",", ""))


async def _create(url: str, creates: int) -> None:
    async with Billingo(*KEYS, base_url=url, max_connections=1) as billingo:
        for _ in range(creates):
            await billingo.invoices.create(NEW)


if __name__ == "__main__":
    if arguments := sys.argv[1:]:
        asyncio.run(_create(arguments[0], int(arguments[1])))
    else:
        print(of_one_create())
