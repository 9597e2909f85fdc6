"""aiohttp's connections under httpx, made safe for calls that must not be repeated. Loaded by `aiohttp_client` alone.

Two things have to be set right. aiohttp sends a GET, PUT or DELETE again by itself if a kept connection drops, since it
goes by the method; and `httpx-aiohttp` calls such a drop a failure to connect. Both happen to errors of aiohttp, so the
errors are given their httpx names before either of them sees one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from billingo_async.transport.connections.dial import ssl_context
from billingo_async.transport.connections.pool import KEEP_ALIVE

if TYPE_CHECKING:
    from aiohttp import ClientHandlerType, ClientRequest, ClientResponse

NAMES: Final[tuple[tuple[type[Exception], type[httpx.TransportError]], ...]] = (
    (aiohttp.ClientProxyConnectionError, httpx.ProxyError),
    (aiohttp.ClientHttpProxyError, httpx.ProxyError),
    (aiohttp.ClientConnectorError, httpx.ConnectError),
    (aiohttp.ClientConnectorCertificateError, httpx.ConnectError),
    (aiohttp.ConnectionTimeoutError, httpx.ConnectTimeout),
    (aiohttp.ServerTimeoutError, httpx.ReadTimeout),
    (aiohttp.ClientConnectionError, httpx.RemoteProtocolError),
    (aiohttp.ClientError, httpx.RemoteProtocolError),
)
"""What each error of aiohttp is in httpx's words; the first that fits. Only the first five mean that nothing left."""


class OverAiohttp(httpx.AsyncClient):
    """An `httpx.AsyncClient` on aiohttp's connections."""

    def __init__(self, max_connections: int) -> None:
        """Prepare; a session is opened by the first request, in the event loop of that request."""
        self.max_connections: int = max_connections
        transport = AiohttpTransport(verify=ssl_context(secure=True), client=lambda: _session(max_connections))
        super().__init__(transport=transport, follow_redirects=False, trust_env=False)


def _session(max_connections: int) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(limit=max_connections, keepalive_timeout=KEEP_ALIVE, ssl=ssl_context(secure=True))
    return aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), middlewares=(_in_httpx_words,), trust_env=False
    )


async def _in_httpx_words(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """Send once: an error that leaves here is none of aiohttp's, so nobody above takes it for one to send again."""
    try:
        return await handler(request)
    except aiohttp.ClientError as error:
        name = next(name for kind, name in NAMES if isinstance(error, kind))
        cause = getattr(error, "certificate_error", None) or getattr(error, "os_error", None)
    raise name(f"aiohttp: {name.__name__}") from cause
