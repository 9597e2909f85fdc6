"""A transport that answers as a test wants it, body by pieces, and one call before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from billingo_async import Billingo

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

BASE = "https://stand-in.invalid/api"
GOOD = b'{"success": true, "type": "user", "data": {"tax_code": "1"}}'


class Answers(httpx.AsyncBaseTransport):
    """Answers every request with what a function returns, or raises what it raises."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        """Take the function."""
        self.answer = answer
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Note the request and answer it."""
        self.requests.append(request)
        return self.answer(request)


class Pieces(httpx.AsyncByteStream):
    """A body in pieces, that may break off or fail to close."""

    def __init__(self, *pieces: bytes, breaks: Exception | None = None, closing: Exception | None = None) -> None:
        """Take the pieces, and what is raised after them or when the body is closed."""
        self._pieces = pieces
        self._breaks = breaks
        self._closing = closing
        self.taken = 0

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        """Yield them."""
        for piece in self._pieces:
            self.taken += len(piece)
            yield piece
        if self._breaks is not None:
            raise self._breaks

    async def aclose(self) -> None:
        """Close, or fail to."""
        if self._closing is not None:
            raise self._closing


async def ask(answer: Callable[[httpx.Request], httpx.Response], effect: str = "read", **options: Any) -> Any:
    """Make one call of one try before a transport that answers so."""
    transport = Answers(answer)
    async with (
        httpx.AsyncClient(transport=transport) as own,
        Billingo("public-key", "private-key", base_url=BASE, http_client=own, max_retries=0, **options) as billingo,
    ):
        return await billingo.request("GET", "/user/tax-code", effect=effect)
