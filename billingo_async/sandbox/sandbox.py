"""The sandbox itself: both counters over one set of books, and the two doors that lead to them.

No rule of an API enters here; those are the counters'.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from billingo_async.sandbox.books import Books
from billingo_async.sandbox.ledger import Ledger
from billingo_async.sandbox.request_log import DEFAULT_SIZE, RequestLog
from billingo_async.sandbox.routing import Directory
from billingo_async.sandbox.server import MovingWindow, Server, wall_clock
from billingo_async.sandbox.v2.guard import TokenCounter
from billingo_async.sandbox.v2.routes import ROUTES as V2_ROUTES
from billingo_async.sandbox.v3.guard import KeyCounter
from billingo_async.sandbox.v3.routes import ROUTES as V3_ROUTES

if TYPE_CHECKING:
    from billingo_async.sandbox.doors.in_process import InProcess  # which loads httpx

PUBLIC_KEY = "sandbox-public-key"
PRIVATE_KEY = "sandbox-private-key-of-at-least-32-bytes"
API_KEY = "sandbox-api-key"
_FOREIGN_ROWS = 500_000
"""So far apart are the ids of v3 that the two profiles have."""


class Sandbox(Server):
    """A Billingo of your own, in memory: it checks, counts, numbers and answers as the real one does.

    Args:
        public_key: the key that tokens must name as their subject.
        private_key: the key that tokens must be signed with, 32 bytes or more.
        now: the clock, unix time in seconds; tests hand in one that they turn by hand.
        api_key: the key of v3; `read_only_key` and `foreign_key` are made from it.
        pdf_limit: so many PDFs of v2 in so many seconds per address; what is over is answered with 429 and
            `Retry-After`.
        rate_limit: so many requests of v3 in so many seconds per key.
        timezone: where midnight is for the dates and years of invoices; by default UTC in v2 and Budapest in v3.
        seed: ids and codes are random; the same seed gives the same ones.
        kept_requests: how many of the last requests are kept for `snapshot()` and the page; 0 keeps none.
        strict_tokens: False accepts what clients in the wild send to v2, too: other scheme words than `Bearer`, tokens
            of two minutes, times written as text, and the vendor's `X-Billingo-Token`.

    Raises:
        ValueError: a key is blank, a limit has a count below 1 or no period, or `kept_requests` is negative.

    Example:
        >>> sandbox = Sandbox()
        >>> async with sandbox.serve() as url:
        ...     billingo = Billingo(sandbox.public_key, sandbox.private_key, base_url=url)
    """

    def __init__(
        self,
        public_key: str = PUBLIC_KEY,
        private_key: str = PRIVATE_KEY,
        *,
        now: Callable[[], float] | None = None,
        api_key: str = API_KEY,
        pdf_limit: tuple[int, float] = (10, 60.0),
        rate_limit: tuple[int, float] = (300, 60.0),
        timezone: tzinfo | None = None,
        seed: int = 0,
        kept_requests: int = DEFAULT_SIZE,
        strict_tokens: bool = True,
    ) -> None:
        if not all(key.strip() for key in (public_key, private_key, api_key)):
            raise ValueError("the sandbox needs a public key, a private key and an API key, none of them blank")
        self.public_key: str = public_key
        self.private_key: str = private_key
        self.api_key: str = api_key
        self.read_only_key: str = f"{api_key}-read-only"
        """A key of v3 that may not write."""
        self.foreign_key: str = f"{api_key}-of-another-profile"
        """A key of v3 whose profile has books of its own."""
        self._address: str | None = None
        self.pdf_limit: tuple[int, float] = pdf_limit
        """How many PDFs in how many seconds, per address."""
        directory = Directory([V2_ROUTES, V3_ROUTES])
        books = Books(Ledger(directory.checked_name), seed)
        foreign = Books(Ledger(directory.checked_name), seed + 1, _FOREIGN_ROWS)
        books.know_of(foreign)
        keys = {api_key: books, self.read_only_key: books, self.foreign_key: foreign}
        pair = (public_key, private_key)
        pdfs, calls = MovingWindow(*pdf_limit, "pdf_limit"), MovingWindow(*rate_limit, "rate_limit")
        v2 = TokenCounter(books, pair, pdfs, timezone or UTC, strict=strict_tokens)
        v3 = KeyCounter(keys, self.read_only_key, calls, timezone or _budapest())
        clock = now or wall_clock
        super().__init__(books, [v2, v3], RequestLog(directory, clock, kept_requests, (*pair, *keys)), clock)

    def __repr__(self) -> str:
        return f"Sandbox({self._books!r})"

    @property
    def v3_url(self) -> str:
        """The base URL of v3 while it serves.

        Raises:
            RuntimeError: it does not serve.
        """
        if self._address is None:
            raise RuntimeError("the sandbox has an address only while it serves: async with sandbox.serve() as url")
        return f"{self._address}/v3"

    def transport(self) -> InProcess:
        """A transport for `httpx.AsyncClient` that leads here without a socket, whatever the host.

        Example:
            `httpx.AsyncClient(transport=sandbox.transport(), base_url="https://www.billingo.hu/api")`
        """
        from billingo_async.sandbox.doors.in_process import InProcess  # noqa: PLC0415 - only its callers load httpx

        return InProcess(self)

    @asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncGenerator[str]:
        """Serve over HTTP on the loopback interface while the block runs; what `as` names is the base URL of v2.

        That of v3 is `sandbox.v3_url` meanwhile.

        At `/` of the same address a browser finds a page: what the sandbox holds, the last requests with their answers,
        and the faults that wait. It shows itself to this machine alone, and changes nothing.

        Args:
            port: where to listen; 0 takes a free port.

        Raises:
            OSError: the port is taken.

        Example:
            `async with sandbox.serve() as url: ...`, where `url` is such as `http://127.0.0.1:41733/api`
        """
        from billingo_async.sandbox.doors.loopback import serving  # noqa: PLC0415 - aiohttp is of the extra `sandbox`

        async with serving(self, port) as address:
            outer, self._address = self._address, address
            try:
                yield f"{address}/api"
            finally:
                self._address = outer


def _budapest() -> tzinfo:
    """Budapest's time; UTC where the machine has no table of time zones."""
    try:
        return ZoneInfo("Europe/Budapest")
    except ZoneInfoNotFoundError:
        return UTC
