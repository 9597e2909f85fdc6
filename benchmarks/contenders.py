"""The ways to make an invoice that are compared: each does the same request and reads the answer's JSON.

Only `billingo_async` signs, limits, is ready to retry, checks what is written and reads into models; the others do
nothing but send bytes with a fixed token and call `json.loads`.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp
import httpx
import httpx2

from billingo_async import Billingo, NewInvoice, NewItem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

PUBLIC_KEY, PRIVATE_KEY = "p" * 32, "k" * 64
NEW = NewInvoice(
    client_uid=115387686,
    payment_method=1,
    fulfillment_date=date(2015, 12, 12),
    due_date=date(2015, 12, 20),
    items=[NewItem(description="Test Item", vat_id=1, qty=1, unit="pc", net_unit_price=Decimal(3500))],
)
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

if TYPE_CHECKING:
    Create = Callable[[], Awaitable[object]]


@asynccontextmanager
async def floor(url: str, width: int) -> AsyncIterator[Create]:
    """Raw asyncio streams and `json.loads`: what the wire and the event loop give."""
    host, port = urlsplit(url).hostname, urlsplit(url).port
    lines = [await asyncio.open_connection(host, port) for _ in range(width)]
    token = f"Host: {host}\r\nAuthorization: {HEADERS['Authorization']}\r\nContent-Type: application/json\r\n"
    request = f"POST /api/invoices HTTP/1.1\r\n{token}Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY

    async def create() -> object:
        reader, writer = lines.pop()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
        answer = json.loads(await reader.readexactly(length))
        lines.append((reader, writer))
        return answer

    yield create
    for _, writer in lines:
        writer.close()


@asynccontextmanager
async def bare_httpx(url: str, width: int) -> AsyncIterator[Create]:
    """One plain `httpx.AsyncClient` with as many connections."""
    limits = httpx.Limits(max_connections=width, max_keepalive_connections=width)
    async with httpx.AsyncClient(limits=limits, timeout=30) as client:

        async def create() -> object:
            answer = await client.post(f"{url}/invoices", content=BODY, headers=HEADERS)
            return json.loads(answer.content)

        yield create


@asynccontextmanager
async def bare_httpx2(url: str, width: int) -> AsyncIterator[Create]:
    """One plain `httpx2.AsyncClient` with as many connections."""
    limits = httpx2.Limits(max_connections=width, max_keepalive_connections=width)
    async with httpx2.AsyncClient(limits=limits, timeout=30) as client:

        async def create() -> object:
            answer = await client.post(f"{url}/invoices", content=BODY, headers=HEADERS)
            return json.loads(answer.content)

        yield create


@asynccontextmanager
async def bare_aiohttp(url: str, width: int) -> AsyncIterator[Create]:
    """One plain `aiohttp.ClientSession` with as many connections."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=width)) as session:

        async def create() -> object:
            async with session.post(f"{url}/invoices", data=BODY, headers=HEADERS) as answer:
                return json.loads(await answer.read())

        yield create


@asynccontextmanager
async def ours(url: str, width: int) -> AsyncIterator[Create]:
    """`billingo_async` as it comes, with its whole pipeline."""
    async with Billingo(PUBLIC_KEY, PRIVATE_KEY, base_url=url, max_connections=width) as billingo:

        async def create() -> object:
            return await billingo.invoices.create(NEW)

        yield create


CONTENDERS = {
    "raw asyncio streams (floor)": floor,
    "aiohttp": bare_aiohttp,
    "httpx2": bare_httpx2,
    "httpx": bare_httpx,
    "billingo_async": ours,
}
