"""Tells what was tried and what is waited for: log lines with their values as fields, and the caller's own hooks.

A hook or a handler may fail, be it a full disk under a log: the call goes on, for its answer must not be lost with it.
Never told: keys, tokens, queries, bodies, and the server's words, which may quote a customer.
"""

from __future__ import annotations

import inspect
import logging
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from billingo_async.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from billingo_async.protocol.call import Attempt, Call
    from billingo_async.settings import RateLimit

T = TypeVar("T")
Hook: TypeAlias = "Callable[[T], object]"
"""A function of the caller's that hears of a value."""

LOGGER: Final = logging.getLogger("billingo_async")
VARIABLE: Final = "BILLINGO_LOG"
MIN_LOGGED_WAIT: Final = 1.0
"""Seconds: a longer wait is told."""


def check_hook(name: str, hook: object, value: str) -> None:
    """Raise `ConfigurationError` for a hook that cannot be called, or would have to be awaited."""
    if hook is not None and (not callable(hook) or inspect.iscoroutinefunction(hook)):
        raise ConfigurationError(f"{name} must be a plain function of one {value}: it is called, never awaited")


def start_logging() -> None:
    """Print the log to stderr if `BILLINGO_LOG` names a level (``debug``, ``warning``), for people in a hurry."""
    level = logging.getLevelNamesMapping().get(os.environ.get(VARIABLE, "").strip().upper(), logging.NOTSET)
    if level and all(handler.get_name() != VARIABLE for handler in LOGGER.handlers):
        handler = logging.StreamHandler()
        handler.set_name(VARIABLE)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        LOGGER.addHandler(handler)
        LOGGER.setLevel(level)


def log_attempt(attempt: Attempt, wait: float | None = None) -> None:
    """Tell of one attempt that is over; a warning where it is to be repeated after `wait` seconds."""
    level = logging.DEBUG if wait is None else logging.WARNING
    fields: dict[str, Any] = {"operation": attempt.operation, "method": attempt.method, "path": attempt.path}
    fields["seconds"] = attempt.seconds
    if attempt.status is not None:
        fields["status"] = attempt.status
    outcome = " ".join(str(part) for part in (attempt.status, attempt.error) if part is not None)
    ending = f" in {attempt.seconds:.3f} s" if wait is None else f"; again in {wait:.2f} s"
    label = f"{attempt.operation} ({attempt.method} {attempt.path}) attempt {attempt.number}"
    _emit(level, f"{label}: {outcome}{ending}", fields)


def call_hook(name: str, hook: Hook[T] | None, value: T) -> None:
    """Call a hook of the caller's, if there is one."""
    if hook is not None:
        try:
            hook(value)
        except Exception as error:  # noqa: BLE001 - whatever the hook does wrong, the call goes on
            _emit(logging.WARNING, f"{name} failed with {type(error).__name__}", {})


def log_wait(call: Call[Any], seconds: float, reason: str) -> None:
    """Tell of a wait of more than a second, with its reason: before it begins, where its length is known by then."""
    if seconds > MIN_LOGGED_WAIT:
        row = call.operation
        fields = {"operation": row.name, "method": row.method, "path": call.path, "seconds": seconds}
        _emit(logging.WARNING, f"{call.label} waits {seconds:.2f} s: {reason}", fields)


def log_outage(limit: RateLimit, error: Exception | None) -> None:
    """Tell that the store of a shared limit is away, or that it is back; never what the error says, nor a password."""
    limited = f"the store {limit.store} of a limit ({limit.count} in {limit.per:g} s)"
    if error is None:
        _emit(logging.INFO, f"{limited} is back: processes share it again", {})
    else:
        words = f"{limited} is away ({type(error).__name__}): this process counts by itself until it is back"
        _emit(logging.WARNING, words, {})


def _emit(level: int, words: str, fields: dict[str, Any]) -> None:
    """Write a line with its values as fields; a handler or filter that fails takes nothing with it."""
    with suppress(Exception):
        LOGGER.log(level, "%s", words, extra=fields)
