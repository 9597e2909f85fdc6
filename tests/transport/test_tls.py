"""TLS is verified: a server whose certificate nobody trusts gets no request, and there is no way round that."""

from __future__ import annotations

import inspect
import ssl
from typing import TYPE_CHECKING, NamedTuple

import httpx
import pytest
import trustme
from loopback import ANSWER, KEYS, serving

from billingo_async import Billingo, ConnectionFailedError
from billingo_async.transport.connections.dial import ssl_context

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator


class Secure(NamedTuple):
    """A TLS server on loopback with a certificate for this name, and what it could read."""

    name: str
    url: str
    heads: list[bytes]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Make an authority that nobody trusts."""
    return trustme.CA()


@pytest.fixture(params=["127.0.0.1", "another.invalid"])
async def secure(authority: trustme.CA, request: pytest.FixtureRequest) -> AsyncGenerator[Secure]:
    """Serve with a certificate for the right name, and for a wrong one."""
    heads: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(ANSWER)
        writer.close()

    async with serving(answer, authority, name=request.param) as url:
        yield Secure(request.param, url, heads)


async def test_an_untrusted_server_gets_no_request(secure: Secure) -> None:
    """The handshake fails, nothing was sent, and even what does harm twice may be tried again."""
    async with Billingo(*KEYS, base_url=secure.url, max_retries=0) as billingo:
        for call in (billingo.user.tax_code(), billingo.invoices.cancel(7), billingo.server_time()):
            with pytest.raises(ConnectionFailedError, match=r"TLS not verified \(.+\); SSL_CERT_FILE") as caught:
                await call
            assert caught.value.safe_to_retry
    assert secure.heads == []


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
    assert bool(secure.heads) == (secure.name == "127.0.0.1")


def test_nothing_switches_verification_off() -> None:
    """No option of `Billingo` speaks of certificates, and the context that is used demands them."""
    assert not {"verify", "ssl", "cert", "trust_env"} & set(inspect.signature(Billingo).parameters)
    for secure in (True, False):
        context = ssl_context(secure=secure)
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname
