"""One thing for each event loop: connections, locks and limiters belong to the loop they were made in.

An object may be used in one loop after another, and some things are shared by loops in several threads. Holds no rule.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Generic, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class PerLoop(Generic[T]):
    """A value for each event loop, made when it is first asked for there, and forgotten after the loop was closed."""

    def __init__(self, make: Callable[[], T]) -> None:
        """Take what makes a value; nothing is made yet."""
        self._make = make
        self._values: WeakKeyDictionary[asyncio.AbstractEventLoop, T] = WeakKeyDictionary()
        self._one_at_a_time = threading.Lock()

    def here(self) -> T:
        """Return the value of the running loop."""
        loop = asyncio.get_running_loop()
        try:
            return self._values[loop]
        except KeyError:
            pass
        with self._one_at_a_time:
            # A value may refer to its loop, which then would never be collected.
            for old in [known for known in self._values if known.is_closed()]:
                del self._values[old]
            value = self._values[loop] = self._make()
        return value

    def taken(self) -> T | None:
        """Return the value of the running loop and forget it; None if there is none."""
        return self._values.pop(asyncio.get_running_loop(), None)
