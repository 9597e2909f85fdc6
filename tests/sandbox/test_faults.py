"""What goes wrong on the line: what the caller sees of it, and what was committed all the same."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest
from sandbox_caller import IN_PROCESS, LOOPBACK, Clock, a_client, at_door

from billingo_async.sandbox import Fault, Sandbox

if TYPE_CHECKING:
    from jumping_clock import JumpingClock
    from sandbox_caller import Caller

BEFORE_IT_ARRIVES = {
    "pool": (Fault.pool_timeout(), httpx.PoolTimeout),
    "connect": (Fault.connect_timeout(), httpx.ConnectTimeout),
    "refuse": (Fault.refuse_connection(), httpx.ConnectError),
    "tls": (Fault.tls_failure(), httpx.ConnectError),
}
ON_THE_LINE = {
    # name: fault, what httpx raises in process, what it raises over HTTP, how often it was committed
    "before read": (Fault.drop_before_read(), httpx.WriteError, httpx.RemoteProtocolError, 0),
    "after commit": (Fault.drop_after_commit(), httpx.ReadError, httpx.RemoteProtocolError, 1),
    "mid answer": (Fault.drop_mid_answer(), httpx.RemoteProtocolError, httpx.RemoteProtocolError, 1),
    "silent": (Fault.read_timeout(), httpx.ReadTimeout, httpx.ReadTimeout, 1),
    "silent, undone": (Fault.read_timeout(processed=False), httpx.ReadTimeout, httpx.ReadTimeout, 0),
}


@pytest.mark.parametrize("name", BEFORE_IT_ARRIVES)
async def test_what_happens_before_a_request_arrives(caller: Caller, sandbox: Sandbox, name: str) -> None:
    """In process the caller gets httpx's own error for it; nothing is committed, the next request passes."""
    fault, error = BEFORE_IT_ARRIVES[name]
    sandbox.faults.next("clients.create", fault)
    with pytest.raises(error):
        await caller.new_client()
    assert len(sandbox.ledger) == 0
    await caller.new_client()


@pytest.mark.parametrize("name", BEFORE_IT_ARRIVES)
async def test_over_http_such_a_fault_is_refused_loudly(sandbox: Sandbox, clock: Clock, name: str) -> None:
    """A request that arrived cannot be refused before it arrives: the answer is a 501 that says what to do."""
    sandbox.faults.next("clients.create", BEFORE_IT_ARRIVES[name][0])
    async with at_door(LOOPBACK, sandbox, clock) as caller:
        assert "sandbox.transport()" in (await caller.refused(501, "POST", "/clients", a_client()))["error"]
    assert len(sandbox.ledger) == 0


@pytest.mark.parametrize("door", [IN_PROCESS, LOOPBACK])
@pytest.mark.parametrize("name", ON_THE_LINE)
async def test_what_happens_on_the_line(sandbox: Sandbox, clock: Clock, door: str, name: str) -> None:
    """At either door the caller gets httpx's own error, and the ledger knows whether it was committed."""
    fault, in_process, over_http, commits = ON_THE_LINE[name]
    async with at_door(door, sandbox, clock) as caller:
        caller.http.timeout = httpx.Timeout(0.2)
        sandbox.faults.next("clients.create", fault)
        with pytest.raises(in_process if door == IN_PROCESS else over_http):
            await caller.new_client()
        assert sandbox.ledger.count("clients.create") == commits
        await caller.get("/clients")


@pytest.mark.parametrize(("processed", "commits"), [(False, 0), (True, 1)])
async def test_another_answer(at_either_door: Caller, sandbox: Sandbox, processed: bool, commits: int) -> None:  # noqa: FBT001 - a table of cases
    """Status, headers and body are as scripted, and the request is carried out or not."""
    body = {"success": False, "error": "maintenance"}
    fault = Fault.answer(503, body, {"Retry-After": "7"}, processed=processed)
    sandbox.faults.next("clients.create", fault)
    response = await at_either_door.send("POST", "/clients", a_client())
    assert (response.status_code, response.json(), response.headers["retry-after"]) == (503, body, "7")
    assert response.headers["content-type"] == "application/json"
    assert response.headers["date"] == "Mon, 23 Nov 2015 12:00:00 GMT"
    assert sandbox.ledger.count("clients.create") == commits


