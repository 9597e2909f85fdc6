"""The ready client on aiohttp's connections: as many as are asked for, nothing twice, and nowhere else."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from httpx_aiohttp import HttpxAiohttpClient
from loopback import KEYS, serving

from billingo_async import (
    Billingo,
    ConfigurationError,
    Effect,
    MalformedResponseError,
    OutcomeUnknownError,
    aiohttp_client,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

BODY = b'{"success": true, "data": {}}'
GOOD = b"HTTP/1.1 200 OK\r\nSet-Cookie: seen=1\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
MOVED = b"HTTP/1.1 302 Found\r\nLocation: /api/elsewhere\r\nContent-Length: 0\r\n\r\n"
HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + BODY
TOGETHER = 60


class Answering:
    """A server that keeps its lines, notes the head of each request, and answers with bytes, or hangs up."""

    def __init__(self, *answers: bytes | None, together: int = 1) -> None:
        """Take the answers in their order, the last for all further ones; answer when so many requests are here."""
        self._answers = list(answers)
        self._together = asyncio.Barrier(together)
        self._lines: list[asyncio.StreamWriter] = []
        self.heads: list[bytes] = []
        self.url = ""

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines.append(writer)
        answer: bytes | None = b""
        while answer is not None:
            try:
                self.heads.append(await reader.readuntil(b"\r\n\r\n"))
            except asyncio.IncompleteReadError:
                break
            await self._together.wait()
            answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
            writer.write(answer or b"")
            if answer is HALF:
                break
        writer.close()

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator[Answering]:
        """Listen on loopback; at the end no line is left open, whoever kept it."""
        async with serving(self._talk) as self.url:
            yield self
            for line in self._lines:
                line.close()
            await asyncio.gather(*(line.wait_closed() for line in self._lines), return_exceptions=True)


@asynccontextmanager
async def calling(server: Answering, **options: Any) -> AsyncGenerator[Billingo]:
    """Open an account on aiohttp's connections, that tries once."""
    async with (
        server.listening(),
        aiohttp_client(**options) as http,
        Billingo(*KEYS, base_url=server.url, http_client=http, max_retries=0) as billingo,
    ):
        yield billingo


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("last", [None, HALF], ids=["dropped", "half an answer"])
async def test_once_is_sent_once_on_a_kept_line_that_drops(method: str, last: bytes | None) -> None:
    """By itself aiohttp would send all but the POST again, and cancel twice; here it is doubt, and one request."""
    server = Answering(GOOD, last)
    async with calling(server) as billingo:
        await billingo.request(method, "/invoices/1/cancel", effect=Effect.ONCE)
        with pytest.raises(OutcomeUnknownError):
            await billingo.request(method, "/invoices/1/cancel", effect=Effect.ONCE)
    assert len(server.heads) == 2


async def test_word_of_another_bridge_is_not_believed() -> None:
    """A client of httpx-aiohttp as it comes calls a dropped line a connection that was never made; it may be."""
    server = Answering(GOOD, None)
    async with (
        server.listening(),
        HttpxAiohttpClient() as http,
        Billingo(*KEYS, base_url=server.url, http_client=http) as billingo,
    ):
        await billingo.request("POST", "/invoices", effect=Effect.ONCE)
        with pytest.raises(OutcomeUnknownError):
            await billingo.request("POST", "/invoices", effect=Effect.ONCE)
    assert len(server.heads) == 2


async def test_as_many_calls_are_on_the_wire_as_it_has_connections() -> None:
    """Sixty calls are answered only when all sixty are there; fifty, the library's own number, would wait for ever."""
    server = Answering(GOOD, together=TOGETHER)
    async with calling(server, max_connections=TOGETHER) as billingo, asyncio.timeout(20):
        calls = (billingo.request("GET", f"/invoices/{n}", effect=Effect.READ) for n in range(1, TOGETHER + 1))
        await asyncio.gather(*calls)
    assert len(server.heads) == TOGETHER


async def test_redirects_are_not_followed_and_cookies_not_kept() -> None:
    """A redirected POST would change its method, and a cookie would be one request's word in another."""
    server = Answering(GOOD, MOVED)
    async with calling(server) as billingo:
        await billingo.request("GET", "/invoices/1", effect=Effect.READ)
        with pytest.raises(MalformedResponseError, match="a redirect to /api/elsewhere, which is never followed"):
            await billingo.request("GET", "/invoices/1", effect=Effect.READ)
    assert len(server.heads) == 2
    assert b"cookie" not in server.heads[1].lower()
    assert b"elsewhere" not in b"".join(server.heads)


@pytest.mark.parametrize("missing", ["aiohttp", "httpx_aiohttp"])
async def test_missing_extra_is_named(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the message says what to install."""
    monkeypatch.delitem(sys.modules, "billingo_async.transport.connections.over_aiohttp", raising=False)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ConfigurationError, match=r'aiohttp_client needs .*: pip install "billingo-async\[aiohttp\]"'):
        aiohttp_client()
