"""Turns and medians: every contender runs once a round, so that a slow minute of the machine hits all of them alike."""

from __future__ import annotations

import asyncio
import gc
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping


WHOLE_FROM = 100
"""A figure of three digits or more is shown without decimals."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What one contender reached: all rounds, in the unit of its table."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of all rounds."""
        return statistics.median(self.rounds)

    @property
    def spread(self) -> str:
        """The lowest and the highest round."""
        return f"{_short(min(self.rounds))} to {_short(max(self.rounds))}"

    def __str__(self) -> str:
        """Show the median."""
        return _short(self.median)


def in_turns(contenders: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, Figure]:
    """Run each contender once a round and return what each reached."""
    reached: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            gc.collect()
            reached[name].append(run())
    return {name: Figure(tuple(figures)) for name, figures in reached.items()}


def sync(run: Callable[[], Awaitable[float]]) -> Callable[[], float]:
    """Return a contender that runs a coroutine in a fresh event loop."""

    async def alone() -> float:
        return await run()

    return lambda: asyncio.run(alone())


@contextmanager
def serving(*, latency: float = 0.0, rows: int = 10_000, pdf_bytes: int = 100_000_000) -> Iterator[str]:
    """Run the raw server in a process of its own and give the base URL."""
    options = ["--latency", str(latency), "--rows", str(rows), "--pdf-bytes", str(pdf_bytes)]
    command = [sys.executable, "-m", "benchmarks.server", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own module
        try:
            port = int(cast("IO[str]", server.stdout).readline())
            yield f"http://127.0.0.1:{port}/api"
        finally:
            server.kill()


def busy_share(seconds: float = 5.0) -> float | None:
    """Return the share of the processor's time that others take while this program sleeps; None where nothing tells."""
    told = Path("/proc/stat")
    if not told.is_file():
        return None
    before = _spent(told)
    time.sleep(seconds)  # what others do meanwhile is what is measured
    idle, total = (after - earlier for after, earlier in zip(_spent(told), before, strict=True))
    return 1 - idle / total


def _spent(told: Path) -> tuple[int, int]:
    """Return the ticks that all processors together were idle, and all their ticks. Source: proc(5), /proc/stat."""
    ticks = [int(word) for word in told.read_text("utf-8").splitlines()[0].split()[1:]]
    return ticks[3] + ticks[4], sum(ticks[:8])


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= WHOLE_FROM else f"{value:.3g}"
