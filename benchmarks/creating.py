"""How many invoices a second: at 0 and 50 ms of latency, 1, 20 and 100 at a time; and what one call costs."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from benchmarks.contenders import CONTENDERS
from benchmarks.rounds import in_turns, serving, sync

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.rounds import Figure

LATENCIES = (0.0, 0.05)
WIDTHS = (1, 20, 100)
SECONDS = 1.0


def throughput(rounds: int) -> dict[tuple[float, int], dict[str, Figure]]:
    """Return invoices a second by latency and width, for each contender."""
    table: dict[tuple[float, int], dict[str, Figure]] = {}
    for latency in LATENCIES:
        with serving(latency=latency) as url:
            for width in WIDTHS:
                contenders = {name: sync(_rate(open_it, url, width)) for name, open_it in CONTENDERS.items()}
                table[latency, width] = in_turns(contenders, rounds)
    return table


def cost_of_one(rounds: int, calls: int = 400) -> dict[str, Figure]:
    """Return microseconds of CPU time for one call, one after another, without latency."""
    with serving() as url:
        return in_turns({name: sync(_cost(open_it, url, calls)) for name, open_it in CONTENDERS.items()}, rounds)


def _rate(open_it: Callable[[str, int], Any], url: str, width: int) -> Callable[[], Any]:
    async def run() -> float:
        async with open_it(url, width) as contender:
            await asyncio.gather(*(contender.create() for _ in range(width)))  # connections are made, schemas are built
            started = time.perf_counter()
            until = started + SECONDS

            async def keep_on() -> int:
                made = 0
                while time.perf_counter() < until:
                    await contender.create()
                    made += 1
                return made

            made = sum(await asyncio.gather(*(keep_on() for _ in range(width))))
            return made / (time.perf_counter() - started)

    return run


def _cost(open_it: Callable[[str, int], Any], url: str, calls: int) -> Callable[[], Any]:
    async def run() -> float:
        async with open_it(url, 1) as contender:
            for _ in range(20):
                await contender.create()
            started = time.process_time()
            for _ in range(calls):
                await contender.create()
            return (time.process_time() - started) / calls * 1e6

    return run
