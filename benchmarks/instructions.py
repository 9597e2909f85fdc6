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
from functools import partial
from typing import Final

from benchmarks.order import KEYS, NEW
from benchmarks.rounds import serving
from billingo_async import Billingo

FEW, MANY = 50, 250
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
