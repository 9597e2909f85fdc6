"""Admission to v3's counter: the key in `X-API-KEY`, its scope and profile, the rate, the quota.

Never enters here: what a handler does with a request.

Source: the v3 reference, 3.1 and 3.2. The order is 401, 429, 402, 403, then what the request
itself deserves.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from billingo_async.sandbox.books import Books
from billingo_async.sandbox.http import Refusal, Request, Response
from billingo_async.sandbox.routing import Route
from billingo_async.sandbox.server import Counter, MovingWindow
from billingo_async.sandbox.v3 import dialect
from billingo_async.sandbox.v3.routes import ROUTES


class KeyCounter(Counter):
    """The counter of API v3: the keys, each with its profile's books, and the one that may not write."""

    def __init__(self, keys: Mapping[str, Books], read_only: str, limit: MovingWindow, timezone: tzinfo) -> None:
        super().__init__(ROUTES, dialect, timezone)
        self._keys = keys
        self._read_only = read_only
        self._limit = limit

    def admit(self, request: Request, route: Route | None, at: float) -> Books:
        """Check the key, the rate, the subscription and the scope."""
        key = request.headers.get("x-api-key", "")
        if key not in self._keys:
            raise Refusal(401, "Unauthorized.")
        books = self._keys[key]
        self._limit.check(key, at, "Too many requests.", says_when=books.switches.retry_after)
        if not books.switches.subscription:
            raise Refusal(402, "No active subscription.")
        if route is not None and route.method != "GET" and key == self._read_only:
            raise Refusal(403, "Forbidden.")
        return books

    def answer(self, request: Request, at: float) -> Response:
        """Answer one request, with the rate headers that the switches name."""
        response = super().answer(request, at)
        key = request.headers.get("x-api-key", "")
        mode = self._keys[key].switches.rate_headers if key in self._keys else "none"
        if mode == "none":
            return response
        left, reset = self._limit.left(key), self._limit.reset(key, at)
        headers = [("X-RateLimit-Limit", str(self._limit.count)), ("X-RateLimit-Remaining", str(left))]
        if mode == "all":
            headers.append(("X-RateLimit-Reset", str(reset)))
            if response.header("Retry-After") is None:
                headers.append(("Retry-After", str(max(0, reset - int(at)))))
        return Response(response.status, response.body, (*response.headers, *headers))
