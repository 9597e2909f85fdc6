"""One connection of ours before a bare socket: what leaves, what is read, what each trouble means, what stays open."""

from __future__ import annotations

import asyncio
import gzip
from typing import TYPE_CHECKING

import pytest
from socket_peer import PATIENCE, SocketPeer, received, received_all, reset, turns

from billingo_async.protocol.call import Answer, Fate, Fault, Reply

if TYPE_CHECKING:
    import socket

    from billingo_async.transport.connections.http1 import Connection

PACKED = gzip.compress(b"ok", mtime=0)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def begun(
    connection: Connection, peer: SocketPeer, *, seconds: float = PATIENCE, body: bytes = b"{}"
) -> asyncio.Task[Answer]:
    """Begin to post something."""
    return asyncio.create_task(connection.exchange(peer.request("POST", body), seconds))


async def reply_to(connection: Connection, peer: SocketPeer, end: socket.socket, answer: bytes) -> Answer:
    """Post something and have it answered so."""
    exchange = begun(connection, peer)
    await received(end)
    end.sendall(answer)
    return await exchange


async def test_head_and_body_leave_in_one_piece(socket_peer: SocketPeer) -> None:
    """A request is one write, so that it has left or has not; its parts stand as they were handed in."""
    connection, end = await socket_peer.connection()
    exchange = begun(connection, socket_peer)
    assert await received(end) == (
        b"POST /api/x?y=1 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 2\r\n\r\n{}" % socket_peer.port
    )
    end.sendall(ANSWER)
    reply = await exchange
    assert isinstance(reply, Reply)
    assert (reply.status, reply.body, reply.cut) == (200, b"ok", False)
    connection.abort()


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + ANSWER, b"ok"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + ANSWER, b"ok"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n", b"ok"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(PACKED), PACKED), b"ok"),
    ],
    ids=["103 before", "100 before", "chunked", "204", "gzip"],
)
async def test_an_answer_is_read_however_it_is_framed(answer: bytes, body: bytes, socket_peer: SocketPeer) -> None:
    """And the connection serves the next request."""
    connection, end = await socket_peer.connection()
    for _ in range(2):
        reply = await reply_to(connection, socket_peer, end, answer)
        assert isinstance(reply, Reply)
        assert reply.body == body
        assert connection.is_usable(PATIENCE)
    connection.abort()


async def test_headers_that_come_twice_are_joined(socket_peer: SocketPeer) -> None:
    """Names are in lower case, and nothing is left out."""
    connection, end = await socket_peer.connection()
    answer = b"HTTP/1.1 200 OK\r\nVia: a\r\nvIA: b\r\nX-Odd: \xe9\r\nContent-Length: 0\r\n\r\n"
    reply = await reply_to(connection, socket_peer, end, answer)
    assert isinstance(reply, Reply)
    assert reply.headers == {"via": "a, b", "x-odd": "é", "content-length": "0"}
    connection.abort()


@pytest.mark.parametrize(
    "answer",
    [
        ANSWER + b"!",
        ANSWER + ANSWER,
        b"HTTP/1.1 204 No Content\r\n\r\nbody",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
    ],
    ids=["one byte over", "an answer over", "a 204 with a body", "a server that closes", "HTTP/1.0"],
)
async def test_a_connection_with_anything_left_over_is_closed(answer: bytes, socket_peer: SocketPeer) -> None:
    """The answer counts, and nothing is ever sent on that connection again."""
    connection, end = await socket_peer.connection()
    reply = await reply_to(connection, socket_peer, end, answer)
    assert isinstance(reply, Reply)
    assert not connection.is_usable(PATIENCE)
    assert await received(end) == b""


async def test_what_is_said_unasked_closes_an_idle_connection(socket_peer: SocketPeer) -> None:
    """A second answer that comes late is noticed before and after the loop has seen it."""
    for rounds in (0, 5):
        connection, end = await socket_peer.connection()
        await reply_to(connection, socket_peer, end, ANSWER)
        assert connection.is_usable(PATIENCE)
        end.sendall(ANSWER)
        await turns(rounds)
        assert not connection.is_usable(PATIENCE)
        connection.abort()


async def test_an_end_that_the_loop_has_not_seen_is_noticed(socket_peer: SocketPeer) -> None:
    """A server that leaves between two requests, without one turn of the loop, gets no second one."""
    connection, end = await socket_peer.connection()
    await reply_to(connection, socket_peer, end, ANSWER)
    end.close()
    assert not connection.is_usable(PATIENCE)
    connection.abort()


@pytest.mark.parametrize("how", ["orderly", "reset"])
async def test_an_end_before_a_word_is_unknown(how: str, socket_peer: SocketPeer) -> None:
    """Once the request has left, nothing short of a whole answer tells; `test_scripted_servers` has the other ends."""
    connection, end = await socket_peer.connection()
    exchange = begun(connection, socket_peer)
    await received(end)
    if how == "reset":
        reset(end)
    else:
        end.close()
    assert await exchange == Fault(Fate.UNKNOWN, "the server closed the connection before the answer was whole")
    assert not connection.is_usable(PATIENCE)


