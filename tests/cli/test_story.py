"""The story against a sandbox over HTTP, and what it says when the server misbehaves."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from billingo_async import Billingo, BillingoError, InvoiceStatus, OutcomeUnknownError
from billingo_async.cli.orders import read_orders, shipped_orders
from billingo_async.cli.story import PDFS, StoryError, tell
from billingo_async.sandbox import Fault, Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from billingo_async.cli.story import Told
    from billingo_async.sandbox.http import Request, Response


@dataclass
class Notes:
    """A stage that notes how many steps each phase promised and took."""

    steps: dict[str, list[int]] = field(default_factory=dict[str, list[int]])

    @contextmanager
    def phase(self, title: str, total: int) -> Generator[Callable[[], None]]:
        """Counts."""
        self.steps[title] = [total, 0]

        def advance() -> None:
            self.steps[title][1] += 1

        yield advance


async def told(sandbox: Sandbox, folder: Path, stage: Notes | None = None, *, first: int = 6) -> Told:
    """The story of the first few shipped orders against this sandbox."""
    async with (
        sandbox.serve() as url,
        Billingo(sandbox.public_key, sandbox.private_key, base_url=url, max_retries=0) as billingo,
    ):
        return await tell(billingo, read_orders(shipped_orders())[:first], folder, stage or Notes())


async def test_every_order_finds_its_end(tmp_path: Path) -> None:
    """48 orders: 47 invoices and a proforma, then one more from the proforma and one that cancels."""
    stage = Notes()
    end = await told(Sandbox(), tmp_path, stage, first=48)
    assert len(end.invoices) == len({invoice.id for invoice in end.invoices}) == 50
    assert (len(end.made), len(end.cancelling), len(end.generated)) == (48, 1, 1)
    by_id = {invoice.id: invoice for invoice in end.invoices}
    for made in end.made:
        invoice = by_id[made.id]
        assert invoice.client is not None
        assert invoice.client.name == made.order.client.name
        if made.order.paid_in_full:
            assert (invoice.status, invoice.total_paid) == (InvoiceStatus.PAID, invoice.total)
        if made.order.part is not None:
            assert (invoice.status, invoice.total_paid) == (InvoiceStatus.UNPAID, made.order.part)
        if made.order.cancel:
            cancelling = by_id[end.cancelling[0]]
            assert invoice.status == InvoiceStatus.CANCELED
            assert (cancelling.connected_invoice_no, cancelling.total) == (invoice.invoice_no, -(invoice.total or 0))
    assert all(promised == taken for promised, taken in stage.steps.values())
    assert [file.read_bytes()[:5] for file in end.files] == [b"%PDF-"] * PDFS
    assert {file.parent for file in end.files} == {tmp_path}
    assert len(set(end.files)) == PDFS


class Counting(Sandbox):
    """A server that counts how often it is asked to make a client."""

    clients_asked_for = 0

    def answer(self, request: Request, *, clock_offset: float = 0.0) -> Response:
        """Counts and answers."""
        self.clients_asked_for += (request.method, request.path) == ("POST", "/api/clients")
        return super().answer(request, clock_offset=clock_offset)


async def test_customers_are_made_once(tmp_path: Path) -> None:
    """A second run finds the customers of the first and asks for no new one."""
    sandbox = Counting()
    await told(sandbox, tmp_path)
    assert sandbox.clients_asked_for == 6
    second = await told(sandbox, tmp_path)
    assert sandbox.clients_asked_for == 6
    assert len(second.invoices) == 12


async def test_a_call_that_fails_ends_the_story_as_itself(tmp_path: Path) -> None:
    """Among many calls at once the first failure is raised plainly, never in a group."""
    sandbox = Sandbox()
    sandbox.faults.next("invoices.create", Fault.drop_after_commit())
    with pytest.raises(OutcomeUnknownError):
        await told(sandbox, tmp_path)
    refusing = Sandbox()
    refusing.faults.next("invoices.send", Fault.answer(400, {"success": False, "error": "no"}))
    with pytest.raises(BillingoError, match="no"):
        await told(refusing, tmp_path)


class Forgetful(Sandbox):
    """A server that lists no invoice."""

    def answer(self, request: Request, *, clock_offset: float = 0.0) -> Response:
        """Answers all lists of invoices with nothing."""
        if request.path == "/api/invoices" and request.method == "GET":
            return Fault.answer(200, {"success": True, "type": "invoices", "data": []}).response or pytest.fail("none")
        return super().answer(request, clock_offset=clock_offset)


async def test_a_list_that_lacks_an_invoice_is_noticed(tmp_path: Path) -> None:
    """The story trusts no list: an order whose invoice is missing from it is named."""
    with pytest.raises(StoryError, match="not in the list: R-1001, R-1002"):
        await told(Forgetful(), tmp_path)


class Greedy(Sandbox):
    """A server that takes payments and still asks for all of it."""

    def answer(self, request: Request, *, clock_offset: float = 0.0) -> Response:
        """Answers payments with the same sum outstanding."""
        if request.path.endswith("/pay"):
            state = {"success": True, "data": {"fully_paid": False, "outstanding": 12300}}
            return Fault.answer(200, state).response or pytest.fail("none")
        return super().answer(request, clock_offset=clock_offset)


async def test_a_payment_that_does_not_count_is_noticed(tmp_path: Path) -> None:
    """When all is paid and the server says otherwise, the story says which order."""
    with pytest.raises(StoryError, match=r"order R-\d+: paid .*, yet 12300 are outstanding"):
        await told(Greedy(), tmp_path)
