"""The door without a socket: an httpx transport; the only room of the sandbox that knows httpx."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from billingo_async.sandbox.http import Request

if TYPE_CHECKING:
    from billingo_async.sandbox.sandbox import Sandbox


class InProcess(httpx.AsyncBaseTransport):
    """Answers every request from the sandbox, whatever the host."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Read the request to its end, answer it."""
        response = self._sandbox.answer(await _read(request))
        return httpx.Response(response.status, headers=list(response.headers), content=response.body, request=request)


async def _read(request: httpx.Request) -> Request:
    path, _, query = request.url.raw_path.decode("ascii").partition("?")
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Request(request.method, path, query, headers, await request.aread())
