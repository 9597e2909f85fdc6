"""Time and processes: one queue of everything that is going to happen, in which a process may stand still or die.

Nothing here knows what the processes do. A process has an event loop of its own, and two clocks of its own.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
import random
import secrets
import sys
import time
from asyncio.tasks import _enter_task, _leave_task  # offered to those who write event loops
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from unittest import mock

from simulated_world.loop import NUMBERS, ProcessLoop, set_running_loop

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator

    from simulated_world.loop import Turn
    from simulated_world.network import Line, Network
    from simulated_world.storage import Disk

Entry: TypeAlias = "tuple[float, float, int, Process | None, Callable[[], object]]"
"""When something is due, when it was to be by its process's clock, its number, its process, and what it is."""
MAX_TURNS: Final = 400_000
"""Turns after which a story counts as one that never ends."""
MAX_TURN_SECONDS: Final = 0.002
BOOTED: Final = 1_000.0
"""What a process's monotonic clock shows when it starts."""


class Died(BaseException):
    """Unwinds the stack of a process that was killed while it ran."""


class EndlessError(Exception):
    """The story does not come to its end."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A process stands still at one of its moments: `is_asleep` stops its monotonic clock, `is_behind` the other too.

    `seconds` None: it dies. A moment is a turn of its loop, a look at a clock, or a write to a socket; it is counted
    from the start, or from where the process has learnt that so many of its transactions are done.
    """

    moment: int
    seconds: float | None
    is_asleep: bool = False
    is_behind: bool = False
    transaction: int = 0


class Process:
    """One worker: a loop, two clocks, and the moments at which it will stand still."""

    def __init__(
        self, world: World, name: str, wing: str, clock_offset: float = 0.0, stops: tuple[Stop, ...] = ()
    ) -> None:
        """Start now."""
        self.world: Final = world
        self.name: Final = name
        self.wing: Final = wing
        """Which API it uses."""
        self.loop: Final = ProcessLoop(self)
        self.dice: Final = world.dice(name)
        self.clock_offset: float = clock_offset
        self.is_alive: bool = True
        self.is_unstoppable: bool = False
        """True while it carries out what cannot be interleaved: a transaction holds a lock of the real disk."""
        self.runs_from: float = world.now
        self.stood_still: float = 0.0
        """Seconds, all together."""
        self.on_death: list[Callable[[], object]] = []
        self.lines: list[Line] = []
        self.left: list[Entry] = []
        """What it would have done, had it not died."""
        self.has_opened: bool = False
        self.has_journal: bool = True
        """False once the file was lost that it had opened: it may send nothing more that must not happen twice."""
        self.is_done: bool = False
        self._shift = world.now - BOOTED
        self._moments = self._transactions = self._counted_from = 0
        self._stops = {(stop.transaction, stop.moment): stop for stop in stops}
        self.is_steady: Final = not stops

    def monotonic(self) -> float:
        """Return what its monotonic clock shows."""
        return self.world.now - self._shift

    def unix(self) -> float:
        """Return what its wall clock shows."""
        return self.world.unix() + self.clock_offset

    def world_time(self, monotonic: float) -> float:
        """Return when its monotonic clock will show this, if it is not stopped before."""
        return monotonic + self._shift

    async def wait(self, seconds: float) -> None:
        """Wait so long by its own clock."""
        over = asyncio.Event()
        self.loop.call_later(seconds, over.set)
        await over.wait()

    def is_at_moment(self) -> bool:
        """Count a moment; True if the process stands still at it, or is dead."""
        if self.is_unstoppable:
            return False
        self._moments += 1
        stop = self._stops.pop((0, self._moments), None) or self._stops.pop(
            (self._transactions, self._moments - self._counted_from), None
        )
        if stop is None:
            return False
        if stop.seconds is None:
            self.die()
            return True
        self.world.log(self.name, f"stands still for {stop.seconds:g} s{' asleep' * stop.is_asleep}")
        self.runs_from = self.world.now + stop.seconds
        self.stood_still += stop.seconds
        if stop.is_asleep:
            self._shift += stop.seconds
        if stop.is_behind:
            self.clock_offset -= stop.seconds
        return True

    def learn_of_transaction(self) -> None:
        """Count one more transaction that is done, and the moments anew."""
        self._transactions += 1
        self._counted_from = self._moments

    def moment(self) -> None:
        """Pass a moment amid running code: if it stands still here, all others go on meanwhile.

        A request with an API key never goes stale: of a worker that is frozen between the look at its lease and the
        write nothing is promised over v3 but that it is told as doubt, so it stands still between its turns alone.
        """
        if self.is_alive and self.wing != "v3" and self.is_at_moment():
            self.world.run_others(self)
        if not self.is_alive:
            raise Died

    def set_clock(self, step: float) -> None:
        """Have a person or a service set its wall clock."""
        self.world.log(self.name, f"its clock is set by {step:g} s")
        self.clock_offset += step

    def raise_from_death(self) -> None:
        """Go on where it ended, and stand still no more; what it does is none of the story's business."""
        self.is_alive, self.runs_from = True, self.world.now
        self._stops.clear()
        self.world.put_back(self.left)

    def die(self) -> None:
        """End at once: nothing of it runs any more."""
        self.is_alive = False
        self.world.log(self.name, "dies")
        for act in self.on_death:
            act()


