"""A row for an endpoint that the table does not have: what a caller says of it, checked as if it stood there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeVar

from billingo_async.protocol.call import Effect, Operation

if TYPE_CHECKING:
    from billingo_async.protocol.call import Decoder

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
PATH: Final = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9_.~:@!$&'()*+,;=-]+)+/?", re.ASCII)
"""A path below the base URL that cannot be bent: no dots to climb with, no escapes, no query, no second slash."""

T = TypeVar("T")


def custom_operation(method: str, path: str, effect: Effect | str, decoder: Decoder[T]) -> Operation[T]:
    """Return the row; raise ValueError for an unknown method or effect, and for a path that may leave the API."""
    if method not in METHODS:
        msg = f"method must be one of {', '.join(METHODS)}, got {method!r:.40}"
        raise ValueError(msg)
    if not isinstance(path, str) or not PATH.fullmatch(path):
        msg = f"path must be a plain path below the base URL, such as '/invoices/blocks', got {path!r:.80}"
        raise ValueError(msg)
    if effect not in tuple(Effect):
        msg = f"effect must be one of {', '.join(Effect)} (what does repeating the call do?), got {effect!r:.40}"
        raise ValueError(msg)
    # The plain texts that were checked: a subclass of str may say something else of itself.
    return Operation("request", str.__str__(method), str.__str__(path), Effect(effect), decoder)
