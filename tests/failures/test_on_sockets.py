"""A part of the failure matrix over real sockets: what the kernel makes of a fault is judged as the law says.

Nothing here waits longer than it must: the backoff is shortened, and only silent servers cost a timeout.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from account import EMAIL, NAME, Account
from expectations import check_error, commits, expected, failure_of
from fault_cases import FAULT_CASES, NEVER_SENT
from harness import MAX_RESPONSE_BYTES
from operation_cases import ONCE, OPERATION_CASES

from billingo_async import Attempt, Billingo, ConnectionFailedError, TimedOutError
from billingo_async.sandbox import Fault, Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from fault_cases import FaultCase

CHOSEN = {"INVOICES_GET", "INVOICES_CREATE", "INVOICES_SEND", "INVOICES_DOWNLOAD", "CLIENTS_UPDATE"}
"""A read, a POST and a GET that happen once, a PDF, and a change that may be repeated."""
SOME = [case for case in OPERATION_CASES if case.row in CHOSEN]
ON_SOCKETS = [
    fault
    for fault in FAULT_CASES
    if fault.fate != NEVER_SENT  # those happen before a server is reached, and have tests of their own below
    and (not fault.asks or fault.asks > 60)  # a wait that is waited out would be waited out in real time
    and fault.name != "answered too late"  # likewise
    and not fault.name.endswith("no Date")  # this server always tells the date
]
SILENT = 0.8
"""Seconds that a silent server is listened to, and that one on a busy machine has for its answer to the second try."""
PATIENT = 20.0
HANDSHAKE = 0.6
"""Seconds for an attempt whose TLS is met by silence: a third of it is for the handshake."""


@pytest.fixture(autouse=True)
def quick_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again almost at once."""
    monkeypatch.setattr("billingo_async.protocol.retry.FIRST_BACKOFF", 0.001)


def told(sandbox: Sandbox, url: str, **options: Any) -> Billingo:
    """Return a `Billingo` for an address, with one retry."""
    options |= {"base_url": url, "max_retries": 1, "max_response_size": MAX_RESPONSE_BYTES}
    return Billingo(sandbox.public_key, sandbox.private_key, **options)


@asynccontextmanager
async def listening(answer: bytes | None) -> AsyncGenerator[int]:
    """Listen on a free port, answer whatever comes with these bytes, or never; yield the port."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        if answer is None:
            await reader.read()  # until the caller hangs up
        else:
            writer.write(answer)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize("fault", ON_SOCKETS, ids=str)
async def test_the_law_holds_on_real_sockets(fault: FaultCase) -> None:
    """Over HTTP each fault ends in the error, the tries and the commits that the law says."""
    sandbox = Sandbox(pdf_limit=(1_000, 1.0))
    account = Account(sandbox, time.time)
    timeout = SILENT if "read timeout" in fault.name else PATIENT
    async with sandbox.serve() as url:
        for case in SOME:
            uid = case.prepare(account)
            before, met, tries = len(sandbox.ledger), len(sandbox.faults.met), list[Attempt]()
            fault.script(sandbox, case.name, time.time(), for_ever=False)
            async with told(sandbox, url, timeout=timeout, on_attempt=tries.append) as billingo:
                error = await failure_of(case, billingo, uid)

            expectation = expected(case, fault, for_ever=False)
            assert type(error) is (expectation.error or type(None)), (case.row, error)
            assert (len(tries), len(sandbox.faults.met) - met) == (expectation.tries, 1), case.row
            assert commits(sandbox, case, before) == expectation.commits, case.row
            if error is not None:
                secrets = sandbox.public_key, sandbox.private_key, NAME, EMAIL
                check_error(error, case, fault, expectation, secrets)


@pytest.mark.parametrize("case", [case for case in SOME if case.effect == ONCE], ids=str)
async def test_a_closed_port_is_tried_again(case: Any) -> None:
    """Nobody listens: nothing was sent, so even what happens once is tried again, and may be called again."""
    sandbox, tries = Sandbox(), list[Attempt]()
    uid = case.prepare(Account(sandbox, time.time))
    async with sandbox.serve() as url:
        pass
    async with told(sandbox, url, on_attempt=tries.append) as billingo:
        error = await failure_of(case, billingo, uid)
    assert type(error) is ConnectionFailedError
    assert error.safe_to_retry
    assert len(tries) == 2


async def test_a_handshake_that_fails_sends_nothing() -> None:
    """Where TLS is answered by something else, nothing of the request has left."""
    tries: list[Attempt] = []
    async with (
        listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port,
        told(Sandbox(), f"https://127.0.0.1:{port}/api", on_attempt=tries.append) as billingo,
    ):
        with pytest.raises(ConnectionFailedError) as caught:
            await billingo.invoices.cancel(1)
    assert type(caught.value) is ConnectionFailedError
    assert caught.value.safe_to_retry
    assert len(tries) == 2


async def test_a_handshake_that_is_never_answered_sends_nothing() -> None:
    """Where TLS is met by silence, the attempt ends in time and nothing of the request has left."""
    tries: list[Attempt] = []
    async with listening(None) as port:
        url = f"https://127.0.0.1:{port}/api"
        async with told(Sandbox(), url, timeout=HANDSHAKE, on_attempt=tries.append) as billingo:
            with pytest.raises(TimedOutError) as caught:
                await billingo.invoices.cancel(1)
    assert caught.value.safe_to_retry
    assert len(tries) == 2


async def test_a_connection_that_went_stale_leaves_no_doubt_about_a_read() -> None:
    """A kept connection that the server has closed meanwhile is replaced, and the read succeeds."""
    sandbox = Sandbox()
    async with sandbox.serve() as url, told(sandbox, url) as billingo:
        await billingo.invoices.blocks()
        sandbox.faults.next("invoices.blocks", Fault.drop_before_read())
        assert await billingo.invoices.blocks()
