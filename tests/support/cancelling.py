"""Cancels a call at its k-th await, and looks for what it left behind: tasks, places on the wire, sockets."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator

    from billingo_async import Billingo
    from billingo_async.transport.connections.pool import Connections

T = TypeVar("T")


class CancelledAt(Generic[T]):
    """Runs a coroutine and cancels the task that awaits this at its k-th wait, counted from 0.

    `late` cancels when what is waited for is there already and the task is about to go on: the moment at which locks
    and semaphores lose what they have just handed over.
    """

    def __init__(self, work: Coroutine[Any, Any, T], k: int, *, late: bool) -> None:
        """Take the coroutine; nothing runs yet."""
        self._work = work
        self._k = k
        self._late = late
        self.reached = False
        """Whether there was a k-th wait."""

    def __await__(self) -> Generator[Any, Any, T]:
        """Hand every wait of the coroutine on to the task."""
        task = asyncio.current_task()
        assert task is not None
        step: Callable[[], Any] = partial(self._work.send, None)
        for wait in range(1_000_000):
            try:
                awaited: asyncio.Future[Any] | None = step()
            except StopIteration as done:
                result: T = done.value
                return result
            if wait == self._k:
                self.reached = True
                self._cancel(task, awaited)
            try:
                step = partial(self._work.send, (yield awaited))
            except BaseException as error:  # noqa: BLE001 - whatever is thrown in belongs to the coroutine
                step = partial(self._work.throw, error)
        raise AssertionError("a call that waits a million times")

    def _cancel(self, task: asyncio.Task[Any], awaited: asyncio.Future[Any] | None) -> None:
        def cancel(_: object) -> None:
            task.cancel()

        if self._late and awaited is not None:
            awaited.add_done_callback(cancel)
        else:
            asyncio.get_running_loop().call_soon(cancel, None)


def connections_of(billingo: Billingo) -> Connections:
    """Return the connections of a `Billingo` in the running loop."""
    return billingo._dispatch.sender._here()


def assert_nothing_is_lost(billingo: Billingo) -> None:
    """Check that every slot is free and nothing is under way."""
    here = connections_of(billingo)
    assert here.in_use == 0
    assert here.slots._value == billingo._dispatch.settings.max_connections
    assert not here._borrowed._tasks
    assert not here._busy


async def no_tasks_left() -> None:
    """Check that no task but the test's own is alive, once those that are over had the time to say so."""
    for _ in range(20):
        await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
