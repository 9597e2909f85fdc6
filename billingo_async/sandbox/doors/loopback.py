"""The door over HTTP: an aiohttp server on the loopback interface; the only room that knows sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from functools import partial
from http import HTTPStatus

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from billingo_async.sandbox.doors import handle, misplaced
from billingo_async.sandbox.faults import NEVER_READ, Fault, NetworkFault
from billingo_async.sandbox.http import Request, Response
from billingo_async.sandbox.page import page_for
from billingo_async.sandbox.server import Server

_HOST = "127.0.0.1"  # the keys are no secret, so no address that others can reach
_CLOSING = 1.0
_HANGUP_POLL = 0.02


@asynccontextmanager
async def serving(server: Server, port: int) -> AsyncGenerator[str]:
    """Listen while the block runs; yields the address, without a path."""
    runner = web.ServerRunner(web.Server(partial(_handled, server), access_log=None), shutdown_timeout=_CLOSING)
    await runner.setup()
    try:
        await web.TCPSite(runner, _HOST, port).start()
        yield f"http://{_HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def _handled(server: Server, incoming: web.BaseRequest) -> web.StreamResponse:
    path, _, query = incoming.raw_path.partition("?")
    page = page_for(server, incoming.method, path, incoming.headers.get("Host", ""))
    if page is not None:
        return _out(page)
    fault = server.faults.take(incoming.method, path)
    headers: dict[str, str] = {}
    body: bytes | None = None
    if fault.network not in NEVER_READ:
        headers = {name.lower(): value for name, value in incoming.headers.items()}
        with suppress(ConnectionError, web.RequestPayloadError):  # the caller hung up in the middle
            body = await incoming.read()
    request = Request(incoming.method, path, query, headers, body or b"", incoming.remote or "")
    if body is None:
        server.request_log.add(request, fault, None, 0.0)
    if fault.network in NEVER_READ and fault.network is not NetworkFault.BROKEN_BEFORE_READ:
        remedy = "script it for sandbox.transport(), or leave sandbox.serve() and call the closed port"
        return _out(misplaced(server, path, fault, remedy))
    return _dropped(incoming) if body is None else await _respond(server, incoming, request, fault)


async def _respond(server: Server, incoming: web.BaseRequest, request: Request, fault: Fault) -> web.StreamResponse:
    response = await handle(server, request, fault, gone=lambda: _is_gone(incoming))
    if fault.network is NetworkFault.SILENT:
        while not _is_gone(incoming):  # noqa: ASYNC110 - aiohttp has no event for a caller that hangs up
            await asyncio.sleep(_HANGUP_POLL)
    if fault.network is NetworkFault.BROKEN_IN_ANSWER:
        await _send_half(incoming, response)
    if fault.network is not NetworkFault.ANSWERS:
        return _dropped(incoming)
    if fault.trailing != b"" or response.header("Date") is None:
        return _RawAnswer(response, fault.trailing)
    return _out(response)


class _RawAnswer(web.StreamResponse):
    """An answer as bytes in one segment, with what follows it, or twice; aiohttp would repair both."""

    def __init__(self, response: Response, trailing: bytes | None) -> None:
        super().__init__(status=response.status)
        lines = [
            f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}",
            *(f"{name}: {value}" for name, value in response.headers),
            f"Content-Length: {len(response.body)}",
        ]
        answer = "\r\n".join([*lines, "", ""]).encode() + response.body
        self._segment = answer + (answer if trailing is None else trailing)

    @property
    def keep_alive(self) -> bool:
        """The connection stays open, so that the caller's next request is sent on it."""
        return True

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send all of it at once."""
        if request.transport is not None:
            request.transport.write(self._segment)
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing is left to send."""


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
