"""Counts work instead of seconds: which functions of the library run, how often, and how many blocks of memory stay.

Seconds belong to `benchmarks/`. A count is the same on a busy machine; between versions of Python it differs a little.
"""

from __future__ import annotations

import gc
import sys
import tracemalloc
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

import billingo_async

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator
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


class Wire:
    """Stands where httpx's own connections begin: answers with ready bytes, everything before it is the library's."""

    def __init__(self, body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take the body of every answer."""
        self._body = body
        self.requests: list[httpx.Request] = []
        monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", self._answer)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        headers: Any = {"content-type": "application/json", "content-length": str(len(self._body))}
        return httpx.Response(200, headers=headers, stream=_Once(self._body))


class _Once(httpx.AsyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body
