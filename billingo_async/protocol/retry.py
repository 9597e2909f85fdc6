"""The other table: effect x fate → again, done, or outcome unknown; and how long to wait.

Everything is decided from the arguments: no clock and no chance enter, a caller brings the time and the dice.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from email.utils import formatdate, parsedate_to_datetime
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple

from billingo_async.protocol.call import Effect, Fate, Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billingo_async.protocol.call import Answer, Reply


_BETWEEN: Final = re.compile(r"(?<!Mon|Tue|Wed|Thu|Fri|Sat|Sun|day),\s*")
"""What stands between the values of a header that came more than once (RFC 9110, 5.6.1); a date has a comma, too."""


class Verdict(Enum):
    """What follows from one try."""

    DONE = "done"
    """The answer is final, whatever it says."""
    AGAIN = "again"
    """Try again if tries and patience are left; else report the failure as what it is."""
    DOUBT = "outcome unknown"
    """Never try again: it may have happened."""


VERDICTS: Final[Mapping[Effect, Mapping[Fate, Verdict]]] = {
    Effect.READ: {
        Fate.NEVER_SENT: Verdict.AGAIN,
        Fate.REFUSED: Verdict.AGAIN,
        Fate.UNKNOWN: Verdict.AGAIN,
        Fate.ANSWERED: Verdict.DONE,
    },
    Effect.SAME: {
        Fate.NEVER_SENT: Verdict.AGAIN,
        Fate.REFUSED: Verdict.AGAIN,
        Fate.UNKNOWN: Verdict.AGAIN,
        Fate.ANSWERED: Verdict.DONE,
    },
    Effect.ONCE: {
        Fate.NEVER_SENT: Verdict.AGAIN,
        Fate.REFUSED: Verdict.AGAIN,
        Fate.UNKNOWN: Verdict.DOUBT,
        Fate.ANSWERED: Verdict.DONE,
    },
}
"""Law 1 of the design: the effect decides, never the HTTP method."""

REFUSING: Final = range(400, 500)
"""Statuses by which a server says that it will not do what was asked."""
FIRST_BACKOFF: Final = 0.5
"""Seconds: the upper bound of the wait before the second try; doubled for each further one."""
LONGEST_BACKOFF: Final = 8.0
"""Seconds: the bound beyond which the wait no longer doubles."""


class Patience(NamedTuple):
    """How often and how long the caller lets the library try."""

    max_retries: int
    max_wait: float


def fate_of(answer: Answer, *, stale_token: bool = False) -> Fate:
    """Classify what came of one try; whatever no rule names is UNKNOWN.

    `stale_token` says that a 401 is explained by the token's times and not by its keys.
    """
    if isinstance(answer, Fault):
        return answer.fate
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return Fate.REFUSED
    if answer.status == HTTPStatus.UNAUTHORIZED and stale_token:
        return Fate.REFUSED
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE and retry_after(answer) is not None:
        return Fate.REFUSED
    if answer.is_success or (answer.status in REFUSING and answer.status != HTTPStatus.REQUEST_TIMEOUT):
        return Fate.ANSWERED
    return Fate.UNKNOWN


def dated(answer: Answer, server_now: float) -> Answer:
    """Return an answer that asks to wait with a `Date` to count from: its own, else when it came (RFC 9110, 6.6.1)."""
    if isinstance(answer, Fault) or "retry-after" not in answer.headers:
        return answer
    if http_date(answer.headers.get("date", "")) is not None:
        return answer
    return replace(answer, headers={**answer.headers, "date": formatdate(server_now, usegmt=True)})


def retry_after(reply: Reply) -> float | None:
    """Return the seconds that `Retry-After` asks for; None if it is missing, negative or not readable.

    The header holds seconds or an HTTP date (RFC 9110, 10.2.3); a date is counted from the answer's `Date` (see
    `dated`), and cannot be read without one. Where it came more than once, the longest wait is the one to keep to.
    """
    asked = (_seconds(text.strip(), reply) for text in _BETWEEN.split(reply.headers.get("retry-after", "")))
    return max((seconds for seconds in asked if seconds is not None), default=None)


def _seconds(text: str, reply: Reply) -> float | None:
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return float(text)
    until, since = http_date(text), http_date(reply.headers.get("date", ""))
    return None if until is None or since is None else max(0.0, until - since)


def http_date(text: str) -> float | None:
    """Return the Unix time of an HTTP date; None if it is none."""
    try:
        moment = parsedate_to_datetime(text)
        return moment.timestamp() if moment.tzinfo else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def wait_before_next(tries: int, asked: float | None, chance: float) -> float:
    """Return the seconds to wait after `tries` tries: full jitter, but never less than the server asked for.

    `chance` is a number from 0 to 1: the dice, thrown by the caller.
    """
    doublings = min(tries - 1, math.ceil(math.log2(LONGEST_BACKOFF / FIRST_BACKOFF)))
    backoff: float = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2.0**doublings) * chance
    return backoff if asked is None else max(asked, backoff)


def may_try_again(patience: Patience, tries: int, waited: float, wait: float) -> bool:
    """Tell whether one more try is within the caller's patience: tries made, seconds waited, seconds to wait now."""
    return tries <= patience.max_retries and waited + wait <= patience.max_wait
