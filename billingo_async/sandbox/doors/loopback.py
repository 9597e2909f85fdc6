"""The door over HTTP: an aiohttp server on the loopback interface; the only room that knows sockets."""

from __future__ import annotations

from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING

from aiohttp import web

from billingo_async.sandbox.http import Request

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from billingo_async.sandbox.sandbox import Sandbox

_CLOSING = 1.0


@asynccontextmanager
async def serving(sandbox: Sandbox, port: int, host: str) -> AsyncGenerator[str]:
    """Listen while the block runs; yields the base URL."""
    if host != "localhost" and not _is_loopback(host):
        raise ValueError(f"the sandbox serves on the loopback interface only (127.0.0.1, ::1), not on {host!r}")

    async def handle(incoming: web.BaseRequest) -> web.StreamResponse:
        response = sandbox.answer(await _read(incoming))
        return web.Response(status=response.status, body=response.body, headers=list(response.headers))

    runner = web.ServerRunner(web.Server(handle, access_log=None), shutdown_timeout=_CLOSING)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        address = runner.addresses[0]
        shown = f"[{address[0]}]" if ":" in address[0] else address[0]
        yield f"http://{shown}:{address[1]}/api"
    finally:
        await runner.cleanup()


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


async def _read(incoming: web.BaseRequest) -> Request:
    path, _, query = incoming.raw_path.partition("?")
    headers = {name.lower(): value for name, value in incoming.headers.items()}
    return Request(incoming.method, path, query, headers, await incoming.read(), incoming.remote or "")
