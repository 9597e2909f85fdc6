"""The moving window of the PDF limit and the pause of a 429, by themselves, on the jumping clock."""

from __future__ import annotations

import asyncio
import random
import threading
from typing import TYPE_CHECKING

import pytest
from limited import fullest_window

from billingo_async import RateLimit
from billingo_async.transport.limits import Pause
from billingo_async.transport.windows import Window

if TYPE_CHECKING:
    from jumping_clock import JumpingClock

PER = 61.0
ROUNDING = 1e-5


async def departure(window: Window, clock: JumpingClock, left: list[float], delay: float = 0.0) -> None:
    """Queue, dawdle on the way to the line, and leave as the wire does."""
    await window.queues.here().wait_turn()
    await asyncio.sleep(delay)
    while wait := window.try_acquire():  # noqa: ASYNC110 - nobody sets an event when a window is over
        await asyncio.sleep(wait)
    left.append(clock.seconds)


@pytest.mark.parametrize("seed", range(20))
async def test_no_window_holds_an_eleventh_whatever_happens(seed: int, jumping_clock: JumpingClock) -> None:
    """Random arrivals, delays on the way and cancellations: no window of the period holds more than the count."""
    chance = random.Random(seed)  # noqa: S311 - spreads arrivals, guards no secret
    count, per = chance.choice([(1, 6.1), (3, 7.0), (10, PER)])
    window, left = Window(RateLimit(count, per=per)), list[float]()
    callers: list[asyncio.Task[None]] = []
    for _ in range(60):
        delay = chance.choice([0.0, 0.0, chance.uniform(0, per)])
        callers.append(asyncio.create_task(departure(window, jumping_clock, left, delay)))
        await asyncio.sleep(chance.choice([0.0, chance.uniform(0, per / count)]))
        if chance.random() < 0.3:
            chance.choice(callers).cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    assert len(left) == sum(not caller.cancelled() for caller in callers)
    assert fullest_window(left, per) <= count


def test_event_loops_in_several_threads_share_one_window() -> None:
    """Four threads with a loop each, twenty departures: no window holds more than three."""
    window, left, per = Window(RateLimit(3, per=0.05)), list[float](), 0.05

    async def depart() -> None:
        loop = asyncio.get_running_loop()
        for _ in range(5):
            await window.queues.here().wait_turn()
            while wait := window.try_acquire():
                await asyncio.wait([loop.create_future()], timeout=wait)
            left.append(loop.time())

    threads = [threading.Thread(target=asyncio.run, args=(depart(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(left) == 20
    # `left` is noted after `leave`, by up to a thread's turn: a tenth of the period is allowed for it.
    assert fullest_window(left, per * 0.9) <= 3


def test_objects_share_an_window_by_origin_count_and_period() -> None:
    """How long a caller is ready to queue is its own matter; where and how often is everybody's."""
    shared = Window.shared(("https://a.invalid",), RateLimit(10, per=61))
    assert Window.shared(("https://a.invalid",), RateLimit(10, per=61.0)) is shared
    others = [(("https://b.invalid",), RateLimit(10, per=61)), (("https://a.invalid",), RateLimit(9, per=61))]
    assert all(Window.shared(*other) is not shared for other in others)


def test_loops_that_are_closed_are_forgotten() -> None:
    """A process that makes one event loop after another does not collect the queues of the dead ones."""
    window = Window(RateLimit(1, per=0.001))

    async def queue_twice() -> None:
        await asyncio.gather(window.queues.here().wait_turn(), window.queues.here().wait_turn())

    for _ in range(5):
        asyncio.run(queue_twice())
    assert len(window.queues.known) <= 1


def test_times_of_another_clock_hold_nobody_back() -> None:
    """What left in a loop whose clock shows far later times does not block a loop whose clock begins at zero."""
    window = Window(RateLimit(1, per=PER))
    window._departures.append(1e9)

    async def leave() -> float:
        return window.try_acquire()

    assert asyncio.run(leave()) == 0.0


async def test_a_pause_can_only_move_further_away(jumping_clock: JumpingClock) -> None:
    """The longest pause that was asked for counts, whoever asks for a shorter one afterwards."""
    pause = Pause()
    assert pause.left() == 0.0
    pause.ask(30)
    pause.ask(5)
    await asyncio.sleep(6)
    assert pause.left() == pytest.approx(24, abs=ROUNDING)
    pause.ask(40)
    assert pause.left() == pytest.approx(40, abs=ROUNDING)
    await asyncio.sleep(40)
    assert pause.left() == 0.0


async def test_a_pause_holds_though_rounding_makes_it_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """From second 0.1 on, 0.2 s end at 0.30000000000000004: what rounding adds is part of the pause."""
    assert 0.1 + 0.2 - 0.1 > 0.2
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: 0.1)
    pause = Pause()
    pause.ask(0.2)
    assert pause.left() == pytest.approx(0.2)


async def test_a_window_holds_though_rounding_makes_it_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for the limit: a second departure at the very same moment waits, whatever the clock's last digit."""
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: 0.1)
    window = Window(RateLimit(1, per=0.2))
    assert window.try_acquire() == 0.0
    assert window.try_acquire() == pytest.approx(0.2)


def test_a_pause_holds_in_the_next_event_loop_too() -> None:
    """The server asked the object to wait, whichever loop it is used in by then."""
    pause = Pause()

    async def ask() -> None:
        pause.ask(100)

    async def left() -> float:
        return pause.left()

    asyncio.run(ask())
    assert 99 < asyncio.run(left()) <= 100


def test_a_pause_ends_on_a_clock_that_began_anew() -> None:
    """More than was asked for is never waited, whatever a clock says."""
    pause = Pause()
    pause._until, pause._length = 1e12, 5.0

    async def left() -> float:
        return pause.left()

    assert asyncio.run(left()) == 0.0
