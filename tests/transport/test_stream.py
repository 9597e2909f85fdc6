"""One line, read and written over real sockets; where seconds count, before a stand-in on a clock that jumps."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any

import httpcore
import pytest
from far_end import PATIENCE, Held, all_heard, heard, reset, turns

from billingo_async.transport.stream import HELD_MOST, HIGH_WATER, Stream

if TYPE_CHECKING:
    from far_end import FarEnd
    from jumping_clock import JumpingClock

RECV = 256 * 1024
"""What asyncio takes from a socket at once (`_SelectorTransport.max_size`)."""


async def test_head_and_body_leave_in_one_piece_once_an_answer_is_read_for(far_end: FarEnd) -> None:
    """The server's first `recv` has both; before the reading began it had nothing."""
    stream, end = await far_end.line()
    await stream.write(b"head;")
    await stream.write(b"body")
    await stream.write(b"")
    await turns(5)
    end.setblocking(False)
    with pytest.raises(BlockingIOError):
        end.recv(1)
    reading = asyncio.create_task(stream.read(100, PATIENCE))
    assert await heard(end) == b"head;body"
    end.sendall(b"answer")
    assert await reading == b"answer"
    await stream.aclose()


@pytest.mark.jumping
async def test_no_more_than_the_mark_is_held_back() -> None:
    """What goes beyond 64 KiB leaves at once, with what was held before it."""
    stream = Stream()
    transport = Held(stream)
    await stream.write(b"h" * 100)
    await stream.write(b"b" * (HELD_MOST - 100))
    assert transport.written == []
    await stream.write(b"!")
    assert transport.written == [b"h" * 100 + b"b" * (HELD_MOST - 100) + b"!"]
    await stream.aclose()


async def test_what_was_held_never_leaves_once_the_line_is_closed(far_end: FarEnd) -> None:
    """Whoever gives up between writing and reading has sent nothing."""
    stream, end = await far_end.line()
    await stream.write(b"POST /invoices")
    await stream.aclose()
    assert await all_heard(end) == b""


async def test_no_read_returns_more_than_was_asked_for(far_end: FarEnd) -> None:
    """Ten bytes in reads of four, then the end."""
    stream, end = await far_end.line()
    end.sendall(b"0123456789")
    end.close()
    assert [await stream.read(4, PATIENCE) for _ in range(4)] == [b"0123", b"4567", b"89", b""]
    await stream.aclose()


async def test_a_long_answer_that_nobody_reads_does_not_fill_the_memory(far_end: FarEnd) -> None:
    """Of 20 MB one mark and one `recv` are kept at most, before and while they are read; every byte arrives."""
    stream, end = await far_end.line()
    end.setblocking(False)
    answer = bytes(range(250)) * 80_000
    sending = asyncio.create_task(asyncio.get_running_loop().sock_sendall(end, answer))
    async with asyncio.timeout(PATIENCE):
        await turns(500)
        assert not sending.done()
        most, read = len(stream._received), bytearray()
        while len(read) < len(answer):
            read += await stream.read(65_536, PATIENCE)
            most = max(most, len(stream._received))
        await sending
    assert read == answer
    assert HIGH_WATER < most <= HIGH_WATER + RECV
    await stream.aclose()


async def test_a_read_ends_in_time_and_may_be_tried_again(jumping_clock: JumpingClock) -> None:
    """Seven seconds of silence, to the second; then the line is as it was, and no timer is left."""
    stream = Stream()
    Held(stream)
    with pytest.raises(httpcore.ReadTimeout):
        await stream.read(10, 7)
    assert jumping_clock.seconds == pytest.approx(7)
    stream.data_received(b"late")
    assert await stream.read(10, 7) == b"late"
    assert timers() == []
    await stream.aclose()


async def test_a_read_that_is_cancelled_leaves_nothing_behind(jumping_clock: JumpingClock) -> None:
    """Neither a timer nor a reader: what comes then is for the next one."""
    stream = Stream()
    Held(stream)
    reading = asyncio.create_task(stream.read(10, 7))
    await turns(2)
    with pytest.raises(RuntimeError, match="somebody reads"):
        await stream.read(10, 7)
    reading.cancel()
    await asyncio.wait([reading])
    assert timers() == []
    stream.data_received(b"next")
    assert await stream.read(10, 7) == b"next"
    await stream.aclose()


async def test_a_reset_is_an_error_and_an_orderly_end_is_none(far_end: FarEnd) -> None:
    """While somebody reads: ReadError for the one, no bytes for the other."""
    for ends, expected in ((reset, httpcore.ReadError), (socket.socket.close, None)):
        stream, end = await far_end.line()
        reading = asyncio.create_task(stream.read(10, PATIENCE))
        await turns(2)
        ends(end)
        if expected is None:
            assert await reading == b""
        else:
            with pytest.raises(expected):
                await reading
        await stream.aclose()


