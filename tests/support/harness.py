"""A `Billingo` on a sandbox's line that is watched: how many requests were tried, how many arrived, with which tokens.

Everything runs by one clock: the library's waits, the sandbox's times, the tokens.
"""

from __future__ import annotations

from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
from account import EMAIL, NAME, Account

from billingo_async import Billingo, RateLimit
from billingo_async.sandbox import Sandbox
from billingo_async.sandbox.v2.routes import ROUTES
from billingo_async.transport.windows import Window

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from jumping_clock import JumpingClock

    from billingo_async.sandbox.routing import RouteTable

PATIENCE = {"timeout": 30.0, "max_retries": 2, "max_wait": 60.0}
"""What the library is told in these tests: three tries at most."""
GENEROUS = RateLimit(20, per=1.0)


class WatchedLine(httpx.AsyncBaseTransport):
    """The sandbox's in-process door, with a count of what goes through."""

    def __init__(self, sandbox: Sandbox, routes: RouteTable = ROUTES, header: str = "Authorization") -> None:
        """Stand before the door of one of the two counters, whose credentials stand in a header."""
        self._door = sandbox.transport()
        self._routes, self._header = routes, header
        self.tries: Counter[str] = Counter()
        """Requests that the library handed to the line, by operation."""
        self.arrived: Counter[str] = Counter()
        """Requests of which a byte may have reached the server."""
        self.tokens: set[str] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on."""
        operation = self._routes.operation_of(request.method, request.url.raw_path.decode().partition("?")[0])
        self.tries[operation] += 1
        self.tokens.add(request.headers.get(self._header, "").removeprefix("Bearer "))
        self.arrived[operation] += 1
        try:
            return await self._door.handle_async_request(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            self.arrived[operation] -= 1
            raise


@dataclass
class Harness:
    """One `Billingo` before one sandbox."""

    sandbox: Sandbox
    account: Account
    line: WatchedLine
    billingo: Billingo
    clock: JumpingClock

    def secrets(self) -> list[str]:
        """What no message may hold: keys, tokens, the customer's name and e-mail address."""
        return [self.sandbox.public_key, self.sandbox.private_key, NAME, EMAIL, *filter(None, self.line.tokens)]

    def forget_skew(self) -> None:
        """Have the library believe its own clock again, whatever it has learnt."""
        known = self.billingo._dispatch.server_clock
        known._skew, known._dates_are_true = 0.0, True


@asynccontextmanager
async def harness(clock: JumpingClock, **options: Any) -> AsyncGenerator[Harness]:
    """Open a `Billingo` before a fresh sandbox, both on the test's clock."""
    sandbox = Sandbox(now=clock.unix, pdf_limit=(1_000_000, 1.0))
    line = WatchedLine(sandbox)
    Window._shared.clear()  # what left under the clock of an earlier test is no part of this one's
    told: dict[str, Any] = {"pdf_limit": GENEROUS, **PATIENCE, **options}
    async with httpx.AsyncClient(transport=line) as caller:
        billingo = Billingo(
            sandbox.public_key, sandbox.private_key, base_url="https://sandbox.invalid/api", http_client=caller, **told
        )
        billingo._dispatch.server_clock._local = clock.unix
        async with billingo:
            lab = Harness(sandbox, Account(sandbox, clock.unix), line, billingo, clock)
            yield lab
