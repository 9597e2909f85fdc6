"""The jumping clock jumps over waits and over nothing else."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest
from aiolimiter import AsyncLimiter
from tenacity import AsyncRetrying, stop_after_attempt, wait_fixed

if TYPE_CHECKING:
    from jumping_clock import JumpingClock


async def test_thousand_seconds_take_no_time(jumping_clock: JumpingClock) -> None:
    """A thousand waits of one second take under half a second and read exactly 1,000 seconds."""
    began = time.monotonic()
    for _ in range(1000):
        await asyncio.sleep(1)
    assert jumping_clock.seconds == 1000
    assert time.monotonic() - began < 0.5


@pytest.mark.jumping
async def test_marker_is_enough() -> None:
    """The marker alone chooses the jumping loop."""
    began = asyncio.get_running_loop().time()
    await asyncio.sleep(3600)
    assert asyncio.get_running_loop().time() - began == 3600


async def test_ordinary_loop_is_the_default() -> None:
    """A test that asks for nothing gets a loop that reads the real clock."""
    assert asyncio.get_running_loop().time() == pytest.approx(time.monotonic(), abs=1)


async def test_waits_end_in_order(jumping_clock: JumpingClock) -> None:
    """Tasks wake in the order of their deadlines, each at its own second."""
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        woken.append((name, jumping_clock.seconds))

    await asyncio.gather(sleeper("late", 90), sleeper("early", 0.25), sleeper("middle", 60))
    assert woken == [("early", 0.25), ("middle", 60), ("late", 90)]


async def test_timeout_strikes_at_its_second(jumping_clock: JumpingClock) -> None:
    """`asyncio.timeout` ends a wait for something that never comes."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(30):
            await asyncio.Event().wait()
    assert jumping_clock.seconds == 30


async def test_aiolimiter_leaks_on_it(jumping_clock: JumpingClock) -> None:
    """One in six seconds means that the eleventh leaves at second 60."""
    limiter = AsyncLimiter(1, 6)
    for _ in range(11):
        await limiter.acquire()
    assert jumping_clock.seconds == pytest.approx(60, abs=0.001)


async def test_tenacity_waits_on_it(jumping_clock: JumpingClock) -> None:
    """Three tries with 20 seconds between them end at second 40."""
    tries = 0
    async for attempt in AsyncRetrying(stop=stop_after_attempt(3), wait=wait_fixed(20), reraise=True):
        with attempt:
            tries += 1
            if tries < 3:
                raise ConnectionError
    assert (tries, jumping_clock.seconds) == (3, 40)


async def test_wall_clock_moves_along(jumping_clock: JumpingClock) -> None:
    """The unix time that is injected into code moves with the loop."""
    before = jumping_clock.unix()
    await asyncio.sleep(90)
    assert jumping_clock.unix() - before == 90


async def test_no_jump_while_a_thread_works(jumping_clock: JumpingClock) -> None:
    """A thread's result arrives before a deadline far away does, though the thread takes real time."""
    release = threading.Event()
    threading.Timer(0.05, release.set).start()
    async with asyncio.timeout(1000):
        assert await asyncio.to_thread(release.wait, 5)
    assert jumping_clock.seconds < 5


async def test_no_jump_while_a_socket_is_read(jumping_clock: JumpingClock) -> None:
    """Bytes on a socket arrive before a deadline far away does, though they take real time to come."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        threading.Timer(0.05, theirs.send, [b"at last"]).start()
        async with asyncio.timeout(1000):
            received = await asyncio.get_running_loop().sock_recv(ours, 100)
    assert received == b"at last"
    assert jumping_clock.seconds < 5