@pytest.mark.parametrize(
    ("body", "headers", "content", "kind"),
    [
        (b'{"succ', None, b'{"succ', "application/json"),
        ("<h1>Ő</h1>", None, "<h1>Ő</h1>".encode(), "text/html; charset=utf-8"),
        (b"%PDF-", {"content-type": "application/pdf"}, b"%PDF-", "application/pdf"),
        ([1], None, b"[1]", "application/json"),
        (b"", None, b"", None),
    ],
)
async def test_bodies_of_every_sort(
    caller: Caller, body: object, headers: dict[str, str | None] | None, content: bytes, kind: str | None
) -> None:
    """Bytes, text, JSON and nothing go out as they are, each under its own type."""
    caller.sandbox.faults.next("*", Fault.answer(200, body, headers))
    response = await caller.send("GET", "/clients")
    assert (response.content, response.headers.get("content-type")) == (content, kind)


@pytest.mark.parametrize(("offset", "words"), [(600, "Expired token"), (-600, "iat lies in the future")])
async def test_a_clock_that_is_wrong(at_either_door: Caller, sandbox: Sandbox, offset: float, words: str) -> None:
    """A server whose clock is off refuses a good token, and tells its own time in `Date`."""
    sandbox.faults.always("*", Fault.wrong_clock(offset))
    response = await at_either_door.send("GET", "/clients")
    assert (response.status_code, words in response.json()["error"]) == (401, True)
    assert response.headers["date"] == f"Mon, 23 Nov 2015 {'12:10' if offset > 0 else '11:50'}:00 GMT"
    at_either_door.clock.at += offset
    right = at_either_door.token()
    at_either_door.clock.at -= offset
    headers = {"Authorization": f"Bearer {right}"}
    assert (await at_either_door.http.get("/clients", headers=headers)).status_code == 200


async def test_a_pdf_that_is_not_ready(at_either_door: Caller, sandbox: Sandbox) -> None:
    """200 with JSON stands in for the PDF; an unknown invoice is refused all the same."""
    uid = await at_either_door.new_invoice()
    sandbox.faults.next("invoices.download", Fault.not_ready(), Fault.not_ready())
    response = await at_either_door.send("GET", f"/invoices/{uid}/download")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    assert response.json()["success"] is False
    await at_either_door.refused(404, "GET", "/invoices/1/download")
    assert (await at_either_door.send("GET", f"/invoices/{uid}/download")).content.startswith(b"%PDF")


@pytest.mark.jumping
@pytest.mark.parametrize(("before", "commits_when_late"), [(False, 1), (True, 0)])
async def test_a_delay(jumping_clock: JumpingClock, before: bool, commits_when_late: int) -> None:  # noqa: FBT001 - a table of cases
    """A delay takes its seconds; past the caller's patience it is a read timeout, committed or not as asked."""
    clock = Clock(jumping_clock.unix())
    sandbox = Sandbox(now=clock)
    loop = asyncio.get_running_loop()
    async with at_door(IN_PROCESS, sandbox, clock) as caller:
        caller.http.timeout = httpx.Timeout(30)
        sandbox.faults.next("clients.create", Fault.delay(20, before=before), Fault.delay(40, before=before))
        began = loop.time()
        await caller.new_client(name="A")
        assert loop.time() - began == pytest.approx(20)
        with pytest.raises(httpx.ReadTimeout):
            await caller.new_client(name="B")
        assert loop.time() - began == pytest.approx(50)
    assert sandbox.ledger.count("clients.create") == 1 + commits_when_late


