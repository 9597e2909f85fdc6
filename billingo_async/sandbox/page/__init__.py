"""Which paths are the page's, and what is answered there: the drawn page and the three files beside it.

Nothing is committed here, no fault is met and no limit is touched. The page shows itself to this machine alone: a
browser that was led here under another name (DNS rebinding) is refused.
"""

from __future__ import annotations

from importlib.resources import files
from ipaddress import ip_address
from typing import Final

from billingo_async.sandbox.http import Response
from billingo_async.sandbox.page.draw import drawn
from billingo_async.sandbox.server import Server

PAGE: Final = "/"
_FILES: Final = {
    PAGE: ("page.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/page.svg": ("page.svg", "image/svg+xml"),
}
_PLACE: Final = b"<!-- drawn -->"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", _POLICY),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
)
_PLAIN: Final = "text/plain; charset=utf-8"


def page_for(server: Server, method: str, path: str, host: str) -> Response | None:
    """The answer for a path of the page's; None where the path is the API's.

    Args:
        server: what is shown.
        method: GET or HEAD; anything else is refused with 405.
        path: the path alone.
        host: the header `Host`; anything but a loopback address or `localhost` is refused with 403.
    """
    if path not in _FILES:
        return None
    if not _is_here(host):
        return _plain(403, "The sandbox's page is shown under a loopback address or localhost only.\n")
    if method not in {"GET", "HEAD"}:
        return _plain(405, "The sandbox's page is for reading only.\n", ("Allow", "GET, HEAD"))
    name, kind = _FILES[path]
    content = (files(__name__) / name).read_bytes()
    if path == PAGE:
        content = content.replace(_PLACE, drawn(server.snapshot()))
    return Response(200, content, (("Content-Type", kind), *_HEADERS))


def _plain(status: int, words: str, *headers: tuple[str, str]) -> Response:
    return Response(status, words.encode(), (("Content-Type", _PLAIN), *headers, *_HEADERS))


def _is_here(host: str) -> bool:
    name = host[: host.find("]") + 1].strip("[]") if host.startswith("[") else host.partition(":")[0]
    return is_loopback(name.lower())


def is_loopback(name: str) -> bool:
    """Whether a name or an address leads to this machine alone."""
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False
