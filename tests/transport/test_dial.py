"""How a line is made: which error says what, no dead address holds anybody up, and nothing stays open."""

from __future__ import annotations

import asyncio
import gc
import socket
from typing import TYPE_CHECKING

import pytest
from searching import found, shown_by
from sentry_sdk.serializer import serialize
from socket_peer import SocketPeer, received, received_all, turns

from billingo_async import ConfigurationError
from billingo_async.transport.connections import dial
from billingo_async.transport.connections.dial import Origin

if TYPE_CHECKING:
    from billingo_async.transport.connections.http1 import Connection

SOON = 0.05
"""Seconds that nobody answers in."""


async def connected(host: str, port: int) -> Connection:
    """Connect without a proxy."""
    return await dial.route_to(Origin("http", host, port), proxy=False).connect()


async def test_a_name_is_looked_up(socket_peer: SocketPeer) -> None:
    """`localhost` leads to the server, whichever of its addresses comes first."""
    connection = await connected("localhost", socket_peer.port)
    connection.abort()
    assert await received(await socket_peer.accept()) == b""


async def test_a_host_that_does_not_answer_is_given_up_in_time() -> None:
    """The socket that was waiting is closed."""
    sockets = full()
    try:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(SOON):
                await connected("127.0.0.1", sockets[0].getsockname()[1])
    finally:
        close(sockets)


async def test_a_dead_address_holds_up_no_caller(socket_peer: SocketPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the first address, which is silent, and the second, which refuses, the third is tried, and wins."""
    silent = full()
    with socket.create_server(("127.0.0.1", 0)) as free:
        refusing = free.getsockname()
    stands_for(monkeypatch, silent[0].getsockname(), refusing, ("127.0.0.1", socket_peer.port))
    try:
        (await connected("three.invalid", 80)).abort()
        assert await received(await socket_peer.accept()) == b""
    finally:
        close(silent)


@pytest.mark.parametrize("addresses", [1, 2])
async def test_who_is_cancelled_while_connecting_leaves_nothing_open(
    addresses: int, socket_peer: SocketPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In whichever turn of the loop the cancellation comes, the server sees the end of whatever it has seen begin."""
    monkeypatch.setattr(dial, "RACE_DELAY", 0)
    stands_for(monkeypatch, *[("127.0.0.1", socket_peer.port)] * addresses)
    made = 0
    for moment in range(40):
        connecting = asyncio.create_task(connected("some.invalid", 80))
        await turns(moment)
        connecting.cancel()
        await asyncio.wait([connecting])
        if not connecting.cancelled():
            made += 1
            connecting.result().abort()
        await turns(5)
        for end in socket_peer.waiting():
            assert await received_all(end) == b""
    assert 0 < made < 40
    gc.collect()


def stands_for(monkeypatch: pytest.MonkeyPatch, *places: tuple[str, int]) -> None:
    """Have every name stand for these addresses."""

    async def addresses(*_: object) -> list[dial.Address]:
        await asyncio.sleep(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", place) for place in places]

    monkeypatch.setattr(dial, "_addresses", addresses)


def full() -> list[socket.socket]:
    """Return a socket that listens and whose queue is full, and those that fill it: who comes now, hears nothing."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=0)
    filling: list[socket.socket] = []
    for _ in range(4):
        each = socket.socket()
        each.setblocking(False)
        each.connect_ex(listening.getsockname())
        filling.append(each)
    return [listening, *filling]


def close(sockets: list[socket.socket]) -> None:
    """Close all."""
    for each in sockets:
        each.close()


VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
VENDOR = Origin("https", "www.billingo.hu", 443)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Begin with an environment that names no proxy."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    ("variables", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy.example:3128"}, "proxy.example:3128"),
        ({"https_proxy": "proxy.example:3128"}, "proxy.example:3128"),
        ({"ALL_PROXY": "http://all.example"}, "all.example"),
        ({"HTTPS_PROXY": "https://proxy.example"}, "proxy.example"),
        ({"HTTP_PROXY": "http://plain.example"}, None),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "billingo.hu"}, None),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "other.hu"}, "proxy.example"),
    ],
)
def test_the_environment_names_the_proxy(
    variables: dict[str, str], proxy: str | None, environment: pytest.MonkeyPatch
) -> None:
    """As other HTTP libraries read it; `proxy=False` looks at nothing, and an address of the caller's own wins."""
    for name, value in variables.items():
        environment.setenv(name, value)
    route = dial.route_to(VENDOR, proxy=None)
    assert (route.proxy and route.proxy.origin.authority) == proxy
    assert dial.route_to(VENDOR, proxy=False).proxy is None
    own = dial.route_to(VENDOR, proxy="http://own.example:1").proxy
    assert own is not None
    assert own.origin.authority == "own.example:1"


@pytest.mark.parametrize("place", ["socks5://{}x", "ftp://{}x", "http://{}", "http://{}x:port", "http://{}[::1"])
def test_what_is_no_http_proxy_is_refused(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message shows what one looks like, and what to do about another kind; no frame holds its password."""
    address = place.format("shop:hunter2@")
    monkeypatch.setenv("HTTPS_PROXY", address)
    for proxy in (address, None):
        with pytest.raises(ConfigurationError, match=r"must look like http://proxy\.example:3128; for any") as caught:
            dial.route_to(VENDOR, proxy=proxy)
        assert found(shown_by(caught.value), ["hunter2"]) == []


def test_the_password_of_a_proxy_is_not_shown() -> None:
    """Its repr names the place alone, and so does an error reporter, which looks into tuples and not into objects."""
    route = dial.route_to(VENDOR, proxy="http://shop:hunter%40@proxy.example:3128")
    assert repr(route.proxy) == "<Proxy http://proxy.example:3128>"
    assert "hunter" not in repr(route)
    assert "c2hvcDpodW50ZXJA" not in str(serialize({"route": route}))
    assert route.proxy is not None
    assert route.proxy.headers == {"Proxy-Authorization": "Basic c2hvcDpodW50ZXJA"}
