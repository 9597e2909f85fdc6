"""The sandbox's page as any HTTP client gets it: what it tells, what it keeps to itself, and whom it refuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest
from page_text import Text, page
from sandbox_caller import an_item

from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from sandbox_caller import Caller

    from billingo_async.sandbox import Sandbox


async def test_it_tells_what_the_sandbox_holds(caller: Caller) -> None:
    """Invoices, customers and e-mails are counted; each invoice has its number, customer, gross total and status."""
    uid = await caller.new_invoice()
    await caller.new_invoice(currency="EUR", items=[an_item(net_unit_price=1000, qty=3)])
    await caller.get(f"/invoices/{uid}/cancel")
    await caller.call("GET", f"/invoices/{uid}/send")
    sections = Text(await page(caller)).sections
    assert "invoices 3" in sections["holds"]
    assert "clients 1" in sections["holds"]  # the same customer, found again
    assert "e-mails 1" in sections["holds"]
    rows = sections["invoices"]
    assert (
        "TST / 2015-000003 cancels TST / 2015-000001 cancelling invoice 2015-11-23 Minta Kft. -4,445 HUF paid" in rows
    )
    assert "TST / 2015-000002 invoice 2015-11-23 Minta Kft. 3,810.00 EUR unpaid" in rows
    assert "TST / 2015-000001 canceled by TST / 2015-000003 invoice 2015-11-23 Minta Kft. 4,445 HUF canceled" in rows


async def test_it_tells_the_last_requests_and_their_answers(caller: Caller) -> None:
    """Each request has its method, path, query, status and milliseconds, what was sent and what was answered."""
    await caller.send("GET", "/invoices", page=1, max_per_page=2)
    await caller.send("POST", "/clients", {"nam": "x"})
    requests = Text(await page(caller)).sections["requests"]
    assert re.search(r"12:00:00 GET /api/invoices\?page=1&max_per_page=2 200 \d+\.\d\d application/json", requests)
    assert re.search(
        r"12:00:00 POST /api/clients 400 \d+\.\d\d .* Sent .*\"nam\": \"x\".* Answered .*\"success\": false", requests
    )
    assert requests.index("POST") < requests.index("GET")  # the newest first


async def test_it_tells_the_faults_that_wait_and_those_that_were_met(caller: Caller, sandbox: Sandbox) -> None:
    """A script stands there in its order, how often included; what was met moves to the request that met it."""
    sandbox.faults.add("invoices.create", Fault.drop_after_commit(), times=2)
    sandbox.faults.always("GET /invoices/*/download", Fault.not_ready())
    sandbox.faults.next("clients.create", Fault.drop_before_read())
    waiting = Text(await page(caller)).sections["faults"]
    assert "invoices.create drop after commit 2 times" in waiting
    assert "GET /invoices/*/download PDF not ready every time" in waiting
    assert "clients.create drop before read once" in waiting
    with pytest.raises(httpx.RemoteProtocolError):
        await caller.send("POST", "/clients")
    client = await caller.new_client()
    with pytest.raises(httpx.RemoteProtocolError):
        await caller.new_invoice(client)
    sections = Text(await page(caller)).sections
    assert "invoices.create drop after commit once" in sections["faults"]
    assert "clients.create" not in sections["faults"]
    assert "/api/invoices met: drop after commit 200 dropped before the answer" in sections["requests"]
    assert "/api/clients met: drop before read none dropped before the request was read" in sections["requests"]


async def test_whatever_a_name_holds_is_text(caller: Caller) -> None:
    """A customer called like a script, a path and a query like tags: shown to the letter, and no tag comes of them."""
    clean = Text(await page(caller)).tags
    name = "<script>alert('&amp;')</script>\"><img src=x onerror=alert(1)>"
    client = await caller.new_client(name=name)
    await caller.new_invoice(client)
    await caller.send("GET", "/invoices/query", block='"><script>')
    shown = Text(await page(caller))
    assert name in shown.sections["invoices"]
    for tag in ("script", "img"):
        assert (shown.tags.count(tag), clean.count(tag)) == (1, 1)


async def test_the_page_itself_leaves_no_trace(caller: Caller, sandbox: Sandbox) -> None:
    """Looking is no request of the API: it meets no fault, is not noted, and nothing is committed."""
    sandbox.faults.always("*", Fault.answer(503))
    await page(caller)
    assert sandbox.snapshot().requests == ()
    assert sandbox.faults.met == ()
    assert len(sandbox.ledger) == 0


@pytest.mark.parametrize("path", ["/", "/page.css", "/page.js", "/page.svg"])
async def test_it_is_strict(caller: Caller, path: str) -> None:
    """Every file comes with a policy that lets in nothing from elsewhere; writing and other hosts are refused."""
    root = str(caller.http.base_url).removesuffix("/api/")
    response = await caller.http.get(root + path)
    policy = response.headers["content-security-policy"]
    assert response.status_code == 200
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", response.text) == []
    posted = await caller.http.post(root + path)
    assert (posted.status_code, posted.headers["allow"]) == (405, "GET, HEAD")
    assert (await caller.http.head(root + path)).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8080", 200),
        ("LOCALHOST", 200),
        ("[::1]:8080", 200),
        ("127.0.0.9", 200),
        ("rebound.example", 403),
        ("", 403),
        ("192.0.2.1", 403),
        ("localhost.example", 403),
        ("[::1", 403),
    ],
)
async def test_it_is_shown_to_this_machine_alone(caller: Caller, host: str, status: int) -> None:
    """A name that was bent to the loopback address (DNS rebinding) gets nothing to read."""
    root = str(caller.http.base_url).removesuffix("/api/")
    assert (await caller.http.get(f"{root}/", headers={"Host": host})).status_code == status
