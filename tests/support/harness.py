"""A `Billingo` of either API on a sandbox's line that is watched: what was tried, what arrived, with which tokens.

Everything runs by one clock: the library's waits, the sandbox's times, the tokens.
"""

from __future__ import annotations

from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import httpx
from account import EMAIL, NAME, Account
from v3_cases import Shop, V3Case

from billingo_async import Billingo, RateLimit, v3
from billingo_async.sandbox import Sandbox
from billingo_async.sandbox.v2.routes import ROUTES
from billingo_async.sandbox.v3.routes import ROUTES as V3_ROUTES
from billingo_async.transport.windows import Window

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from contextlib import AbstractAsyncContextManager

    from jumping_clock import JumpingClock
    from operation_cases import Case

    from billingo_async.sandbox.routing import RouteTable

B = TypeVar("B")
MAX_RESPONSE_BYTES = 100_000
PATIENCE = {"timeout": 30.0, "max_retries": 2, "max_wait": 60.0, "max_response_size": MAX_RESPONSE_BYTES}
"""What the library is told in these tests: three tries at most."""
GENEROUS = RateLimit(20, per=1.0)
UNLIMITED = RateLimit(1_000_000, per=1.0)
SANDBOX_LIMIT = 1_000_000, 1.0


class WatchedLine(httpx.AsyncBaseTransport):
    """The sandbox's in-process door, with a count of what goes through."""

    def __init__(self, sandbox: Sandbox, routes: RouteTable, header: str) -> None:
        """Stand before the door of one of the two counters, whose credentials stand in a header."""
        self.sandbox = sandbox
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
class Harness(Generic[B]):
    """One `Billingo` before one sandbox."""

    sandbox: Sandbox
    account: Account
    line: WatchedLine
    billingo: B
    clock: JumpingClock
    caller: httpx.AsyncClient

    @property
    def shop(self) -> Shop:
        """The account as it is furnished over v3."""
        billingo: Any = self.billingo
        return Shop(billingo, self.account)

    async def prepare(self, case: Case) -> Any:
        """Make what a case needs; return what its call is given."""
        return await case.prepare(self.shop) if isinstance(case, V3Case) else case.prepare(self.account)

    def secrets(self) -> list[str]:
        """What no message may hold: keys, tokens, the customer's name and e-mail address."""
        keys = self.sandbox.public_key, self.sandbox.private_key, self.sandbox.api_key
        return [*keys, NAME, EMAIL, *filter(None, self.line.tokens)]

    def forget_skew(self) -> None:
        """Have the library believe its own clock again, whatever it has learnt."""
        billingo: Any = self.billingo
        known = billingo._dispatch.server_clock
        known._skew, known._dates_are_true = 0.0, True


def harness(clock: JumpingClock, **options: Any) -> AbstractAsyncContextManager[Harness[Billingo]]:
    """Open a `Billingo` before a fresh sandbox, both on the test's clock."""
    sandbox = Sandbox(now=clock.unix, pdf_limit=SANDBOX_LIMIT)
    options = {"base_url": "https://sandbox.invalid/api", "pdf_limit": GENEROUS, **PATIENCE, **options}
    keys = sandbox.public_key, sandbox.private_key
    line = WatchedLine(sandbox, ROUTES, "Authorization")
    return _opened(clock, line, lambda caller: Billingo(*keys, http_client=caller, **options))


def v3_harness(clock: JumpingClock, **options: Any) -> AbstractAsyncContextManager[Harness[v3.Billingo]]:
    """Open a `Billingo` of API v3 likewise."""
    sandbox = Sandbox(now=clock.unix, rate_limit=SANDBOX_LIMIT)
    options = {"base_url": "https://sandbox.invalid/v3", "rate_limit": UNLIMITED, **PATIENCE, **options}
    line = WatchedLine(sandbox, V3_ROUTES, "X-API-KEY")
    return _opened(clock, line, lambda caller: v3.Billingo(sandbox.api_key, http_client=caller, **options))


def harness_of(case: Case, clock: JumpingClock, **options: Any) -> AbstractAsyncContextManager[Harness[Any]]:
    """Open the wing that a case is of."""
    return v3_harness(clock, **options) if isinstance(case, V3Case) else harness(clock, **options)


@asynccontextmanager
async def _opened(
    clock: JumpingClock, line: WatchedLine, make: Callable[[httpx.AsyncClient], B]
) -> AsyncGenerator[Harness[B]]:
    Window._shared.clear()  # what left under the clock of an earlier test is no part of this one's
    async with httpx.AsyncClient(transport=line) as caller:
        billingo: Any = make(caller)
        billingo._dispatch.server_clock._local = clock.unix
        async with billingo:
            yield Harness(line.sandbox, Account(line.sandbox, clock.unix), line, billingo, clock, caller)
