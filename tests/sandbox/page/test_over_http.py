"""The sandbox's page as any HTTP client gets it: what it tells, what it keeps to itself, and whom it refuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from sandbox_caller import an_item

from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from sandbox_caller import Caller

    from billingo_async.sandbox import Sandbox

FILES = ["/", "/page.json", "/page.css", "/page.js", "/page.svg"]


async def get(served: Caller, path: str, **headers: str) -> httpx.Response:
    """Ask for a file of the page as a browser does, without a token."""
    return await served.http.get(str(served.http.base_url).removesuffix("/api/") + path, headers=headers)


async def test_it_tells_what_the_sandbox_holds(served: Caller, sandbox: Sandbox) -> None:
    """Counts, sums as they are shown, bodies with all their digits, faults met and to come."""
    uid = await served.new_invoice(currency="EUR", items=[an_item(net_unit_price=1000, qty=3)])
    await served.get(f"/invoices/{uid}/cancel")
    sandbox.faults.add("invoices.create", Fault.drop_after_commit(), times=2)
    sandbox.faults.next("vat.list", Fault.answer(200, b'{"value":0.1000000000000000055}'))
    await served.send("GET", "/vat", page=1)
    await served.send("GET", f"/invoices/{uid}/download")
    with pytest.raises(httpx.RemoteProtocolError):
        await served.new_invoice()
    told: Any = (await get(served, "/page.json")).json()
    assert (told["counts"]["invoices"], told["counts"]["clients"]) == (3, 1)  # the same customer, found again
    assert [each["total"] for each in told["invoices"][1:]] == ["-3,810.00 EUR", "3,810.00 EUR"]
    assert {each["day"] for each in told["invoices"]} == {"2015-11-23"}
    assert told["waiting"] == [{"where": "invoices.create", "fault": "drop after commit", "times": 1}]
    dropped, _, paper, vat, *_ = told["requests"]
    assert (dropped["fault"], dropped["status"], dropped["network"]) == (
        "drop after commit", 200, "dropped before the answer",
    )  # fmt: skip
    assert (paper["answer"]["kind"], paper["answer"]["text"]) == ("application/pdf", None)
    assert (vat["path"], vat["answer"]["text"]) == ("/api/vat?page=1", '{"value":0.1000000000000000055}')


async def test_the_page_itself_leaves_no_trace(served: Caller, sandbox: Sandbox) -> None:
    """Looking is no request of the API: it meets no fault, is not noted, and nothing is committed."""
    sandbox.faults.always("*", Fault.answer(503))
    for path in FILES:
        assert (await get(served, path)).status_code == 200
    assert sandbox.snapshot().requests == ()
    assert sandbox.faults.met == ()
    assert len(sandbox.ledger) == 0


@pytest.mark.parametrize("path", FILES)
async def test_it_is_strict(served: Caller, path: str) -> None:
    """Every file comes with a policy that lets in nothing from elsewhere; writing and other hosts are refused."""
    response = await get(served, path)
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", response.text) == []
    posted = await served.http.post(response.url)
    assert (posted.status_code, posted.headers["allow"]) == (405, "GET, HEAD")
    assert (await served.http.head(response.url)).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8080", 200), ("LOCALHOST", 200), ("[::1]:8080", 200), ("127.0.0.9", 200), ("rebound.example", 403),
        ("", 403), ("192.0.2.1", 403), ("localhost.example", 403), ("[::1", 403),
    ],
)  # fmt: skip
async def test_it_is_shown_to_this_machine_alone(served: Caller, host: str, status: int) -> None:
    """A name that was bent to the loopback address (DNS rebinding) gets nothing to read."""
    assert (await get(served, "/page.json", Host=host)).status_code == status
