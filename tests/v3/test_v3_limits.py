"""300 requests a minute for one key: paced on our side, shared by all objects, with the server's headers or not."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import httpx
import pytest
from limited import StoreInMemory

from billingo_async.sandbox import Fault, Sandbox, Switches
from billingo_async.v3 import (
    Billingo,
    InvalidRequestError,
    PaymentRequiredError,
    RateLimit,
    RateLimitedError,
)

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


@pytest.mark.parametrize(
    ("switches", "kind"),
    [(Switches(quota_left=0), InvalidRequestError), (Switches(subscription=False), PaymentRequiredError)],
)
async def test_a_used_up_quota_is_never_tried_again(
    jumping_clock: JumpingClock, switches: Switches, kind: type[Exception]
) -> None:
    """A 400 in Hungarian and a 402 are final: waiting brings nothing back this month."""
    from harness import v3_harness  # noqa: PLC0415 - its table of cases is not needed above

    async with v3_harness(jumping_clock) as lab:
        order = await lab.shop.order()
        lab.sandbox.switches = switches
        with pytest.raises(kind) as caught:
            await lab.billingo.documents.create(order)
        assert lab.line.tries["documents.create"] == 1
        assert "worth_retrying" in dir(caught.value)
        assert jumping_clock.seconds < 1.0


async def test_processes_of_one_key_share_what_a_store_grants(
    jumping_clock: JumpingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """400 calls of two objects that name the same store: 300 leave at once and 100 when the window is over."""
    store, line = StoreInMemory(), DatedLine(Sandbox(now=jumping_clock.unix), jumping_clock)

    def open_store(_: str) -> StoreInMemory:
        return store

    monkeypatch.setattr("billingo_async.transport.limits.open_store", open_store)
    limit = RateLimit(300, per=61.0, shared="redis://store.invalid")
    async with AsyncExitStack() as stack:
        key = Sandbox().api_key
        objects = [await opened(stack, line, jumping_clock, key, rate_limit=limit) for _ in range(2)]
        await asyncio.gather(*(each.organization.get() for each in objects for _ in range(200)))
    assert sorted(line.departures) == pytest.approx([0.0] * 300 + [61.0] * 100, abs=0.5)
    (name,) = store.windows
    assert name.startswith("rate_limit https://limits.invalid ")
    assert key not in name
