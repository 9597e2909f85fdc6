"""Nothing is done twice: a create, a page of 50 and a hundred calls are counted in work, never in seconds.

What was measured on 21 November 2026, with CPython 3.11, 3.12 and 3.13, and what is allowed since then:

=======================================  =======  =======  =======  =======  =========================================
a call of ready bytes, no socket          3.11     3.12     3.13    at most  why so much room
=======================================  =======  =======  =======  =======  =========================================
functions started by one create              154      147      147      175  14 %: a new small step, not a second pass
functions started by a page of 50            187      183      183      210  13 %: less than one more a row
blocks of memory that its rows keep        1,810    1,809    1,809    2,000  10 %: 4 more a row; json.loads keeps 1,740
bytes at the same time while it is read  292,296  290,248  293,432  340,000  16 %: a second copy of the rows has 160,000
=======================================  =======  =======  =======  =======  =========================================

A comprehension is a function until 3.11, which is the difference between the columns. Libraries are not counted, so
that their versions make none.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tracemalloc
from collections import Counter
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest

import billingo_async
from billingo_async import Billingo, NewInvoice, NewItem
from billingo_async.protocol.call import Reply
from billingo_async.transport.connections.dial import Route, ssl_context
from billingo_async.transport.connections.http1 import Connection
from billingo_async.v2.operations import INVOICES_LIST

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator
    from types import FrameType

    from jumping_clock import JumpingClock

INSTRUCTIONS_OF_CREATE = 1_150_000
"""1,040,000 were counted on 30 November 2026 with CPython 3.11; 10 % more is a new small step."""
STARTED_BY_CREATE = 175
STARTED_BY_PAGE = 210
BLOCKS_OF_PAGE = 2_000
BYTES_OF_PAGE = 340_000

CALLS = 100
ADDRESS = "https://stand-in.invalid/api"
KEYS = ("public-key", "private key of 32 bytes or more..")
NEW = NewInvoice(
    client_uid=115387686,
    payment_method=1,
    fulfillment_date=date(2015, 12, 12),
    due_date=date(2015, 12, 20),
    items=[NewItem(description="Test Item", vat_id=1, qty=1, unit="pc", net_unit_price=3500)],
)
ITEM = {"description": "Teszt Termék", "net_unit_price": "3500.000", "qty": "1.000", "unit": "db", "vat_id": "1"}
CLIENT = {
    "name": "Teszt 2000 Kft.",
    "billing_address": {"city": "Sopron", "postcode": "9400", "street_name": "Valahol"},
}
METHOD = {"id": 2, "lang_code": "hu", "name": "Átutalás", "advance_paid": "0"}
ROW: dict[str, Any] = {
    "date": "2012-07-30", "fulfillment_date": "2012-07-30", "due_date": "2015-08-07", "invoice_no": "2015-000001",
    "prefixed_invoice_no": "TST / 2015-000001", "total": "4445.000", "total_paid": "0.000", "comment": "",
    "currency": "HUF", "client_uid": 115387686, "block_uid": 0, "items": [ITEM], "client": CLIENT,
    "payment_method": METHOD, "prefix": "TST",
}  # fmt: skip
"""A row as documented. Source: API docs 2.2, Invoices / Show the invoices."""
PAGE = json.dumps({"success": True, "data": [{"id": n, "attributes": ROW} for n in range(1, 51)]}).encode()
MADE = json.dumps({"success": True, "data": {"id": 7, "attributes": {"total": 4445, "invoice_no": "1"}}}).encode()

ONCE_PER_CREATE = (
    "exact.to_json",  # the body is written
    "call.call",  # the row becomes a call
    "sender._request",  # the request is built
    "http1._write",  # and leaves
    "http1._joined",  # the answer's headers are read
    "body.feed",  # and its body
    "exact.exact_json",  # the request is read, to compare the answer with it
    "reading.read_json",  # straight from the bytes into the model
)
NEVER_PER_CREATE = (
    "api.sign",  # the token of this second is there
    "decoders._adapter",  # the schema is built
    "decoders.object_in",  # the answer is not decoded a second time
    "observe._emit",  # no log and no hook: no word is put together
    "retry.fate_of",  # a success needs no table
)


@pytest.fixture
async def billingo(jumping_clock: JumpingClock, caplog: pytest.LogCaptureFixture) -> AsyncGenerator[Billingo]:
    """Open an account whose clock stands still while nobody waits, and whose log nobody reads."""
    caplog.set_level(logging.WARNING, "billingo_async")
    async with Billingo(*KEYS, base_url=ADDRESS) as opened:
        opened._dispatch.server_clock._local = jumping_clock.unix
        yield opened


@pytest.fixture
async def work(billingo: Billingo, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return the work of a hundred creates after a first one, all in one second of the clock."""
    ReadyTransport(MADE, monkeypatch)
    await billingo.invoices.create(NEW)
    with counted() as counts:
        for _ in range(CALLS):
            await billingo.invoices.create(NEW)
    return counts


async def test_create_does_each_thing_once(work: Counter[str]) -> None:
    """The body is written, the request built and the answer read once; what can be kept is not made anew."""
    assert {name: work[name] for name in ONCE_PER_CREATE} == dict.fromkeys(ONCE_PER_CREATE, CALLS)
    assert {name: work[name] for name in NEVER_PER_CREATE} == dict.fromkeys(NEVER_PER_CREATE, 0)


