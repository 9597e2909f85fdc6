"""Has a story happen: builds its world, lets its workers live, waits for their ends, asks again when all is calm."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

from billingo_async.sandbox import Sandbox, Switches
from billingo_async.transport.windows import Window
from simulated_world.callers import Callers
from simulated_world.judge import Ending, failures_of
from simulated_world.network import Network
from simulated_world.storage import Disk
from simulated_world.story import ALTERATIONS, LOSSES, MAKING, SERVER, WINGS, Act
from simulated_world.world import EndlessError, Process, World

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from simulated_world.story import Story, Worker

PATIENCE: Final = 200_000.0
"""Seconds within which every caller of a story has its answer: two nights asleep, and some hours."""
CALM_SECONDS: Final = 300.0
SHARED_MEMORY: Final = Path("/dev/shm")


def play(story: Story) -> Ending:
    """Have a story happen, and return how it ended."""
    home = SHARED_MEMORY if SHARED_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=home) as folder:
        return Play(story, Path(folder)).run()


class Play:
    """One story in one world."""

    def __init__(self, story: Story, folder: Path) -> None:
        """Build the world."""
        self._story = story
        self._world = world = World(story.seed, story.epoch, str(folder))
        sandbox = Sandbox(now=lambda: world.unix() + story.server_offset, seed=story.seed, kept_requests=0)
        sandbox.switches = Switches(vendor_id_lag=story.vendor_id_lag)
        self._network = world.network = Network(world, sandbox, story.timeout)
        self._disk = world.disk = Disk(world, folder / "journal.db", is_server=story.store == SERVER)
        self._callers = Callers(world, self._network, story)
        self._link = folder / "linked" / "orders.db"
        self._link.parent.mkdir()
        self._link.symlink_to(self._disk.path)
        self._processes: list[Process] = []
        self._began = 0.0
        self._is_over = False

    @property
    def _may_reopen(self) -> bool:
        """False where a journal that lost keys would be opened anew, and no stamp brings them back."""
        return not self._story.loses_keys or self._story.stamp is not None

    def run(self) -> Ending:
        """Have it happen: the morning, the day with its faults, the calm after it."""
        world = self._world
        windows = mock.patch.dict(Window._shared, clear=True)  # this process counts by no world's clock
        with world.reality(), self._disk.beneath_journal(), windows:
            try:
                self._morning()
                self._day()
                self._calm()
            except EndlessError as error:
                world.failures.append(str(error))
            finally:
                failures = [*world.failures]
                self._clear()
        ending = Ending(self._story, failures, world.lines, self._network.commits, self._callers.answers)
        ending.failures.extend(failures_of(ending))
        return ending

    def _start(self, process: Process, work: Coroutine[Any, Any, None]) -> Process:
        if process not in self._processes:
            self._processes.append(process)
        self._world.enter(process, lambda: process.loop.create_task(work))
        return process

    def _run(self, is_over: Callable[[], bool], seconds: float = PATIENCE) -> bool:
        return self._world.run(is_over, self._world.now + seconds)

    def _morning(self) -> None:
        """Two customers are made before anything can go wrong."""
        story, network = self._story, self._network
        self._start(Process(self._world, "morning", ""), self._callers.make_clients())
        self._run(lambda: all(len(self._callers.clients[wing]) > 1 for wing in self._callers.wings))
        network.alterations = [ALTERATIONS[name] for name in story.alterations]
        network.troubles = {(operation, number): name for operation, number, name in story.request_faults}
        network.looks = {
            (operation, f"{act} {order.key}"): (order.client, order.price)
            for order in story.orders
            for wing in WINGS.values()
            for act, operation in wing.operations.items()
            if operation in MAKING
        }

    def _day(self) -> None:
        """All workers live, and everything goes wrong that shall."""
        story, disk, world = self._story, self._disk, self._world
        began = self._began = world.now
        disk.troubles = dict(story.transaction_faults)
        acts: Mapping[str, Callable[[float], object]] = {
            "frozen": disk.freeze,
            "write-protected": disk.write_protect,
            "workers' folder deleted": lambda _: disk.delete_workers(),
            "copied": lambda _: disk.copy(),
            "deleted": lambda _: disk.delete(),
            "replaced": lambda _: disk.replace(),
            "restored": lambda _: disk.restore(),
        }
        for at, what, seconds in story.disk_faults:
            world.at(began + at, partial(self._befall, what, partial(acts[what], seconds)))
        for at, seconds in story.unreachable:
            world.at(began + at, partial(self._network.be_unreachable, seconds))
        for number, worker in enumerate(story.workers):
            self._start_worker(number, worker)
        if not self._run(lambda: not self._callers.waiting):
            waiting = ", ".join(f"{act.what} {act.order}" for act in self._callers.waiting)
            world.failures.append(f"waits for ever: {waiting}")

    def _befall(self, what: str, act: Callable[[], object]) -> None:
        alive = [process for process in self._processes[1:] if process.is_alive]
        if what in LOSSES and not self._may_reopen and not all(process.has_opened for process in alive):
            return  # a worker that has not seen the journal that was there cannot know
        self._world.log("journal", what)
        act()

    def _start_worker(self, number: int, worker: Worker) -> None:
        process = Process(self._world, f"worker {number}", worker.wing, worker.clock_offset, worker.stops)
        process.on_death.append(
            lambda: self._world.at(self._world.now + worker.restarts_after, partial(self._restart, number, worker))
        )
        for at, step in worker.clock_steps:
            self._world.at(self._began + at, partial(process.set_clock, step))
        path = self._link if worker.has_link else self._disk.path
        acts = [act for act in self._callers.waiting if act.worker == number]
        self._start(process, self._callers.work(process, path, acts, self._began, opens=not self._may_reopen))

    def _restart(self, number: int, worker: Worker) -> None:
        waiting = self._callers.waiting
        if not self._may_reopen:
            waiting[:] = [act for act in waiting if act.worker != number]
        elif not self._is_over:
            self._start_worker(number, replace(worker, stops=()))

    def _calm(self) -> None:
        """Nothing goes wrong any more: all workers end by themselves; then every key is asked for once more."""
        self._is_over = True
        self._network.troubles.clear()
        self._disk.troubles.clear()
        self._run(lambda: all(process.is_done or not process.is_alive for process in self._processes[1:]))
        unended = [process.name for process in self._processes[1:] if process.is_alive and not process.is_done]
        self._world.failures.extend(f"{name} does not end" for name in unended)
        self._run(lambda: False, CALM_SECONDS)
        for wing in self._callers.wings if self._may_reopen else ():
            self._ask_again(wing)

    def _ask_again(self, wing: str) -> None:
        """Have a process of its own ask for every key once more."""
        self._world.log("calm", f"every key is asked for once more, over {wing}")
        process = Process(self._world, f"calm {wing}", wing)
        acts = [act for act in self._callers.asked if self._story.workers[act.worker].wing == wing]
        plain = list(dict.fromkeys(Act(-1, act.what, act.order) for act in acts))
        self._start(process, self._callers.work(process, self._disk.path, plain, self._world.now, opens=False))
        if not self._run(lambda: process.is_done):
            self._world.failures.append("waits for ever when all is calm")

    def _clear(self) -> None:
        """End what is left of all processes, so that nothing of this world is seen outside it."""
        self._network.be_unreachable(float("inf"))
        self._disk.freeze(0.0)
        for process in self._processes:
            process.raise_from_death()
        with suppress(EndlessError):
            while tasks := self._tasks():
                for task in tasks:
                    task.cancel()
                self._run(lambda: False, CALM_SECONDS)
            for process in self._processes:
                self._start(process, process.loop.shutdown_asyncgens())
            self._run(lambda: not self._tasks())
        for process in self._processes:
            for line in process.lines:
                line.shut()
            process.loop.close()

    def _tasks(self) -> list[asyncio.Task[Any]]:
        return [task for process in self._processes for task in asyncio.all_tasks(process.loop)]
