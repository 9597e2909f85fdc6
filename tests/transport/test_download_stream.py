"""A PDF that is read while it comes: chunk by chunk, bounded, and never half of one without a word."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from limited import PDF, LimitedLine, files
from ready_answers import Answers, Pieces
from socket_peer import turns

from billingo_async import Billingo, ConnectionFailedError, DocumentNotReadyError, MalformedResponseError
from billingo_async.sandbox import Fault
from billingo_async.transport.downloads import MAX_WAITING_CHUNKS

if TYPE_CHECKING:
    from pathlib import Path

    from jumping_clock import JumpingClock

pytestmark = pytest.mark.jumping


def chunks(*pieces: bytes, headers: dict[str, str] | None = None, breaks: Exception | None = None) -> Answers:
    """A line that answers every request with these pieces of a PDF."""
    headers = {"content-type": "application/pdf", **(headers or {})}
    return Answers(lambda _: httpx.Response(200, headers=headers, stream=Pieces(*pieces, breaks=breaks)))


def over(line: httpx.AsyncBaseTransport, **options: Any) -> Billingo:
    """Open an account on a line."""
    caller = httpx.AsyncClient(transport=line)
    return Billingo("public", "private", base_url="https://stream.invalid/api", http_client=caller, **options)


async def read(billingo: Billingo) -> bytes:
    """Read a PDF to its end."""
    async with billingo.invoices.download_stream(7) as pdf:
        return b"".join([chunk async for chunk in pdf])


async def test_a_pdf_comes_in_chunks(billingo: Billingo, line: LimitedLine) -> None:
    """Every byte, in order."""
    async with billingo.invoices.download_stream(line.id) as pdf:
        assert b"".join([chunk async for chunk in pdf]) == PDF


@pytest.mark.parametrize(
    ("headers", "size"), [({"content-length": str(len(PDF))}, len(PDF)), ({}, None), ({"content-length": "many"}, None)]
)
async def test_a_size_is_told_where_the_server_tells_it(
    headers: dict[str, str], size: int | None, jumping_clock: JumpingClock
) -> None:
    """Before the first chunk is taken."""
    async with over(chunks(PDF, headers=headers)).invoices.download_stream(7) as pdf:
        assert pdf.size == size


async def test_what_is_no_pdf_hands_out_nothing(line: LimitedLine) -> None:
    """The error comes as the block is entered."""
    line.sandbox.faults.clear()
    line.sandbox.faults.always("invoices.download", Fault.not_ready())
    async with line.billingo(max_retries=0) as billingo:
        with pytest.raises(DocumentNotReadyError):
            async with billingo.invoices.download_stream(line.id):
                pytest.fail("the block was entered")


async def test_a_pdf_that_breaks_off_says_so_at_its_end(jumping_clock: JumpingClock) -> None:
    """Its chunks come, then the error: a reader that stops at the end knows that it has the whole."""
    async with over(chunks(PDF[:9], PDF[9:999])).invoices.download_stream(7) as pdf:
        assert await anext(pdf) == PDF[:9]
        assert await anext(pdf) == PDF[9:999]
        with pytest.raises(MalformedResponseError, match="breaks off"):
            await anext(pdf)


async def test_a_line_that_breaks_after_the_first_chunk_is_not_begun_anew(jumping_clock: JumpingClock) -> None:
    """What was handed out cannot be taken back: the reader is told, and gets no chunk of a second PDF."""
    line = chunks(PDF[:9], PDF[9:999], breaks=httpx.ReadError("broken"))
    with pytest.raises(ConnectionFailedError, match="read it again from its beginning"):
        await read(over(line))
    assert len(line.requests) == 1


async def test_a_slow_reader_holds_the_line_back_and_one_who_leaves_early_leaves_no_task(
    jumping_clock: JumpingClock,
) -> None:
    """Only a few chunks wait in memory, however long the PDF is; a reader that has seen enough reads no further."""
    body = Pieces(PDF[:9], *[b"x" * 1_000] * 1_000, PDF[9:])
    async with over(Answers(lambda _: httpx.Response(200, stream=body))).invoices.download_stream(7) as pdf:
        await anext(pdf)
        await turns(50)
        assert body.taken <= 9 + 1_000 * (MAX_WAITING_CHUNKS + 2)
    await turns(50)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert body.taken < 100_000


@pytest.mark.parametrize("to", ["a file", "a reader"])
async def test_a_pdf_without_end_is_given_up(to: str, jumping_clock: JumpingClock, tmp_path: Path) -> None:
    """Four times `max_response_size`, and no more is taken of it; nothing is left on the disk."""
    body = Pieces(PDF[:9], *[b"x" * 1_000] * 100_000)
    billingo = over(Answers(lambda _: httpx.Response(200, stream=body)), max_response_size=10_000)
    with pytest.raises(MalformedResponseError, match="the PDF is longer than max_response_size"):
        await (billingo.invoices.download_to(7, tmp_path / "x.pdf") if to == "a file" else read(billingo))
    assert body.taken <= 45_000
    assert files(tmp_path) == {}
