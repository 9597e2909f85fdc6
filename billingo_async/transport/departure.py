"""The last moment before a request leaves, as httpx's connections tell it: who was given up by then stays.

A caller who is cancelled while a connection is still being made has sent nothing, and nothing is sent for them later.
Knows no request and sends nothing.
"""

from __future__ import annotations

from typing import Any, Final

LEAVING: Final = "send_request_headers.started"
"""How httpcore's name for the moment ends at which the first byte is about to leave; before it stands the protocol."""


class CalledOffError(Exception):
    """The request was called off before it left."""


class Departure:
    """The departure of one request; httpcore calls it with every step, as the request's `trace` extension."""

    __slots__ = ("_called_off",)

    def __init__(self) -> None:
        """Let the request leave."""
        self._called_off = False

    async def __call__(self, event: str, _: dict[str, Any]) -> None:
        """Hear of a step; raise CalledOffError where the next one would be to leave, and nobody waits any more."""
        if self._called_off and event.endswith(LEAVING):
            raise CalledOffError

    def call_off(self) -> None:
        """Keep the request from leaving, if it has not yet."""
        self._called_off = True
