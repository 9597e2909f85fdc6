"""The queue of a limit that processes share, on the jumping clock and a store in memory; each queue is one process."""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pytest
from limited import StoreInMemory

from billingo_async import RateLimit
from billingo_async.protocol.call import Limit
from billingo_async.settings import Settings
from billingo_async.transport.limits import Limits
from billingo_async.transport.windows import FIRST_TRY_SECONDS, NEXT_LOOK_SECONDS, RIDE_OUT_SECONDS, SharedQueue, Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jumping_clock import JumpingClock

pytestmark = pytest.mark.jumping
LIMIT = RateLimit(10, per=61.0, shared="redis://:secret@store.invalid:6379/0")
ONE = RateLimit(1, per=61.0, shared="redis://store.invalid")
TOLERANCE = 0.15
"""Seconds by which a departure may differ from its slot."""


class Process(NamedTuple):
    """What one process has: its queue, and when its requests left, in seconds of the loop."""

    queue: SharedQueue
    departures: list[float]

    async def depart(self, *, first: bool = False, delay: float = 0.0) -> None:
        """Wait for the turn, dawdle on the way to the line, and leave as the sender does."""
        while True:
            await self.queue.wait_turn(first=first)
            try:
                await asyncio.sleep(delay)
                wait = await self.queue.renew() or self.queue.try_acquire()
            except asyncio.CancelledError:
                self.queue.leave()
                raise
            if not wait:
                self.departures.append(asyncio.get_running_loop().time())
                return
            self.queue.leave()
            await asyncio.sleep(wait)


@pytest.fixture
def store() -> StoreInMemory:
    """The store of all processes of a test."""
    return StoreInMemory()


def new_process(store: StoreInMemory, limit: RateLimit = LIMIT) -> Process:
    """Start a process with an empty window of its own."""
    return Process(SharedQueue("pdf", Window(limit), store), [])


def fullest_window(processes: Sequence[Process], per: float = LIMIT.per) -> int:
    """Count the departures of the fullest window of all processes together."""
    left = [moment for process in processes for moment in process.departures]
    return max(sum(start <= other < start + per - TOLERANCE for other in left) for start in left)


@pytest.mark.parametrize("loads", [(10, 10, 10, 10), (31, 5, 3, 1), (40, 0, 0, 0)])
async def test_four_processes_keep_the_limit_together(
    loads: tuple[int, ...], jumping_clock: JumpingClock, store: StoreInMemory
) -> None:
    """Even or uneven, forty requests of four processes take four windows, and none holds an eleventh."""
    processes = [new_process(store) for _ in loads]
    every = [process.depart() for process, load in zip(processes, loads, strict=True) for _ in range(load)]
    await asyncio.gather(*every)
    assert [len(process.departures) for process in processes] == list(loads)
    assert fullest_window(processes) == 10
    assert jumping_clock.seconds == pytest.approx(3 * 61.0, abs=1)


@pytest.mark.parametrize("seed", range(10))
async def test_no_window_holds_an_eleventh_whatever_happens(
    seed: int, jumping_clock: JumpingClock, store: StoreInMemory
) -> None:
    """Random arrivals, delays on the way, cancellations and lost answers: the limit is kept, and all are served."""
    dice = random.Random(seed)  # noqa: S311 - spreads arrivals, guards no secret
    processes = [new_process(store) for _ in range(4)]
    callers: list[asyncio.Task[None]] = []
    for _ in range(60):
        delay = dice.choice([0.0, 0.0, 0.05, dice.uniform(0, 5)])
        callers.append(asyncio.create_task(dice.choice(processes).depart(delay=delay)))
        await asyncio.sleep(dice.choice([0.0, dice.uniform(0, 5)]))
        store.answers_to_lose = int(dice.random() < 0.1)
        if dice.random() < 0.2:
            dice.choice(callers).cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    assert sum(len(process.departures) for process in processes) == sum(not caller.cancelled() for caller in callers)
    assert fullest_window(processes) <= 10


async def test_slot_is_that_of_the_moment_when_the_request_leaves(
    jumping_clock: JumpingClock, store: StoreInMemory
) -> None:
    """A head that needs 20 seconds to get a connection holds its slot, and the window counts from when it left."""
    slow, other = new_process(store, ONE), new_process(store, ONE)
    await asyncio.gather(slow.depart(delay=20), other.depart())
    assert slow.departures == pytest.approx([20.0], abs=TOLERANCE)
    assert other.departures == pytest.approx([81.0], abs=TOLERANCE)


async def test_killed_process_takes_one_slot_along_at_most(jumping_clock: JumpingClock, store: StoreInMemory) -> None:
    """A process stops for good while it is the head with a slot, and ninety behind it: the others have all but one."""
    killed, alive = new_process(store), new_process(store)
    await killed.queue.wait_turn()
    behind = [asyncio.create_task(killed.depart()) for _ in range(90)]
    await asyncio.gather(*(alive.depart() for _ in range(20)))
    assert alive.departures == pytest.approx([0.0] * 9 + [61.0] * 10 + [122.0], abs=TOLERANCE)
    for task in behind:
        task.cancel()
    await asyncio.gather(*behind, return_exceptions=True)


async def test_turn_that_is_given_back_goes_to_the_next(jumping_clock: JumpingClock, store: StoreInMemory) -> None:
    """A head that finds no connection, or is cancelled on the way, costs the process no slot."""
    process = new_process(store)
    await process.queue.wait_turn()
    waiting = [asyncio.create_task(process.depart()) for _ in range(10)]
    on_the_way = asyncio.create_task(process.depart(delay=5, first=True))
    await asyncio.sleep(1)
    process.queue.leave()
    await asyncio.sleep(1)
    on_the_way.cancel()
    await asyncio.gather(*waiting)
    assert process.departures == pytest.approx([2.0] * 10, abs=TOLERANCE)


