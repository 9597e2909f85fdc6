"""Plays one request through the books, with the fault it meets; the same for both doors, no line enters here."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING

from billingo_async.sandbox.faults import Fault, Line
from billingo_async.sandbox.http import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from billingo_async.sandbox.http import Request
    from billingo_async.sandbox.sandbox import Sandbox

NEVER_READ = frozenset({Line.POOL_FULL, Line.CONNECT_TIMED_OUT, Line.REFUSED, Line.TLS_FAILED, Line.BROKEN_BEFORE_READ})
"""What happens to a request before its body is read."""

UNTROUBLED = Fault.nothing()
"""What a request meets for which no fault is scripted."""

_NOTHING = Response(500)


async def play(
    sandbox: Sandbox, request: Request, fault: Fault, *, gone: Callable[[], bool] = lambda: False
) -> Response:
    """Wait, process and answer as the fault wants it; `gone` tells whether the caller has left."""
    began = perf_counter()
    response: Response | None = None
    try:
        response = await _played(sandbox, request, fault, gone)
    finally:  # a caller who hangs up is remembered, too
        made = response if fault.processed or fault.response is not None else None
        sandbox.visits.note(request, fault, made, perf_counter() - began)
    return response or _NOTHING


async def _played(sandbox: Sandbox, request: Request, fault: Fault, gone: Callable[[], bool]) -> Response | None:
    if fault.wait_before:
        await asyncio.sleep(fault.wait_before)
        if gone():
            return None
    response = sandbox.answer(request, clock_offset=fault.clock_offset) if fault.processed else _NOTHING
    if fault.response is not None and not (fault.keeps_refusals and response.status != HTTPStatus.OK):
        response = sandbox.dated(fault.response, fault.clock_offset)
    if fault.wait_after:
        await asyncio.sleep(fault.wait_after)
    if not fault.without:
        return response
    kept = tuple((name, value) for name, value in response.headers if name.lower() not in fault.without)
    return Response(response.status, response.body, kept)