class World:
    """All processes, and everything that is going to happen, in the order of time."""

    def __init__(self, seed: object, epoch: float, home: str) -> None:
        """Begin at second zero, which is `epoch` in Unix time by the one clock that is right; files lie in `home`."""
        self._home = home
        self.now: float = 0.0
        self.epoch: Final = epoch
        self.running: Process | None = None
        self.lines: Final[list[str]] = []
        self.failures: Final[list[str]] = []
        self._seed = seed
        self.network: Network
        self.disk: Disk
        self._queue: list[Entry] = []
        self._turns = 0

    def dice(self, name: str) -> random.Random:
        """Return dice of their own for a purpose, so that what is taken out of a story leaves the rest as it was."""
        return random.Random(f"{self._seed}/{name}")  # noqa: S311 - a story, no secret

    def unix(self) -> float:
        """Return the right Unix time."""
        return self.epoch + self.now

    def log(self, name: str, what: str) -> None:
        """Add a line to what a reader sees of the story."""
        self.lines.append(f"{self.now:10.3f}  {name:<9} {what.replace(self._home, '')}")

    def at(self, when: float, act: Callable[[], object]) -> None:
        """Have something happen that is of no process."""
        heapq.heappush(self._queue, (max(when, self.now), 0.0, next(NUMBERS), None, act))

    def put(self, process: Process, turn: Turn) -> None:
        """Queue a turn of a process; turns of one process keep their order."""
        due = max(process.world_time(turn.when()), process.runs_from)
        self.put_back([(due, turn.when(), turn.number, process, turn.run)])

    def put_back(self, entries: list[Entry]) -> None:
        """Queue again what was taken out."""
        for entry in entries:
            heapq.heappush(self._queue, entry)
        entries.clear()

    def run(self, is_over: Callable[[], bool], until: float) -> bool:
        """Have things happen until it is over (True) or a time has come."""
        while not is_over():
            if not self._queue or self._queue[0][0] > until:
                self.now = max(self.now, until)
                return False
            self._step()
        return True

    def run_others(self, still: Process) -> None:
        """Have things happen while a process stands still amid its code."""
        task, over = asyncio.current_task(still.loop), still.runs_from
        if task is not None:
            _leave_task(still.loop, task)
        self.running = None
        set_running_loop(None)
        try:
            self.run(lambda: not still.is_alive, still.runs_from)
        finally:
            still.stood_still += max(0.0, self.now - over)  # another one stood still on top of it, and longer
            self.running = still
            set_running_loop(still.loop)
            if task is not None:
                _enter_task(still.loop, task)

    def _step(self) -> None:
        due, when, number, process, act = heapq.heappop(self._queue)
        self._turns += 1
        if self._turns > MAX_TURNS:
            raise EndlessError(f"still going on after {MAX_TURNS} turns, at second {self.now:.0f}")
        self.now = max(self.now, due)
        if process is None:
            act()
        elif not process.is_alive:
            process.left.append((due, when, number, process, act))
        elif process.loop.is_wanted(number):
            late = process.world_time(when) > self.now or process.runs_from > self.now
            if late or process.is_at_moment():  # it fell asleep or stands still: later, if it lives
                due = max(process.world_time(when), process.runs_from)
                self.put_back([(due, when, number, process, act)])
            else:
                self.enter(process, act)
                process.runs_from = max(process.runs_from, self.now + MAX_TURN_SECONDS * process.dice.random())

    def enter(self, process: Process, act: Callable[[], object]) -> None:
        """Run something as code of a process."""
        self.running = process
        set_running_loop(process.loop)
        try:
            act()
        except Died:
            pass
        finally:
            self.running = None
            set_running_loop(None)

    @contextmanager
    def reality(self) -> Generator[None]:
        """Have all code read the clocks and the dice of the process that it runs in."""
        real = {name: getattr(time, name) for name in ("time", "monotonic", "perf_counter")}

        def clock(name: str) -> Callable[[], float]:
            def read() -> float:
                process = self.running
                if process is None:
                    return float(real[name]())
                shown = process.unix() if name == "time" else process.monotonic()
                process.moment()  # it may stand still after it has looked, and before it uses what it saw
                return shown

            return read

        names = self.dice("names")

        def token_hex(size: int) -> str:
            return names.randbytes(size).hex()

        state = random.getstate()
        random.seed(str(self._seed))
        with (
            ExitStack() as patches,
            mock.patch.object(logging.getLogger("billingo_async"), "disabled", new=True),
            mock.patch.object(secrets, "token_hex", token_hex),
        ):
            for name in real:
                patches.enter_context(mock.patch.object(time, name, clock(name)))
            hooks = sys.get_asyncgen_hooks()
            sys.set_asyncgen_hooks(firstiter=self._keep)
            try:
                yield
            finally:
                sys.set_asyncgen_hooks(*hooks)
                random.setstate(state)

    def _keep(self, generator: AsyncGenerator[Any]) -> None:
        if self.running is not None:
            self.running.loop.generators.append(generator)
