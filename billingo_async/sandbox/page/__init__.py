"""The sandbox's page for a browser: its files, and as JSON what `page.js` draws from them every second.

Nothing is committed here, no fault is met and no limit is touched. The page shows itself to this machine alone: a
browser that was led here under another name (DNS rebinding) is refused.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.resources import files
from ipaddress import ip_address
from typing import Final

from billingo_async.sandbox.arithmetic import places_of, written
from billingo_async.sandbox.http import JSON, JsonObject, Response
from billingo_async.sandbox.server import InvoiceSummary, Server, Snapshot

STATE: Final = "/page.json"
_FILES: Final = {
    "/": ("page.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/page.svg": ("page.svg", "image/svg+xml"),
}
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
    if path != STATE and path not in _FILES:
        return None
    if not _is_here(host):
        return _answer(403, b"The sandbox's page is shown under a loopback address or localhost only.\n", _PLAIN)
    if method not in {"GET", "HEAD"}:
        return _answer(405, b"The sandbox's page is for reading only.\n", _PLAIN, ("Allow", "GET, HEAD"))
    if path == STATE:
        return _answer(200, json.dumps(_state(server.snapshot())).encode(), JSON)
    name, kind = _FILES[path]
    return _answer(200, (files(__name__) / name).read_bytes(), kind)


def _state(snapshot: Snapshot) -> JsonObject:
    """A snapshot as JSON: of a fault its name, days and sums as they are shown."""
    waiting = ({"where": each.where, "fault": each.fault.name, "times": each.times} for each in snapshot.waiting)
    invoices = (asdict(each) | {"day": str(each.day), "total": _money(each)} for each in snapshot.invoices)
    return {
        "counts": dict(snapshot.counts),
        "waiting": list(waiting),
        "invoices": list(invoices),
        "requests": list(map(asdict, snapshot.requests)),
    }


def _money(invoice: InvoiceSummary) -> str:
    """A total to two decimals, whole forints and yen to none, rounded half up; all its digits stand in the answers."""
    return f"{written(invoice.total, places_of([invoice.total], invoice.currency))} {invoice.currency}"


def _answer(status: int, content: bytes, kind: str, *headers: tuple[str, str]) -> Response:
    return Response(status, content, (("Content-Type", kind), *headers, *_HEADERS))


def _is_here(host: str) -> bool:
    """Whether a browser that names this host has been led to this machine alone."""
    name = host[1 : host.find("]")] if host.startswith("[") else host.partition(":")[0]
    try:
        return name.lower() == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False
