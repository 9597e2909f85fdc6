"""The sandbox itself: both counters over one set of books, and the two doors that lead to them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC
from typing import TYPE_CHECKING

from billingo_async.sandbox.books import Books
from billingo_async.sandbox.ledger import Ledger
from billingo_async.sandbox.request_log import DEFAULT_SIZE
from billingo_async.sandbox.routing import Directory
from billingo_async.sandbox.server import MovingWindow, Server, wall_clock
from billingo_async.sandbox.v2.guard import Auth, TokenCounter
from billingo_async.sandbox.v2.routes import ROUTES as V2_ROUTES

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from contextlib import AbstractAsyncContextManager
    from datetime import tzinfo

    from billingo_async.sandbox.doors.in_process import InProcess

PUBLIC_KEY = "sandbox-public-key"
PRIVATE_KEY = "sandbox-private-key-of-at-least-32-bytes"


class Sandbox(Server):
    """A Billingo of your own, in memory: it checks, counts, numbers and answers as the real one does.

    Args:
        public_key: the key that tokens must name as their subject.
        private_key: the key that tokens must be signed with, 32 bytes or more.
        now: the clock, unix time in seconds; tests hand in one that they turn by hand.
        pdf_limit: so many PDFs in so many seconds per address; what is over is answered with 429 and `Retry-After`.
        timezone: where midnight is for the dates and years of invoices.
        seed: ids and codes are random; the same seed gives the same ones.
        kept_requests: how many of the last requests are kept for `snapshot()` and the page; 0 keeps none.

    Raises:
        ValueError: a key is blank, the limit has a count below 1 or no period, or `kept_requests` is negative.

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
        pdf_limit: tuple[int, float] = (10, 60.0),
        timezone: tzinfo = UTC,
        seed: int = 0,
        kept_requests: int = DEFAULT_SIZE,
    ) -> None:
        if not public_key.strip() or not private_key.strip():
            raise ValueError("the sandbox needs a public and a private key, neither of them blank")
        self.public_key = public_key
        self.private_key = private_key
        self._auth = Auth(public_key, private_key)
        self._pdfs = MovingWindow(*pdf_limit, "pdf_limit")
        books = Books(Ledger(Directory([V2_ROUTES])), seed)
        books.timezone = timezone
        super().__init__(
            books,
            [TokenCounter(books, self._auth, self._pdfs)],
            now=now or wall_clock,
            kept_requests=kept_requests,
            secrets=(public_key, private_key),
        )

    def __repr__(self) -> str:
        return f"Sandbox({self._books!r})"

    @property
    def pdf_limit(self) -> tuple[int, float]:
        """The PDF limit: how many in how many seconds, per address."""
        return self._pdfs.count, self._pdfs.period

    def transport(self) -> InProcess:
        """A transport for `httpx.AsyncClient` that leads here without a socket, whatever the host.

        Example:
            `httpx.AsyncClient(transport=sandbox.transport(), base_url="https://www.billingo.hu/api")`
        """
        from billingo_async.sandbox.doors import in_process  # noqa: PLC0415 - only its callers load httpx

        return in_process.InProcess(self)

    def serve(self, port: int = 0, host: str = "127.0.0.1") -> AbstractAsyncContextManager[str]:
        """Serve over HTTP on the loopback interface while the block runs; what `as` names is the base URL.

        At `/` of the same address a browser finds a page: what the sandbox holds, the last requests with their answers,
        and the faults that wait. It shows itself to this machine alone, and changes nothing.

        Args:
            port: where to listen; 0 takes a free port.
            host: a loopback address or `localhost`; the sandbox's key is no secret, so nothing else is accepted.

        Raises:
            ValueError: the host is not of the loopback interface.
            OSError: the port is taken.

        Example:
            `async with sandbox.serve() as url: ...`, where `url` is such as `http://127.0.0.1:41733/api`
        """
        return self._serving(port, host)

    @asynccontextmanager
    async def _serving(self, port: int, host: str) -> AsyncGenerator[str]:
        from billingo_async.sandbox.doors.loopback import serving  # noqa: PLC0415 - aiohttp is of the extra `sandbox`

        async with serving(self, port, host) as address:
            yield f"{address}/api"
