"""PDFs, e-mails, codes, blocks, and the limit that PDFs stand under."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sandbox_caller import IN_PROCESS, at_door

from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from sandbox_caller import Caller, Clock


async def test_the_pdf_stays_until_the_invoice_changes(caller: Caller) -> None:
    """Two downloads are the same bytes; after a payment the paper is a new one."""
    uid = await caller.new_invoice()
    first = (await caller.send("GET", f"/invoices/{uid}/download")).content
    assert (await caller.send("GET", f"/invoices/{uid}/download")).content == first
    await caller.post(f"/invoices/{uid}/pay", {"date": "2015-12-01", "amount": 45, "payment_method": 2})
    assert (await caller.send("GET", f"/invoices/{uid}/download")).content != first


async def test_ten_pdfs_a_minute(at_either_door: Caller, clock: Clock) -> None:
    """The eleventh request in a minute is refused with the seconds to wait, and passes when they are over."""
    path = f"/invoices/{await at_either_door.new_invoice()}/download"
    for _ in range(10):
        assert (await at_either_door.send("GET", path)).status_code == 200
        clock.at += 1
    refused = await at_either_door.send("GET", path)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "50")
    clock.at += 49.5
    assert (await at_either_door.send("GET", path)).headers["retry-after"] == "1"
    clock.at += 0.5
    assert (await at_either_door.send("GET", path)).status_code == 200
    assert (await at_either_door.send("GET", path)).status_code == 429


async def test_the_limit_can_be_set(clock: Clock) -> None:
    """Count and period are options; a limit that could never pass is refused."""
    sandbox = Sandbox(now=clock, pdf_limit=(1, 0.5))
    assert sandbox.pdf_limit == (1, 0.5)
    async with at_door(IN_PROCESS, sandbox, clock) as caller:
        path = f"/invoices/{await caller.new_invoice()}/download"
        assert [(await caller.send("GET", path)).status_code for _ in range(2)] == [200, 429]
    with pytest.raises(ValueError, match="pdf_limit"):
        Sandbox(pdf_limit=(0, 60))
    with pytest.raises(ValueError, match="pdf_limit"):
        Sandbox(pdf_limit=(10, 0))


async def test_a_client_without_an_address_gets_no_mail(caller: Caller, sandbox: Sandbox) -> None:
    """Where there is nobody to write to, sending is refused."""
    uid = await caller.new_invoice(await caller.new_client(email=""))
    assert "no e-mail address" in (await caller.refused(400, "GET", f"/invoices/{uid}/send"))["error"]
    assert sandbox.outbox == []


@pytest.mark.parametrize("path", ["download", "send", "code"])
async def test_drafts_are_not_handed_over(caller: Caller, path: str) -> None:
    """A draft has no PDF, no e-mail and no code."""
    await caller.refused(400, "GET", f"/invoices/{await caller.new_invoice(type=0)}/{path}")


async def test_a_code_without_an_id_is_a_server_error(caller: Caller) -> None:
    """As was seen: `GET /invoices//code` answers 500 with an empty error."""
    assert await caller.refused(500, "GET", "/invoices//code") == {"success": False, "error": ""}
