"""httpx's transport over lines of our own: the backend that makes them for httpcore's pool, and the pool put in place.

What goes over a line is `stream`'s; sockets of the file system, and waiting between tries of its own, are not for us.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

from billingo_async.transport.dial import connecting, dial
from billingo_async.transport.stream import Stream

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable


class Transport(httpx.AsyncHTTPTransport):
    """httpx's transport in all but its lines: what stands in for that one in tests, as respx does, finds this one."""

    def __init__(self, context: ssl.SSLContext, *, connections: int, keep_alive: float) -> None:
        """Allow so many connections; an idle one is kept for so many seconds."""
        super().__init__(verify=context)
        # httpx hands no backend on, so its pool is replaced; a test notices if it should keep another one, one day.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=keep_alive,
            network_backend=Backend(),
        )


class Backend(httpcore.AsyncNetworkBackend):
    """What makes the lines of httpcore's pool."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> Stream:
        """Return a line to the first address of the host that answers.

        Raises:
            httpcore.ConnectTimeout: None did in so many seconds.
            httpcore.ConnectError: The host is unknown or refuses.

        """
        with connecting():
            async with asyncio.timeout(timeout):
                line = await dial(host, port, local_address)
                try:
                    for option in socket_options or ():
                        line.setsockopt(*option)
                    _, stream = await asyncio.get_running_loop().create_connection(Stream, sock=line)
                except BaseException:
                    line.close()
                    raise
        return stream
