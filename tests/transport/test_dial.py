"""How a line is made: which error says what, no dead address holds anybody up, and nothing stays open."""

from __future__ import annotations

import asyncio
import gc
import socket
from typing import TYPE_CHECKING

import httpcore
import pytest
from far_end import PATIENCE, all_heard, heard, turns

from billingo_async.transport import dial
from billingo_async.transport.network import Backend

if TYPE_CHECKING:
    from far_end import FarEnd

SOON = 0.05
"""Seconds that nobody answers in."""


async def test_a_port_where_nobody_listens_is_no_connection(far_end: FarEnd) -> None:
    """ConnectError, as for a host that no name can stand for."""
    far_end.close()
    with pytest.raises(httpcore.ConnectError):
        await Backend().connect_tcp("127.0.0.1", far_end.port, PATIENCE)
    with pytest.raises(httpcore.ConnectError):
        await Backend().connect_tcp(f"{'x' * 64}.invalid", far_end.port, PATIENCE)


async def test_a_name_is_looked_up(far_end: FarEnd) -> None:
    """`localhost` leads to the server, whichever of its addresses comes first."""
    stream = await Backend().connect_tcp("localhost", far_end.port, PATIENCE)
    await stream.aclose()
    assert await heard(await far_end.accept()) == b""


async def test_a_line_has_the_options_and_the_address_that_were_asked_for(far_end: FarEnd) -> None:
    """An option that no socket knows makes no connection, and leaves none."""
    keep_alive = (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    stream = await Backend().connect_tcp("127.0.0.1", far_end.port, PATIENCE, "127.0.0.2", [keep_alive])
    assert stream.get_extra_info("client_addr")[0] == "127.0.0.2"
    assert stream.get_extra_info("socket").getsockopt(*keep_alive[:2]) == 1
    await stream.aclose()
    assert await heard(await far_end.accept()) == b""
    with pytest.raises(httpcore.ConnectError):
        await Backend().connect_tcp("127.0.0.1", far_end.port, PATIENCE, socket_options=[(socket.SOL_SOCKET, -1, 1)])
    assert await heard(await far_end.accept()) == b""


async def test_a_host_that_does_not_answer_is_given_up_in_time() -> None:
    """ConnectTimeout, and the socket that was waiting is closed."""
    sockets = full()
    try:
        with pytest.raises(httpcore.ConnectTimeout):
            await Backend().connect_tcp("127.0.0.1", sockets[0].getsockname()[1], SOON)
    finally:
        close(sockets)


async def test_a_dead_address_holds_nobody_up(far_end: FarEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the first address, which is silent, and the second, which refuses, the third is tried, and wins."""
    silent = full()
    with socket.create_server(("127.0.0.1", 0)) as free:
        refusing = free.getsockname()
    stands_for(monkeypatch, silent[0].getsockname(), refusing, ("127.0.0.1", far_end.port))
    try:
        stream = await Backend().connect_tcp("three.invalid", 80, PATIENCE)
        await stream.aclose()
        assert await heard(await far_end.accept()) == b""
    finally:
        close(silent)


async def test_of_addresses_that_all_refuse_each_is_told(far_end: FarEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names both of them."""
    far_end.close()
    with socket.create_server(("127.0.0.1", 0)) as free:
        refusing = free.getsockname()
    stands_for(monkeypatch, ("127.0.0.1", far_end.port), refusing)
    with pytest.raises(httpcore.ConnectError, match=rf"{far_end.port}.*{refusing[1]}"):
        await Backend().connect_tcp("two.invalid", 80, PATIENCE)


@pytest.mark.parametrize("addresses", [1, 2])
async def test_who_is_cancelled_while_connecting_leaves_nothing_open(
    addresses: int, far_end: FarEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In whichever turn of the loop the cancellation comes, the server sees the end of whatever it has seen begin."""
    monkeypatch.setattr(dial, "NEXT_AFTER", 0)
    stands_for(monkeypatch, *[("127.0.0.1", far_end.port)] * addresses)
    made = 0
    for moment in range(40):
        connecting = asyncio.create_task(Backend().connect_tcp("some.invalid", 80, PATIENCE))
        await turns(moment)
        connecting.cancel()
        await asyncio.wait([connecting])
        if not connecting.cancelled():
            made += 1
            await connecting.result().aclose()
        await turns(5)
        for end in far_end.waiting():
            assert await all_heard(end) == b""
    assert 0 < made < 40
    gc.collect()


def stands_for(monkeypatch: pytest.MonkeyPatch, *places: tuple[str, int]) -> None:
    """Have every name stand for these addresses."""

    async def told(*_: object) -> list[dial.Address]:
        await asyncio.sleep(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", place) for place in places]

    monkeypatch.setattr(dial, "_addresses", told)


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
