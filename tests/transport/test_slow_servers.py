"""Servers that drip or never stop: every attempt ends in time, and its connection with it."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from cancelling import assert_nothing_is_lost
from limited import files
from loopback import ANSWER, serving

from billingo_async import Billingo, Effect, OutcomeUnknownError, RateLimit, TimedOutError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

TIMEOUT = 0.3
PAUSE = 0.02
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class Dripping:
    """A server that answers `/user/tax-code` at once and everything else byte by byte, for ever."""

    def __init__(self, opening: bytes, drop: bytes) -> None:
        """Take what is sent at once and what is dripped after it."""
        self.opening = opening
        self.drop = drop
        self.lines = 0
        """Connections that are open now."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        self.lines += 1
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                if b"/user/tax-code" in request:
                    writer.write(ANSWER)
                    continue
                writer.write(self.opening)
                while not writer.is_closing() and not reader.at_eof():
                    writer.write(self.drop)
                    await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=PAUSE)
                return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.lines -= 1
            writer.transport.abort()

    @asynccontextmanager
    async def billingo(self, **options: Any) -> AsyncGenerator[Billingo]:
        """Serve on loopback and open a `Billingo` before it."""
        told: dict[str, Any] = {"timeout": TIMEOUT, "max_retries": 0, "pdf_limit": RateLimit(9, per=0.001), **options}
        async with serving(self.serve) as url, Billingo("public", "private", base_url=url, **told) as billingo:
            yield billingo


DRIPS = {
    "a body by bytes": (HEAD + b"Content-Length: 1000000\r\n\r\n", b" "),
    "a chunked body": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "headers by bytes": (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"y"),
    "a status by bytes": (b"HTTP/1.1 200 ", b"O"),
}


@pytest.mark.parametrize("drip", DRIPS)
async def test_a_server_that_drips_is_left_in_time(drip: str) -> None:
    """No read ever times out, yet the attempt and its connection end after `timeout`, and the next calls succeed."""
    server = Dripping(*DRIPS[drip])
    async with asyncio.timeout(20), server.billingo(max_connections=2) as billingo:
        patient = billingo.with_options(timeout=20)
        await asyncio.gather(*(patient.user.tax_code() for _ in range(2)))  # connecting has a bound of its own
        began = time.monotonic()
        done = await asyncio.gather(*(billingo.invoices.blocks() for _ in range(2)), return_exceptions=True)
        assert [type(each) for each in done] == [TimedOutError] * 2
        assert TIMEOUT <= time.monotonic() - began < 2 * TIMEOUT
        assert await asyncio.gather(*(patient.user.tax_code() for _ in range(8))) == ["1"] * 8
        assert_nothing_is_lost(billingo)
    assert not [task for task in asyncio.all_tasks() if "_exchange" in repr(task)]


async def test_a_server_that_does_not_read_is_left_in_time() -> None:
    """A request too long for the line's buffers is never written whole; the attempt ends all the same, in doubt."""
    served: list[asyncio.StreamWriter] = []

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(writer)
        await asyncio.get_running_loop().create_future()

    async with (
        asyncio.timeout(20),
        serving(serve) as url,
        Billingo("public", "private", base_url=url, timeout=TIMEOUT) as billingo,
    ):
        with pytest.raises(OutcomeUnknownError) as caught:
            await billingo.request("POST", "/invoices", effect=Effect.ONCE, json={"comment": "x" * 20_000_000})
        assert isinstance(caught.value.cause, TimedOutError)
    assert len(served) == 1
    for writer in served:
        writer.transport.abort()


async def test_a_pdf_that_never_ends_fills_no_disk(tmp_path: Path) -> None:
    """An endless download into a file ends with the attempt, and its temporary file with it."""
    server = Dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n%PDF-\r\n", b"3E8\r\n" + b"x" * 1000 + b"\r\n")
    async with server.billingo() as billingo:
        with pytest.raises(TimedOutError):
            await billingo.invoices.download_to(7, tmp_path / "endless.pdf")
    assert files(tmp_path) == {}


async def test_many_tiny_timeouts_lose_no_connection() -> None:
    """Attempts that are over before a connection can even be made: two hundred of them, and then all goes well."""
    server = Dripping(*DRIPS["a body by bytes"])
    async with server.billingo(max_connections=3) as billingo:
        hasty = billingo.with_options(timeout=0.0005)
        for _ in range(10):
            await asyncio.gather(*(hasty.user.tax_code() for _ in range(20)), return_exceptions=True)
        patient = billingo.with_options(timeout=10)
        assert await asyncio.gather(*(patient.user.tax_code() for _ in range(12))) == ["1"] * 12
        assert_nothing_is_lost(billingo)
