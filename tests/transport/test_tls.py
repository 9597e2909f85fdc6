"""TLS is verified: a server whose certificate nobody trusts gets no request, and there is no way round that."""

from __future__ import annotations

import asyncio
import inspect
import ssl
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import trustme

from billingo_async import Billingo, ConnectionFailedError, aiohttp_client
from billingo_async.transport.connections.dial import ssl_context

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

KEYS = "the-public-key-of-a-test", "the-private-key-of-a-test"


class Secure:
    """A TLS server on loopback that notes what it could read."""

    def __init__(self, authority: trustme.CA, name: str) -> None:
        """Have a certificate for this name issued."""
        self.name = name
        self.heard = b""
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate: Any = authority.issue_cert(name)  # its types name pyOpenSSL, which is not needed
        certificate.configure_cert(self.context)
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read what comes and answer that all is well."""
        self.heard += await reader.readuntil(b"\r\n\r\n")
        body = b'{"success": true, "type": "user", "data": {"tax_code": "1"}}'
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        writer.close()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Make an authority that nobody trusts."""
    return trustme.CA()


@pytest.fixture(params=["127.0.0.1", "another.invalid"])
async def secure(authority: trustme.CA, request: pytest.FixtureRequest) -> AsyncGenerator[Secure]:
    """Serve with a certificate for the right name, and for a wrong one."""
    served = Secure(authority, request.param)
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0, ssl=served.context)
    served.url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/api"
    yield served
    server.close()


async def test_an_untrusted_server_gets_no_request(secure: Secure) -> None:
    """The handshake fails, nothing was sent, and even what does harm twice may be tried again."""
    async with Billingo(*KEYS, base_url=secure.url, max_retries=0) as billingo:
        for call in (billingo.user.tax_code(), billingo.invoices.cancel(7), billingo.server_time()):
            with pytest.raises(ConnectionFailedError, match="TLS") as caught:
                await call
            assert caught.value.safe_to_retry
    assert secure.heard == b""


async def test_aiohttps_connections_verify_as_well(secure: Secure) -> None:
    """The ready client of the extra trusts the same authorities, and has no say in it either."""
    async with (
        aiohttp_client() as http,
        Billingo(*KEYS, base_url=secure.url, max_retries=0, http_client=http) as billingo,
    ):
        with pytest.raises(ConnectionFailedError) as caught:
            await billingo.user.tax_code()
    assert caught.value.safe_to_retry
    assert "TLS not verified" in str(caught.value)
    assert secure.heard == b""


async def test_an_own_authority_is_trusted_through_an_own_client(secure: Secure, authority: trustme.CA) -> None:
    """With the caller's own `httpx.AsyncClient` its authority counts, and the name must still be the right one."""
    context = ssl.create_default_context(cadata=authority.cert_pem.bytes().decode())
    async with (
        httpx.AsyncClient(verify=context) as own,
        Billingo(*KEYS, base_url=secure.url, max_retries=0, http_client=own) as billingo,
    ):
        if secure.name == "127.0.0.1":
            assert await billingo.user.tax_code() == "1"
        else:
            with pytest.raises(ConnectionFailedError, match="TLS"):
                await billingo.user.tax_code()
    assert bool(secure.heard) == (secure.name == "127.0.0.1")


def _only(context: ssl.SSLContext, *, secure: bool) -> ssl.SSLContext:
    assert secure
    return context


async def test_nothing_is_sent_on_a_line_that_the_server_has_left(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that closes a kept line without a word of warning is noticed before the next request, under TLS too."""
    lines: list[asyncio.StreamWriter] = []

    async def answer_and_leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append(writer)
        await reader.readuntil(b"\r\n\r\n")
        body = b'{"success": true, "type": "user", "data": {"tax_code": "1"}}'
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        writer.close()

    trusting = ssl.create_default_context(cadata=authority.cert_pem.bytes().decode())
    monkeypatch.setattr("billingo_async.transport.connections.dial.ssl_context", partial(_only, trusting))
    server = await asyncio.start_server(answer_and_leave, "127.0.0.1", 0, ssl=Secure(authority, "127.0.0.1").context)
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/api"
    async with Billingo(*KEYS, base_url=url, max_connections=1, max_retries=0) as billingo:
        for count in (1, 2, 3):
            assert await billingo.user.tax_code() == "1"
            assert len(lines) == count
            await lines[-1].wait_closed()
    server.close()


def test_nothing_switches_verification_off() -> None:
    """No option of `Billingo` speaks of certificates, and the context that is used demands them."""
    assert not {"verify", "ssl", "cert", "trust_env"} & set(inspect.signature(Billingo).parameters)
    for secure in (True, False):
        context = ssl_context(secure=secure)
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname
