"""A server that stores something else than it was written, and a network that adds to its answers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest
from sandbox_caller import IN_PROCESS, a_client, a_line, an_invoice, an_item, at_door, money, with_key

from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from sandbox_caller import Caller, Clock

    from billingo_async.sandbox import Sandbox

COMMENT = "Köszönjük a rendelést 🍯 őszintén"


@pytest.mark.parametrize(
    ("fault", "changed"),
    [
        (Fault.cut_comment(9), {"comment": "Köszönjük"}),
        (Fault.cut_comment(), {"comment": "Köszönjük a rendelést "}),
        (Fault.append_to_comment("Fizetve"), {"comment": f"{COMMENT}\nFizetve"}),
        (Fault.lose_accents(), {"comment": "Koszonjuk a rendelest 🍯 oszinten"}),
        (Fault.round_prices(), {"total": "4446.270"}),
        (Fault.move_due_date(2), {"due_date": "2015-12-22"}),
    ],
)
async def test_a_server_that_alters(caller: Caller, sandbox: Sandbox, fault: Fault, changed: dict[str, str]) -> None:
    """What is stored differs in the one thing that the fault names; 3 500.60 rounds to 3 501, 4 446.27 gross."""
    sandbox.faults.next("invoices.create", fault)
    item = an_item(net_unit_price=money("3500.60"))
    uid = await caller.new_invoice(comment=COMMENT, items=[item])
    plain = await caller.read(await caller.new_invoice(comment=COMMENT, items=[item]))
    stored = await caller.read(uid)
    same = {"comment", "total", "due_date", "fulfillment_date"} - changed.keys()
    assert {name: stored[name] for name in changed} == changed
    assert {name: stored[name] for name in same} == {name: plain[name] for name in same}


async def test_v3_alters_alike(sandbox: Sandbox, clock: Clock) -> None:
    """The same faults alter v3's comments, prices and due dates."""
    fault = Fault.cut_comment(3) & Fault.round_prices() & Fault.move_due_date(-1)
    sandbox.faults.next("documents.create", fault)
    async with with_key(sandbox, clock) as by_key:
        line = a_line(unit_price=money("99.5"), quantity=1)
        document = await by_key.new_document(comment="Köszönjük", items=[line])
    assert (document["comment"], document["due_date"], document["items"][0]["net_amount"]) == ("Kös", "2015-11-30", 100)


async def test_faults_go_together(caller: Caller, sandbox: Sandbox) -> None:
    """Altered, then the line drops: the invoice is there, with half of its comment."""
    fault = Fault.cut_comment(4) & Fault.drop_after_commit()
    assert repr(fault) == "<Fault comment cut, drop after commit>"
    client = await caller.new_client()
    sandbox.faults.next("invoices.create", fault)
    with pytest.raises(httpx.ReadError):
        await caller.post("/invoices", an_invoice(client, comment="Köszönjük"))
    (invoice,) = await caller.get("/invoices")
    assert invoice["attributes"]["comment"] == "Kösz"


def test_faults_that_contradict_each_other() -> None:
    """Two answers, or two things that the network does, cannot be one fault."""
    with pytest.raises(ValueError, match="both decide on"):
        _ = Fault.answer(500) & Fault.gateway()
    with pytest.raises(ValueError, match="both decide on network"):
        _ = Fault.drop_after_commit() & Fault.read_timeout()


@pytest.mark.parametrize(
    ("status", "fault"), [(503, Fault.refuse_after_commit()), (429, Fault.refuse_after_commit(429, 7))]
)
async def test_a_gateway_that_lies(at_either_door: Caller, sandbox: Sandbox, status: int, fault: Fault) -> None:
    """It is done, and a 429 or 503 says to come back."""
    sandbox.faults.next("clients.create", fault)
    response = await at_either_door.send("POST", "/clients", a_client())
    assert (response.status_code, response.headers["retry-after"]) == (status, "7" if status == 429 else "1")
    assert sandbox.ledger.count("clients.create") == 1


async def test_a_gateways_page(at_either_door: Caller, sandbox: Sandbox) -> None:
    """A gateway's HTML stands in for the answer, and nothing is done unless it says so."""
    sandbox.faults.next("clients.create", Fault.gateway(504), Fault.gateway(processed=True))
    first = await at_either_door.send("POST", "/clients", a_client())
    assert (first.status_code, first.headers["content-type"]) == (504, "text/html; charset=utf-8")
    assert len(sandbox.ledger) == 0
    assert (await at_either_door.send("POST", "/clients", a_client())).status_code == 502
    assert len(sandbox.ledger) == 1


async def test_another_date(at_either_door: Caller, sandbox: Sandbox) -> None:
    """The real answer without a `Date`, or with a cache's old one, over HTTP too."""
    old = "Mon, 01 Jan 2001 00:00:00 GMT"
    sandbox.faults.next("*", Fault.with_headers({"Date": None}), Fault.with_headers({"Date": old, "Age": "86400"}))
    first = await at_either_door.send("GET", "/clients")
    assert (first.status_code, "date" in first.headers) == (200, False)
    second = await at_either_door.send("GET", "/clients")
    assert (second.headers.get_list("date"), second.headers["age"]) == ([old], "86400")
    assert (await at_either_door.send("GET", "/clients")).headers["date"] == "Mon, 23 Nov 2015 12:00:00 GMT"


@pytest.mark.parametrize(
    ("fault", "ending"),
    [(Fault.doubled_answer(), None), (Fault.trailing_bytes(), b"\n"), (Fault.trailing_bytes(b"xyz"), b"xyz")],
)
async def test_bytes_after_an_answer(sandbox: Sandbox, fault: Fault, ending: bytes | None) -> None:
    """They arrive in the same segment, and the connection stays open for the next request."""
    sandbox.faults.next("time", fault)
    async with sandbox.serve() as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(url).port)
        request = b"GET /time HTTP/1.1\r\nHost: localhost\r\n\r\n"
        writer.write(request)
        await writer.drain()
        segment = await reader.read(65536)
        head, _, rest = segment.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        body, after = rest[:10], rest[10:]
        assert after == (head + b"\r\n\r\n" + body if ending is None else ending)
        writer.write(request)
        await writer.drain()
        assert (await reader.read(65536)).startswith(b"HTTP/1.1 200 OK\r\n")
        writer.close()
        await writer.wait_closed()


async def test_such_bytes_need_a_socket(sandbox: Sandbox, clock: Clock) -> None:
    """In process the fault is refused loudly, and nothing is done."""
    sandbox.faults.next("clients.create", Fault.doubled_answer())
    async with at_door(IN_PROCESS, sandbox, clock) as caller:
        assert "sandbox.serve()" in (await caller.refused(501, "POST", "/clients", a_client()))["error"]
    assert len(sandbox.ledger) == 0
