"""The other table: effect x fate → again, done, or outcome unknown; and how long to wait.

Everything is decided from the arguments: no clock and no chance enter, a caller brings the time and the dice.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from email.utils import formatdate, parsedate_to_datetime
from enum import Enum
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from billingo_async.protocol.call import Answer, Effect, Fate, Fault, Reply

if TYPE_CHECKING:
    from collections.abc import Mapping


_BETWEEN: Final = re.compile(r"(?<!Mon|Tue|Wed|Thu|Fri|Sat|Sun|day),\s*")
"""What stands between the values of a header that came more than once (RFC 9110, 5.6.1); a date has a comma, too."""


class Action(Enum):
    """What follows from one attempt."""

    DONE = "done"
    """The answer is final, whatever it says."""
    AGAIN = "again"
    """Try again if attempts and patience are left; else report the failure as what it is."""
    DOUBT = "outcome unknown"
    """Never try again: it may have happened."""


_REPEATABLE: Final[Mapping[Fate, Action]] = {
    Fate.NEVER_SENT: Action.AGAIN,
    Fate.NOT_PROCESSED: Action.AGAIN,
    Fate.UNKNOWN: Action.AGAIN,
    Fate.ANSWERED: Action.DONE,
}
ACTIONS: Final[Mapping[Effect, Mapping[Fate, Action]]] = {
    Effect.READ: _REPEATABLE,
    Effect.SAME: _REPEATABLE,
    Effect.ONCE: {**_REPEATABLE, Fate.UNKNOWN: Action.DOUBT},
}
"""Law 1 of the design: the effect decides, never the HTTP method."""

FINAL_STATUSES: Final = range(300, 500)
"""Statuses by which a server sends the request elsewhere, where it is never repeated, or will not do what it says."""
FIRST_BACKOFF: Final = 0.5
"""Seconds: the upper bound of the wait before the second attempt; doubled for each further one."""
MAX_BACKOFF: Final = 8.0
"""Seconds: the bound beyond which the wait no longer doubles."""


def fate_of(answer: Answer, *, is_stale: bool = False, is_trusted: bool = True) -> Fate:
    """Classify what came of one attempt; whatever no rule names is UNKNOWN.

    `is_stale` says that a 401 is explained by the credential's times. `is_trusted` says that a server is believed which
    asks to wait and so says that it has done nothing: a gateway may answer so after the fact.
    """
    if isinstance(answer, Fault):
        return answer.fate
    if answer.status == HTTPStatus.UNAUTHORIZED and is_stale:
        return Fate.NOT_PROCESSED
    if asks_to_wait(answer):
        return Fate.NOT_PROCESSED if is_trusted else Fate.UNKNOWN
    if answer.is_success or (answer.status in FINAL_STATUSES and answer.status != HTTPStatus.REQUEST_TIMEOUT):
        return Fate.ANSWERED
    return Fate.UNKNOWN


def asks_to_wait(reply: Reply) -> bool:
    """Tell whether an answer says that nothing was done and asks to come back: 429, and 503 with `Retry-After`."""
    if reply.status == HTTPStatus.SERVICE_UNAVAILABLE:
        return retry_after(reply) is not None
    return reply.status == HTTPStatus.TOO_MANY_REQUESTS


def dated(answer: Answer, server_now: float) -> Answer:
    """Return an answer that asks to wait with a `Date` to count from: its own, else when it came (RFC 9110, 6.6.1)."""
    if isinstance(answer, Fault) or "retry-after" not in answer.headers:
        return answer
    if _date_of(answer) is not None:
        return answer
    return replace(answer, headers={**answer.headers, "date": formatdate(server_now, usegmt=True)})


def retry_after(reply: Reply) -> float | None:
    """Return the seconds that `Retry-After` asks for; None if it is missing, negative or not readable.

    The header holds seconds or an HTTP date (RFC 9110, 10.2.3); a date is counted from the answer's `Date` (see
    `dated`), and cannot be read without one. Where it came more than once, the longest wait is the one to keep to.
    """
    values = (_seconds(text.strip(), reply) for text in _BETWEEN.split(reply.headers.get("retry-after", "")))
    return max((seconds for seconds in values if seconds is not None), default=None)


def _seconds(text: str, reply: Reply) -> float | None:
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return float(text)
    until, since = http_date(text), _date_of(reply)
    return None if until is None or since is None else max(0.0, until - since)


def _date_of(reply: Reply) -> float | None:
    return http_date(reply.headers.get("date"))


@lru_cache(maxsize=64)  # answers of one second bear the same
def http_date(text: str | None) -> float | None:
    """Return the Unix time of an HTTP date; None if it is none, or missing."""
    try:
        moment = parsedate_to_datetime(text or "")
        return moment.timestamp() if moment.tzinfo else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def wait_before_next(attempts: int, retry_after: float | None, chance: float) -> float:
    """Return the seconds to wait after so many attempts: full jitter, but never less than the server asked for.

    `chance` is a number from 0 to 1: the dice, thrown by the caller.
    """
    doublings = min(attempts - 1, math.ceil(math.log2(MAX_BACKOFF / FIRST_BACKOFF)))
    backoff: float = min(MAX_BACKOFF, FIRST_BACKOFF * 2.0**doublings) * chance
    return backoff if retry_after is None else max(retry_after, backoff)
