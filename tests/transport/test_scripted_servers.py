"""Servers that follow a script: every fault x where it strikes x keep-alive or close x effect x TCP or TLS.

What comes of each is compared with a table of what is right: the call's own answer or an error that says what is known,
no request more than that takes, and the next call gets its own answer whatever was left on the line. An ordinary run
tries a seventh of the cells, `nox -s thorough` all of them.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import socket
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest
import trustme
from loopback import KEYS, serving, trust

from billingo_async import Billingo, Effect, OutcomeUnknownError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


AGAIN, DONE = "asked again", "done"
STRIKES: Final = {
    **dict.fromkeys(("cut", "reset", "left over"), ("head", "length", "chunked", "end")),
    "doubled": ("length", "chunked", "end"),
    **dict.fromkeys(("early", "1xx before"), ("length", "chunked")),
    "closed while idle": ("end",),
}
"""Where each fault strikes."""
RIGHT: Final = {
    (fault, where): AGAIN if where == "head" or (fault in {"cut", "reset"} and where != "end") else DONE
    for fault, places in STRIKES.items()
    for where in places
}
"""What a fault makes of a call. `AGAIN` is a second request for a READ, and doubt after one request for a ONCE."""
BIG: Final = "x" * 3_000_000
"""A body that does not fit into the buffers of a connection."""


@dataclass(frozen=True)
class Cell:
    """One cell of the table, with the kind of connection and of call."""

    fault: str
    where: str
    keeps: bool
    effect: Effect
    secure: bool

    def __str__(self) -> str:
        """Name the cell."""
        kept, line = "keep-alive" if self.keeps else "close", "TLS" if self.secure else "TCP"
        return f"{self.fault}, {self.where}, {kept}, {self.effect}, {line}"


ALL = [
    Cell(fault, where, keeps, effect, secure)
    for (fault, where), keeps, effect, secure in itertools.product(
        RIGHT, (True, False), (Effect.READ, Effect.ONCE), (False, True)
    )
]
SMALL_PART = [cell for number, cell in enumerate(ALL) if number % 7 == 0]
CELLS = ALL if os.environ.get("BILLINGO_TEST_SERVERS") == "all" else SMALL_PART


class Script:
    """Answers each request with its number; the second request meets the fault."""

    def __init__(self, cell: Cell) -> None:
        """Take the cell."""
        self.cell = cell
        self.requests = 0
        self.lines = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        self.lines += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.requests += 1
                number = self.requests
                strikes = number == 2
                if not (strikes and self.cell.fault == "early"):
                    await self._read_body(head, reader)
                if not await self._answer(writer, number, strikes=strikes):
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _read_body(self, head: bytes, reader: asyncio.StreamReader) -> None:
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        await reader.readexactly(length)

    async def _answer(self, writer: asyncio.StreamWriter, number: int, *, strikes: bool) -> bool:
        """Answer, and return whether the connection serves another request."""
        cell = self.cell
        body = b'{"success": true, "data": {"number": %d}}' % number
        chunked = cell.where == "chunked"
        framing = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % len(body)
        rest = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if chunked else body
        ends = b"" if cell.keeps else b"Connection: close\r\n"
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n%b%b\r\n\r\n" % (ends, framing)
        whole = head + rest
        if not strikes:
            writer.write(whole)
            return cell.keeps
        match cell.fault:
            case "cut" | "reset":
                cuts = {"head": len(head) // 2, "length": len(head) + 5, "chunked": len(head) + 8, "end": len(whole)}
                writer.write(whole[: cuts[cell.where]])
                await writer.drain()
                if cell.fault == "reset":
                    line: socket.socket = writer.get_extra_info("socket")
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    await asyncio.sleep(0)
                return False
            case "left over":
                writer.write(b"!" + whole if cell.where == "head" else whole + b"!")
            case "doubled":
                writer.write(whole + whole)
            case "1xx before":
                writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n" + whole)
            case "closed while idle":
                writer.write(whole)
                return False
            case _:
                writer.write(whole)
                await writer.drain()
                return False
        return cell.keeps


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Make an authority."""
    return trustme.CA()


@pytest.fixture
async def script(
    request: pytest.FixtureRequest, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Script, str]]:
    """Serve the script of a cell on loopback."""
    cell: Cell = request.param
    if cell.secure:
        trust(authority, monkeypatch)
    monkeypatch.setattr("random.random", lambda: 0.0)  # no wait between two attempts
    served = Script(cell)
    async with serving(served.serve, authority if cell.secure else None) as url:
        yield served, url


async def number_of(billingo: Billingo, effect: Effect, body: str = "") -> int:
    """Make one call and return the number of the request that its answer belongs to."""
    answer: Any = await billingo.request("POST", "/numbers", effect=effect, json={"text": body})
    return int(answer["data"]["number"])


@pytest.mark.parametrize("script", CELLS, ids=str, indirect=True)
async def test_what_comes_of_each_fault_is_what_is_right(script: tuple[Script, str]) -> None:
    """A call before the fault, one that meets it, and two after it: each has its own answer or the right error."""
    served, url = script
    cell = served.cell
    again = RIGHT[cell.fault, cell.where] == AGAIN
    body = BIG if cell.fault == "early" else ""
    async with asyncio.timeout(30), Billingo(*KEYS, base_url=url, max_connections=1, timeout=10.0) as billingo:
        assert await number_of(billingo, Effect.READ) == 1
        if again and cell.effect is Effect.ONCE:
            with pytest.raises(OutcomeUnknownError):
                await number_of(billingo, cell.effect, body)
        else:
            assert await number_of(billingo, cell.effect, body) == (3 if again else 2)
        seen = served.requests
        assert seen == (3 if again and cell.effect is Effect.READ else 2)
        for after in (1, 2):
            assert await number_of(billingo, Effect.ONCE) == seen + after
    if RIGHT[cell.fault, cell.where] == DONE and cell.keeps and cell.fault == "1xx before":
        assert served.lines == 1
