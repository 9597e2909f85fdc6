"""What may go wrong, as plain frozen values; when it does is the script's matter, how it feels is the doors'.

A fault has three parts: whether the request is processed, what the line does, and which answer stands in for the real
one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from billingo_async.sandbox.http import JSON, Response, write_json

if TYPE_CHECKING:
    from collections.abc import Mapping

HTML = "text/html; charset=utf-8"


class Line(StrEnum):
    """What the line does to one request, in the order of a request's life."""

    POOL_FULL = "no free connection in the pool"
    CONNECT_TIMED_OUT = "connecting timed out"
    REFUSED = "connection refused"
    TLS_FAILED = "TLS handshake failed"
    BROKEN_BEFORE_READ = "dropped before the request was read"
    BROKEN_BEFORE_ANSWER = "dropped before the answer"
    BROKEN_IN_ANSWER = "dropped in the middle of the answer"
    SILENT = "never answered"
    ANSWERS = "answered"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong; made by one of the functions below, never by hand.

    Attributes:
        name: what it is called when printed.
        line: what the line does.
        processed: whether the request is carried out, and so whether anything is committed.
        response: the answer that stands in for the real one, None where the real one leaves.
        keeps_refusals: the stand-in replaces answers of status 200 alone.
        wait_before: seconds that pass before the request is processed.
        wait_after: seconds that pass after it was processed and before it is answered.
        clock_offset: by how many seconds the server's clock is wrong.
        without: names of headers, in lower case, that the answer does not have.
    """

    name: str
    line: Line = Line.ANSWERS
    processed: bool = True
    response: Response | None = None
    keeps_refusals: bool = False
    wait_before: float = 0.0
    wait_after: float = 0.0
    clock_offset: float = 0.0
    without: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"<Fault {self.name}>"

    @classmethod
    def nothing(cls) -> Fault:
        """Nothing goes wrong: a pause in a script of several faults."""
        return cls("nothing")

    @classmethod
    def pool_timeout(cls) -> Fault:
        """No connection came free in the caller's own pool; nothing was sent. In process only."""
        return cls("pool timeout", Line.POOL_FULL, processed=False)

    @classmethod
    def connect_timeout(cls) -> Fault:
        """The connection was not made in time; nothing was sent. In process only."""
        return cls("connect timeout", Line.CONNECT_TIMED_OUT, processed=False)

    @classmethod
    def refuse_connection(cls) -> Fault:
        """The connection was refused; nothing was sent. In process only: over HTTP, leave `serve()` for the same."""
        return cls("refused connection", Line.REFUSED, processed=False)

    @classmethod
    def tls_failure(cls) -> Fault:
        """The server's certificate was not accepted; nothing was sent. In process only."""
        return cls("TLS failure", Line.TLS_FAILED, processed=False)

    @classmethod
    def drop_before_read(cls) -> Fault:
        """The line drops before the server has read the request: nothing is committed, but the caller cannot know."""
        return cls("drop before read", Line.BROKEN_BEFORE_READ, processed=False)

    @classmethod
    def drop_after_commit(cls) -> Fault:
        """The line drops when all is done, before a byte of the answer: the invoice is there, the caller cannot know.

        Example:
            `sandbox.faults.next("invoices.create", Fault.drop_after_commit())`
        """
        return cls("drop after commit", Line.BROKEN_BEFORE_ANSWER)

    @classmethod
    def drop_mid_answer(cls) -> Fault:
        """The line drops when all is done and half of the answer's body has left."""
        return cls("drop mid answer", Line.BROKEN_IN_ANSWER)

    @classmethod
    def read_timeout(cls, *, processed: bool = True) -> Fault:
        """No answer comes at all; with `processed=False` nothing was done either.

        In process the caller's timeout is over at once; over HTTP the line stays silent until the caller hangs up.
        """
        return cls("read timeout", Line.SILENT, processed=processed)

    @classmethod
    def delay(cls, seconds: float, *, before: bool = False) -> Fault:
        """The answer comes so many seconds late; the request is processed at once.

        With `before=True` the wait comes first, and nothing is done for a caller who is gone by then.

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
        given = dict(headers or {})
        names = {name.lower() for name in given}
        kept = tuple((name, value) for name, value in given.items() if value is not None)
        content, kind = _encoded(body)
        if "content-type" not in names and content:
            kept = (("Content-Type", kind), *kept)
        without = frozenset(name.lower() for name, value in given.items() if value is None)
        name = f"answer {status}{' after commit' if processed else ''}"
        return cls(name, processed=processed, response=Response(status, content, kept), without=without)

    @classmethod
    def not_ready(cls) -> Fault:
        """The PDF is not made yet: 200 with a JSON body instead of `application/pdf`, as was seen.

        The request counts towards the PDF limit, and a refusal stays a refusal.
        """
        body = write_json({"success": False, "error": "The document is not ready yet, please try again later"})
        response = Response(200, body, (("Content-Type", JSON),))
        return cls("PDF not ready", response=response, keeps_refusals=True)

    @classmethod
    def wrong_clock(cls, seconds: float) -> Fault:
        """The server's clock is so many seconds ahead (negative: behind), for its `Date` and for judging the token.

        Example:
            `sandbox.faults.always("*", Fault.wrong_clock(600))`
        """
        return cls(f"clock wrong by {seconds:g} s", clock_offset=seconds)


def _encoded(body: object) -> tuple[bytes, str]:
    if isinstance(body, bytes):
        return body, JSON
    if isinstance(body, str):
        return body.encode(), HTML
    return write_json(body), JSON
