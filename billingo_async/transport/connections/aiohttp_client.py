"""A ready `http_client` whose connections are aiohttp's, for those who prefer them; the extra `aiohttp`.

What makes it safe for calls that must not be repeated stands in `over_aiohttp`, which is loaded here and only here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.errors import ConfigurationError
from billingo_async.settings import DEFAULT_MAX_CONNECTIONS, check_number

if TYPE_CHECKING:
    import httpx


def aiohttp_client(*, max_connections: int = DEFAULT_MAX_CONNECTIONS) -> httpx.AsyncClient:
    """Return an `httpx.AsyncClient` on aiohttp's connections, to be given to `Billingo(http_client=…)`.

    It verifies TLS, follows no redirect, keeps no cookie, sends nothing twice by itself, and tells a line that dropped
    from one that was never there. It belongs to the event loop of its first request; whoever made it closes it. A
    client of `httpx-aiohttp` as it comes is no substitute: it repeats GET requests by itself, and some of Billingo's
    make invoices.

    Args:
        max_connections: Connections, and so calls on the wire, at the same time.

    Raises:
        ConfigurationError: If the extra `aiohttp` is not installed, or `max_connections` is no positive int.

    Example:
        ```python
        async with aiohttp_client(max_connections=100) as http, Billingo(http_client=http) as billingo:
            invoice = await billingo.invoices.get(1938103373)
        ```

    """
    check_number("max_connections", max_connections, is_int=True, least=1)
    try:
        from billingo_async.transport.connections.over_aiohttp import OverAiohttp  # noqa: PLC0415 - the extra may be missing
    except ModuleNotFoundError as missing:
        msg = f'aiohttp_client needs {missing.name}: pip install "billingo-async[aiohttp]"'
    else:
        return OverAiohttp(max_connections)
    raise ConfigurationError(msg)
