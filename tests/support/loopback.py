"""Servers on loopback that a test writes as a function, under TLS where it wants, and authorities that are trusted."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from ready_answers import GOOD

from billingo_async.transport.connections import dial, pool

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    import pytest
    import trustme

KEYS = "the-public-key-of-a-test", "the-private-key-of-a-test-of-32"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(GOOD) + GOOD
"""What `user.tax_code` reads as "1"."""


@asynccontextmanager
async def serving(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    authority: trustme.CA | None = None,
    *,
    name: str = "127.0.0.1",
    host: str = "127.0.0.1",
) -> AsyncGenerator[str]:
    """Serve each connection so and give the address; under TLS where an authority issues a certificate for `name`."""
    context = None
    if authority is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate: Any = authority.issue_cert(name)  # its types name pyOpenSSL, which is not needed
        certificate.configure_cert(context)
    server = await asyncio.start_server(talk, host, 0, ssl=context)
    place = f"[{host}]" if ":" in host else host
    yield f"{'http' if context is None else 'https'}://{place}:{server.sockets[0].getsockname()[1]}/api"
    server.close()


async def answer_all(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer every request of a connection."""
    try:
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(ANSWER)
    except (asyncio.IncompleteReadError, OSError):
        pass
    finally:
        writer.close()


def trust(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have our own connections trust an authority."""
    context = ssl.create_default_context(cadata=authority.cert_pem.bytes().decode())

    def trusting(*, secure: bool) -> ssl.SSLContext:
        assert secure
        return context

    for module in (dial, pool):
        monkeypatch.setattr(module, "ssl_context", trusting)
