"""The event loop of one process of a simulated world: it has no thread, no selector and no clock of its own.

What it is asked for goes into the world's queue. Below it lie the world's network and disk.
"""

from __future__ import annotations

import asyncio
from asyncio.events import _set_running_loop as set_running_loop  # offered to those who write event loops
from contextvars import copy_context
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, Final, TypeVar, TypeVarTuple

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncGenerator, Callable
    from contextvars import Context

    from simulated_world.world import Process

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
MOMENT: Final = 2e-9
"""Seconds between now and the next thing that is due: rounding must not make a wait that waits for nothing."""
NUMBERS: Final = count()
"""Of everything that is queued, in the order in which it is."""

__all__ = ["NUMBERS", "ProcessLoop", "Turn", "set_running_loop"]


class Turn(asyncio.TimerHandle):
    """Something that a process is going to do."""

    def __init__(
        self, when: float, callback: Callable[..., object], args: tuple[Any, ...], loop: ProcessLoop, context: Context
    ) -> None:
        """Take what is to be called."""
        super().__init__(when, callback, args, loop, context)
        self.number: Final = next(NUMBERS)
        self.run: Final = partial(context.run, callback, *args)


class ProcessLoop(asyncio.BaseEventLoop):
    """The event loop of one process."""

    def __init__(self, process: Process) -> None:
        """Belong to a process."""
        self._process = process
        super().__init__()
        self._cancelled: set[int] = set()
        self.generators: Final[list[AsyncGenerator[Any]]] = []
        """The asynchronous generators that were begun here."""

    # Time and turns

    def time(self) -> float:
        """Return the process's monotonic clock, as every loop does."""
        return self._process.monotonic()

    def call_soon(self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None) -> Turn:
        """Queue a turn."""
        return self.call_at(self.time(), callback, *args, context=context)

    call_soon_threadsafe = call_soon

    def call_later(
        self, delay: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> Turn:
        """Queue a turn for later."""
        return self.call_at(self.time() + max(delay, MOMENT), callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> Turn:
        """Queue a turn for a time of this loop."""
        turn = Turn(max(when, self.time()), callback, args, self, context or copy_context())
        self._process.world.put(self._process, turn)
        return turn

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        if isinstance(handle, Turn):
            self._cancelled.add(handle.number)

    def is_wanted(self, number: int) -> bool:
        """Tell whether a turn was not cancelled."""
        if number not in self._cancelled:
            return True
        self._cancelled.discard(number)
        return False

    # What lies below

    def run_in_executor(self, executor: Any, func: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        """Have the world's disk carry it out."""
        del executor
        return self._process.world.disk.carry_out(self._process, partial(func, *args))

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        """Connect, or be refused."""
        del sock, address
        await self._process.world.network.connect(self._process)

    async def create_connection(self, protocol_factory: Callable[[], Any], *_: Any, **options: Any) -> Any:
        """Return a connection to the world's server, in place of the socket that was handed in."""
        options["sock"].close()
        protocol = protocol_factory()
        transport = self._process.world.network.open(self._process, protocol)
        protocol.connection_made(transport)
        return transport, protocol

    # What every loop has to answer

    def is_running(self) -> bool:
        """Tell whether its process runs just now."""
        return self._process.world.running is self._process

    async def shutdown_asyncgens(self) -> None:
        """Close the asynchronous generators that were begun here."""
        while self.generators:
            await self.generators.pop().aclose()

    def call_exception_handler(self, context: Any) -> None:
        """Count what nothing has caught as a failure of the story, unless the process is dead."""
        if self._process.is_alive:
            error = context.get("exception")
            self._process.world.failures.append(f"{self._process.name}: {context['message']} ({error!r})")
