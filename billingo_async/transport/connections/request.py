"""What goes out, in words that no HTTP library owns: one request, where it goes, and over which proxy.

Nothing here is shown: a request holds a credential and a customer's data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from billingo_async.settings import package_version

if TYPE_CHECKING:
    from billingo_async.settings import Settings

PORTS: Final = {"http": 80, "https": 443}


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


class Proxy(NamedTuple):
    """A proxy: where it is, and what it is told of the caller; shown without that."""

    origin: Origin
    authorization: str = ""

    def __repr__(self) -> str:
        """Show the place alone."""
        return f"<Proxy {self.origin.scheme}://{self.origin.authority}>"

    @property
    def headers(self) -> list[tuple[str, str]]:
        """What the proxy wants to know besides the request."""
        return [("Proxy-Authorization", self.authorization)] if self.authorization else []


class Request(NamedTuple):
    """One request, ready to leave; shown without its contents."""

    method: str
    origin: str
    """The scheme and the host."""
    target: str
    """The path and the query."""
    headers: dict[str, str]
    body: bytes | None

    def __repr__(self) -> str:
        """Show the method alone."""
        return f"<Request {self.method}>"


def standing_headers(settings: Settings) -> dict[str, str]:
    """Return the headers of every request: the caller's name stands before the library's own."""
    agent = f"billingo-async/{package_version()}"
    return {
        "Host": Origin.of(settings.base_url).authority,
        "Accept": "application/json, application/pdf",
        "Accept-Encoding": "gzip",
        "User-Agent": f"{settings.user_agent} {agent}" if settings.user_agent else agent,
    }
