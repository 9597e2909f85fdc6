"""What is not seen at once: the time of the import, and the memory that a long run takes."""

from __future__ import annotations

import compileall
import importlib.util
import subprocess
import sys
import tempfile
import time
from functools import partial
from typing import TYPE_CHECKING

from benchmarks.rounds import in_turns, serving

if TYPE_CHECKING:
    from benchmarks.rounds import Figure

DEPENDENCIES = """
import certifi
import h11
import simplejson
from aiohappyeyeballs import start_connection
from aiolimiter import AsyncLimiter
from jwt.algorithms import HMACAlgorithm
from jwt.api_jws import PyJWS
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, PlainValidator
from pydantic import PrivateAttr, SecretStr, TypeAdapter, ValidationError, ValidationInfo, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError, SchemaValidator, core_schema
from tenacity import AsyncRetrying, retry_if_result, stop_never
from typing_extensions import TypedDict

TypeAdapter(int)
"""
"""What the library imports of others when `Billingo` is asked for, name by name: pydantic loads its own modules only
when one of its names is, and its plugins' loader with the first schema."""

FACE = "import billingo_async; billingo_async.Billingo"
IMPORTS = {
    "its dependencies": DEPENDENCIES,
    f"`{FACE}`": FACE,
    "`from billingo_async import Billingo, NewInvoice`": "from billingo_async import Billingo, NewInvoice",
    "`from billingo_async import *`, every name there is": "from billingo_async import *",
    "httpx": "import httpx",
    "httpx2": "import httpx2",
    "aiohttp": "import aiohttp",
    "the generated client": "import clientapi_billingo",
}
"""The package itself loads a name when it is asked for, so the face is measured with `Billingo` in hand."""

STREAMING, LISTING = "saving a PDF of 100 MB", "listing 100,000 invoices"
PDF_BYTES = 100_000_000
ROWS = 100_000

_MEASURE = """
import asyncio, pathlib, sys
from billingo_async import Billingo

def kilobytes(name):
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))

async def main(url, folder):
    async with Billingo("p" * 32, "k" * 64, base_url=url) as billingo:
        await billingo.invoices.list()  # schemas are built
        pathlib.Path("/proc/self/clear_refs").write_text("5")  # the peak begins here
        before = kilobytes("VmRSS")
        {work}
        print(kilobytes("VmHWM") - before)

asyncio.run(main(*sys.argv[1:]))
"""

_STREAM = f"""
        path = await billingo.invoices.download_to(1, folder + "/big.pdf")
        assert path.stat().st_size == {PDF_BYTES}
"""

_LIST = f"""
        rows = 0
        async for invoice in billingo.invoices.list():
            rows += 1
        assert rows == {ROWS}, rows
"""


def import_time(rounds: int) -> dict[str, Figure]:
    """Return the milliseconds that an import takes in a fresh interpreter, the interpreter's own start taken off."""
    _compiled()
    if loaded := sorted(_foreign(FACE) ^ _foreign(DEPENDENCIES)):
        msg = f"DEPENDENCIES and the library do not load the same modules of others: {', '.join(loaded)}"
        raise RuntimeError(msg)
    empty = in_turns({"nothing": partial(_beyond, 0.0, "pass")}, rounds)["nothing"].median
    return in_turns({name: partial(_beyond, empty, statement) for name, statement in IMPORTS.items()}, rounds)


def memory(rounds: int) -> dict[str, Figure]:
    """Return the megabytes by which the peak of a process's memory grows during the work (`VmHWM`, Linux only)."""
    with serving(rows=ROWS, pdf_bytes=PDF_BYTES) as url:
        return in_turns(
            {
                STREAMING: partial(_grown, _STREAM, url),
                LISTING: partial(_grown, _LIST, url),
            },
            rounds,
        )


def _compiled() -> None:
    """Have the library compiled, as an installed package is, whatever the environment says of writing bytecode."""
    room = importlib.util.find_spec("billingo_async")
    compileall.compile_dir(room.submodule_search_locations[0] if room else "", quiet=2)  # type: ignore[index]  # a package


def _foreign(statement: str) -> set[str]:
    """Return the modules that a statement loads and that belong neither to the library nor to Python."""
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True)  # noqa: S603 - our own words
    own = {*sys.stdlib_module_names, "__main__", "billingo_async"}
    return {name for name in done.stdout.split() if name.partition(".")[0] not in own}


def _beyond(empty: float, statement: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-I", "-c", statement], check=True)  # noqa: S603 - our own words
    return (time.perf_counter() - started) * 1e3 - empty


def _grown(work: str, url: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", _MEASURE.replace("{work}", work.strip()), url, folder]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own words
    return int(done.stdout) / 1024
