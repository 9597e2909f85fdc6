"""The sandbox itself: keys, books and limits behind one function, and the two doors that lead to it.

`answer` is synchronous and pure but for the books and the clock it was given; the line is the doors' matter.
"""

from __future__ import annotations

import time
from datetime import UTC
from email.utils import formatdate
from threading import Lock
from typing import TYPE_CHECKING

from billingo_async.sandbox import dialect
from billingo_async.sandbox.asked import Asked
from billingo_async.sandbox.bodies import checked
from billingo_async.sandbox.guard import Guard
from billingo_async.sandbox.http import Response
from billingo_async.sandbox.limits import MovingWindow
from billingo_async.sandbox.office import Office
from billingo_async.sandbox.refusal import Refusal
from billingo_async.sandbox.routes import match
from billingo_async.sandbox.script import Faults
from billingo_async.sandbox.snapshot import Snapshot, counts_of, last_invoices
from billingo_async.sandbox.visits import DEFAULT_KEPT, Visits

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from datetime import tzinfo

    from billingo_async.sandbox.doors.in_process import InProcess
    from billingo_async.sandbox.http import Request
    from billingo_async.sandbox.ledger import Ledger, Mail
    from billingo_async.sandbox.routes import Match

PUBLIC_KEY = "sandbox-public-key"
PRIVATE_KEY = "sandbox-private-key-of-at-least-32-bytes"


class Sandbox:
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
        now: Callable[[], float] = time.time,
        pdf_limit: tuple[int, float] = (10, 60.0),
        timezone: tzinfo = UTC,
        seed: int = 0,
        kept_requests: int = DEFAULT_KEPT,
    ) -> None:
        if not public_key.strip() or not private_key.strip():
            raise ValueError("the sandbox needs a public and a private key, neither of them blank")
        self.public_key = public_key
        self.private_key = private_key
        self._now = now
        self._guard = Guard(public_key, private_key)
        self._pdfs = MovingWindow(*pdf_limit)
        self._office = Office(now, timezone, seed)
        self._one_at_a_time = Lock()
        self.faults: Faults = Faults()
        """The script of what goes wrong."""
        self.visits: Visits = Visits(now, kept_requests, (public_key, private_key))
        """The last requests; the doors note them."""

    def __repr__(self) -> str:
        return f"Sandbox({self._office!r})"

    @property
    def pdf_limit(self) -> tuple[int, float]:
        """The PDF limit: how many in how many seconds, per address."""
        return self._pdfs.count, self._pdfs.period

    @property
    def ledger(self) -> Ledger:
        """All that was committed, oldest first."""
        return self._office.ledger

    @property
    def outbox(self) -> list[Mail]:
        """All e-mails that would have been sent, oldest first."""
        return self._office.outbox

    def snapshot(self) -> Snapshot:
        """What it holds now, and the last requests and answers, as plain values: what the page at `/` shows.

        Example:
            `assert sandbox.snapshot().counts["invoices"] == 1`
        """
        with self._one_at_a_time:
            counts, invoices = counts_of(self._office), last_invoices(self._office)
        return Snapshot(self._now(), counts, invoices, self.visits.newest_first(), self.faults.waiting)

    def answer(self, request: Request, *, clock_offset: float = 0.0) -> Response:
        """Answer one request; whatever it asks for is done when this returns.

        Args:
            request: the request.
            clock_offset: by how many seconds the server's clock is wrong while it answers.
        """
        with self._one_at_a_time:
            at = self._now() + clock_offset
            self._office.at = at
            try:
                response = self._served(request, at)
            except Refusal as refusal:
                response = dialect.refused(refusal)
        return self.dated(response, clock_offset)

    def dated(self, response: Response, clock_offset: float = 0.0) -> Response:
        """The same answer with the server's `Date`, unless it has one."""
        if response.header("Date") is not None:
            return response
        date = formatdate(self._now() + clock_offset, usegmt=True)
        return Response(response.status, response.body, (*response.headers, ("Date", date)))

    def transport(self) -> InProcess:
        """A transport for `httpx.AsyncClient` that leads here without a socket, whatever the host.

        Example:
            `httpx.AsyncClient(transport=sandbox.transport(), base_url="https://www.billingo.hu/api")`
        """
        from billingo_async.sandbox.doors import in_process  # noqa: PLC0415 - httpx is loaded by who needs it

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
        from billingo_async.sandbox.doors.loopback import serving  # noqa: PLC0415 - aiohttp belongs to the extra `sandbox`

        return serving(self, port, host)

    def _served(self, request: Request, at: float) -> Response:
        found = match_or_guard(self._guard, request, at)
        route = found.route
        if route.limited:
            self._pdfs.pass_or_refuse(request.ip, at)
        body = checked(route.schema, request.body) if route.schema else {}
        asked = Asked(found.uid, found.word, request.parameters(), body)
        return route.handler(self._office, asked)


def match_or_guard(guard: Guard, request: Request, at: float) -> Match:
    """Find the row of a request; a stranger is told 401 before being told what is there and what is not."""
    try:
        found = match(request.method, request.path)
    except Refusal:
        guard.check(request.headers, at)
        raise
    if not found.route.public:
        guard.check(request.headers, at)
    return found
