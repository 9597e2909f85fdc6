"""The server's end of a line, as a bare socket in the test's hand, and a stand-in for asyncio's transport."""

from __future__ import annotations

import asyncio
import gc
import socket
import struct
from typing import TYPE_CHECKING, Any

import pytest

from billingo_async.transport.network import Backend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billingo_async.transport.stream import Stream

PATIENCE = 10.0
"""Seconds after which a test that waits for the other end has failed."""


class FarEnd:
    """A listening socket on loopback and what was connected to it."""

    def __init__(self) -> None:
        """Listen on a free port."""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.setblocking(False)
        self.port: int = self._listening.getsockname()[1]
        self._taken: list[socket.socket] = []

    async def line(self) -> tuple[Stream, socket.socket]:
        """Connect, and return both ends."""
        stream = await Backend().connect_tcp("127.0.0.1", self.port, timeout=PATIENCE)
        return stream, await self.accept()

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


async def heard(end: socket.socket, most: int = 65_536) -> bytes:
    """Return what one `recv` gives, b"" where the other side is gone."""
    async with asyncio.timeout(PATIENCE):
        try:
            return await asyncio.get_running_loop().sock_recv(end, most)
        except ConnectionResetError:
            return b""


async def all_heard(end: socket.socket) -> bytes:
    """Return everything until the other side is gone."""
    everything = bytearray()
    while piece := await heard(end):
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
def far_end() -> Iterator[FarEnd]:
    """Listen during the test; what it has left open somewhere is noticed by its end."""
    end = FarEnd()
    yield end
    end.close()
    gc.collect()


class Held:
    """Stands for a transport: notes what is written and takes as much as it is told to."""

    def __init__(self, stream: Stream, *, takes_all: bool = True) -> None:
        """Be the transport of a stream."""
        self._stream = stream
        self._takes_all = takes_all
        self._ends = socket.socketpair()
        self.written: list[bytes] = []
        stream.connection_made(self)  # type: ignore[arg-type] # it stands for one

    def write(self, data: bytes) -> None:
        """Note what leaves."""
        self.written.append(data)
        if not self._takes_all:
            self._stream.pause_writing()

    def get_extra_info(self, name: str) -> Any:
        """Show a socket, to which nothing ever comes."""
        return self._ends[0] if name == "socket" else None

    def is_closing(self) -> bool:
        """Tell whether it was closed."""
        return self._ends[0].fileno() < 0

    def abort(self) -> None:
        """Close."""
        for each in self._ends:
            each.close()
