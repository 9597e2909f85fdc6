"""Answers that are ready before they are asked for: as replies, in pieces, and on a line that keeps requests."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx

from billingo_async import Billingo
from billingo_async.protocol.call import Effect, Operation, Reply
from billingo_async.v2.decoders import Done

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from billingo_async.protocol.call import Call

CANCEL = Operation("invoices.cancel", "GET", "/invoices/{id}/cancel", Effect.ONCE, Done()).call(id=42)
LABEL = "invoices.cancel (GET /invoices/42/cancel)"


def reply(said: object = None, status: int = 200, *, body: bytes | None = None, **headers: str) -> Reply:
    """Return an answer that says something in JSON, or has these bytes for a body; headers with `_` for `-`."""
    told = json.dumps(said).encode() if body is None else body
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, told)


def call_of(decoder: Any) -> Call[Any]:
    """Return the call with the label `LABEL` whose answer reads as a shape says."""
    return Operation("invoices.cancel", "GET", "/invoices/{id}/cancel", Effect.ONCE, decoder).call(id=42)


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
