"""Seconds of random cancellation over real sockets: the one test that takes real time, two seconds of it a loop."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest
from cancelling import assert_nothing_is_lost, no_tasks_left

from billingo_async import Billingo
from billingo_async.sandbox import Fault, Sandbox

SECONDS, CALLERS, CONNECTIONS, LATER = 2.0, 20, 10, 12
DESCRIPTORS = Path("/proc/self/fd")


def open_descriptors() -> int:
    """Count what this process has open: both ends of each connection, and what is always open."""
    return len(list(DESCRIPTORS.iterdir()))


@pytest.mark.skipif(not DESCRIPTORS.is_dir(), reason="this system does not tell what a process has open")
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_after_seconds_of_random_cancellation_every_call_succeeds(loop: str) -> None:
    """Twenty tasks are cancelled at random on ten connections; the twelve calls after that all succeed, on any loop."""
    factory = None
    if loop == "uvloop":
        factory = pytest.importorskip("uvloop", reason="uvloop is not installed here").new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(soak())


async def soak() -> None:
    """Make calls and cancel them for seconds."""
    chance = random.Random(1093)  # noqa: S311 - spreads cancellations, guards no secret
    sandbox = Sandbox()
    sandbox.faults.always("user.tax_code", Fault.delay(0.003))
    loop = asyncio.get_running_loop()
    finished = cancelled = 0

    async def impatient(billingo: Billingo, end: float) -> None:
        nonlocal finished, cancelled
        while loop.time() < end:
            call = asyncio.create_task(chance.choice([billingo.user.tax_code, billingo.invoices.blocks])())
            await asyncio.wait([call], timeout=chance.choice([0.0, chance.uniform(0.0, 0.4)]))
            call.cancel()
            await asyncio.wait([call])
            finished += not call.cancelled()
            cancelled += call.cancelled()

    async with sandbox.serve() as url:
        always = open_descriptors()
        keys = sandbox.public_key, sandbox.private_key
        async with Billingo(*keys, base_url=url, max_connections=CONNECTIONS, timeout=2.0, max_retries=0) as billingo:
            await asyncio.gather(*(impatient(billingo, loop.time() + SECONDS) for _ in range(CALLERS)))
            codes = await asyncio.gather(*(billingo.user.tax_code() for _ in range(LATER)))
            assert codes == [codes[0]] * LATER
            assert_nothing_is_lost(billingo)
            assert open_descriptors() - always <= 2 * CONNECTIONS
    await no_tasks_left()
    assert min(finished, cancelled) > 10, "a soak in which all or none are cancelled shows nothing"
