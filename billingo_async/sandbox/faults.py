"""What may go wrong, as frozen values, and the script of which request meets which; the doors carry it out.

A fault says whether the request is processed, what the network does, and which answer stands in for the real one.

No socket enters here.
"""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from itertools import chain, takewhile
from operator import itemgetter
from typing import Any

from billingo_async.sandbox.alterations import Alteration, cut_comment, lose_accents, move_due_date, round_prices
from billingo_async.sandbox.http import JSON, Response, write_json
from billingo_async.sandbox.routing import Directory

HTML = "text/html; charset=utf-8"


class NetworkFault(StrEnum):
    """What the network does to one request, in the order of a request's life."""

    POOL_FULL = "no free connection in the pool"
    CONNECT_TIMED_OUT = "connecting timed out"
    REFUSED = "connection refused"
    TLS_FAILED = "TLS handshake failed"
    BROKEN_BEFORE_READ = "dropped before the request was read"
    BROKEN_BEFORE_ANSWER = "dropped before the answer"
    BROKEN_IN_ANSWER = "dropped in the middle of the answer"
    SILENT = "never answered"
    ANSWERS = "answered"


NEVER_READ = frozenset(takewhile(lambda fault: fault is not NetworkFault.BROKEN_BEFORE_ANSWER, NetworkFault))
"""What happens to a request before its body is read."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong; made by one of the functions below, never by hand.

    Attributes:
        name: what it is called when printed.
        network: what the network does.
        processed: whether the request is carried out, and so whether anything is committed.
        response: the answer that stands in for the real one, None where the real one leaves.
        keeps_refusals: what stands in is the word of the API that the PDF is not ready, and for answers of 200 alone.
        wait_before: seconds that pass before the request is processed.
        wait_after: seconds that pass after it was processed and before it is answered.
        clock_offset: by how many seconds the server's clock is wrong.
        headers: headers that the answer gets in place of its own; a value of None takes one out.
        alterations: what the server stores otherwise than it was written.
        trailing: bytes that follow the answer in the same segment; None doubles the answer.
    """

    name: str
    network: NetworkFault = NetworkFault.ANSWERS
    processed: bool = True
    response: Response | None = None
    keeps_refusals: bool = False
    wait_before: float = 0.0
    wait_after: float = 0.0
    clock_offset: float = 0.0
    headers: tuple[tuple[str, str | None], ...] = ()
    alterations: tuple[Alteration, ...] = ()
    trailing: bytes | None = b""

    def __repr__(self) -> str:
        return f"<Fault {self.name}>"

    def __and__(self, other: Fault) -> Fault:
        """Both at once, as far as they concern different things.

        Raises:
            ValueError: both concern the same, such as two answers.

        Example:
            `Fault.cut_comment(255) & Fault.drop_after_commit()`
        """
        merged: dict[str, Any] = {"name": f"{self.name}, {other.name}"}
        for each in fields(Fault):
            mine, others = getattr(self, each.name), getattr(other, each.name)
            if each.name in {"headers", "alterations"}:
                merged[each.name] = mine + others
            elif each.name != "name" and each.default not in {mine, others}:
                raise ValueError(f"{self!r} and {other!r} both decide on {each.name}")
            elif each.name != "name":
                merged[each.name] = others if mine == each.default else mine
        return Fault(**merged)

    @classmethod
    def nothing(cls) -> Fault:
        """Nothing goes wrong: a pause in a script of several faults."""
        return cls("nothing")

    @classmethod
    def pool_timeout(cls) -> Fault:
        """No connection came free in the caller's own pool; nothing was sent. In process only."""
        return cls("pool timeout", NetworkFault.POOL_FULL, processed=False)

    @classmethod
    def connect_timeout(cls) -> Fault:
        """The connection was not made in time; nothing was sent. In process only."""
        return cls("connect timeout", NetworkFault.CONNECT_TIMED_OUT, processed=False)

    @classmethod
    def refuse_connection(cls) -> Fault:
        """The connection was refused; nothing was sent. In process only: over HTTP, leave `serve()` for the same."""
        return cls("refused connection", NetworkFault.REFUSED, processed=False)

    @classmethod
    def tls_failure(cls) -> Fault:
        """The server's certificate was not accepted; nothing was sent. In process only."""
        return cls("TLS failure", NetworkFault.TLS_FAILED, processed=False)

    @classmethod
    def drop_before_read(cls) -> Fault:
        """The line drops before the server has read the request: nothing is committed, but the caller cannot know."""
        return cls("drop before read", NetworkFault.BROKEN_BEFORE_READ, processed=False)

    @classmethod
    def drop_after_commit(cls) -> Fault:
        """The line drops when all is done, before a byte of the answer: the invoice is there, the caller cannot know.

        Example:
            `sandbox.faults.next("invoices.create", Fault.drop_after_commit())`
        """
        return cls("drop after commit", NetworkFault.BROKEN_BEFORE_ANSWER)

    @classmethod
    def drop_mid_answer(cls) -> Fault:
        """The line drops when all is done and half of the answer's body has left."""
        return cls("drop mid answer", NetworkFault.BROKEN_IN_ANSWER)

    @classmethod
    def read_timeout(cls, *, processed: bool = True) -> Fault:
        """No answer comes at all; with `processed=False` nothing was done either.

        In process the caller's timeout is over at once; over HTTP the line stays silent until the caller hangs up.
        """
        return cls("read timeout", NetworkFault.SILENT, processed=processed)

    @classmethod
    def delay(cls, seconds: float, *, before: bool = False) -> Fault:
        """The answer comes so many seconds late; the request is processed at once.

        With `before=True` the wait comes first, and nothing is done for a caller that is gone by then.

        Raises:
            ValueError: the seconds are negative or without end.
        """
        if not (seconds >= 0 and math.isfinite(seconds)):
            raise ValueError(f"a delay takes 0 seconds or more, not {seconds}")
        if before:
            return cls(f"delay of {seconds:g} s before processing", wait_before=seconds)
        return cls(f"delay of {seconds:g} s", wait_after=seconds)

    @classmethod
    def answer(
        cls,
        status: int,
        body: object = b"",
        headers: Mapping[str, str | None] | None = None,
        *,
        processed: bool = False,
    ) -> Fault:
        """Another answer than the real one; with `processed=True` the request is carried out first.

        Args:
            status: the HTTP status, 200 to 599.
            body: bytes go out as they are, under `application/json` unless `headers` say otherwise; text goes out as
                HTML; anything else is encoded as JSON.
            headers: further headers; None leaves one out that would be there, such as `{"Date": None}`, which works in
                process only.
            processed: whether the request is carried out.

        Raises:
            ValueError: the status is no final HTTP status.

        Example:
            `Fault.answer(503, {"success": False, "error": "maintenance"}, {"Retry-After": "30"})`
        """
        if not 200 <= status <= 599:  # noqa: PLR2004 - the final statuses of HTTP
            raise ValueError(f"an answer's status is between 200 and 599, not {status}")
        content = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else write_json(body)
        given = dict(headers or {})
        if content and "content-type" not in {name.lower() for name in given}:
            given = {"Content-Type": HTML if isinstance(body, str) else JSON, **given}
        name = f"answer {status}{' after commit' if processed else ''}"
        return cls(name, processed=processed, response=Response(status, content), headers=tuple(given.items()))

    @classmethod
    def refuse_after_commit(cls, status: int = 503, retry_after: int = 1) -> Fault:
        """It is done, and a gateway that lies says 429 or 503 and when to come back."""
        return cls.answer(status, "", {"Retry-After": str(retry_after)}, processed=True)

    @classmethod
    def gateway(cls, status: int = 502, *, processed: bool = False) -> Fault:
        """A gateway's own page in HTML instead of the API's answer."""
        page = f"<html><head><title>{status} ERROR</title></head><body><h1>{status} ERROR</h1></body></html>"
        return cls.answer(status, page, {"Server": "CloudFront", "Via": "1.1 gateway.example"}, processed=processed)

    @classmethod
    def not_ready(cls) -> Fault:
        """The PDF is not made yet: 200 with a JSON body from v2, 202 with one from v3, both as seen.

        The request counts towards the limits, and a refusal stays a refusal.
        """
        return cls("PDF not ready", keeps_refusals=True)

    @classmethod
    def wrong_clock(cls, seconds: float) -> Fault:
        """The server's clock is so many seconds ahead (negative: behind), for its `Date` and for judging the token.

        Example:
            `sandbox.faults.always("*", Fault.wrong_clock(600))`
        """
        return cls(f"clock wrong by {seconds:g} s", clock_offset=seconds)

    @classmethod
    def with_headers(cls, headers: Mapping[str, str | None]) -> Fault:
        """The real answer with other headers; None takes one out.

        Example:
            `Fault.with_headers({"Date": None})`, or of a cache: `Fault.with_headers({"Date": old, "Age": "86400"})`
        """
        return cls(f"headers {', '.join(headers)}", headers=tuple(headers.items()))

    @classmethod
    def doubled_answer(cls) -> Fault:
        """The answer arrives twice in one segment, and the connection stays open. Over HTTP only."""
        return cls("doubled answer", trailing=None)

    @classmethod
    def trailing_bytes(cls, content: bytes = b"\n") -> Fault:
        """Bytes that belong to nothing follow the answer in the same segment. Over HTTP only."""
        return cls(f"{len(content)} trailing bytes", trailing=content)

    @classmethod
    def cut_comment(cls, length: int | None = None) -> Fault:
        """The server keeps so many characters of a comment, by default those before the first emoji."""
        return cls("comment cut", alterations=(cut_comment(length),))

    @classmethod
    def append_to_comment(cls, line: str) -> Fault:
        """The server adds a line to each comment."""
        return cls("line appended to comment", alterations=(cut_comment(-1, f"\n{line}"),))

    @classmethod
    def lose_accents(cls) -> Fault:
        """The server keeps letters without their accents."""
        return cls("accents lost", alterations=(lose_accents,))

    @classmethod
    def round_prices(cls, places: int = 0) -> Fault:
        """The server rounds unit prices half up to so many decimals."""
        return cls(f"prices rounded to {places} decimals", alterations=(round_prices(places),))

    @classmethod
    def move_due_date(cls, days: int = 1) -> Fault:
        """The server moves the due date by so many days."""
        return cls(f"due date moved by {days} days", alterations=(move_due_date(days),))


