"""The door without a socket: an httpx transport; the only room of the sandbox that knows httpx."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx

from billingo_async.sandbox.doors import handle, misplaced
from billingo_async.sandbox.faults import NEVER_READ, Fault, NetworkFault
from billingo_async.sandbox.http import Request, Response
from billingo_async.sandbox.server import Server

_EXCEPTIONS: dict[NetworkFault, type[httpx.TransportError]] = {
    NetworkFault.POOL_FULL: httpx.PoolTimeout,
    NetworkFault.CONNECT_TIMED_OUT: httpx.ConnectTimeout,
    NetworkFault.REFUSED: httpx.ConnectError,
    NetworkFault.TLS_FAILED: httpx.ConnectError,
    NetworkFault.BROKEN_BEFORE_READ: httpx.WriteError,
    NetworkFault.BROKEN_BEFORE_ANSWER: httpx.ReadError,
    NetworkFault.SILENT: httpx.ReadTimeout,
}
"""What httpx raises for each of them when there is a real connection."""


class InProcess(httpx.AsyncBaseTransport):
    """Answers every request from the server, whatever the host."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Read the request to its end and answer it, or raise what a broken connection makes httpx raise."""
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        fault = self._server.faults.take(request.method, path)
        if fault.network in NEVER_READ:
            self._server.request_log.add(Request(request.method, path, query, {}, b""), fault, None, 0.0)
            raise _broken(fault.network, request)
        if fault.trailing != b"":
            return _response(misplaced(self._server, path, fault, "script it for sandbox.serve()"), request, half=False)
        headers = {name.lower(): value for name, value in request.headers.items()}
        content = await request.aread()
        response = await self._handled(Request(request.method, path, query, headers, content), fault, request)
        if fault.network in _EXCEPTIONS:
            raise _broken(fault.network, request)
        return _response(response, request, half=fault.network is NetworkFault.BROKEN_IN_ANSWER)

    async def _handled(self, incoming: Request, fault: Fault, request: httpx.Request) -> Response:
        patience: float | None = request.extensions.get("timeout", {}).get("read")
        try:
            async with asyncio.timeout(patience if fault.wait_before or fault.wait_after else None):
                return await handle(self._server, incoming, fault)
        except TimeoutError:
            raise _broken(NetworkFault.SILENT, request) from None


def client_of(server: Server) -> httpx.AsyncClient:
    """An `httpx.AsyncClient` whose requests the server answers."""
    return httpx.AsyncClient(transport=InProcess(server))


async def _half(body: bytes, request: httpx.Request) -> AsyncIterator[bytes]:
    """Half of a body, then the connection drops."""
    yield body[: len(body) // 2]
    raise httpx.RemoteProtocolError("peer closed connection without sending complete message body", request=request)


def _broken(network: NetworkFault, request: httpx.Request) -> httpx.TransportError:
    return _EXCEPTIONS[network](str(network), request=request)


def _response(response: Response, request: httpx.Request, *, half: bool) -> httpx.Response:
    headers = [*response.headers, ("Content-Length", str(len(response.body)))]
    content = _half(response.body, request) if half else response.body
    return httpx.Response(response.status, headers=headers, content=content, request=request)
