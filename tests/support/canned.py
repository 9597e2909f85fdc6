"""A line at whose end bytes are ready: what arrives is kept as it came, what is answered goes out as it stands."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx

from billingo_async import Billingo

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


class CannedLine(httpx.AsyncBaseTransport):
    """Answers every request with the bytes that it was told last."""

    def __init__(self) -> None:
        """Start with a success that says nothing."""
        self.answer: bytes = b'{"success": true}'
        self.target: str = ""
        """The path and query of the last request."""
        self.body: bytes = b""
        """The body of the last request."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Keep the request, give the answer."""
        self.target = request.url.raw_path.decode()
        self.body = await request.aread()
        return httpx.Response(200, content=self.answer)


@asynccontextmanager
async def on_canned_line() -> AsyncGenerator[tuple[Billingo, CannedLine]]:
    """Open an account on such a line."""
    line = CannedLine()
    async with (
        httpx.AsyncClient(transport=line) as caller,
        Billingo("public", "private key of 32 bytes or more..", http_client=caller, max_retries=0) as billingo,
    ):
        yield billingo, line
