"""The connections of one object in one event loop, and the slots before them: so many calls are on the wire at a time.

A caller takes a connection and gives it back, and is the only one who uses it meanwhile; to be cancelled closes it, or
leaves it to a task of its own where it is another library's. Closing lets go of what has not left. Decides nothing
about what comes back.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from billingo_async.protocol.call import Fate, Fault
from billingo_async.protocol.refusals import missing_part
from billingo_async.transport.connections.borrowed import Borrowed, BorrowedConnection, HttpClient
from billingo_async.transport.connections.dial import Origin, route_to, ssl_context, why_not_connected
from billingo_async.transport.loops import closed_error

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from billingo_async.settings import Settings
    from billingo_async.transport.connections.http1 import Connection

T = TypeVar("T")

KEEP_ALIVE: Final = 5.0
"""Seconds that an idle connection is kept; longer, and the server may close it just when it is used again."""
CONNECTION_SHARE: Final = 2 / 3
"""Of an attempt's seconds, for making a connection: so that one that was never made is known as such."""
CLOSED: Final = Fault(Fate.UNKNOWN, "the connections were closed before the answer was whole")
WATCHED: Final = (
    ("httpx", "AsyncHTTPTransport", "handle_async_request"),
    ("httpcore", "AsyncConnectionPool", "handle_async_request"),
    ("httpcore", "AsyncHTTPConnection", "handle_async_request"),
)
"""The methods that tools replace: OpenTelemetry and pytest-httpx the first, respx the others."""


class Connections:
    """Connections of our own to one origin, or those of a client that is brought along."""

    def __init__(
        self, settings: Settings, client: HttpClient | None, also_close: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Prepare; nothing is connected before the first request. `also_close` closes what else is of this loop."""
        self._also_close = also_close
        self.slots: Final = asyncio.Semaphore(settings.max_connections)
        self.in_use: int = 0
        self.time_lock: Final = asyncio.Lock()
        self.is_closed: bool = False
        self._max_bytes = settings.max_response_size
        self._idle: list[Connection] = []
        self._busy: set[Connection] = set()
        self._is_own = client is None
        if client is None:
            self._route = route_to(Origin.of(settings.base_url), settings.proxy)
            ssl_context(secure=self._route.origin.is_secure)  # what is wrong with it is told before anything is sent
        self._borrowed = Borrowed(settings, client or self._route)
        self._scopes: set[asyncio.Timeout] = set()
        self._drained = asyncio.Event()
        self._lifeline = self._close_with_loop()
        self._is_held = False

    async def _close_with_loop(self) -> AsyncGenerator[None]:
        # asyncio.run ends with loop.shutdown_asyncgens(), which is the only moment when connections that were never
        # closed can still be closed in their own loop. From the first `anext` on the loop knows of this generator.
        try:
            yield
        finally:
            await self._close_all()

    async def enter(self) -> None:
        """Wait for a slot; to be cancelled here costs nothing. Raises `ConfigurationError` after closing."""
        if not self._is_held:
            self._is_held = True
            await anext(self._lifeline, None)
        if self.slots.locked():
            await self.wait(self.slots.acquire())
        else:
            await self.slots.acquire()
        self.in_use += 1
        if self.is_closed:
            self.leave()
            raise closed_error()

    def leave(self) -> None:
        """Give a slot back."""
        self.in_use -= 1
        self.slots.release()
        if self.is_closed and not self.in_use:
            self._drained.set()

    async def connect(self, seconds: float) -> Connection | BorrowedConnection | Fault:
        """Return a connection that nothing else uses meanwhile, or why there is none; then the slot is given back."""
        if not self._is_own or ("httpx" in sys.modules and httpx_is_watched()):
            return self._borrowed.connect()
        while self._idle:
            connection = self._idle.pop()
            if connection.is_usable(KEEP_ALIVE):
                self._busy.add(connection)
                return connection
            connection.abort()
        through = f", through the proxy {self._route.proxy}" if self._route.proxy else ""
        try:
            async with asyncio.timeout(seconds * CONNECTION_SHARE):
                connection = await self._route.connect()
        except BaseException as error:
            self.leave()
            if not isinstance(error, OSError | ValueError):
                raise
            late = isinstance(error, TimeoutError)
            part = missing_part(error)
            reason = part or f"{why_not_connected(error)}{through}"
            return Fault(Fate.NEVER_SENT, reason, timed_out=late, is_incomplete=part is not None)
        connection.max_bytes = self._max_bytes
        self._busy.add(connection)
        return connection

    def release(self, connection: Connection | BorrowedConnection) -> None:
        """Take a connection back, to be used again if it can be; its slot is free once nothing is under way on it."""
        if isinstance(connection, BorrowedConnection):
            connection.release(self.leave)
            return
        self._busy.discard(connection)
        if not connection.is_over:
            self._idle.append(connection)
        self.leave()

    async def wait(self, awaitable: Awaitable[T], seconds: float | None = None) -> T:
        """Wait; raise TimeoutError after so many seconds, and `ConfigurationError` when the object is closed."""
        scope = asyncio.timeout(seconds)
        self._scopes.add(scope)
        try:
            async with scope:
                return await awaitable
        except TimeoutError:
            if not self.is_closed:
                raise
        finally:
            self._scopes.discard(scope)
        raise closed_error()

    async def aclose(self, patience: float) -> None:
        """Let go of what has not left, wait so many seconds for what is on the wire, close all connections."""
        self.is_closed = True
        for scope in self._scopes:
            if not scope.expired():
                scope.reschedule(asyncio.get_running_loop().time())
        try:
            if self.in_use:
                with suppress(TimeoutError):
                    async with asyncio.timeout(patience):
                        await self._drained.wait()
        finally:
            await self._lifeline.aclose()
            await self._close_all()  # once more: a lifeline that was never held on to closes nothing

    def stop_waiting(self) -> None:
        """Have closing wait no longer for what is on the wire."""
        self._drained.set()

    async def _close_all(self) -> None:
        """Close what was opened here; what is under way ends in doubt."""
        for connection in (*self._idle, *self._busy):
            connection.abort(CLOSED)
        self._idle.clear()
        await self._borrowed.aclose()
        if self._also_close is not None:
            await self._also_close()
        await asyncio.sleep(0)  # a socket is closed in the loop's next round, which may be its last


def httpx_is_watched() -> bool:
    """Tell whether a tool has replaced methods of httpx or httpcore, to see or to answer what is sent."""
    for library, kind, method in WATCHED:
        there: Any = vars(getattr(sys.modules.get(library), kind, object)).get(method)
        if there is None:
            continue
        if type(there) is not FunctionType or not str(there.__globals__["__name__"]).startswith(f"{library}."):
            return True
    return False
