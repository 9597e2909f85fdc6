"""The door without a socket: an httpx transport; the only room of the sandbox that knows httpx."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx

from billingo_async.sandbox.doors.play import NEVER_READ, UNTROUBLED, play
from billingo_async.sandbox.faults import Line
from billingo_async.sandbox.http import Request

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from billingo_async.sandbox.faults import Fault
    from billingo_async.sandbox.http import Response
    from billingo_async.sandbox.sandbox import Sandbox

_EXCEPTIONS: dict[Line, type[httpx.TransportError]] = {
    Line.POOL_FULL: httpx.PoolTimeout,
    Line.CONNECT_TIMED_OUT: httpx.ConnectTimeout,
    Line.REFUSED: httpx.ConnectError,
    Line.TLS_FAILED: httpx.ConnectError,
    Line.BROKEN_BEFORE_READ: httpx.WriteError,
    Line.BROKEN_BEFORE_ANSWER: httpx.ReadError,
    Line.SILENT: httpx.ReadTimeout,
}
"""What httpx raises for each of them when there is a real line."""


class InProcess(httpx.AsyncBaseTransport):
    """Answers every request from the sandbox, whatever the host."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Read the request to its end and answer it, or raise what a broken line makes httpx raise."""
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        fault = self._sandbox.faults.take(request.method, path) or UNTROUBLED
        if fault.line in NEVER_READ:
            self._sandbox.visits.note(Request(request.method, path, query, {}, b""), fault, None, 0.0)
            raise _broken(fault.line, request)
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Request(request.method, path, query, headers, await request.aread())
        response = await self._played(asked, fault, request)
        if fault.line in _EXCEPTIONS:
            raise _broken(fault.line, request)
        return _response(response, request, half=fault.line is Line.BROKEN_IN_ANSWER)

    async def _played(self, asked: Request, fault: Fault, request: httpx.Request) -> Response:
        patience: float | None = request.extensions.get("timeout", {}).get("read")
        try:
            async with asyncio.timeout(patience if fault.wait_before or fault.wait_after else None):
                return await play(self._sandbox, asked, fault)
        except TimeoutError:
            raise _broken(Line.SILENT, request) from None


def caller_of(sandbox: Sandbox) -> httpx.AsyncClient:
    """What sends requests to the sandbox, for objects that want a whole `httpx.AsyncClient`."""
    return httpx.AsyncClient(transport=InProcess(sandbox))


class _HalfAnswer(httpx.AsyncByteStream):
    """Half of a body, then the line drops."""

    def __init__(self, body: bytes, request: httpx.Request) -> None:
        self._half = body[: len(body) // 2]
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._half
        message = "peer closed connection without sending complete message body"
        raise httpx.RemoteProtocolError(message, request=self._request)


def _broken(line: Line, request: httpx.Request) -> httpx.TransportError:
    return _EXCEPTIONS[line](str(line), request=request)


def _response(response: Response, request: httpx.Request, *, half: bool) -> httpx.Response:
    headers = [*response.headers, ("Content-Length", str(len(response.body)))]
    if half:
        return httpx.Response(
            response.status, headers=headers, stream=_HalfAnswer(response.body, request), request=request
        )
    return httpx.Response(response.status, headers=headers, content=response.body, request=request)
