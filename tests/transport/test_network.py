"""Lines under TLS and under httpx: which error says what, nothing stays open, and nothing leaves too early."""

from __future__ import annotations

import asyncio
import gc
import socket
import ssl
from typing import TYPE_CHECKING, Any

import anyio
import httpcore
import httpx
import pytest
import trustme
from far_end import PATIENCE, all_heard, heard, reset, turns

from billingo_async.transport.network import Backend
from billingo_async.transport.pool import shards_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from far_end import FarEnd

SOON = 0.05
"""Seconds that nobody answers in."""
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def no_tls(end: socket.socket) -> None:
    """Answer as a server without TLS does."""
    end.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Make an authority."""
    return trustme.CA()


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """Trust that authority."""
    return ssl.create_default_context(cadata=authority.cert_pem.bytes().decode())


@pytest.fixture
def serving(authority: trustme.CA) -> ssl.SSLContext:
    """Serve with its certificate for 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate: Any = authority.issue_cert("127.0.0.1")  # its types name pyOpenSSL, which is not needed
    certificate.configure_cert(context)
    return context


async def secured(end: socket.socket, context: ssl.SSLContext) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Serve TLS on the far end of a line."""
    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await loop.connect_accepted_socket(lambda: protocol, end, ssl=context)
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


# TLS


async def test_under_tls_a_line_is_a_line(far_end: FarEnd, trusting: ssl.SSLContext, serving: ssl.SSLContext) -> None:
    """Written, read, looked at and closed as without; 20 MB that are read late are all there, and the end is an end."""
    stream, end = await far_end.line()
    handshake = asyncio.create_task(secured(end, serving))
    stream = await stream.start_tls(trusting, "127.0.0.1", PATIENCE)
    reader, writer = await handshake
    assert stream.get_extra_info("ssl_object").version() == "TLSv1.3"
    assert stream.get_extra_info("server_addr") == ("127.0.0.1", far_end.port)
    await stream.write(b"head;")
    await stream.write(b"body")
    reading = asyncio.create_task(stream.read(100, PATIENCE))
    assert await reader.read(100) == b"head;body"
    writer.write(b"answer")
    assert await reading == b"answer"
    long = bytes(range(250)) * 80_000
    writer.write(long)
    await turns(500)
    assert len(stream._received) < 2_000_000
    writer.close()
    read = bytearray()
    while piece := await stream.read(65_536, PATIENCE):
        assert len(piece) <= 65_536
        read += piece
    assert read == long
    await stream.aclose()


@pytest.mark.parametrize("name", ["127.0.0.1", "another.invalid"])
async def test_a_certificate_that_is_not_trusted_is_no_connection(
    name: str, far_end: FarEnd, trusting: ssl.SSLContext, serving: ssl.SSLContext
) -> None:
    """ConnectError for an authority that nobody trusts, and for a name that is not the server's; the line is closed."""
    context = ssl.create_default_context() if name == "127.0.0.1" else trusting
    stream, end = await far_end.line()
    handshake = asyncio.create_task(secured(end, serving))
    with pytest.raises(httpcore.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        await stream.start_tls(context, name, PATIENCE)
    with pytest.raises((ssl.SSLError, OSError)):
        await handshake
    assert stream.get_extra_info("is_readable")


@pytest.mark.parametrize(
    "answers",
    [no_tls, reset, socket.socket.close],
    ids=["no TLS", "reset", "hung up"],
)
async def test_a_handshake_that_is_answered_by_something_else_is_no_connection(
    answers: Callable[[socket.socket], None], far_end: FarEnd, trusting: ssl.SSLContext
) -> None:
    """ConnectError: nothing of a request has left."""
    stream, end = await far_end.line()
    securing = asyncio.create_task(stream.start_tls(trusting, "127.0.0.1", PATIENCE))
    assert await heard(end)
    answers(end)
    with pytest.raises(httpcore.ConnectError):
        await securing
    if end.fileno() >= 0:
        await all_heard(end)


async def test_a_handshake_that_is_never_answered_ends_in_time(far_end: FarEnd, trusting: ssl.SSLContext) -> None:
    """ConnectTimeout, and the server sees the line end."""
    stream, end = await far_end.line()
    with pytest.raises(httpcore.ConnectTimeout):
        await stream.start_tls(trusting, "127.0.0.1", SOON)
    assert (await all_heard(end))[:1] == b"\x16", "a hello and nothing else (RFC 8446, 5.1)"


async def test_a_name_that_no_certificate_can_have_is_no_connection(far_end: FarEnd, trusting: ssl.SSLContext) -> None:
    """ConnectError, and the server sees the line end without a word."""
    stream, end = await far_end.line()
    with pytest.raises(httpcore.ConnectError):
        await stream.start_tls(trusting, ".invalid", PATIENCE)
    assert await all_heard(end) == b""


async def test_a_line_that_ends_together_with_the_handshake_is_no_connection(
    far_end: FarEnd, trusting: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Python 3.11 asyncio then returns no transport, and raises no error either."""

    async def nothing(*_: object, **__: object) -> None:
        """Say what asyncio says."""

    stream, _ = await far_end.line()
    monkeypatch.setattr(asyncio.get_running_loop(), "start_tls", nothing)
    with pytest.raises(httpcore.ConnectError, match="together"):
        await stream.start_tls(trusting, "127.0.0.1", PATIENCE)
    await stream.aclose()


async def test_who_is_cancelled_during_the_handshake_leaves_nothing_open(
    far_end: FarEnd, trusting: ssl.SSLContext, serving: ssl.SSLContext
) -> None:
    """In whichever turn of the loop it happens, the server sees the line end."""
    made = 0
    for moment in range(1, 30):  # at 0 it has not begun
        stream, end = await far_end.line()
        handshake = asyncio.create_task(secured(end, serving))
        securing = asyncio.create_task(stream.start_tls(trusting, "127.0.0.1", PATIENCE))
        await turns(moment)
        securing.cancel()
        await asyncio.wait([securing])
        if not securing.cancelled():
            made += 1
            await securing.result().aclose()
        async with asyncio.timeout(PATIENCE):
            try:
                reader, writer = await handshake
                assert await reader.read() == b""
                writer.close()
            except OSError:
                continue
    assert 0 < made < 29
    gc.collect()


# Under httpx


async def test_httpx_sends_over_lines_of_ours(far_end: FarEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    """Red as soon as httpx keeps its pool elsewhere: httpcore's own way of connecting is never gone."""
    connected: list[str] = []
    connect = Backend.connect_tcp

    async def noted(self: Backend, host: str, *args: Any, **options: Any) -> Any:
        connected.append(host)
        return await connect(self, host, *args, **options)

    def never(*_: object, **__: object) -> None:
        pytest.fail("httpcore connected by itself")

    monkeypatch.setattr(Backend, "connect_tcp", noted)
    monkeypatch.setattr(anyio, "connect_tcp", never)
    (shard,) = shards_of(1, secure=False)
    assert isinstance(shard.transport, httpx.AsyncHTTPTransport)
    own = type(shard.transport).handle_async_request
    assert own is httpx.AsyncHTTPTransport.handle_async_request, "what respx stands in for"
    sending = asyncio.create_task(send(shard.transport, far_end))
    await answered(await far_end.accept())
    assert (await sending).status_code == 200
    assert connected == ["127.0.0.1"]
    await shard.transport.aclose()


async def test_nothing_is_posted_on_a_line_that_the_server_has_left(far_end: FarEnd) -> None:
    """A kept line that ended while nobody looked, not even the loop, carries no further request."""
    (shard,) = shards_of(1, secure=False)
    for _ in range(2):
        sending = asyncio.create_task(send(shard.transport, far_end))
        end = await far_end.accept()
        await answered(end)
        assert (await sending).status_code == 200
        end.close()  # and no turn of the loop until the next request
    await shard.transport.aclose()


async def test_an_early_refusal_is_read_though_the_body_has_not_left(far_end: FarEnd) -> None:
    """A server that answers after the head and breaks the line has answered."""
    (shard,) = shards_of(1, secure=False)
    sending = asyncio.create_task(send(shard.transport, far_end, b"x" * 30_000_000))
    end = await far_end.accept()
    await heard(end, 100)
    end.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
    end.close()
    assert (await sending).status_code == 413
    await shard.transport.aclose()


async def send(transport: httpx.AsyncBaseTransport, to: FarEnd, body: bytes = b"{}") -> httpx.Response:
    """Post something and read the answer."""
    response = await transport.handle_async_request(
        httpx.Request("POST", f"http://127.0.0.1:{to.port}/", content=body, extensions={"timeout": {"read": PATIENCE}})
    )
    await response.aread()
    return response


async def answered(end: socket.socket) -> None:
    """Hear a short request, whole in one piece, and answer it."""
    assert (await heard(end)).endswith(b"\r\n\r\n{}")
    end.sendall(ANSWER)
