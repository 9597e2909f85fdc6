"""The gate and the shards, by themselves, before transports that misbehave."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest

from billingo_async import ConfigurationError
from billingo_async.transport.pool import SHARD_SIZE, Pool, Shard, shards_of

if TYPE_CHECKING:
    from jumping_clock import JumpingClock


pytestmark = pytest.mark.jumping


class Idle(httpx.AsyncBaseTransport):
    """A transport that is never asked; it knows whether it was closed."""

    opened: list[Idle]

    def __init__(self) -> None:
        """Be noted."""
        self.closed = 0
        self.opened.append(self)

    async def aclose(self) -> None:
        """Note it."""
        self.closed += 1


@pytest.fixture
def opened() -> list[Idle]:
    """Return the transports that are opened in this test."""
    Idle.opened = []
    return Idle.opened


async def works(seconds: float, value: str = "done") -> str:
    """Be on the wire for so long."""
    await asyncio.sleep(seconds)
    return value


async def on(pool: Pool, seconds: float, patience: float = 100.0) -> asyncio.Task[str]:
    """Exchange on a place of the pool."""
    async with pool.place() as place:
        assert isinstance(place.transport, Idle)
        return await place.exchange(works(seconds), patience)


@pytest.mark.parametrize(("connections", "sizes"), [(1, [1]), (2, [1, 1]), (50, [1] * 50)])
def test_connections_are_spread_over_small_shards(connections: int, sizes: list[int]) -> None:
    """Together the shards hold what was asked for, and none is larger than one connection."""
    assert SHARD_SIZE == 1
    assert [shard.size for shard in shards_of(connections, secure=False)] == sizes


async def test_the_least_loaded_shard_is_chosen_and_none_overflows(
    opened: list[Idle], jumping_clock: JumpingClock
) -> None:
    """Six exchanges on shards of two, two and one: five at once, evenly, the sixth when a place is free."""
    pool = Pool([Shard(Idle, 2), Shard(Idle, 2), Shard(Idle, 1)])
    tasks = [asyncio.create_task(on(pool, 10)) for _ in range(6)]
    await asyncio.sleep(1)
    assert [shard.busy for shard in pool._shards] == [2, 2, 1]
    await asyncio.gather(*tasks)
    assert jumping_clock.seconds == pytest.approx(20)
    assert [shard.busy for shard in pool._shards] == [0, 0, 0]
    await pool.aclose(1)
    assert [transport.closed > 0 for transport in opened] == [True] * 3


async def test_an_exchange_outlives_its_caller_by_no_more_than_its_time(
    opened: list[Idle], jumping_clock: JumpingClock
) -> None:
    """The caller has its answer, or none, in time; the place is free as long again after that at the latest."""
    pool = Pool([Shard(Idle, 1)])
    assert not (await on(pool, seconds=15, patience=10)).done()
    assert jumping_clock.seconds == pytest.approx(10)
    assert (await on(pool, 1)).result() == "done"
    assert jumping_clock.seconds == pytest.approx(16), "what ends by itself is not cut off"
    assert not (await on(pool, seconds=1e9, patience=10)).done()
    assert (await on(pool, 1)).result() == "done"
    assert jumping_clock.seconds == pytest.approx(16 + 20 + 1)
    await pool.aclose(1)


async def test_a_shard_whose_exchange_was_cut_off_is_retired(opened: list[Idle], jumping_clock: JumpingClock) -> None:
    """A cut-off request may have lost its connection: another transport takes over, the old one ends with its work."""
    pool = Pool([Shard(Idle, 2)])
    endless, long = asyncio.create_task(on(pool, 1e9, 10)), asyncio.create_task(on(pool, 50))
    await asyncio.sleep(30)
    assert endless.done()
    (shard,) = pool._shards
    assert [shard.transport] == opened[1:]
    assert opened[0].closed == 0, "an exchange is still on it"
    assert (await on(pool, 1)).result() == "done"
    assert (await long).result() == "done"
    await asyncio.sleep(1)
    assert [transport.closed for transport in opened] == [1, 0]
    await pool.aclose(1)
    assert opened[1].closed


async def test_a_closed_pool_lets_nobody_in(opened: list[Idle], jumping_clock: JumpingClock) -> None:
    """Neither who was in the queue nor who comes later."""
    pool = Pool([Shard(Idle, 1)])
    first, second = (asyncio.create_task(on(pool, 5)) for _ in range(2))
    await asyncio.sleep(1)
    await pool.aclose(patience=60)
    assert (await first).result() == "done"
    for late in (second, asyncio.create_task(on(pool, 5))):
        with pytest.raises(ConfigurationError, match="closed"):
            await late
    assert pool._gate._value == 1


async def test_a_place_is_used_once() -> None:
    """A place that was given back or taken over cannot be sent on."""
    Idle.opened = []
    pool = Pool([Shard(Idle, 1)])
    async with pool.place() as place:
        pass
    with pytest.raises(RuntimeError, match="given back"):
        _ = place.transport
    await pool.aclose(1)


async def test_a_transport_that_fails_to_close_hinders_nobody(jumping_clock: JumpingClock) -> None:
    """The others are closed all the same, and the caller hears nothing of it."""

    class Stubborn(Idle):
        async def aclose(self) -> None:
            await super().aclose()
            raise httpx.ReadError("broken")

    Idle.opened = []
    pool = Pool([Shard(Stubborn, 1), Shard(Idle, 1)])
    await on(pool, 1)
    await pool.aclose(1)
    assert all(transport.closed for transport in Idle.opened)
