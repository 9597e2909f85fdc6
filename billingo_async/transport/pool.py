"""Connections: each in a small pool of its own, and a gate before them all. Safe under cancellation.

One big httpx pool spends time in the square of its connections, so they are spread over shards. A cancelled httpx
request may lose its place in the pool for good, so what is on the wire is not cancelled: a caller waits at the gate,
where giving up is harmless, and the exchange itself runs in a task of its own. Should one have to be cut off all the
same, because the server will not let it end, its shard is retired with whatever was lost in it.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

import httpx

from billingo_async.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine
    from types import TracebackType

T = TypeVar("T")

SHARD_SIZE: Final = 1
"""Connections of one shard: counted in instructions, one costs the least; httpcore looks at each idle one beside it."""
KEEP_ALIVE: Final = 5.0
"""Seconds that an idle connection is kept; longer, and the server may close it just when it is used again."""


class Shard:
    """A small pool of connections, and how many exchanges are on it."""

    __slots__ = ("_opening", "busy", "size", "transport")

    def __init__(self, opening: Callable[[], httpx.AsyncBaseTransport], size: int) -> None:
        """Open the transport; it connects to nothing yet."""
        self._opening = opening
        self.transport: httpx.AsyncBaseTransport = opening()
        self.size: int = size
        self.busy: int = 0

    def fresh(self) -> Shard:
        """Return another one like this, with nothing on it."""
        return Shard(self._opening, self.size)


def shards_of(max_connections: int, *, secure: bool) -> list[Shard]:
    """Return shards that hold `max_connections` connections together; none is made before the first exchange."""
    sizes = [SHARD_SIZE] * (max_connections // SHARD_SIZE)
    if rest := max_connections % SHARD_SIZE:
        sizes.append(rest)
    return [Shard(partial(_transport, size, secure=secure), size) for size in sizes]


class Pool:
    """The connections of one event loop."""

    def __init__(self, shards: list[Shard]) -> None:
        """Put a gate before the shards that lets in no more than they hold."""
        self._shards = shards
        self._retired: set[Shard] = set()
        self._gate = asyncio.Semaphore(sum(shard.size for shard in shards))
        self._on_wire: set[asyncio.Task[Any]] = set()
        self._lifeline = self._close_with_loop()
        self._held_on = False
        self._closed = False

    def place(self) -> Place:
        """Return a place on the wire, to be entered with `async with`."""
        return Place(self)

    async def aclose(self, patience: float) -> None:
        """Wait for what is on the wire, `patience` seconds at most, then close all connections; who queues is let go.

        To be cancelled while waiting ends the wait, not the closing.
        """
        self._closed = True
        try:
            if self._on_wire:
                await asyncio.wait(self._on_wire, timeout=patience)
        finally:
            await self._close_now()

    async def _close_with_loop(self) -> AsyncGenerator[None]:
        # asyncio.run ends with loop.shutdown_asyncgens(), which is the only moment when connections that nobody has
        # closed can still be closed in their own loop. From the first `anext` on the loop knows of this generator.
        try:
            yield
        finally:
            await self._close_shards()

    async def _close_now(self) -> None:
        late = list(self._on_wire)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        await self._lifeline.aclose()
        await self._close_shards()  # once more: a lifeline that was never held on to, or has ended, closes nothing

    async def _close_shards(self) -> None:
        for shard in (*self._shards, *self._retired):
            await _closing(shard)

    async def enter(self) -> Shard:
        """Wait at the gate and take a place, on the shard with the fewest exchanges."""
        if not self._held_on:
            self._held_on = True
            await anext(self._lifeline, None)
        await self._gate.acquire()
        if self._closed:
            self._gate.release()
            raise closed()
        shard = _least_busy(self._shards)
        shard.busy += 1
        return shard

    def leave(self, shard: Shard) -> None:
        """Give a place back."""
        shard.busy -= 1
        self._gate.release()
        if shard in self._retired and not shard.busy:
            self._retired.discard(shard)
            self.track(_closing(shard))

    def track(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start work that is not to be cancelled with who asked for it, but waited for when the pool is closed."""
        task = asyncio.get_running_loop().create_task(work)
        self._on_wire.add(task)
        task.add_done_callback(self._over)
        return task

    def _over(self, task: asyncio.Task[Any]) -> None:
        self._on_wire.discard(task)
        if not task.cancelled():
            task.exception()  # seen by the caller where there still is one

    def abandon(self, task: asyncio.Task[Any], shard: Shard, seconds: float) -> None:
        """Let an exchange whose caller has gone end by itself, within so many seconds, and give its place back."""
        task.add_done_callback(lambda _: self.leave(shard))
        limit = task.get_loop().call_later(seconds, self._cut_off, task, shard)
        task.add_done_callback(lambda _: limit.cancel())

    def _cut_off(self, task: asyncio.Task[Any], shard: Shard) -> None:
        if shard in self._shards:
            self._shards[self._shards.index(shard)] = shard.fresh()
            self._retired.add(shard)
        task.cancel()


