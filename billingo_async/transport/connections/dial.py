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
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, TypeAlias
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohappyeyeballs
import certifi

from billingo_async.errors import ConfigurationError
from billingo_async.settings import PORTS
from billingo_async.transport.connections.http1 import Connection

Address: TypeAlias = tuple[Any, Any, int, str, Any]
"""Family, kind, protocol, name and place, as `getaddrinfo` returns them."""

RACE_DELAY: Final = 0.25
"""Seconds after which the next address is tried beside those before (RFC 8305, 5)."""


class ProxyRefusedError(OSError):
    """The proxy answered, and would not connect."""


NO_TIME: Final = "no connection in time: the server or the way to it is too slow, or a firewall drops what is sent"
REASONS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (socket.gaierror, "no connection: the host's name is unknown to DNS: check the address and the network"),
    (ConnectionRefusedError, "no connection: refused, nothing listens at this address and port"),
    (ssl.SSLCertVerificationError, "no connection: TLS not verified"),
    (ssl.SSLError, "no connection: TLS failed: does the server speak https at this port?"),
    (TimeoutError, NO_TIME),
    (ProxyRefusedError, "no connection: refused by the proxy"),
)
"""What kept a connection from being made, by the class of the error; the first that fits."""
NO_CONNECTION: Final = "no connection: the server cannot be reached"
AUTHORITY_REMEDY: Final = "SSL_CERT_FILE names a file of authorities to trust instead of the usual ones"


class Origin(NamedTuple):
    """A scheme, a host and a port: whatever is reached over one set of connections."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Origin:
        """Return the origin of an address that has been checked."""
        parts = urlsplit(url)
        return cls(parts.scheme, parts.hostname or "", parts.port or PORTS[parts.scheme])

    @property
    def is_secure(self) -> bool:
        """True where TLS is spoken."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """Host and port as a `Host` header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(slots=True, eq=False, repr=False)
class Proxy:
    """A proxy: where it is, and what it is told of the caller; shown without that, and no tuple, as `http1.Request`."""

    origin: Origin
    headers: dict[str, str]

    def __repr__(self) -> str:
        """Show the place alone."""
        return f"<Proxy {self.origin.scheme}://{self.origin.authority}>"


class Route(NamedTuple):
    """The way to one origin."""

    origin: Origin
    proxy: Proxy | None

    async def connect(self) -> Connection:
        """Return a connection to the origin.

        Raises OSError, of which `ssl.SSLError` and `ProxyRefusedError` are two, or ValueError for an odd host; nothing
        stays open.
        """
        first = self.proxy.origin if self.proxy else self.origin
        connection = await _connected(first)
        if self.proxy is None:
            return connection
        if not self.origin.is_secure:  # a proxy is handed plain HTTP, and tunnels TLS
            connection.forward_headers = self.proxy.headers
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
    known = getproxies() if proxy is None and not proxy_bypass(origin.authority) else {}
    address = proxy or known.get(origin.scheme) or known.get("all")
    try:
        return Route(origin, _read_proxy(address) if address else None)
    except ConfigurationError as error:
        raise error.with_traceback(None) from None
    finally:
        del proxy, known, address  # whose passwords are not to be seen in the locals of a traceback


def _read_proxy(address: str) -> Proxy:
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError(
            "the proxy (proxy=, or HTTPS_PROXY, HTTP_PROXY, ALL_PROXY in the environment) must look like "
            "http://proxy.example:3128; for any other kind, such as SOCKS, bring an http_client that speaks it"
        )
    headers: dict[str, str] = {}
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Proxy-Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    return Proxy(Origin(parts.scheme, parts.hostname, port or PORTS[parts.scheme]), headers)


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


def why_not_connected(error: BaseException) -> str:
    """Return in plain words why a connection could not be made."""
    cause: BaseException | None = error
    while cause is not None:
        for kind, reason in REASONS:
            if isinstance(cause, kind):
                if isinstance(cause, ssl.SSLCertVerificationError):
                    return f"{reason} ({cause.verify_message}); {AUTHORITY_REMEDY}"
                return f"{reason}: {cause}" if isinstance(cause, ProxyRefusedError) else reason
        cause = cause.__cause__ or cause.__context__
    return NO_CONNECTION
