"""A clock that jumps: tests about time finish in milliseconds and measure exactly.

Mark a test `jumping`, or ask for the fixture `jumping_clock`, and it runs on an event loop on which no time passes
while code runs, and on which waiting is a jump to the next moment at which something is due. Everything that reads
`loop.time()` follows: `asyncio.sleep`, `asyncio.timeout`, `aiolimiter`, `tenacity`'s waits. Inject
`jumping_clock.unix` where code wants the wall clock.

The loop never jumps over the outside world. While a socket or a pipe is registered, or a call runs in an executor's
thread, it waits in real time and the clock moves by what really passed; tests of real input and output use the ordinary
loop. A thread started by other means is not seen: such a test belongs on the ordinary loop too.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Executor
    from contextvars import Context

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

UNIX_START = 1_700_000_000.0
"""The unix time at which every jumping test begins: 2023-11-14 22:13:20 UTC."""

MOMENT = 2e-9
"""Seconds: twice the resolution by which asyncio rounds."""


class JumpingSelector(selectors.DefaultSelector):
    """A selector that reports a wait as over at once, unless the outside world may still have a say."""

    def __init__(self) -> None:
        """Start at second zero with nothing pending."""
        super().__init__()
        self.now = 0.0
        self.threads_at_work = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready; otherwise jump `timeout` seconds ahead, or wait for the outside world."""
        events = super().select(0)
        if events or (timeout is not None and timeout <= 0):
            return events
        # One descriptor is the loop's own: the pipe by which threads wake it.
        alone = len(self.get_map()) <= 1 and not self.threads_at_work
        if alone and timeout is not None:
            self.now += timeout
            return []
        began = time.monotonic()
        events = super().select(timeout)
        self.now += time.monotonic() - began
        return events


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop on which waiting takes no time; see the head of this file for what it never jumps over."""

    def __init__(self) -> None:
        """Open on a selector of its own."""
        self._jumping = JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Return the seconds that this loop's tasks have spent waiting."""
        return self._jumping.now

    def call_at(
        self, when: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Arrange a call, not for this very moment but for the next: on every clock some time passes in between.

        Otherwise code that waits again for what rounding has left over, 1e-15 s, would do so for ever.
        """
        return super().call_at(max(when, self.time() + MOMENT), callback, *args, context=context)

    def run_in_executor(self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        """Run in a thread, and stand still until it is done."""
        future = super().run_in_executor(executor, func, *args)
        self._jumping.threads_at_work += 1
        future.add_done_callback(self._thread_is_done)
        return future

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - asyncio's name
        """Wait for the executor's threads in real time: its patience must not run out by a jump."""
        del timeout  # Python 3.11 knows none, and a test that leaves a thread behind should be seen to hang
        self._jumping.threads_at_work += 1
        try:
            await super().shutdown_default_executor()
        finally:
            self._jumping.threads_at_work -= 1

    def _thread_is_done(self, _: asyncio.Future[T]) -> None:
        self._jumping.threads_at_work -= 1


class JumpingClock:
    """What a test reads of the jumping time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Count from now."""
        self._loop = loop
        self._began = loop.time()

    @property
    def seconds(self) -> float:
        """Seconds of jumping time since the test began."""
        return self._loop.time() - self._began

    def unix(self) -> float:
        """Return the wall clock, in unix seconds, that moves with the loop."""
        return UNIX_START + self.seconds


@pytest.fixture
async def jumping_clock() -> JumpingClock:
    """Run the test on the jumping loop and hand it the clock."""
    return JumpingClock(asyncio.get_running_loop())


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "jumping: run the test on an event loop whose clock jumps instead of waiting")


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Choose the loop: jumping for those that are marked or ask for the clock, ordinary for all others."""
    names: list[str] = getattr(item, "fixturenames", [])
    if "jumping_clock" in names or item.get_closest_marker("jumping"):
        return {"jumping": JumpingLoop}
    return {"ordinary": asyncio.new_event_loop}
