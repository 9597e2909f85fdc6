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
    from collections.abc import AsyncGenerator, Callable, Mapping

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


@asynccontextmanager
async def on_line(
    line: httpx.AsyncBaseTransport, *keys: str, client: Mapping[str, Any] | None = None, **options: Any
) -> AsyncGenerator[Billingo]:
    """Open an account over a client of the caller's own on a line; `client` holds that client's other options."""
    options = {"base_url": BASE, **options}
    async with (
        httpx.AsyncClient(transport=line, **(client or {})) as own,
        Billingo(*(keys or ("public-key", "private-key")), http_client=own, **options) as billingo,
    ):
        yield billingo


async def ask(answer: Callable[[httpx.Request], httpx.Response], effect: str = "read", **options: Any) -> Any:
    """Make one call of one try before a transport that answers so."""
    async with on_line(Answers(answer), max_retries=0, **options) as billingo:
        return await billingo.request("GET", "/user/tax-code", effect=effect)
