"""Admission to v3's counter: the key in `X-API-KEY`, its scope and profile, the rate, the quota.

Never enters here: what a handler does with a request.

Source: the v3 reference, 3.1 and 3.2. The order is 401, 429, 402, 403, then what the request
itself deserves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from billingo_async.sandbox.books import Books
from billingo_async.sandbox.http import Refusal, Request, Response
from billingo_async.sandbox.routing import Route
from billingo_async.sandbox.server import Counter, MovingWindow
from billingo_async.sandbox.v3 import dialect
from billingo_async.sandbox.v3.routes import ROUTES


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key, the books of its profile, and whether it may write."""

    text: str = field(repr=False)
    books: Books
    may_write: bool = True


class KeyCounter(Counter):
    """The counter of API v3."""

    def __init__(self, keys: Sequence[ApiKey], limit: MovingWindow, timezone: tzinfo) -> None:
        super().__init__(ROUTES, dialect, timezone)
        self._keys = {key.text: key for key in keys}
        self._limit = limit

    def admit(self, request: Request, route: Route | None, at: float) -> Books:
        """Check the key, the rate, the subscription and the scope."""
        key = self._keys.get(request.headers.get("x-api-key", ""))
        if key is None:
            raise Refusal(401, "Unauthorized.")
        wait = self._limit.wait_for(key.text, at)
        if wait:
            headers = (("Retry-After", str(wait)),) if key.books.switches.retry_after else ()
            raise Refusal(429, "Too many requests.", headers=headers)
        if not key.books.switches.subscription:
            raise Refusal(402, "No active subscription.")
        if route is not None and route.method != "GET" and not key.may_write:
            raise Refusal(403, "Forbidden.")
        return key.books

    def answer(self, request: Request, at: float) -> Response:
        """Answer one request, with the rate headers that the switches name."""
        response = super().answer(request, at)
        key = self._keys.get(request.headers.get("x-api-key", ""))
        return response if key is None else self._with_rate_headers(response, key, at)

    def _with_rate_headers(self, response: Response, key: ApiKey, at: float) -> Response:
        mode = key.books.switches.rate_headers
        if mode == "none":
            return response
        left, reset = self._limit.left(key.text), self._limit.reset(key.text, at)
        headers = [("X-RateLimit-Limit", str(self._limit.count)), ("X-RateLimit-Remaining", str(left))]
        if mode == "all":
            headers.append(("X-RateLimit-Reset", str(reset)))
            if response.header("Retry-After") is None:
                headers.append(("Retry-After", str(max(0, reset - int(at)))))
        return Response(response.status, response.body, (*response.headers, *headers))