@pytest.mark.jumping
async def test_an_answer_that_came_before_the_line_broke_is_read() -> None:
    """An early refusal counts, though the rest of the request can no longer be written."""
    stream = Stream()
    transport = Held(stream)
    await stream.write(b"head")
    stream.data_received(b"413")
    stream.connection_lost(ConnectionResetError("reset"))
    with pytest.raises(httpcore.WriteError, match="reset"):
        await stream.write(b"body")
    assert await stream.read(10, 7) == b"413"
    with pytest.raises(httpcore.ReadError, match="ConnectionResetError"):
        await stream.read(10, 7)
    assert transport.written == []
    await stream.aclose()


async def test_a_server_that_takes_nothing_is_waited_for_no_longer_than_allowed(jumping_clock: JumpingClock) -> None:
    """WriteTimeout after seven seconds; whoever is told to go on earlier does."""
    stream = Stream()
    transport = Held(stream, takes_all=False)
    with pytest.raises(httpcore.WriteTimeout):
        await stream.write(b"x" * (HELD_MOST + 1), 7)
    assert jumping_clock.seconds == pytest.approx(7)
    asyncio.get_running_loop().call_later(3, stream.resume_writing)
    await stream.write(b"y" * (HELD_MOST + 1), 7)
    assert jumping_clock.seconds == pytest.approx(10)
    assert [len(each) for each in transport.written] == [HELD_MOST + 1] * 2
    assert timers() == []
    await stream.aclose()


async def test_a_real_server_that_reads_nothing_holds_the_writer_up(far_end: FarEnd) -> None:
    """No more is handed over than the kernel and asyncio's own buffer take; then the line breaks under the writer."""
    stream, end = await far_end.line()
    writing = asyncio.create_task(stream.write(b"x" * 30_000_000))
    await turns(20)
    assert not writing.done()
    reset(end)
    with pytest.raises(httpcore.WriteError):
        await writing
    await stream.aclose()


async def test_a_server_that_has_said_its_last_word_is_sent_no_more(far_end: FarEnd) -> None:
    """It ends its side while the body leaves: the writer is told, and what it has said is read to the end."""
    stream, end = await far_end.line()
    writing = asyncio.create_task(stream.write(b"x" * 30_000_000))
    await turns(20)
    end.sendall(b"413")
    end.shutdown(socket.SHUT_WR)
    with pytest.raises(httpcore.WriteError, match="the server has closed"):
        await asyncio.wait_for(writing, PATIENCE)
    assert [await stream.read(10), await stream.read(10)] == [b"413", b""]
    await stream.aclose()


async def test_an_end_that_the_loop_has_not_seen_yet_is_noticed(far_end: FarEnd) -> None:
    """The question is put to the socket: between the server's closing and the answer there is no turn of the loop."""
    for ending in (socket.socket.close, reset, speaks):
        stream, end = await far_end.line()
        assert not stream.get_extra_info("is_readable")
        ending(end)
        assert stream.get_extra_info("is_readable")
        await turns(5)
        assert stream.get_extra_info("is_readable"), "nor is it forgotten"
        await stream.aclose()


async def test_closing_wakes_who_reads_and_may_be_repeated(far_end: FarEnd) -> None:
    """The reader gets a ReadError, the server the end, and nothing can be read or written any more."""
    stream, end = await far_end.line()
    reading = asyncio.create_task(stream.read(10, PATIENCE))
    await turns(2)
    await stream.aclose()
    assert stream.get_extra_info("socket").fileno() == -1, "the socket itself, too, in case this was the last turn"
    with pytest.raises(httpcore.ReadError, match="closed"):
        await reading
    assert await heard(end) == b""
    await stream.aclose()
    with pytest.raises(httpcore.WriteError):
        await stream.write(b"more")
    with pytest.raises(httpcore.ReadError):
        await stream.read(10)


async def test_a_writer_that_is_cancelled_leaves_no_line_open(far_end: FarEnd) -> None:
    """What httpcore does then is to close: the server hears the end, and not the rest."""
    stream, end = await far_end.line()
    writing = asyncio.create_task(stream.write(b"x" * 30_000_000))
    await turns(5)
    writing.cancel()
    await asyncio.wait([writing])
    await stream.aclose()
    assert len(await all_heard(end)) < 30_000_000
    assert stream._writer is None


def speaks(end: socket.socket) -> None:
    """Say something that nobody has asked for."""
    end.sendall(b"408")


def timers() -> list[Any]:
    """Return the timers of the loop that have not been cancelled."""
    loop: Any = asyncio.get_running_loop()
    return [each for each in loop._scheduled if not each.cancelled()]
