"""A sandbox with its PDF limit switched on, the PDFs it is asked for, and when each request for one came."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

import httpx
from account import Account

from billingo_async import Billingo
from billingo_async.sandbox import Sandbox
from billingo_async.sandbox.v2.routes import ROUTES

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from jumping_clock import JumpingClock

_ORIGINS = count(1)

PDF = b"%PDF-1.7\n" + b"x" * 100_000 + b"\n%%EOF\n"
"""A PDF as far as the library looks into one."""


class LimitedLine(httpx.AsyncBaseTransport):
    """The sandbox's in-process door; notes when each PDF was asked for."""

    def __init__(self, clock: JumpingClock, pdf_limit: tuple[int, float]) -> None:
        """Open a sandbox that runs by the test's clock."""
        self.clock = clock
        self.sandbox = Sandbox(now=clock.unix, pdf_limit=pdf_limit)
        self.account = Account(self.sandbox, clock.unix)
        self.asked: list[float] = []
        self.statuses: list[int] = []
        self.id = 0
        """An invoice that a test has made, for its own use."""
        self._origin = f"https://limited-{next(_ORIGINS)}.invalid"
        self._door = self.sandbox.transport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Note the time of a request for a PDF and pass it on."""
        is_pdf = ROUTES.operation_of(request.method, request.url.path) == "invoices.download"
        if is_pdf:
            self.asked.append(self.clock.seconds)
        response = await self._door.handle_async_request(request)
        if is_pdf:
            self.statuses.append(response.status_code)
        return response

    @asynccontextmanager
    async def billingo(self, **options: Any) -> AsyncGenerator[Billingo]:
        """Open a `Billingo` on this line; all of one line have one origin."""
        keys = self.sandbox.public_key, self.sandbox.private_key
        async with (
            httpx.AsyncClient(transport=self) as caller,
            Billingo(*keys, base_url=f"{self._origin}/api", http_client=caller, **options) as billingo,
        ):
            billingo._dispatch.server_clock._local = self.clock.unix
            yield billingo


async def all_of(*awaitables: Any) -> list[Any]:
    """Wait for all and return what each returned or raised."""
    return list(await asyncio.gather(*awaitables, return_exceptions=True))


def files(folder: Path) -> dict[str, bytes]:
    """Return what lies in a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}
