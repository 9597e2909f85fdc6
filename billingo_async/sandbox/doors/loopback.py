"""The door over HTTP: an aiohttp server on the loopback interface; the only room that knows sockets."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING

from aiohttp import web

from billingo_async.sandbox import dialect
from billingo_async.sandbox.doors.play import NEVER_READ, UNTROUBLED, play
from billingo_async.sandbox.faults import Line
from billingo_async.sandbox.http import Request
from billingo_async.sandbox.page.serve import page_for
from billingo_async.sandbox.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from billingo_async.sandbox.faults import Fault
    from billingo_async.sandbox.http import Response
    from billingo_async.sandbox.sandbox import Sandbox

_CLOSING = 1.0
_LISTENING_FOR_A_HANGUP = 0.02


@asynccontextmanager
async def serving(sandbox: Sandbox, port: int, host: str) -> AsyncGenerator[str]:
    """Listen while the block runs; yields the base URL."""
    if host != "localhost" and not _is_loopback(host):
        raise ValueError(f"the sandbox serves on the loopback interface only (127.0.0.1, ::1), not on {host!r}")

    async def handle(incoming: web.BaseRequest) -> web.StreamResponse:
        return await _handled(sandbox, incoming)

    runner = web.ServerRunner(web.Server(handle, access_log=None), shutdown_timeout=_CLOSING)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        address = runner.addresses[0]
        shown = f"[{address[0]}]" if ":" in address[0] else address[0]
        yield f"http://{shown}:{address[1]}/api"
    finally:
        await runner.cleanup()


async def _handled(sandbox: Sandbox, incoming: web.BaseRequest) -> web.StreamResponse:
    path, _, query = incoming.raw_path.partition("?")
    page = page_for(sandbox, incoming.method, path, incoming.headers.get("Host", ""))
    if page is not None:
        return _out(page)
    fault = sandbox.faults.take(incoming.method, path) or UNTROUBLED
    if fault.line in NEVER_READ:
        sandbox.visits.note(Request(incoming.method, path, query, {}, b""), fault, None, 0.0)
    if fault.line is Line.BROKEN_BEFORE_READ:
        return _dropped(incoming)
    if fault.line in NEVER_READ:
        return _out(sandbox.dated(_only_in_process(fault)))
    headers = {name.lower(): value for name, value in incoming.headers.items()}
    try:
        body = await incoming.read()
    except (ConnectionError, web.RequestPayloadError):  # the caller hung up in the middle: nothing was asked
        sandbox.visits.note(Request(incoming.method, path, query, headers, b""), fault, None, 0.0)
        return _dropped(incoming)
    asked = Request(incoming.method, path, query, headers, body, incoming.remote or "")
    response = await play(sandbox, asked, fault, gone=lambda: _is_gone(incoming))
    if fault.line is Line.SILENT:
        while not _is_gone(incoming):  # noqa: ASYNC110 - aiohttp has no event for a caller who hangs up
            await asyncio.sleep(_LISTENING_FOR_A_HANGUP)
    if fault.line is Line.BROKEN_IN_ANSWER:
        await _send_half(incoming, response)
    if fault.line is not Line.ANSWERS:
        return _dropped(incoming)
    return _out(response)


def _out(response: Response) -> web.Response:
    return web.Response(status=response.status, body=response.body, headers=list(response.headers))


def _dropped(incoming: web.BaseRequest) -> web.Response:
    if incoming.transport is not None:
        incoming.transport.abort()
    return web.Response()  # goes nowhere


async def _send_half(incoming: web.BaseRequest, response: Response) -> None:
    out = web.StreamResponse(status=response.status, headers=list(response.headers))
    out.content_length = len(response.body)
    await out.prepare(incoming)
    await out.write(response.body[: len(response.body) // 2])


def _is_gone(incoming: web.BaseRequest) -> bool:
    return incoming.transport is None or incoming.transport.is_closing()


def _only_in_process(fault: Fault) -> Response:
    return dialect.refused(
        Refusal(
            501,
            f"The fault '{fault.name}' happens before a request arrives: script it for sandbox.transport(), "
            "or leave sandbox.serve() and call the closed port",
        )
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