class Place:
    """A place on the wire: waited for at the gate, given back when the exchange and its caller are done."""

    __slots__ = ("_pool", "_shard")

    def __init__(self, pool: Pool) -> None:
        """Belong to a pool."""
        self._pool = pool
        self._shard: Shard | None = None

    async def __aenter__(self) -> Self:
        """Wait at the gate; to be cancelled here costs nothing."""
        self._shard = await self._pool.enter()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the place back, unless an exchange was left on it and will do so itself.

        Whoever is next at the gate goes on only after the caller at hand: a pause that it asks for holds for them.
        """
        if self._shard is not None:
            self._pool.leave(self._shard)
            self._shard = None

    @property
    def transport(self) -> httpx.AsyncBaseTransport:
        """The transport on which to send."""
        return self._taken().transport

    async def exchange(self, exchange: Coroutine[Any, Any, T], seconds: float) -> asyncio.Task[T]:
        """Run an exchange and return its task when it is over; still at work if it is not after so many seconds.

        A caller who is cancelled goes at once. The exchange then keeps the place until its own end, which comes within
        as many seconds again.
        """
        task = self._pool.track(exchange)
        try:
            await asyncio.wait((task,), timeout=seconds)
        finally:
            if not task.done():
                shard, self._shard = self._taken(), None
                self._pool.abandon(task, shard, seconds)
        return task

    def _taken(self) -> Shard:
        if self._shard is None:
            msg = "this place on the wire was given back already"
            raise RuntimeError(msg)
        return self._shard


def closed() -> ConfigurationError:
    """Return the error for a call on what was closed."""
    msg = "this Billingo object is closed: make a new one, or keep `async with` open around all calls"
    return ConfigurationError(msg)


def _least_busy(shards: list[Shard]) -> Shard:
    """Return the shard with the fewest exchanges that has room; the gate sees to it that there is one."""
    least = shards[0]
    for shard in shards:
        if not shard.busy:
            return shard
        if shard.busy < shard.size and (shard.busy < least.busy or least.busy >= least.size):
            least = shard
    return least


async def _closing(shard: Shard) -> None:
    with suppress(Exception):  # a line that breaks while it is closed is closed
        await shard.transport.aclose()


def _transport(size: int, *, secure: bool) -> httpx.AsyncBaseTransport:
    # httpcore costs 20 ms to import; httpx, too, waits for the first connection with it.
    from billingo_async.transport.network import Transport  # noqa: PLC0415 - see above

    return Transport(ssl_context(secure=secure), connections=size, keep_alive=KEEP_ALIVE)


@cache
def ssl_context(*, secure: bool) -> ssl.SSLContext:
    """Return the one context of this process: loading the authorities costs some 50 ms.

    The other one is for plain HTTP: it trusts nobody, and so would refuse any TLS at all.
    """
    return httpx.create_ssl_context() if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
