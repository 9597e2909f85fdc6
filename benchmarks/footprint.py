"""What is not seen at once: the time of the import, and the memory that a long run takes."""

from __future__ import annotations

import subprocess
import sys
import time

from benchmarks.rounds import in_turns, serving
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.rounds import Figure

DEPENDENCIES = "import aiolimiter, httpx, jwt, pydantic, simplejson, sniffio, tenacity"
PDF_BYTES = 100_000_000
ROWS = 100_000

_STREAM = """
import asyncio, os, resource, sys, tempfile
from billingo_async import Billingo
async def main(url):
    async with Billingo("p" * 32, "k" * 64, base_url=url) as billingo:
        with tempfile.TemporaryDirectory() as folder:
            await billingo.invoices.list()
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            path = await billingo.invoices.download_to(1, os.path.join(folder, "big.pdf"))
            assert path.stat().st_size == %d
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
asyncio.run(main(sys.argv[1]))
"""

_LIST = """
import asyncio, resource, sys
from billingo_async import Billingo
async def main(url):
    async with Billingo("p" * 32, "k" * 64, base_url=url) as billingo:
        async for invoice in billingo.invoices.list():
            break
        before, rows = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, 0
        async for invoice in billingo.invoices.list():
            rows += 1
        assert rows == %d, rows
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
asyncio.run(main(sys.argv[1]))
"""


def import_time(rounds: int) -> dict[str, Figure]:
    """Return the milliseconds that an import takes in a fresh interpreter, the interpreter's own start taken off."""
    empty = in_turns({"nothing": lambda: _start("pass")}, rounds)["nothing"].median
    return in_turns(
        {
            "its dependencies": lambda: _start(DEPENDENCIES) - empty,
            "billingo_async": lambda: _start("import billingo_async") - empty,
            "the generated client": lambda: _start("import clientapi_billingo") - empty,
        },
        rounds,
    )


def memory(rounds: int) -> dict[str, Figure]:
    """Return the megabytes by which the process's peak grows (`ru_maxrss`)."""
    with serving(rows=ROWS, pdf_bytes=PDF_BYTES) as url:
        return in_turns(
            {
                "streaming a PDF of 100 MB to disk": lambda: _grown(_STREAM % PDF_BYTES, url),
                "listing 100,000 invoices": lambda: _grown(_LIST % ROWS, url),
            },
            rounds,
        )


def _start(statement: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return (time.perf_counter() - started) * 1e3


def _grown(script: str, url: str) -> float:
    done = subprocess.run([sys.executable, "-c", script, url], check=True, capture_output=True, text=True)
    return int(done.stdout) / 1024
