"""Counts work instead of seconds: which functions of the library run, how often, and how many blocks of memory stay.

Seconds belong to `benchmarks/`. A count is the same on a busy machine; between versions of Python it differs a little.
"""

from __future__ import annotations

import asyncio
import gc
import socket
import sys
import tracemalloc
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import billingo_async
from billingo_async.transport.connections.dial import Route
from billingo_async.transport.connections.http1 import Connection

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType

    import pytest

PACKAGE = str(Path(billingo_async.__file__).parent)


@contextmanager
def counted() -> Generator[Counter[str]]:
    """Count every start of a function of the library, by file and name; a coroutine counts again when it goes on."""
    work: Counter[str] = Counter()

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(PACKAGE):
            work[f"{Path(code.co_filename).stem}.{code.co_name}"] += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield work
    finally:
        sys.setprofile(before)


def blocks_kept(make: Callable[[], object]) -> int:
    """Return how many blocks of memory stay allocated for what a function returns."""
    make()  # whatever is built once and for all is built now
    gc.collect()
    tracemalloc.start()
    try:
        kept = make()
        statistics = tracemalloc.take_snapshot().statistics("filename")
    finally:
        tracemalloc.stop()
    del kept
    return sum(line.count for line in statistics)


def peak_of(run: Callable[[], object]) -> int:
    """Return the bytes that are allocated at the same time, at most, while a function runs."""
    run()
    gc.collect()
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


class ReadyTransport:
    """Stands where sockets begin: answers with ready bytes, everything before it is the library's."""

    def __init__(self, body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take the body of every answer."""
        self._answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        self._answer += body
        self.requests: list[bytes] = []
        monkeypatch.setattr(Route, "connect", self._connect)

    async def _connect(self) -> Connection:
        connection = Connection()
        connection.connection_made(_Answering(connection, self._answer, self.requests))
        return connection


class _Answering(asyncio.Transport):
    """Answers each request in the loop's next round."""

    def __init__(self, connection: Connection, answer: bytes, requests: list[bytes]) -> None:
        super().__init__()
        self._connection = connection
        self._answer = answer
        self._requests = requests
        self._ends = socket.socketpair()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._requests.append(bytes(data))
        asyncio.get_running_loop().call_soon(self._connection.data_received, self._answer)

    def get_extra_info(self, name: str, default: object = None) -> Any:
        return self._ends[0] if name == "socket" else default

    def is_closing(self) -> bool:
        return self._ends[0].fileno() < 0

    def abort(self) -> None:
        for each in self._ends:
            each.close()
