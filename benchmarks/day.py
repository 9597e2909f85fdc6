"""A day of a fleet, reckoned and not run: 50 workers, one store, 200,000 orders over API v3, faults drawn in.

A discrete-event model in virtual time. Real in it are the rule by which a store grants the slots of a shared limit, and
the server's own window, which counts what arrives and refuses what is over. The rest restates the documented rules of
keys: an intent before each request, a look-up before each document, two looks after a doubt, a lease that outlives a
dead worker. What the library's own code does under such faults is shown by its tests; this says how long a day takes.
"""

from __future__ import annotations

import heapq
import math
import random
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Final

from billingo_async.sandbox.server import MovingWindow
from billingo_async.transport.limit_stores import SlotRequest, WindowState

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    Steps = Generator[float | None, None, bool]

WORKERS: Final = 50
IN_HAND: Final = 10
"""Orders that a worker takes from the engine at a time."""
DAY: Final = 86_400.0
SLOTS, PER, SERVER_PER = 300, 61.0, 60.0
"""The library's limit, and what the server counts by."""
DROPS: Final = 0.005
"""The share of requests whose line drops after they were read; as many drop before."""
TWICE: Final = 0.05
"""The share of orders that are reported to two workers at once."""
KILLS: Final = 600
"""Workers that are killed in a day; another is there ten seconds later."""
RESTART_SECONDS, REDELIVERY_SECONDS, LEASE_SECONDS, TIMEOUT, INDEX_LAG = 10.0, 60.0, 50.0, 30.0, 2.0
MAX_POLL_SECONDS: Final = 60.0
COLUMNS: Final = (
    "orders",
    "they come",
    "calls",
    "made twice",
    "lost",
    "429",
    "half wait at most",
    "all but 1 % wait at most",
    "all done after",
)


@dataclass(eq=False)
class Worker:
    """One process; `life` counts its restarts."""

    number: int
    life: int = 0
    died_at: float = -math.inf
    queue: deque[Task] = field(default_factory=deque)
    """Who waits for a slot; the head alone asks the store."""
    tasks: dict[Task, int] = field(default_factory=dict)
    """What it has in hand, with the order of each."""


@dataclass(eq=False)
class Task:
    """One report of an order, as a worker carries it out."""

    worker: Worker
    life: int
    steps: Steps | None = None


@dataclass(eq=False)
class Key:
    """What the journal knows of an order."""

    owner: Worker
    life: int
    is_prepared: bool = False
    """True once the look-up before the request is written down: before that nothing can have been sent."""
    is_done: bool = False


