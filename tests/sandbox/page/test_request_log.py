"""What is kept of the last requests: so many, each cut, from both doors, and never a key."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest
from sandbox_caller import IN_PROCESS, at_door

from billingo_async.sandbox import Fault, LoggedBody, Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox_caller import Caller, Clock


async def test_no_token_and_no_key_is_shown(caller: Caller, sandbox: Sandbox) -> None:
    """Neither where they belong, in a header, nor where they were put by mistake: path, query, body or answer."""
    token = caller.token()
    secrets = (token, sandbox.private_key, sandbox.public_key)
    sandbox.faults.next("vat.list", Fault.answer(500, {"you sent": secrets}))
    await caller.send("GET", "/vat", token=token, key=sandbox.private_key)
    await caller.send("POST", "/clients", {"name": sandbox.private_key, "email": token})
    await caller.send("GET", f"/clients/{token}")
    found, made, vat = sandbox.snapshot().requests
    bodies = [body.text for logged in (found, made, vat) for body in (logged.sent, logged.answer) if body]
    for secret in secrets:
        assert not any(secret in (text or "") for text in bodies)
    assert (found.path, vat.path) == ("/api/clients/…", "/api/vat?token=…&key=…")


async def test_a_key_is_known_in_each_of_its_spellings(clock: Clock) -> None:
    """A key with quotes and accents is blotted out of addresses and of JSON, too."""
    sandbox = Sandbox('ő"public"', 'ő"private"/key of 32 bytes or more', now=clock)
    async with at_door(IN_PROCESS, sandbox, clock) as caller:
        await caller.send("GET", "/vat", key=sandbox.private_key)
        await caller.send("POST", "/clients", {"name": sandbox.private_key, "email": sandbox.public_key})
    posted, got = sandbox.snapshot().requests
    assert got.path == "/api/vat?key=…"
    assert posted.sent.text == '{"name": "…", "email": "…"}'


@pytest.mark.parametrize("before", [3970, 3990, 3999])
async def test_a_secret_at_the_cut_is_blotted_out_whole(caller: Caller, sandbox: Sandbox, before: int) -> None:
    """No beginning of a key or a token is left where a body is cut in the middle of it."""
    for secret in (caller.token(), sandbox.private_key, sandbox.public_key):
        sandbox.faults.next("vat.list", Fault.answer(200, "." * before + secret + "." * 5000))
        await caller.send("GET", "/vat")
        answered = sandbox.snapshot().requests[0].answer
        assert answered is not None
        assert answered.cut
        assert answered.text is not None
        assert set(answered.text) <= {".", "…"}


async def test_a_long_answer_is_cut_and_says_so(caller: Caller, sandbox: Sandbox) -> None:
    """Of 10,000 bytes the first 4,000 are kept; a PDF is named by its length alone."""
    sandbox.faults.next("vat.list", Fault.answer(200, "ő" * 5000))
    await caller.send("GET", "/vat")
    uid = await caller.new_invoice()
    paper = (await caller.send("GET", f"/invoices/{uid}/download")).content
    drawn, *_, vat = (logged.answer for logged in sandbox.snapshot().requests)
    assert vat == LoggedBody("text/html; charset=utf-8", 10_000, "ő" * 2000, cut=True)
    assert drawn == LoggedBody("application/pdf", len(paper), None, cut=False)


async def test_so_many_requests_are_kept(clock: Clock) -> None:
    """The number is a setting: the oldest goes when one more comes; 0 keeps none, and below is refused."""
    sandbox = Sandbox(now=clock, kept_requests=2)
    async with at_door(IN_PROCESS, sandbox, clock) as caller:
        for path in ("/vat", "/user/is-sandbox", "/user/tax-code"):
            await caller.send("GET", path)
    assert [logged.operation for logged in sandbox.snapshot().requests] == ["user.tax_code", "user.is_sandbox"]
    assert [logged.number for logged in sandbox.snapshot().requests] == [3, 2]
    silent = Sandbox(now=clock, kept_requests=0)
    async with at_door(IN_PROCESS, silent, clock) as caller:
        await caller.send("GET", "/vat")
    assert silent.snapshot().requests == ()
    with pytest.raises(ValueError, match="must be non-negative"):
        Sandbox(kept_requests=-1)


async def test_both_doors_are_watched_alike(at_either_door: Caller) -> None:
    """A request is noted once, whichever door it came through, and so is one whose line dropped before it was read."""
    at_either_door.sandbox.faults.next("vat.list", Fault.drop_before_read())
    with pytest.raises(httpx.TransportError):
        await at_either_door.send("GET", "/vat")
    await at_either_door.send("GET", "/vat")
    seen = [(logged.operation, logged.status, logged.fault) for logged in at_either_door.sandbox.snapshot().requests]
    assert seen == [("vat.list", 200, ""), ("vat.list", None, "drop before read")]


async def until(happened: Callable[[], object]) -> None:
    """Let the sandbox work until something has happened."""
    async with asyncio.timeout(10):
        while not happened():  # noqa: ASYNC110 - the sandbox has no event for it
            await asyncio.sleep(0)


async def test_a_caller_who_hangs_up_is_no_error(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    """A program killed while it sends leaves a line on the page, no traceback, and nothing done."""
    sandbox.faults.always("clients.create", Fault.nothing())
    async with sandbox.serve() as url:
        _, writer = await asyncio.open_connection(*url.removeprefix("http://").removesuffix("/api").split(":"))
        writer.write(b"POST /api/clients HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
        await until(lambda: sandbox.faults.met)
        writer.transport.abort()
        await until(lambda: sandbox.snapshot().requests)
    (seen,) = sandbox.snapshot().requests
    assert (seen.operation, seen.status, seen.answer) == ("clients.create", None, None)
    assert len(sandbox.ledger) == 0
    assert [record.getMessage() for record in caplog.records if record.name.startswith("aiohttp")] == []