@pytest.mark.parametrize(
    "said", [b"SSH-2.0-OpenSSH_9.6\r\n\r\n", b"\x15\x03\x01\x00\x02\x02\x16", b"HTTP/1.1 abc\r\n\r\n"]
)
async def test_what_is_no_http_is_called_so(said: bytes, socket_peer: SocketPeer) -> None:
    """Another service at the port is named as what it is not."""
    connection, end = await socket_peer.connection()
    fault = await reply_to(connection, socket_peer, end, said)
    assert isinstance(fault, Fault)
    assert (fault.fate, fault.reason) == (Fate.UNKNOWN, "the answer is no HTTP: what speaks there?")
    assert await received(end) == b""


async def test_a_whole_answer_counts_though_the_connection_broke(socket_peer: SocketPeer) -> None:
    """A server that answers early, reads nothing more and resets has answered."""
    connection, end = await socket_peer.connection()
    exchange = begun(connection, socket_peer, body=b"x" * 30_000_000)
    await received(end, 100)
    end.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
    end.close()
    reply = await exchange
    assert isinstance(reply, Reply)
    assert reply.status == 413


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\n\r\n{"], ids=["nothing", "a body without end"])
async def test_the_time_of_an_attempt_bounds_it(said: bytes, socket_peer: SocketPeer) -> None:
    """A body that ends with the connection is not whole because we hang up."""
    connection, end = await socket_peer.connection()
    exchange = begun(connection, socket_peer, seconds=0.05)
    await received(end)
    end.sendall(said)
    fault = await exchange
    assert fault == Fault(Fate.UNKNOWN, "no whole answer in 0.05 s", timed_out=True)
    assert await received(end) == b""


async def test_one_deadline_does_not_cut_the_next_exchange(socket_peer: SocketPeer) -> None:
    """A connection that is used again has the whole time of its next request."""
    connection, end = await socket_peer.connection()
    await reply_to(connection, socket_peer, end, ANSWER)
    for seconds in (0.05, PATIENCE):
        exchange = begun(connection, socket_peer, seconds=seconds)
        await received(end)
        if seconds == PATIENCE:
            await asyncio.wait([exchange], timeout=0.1)
        end.sendall(ANSWER)
        assert isinstance(await exchange, Reply)
    connection.abort()


async def test_a_long_answer_is_cut_at_the_bound(socket_peer: SocketPeer) -> None:
    """What is kept is as long as allowed, says that it was cut, and the connection is closed."""
    connection, end = await socket_peer.connection(max_bytes=10)
    reply = await reply_to(connection, socket_peer, end, b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + b"x" * 20)
    assert isinstance(reply, Reply)
    assert (reply.body, reply.cut) == (b"x" * 10, True)
    assert not connection.is_usable(PATIENCE)


class Slow:
    """A sink that takes a piece whenever it is let."""

    def __init__(self) -> None:
        """Take nothing yet."""
        self.may_go_on = asyncio.Event()
        self.size = 0
        self.expected: int | None = None

    def expect(self, size: int | None) -> None:
        """Know how much will come."""
        self.expected = size

    async def write(self, piece: bytes) -> bool:
        """Wait, then take it."""
        await self.may_go_on.wait()
        self.size += len(piece)
        return True


async def test_a_long_answer_that_is_not_read_waits_at_the_server(socket_peer: SocketPeer) -> None:
    """20 MB into a sink that takes nothing: some hundred kilobytes are held, and all arrives once it does."""
    connection, end = await socket_peer.connection(max_bytes=10_000_000)
    sink, size = Slow(), 20_000_000
    exchange = asyncio.create_task(connection.exchange(socket_peer.request(), PATIENCE, sink))
    await received(end)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%%PDF-1.7" % (size + 8)
    sending = asyncio.create_task(asyncio.get_running_loop().sock_sendall(end, head + b"x" * size))
    await turns(500)
    assert not sending.done()
    assert connection._unread < 1_000_000
    sink.may_go_on.set()
    reply = await exchange
    await sending
    assert isinstance(reply, Reply)
    assert (sink.size, sink.expected, reply.tail) == (size + 8, size + 8, b"x" * 1024)
    connection.abort()


async def test_a_cancelled_exchange_closes_its_connection(socket_peer: SocketPeer) -> None:
    """In whichever turn of the loop it comes; what the server has seen begin, it sees end."""
    finished = 0
    for moment in range(1, 20):
        connection, end = await socket_peer.connection()
        exchange = begun(connection, socket_peer)
        end.sendall(ANSWER)
        await turns(moment)
        exchange.cancel()
        await asyncio.wait([exchange])
        finished += not exchange.cancelled()
        assert connection.is_usable(PATIENCE) != exchange.cancelled()
        connection.abort()
        assert (await received_all(end)).endswith(b"{}")
    assert 0 < finished < 19


async def test_nothing_is_written_on_a_closed_connection(socket_peer: SocketPeer) -> None:
    """It was never sent, and the server sees nothing but the end."""
    connection, end = await socket_peer.connection()
    connection.abort()
    fault = await connection.exchange(socket_peer.request(), PATIENCE)
    assert isinstance(fault, Fault)
    assert fault.fate is Fate.NEVER_SENT
    assert await received_all(end) == b""
