"""The ways to make an invoice that are compared: each does the same request and reads the answer's JSON.

Only `billingo_async` limits, is ready to retry, checks what is written and reads into models; the others do nothing
but send bytes with a fixed token and call `json.loads`. aiohttp's call is the one that a developer writes by hand: it
signs its token, too.
"""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import aiohttp
import httpx
import httpx2
import jwt

from benchmarks.order import KEYS, NEW
from billingo_async import Billingo

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sized

PUBLIC_KEY, PRIVATE_KEY = KEYS
BODY = json.dumps(
    {
        "client_uid": 115387686,
        "items": [{"description": "Test Item", "vat_id": 1, "qty": 1, "unit": "pc", "net_unit_price": 3500}],
        "payment_method": 1,
        "due_date": "2015-12-20",
        "fulfillment_date": "2015-12-12",
        "block_uid": 0,
        "type": 3,
        "currency": "HUF",
        "template_lang_code": "hu",
        "electronic_invoice": 0,
        "comment": "",
        "round_to": 0,
    }
).encode()
HEADERS = {"Authorization": f"Bearer {'t' * 300}", "Content-Type": "application/json"}

PATH = "/api/invoices"


class Calls(NamedTuple):
    """What a contender does: make an invoice, and read one page of the list."""

    create: Callable[[], Awaitable[object]]
    page: Callable[[int], Awaitable[Sized]]


def _calls(ask: Callable[[str, str, bytes | None], Awaitable[Any]]) -> Calls:
    """Return the calls of a contender that sends bytes and decodes JSON."""

    async def page(number: int) -> list[Any]:
        answer = await ask("GET", f"{PATH}?page={number}&max_per_page=50", None)
        rows: list[Any] = answer["data"]
        return rows

    return Calls(lambda: ask("POST", PATH, BODY), page)


@asynccontextmanager
async def floor(url: str, width: int) -> AsyncIterator[Calls]:
    """Raw asyncio streams and `json.loads`: what the wire and the event loop give."""
    host, port = urlsplit(url).hostname, urlsplit(url).port
    lines = [await asyncio.open_connection(host, port) for _ in range(width)]
    head = f"Host: {host}\r\nAuthorization: {HEADERS['Authorization']}\r\nContent-Type: application/json\r\n"

    async def ask(method: str, path: str, body: bytes | None) -> Any:
        body = body or b""
        reader, writer = lines.pop()
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        told = await reader.readuntil(b"\r\n\r\n")
        length = int(told.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
        answer = json.loads(await reader.readexactly(length))
        lines.append((reader, writer))
        return answer

    yield _calls(ask)
    for _, writer in lines:
        writer.close()


@asynccontextmanager
async def bare_httpx(url: str, width: int) -> AsyncIterator[Calls]:
    """One plain `httpx.AsyncClient` with as many connections."""
    limits = httpx.Limits(max_connections=width, max_keepalive_connections=width)
    root = url.removesuffix("/api")
    async with httpx.AsyncClient(limits=limits, timeout=30) as client:

        async def ask(method: str, path: str, body: bytes | None) -> Any:
            answer = await client.request(method, f"{root}{path}", content=body, headers=HEADERS)
            return json.loads(answer.content)

        yield _calls(ask)


@asynccontextmanager
async def bare_httpx2(url: str, width: int) -> AsyncIterator[Calls]:
    """One plain `httpx2.AsyncClient` with as many connections."""
    limits = httpx2.Limits(max_connections=width, max_keepalive_connections=width)
    root = url.removesuffix("/api")
    async with httpx2.AsyncClient(limits=limits, timeout=30) as client:

        async def ask(method: str, path: str, body: bytes | None) -> Any:
            answer = await client.request(method, f"{root}{path}", content=body, headers=HEADERS)
            return json.loads(answer.content)

        yield _calls(ask)


@asynccontextmanager
async def bare_aiohttp(url: str, width: int) -> AsyncIterator[Calls]:
    """One plain `aiohttp.ClientSession` with as many connections; each call signs a token."""
    root = url.removesuffix("/api")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=width)) as session:

        async def ask(method: str, path: str, body: bytes | None) -> Any:
            async with session.request(method, f"{root}{path}", data=body, headers=HEADERS | _signed()) as answer:
                return json.loads(await answer.read())

        yield _calls(ask)


def _signed() -> dict[str, str]:
    """Return the header of a token as the API's documentation has it signed."""
    now = int(time.time())
    claims = {"sub": PUBLIC_KEY, "iat": now, "exp": now + 60, "iss": "benchmarks", "nbf": now}
    return {"Authorization": f"Bearer {jwt.encode(claims, PRIVATE_KEY, 'HS256')}"}


@asynccontextmanager
async def ours(url: str, width: int) -> AsyncIterator[Calls]:
    """`billingo_async` as it comes, with its whole pipeline."""
    async with Billingo(PUBLIC_KEY, PRIVATE_KEY, base_url=url, max_connections=width) as billingo:

        async def page(number: int) -> Sized:
            return await billingo.invoices.list(page=number)

        yield Calls(lambda: billingo.invoices.create(NEW), page)


FLOOR, AIOHTTP, HTTPX = "raw asyncio streams (floor)", "aiohttp, signing", "httpx"
OURS = "billingo_async"
BARE = {FLOOR: floor, AIOHTTP: bare_aiohttp, "httpx2": bare_httpx2, HTTPX: bare_httpx}
CONTENDERS = {**BARE, OURS: ours}
