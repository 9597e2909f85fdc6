"""300 requests a minute for one key: paced on our side, shared by all objects, and none of another key's."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import httpx

from billingo_async.sandbox import Fault, Sandbox
from billingo_async.v3 import Billingo, RateLimitedError

if TYPE_CHECKING:
    from jumping_clock import JumpingClock

PERIOD = 60.0
COUNT = 300


class DatedLine(httpx.AsyncBaseTransport):
    """The sandbox's in-process door, with the time of every request that left."""

    def __init__(self, sandbox: Sandbox, clock: JumpingClock) -> None:
        """Stand before the door."""
        self._door = sandbox.transport()
        self._clock = clock
        self.departures: list[float] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Write down when, and pass it on."""
        self.departures.append(self._clock.seconds)
        return await self._door.handle_async_request(request)

    def most_in_a_period(self) -> int:
        """The most requests that left in any 60 seconds, both ends included."""
        times = sorted(self.departures)
        return max(sum(start <= time <= start + PERIOD for time in times[index:]) for index, start in enumerate(times))


async def opened(stack: AsyncExitStack, line: DatedLine, clock: JumpingClock, key: str, **options: object) -> Billingo:
    """A `Billingo` of one key on the line."""
    caller = await stack.enter_async_context(httpx.AsyncClient(transport=line))
    billingo = Billingo(key, base_url="https://limits.invalid/v3", http_client=caller, **options)  # type: ignore[arg-type]  # options of the test's own
    billingo._dispatch.server_clock._local = clock.unix
    return await stack.enter_async_context(billingo)


async def test_four_objects_of_one_key_never_send_more_than_300_in_a_minute(jumping_clock: JumpingClock) -> None:
    """1,000 calls of four objects, some of them retried: no window of 60 s holds more, and the server refuses none."""
    sandbox = Sandbox(now=jumping_clock.unix)
    line = DatedLine(sandbox, jumping_clock)
    async with AsyncExitStack() as stack:
        shops = [await opened(stack, line, jumping_clock, sandbox.api_key) for _ in range(4)]
        sandbox.faults.add("organization.get", Fault.answer(500, {}), times=40)
        calls = [shops[index % 4].organization.get() for index in range(1_000)]
        answers = await asyncio.gather(*calls, return_exceptions=True)
    assert not [answer for answer in answers if isinstance(answer, RateLimitedError)]
    assert len(line.departures) == 1_040
    assert line.most_in_a_period() <= COUNT
    assert jumping_clock.seconds < 4 * 61.0  # and no slower than the limit asks for


async def test_each_key_has_a_limit_of_its_own(jumping_clock: JumpingClock) -> None:
    """What one key sends holds back no other."""
    sandbox = Sandbox(now=jumping_clock.unix)
    line = DatedLine(sandbox, jumping_clock)
    async with AsyncExitStack() as stack:
        one = await opened(stack, line, jumping_clock, sandbox.api_key)
        other = await opened(stack, line, jumping_clock, sandbox.foreign_key)
        await asyncio.gather(*(shop.organization.get() for shop in (one, other) for _ in range(COUNT)))
    assert jumping_clock.seconds < 1.0
