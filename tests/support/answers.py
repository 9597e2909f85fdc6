"""Answers as a server gives them, and calls that they answer, for tests of what is pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from billingo_async.protocol.call import Effect, Operation, Reply
from billingo_async.v2.decoders import Done

if TYPE_CHECKING:
    from billingo_async.protocol.call import Call

CANCEL = Operation("invoices.cancel", "GET", "/invoices/{id}/cancel", Effect.ONCE, Done()).call(id=42)
LABEL = "invoices.cancel (GET /invoices/42/cancel)"


def reply(said: object = None, status: int = 200, *, body: bytes | None = None, **headers: str) -> Reply:
    """Return an answer that says something in JSON, or has these bytes for a body; headers with `_` for `-`."""
    told = json.dumps(said).encode() if body is None else body
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, told)


def call_of(decoder: Any) -> Call[Any]:
    """Return the call with the label `LABEL` whose answer reads as a shape says."""
    return Operation("invoices.cancel", "GET", "/invoices/{id}/cancel", Effect.ONCE, decoder).call(id=42)
