"""The PDF limit: so many requests per address in a moving window; it reads no clock of its own.

Source: API docs, Invoices / Download invoice: "rate limited for every IP to 10 requests per minute".
"""

from __future__ import annotations

import math
from collections import deque

from billingo_async.sandbox.refusal import Refusal


class MovingWindow:
    """At most `count` requests of one address in any `period` seconds; refused ones do not count."""

    def __init__(self, count: int, period: float) -> None:
        if count < 1 or not (period > 0 and math.isfinite(period)):
            raise ValueError(f"pdf_limit needs a count of at least 1 and a period above 0 s, not ({count}, {period})")
        self.count = count
        self.period = period
        self._seen: dict[str, deque[float]] = {}

    def pass_or_refuse(self, ip: str, at: float) -> None:
        """Count a request, or refuse it with 429 and `Retry-After` in whole seconds, rounded up."""
        seen = self._seen.setdefault(ip, deque())
        while seen and seen[0] <= at - self.period:
            seen.popleft()
        if len(seen) < self.count:
            seen.append(at)
            return
        wait = max(1, math.ceil(seen[0] + self.period - at))
        error = f"Too Many Attempts: at most {self.count} downloads in {self.period:g} seconds"
        raise Refusal(429, error, headers=(("Retry-After", str(wait)),))