NO_FAULT = Fault.nothing()
"""What a request meets for which no fault is scripted."""


@dataclass(frozen=True, slots=True)
class PendingFault:
    """A fault still to come: for which requests of which API, which fault, and how often.

    `api` is None for either of the two, `times` None for every time.
    """

    where: str
    fault: Fault
    times: int | None
    api: str | None = None

    def __repr__(self) -> str:
        return f"{self.where}: {self.fault!r}"

    def fits(self, api: str, operation: str, method: str, path: str) -> bool:
        """Whether it is meant for a request; `path` is the one below the base URL."""
        if self.api not in {None, api}:
            return False
        verb, blank, pattern = self.where.partition(" ")
        if blank:
            segments = re.escape(pattern).replace(r"\*", "[^/]*")
            return method == verb.upper() and re.fullmatch(segments, path) is not None
        return self.where == "*" or fnmatchcase(operation, self.where)


@dataclass(frozen=True, slots=True)
class MetFault:
    """A fault that a request met: the operation (blank for an unknown endpoint) and the fault."""

    operation: str
    fault: Fault


class Faults:
    """Scripts what goes wrong. Each request takes the first fault in the script that is meant for it, and uses it up.

    `where` names the requests that a fault is meant for:

    - an operation, `"invoices.create"`, or several, `"invoices.*"` or `"*"`; a name that both APIs have, such as
      `"products.list"`, means the operation of either, and `api="v3"` narrows it;
    - a method and a path below the base URL, `"GET /invoices/42/cancel"`, in which `*` stands for one segment.

    Example:
        >>> sandbox.faults.next("invoices.create", Fault.answer(503), Fault.drop_after_commit())
        >>> sandbox.faults.always("*", Fault.wrong_clock(-600))
    """

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._scripts: dict[tuple[str, str | None], deque[tuple[int, PendingFault]]] = {}
        """By which requests are meant; each fault with its number in the whole script, which may be long."""
        self._added = 0
        self._met: list[MetFault] = []

    def __repr__(self) -> str:
        return f"Faults({len(self.pending)} to come, {len(self._met)} met)"

    @property
    def pending(self) -> tuple[PendingFault, ...]:
        """What is still to come, in the order in which it is met; empty when the script was carried out to its end."""
        return tuple(pending for _, pending in sorted(chain(*self._scripts.values()), key=itemgetter(0)))

    @property
    def met(self) -> tuple[MetFault, ...]:
        """What requests met so far, oldest first."""
        return tuple(self._met)

    def next(self, where: str, *faults: Fault, api: str | None = None) -> None:
        """The next requests of that kind meet these faults, one each, in this order.

        Raises:
            ValueError: no operation has that name, or no fault was given.
        """
        if not faults:
            raise ValueError("name at least one fault: faults.next(where, Fault.drop_after_commit())")
        for fault in faults:
            self.add(where, fault, api=api)

    def add(self, where: str, fault: Fault, times: int = 1, *, api: str | None = None) -> None:
        """The next `times` requests of that kind meet this fault.

        Raises:
            ValueError: no operation has that name, or `times` is below 1.
        """
        if times < 1:
            raise ValueError(f"a fault is met once or more, not {times} times")
        self._append(PendingFault(where, fault, times, api))

    def always(self, where: str, fault: Fault, *, api: str | None = None) -> None:
        """Every request of that kind meets this fault, until `clear()`; what was scripted earlier comes first.

        Raises:
            ValueError: no operation has that name.
        """
        self._append(PendingFault(where, fault, None, api))

    def clear(self) -> None:
        """Forget the rest of the script; `met` stays."""
        self._scripts.clear()

    def take(self, method: str, path: str) -> Fault:
        """The fault that this request meets, which uses it up; called by the doors."""
        if not self._scripts:
            return NO_FAULT
        table = self._directory.table_of(path)
        operation, below = table.operation_of(method, path), path.removeprefix(table.prefix)
        meant = [script for script in self._scripts.values() if script[0][1].fits(table.api, operation, method, below)]
        if not meant:
            return NO_FAULT
        script = min(meant, key=itemgetter(0))
        number, pending = script.popleft()
        if pending.times != 1:
            script.appendleft((number, replace(pending, times=pending.times and pending.times - 1)))
        elif not script:
            del self._scripts[pending.where, pending.api]
        self._met.append(MetFault(operation, pending.fault))
        return pending.fault

    def _append(self, pending: PendingFault) -> None:
        where, api = pending.where, pending.api
        is_known = (where, api) in self._scripts or " " in where
        if not is_known and not any(fnmatchcase(name, where) for name in self._directory.names):
            self._directory.checked_name(where)
        self._added += 1
        self._scripts.setdefault((where, api), deque()).append((self._added, pending))
