"""Connections: a few in each of several small pools, and a gate before them all. Safe under cancellation.

One big httpx pool spends time in the square of its connections, so the connections are spread over shards of four. A
cancelled httpx request loses its place in the pool for good, so what is on the wire is never cancelled: a caller waits
at the gate, where giving up is harmless, and the exchange itself runs to its end in a task of its own.
"""

from __future__ import annotations

import asyncio
import ssl
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine
    from types import TracebackType

T = TypeVar("T")

SHARD_SIZE: Final = 4
"""Connections of one shard."""
KEEP_ALIVE: Final = 5.0
"""Seconds that an idle connection is kept; longer, and the server may close it just when it is used again."""


class Shard:
    """A small pool of connections, and how many exchanges are on it."""

    __slots__ = ("busy", "size", "transport")

    def __init__(self, transport: httpx.AsyncBaseTransport, size: int) -> None:
        """Take the transport; nothing is on it yet."""
        self.transport = transport
        self.size = size
        self.busy = 0


def shards_of(max_connections: int, *, secure: bool) -> list[Shard]:
    """Return shards that hold `max_connections` connections together; none is made before the first exchange."""
    sizes = [SHARD_SIZE] * (max_connections // SHARD_SIZE)
    if rest := max_connections % SHARD_SIZE:
        sizes.append(rest)
    return [Shard(_transport(size, secure=secure), size) for size in sizes]


class Pool:
    """The connections of one event loop."""

    def __init__(self, shards: list[Shard]) -> None:
        """Put a gate before the shards that lets in no more than they hold."""
        self._shards = shards
        self._gate = asyncio.Semaphore(sum(shard.size for shard in shards))
        self._on_wire: set[asyncio.Task[Any]] = set()
        self._lifeline = self._close_with_loop()

    def place(self) -> Place:
        """Return a place on the wire, to be entered with `async with`."""
        return Place(self)

    async def aclose(self, patience: float) -> None:
        """Wait for what is on the wire, `patience` seconds at most, then close all connections."""
        if self._on_wire:
            await asyncio.wait(self._on_wire, timeout=patience)
        late = list(self._on_wire)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        await self._lifeline.aclose()
        await self._close_shards()

    async def hold_on_to_loop(self) -> None:
        """Have the connections closed when the event loop ends, should nobody call `aclose` before."""
        await anext(self._lifeline, None)

    async def _close_with_loop(self) -> AsyncGenerator[None]:
        # asyncio.run ends with loop.shutdown_asyncgens(), which is the only moment when connections that nobody has
        # closed can still be closed in their own loop.
        try:
            yield
        finally:
            await self._close_shards()

    async def _close_shards(self) -> None:
        for shard in self._shards:
            await shard.transport.aclose()

    async def _enter(self) -> Shard:
        await self._gate.acquire()
        shard = min((shard for shard in self._shards if shard.busy < shard.size), key=_load)
        shard.busy += 1
        return shard

    def _leave(self, shard: Shard) -> None:
        shard.busy -= 1
        self._gate.release()

    def _send(self, exchange: Coroutine[Any, Any, T], shard: Shard) -> asyncio.Task[T]:
        task = asyncio.get_running_loop().create_task(exchange)
        self._on_wire.add(task)

        def over(done: asyncio.Task[T]) -> None:
            self._on_wire.discard(done)
            self._leave(shard)
            if not done.cancelled():
                done.exception()  # seen by the caller where there still is one

        task.add_done_callback(over)
        return task


class Place:
    """A place on the wire: waited for at the gate, given back when the exchange is over."""

    __slots__ = ("_pool", "_shard")

    def __init__(self, pool: Pool) -> None:
        """Belong to a pool."""
        self._pool = pool
        self._shard: Shard | None = None

    async def __aenter__(self) -> Self:
        """Wait at the gate; to be cancelled here costs nothing."""
        self._shard = await self._pool._enter()  # noqa: SLF001 - the two halves of one thing
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the place back, unless an exchange took it over and will do so itself."""
        if self._shard is not None:
            self._pool._leave(self._shard)  # noqa: SLF001 - the two halves of one thing
            self._shard = None

    @property
    def transport(self) -> httpx.AsyncBaseTransport:
        """The transport on which to send."""
        return self._taken().transport

    async def exchange(self, exchange: Coroutine[Any, Any, T], seconds: float) -> T | None:
        """Run an exchange to its end and return its result; None if it is not over after so many seconds.

        A caller who is cancelled goes at once; the exchange runs on and keeps the place until its own end.
        """
        shard, self._shard = self._taken(), None
        task = self._pool._send(exchange, shard)  # noqa: SLF001 - the two halves of one thing
        await asyncio.wait((task,), timeout=seconds)
        return task.result() if task.done() else None

    def _taken(self) -> Shard:
        if self._shard is None:
            msg = "this place on the wire was given back or used already"
            raise RuntimeError(msg)
        return self._shard


def _load(shard: Shard) -> int:
    return shard.busy


def _transport(size: int, *, secure: bool) -> httpx.AsyncHTTPTransport:
    limits = httpx.Limits(max_connections=size, max_keepalive_connections=size, keepalive_expiry=KEEP_ALIVE)
    return httpx.AsyncHTTPTransport(verify=_ssl_context(secure=secure), limits=limits)


@cache
def _ssl_context(*, secure: bool) -> ssl.SSLContext:
    """Return the one context of this process: loading the authorities costs some 50 ms.

    The other one is for plain HTTP: it trusts nobody, and so would refuse any TLS at all.
    """
    return httpx.create_ssl_context() if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
