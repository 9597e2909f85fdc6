"""Reads the body of an answer: into memory as far as the bound allows, or a PDF into a file.

Knows no HTTP library: pieces come in, a `Reply` goes out. What a body means is read elsewhere (`protocol`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from billingo_async.protocol.call import Reply
from billingo_async.protocol.decoders import MAX_PDF_PREFIX_BYTES, PDF_MARK, is_pdf

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

MAX_STREAMED: Final = 4
"""How many times as long as an answer in memory one may be that is streamed."""
TAIL: Final = 1_024
"""Bytes that are kept of the end of a streamed body."""


class Sink(Protocol):
    """Where a streamed body goes, piece by piece."""

    def expect(self, size: int | None) -> None:
        """Take how many bytes will come; None where the server does not tell."""
        ...

    async def write(self, piece: bytes) -> bool:
        """Take a piece; False if no more is wanted."""
        ...


class SinkSource(Protocol):
    """What has a sink for each attempt of a call."""

    def new_part(self) -> Sink:
        """Return an empty sink; what an earlier attempt wrote is void."""
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
    """Read a PDF into the sink, `MAX_STREAMED` times as long as `limit` at most, and anything else into memory.

    Raises `SinkError` if the sink fails.
    """
    head = b""
    async for piece in pieces:
        head += piece
        if is_pdf(head) or len(head) >= MAX_PDF_PREFIX_BYTES + len(PDF_MARK):
            break
    if not is_pdf(head):
        return await keep(status, headers, pieces, limit=limit, head=head)
    sink.expect(_length(headers))
    length, tail, wanted = len(head), head[-TAIL:], await _written(sink, head)
    async for piece in pieces:
        length += len(piece)
        if not wanted or length > MAX_STREAMED * limit:
            break
        tail, wanted = (tail + piece)[-TAIL:], await _written(sink, piece)
    start = head.index(PDF_MARK) + len(PDF_MARK)
    return Reply(status, headers, head[:start], cut=length > MAX_STREAMED * limit, tail=tail)


def _length(headers: Mapping[str, str]) -> int | None:
    """Return the length that the headers tell of the body as it is handed on."""
    length = headers.get("content-length", "")
    is_plain = headers.get("content-encoding", "identity").lower() == "identity"
    return int(length) if is_plain and length.isascii() and length.isdigit() else None


async def _written(sink: Sink, piece: bytes) -> bool:
    try:
        return await sink.write(piece)
    except OSError as error:
        failure = error
    raise SinkError(failure)