async def test_a_delay_over_http(sandbox: Sandbox, clock: Clock) -> None:
    """Over HTTP nothing is done for a caller who has left before the wait was over."""
    async with at_door(LOOPBACK, sandbox, clock) as caller:
        caller.http.timeout = httpx.Timeout(5, read=0.05)
        sandbox.faults.next("clients.create", Fault.delay(0.2, before=True), Fault.delay(0.01))
        with pytest.raises(httpx.ReadTimeout):
            await caller.new_client(name="A")
        caller.http.timeout = httpx.Timeout(5)
        await caller.new_client(name="B")
        sandbox.faults.next("clients.list", Fault.delay(0.3, before=True))
        assert [entry["attributes"]["name"] for entry in await caller.get("/clients")] == ["B"]


async def test_a_script_is_played_in_order(caller: Caller, sandbox: Sandbox) -> None:
    """Each request takes the first fault that is meant for it; others are not touched; what is left can be read."""
    faults = sandbox.faults
    faults.next("clients.create", Fault.answer(500), Fault.nothing(), Fault.answer(502))
    faults.add("GET /clients/*", Fault.answer(504), times=2)
    statuses = [(await caller.send("POST", "/clients", a_client())).status_code for _ in range(2)]
    assert statuses == [500, 200]
    assert (await caller.send("GET", "/clients")).status_code == 200
    assert (await caller.send("GET", "/clients/5")).status_code == 504
    assert repr(faults.pending) == "(clients.create: <Fault answer 502>, GET /clients/*: <Fault answer 504>)"
    assert [met.operation for met in faults.met] == ["clients.create", "clients.create", "clients.get"]
    assert [met.fault.name for met in faults.met] == ["answer 500", "nothing", "answer 504"]
    faults.clear()
    assert not faults.pending
    assert (await caller.send("POST", "/clients", a_client())).status_code == 200
    assert repr(faults) == "Faults(0 to come, 3 met)"


async def test_always_lasts_until_cleared(caller: Caller, sandbox: Sandbox) -> None:
    """A fault that is always met comes after what was scripted before it, and stays."""
    sandbox.faults.next("*", Fault.answer(500))
    sandbox.faults.next("invoices.*", Fault.answer(502))
    sandbox.faults.always("*", Fault.answer(503))
    answers = [(await caller.send("GET", "/invoices")).status_code for _ in range(4)]
    assert answers == [500, 502, 503, 503]
    assert (await caller.send("GET", "/no/such/thing")).status_code == 503


async def test_a_star_stands_for_one_segment(caller: Caller, sandbox: Sandbox) -> None:
    """In a path pattern a star does not reach over a slash."""
    sandbox.faults.always("get /invoices/*", Fault.answer(500))
    assert (await caller.send("GET", "/invoices/5")).status_code == 500
    assert (await caller.send("GET", "/invoices/5/cancel")).status_code == 404


def test_scripts_that_could_never_be_met() -> None:
    """A misspelt operation, no fault, no times, no end and no final status are refused when they are written."""
    faults = Sandbox().faults
    with pytest.raises(ValueError, match=r"did you mean 'invoices\.create'"):
        faults.next("invoice.create", Fault.nothing())
    with pytest.raises(ValueError, match=r"they are bank_accounts\.create"):
        faults.always("???", Fault.nothing())
    with pytest.raises(ValueError, match="at least one fault"):
        faults.next("invoices.create")
    with pytest.raises(ValueError, match="not 0 times"):
        faults.add("invoices.create", Fault.nothing(), times=0)
    for seconds in (-1, float("inf"), float("nan")):
        with pytest.raises(ValueError, match="a delay takes 0 seconds or more"):
            Fault.delay(seconds)
    for status in (0, 101, 600):
        with pytest.raises(ValueError, match="between 200 and 599"):
            Fault.answer(status)