class Fleet:
    """The workers, their store and journal, and the server with its books."""

    def __init__(self, arrivals: list[float], seed: int) -> None:
        """Begin the day."""
        self.now = 0.0
        self._dice = random.Random(seed)  # noqa: S311 - the same day each time, no secrets
        self._queue: list[tuple[float, int, Callable[[], object]]] = []
        self._numbers = count()
        self._arrivals = arrivals
        self._workers = [Worker(number) for number in range(WORKERS)]
        self._store = WindowState()
        self._server = MovingWindow(SLOTS, SERVER_PER, "calls")
        self._waiting: deque[int] = deque()
        self._keys: dict[int, Key] = {}
        self.made: dict[int, list[float]] = {}
        """When the documents of each order were committed."""
        self.waits: dict[int, float] = {}
        """Seconds from the first report of an order to its first answer."""
        self.ended = 0.0
        self.counts: Counter[str] = Counter()
        for order, at in enumerate(arrivals):
            for _ in range(1 + (self._dice.random() < TWICE)):
                self._at(at, lambda order=order: self._report(order))
        for _ in range(KILLS):
            self._at(self._dice.uniform(0.0, DAY), self._kill)

    def run(self) -> None:
        """Let everything happen."""
        while self._queue:
            self.now, _, happen = heapq.heappop(self._queue)
            happen()

    def quantiles(self, *shares: float) -> list[float]:
        """Return what so large a share of the orders waited at most."""
        waits = sorted(self.waits.values())
        return [waits[int(share * (len(waits) - 1))] for share in shares]

    def _at(self, when: float, happen: Callable[[], object]) -> None:
        heapq.heappush(self._queue, (when, next(self._numbers), happen))

    def _report(self, order: int) -> None:
        """Put an order into the engine's queue."""
        self.counts["reports"] += 1
        self._waiting.append(order)
        self._feed()

    def _feed(self) -> None:
        """Give orders to workers that are there and have a hand free."""
        while self._waiting:
            free = [
                worker
                for worker in self._workers
                if len(worker.tasks) < IN_HAND and self.now >= worker.died_at + RESTART_SECONDS
            ]
            if not free:
                return
            worker, order = self._dice.choice(free), self._waiting.popleft()
            task = Task(worker, worker.life)
            task.steps = self._order(task, order)
            worker.tasks[task] = order
            self._step(task)

    def _step(self, task: Task) -> None:
        if task.life != task.worker.life or task.steps is None:
            return  # its worker was killed
        try:
            wait = next(task.steps)
        except StopIteration:
            del task.worker.tasks[task]
            self._feed()
            return
        if wait is not None:
            self._at(self.now + wait, lambda: self._step(task))

    def _kill(self) -> None:
        worker = self._dice.choice(self._workers)
        self.counts["workers killed"] += 1
        for order in worker.tasks.values():
            self._at(self.now + REDELIVERY_SECONDS, lambda order=order: self._report(order))
        worker.life, worker.died_at, worker.tasks = worker.life + 1, self.now, {}
        worker.queue.clear()
        self._at(self.now + RESTART_SECONDS, self._feed)

    # What a worker does

    def _order(self, task: Task, order: int) -> Steps:
        """Make an order's document once, and answer whoever reported it."""
        poll = 1.0
        while True:
            key = self._keys.get(order)
            if key is not None and key.is_done:
                break
            if key is None:
                self._keys[order] = Key(task.worker, task.life)
                if (yield from self._make(task, order)):
                    break
            elif key.owner.life == key.life:
                yield poll  # a living worker is at it
                poll = min(2 * poll, MAX_POLL_SECONDS)
            elif self.now < key.owner.died_at + LEASE_SECONDS:
                yield key.owner.died_at + LEASE_SECONDS - self.now
            else:
                self.counts["keys of the dead"] += 1
                self._keys[order] = Key(task.worker, task.life, key.is_prepared)
                if key.is_prepared and (yield from self._is_found(task, order)):
                    break
                del self._keys[order]
        self._keys[order].is_done = True
        self.waits.setdefault(order, self.now - self._arrivals[order])
        self.ended = self.now
        return True

    def _make(self, task: Task, order: int) -> Steps:
        """Look whether there is a document, send the request, and in doubt look again, twice; False: begin anew."""
        if (yield from self._look(task, order)):
            return True
        self._keys[order].is_prepared = True
        if (yield from self._call(task, lambda: self.made.setdefault(order, []).append(self.now))):
            return True
        self.counts["doubts"] += 1
        if (yield from self._is_found(task, order)):
            return True
        del self._keys[order]
        return False

    def _is_found(self, task: Task, order: int) -> Steps:
        if (yield from self._look(task, order)):
            return True
        yield TIMEOUT
        return (yield from self._look(task, order))

    def _look(self, task: Task, order: int) -> Steps:
        """Ask by the order's key; a look may be repeated as it likes."""
        seen: list[bool] = []

        def look() -> None:
            seen.append(any(at + INDEX_LAG <= self.now for at in self.made.get(order, ())))

        while not (yield from self._call(task, look)):
            yield 1.0
        return seen[-1]

    def _call(self, task: Task, commit: Callable[[], object]) -> Steps:
        """Wait for a slot and send; True if the answer comes."""
        yield from self._slot(task)
        throw, way = self._dice.random(), self._dice.uniform(0.01, 0.2)
        arrives = self.now + way
        self._at(arrives, lambda: self._arrive(commit, is_read=throw >= DROPS))
        yield way + self._dice.uniform(0.01, 0.2)
        return throw >= 2 * DROPS

    def _arrive(self, commit: Callable[[], object], *, is_read: bool) -> None:
        self.counts["calls"] += 1
        self.counts["refused by the server"] += self._server.wait_for("key", self.now) > 0
        if is_read:
            commit()

    def _slot(self, task: Task) -> Steps:
        """Queue in the worker; its head asks the store and waits as long as that says."""
        queue, token = task.worker.queue, f"{task.worker.number} {next(self._numbers)}"
        queue.append(task)
        if queue[0] is not task:
            yield None  # until the one ahead has left
        while wait := self._store.reserve(SlotRequest("calls", token, SLOTS, PER, math.inf, {}), self.now):
            yield wait
        queue.popleft()
        if queue:
            self._at(self.now, lambda following=queue[0]: self._step(following))
        return True


def spread(orders: int, peak: float, seed: int) -> list[float]:
    """Return when the orders come: evenly, or in waves whose peak is so many times the mean."""
    dice = random.Random(seed)  # noqa: S311 - likewise

    def times() -> Iterator[float]:
        while True:
            at = dice.uniform(0.0, DAY)
            if dice.random() * peak <= 1 - (peak - 1) * math.cos(2 * math.pi * at / DAY):
                yield at

    return sorted(at for at, _ in zip(times(), range(orders), strict=False))


def table(rows: Sequence[tuple[int, float]] = ((200_000, 1.0), (200_000, 2.0), (100_000, 2.0)), seed: int = 1) -> str:
    """Live through days of so many orders with such a peak, and return them as a table."""
    lines = [f"| {' | '.join(COLUMNS)} |", f"|{' ---: |' * len(COLUMNS)}"]
    for orders, peak in rows:
        fleet = Fleet(spread(orders, peak, seed), seed)
        fleet.run()
        print(f"{orders:,} orders, peak {peak:g}: {dict(fleet.counts)}")
        cells = [
            f"{orders:,}",
            "evenly" if peak == 1 else f"with a peak of {peak:g} times the mean",
            f"{fleet.counts['calls']:,}",
            str(sum(len(made) > 1 for made in fleet.made.values())),
            str(orders - len(fleet.made.keys() & fleet.waits.keys())),
            str(fleet.counts["refused by the server"]),
            *(f"{seconds:,.1f} s" for seconds in fleet.quantiles(0.5, 0.99)),
            f"{fleet.ended / 3600:.1f} h",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table, and how long the reckoning took."""
    began = time.process_time()
    print(f"\n{table()}\n\nreckoned in {time.process_time() - began:.0f} s of CPU")


if __name__ == "__main__":
    main()
