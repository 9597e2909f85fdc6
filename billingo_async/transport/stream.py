"""One line under a connection of httpcore's, on asyncio's own transports: one write and one timer a request.

Over httpcore's own backend each request passes some fourteen cancel scopes and five timers, and leaves in two writes.
Knows bytes, moments and broken lines; no HTTP, no request and no fate. Its errors are httpcore's, by the step that
failed: what failed before a line stood is a `Connect…` error, whatever failed later never is. `fates` relies on that.
"""

from __future__ import annotations

import asyncio
import select
from typing import TYPE_CHECKING, Any, Final, cast

import httpcore

from billingo_async.transport.dial import connecting

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

HELD_MOST: Final = 64 * 1024
"""Bytes of a request that wait for the rest of it, so that head and body leave in one piece."""
HIGH_WATER: Final = 256 * 1024
"""Bytes of an answer that lie unread before the server is made to wait."""
LOW_WATER: Final = HIGH_WATER // 2
"""Bytes at which it may go on."""


class Stream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """One line: asyncio's protocol on one side, httpcore's stream on the other. One reads and one writes at a time."""

    _transport: asyncio.Transport
    _has_news: Callable[[], bool]

    def __init__(self) -> None:
        """Wait for the transport: `connection_made` hands it over, before anybody reads, writes or closes."""
        self._loop = asyncio.get_running_loop()
        self._received = bytearray()
        self._held: list[bytes] = []
        self._held_size = 0
        self._reading_paused = True  # nothing that could be paused before there is a transport
        self._writing_paused = False
        self._over = False
        self._failure = ""
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None

    # asyncio's side: called by the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport over."""
        self._transport = cast("asyncio.Transport", transport)  # TCP and TLS have both directions
        self._reading_paused = False
        self._has_news = _looking_at(transport.get_extra_info("socket").fileno())

    def data_received(self, data: bytes) -> None:
        """Keep what came until it is read; above the mark, let nothing more come."""
        self._received += data
        if len(self._received) > HIGH_WATER and not self._reading_paused:
            self._reading_paused = True
            self._transport.pause_reading()
        _wake(self._reader)

    def eof_received(self) -> None:
        """Note that the server has said all it will; the transport closes itself, after what is still to be written."""
        self._end("")

    def connection_lost(self, exc: Exception | None) -> None:
        """Note how the line ended; only the words are kept, for an exception's frames hold what was being written."""
        self._end("" if exc is None else f"{type(exc).__name__}: {exc}")

    def pause_writing(self) -> None:
        """Note that the server takes nothing more for now."""
        self._writing_paused = True

    def resume_writing(self) -> None:
        """Let the writer go on."""
        self._writing_paused = False
        _wake(self._writer)

    def _end(self, failure: str) -> None:
        self._over = True
        self._failure = self._failure or failure
        _wake(self._reader)
        _wake(self._writer)

    # httpcore's side: awaited by its connection

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has come, `max_bytes` at most, b"" at the end; before it, let leave what was written.

        A line that broke over the writing is read all the same: what came before it broke may be the answer.

        Raises:
            httpcore.ReadTimeout: Nothing came in so many seconds.
            httpcore.ReadError: The line broke, or was closed here.

        """
        self._flush()
        if not self._received and not self._over:
            await self._arrival(timeout)
        if self._received:
            return self._take(max_bytes)
        if self._failure:
            raise httpcore.ReadError(self._failure)
        return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Hold the bytes until an answer is read for, or until there are many; then wait for who takes them.

        Whoever gives up in between closes the line, and what was held never leaves.

        Raises:
            httpcore.WriteTimeout: The server did not take them in so many seconds.
            httpcore.WriteError: The line is broken, or was closed on either side.

        """
        self._check_writable()
        self._held.append(buffer)
        self._held_size += len(buffer)
        if self._held_size <= HELD_MOST:
            return
        self._flush()
        if self._writing_paused:
            self._writer = self._loop.create_future()
            try:
                await self._wait(self._writer, timeout, httpcore.WriteTimeout)
            finally:
                self._writer = None
            self._check_writable()

    async def aclose(self) -> None:
        """Close at once, whatever is still under way; a second time does nothing.

        Aborted, also under TLS: an orderly end would wait half a minute for the server's own, and write what is held.
        HTTP says itself whether an answer is whole.
        """
        self._held.clear()
        self._held_size = 0
        self._received.clear()
        self._end("the line was closed")
        self._transport.abort()
        await asyncio.sleep(0)  # the socket itself is closed in the loop's next round, which may be its last

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Stream:
        """Return the line under TLS, once the server has shown a certificate that is trusted for this name.

        Raises:
            httpcore.ConnectTimeout: The handshake took longer.
            httpcore.ConnectError: It failed, or the certificate is not trusted. The line is closed.

        """
        stream = Stream()
        # asyncio's own timer, which says "aborted" where ours says "too late", must not be the first to ring.
        later = timeout * 2 if timeout else None
        try:
            with connecting():
                async with asyncio.timeout(timeout):
                    transport = await self._loop.start_tls(
                        self._transport,
                        stream,
                        ssl_context,
                        server_hostname=server_hostname,
                        ssl_handshake_timeout=later,
                    )
        except BaseException:
            self._transport.abort()
            raise
        if transport is None:
            raise httpcore.ConnectError("the line ended together with the handshake")
        stream.connection_made(transport)
        return stream

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore asks for by name; None where there is nothing."""
        if info == "is_readable":
            return self._is_readable()
        name = {"client_addr": "sockname", "server_addr": "peername"}.get(info, info)
        return self._transport.get_extra_info(name)

    # Both sides

    def _is_readable(self) -> bool:
        # What has come may not have been handed over yet: the loop looks at its sockets once a round.
        return bool(self._received) or self._over or self._transport.is_closing() or self._has_news()

    def _flush(self) -> None:
        if self._held:
            data = b"".join(self._held)
            self._held.clear()
            self._held_size = 0
            if not self._over:
                self._transport.write(data)

    def _check_writable(self) -> None:
        if self._over:
            raise httpcore.WriteError(self._failure or "the server has closed the line")

    async def _arrival(self, timeout: float | None) -> None:
        if self._reader is not None:
            raise RuntimeError("somebody reads from this line already")
        self._reader = self._loop.create_future()
        try:
            await self._wait(self._reader, timeout, httpcore.ReadTimeout)
        finally:
            self._reader = None

    async def _wait(self, waiter: asyncio.Future[None], timeout: float | None, late: type[Exception]) -> None:
        timer = None if timeout is None else self._loop.call_later(timeout, _give_up, waiter, late)
        try:
            await waiter
        finally:
            if timer is not None:
                timer.cancel()

    def _take(self, max_bytes: int) -> bytes:
        taken = bytes(self._received[:max_bytes])
        del self._received[:max_bytes]
        if self._reading_paused and len(self._received) <= LOW_WATER:
            self._reading_paused = False
            self._transport.resume_reading()
        return taken


def _looking_at(descriptor: int) -> Callable[[], bool]:
    """Return a function that tells, without reading, whether bytes or an end have come to a socket."""
    if not hasattr(select, "poll"):  # pragma: no cover - Windows has none, and no large descriptors either
        return lambda: bool(select.select([descriptor], [], [], 0)[0])
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return lambda: bool(poll.poll(0))


def _wake(waiter: asyncio.Future[None] | None) -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)


def _give_up(waiter: asyncio.Future[None], late: type[Exception]) -> None:
    if not waiter.done():
        waiter.set_exception(late())
