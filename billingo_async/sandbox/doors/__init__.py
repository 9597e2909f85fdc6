"""Carries one request through the server, with the fault it meets; the same for both doors, no network enters here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from time import perf_counter

from billingo_async.sandbox.alterations import altered
from billingo_async.sandbox.faults import Fault
from billingo_async.sandbox.http import Refusal, Request, Response
from billingo_async.sandbox.server import Server

_NOTHING = Response(500)


async def handle(
    server: Server, request: Request, fault: Fault, *, gone: Callable[[], bool] = lambda: False
) -> Response:
    """Wait, process and answer as the fault says; `gone` says whether the caller has left."""
    began = perf_counter()
    response: Response | None = None
    try:
        response = await _handled(server, request, fault, gone)
    finally:  # a caller that hangs up is logged, too
        answer = response if fault.processed or fault.response is not None else None
        server.request_log.add(request, fault, answer, perf_counter() - began)
    return response or _NOTHING


def misplaced(server: Server, path: str, fault: Fault, remedy: str) -> Response:
    """The loud answer to a fault that cannot happen at this door."""
    refusal = Refusal(501, f"The fault '{fault.name}' cannot happen at this door: {remedy}")
    return server.dated(server.counter_at(path).dialect.refused(refusal))


async def _handled(server: Server, request: Request, fault: Fault, gone: Callable[[], bool]) -> Response | None:
    if fault.wait_before:
        await asyncio.sleep(fault.wait_before)
        if gone():
            return None
    stored = replace(request, body=altered(request.body, fault.alterations)) if fault.alterations else request
    response = server.answer(stored, clock_offset=fault.clock_offset) if fault.processed else _NOTHING
    if fault.keeps_refusals and response.status == HTTPStatus.OK:
        response = server.dated(server.counter_at(request.path).dialect.NOT_READY, fault.clock_offset)
    if fault.response is not None:
        response = server.dated(fault.response, fault.clock_offset)
    if fault.wait_after:
        await asyncio.sleep(fault.wait_after)
    if not fault.headers:
        return response
    own = {name.lower(): (name, value) for name, value in fault.headers}
    others = ((name, value) for name, value in response.headers if name.lower() not in own)
    given = ((name, value) for name, value in own.values() if value is not None)
    return Response(response.status, response.body, (*others, *given))
