"""What every public call of the sandbox gives, as type checkers see it: read by mypy and pyright, run by nobody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, assert_type

from billingo_async import AsyncPager, Client, Totals
from billingo_async import sandbox as room

if TYPE_CHECKING:
    from billingo_async import Billingo, NewInvoice


async def a_sandbox(sandbox: room.Sandbox, request: room.Request) -> None:
    """Serve it, ask it, look at it."""
    async with sandbox.serve(port=0) as url:
        assert_type(url, str)
    assert_type(sandbox.answer(request), room.Response)
    assert_type(sandbox.pdf_limit, tuple[int, float])
    assert_type(sandbox.outbox, list[room.Mail])
    assert_type(sandbox.ledger, room.Ledger)
    assert_type(sandbox.ledger.count("invoices.create"), int)
    assert_type(sandbox.ledger.of("invoices.create"), list[room.Entry])
    assert_type(sandbox.ledger[0], room.Entry)
    assert_type(sandbox.ledger.of("products.create", api="v3"), list[room.Entry])
    assert_type(sandbox.v3_url, str)
    assert_type(sandbox.switches, room.Switches)
    sandbox.switches = room.Switches(second_cancel="refuse", vendor_id_lag=2.0)


def what_goes_wrong(faults: room.Faults) -> None:
    """Script it, and see what waits and what was met."""
    faults.next("invoices.create", room.Fault.drop_after_commit(), room.Fault.answer(503, {"success": False}))
    faults.add("*", room.Fault.delay(0.5), times=2, api="v3")
    assert_type(room.Fault.cut_comment() & room.Fault.drop_after_commit(), room.Fault)
    faults.always("GET /invoices/*", room.Fault.wrong_clock(600))
    assert_type(faults.pending, tuple[room.PendingFault, ...])
    assert_type(faults.pending[0].times, int | None)
    assert_type(faults.met, tuple[room.MetFault, ...])
    assert_type(faults.met[0].fault, room.Fault)


def what_it_holds(snapshot: room.Snapshot) -> None:
    """Everything that its page shows, as plain values."""
    assert_type(snapshot.counts, Mapping[str, int])
    assert_type(snapshot.invoices, tuple[room.InvoiceSummary, ...])
    assert_type(snapshot.invoices[0].total, Decimal)
    assert_type(snapshot.invoices[0].day, date)
    assert_type(snapshot.requests, tuple[room.LoggedRequest, ...])
    assert_type(snapshot.requests[0].status, int | None)
    assert_type(snapshot.requests[0].answer, room.LoggedBody | None)


def what_is_refused(billingo: Billingo, new: NewInvoice) -> None:
    """A pager is no list for a type checker either."""
    pager = billingo.clients.list()
    assert_type(pager, AsyncPager[Client])
    len(pager)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # has no length
    pager[0]  # type: ignore[index]  # pyright: ignore[reportIndexIssue]  # holds no rows
    assert_type(new.totals({1: Decimal("0.27")}), Totals)
