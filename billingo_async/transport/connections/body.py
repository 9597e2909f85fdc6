"""Reads the body of an answer, piece by piece: into memory as far as the bound allows, or a PDF into a sink.

What a server has compressed is unpacked on the way and never beyond a bound: a few bytes of gzip can stand for
gigabytes. Knows no HTTP library: pieces come in, a `Reply` goes out. What a body means is read elsewhere (`protocol`).
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, Final, Protocol

from billingo_async.protocol.call import Reply
from billingo_async.protocol.decoders import MAX_PDF_PREFIX_BYTES, PDF_MARK, is_pdf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_STREAMED: Final = 4
"""How many times as long as an answer in memory one may be that is streamed."""
MAX_PIECE_BYTES: Final = 2**18
"""Bytes that are unpacked at a time."""
TAIL_BYTES: Final = 1_024
"""Bytes that are kept of the end of a streamed body."""
WINDOW_BITS: Final = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
"""How zlib is told of each encoding that can be unpacked. Source: RFC 9110, 8.4.1."""
HEAD_BYTES: Final = MAX_PDF_PREFIX_BYTES + len(PDF_MARK)
"""Bytes of a body after which it is known whether it is a PDF; what is none is kept in memory to be read."""


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
    """Carries a failure of the caller's own disk past the faults of the network."""

    def __init__(self, failure: OSError) -> None:
        """Take the failure without its traceback, whose frames hold pieces of the body."""
        super().__init__()
        self.failure: OSError = failure.with_traceback(None)


class UnpackError(Exception):
    """The body is not packed as the answer says, or breaks off."""


class BodyReader:
    """The body of one answer while it comes in."""

    def __init__(self, status: int, headers: Mapping[str, str], *, limit: int, sink: Sink | None = None) -> None:
        """Keep `limit` bytes in memory at most; a PDF goes to the sink instead, where there is one.

        Raises `UnpackError` for a body in an encoding that cannot be read.
        """
        self._status = status
        self._headers = headers
        self._limit = limit
        self._sink = sink if status // 100 == 2 else None  # noqa: PLR2004 - successful (RFC 9110, 15.3)
        self._body = bytearray()
        self._streamed = 0
        self._tail: bytes | None = None
        encoding = headers.get("content-encoding")
        self._packed = _unpacker(encoding) if encoding else None
        self._began = False

    async def feed(self, data: bytes) -> bool:
        """Take what has come; False if no more is wanted. Raises `UnpackError`, and `SinkError` if the sink fails."""
        if self._packed is None:
            return await self._take(data)
        for piece in self._unpacked(data):
            if not await self._take(piece):
                return False
        return True

    async def finish(self) -> Reply:
        """Return the answer once its body is over. Raises `UnpackError` if it breaks off within its packing."""
        if self._packed is not None and self._began and not self._packed.eof and not self.is_cut:
            raise UnpackError
        end = self._limit if self._tail is None else self._body.index(PDF_MARK) + len(PDF_MARK)
        return Reply(self._status, self._headers, bytes(self._body[:end]), cut=self.is_cut, tail=self._tail)

    @property
    def is_cut(self) -> bool:
        """True if there was more than may be kept."""
        return self._streamed > MAX_STREAMED * self._limit if self._tail is not None else len(self._body) > self._limit

    async def _take(self, piece: bytes) -> bool:
        if self._tail is not None:
            return await self._stream(piece)
        self._body += piece
        if self._sink is not None:
            if is_pdf(self._body):
                self._sink.expect(_length(self._headers))
                return await self._stream(bytes(self._body))
            if len(self._body) >= HEAD_BYTES:
                self._sink = None
        return len(self._body) <= self._limit

    async def _stream(self, piece: bytes) -> bool:
        self._streamed += len(piece)
        self._tail = ((self._tail or b"") + piece[-TAIL_BYTES:])[-TAIL_BYTES:]
        if self._sink is None or self.is_cut:
            return False
        try:
            return await self._sink.write(piece)
        except OSError as error:
            failure = error
        raise SinkError(failure)

    def _unpacked(self, data: bytes) -> Iterator[bytes]:
        work = self._packed
        self._began = self._began or bool(data)
        more = True
        while work is not None and more and not work.eof:
            try:
                piece = work.decompress(data, MAX_PIECE_BYTES)
            except zlib.error as error:
                raise UnpackError from error
            data = work.unconsumed_tail
            more = bool(data) or len(piece) == MAX_PIECE_BYTES
            yield piece


def _length(headers: Mapping[str, str]) -> int | None:
    """Return the length that the headers tell of the body as it is handed on."""
    length = headers.get("content-length", "")
    is_plain = headers.get("content-encoding", "identity").lower() == "identity"
    return int(length) if is_plain and length.isascii() and length.isdigit() else None


def _unpacker(encoding: str) -> Any:  # zlib does not name the class
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return None
    if name not in WINDOW_BITS:
        raise UnpackError
    return zlib.decompressobj(WINDOW_BITS[name])
