"""Reads the body of an answer: into memory as far as the bound allows, or a PDF into a file.

Knows no HTTP library: pieces come in, a `Reply` goes out. What a body means is read elsewhere (`protocol`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from billingo_async.protocol.call import Reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

PDF_MARK: Final = b"%PDF-"
"""How a PDF begins; what begins otherwise came in its place, and is kept to be read."""
TAIL: Final = 1_024
"""Bytes that are kept of the end of a streamed body."""


class Sink(Protocol):
    """Where a streamed body goes, piece by piece."""

    async def write(self, piece: bytes) -> bool:
        """Take a piece; False if nobody wants more."""
        ...


class SinkError(Exception):
    """Carries a failure of the caller's own disk past the faults of the line."""

    def __init__(self, failure: OSError) -> None:
        """Take the failure without its traceback, whose frames hold pieces of the body."""
        super().__init__()
        self.failure: OSError = failure.with_traceback(None)


async def keep(
    status: int, headers: Mapping[str, str], pieces: AsyncIterator[bytes], *, limit: int, head: bytes = b""
) -> Reply:
    """Read the body into memory, `limit` bytes at most; the reply says so if there were more."""
    body = bytearray(head)
    async for piece in pieces:
        body += piece
        if len(body) > limit:
            break
    cut = len(body) > limit
    del body[limit:]
    return Reply(status, headers, bytes(body), cut=cut)


async def pour(
    status: int, headers: Mapping[str, str], pieces: AsyncIterator[bytes], *, limit: int, sink: Sink
) -> Reply:
    """Read a PDF into the sink, however long it is, and anything else into memory.

    Raises `SinkError` if the sink fails.
    """
    head = b""
    async for piece in pieces:
        head += piece
        if len(head) >= len(PDF_MARK):
            break
    if not head.startswith(PDF_MARK):
        return await keep(status, headers, pieces, limit=limit, head=head)
    tail, wanted = head[-TAIL:], await _written(sink, head)
    async for piece in pieces:
        tail = (tail + piece)[-TAIL:]
        wanted = wanted and await _written(sink, piece)
        if not wanted:
            break
    return Reply(status, headers, head[: len(PDF_MARK)], tail=tail)


async def _written(sink: Sink, piece: bytes) -> bool:
    try:
        return await sink.write(piece)
    except OSError as error:
        failure = error
    raise SinkError(failure)