async def test_create_starts_few_functions(work: Counter[str]) -> None:
    """From `invoices.create` to the wire and back, no more than the table above says."""
    assert work.total() / CALLS <= STARTED_BY_CREATE, work.most_common(10)


@pytest.mark.skipif(not os.environ.get("BILLINGO_TEST_LONG"), reason="`nox -s thorough` counts it")
@pytest.mark.skipif(not shutil.which("valgrind"), reason="cachegrind, which counts instructions, is a part of valgrind")
def test_create_takes_few_instructions(pytestconfig: pytest.Config) -> None:
    """Of the processor, as cachegrind counts them: the library, those that it uses and the interpreter together."""
    command, root = [sys.executable, "-m", "benchmarks.instructions"], str(pytestconfig.rootpath)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    done = subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True, text=True)  # noqa: S603 - our own module
    assert float(done.stdout) <= INSTRUCTIONS_OF_CREATE


async def test_page_starts_few_functions(billingo: Billingo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two functions a row, and what a call takes anyway."""
    ReadyTransport(PAGE, monkeypatch)
    await billingo.invoices.list()
    with counted() as work:
        page = await billingo.invoices.list()
    assert len(page) == 50
    assert work["reading.read_json"] == 1
    assert work.total() <= STARTED_BY_PAGE, work.most_common(10)


def test_page_keeps_and_takes_little_memory() -> None:
    """Its rows keep about as many blocks as `json.loads` of the same bytes; and no second copy is made on the way."""
    call, reply = INVOICES_LIST.call(), Reply(200, {}, PAGE)
    assert blocks_kept(lambda: INVOICES_LIST.decoder.read(call, reply)) <= BLOCKS_OF_PAGE
    assert peak_of(lambda: INVOICES_LIST.decoder.read(call, reply)) <= BYTES_OF_PAGE


async def test_hundred_calls_of_a_second_share_one_token(
    billingo: Billingo, monkeypatch: pytest.MonkeyPatch, jumping_clock: JumpingClock
) -> None:
    """It is signed once, whether the calls come one by one or together; the next second signs its own."""
    wire = ReadyTransport(MADE, monkeypatch)
    for tokens in (1, 2):
        with counted() as work:
            await asyncio.gather(*(billingo.invoices.create(NEW) for _ in range(CALLS)))
        assert work["api.sign"] == 1, f"at {jumping_clock.seconds} s"
        assert len({re.search(rb"Authorization: (.*)\r", each)[1] for each in wire.requests}) == tokens  # type: ignore[index]  # each has one
        await asyncio.sleep(1)  # a jump of the clock


async def test_all_connections_share_one_ssl_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """The authorities are loaded once for the process, not for each of the many small pools of two accounts."""
    made = Mock(wraps=ssl.create_default_context)
    monkeypatch.setattr(ssl, "create_default_context", made)
    ssl_context.cache_clear()
    ReadyTransport(MADE, monkeypatch)
    for _ in range(2):
        async with Billingo(*KEYS, base_url=ADDRESS) as billingo:
            await asyncio.gather(*(billingo.invoices.create(NEW) for _ in range(CALLS)))
    assert made.call_count == 1


PACKAGE = str(Path(billingo_async.__file__).parent)


@contextmanager
def counted() -> Generator[Counter[str]]:
    """Count every start of a function of the library, by file and name; a coroutine counts again when it goes on."""
    work: Counter[str] = Counter()

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(PACKAGE):
            work[f"{Path(code.co_filename).stem}.{code.co_name}"] += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield work
    finally:
        sys.setprofile(before)


def blocks_kept(make: Callable[[], object]) -> int:
    """Return how many blocks of memory stay allocated for what a function returns."""
    make()  # whatever is built once and for all is built now
    gc.collect()
    tracemalloc.start()
    try:
        kept = make()
        statistics = tracemalloc.take_snapshot().statistics("filename")
    finally:
        tracemalloc.stop()
    del kept
    return sum(line.count for line in statistics)


def peak_of(run: Callable[[], object]) -> int:
    """Return the bytes that are allocated at the same time, at most, while a function runs."""
    run()
    gc.collect()
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


class ReadyTransport:
    """Stands where sockets begin: answers with ready bytes, everything before it is the library's."""

    def __init__(self, body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take the body of every answer."""
        self._answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        self._answer += body
        self.requests: list[bytes] = []
        monkeypatch.setattr(Route, "connect", self._connect)

    async def _connect(self) -> Connection:
        connection = Connection()
        connection.connection_made(_Answering(connection, self._answer, self.requests))
        return connection


class _Answering(asyncio.Transport):
    """Answers each request in the loop's next round."""

    def __init__(self, connection: Connection, answer: bytes, requests: list[bytes]) -> None:
        super().__init__()
        self._connection = connection
        self._answer = answer
        self._requests = requests
        self._ends = socket.socketpair()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._requests.append(bytes(data))
        asyncio.get_running_loop().call_soon(self._connection.data_received, self._answer)

    def get_extra_info(self, name: str, default: object = None) -> Any:
        return self._ends[0] if name == "socket" else default

    def is_closing(self) -> bool:
        return self._ends[0].fileno() < 0

    def abort(self) -> None:
        for each in self._ends:
            each.close()
