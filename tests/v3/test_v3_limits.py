"""300 requests a minute for one key: paced on our side, shared by all objects, and none of another key's."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import httpx
from limited import fullest_window

from billingo_async.sandbox import Fault, Sandbox
from billingo_async.v3 import Billingo, RateLimitedError

if TYPE_CHECKING:
    from jumping_clock import JumpingClock

PERIOD = 60.0
COUNT = 300


async def opened(stack: AsyncExitStack, caller: httpx.AsyncClient, clock: JumpingClock, key: str) -> Billingo:
    """A `Billingo` of one key over the caller's client."""
    billingo = Billingo(key, base_url="https://limits.invalid/v3", http_client=caller)
    billingo._dispatch.server_clock._local = clock.unix
    return await stack.enter_async_context(billingo)


async def test_four_objects_of_one_key_never_send_more_than_300_in_a_minute(jumping_clock: JumpingClock) -> None:
    """1,000 calls of four objects, some of them retried: no window of 60 s holds more, and the server refuses none."""
    sandbox = Sandbox(now=jumping_clock.unix)
    departures: list[float] = []

    async def note(_: httpx.Request) -> None:
        departures.append(jumping_clock.seconds)

    async with AsyncExitStack() as stack:
        caller = httpx.AsyncClient(transport=sandbox.transport(), event_hooks={"request": [note]})
        await stack.enter_async_context(caller)
        shops = [await opened(stack, caller, jumping_clock, sandbox.api_key) for _ in range(4)]
        sandbox.faults.add("organization.get", Fault.answer(500, {}), times=40)
        calls = [shops[index % 4].organization.get() for index in range(1_000)]
        answers = await asyncio.gather(*calls, return_exceptions=True)
    assert not [answer for answer in answers if isinstance(answer, RateLimitedError)]
    assert len(departures) == 1_040
    assert fullest_window(departures, PERIOD + 0.1) <= COUNT  # both ends of a minute included
    assert jumping_clock.seconds < 4 * 61.0  # and no slower than the limit asks for


async def test_each_key_has_a_limit_of_its_own(jumping_clock: JumpingClock) -> None:
    """What one key sends holds back no other."""
    sandbox = Sandbox(now=jumping_clock.unix)
    async with AsyncExitStack() as stack:
        caller = await stack.enter_async_context(httpx.AsyncClient(transport=sandbox.transport()))
        one = await opened(stack, caller, jumping_clock, sandbox.api_key)
        other = await opened(stack, caller, jumping_clock, sandbox.foreign_key)
        await asyncio.gather(*(shop.organization.get() for shop in (one, other) for _ in range(COUNT)))
    assert jumping_clock.seconds < 1.0
