"""The server's end of a connection of ours, as a bare socket in the test's hand."""

from __future__ import annotations

import asyncio
import gc
import socket
import struct
from typing import TYPE_CHECKING

import pytest

from billingo_async.transport.connections.dial import Origin, route_to
from billingo_async.transport.connections.http1 import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billingo_async.transport.connections.http1 import Connection

PATIENCE = 10.0
"""Seconds after which a test that waits for the other end has failed."""


class SocketPeer:
    """A listening socket on loopback and what was connected to it."""

    def __init__(self) -> None:
        """Listen on a free port."""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.setblocking(False)
        self.port: int = self._listening.getsockname()[1]
        self._taken: list[socket.socket] = []

    @property
    def origin(self) -> Origin:
        """Where it listens."""
        return Origin("http", "127.0.0.1", self.port)

    async def connection(self, max_bytes: int = 2**20) -> tuple[Connection, socket.socket]:
        """Connect, and return both ends."""
        async with asyncio.timeout(PATIENCE):
            connection = await route_to(self.origin, proxy=False).connect()
        connection.max_bytes = max_bytes
        return connection, await self.accept()

    def request(self, method: str = "GET", body: bytes | None = None) -> Request:
        """Return a request to it."""
        headers = {"Host": self.origin.authority, "Content-Length": str(len(body or b""))}
        return Request(method, f"http://{self.origin.authority}", "/api/x?y=1", headers, body)

    async def accept(self) -> socket.socket:
        """Take the next connection."""
        async with asyncio.timeout(PATIENCE):
            taken, _ = await asyncio.get_running_loop().sock_accept(self._listening)
        self._taken.append(taken)
        return taken

    def waiting(self) -> Iterator[socket.socket]:
        """Take every connection that waits, without any turn of the loop."""
        while True:
            try:
                taken, _ = self._listening.accept()
            except BlockingIOError:
                return
            taken.setblocking(False)
            self._taken.append(taken)
            yield taken

    def close(self) -> None:
        """Close everything."""
        for each in (self._listening, *self._taken):
            each.close()


async def received(end: socket.socket, most: int = 65_536) -> bytes:
    """Return what one `recv` gives, b"" where the other side is gone."""
    async with asyncio.timeout(PATIENCE):
        try:
            return await asyncio.get_running_loop().sock_recv(end, most)
        except ConnectionResetError:
            return b""


async def received_all(end: socket.socket) -> bytes:
    """Return everything until the other side is gone."""
    everything = bytearray()
    while piece := await received(end):
        everything += piece
    return bytes(everything)


def reset(end: socket.socket) -> None:
    """Close with a reset, as a server that breaks down does."""
    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.close()


async def turns(count: int) -> None:
    """Let the loop go round."""
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.fixture
def socket_peer() -> Iterator[SocketPeer]:
    """Listen during the test; what it has left open somewhere is noticed by its end."""
    gc.freeze()  # what was there before is none of this test's, and would take long to be looked through
    end = SocketPeer()
    yield end
    end.close()
    gc.collect()
    gc.unfreeze()
