"""How a connection is made: through a proxy or not, over the first of the host's addresses that answers, under TLS.

The race of addresses is aiohappyeyeballs': asyncio's own leaves a socket open on Python 3.11 if it is cancelled in the
moment in which it is won, and uvloop has none. A caller who is cancelled here leaves nothing open. Sends no request.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohappyeyeballs
import certifi

from billingo_async.errors import ConfigurationError
from billingo_async.transport.connections.http1 import Connection
from billingo_async.transport.connections.request import Origin, Proxy

if TYPE_CHECKING:
    from typing import Literal

Address: TypeAlias = tuple[Any, Any, int, str, Any]
"""Family, kind, protocol, name and place, as `getaddrinfo` returns them."""

RACE_DELAY: Final = 0.25
"""Seconds after which the next address is tried beside those before (RFC 8305, 5)."""


class ProxyRefusedError(Exception):
    """The proxy answered, and would not connect."""


class Route(NamedTuple):
    """The way to one origin."""

    origin: Origin
    proxy: Proxy | None

    @property
    def forwards(self) -> bool:
        """True where a proxy is handed the request itself: it does so for plain HTTP, and tunnels TLS."""
        return self.proxy is not None and not self.origin.is_secure

    async def connect(self) -> Connection:
        """Return a connection to the origin.

        Raises OSError, ssl.SSLError, ValueError for an odd host, or `ProxyRefusedError`; nothing stays open.
        """
        first = self.proxy.origin if self.proxy else self.origin
        connection = await _connected(first)
        if self.proxy is None or self.forwards:
            return connection
        try:
            return await self._tunnel(connection, self.proxy)
        except BaseException:
            connection.abort()
            raise

    async def _tunnel(self, connection: Connection, proxy: Proxy) -> Connection:
        host = self.origin.host
        target = f"[{host}]:{self.origin.port}" if ":" in host else f"{host}:{self.origin.port}"
        status = await connection.open_tunnel(target, proxy.headers)
        if status // 100 != 2:  # noqa: PLR2004 - successful (RFC 9110, 15.3)
            reason = "it wants other credentials" if status == 407 else f"it answered {status}"  # noqa: PLR2004 - RFC 9110, 15.5.8
            raise ProxyRefusedError(reason)
        return await connection.start_tls(ssl_context(secure=True), host)


def route_to(origin: Origin, proxy: str | Literal[False] | None) -> Route:
    """Return the way to an origin: over this proxy, over none, or over the one that the environment names (None).

    The environment is read as Python's own `urllib` reads it: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`,
    and the system's settings on macOS and Windows.

    Raises `ConfigurationError` for what is no address of an HTTP proxy.
    """
    if proxy is False:
        return Route(origin, None)
    if proxy is None:
        if proxy_bypass(origin.authority):
            return Route(origin, None)
        known = getproxies()
        proxy = known.get(origin.scheme) or known.get("all")
    return Route(origin, _read_proxy(proxy) if proxy else None)


def _read_proxy(address: str) -> Proxy:
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        msg = (
            "the proxy (proxy=, or HTTPS_PROXY, HTTP_PROXY, ALL_PROXY in the environment) must look like "
            "http://proxy.example:3128; for any other kind, such as SOCKS, bring an http_client that speaks it"
        )
        raise ConfigurationError(msg)
    authorization = ""
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = f"Basic {b64encode(pair.encode()).decode()}"
    default = 443 if parts.scheme == "https" else 80
    return Proxy(Origin(parts.scheme, parts.hostname, port or default), authorization)


async def _connected(origin: Origin) -> Connection:
    context = ssl_context(secure=True) if origin.is_secure else None
    addresses = await _addresses(origin.host, origin.port)
    try:
        line = await aiohappyeyeballs.start_connection(  # pyright: ignore[reportUnknownMemberType]  # a gap in its types
            addresses, happy_eyeballs_delay=RACE_DELAY
        )
    except RuntimeError as error:  # what uvloop may raise in place of an OSError
        raise OSError(str(error)) from error
    try:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _, connection = await asyncio.get_running_loop().create_connection(
            Connection, sock=line, ssl=context, server_hostname=origin.host if context else None
        )
    except BaseException:
        line.close()
        raise
    return connection


async def _addresses(host: str, port: int) -> list[Address]:
    try:
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST))
    except socket.gaierror:  # a name, which has to be looked up
        return list(await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM))


@cache
def ssl_context(*, secure: bool) -> ssl.SSLContext:
    """Return the one context of this process: loading the authorities costs some 50 ms.

    They are those of certifi, or what `SSL_CERT_FILE` or `SSL_CERT_DIR` names. The other context is for plain HTTP: it
    trusts no authority, and so would refuse any TLS at all.

    Raises `ConfigurationError` naming the file or folder if no authority can be read from it.
    """
    if not secure:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if folder and not Path(folder).is_dir():
        raise ConfigurationError(f"SSL_CERT_DIR names {folder}, which is no folder")
    try:
        context = ssl.create_default_context(cafile=file or (None if folder else certifi.where()), capath=folder)
    except OSError as error:
        why = "holds no certificate" if isinstance(error, ssl.SSLError) else "cannot be read"
        raise ConfigurationError(f"SSL_CERT_FILE names {file}, which {why}") from None
    context.set_alpn_protocols(["http/1.1"])
    return context
