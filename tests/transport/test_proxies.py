"""Over a proxy: plain HTTP is handed to it, TLS goes through a tunnel, and what it refuses was never sent."""

from __future__ import annotations

import asyncio
import random
from base64 import b64encode
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any, Literal

import pytest
import trustme
from cancelling import assert_nothing_is_lost, no_tasks_left
from loopback import KEYS, answer_all, serving, trust

from billingo_async import Billingo, ConfigurationError, ConnectionFailedError
from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


class Proxy:
    """A proxy on loopback that notes the heads that it is sent, and forwards or tunnels, or answers so."""

    def __init__(self, answer: bytes | None = None) -> None:
        """Answer every request so; with None do as asked."""
        self.answer = answer
        self.heads: list[bytes] = []
        self.url = ""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, OSError):
            writer.close()
            return
        self.heads.append(head)
        method, target, _ = head.split(b" ", 2)
        if self.answer is not None:
            writer.write(self.answer)
            writer.close()
            return
        tunnels = method == b"CONNECT"
        place = target if tunnels else target.split(b"/")[2]
        host, _, port = place.rpartition(b":")
        there, back = await asyncio.open_connection(host.decode().strip("[]"), int(port))
        if tunnels:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            path = b"/" + target.split(b"/", 3)[3]
            back.write(head.replace(target, path, 1))
        await asyncio.gather(self._pump(reader, back), self._pump(there, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(65_536):
                writer.write(piece)
        except OSError:
            pass
        finally:
            writer.close()

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator[Proxy]:
        """Listen on loopback."""
        async with serving(self._serve) as url:
            self.url = url.removesuffix("/api")
            yield self


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Make an authority, and trust it."""
    made = trustme.CA()
    trust(made, monkeypatch)
    return made


async def test_plain_http_is_handed_to_the_proxy() -> None:
    """The whole address is in the request, the login in a header of its own; connections are kept."""
    sandbox = Sandbox()
    async with sandbox.serve() as url, Proxy().listening() as proxy:
        address = proxy.url.replace("://", "://shop:s%40crt@")
        async with Billingo(sandbox.public_key, sandbox.private_key, base_url=url, proxy=address) as billingo:
            assert await billingo.user.tax_code()
    (head,) = proxy.heads
    assert head.startswith(f"GET {url}/user/tax-code HTTP/1.1\r\n".encode())
    assert b"Proxy-Authorization: Basic " + b64encode(b"shop:s@crt") + b"\r\n" in head


async def test_tls_goes_through_a_tunnel(authority: trustme.CA) -> None:
    """The proxy sees a host and a port, and nothing of the request; one tunnel serves many of them."""
    async with serving(answer_all, authority) as url, Proxy().listening() as proxy:
        address = proxy.url.replace("://", "://shop:s%40crt@")
        async with Billingo(*KEYS, base_url=url, proxy=address) as billingo:
            assert [await billingo.user.tax_code() for _ in range(3)] == ["1"] * 3
    (head,) = proxy.heads
    place = url.removeprefix("https://").removesuffix("/api")
    assert head.startswith(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n".encode())
    assert b"Proxy-Authorization: Basic" in head
    assert b"Bearer" not in head


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "it wants other credentials"),
        (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "it answered 502"),
        (b"HTTP/1.1 200 OK\r\n\r\n\x15\x03", "cannot be reached, through the proxy"),
        (b"", "cannot be reached, through the proxy"),
        (b"SSH-2.0\r\n\r\n", "cannot be reached, through the proxy"),
    ],
    ids=["login", "no way", "more than an answer", "hung up", "no HTTP"],
)
async def test_a_tunnel_that_is_refused_was_never_sent(answer: bytes, reason: str, authority: trustme.CA) -> None:
    """Even a cancel is safe to repeat, and the message names the proxy without its login."""
    async with serving(answer_all, authority) as url, Proxy(answer).listening() as proxy:
        address = proxy.url.replace("://", "://shop:secret@")
        async with Billingo(*KEYS, base_url=url, proxy=address, max_retries=0) as billingo:
            with pytest.raises(ConnectionFailedError, match=reason) as caught:
                await billingo.invoices.cancel(7)
    assert proxy.url in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("proxy", ["", " ", 5, True, b"http://proxy.example"])
def test_what_is_no_proxy_is_refused_by_name(proxy: Any) -> None:
    """At construction, with what it should be."""
    with pytest.raises(ConfigurationError, match=r"^proxy must be an address"):
        Billingo(*KEYS, proxy=proxy)


async def test_a_proxy_contradicts_a_client_of_the_callers_own() -> None:
    """It would be looked at by neither."""
    httpx = pytest.importorskip("httpx")
    async with httpx.AsyncClient() as client:
        with pytest.raises(ConfigurationError, match="proxy contradicts http_client"):
            Billingo(*KEYS, http_client=client, proxy="http://proxy.example:3128")


SET_UPS = ("TCP", "TLS", "forward proxy", "tunnel", "IPv6")


@asynccontextmanager
async def set_up(kind: str, authority: trustme.CA) -> AsyncGenerator[tuple[str, str | Literal[False]]]:
    """Serve on loopback; give the address, and the proxy on the way to it."""
    async with AsyncExitStack() as stack:
        proxy: str | Literal[False] = False
        if kind in {"forward proxy", "tunnel"}:
            proxy = (await stack.enter_async_context(Proxy().listening())).url
        issuer = authority if kind in {"TLS", "tunnel"} else None
        host = "::1" if kind == "IPv6" else "127.0.0.1"
        yield await stack.enter_async_context(serving(answer_all, issuer, host=host)), proxy


@pytest.mark.parametrize("kind", SET_UPS)
async def test_three_hundred_calls_cut_at_random_lose_nothing(
    kind: str, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In whatever state a cancellation meets a call: every slot is free afterwards, and the next calls succeed."""
    if kind not in {"TLS", "tunnel"}:
        monkeypatch.undo()  # plain HTTP has a context of its own
    chance = random.Random(f"{kind}")  # noqa: S311 - spreads cancellations, guards no secret
    async with (
        asyncio.timeout(60),
        set_up(kind, authority) as (url, proxy),
        Billingo(*KEYS, base_url=url, proxy=proxy, max_connections=5) as billingo,
    ):
        for _ in range(30):
            calls = [asyncio.create_task(billingo.user.tax_code()) for _ in range(10)]
            for call in calls:
                for _ in range(chance.randrange(12)):
                    await asyncio.sleep(0)
                call.cancel()
            done = await asyncio.gather(*calls, return_exceptions=True)
            assert all(each == "1" or isinstance(each, asyncio.CancelledError) for each in done)
        assert await asyncio.gather(*(billingo.user.tax_code() for _ in range(12))) == ["1"] * 12
        assert_nothing_is_lost(billingo)
    await no_tasks_left()
