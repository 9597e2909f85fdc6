"""The server under a sandbox: books, faults, ledger and the counters of the APIs behind one function.

`answer` is synchronous, and depends on the books and the clock alone; the network is the doors' matter. A counter is
one API as its callers see it; which counters there are is decided above.
"""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from decimal import Decimal
from email.utils import formatdate
from itertools import islice
from threading import Lock
from typing import Final, Protocol

from billingo_async.sandbox.books import Books, Switches
from billingo_async.sandbox.faults import Faults, PendingFault
from billingo_async.sandbox.http import JsonObject, Params, Refusal, Request, Response
from billingo_async.sandbox.ledger import Ledger, Mail
from billingo_async.sandbox.records import Invoice, Type
from billingo_async.sandbox.request_log import LoggedRequest, RequestLog
from billingo_async.sandbox.routing import Directory, Route, RouteTable

_INVOICES_SHOWN: Final = 20


def wall_clock() -> float:
    """Unix time by this machine's clock; looked up at each call, so that what replaces `time.time` is obeyed."""
    return time.time()  # this machine's clock is the sandbox's server's, where a test hands in no other


class MovingWindow:
    """At most `count` requests of one origin in any `period` seconds; refused ones do not count."""

    def __init__(self, count: int, period: float, name: str) -> None:
        if count < 1 or not (period > 0 and math.isfinite(period)):
            raise ValueError(f"{name} needs a count of at least 1 and a period above 0 s, not ({count}, {period})")
        self.count = count
        self.period = period
        self._passed: dict[str, deque[float]] = {}

    def check(self, origin: str, at: float, error: str, *, says_when: bool = True) -> None:
        """Count a request, or refuse it with 429, which by default says when to come back, in seconds rounded up."""
        passed = self._passed.setdefault(origin, deque())
        while passed and passed[0] <= at - self.period:
            passed.popleft()
        if len(passed) >= self.count:
            wait = max(1, math.ceil(passed[0] + self.period - at))
            raise Refusal(429, error, headers=(("Retry-After", str(wait)),) if says_when else ())
        passed.append(at)

    def left(self, origin: str) -> int:
        """How many more may come now."""
        return self.count - len(self._passed.get(origin, ()))

    def reset(self, origin: str, at: float) -> int:
        """The unix time in whole seconds at which the oldest request no longer counts."""
        passed = self._passed.get(origin)
        return math.ceil((passed[0] if passed else at) + self.period)


class Dialect(Protocol):
    """How one API talks: a module does."""

    NOT_READY: Response
    """What is answered for a PDF that is not made yet."""

    def checked(self, schema: str, body: bytes) -> JsonObject:
        """A decoded body that fits the schema of that name; a refusal of one that does not."""
        ...

    def refused(self, refusal: Refusal) -> Response:
        """A refusal in the API's words."""
        ...


class Counter(ABC):
    """One API as its callers see it: its routes, its dialect, and which callers it admits."""

    def __init__(self, routes: RouteTable, dialect: Dialect, timezone: tzinfo) -> None:
        self.routes = routes
        self.dialect = dialect
        self._timezone = timezone

    @abstractmethod
    def admit(self, request: Request, route: Route | None, at: float) -> Books:
        """The caller's books; a refusal for one that is not admitted; `route` is None for an unknown path."""

    def answer(self, request: Request, at: float) -> Response:
        """Answer one request."""
        try:
            return self._handled(request, at)
        except Refusal as refusal:
            return self.dialect.refused(refusal)

    def _handled(self, request: Request, at: float) -> Response:
        """Match, admit, check and handle; a stranger hears of the key before hearing which paths there are."""
        try:
            route, uid, text = self.routes.match(request.method, request.path)
        except Refusal:
            self.admit(request, None, at)
            raise
        books = self.admit(request, route, at)
        body = {} if route.schema is None else self.dialect.checked(route.schema, request.body)
        books.at, books.timezone = at, self._timezone
        books.api, books.operation = self.routes.api, route.operation
        return route.handler(books, Params(uid, text, request.parameters(), body))


@dataclass(frozen=True, slots=True)
class InvoiceSummary:
    """One invoice in short; the customer is not shown when printed.

    Attributes:
        id: its id.
        number: its number, blank on a draft.
        kind: `draft`, `proforma`, `invoice`, `cancelling invoice`, or a type of v3 such as `receipt`.
        day: the day it is dated.
        customer: the customer's name as it stands on the invoice.
        total: the gross total.
        currency: the total's currency.
        status: `paid`, `unpaid` or `canceled`.
        connected: the number of the invoice that it cancels or that cancels it, blank where there is none.
    """

    id: int
    number: str
    kind: str
    day: date
    customer: str = field(repr=False)
    total: Decimal
    currency: str
    status: str
    connected: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a sandbox held at one instant.

    Attributes:
        at: unix time on the sandbox's clock, in seconds.
        counts: how many of each noun it holds, of committed changes and of e-mails.
        invoices: the last invoices, newest first.
        requests: the last requests, newest first.
        waiting: the faults still to come, in the order in which they are met.
    """

    at: float
    counts: Mapping[str, int]
    invoices: tuple[InvoiceSummary, ...]
    requests: tuple[LoggedRequest, ...]
    waiting: tuple[PendingFault, ...]


def _summary(invoice: Invoice) -> InvoiceSummary:
    return InvoiceSummary(
        id=invoice.uid,
        number=invoice.prefixed_invoice_no,
        kind="cancelling invoice" if invoice.type is Type.CANCELLATION else str(invoice.type),
        day=invoice.date,
        customer=invoice.client["name"],
        total=invoice.totals.total,
        currency=invoice.terms.currency,
        status=invoice.status.name.lower(),
        connected=invoice.connected.prefixed_invoice_no if invoice.connected else "",
    )


class Server:
    """What doors and page know of a sandbox."""

    def __init__(
        self, books: Books, counters: Sequence[Counter], request_log: RequestLog, now: Callable[[], float]
    ) -> None:
        self._books = books
        self._counters = {counter.routes.api: counter for counter in counters}
        self._directory = Directory([counter.routes for counter in counters])
        self._now = now
        self._lock = Lock()
        self.ledger: Ledger = books.ledger
        """All that was committed, oldest first."""
        self.outbox: list[Mail] = books.outbox
        """All e-mails that would have been sent, oldest first."""
        self.faults: Faults = Faults(self._directory)
        """The script of what goes wrong."""
        self.request_log: RequestLog = request_log
        """The last requests; the doors add to it."""

    @property
    def switches(self) -> Switches:
        """How v3 answers where nothing public says how the real one does; setting them starts the month's quota anew.

        Example:
            `sandbox.switches = Switches(second_cancel="refuse")`
        """
        return self._books.switches

    @switches.setter
    def switches(self, switches: Switches) -> None:
        self._books.set_switches(switches)

    def snapshot(self) -> Snapshot:
        """What it holds now, and the last requests and answers, as plain values: what the page at `/` shows.

        Example:
            `assert sandbox.snapshot().counts["invoices"] == 1`
        """
        with self._lock:
            counts = self._books.counts()
            invoices = tuple(_summary(invoice) for invoice in islice(self._books.invoices, _INVOICES_SHOWN))
        return Snapshot(self._now(), counts, invoices, self.request_log.newest_first(), self.faults.pending)

    def counter_at(self, path: str) -> Counter:
        """The counter that a path leads to."""
        return self._counters[self._directory.table_of(path).api]

    def answer(self, request: Request, *, clock_offset: float = 0.0) -> Response:
        """Answer one request; whatever it asks for is done when this returns.

        Args:
            request: the request.
            clock_offset: by how many seconds the server's clock is wrong while it answers.
        """
        with self._lock:
            response = self.counter_at(request.path).answer(request, self._now() + clock_offset)
        return self.dated(response, clock_offset)

    def dated(self, response: Response, clock_offset: float = 0.0) -> Response:
        """The same answer with the server's `Date`, unless it has one."""
        if response.header("Date") is not None:
            return response
        date = formatdate(self._now() + clock_offset, usegmt=True)
        return Response(response.status, response.body, (*response.headers, ("Date", date)))
