"""Unpacks what a server has compressed, piece by piece and never beyond a bound.

A few bytes of gzip can stand for gigabytes, so a piece is unpacked only as far as anybody wants it. Knows no HTTP.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ASKED_FOR: Final = "gzip"
"""What a request says it accepts."""
ENCODINGS: Final = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
"""How zlib is told of each encoding that can be read. Source: RFC 9110, 8.4.1."""
LONGEST_PIECE: Final = 2**18
"""Bytes that are unpacked at a time."""


class UnpackError(Exception):
    """What came is not packed as the answer says, or breaks off."""


def unpacked(pieces: AsyncIterator[bytes], encoding: str) -> AsyncIterator[bytes]:
    """Return the pieces as they were before they were packed; raise `UnpackError` for what cannot be unpacked."""
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return pieces
    if name not in ENCODINGS:
        raise UnpackError
    return _inflated(pieces, ENCODINGS[name])


async def _inflated(pieces: AsyncIterator[bytes], window: int) -> AsyncIterator[bytes]:
    work = zlib.decompressobj(window)
    came = False
    async for packed in pieces:
        left, more = packed, True
        while more and not work.eof:
            try:
                piece = work.decompress(left, LONGEST_PIECE)
            except zlib.error as error:
                raise UnpackError from error
            left = work.unconsumed_tail
            more = bool(left) or len(piece) == LONGEST_PIECE
            yield piece
        came = came or bool(packed)
    if came and not work.eof:
        raise UnpackError
