"""Tells what was tried: one DEBUG line an attempt, one WARNING line a retry, and the caller's own `on_attempt`.

Whoever is told may fail, be it a full disk under a log: the call goes on, for its answer must not be lost with it.
Never told: keys, tokens, queries, bodies, and the server's words, which may quote a customer.
"""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from billingo_async.protocol.call import Attempt

LOGGER: Final = logging.getLogger("billingo_async")
VARIABLE: Final = "BILLINGO_LOG"


def listen_if_asked() -> None:
    """Print the log to stderr if `BILLINGO_LOG` names a level (``debug``, ``warning``), for people in a hurry."""
    level = logging.getLevelNamesMapping().get(os.environ.get(VARIABLE, "").strip().upper(), logging.NOTSET)
    if level and not any(isinstance(one, _Hurried) for one in LOGGER.handlers):
        handler = _Hurried()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        LOGGER.addHandler(handler)
        LOGGER.setLevel(level)


def tell(attempt: Attempt, on_attempt: Callable[[Attempt], object] | None) -> None:
    """Tell of one try; a hook that fails is logged and otherwise ignored."""
    if LOGGER.isEnabledFor(logging.DEBUG):
        _log(
            logging.DEBUG,
            "%s (%s %s) try %d: %s in %.3f s",
            attempt.operation,
            attempt.method,
            attempt.path,
            attempt.number,
            _outcome(attempt),
            attempt.seconds,
        )
    if on_attempt is not None:
        try:
            on_attempt(attempt)
        except Exception as error:  # noqa: BLE001 - whatever the hook does wrong, the call goes on
            _log(logging.WARNING, "on_attempt failed with %s", type(error).__name__)


def tell_retry(attempt: Attempt, wait: float) -> None:
    """Tell that a try is to be repeated."""
    _log(
        logging.WARNING,
        "%s (%s %s) try %d: %s; again in %.2f s",
        attempt.operation,
        attempt.method,
        attempt.path,
        attempt.number,
        _outcome(attempt),
        wait,
    )


def _log(level: int, words: str, *values: object) -> None:
    """Write a line in the name of the caller's line; a handler or filter that fails takes nothing with it."""
    with suppress(Exception):
        LOGGER.log(level, words, *values, stacklevel=2)


def _outcome(attempt: Attempt) -> str:
    return " ".join(str(part) for part in (attempt.status, attempt.error) if part is not None)


class _Hurried(logging.StreamHandler):  # type: ignore[type-arg]  # generic in the stubs only
    """The handler that `BILLINGO_LOG` asks for, recognisable so that it is added once."""
