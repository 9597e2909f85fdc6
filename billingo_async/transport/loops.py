"""One thing for each event loop: connections, locks and limiters belong to the loop they were made in.

An object may be used in one loop after another, and some things are shared by loops in several threads. Closing to
the end, though its caller gives up waiting, stands here, too. Holds no rule.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar
from weakref import WeakKeyDictionary

from billingo_async.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

T = TypeVar("T")

_TO_THE_END: Final[set[asyncio.Task[None]]] = set()


async def run_to_the_end(work: Coroutine[Any, Any, None], hurry: Callable[[], object]) -> None:
    """Wait for work that no cancellation reaches, since it runs in a task of its own.

    A caller who is cancelled goes at once; `hurry` is called then, and the work ends by itself.
    """
    task = asyncio.get_running_loop().create_task(work)
    _TO_THE_END.add(task)
    task.add_done_callback(_forget)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        hurry()
        raise


def _forget(task: asyncio.Task[None]) -> None:
    _TO_THE_END.discard(task)
    if not task.cancelled():
        task.exception()  # seen by the caller where there still is one


class PerLoop(Generic[T]):
    """A value for each event loop, made when it is first asked for there, and forgotten after the loop was closed."""

    def __init__(self, make: Callable[[], T]) -> None:
        """Take what makes a value; nothing is made yet."""
        self._make = make
        self.known: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, T]] = WeakKeyDictionary()
        """The values that there are, by loop."""
        self._one_at_a_time = threading.Lock()

    def here(self) -> T:
        """Return the value of the running loop."""
        loop = asyncio.get_running_loop()
        if (known := self.known.get(loop)) is not None:
            return known
        with self._one_at_a_time:
            # A value may refer to its loop, which then would never be collected.
            for old in [other for other in self.known if other.is_closed()]:
                del self.known[old]
            value = self.known[loop] = self._make()
        return value

    def taken(self) -> T | None:
        """Return the value of the running loop and forget it; None if there is none."""
        return self.known.pop(asyncio.get_running_loop(), None)


def closed_error() -> ConfigurationError:
    """Return the error for a call on what was closed."""
    msg = "this Billingo object is closed: make a new one, or keep `async with` open around all calls"
    return ConfigurationError(msg)