async def test_call_that_does_not_wait_so_long_is_told_at_once(
    jumping_clock: JumpingClock, store: StoreInMemory
) -> None:
    """Another process has used up the window: the true seconds come back at once, and the store keeps nothing of it."""
    other, process = new_process(store), new_process(store)
    await asyncio.gather(*(other.depart() for _ in range(10)))
    await asyncio.sleep(11)
    assert await process.queue.wait_turn(patience=49.0) == pytest.approx(50.0, abs=TOLERANCE)
    assert await process.queue.wait_turn(patience=49.0) == pytest.approx(50.0, abs=TOLERANCE)
    assert jumping_clock.seconds == pytest.approx(11.0, abs=TOLERANCE)
    assert len(store.requests) == 11  # for the second one the answer was known
    assert store.windows["pdf"].heads == {}
    assert await process.queue.wait_turn(patience=51.0) == 0.0
    assert jumping_clock.seconds == pytest.approx(61.0, abs=TOLERANCE)


async def test_wait_is_told_once_when_it_is_known(jumping_clock: JumpingClock, store: StoreInMemory) -> None:
    """Those who queue hear how long it will be as far as that is known: the second of one in a minute waits two."""
    process, told = new_process(store, ONE), list[float]()
    await process.depart()

    async def wait() -> None:
        assert await process.queue.wait_turn(notify=told.append) == 0
        process.queue.try_acquire()

    await asyncio.gather(wait(), wait())
    assert told == pytest.approx([61.0, 122.0], abs=TOLERANCE)


async def test_restart_of_the_store_passes_unseen(
    jumping_clock: JumpingClock, store: StoreInMemory, caplog: pytest.LogCaptureFixture
) -> None:
    """A store that is away for a few seconds is waited for: no window holds an eleventh, and no line is logged."""
    processes = [new_process(store) for _ in range(4)]
    calls = [asyncio.create_task(process.depart()) for process in processes for _ in range(10)]
    for moment in (0.005, 60.0, 65.0):
        await asyncio.sleep(moment - jumping_clock.seconds)
        store.is_away = True
        await asyncio.sleep(RIDE_OUT_SECONDS - 1)
        store.is_away = False
    await asyncio.gather(*calls)
    assert fullest_window(processes) <= 10
    assert caplog.records == []


async def test_without_the_store_each_process_counts_by_itself(
    jumping_clock: JumpingClock, store: StoreInMemory, caplog: pytest.LogCaptureFixture
) -> None:
    """A store that was never there holds back nothing but what the process itself has sent; one WARNING says so."""
    caplog.set_level(logging.INFO, "billingo_async")
    store.is_away = True
    process = new_process(store)
    await asyncio.gather(*(process.depart() for _ in range(25)))
    windows = [0.0] * 10 + [61.0] * 10 + [122.0] * 5
    assert process.departures == pytest.approx([FIRST_TRY_SECONDS + left for left in windows], abs=TOLERANCE)
    (record,) = caplog.records
    named = "the store redis://store.invalid:6379/0 of a limit (10 in 61 s)"
    is_away = f"{named} is away (ConnectionError): this process counts by itself until it is back"
    assert (record.levelname, record.getMessage()) == ("WARNING", is_away)


async def test_store_that_is_back_learns_what_left_meanwhile(
    jumping_clock: JumpingClock, store: StoreInMemory, caplog: pytest.LogCaptureFixture
) -> None:
    """Eight leave without the store; once it is back, another process finds two slots and not ten."""
    caplog.set_level(logging.INFO, "billingo_async")
    store.is_away = True
    one, other = new_process(store), new_process(store)
    await asyncio.gather(*(one.depart() for _ in range(8)))
    store.is_away = False
    await asyncio.sleep(NEXT_LOOK_SECONDS + 0.1)
    await one.depart()
    await asyncio.gather(*(other.depart() for _ in range(2)))
    back, over = FIRST_TRY_SECONDS + NEXT_LOOK_SECONDS, FIRST_TRY_SECONDS + 61.0
    assert one.departures == pytest.approx([FIRST_TRY_SECONDS] * 8 + [back], abs=TOLERANCE)
    assert other.departures == pytest.approx([back, over], abs=TOLERANCE)
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "secret" not in caplog.text


async def test_closing_asks_nothing_more(jumping_clock: JumpingClock, store: StoreInMemory) -> None:
    """A queue that is closed while a call waits leaves no task behind."""
    process = new_process(store)
    await asyncio.gather(*(process.depart() for _ in range(10)))
    call = asyncio.create_task(process.depart())
    await asyncio.sleep(1)
    call.cancel()
    await process.queue.aclose()
    await asyncio.gather(call, return_exceptions=True)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_window_is_called_by_what_the_server_counts() -> None:
    """Limits by address know no account, limits by key do, and a name of the caller's stands for itself."""
    settings = Settings("https://host.invalid/api", limits={"a": LIMIT, "b": LIMIT, "c": replace(LIMIT, name="mine")})
    limits = Limits(settings, "account", (Limit("a", "address"), Limit("b", "key"), Limit("c", "key")))
    names = [queues.here().name for queues in limits._shared]
    assert names == ["a https://host.invalid", "b https://host.invalid account", "mine"]
