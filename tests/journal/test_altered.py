"""Servers, clocks and gateways as they are: what was made is found again, or told as doubt; never made twice."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from drafts import draft

from billingo_async import ConfigurationError, Journal, OutcomeUnknownError, RateLimitedError, ServerError
from billingo_async.journal import claims
from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from journal_harness import JournalHarness

    from billingo_async import APIError

TEXT = "Köszönjük a vásárlást! \N{BIRTHDAY CAKE} Őrségi Sütőház, 2026. március"
ALTERATIONS = {
    "cut at an emoji": Fault.cut_comment(),
    "cut at a length": Fault.cut_comment(30),
    "a line appended": Fault.append_to_comment("Sent by the office"),
    "accents lost": Fault.lose_accents(),
    "prices rounded": Fault.round_prices(),
    "due date moved": Fault.move_due_date(3),
}


@pytest.mark.parametrize("alteration", ALTERATIONS.values(), ids=ALTERATIONS)
async def test_altered_and_dropped_is_doubt(office: JournalHarness, alteration: Fault) -> None:
    """An invoice that the server has altered, and whose answer was lost, is a candidate: no second one is made."""
    billingo = await office.open()
    await billingo.invoices.create(draft(office.client_uid, "before"), key="order-0")
    office.sandbox.faults.next("invoices.create", alteration & Fault.drop_after_commit())
    for _ in range(2):
        with pytest.raises(OutcomeUnknownError) as caught:
            await billingo.invoices.create(draft(office.client_uid, TEXT), key="order-1")
        assert caught.value.candidates == (office.sandbox.ledger[-1].id,)
        assert caught.value.worth_retrying
    assert office.made == 2
    candidate = office.sandbox.ledger[-1].id
    resolved = await billingo.resolve("order-1", result_id=candidate, force=True)
    assert (resolved.state, resolved.invoice.id) == ("done", candidate)


@pytest.mark.parametrize("alteration", ALTERATIONS.values(), ids=ALTERATIONS)
async def test_stamp_survives_what_servers_alter(office: JournalHarness, alteration: Fault) -> None:
    """The stamp stands first in the comment, so that no cut takes it away, and what it is on is the key's."""
    billingo = await office.open(stamp="Ref. {key}")
    office.sandbox.faults.next("invoices.create", alteration & Fault.drop_after_commit())
    invoice = await billingo.invoices.create(draft(office.client_uid, TEXT), key="order-1")
    assert [entry.id for entry in office.sandbox.ledger.of("invoices.create")] == [invoice.id]


@pytest.mark.parametrize(
    ("key", "other", "comment"),
    [
        ("order-1", "order-10", "Ref. order-10"),
        ("order-2026-000123-b", "order-2026-000123", "Ref. order-2026-000123"),
        ("order-1", "by hand", ""),
    ],
    ids=["a longer key", "a key that begins alike", "no stamp at all"],
)
async def test_answer_with_the_stamp_of_another_key(office: JournalHarness, key: str, other: str, comment: str) -> None:
    """Two orders of one client over one sum, and a proxy gives one the other's answer: each has its own invoice."""
    billingo = await office.open(stamp="Ref. {key}")
    by_hand = comment or None
    first = await billingo.invoices.create(draft(office.client_uid), key=other if by_hand else None)
    told = {
        "client_uid": first.client_uid,
        "comment": comment,
        "total": str(first.total),
        "invoice_no": first.invoice_no,
    }
    crossed = {"success": True, "type": "invoices", "data": {"id": first.id, "attributes": told}}
    office.sandbox.faults.next("invoices.create", Fault.answer(200, crossed, processed=True))
    second = await billingo.invoices.create(draft(office.client_uid), key=key)
    assert (second.id, office.made) == (office.sandbox.ledger[-1].id, 2)
    assert second.id != first.id


async def test_another_order_of_the_same_client_is_no_candidate(office: JournalHarness) -> None:
    """A similar invoice that was made by hand since, for another order, neither is adopted nor stands in the way."""
    billingo, hand = await office.open(), await office.open()
    await billingo.invoices.create(draft(office.client_uid, "Order 1"), key="order-1")
    await hand.invoices.create(draft(office.client_uid, "Order 2"))
    office.sandbox.faults.next("invoices.create", Fault.drop_before_read())
    invoice = await billingo.invoices.create(draft(office.client_uid, "Order 3"), key="order-3")
    assert invoice.comment == "Order 3"
    assert office.made == 3


@pytest.mark.parametrize("behind", [15 * 3600.0, 2 * 86_400.0, -2 * 86_400.0], ids=["hours", "days", "days ahead"])
async def test_own_clock_that_is_wrong(office: JournalHarness, behind: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose clock stands on another day than the server's finds the invoice that it has not heard of."""
    now = time.time
    with monkeypatch.context() as patched:
        patched.setattr(claims, "time", SimpleNamespace(time=lambda: now() - behind))
        first = await office.open(max_retries=0)
        office.sandbox.faults.next("invoices.create", Fault.drop_after_commit())
        with pytest.raises(OutcomeUnknownError):
            await first.invoices.create(draft(office.client_uid), key="order-1")
        await first.aclose()
        adopted = await (await office.open()).invoices.create(draft(office.client_uid), key="order-1")
    assert [entry.id for entry in office.sandbox.ledger.of("invoices.create")] == [adopted.id]


@pytest.mark.parametrize("status", [429, 503])
async def test_gateway_that_refuses_after_the_fact(office: JournalHarness, status: int) -> None:
    """A 429 or 503 that comes after the invoice was made is looked into before anything is sent a second time."""
    billingo = await office.open()
    office.sandbox.faults.next("invoices.create", Fault.refuse_after_commit(status, 0))
    invoice = await billingo.invoices.create(draft(office.client_uid), key="order-1")
    assert [entry.id for entry in office.sandbox.ledger.of("invoices.create")] == [invoice.id]


@pytest.mark.jumping
@pytest.mark.parametrize(
    ("status", "kind"), [(429, RateLimitedError), (503, ServerError)], ids=["too many", "unavailable"]
)
@pytest.mark.parametrize("retries", [0, 2])
async def test_refused_to_the_end(office: JournalHarness, status: int, kind: type[APIError], retries: int) -> None:
    """A request that the server refuses to the end ends with the refusal, with a key as without one.

    Nothing was made, so it is safe to ask for again; the key is free, and says why.
    """
    billingo = await office.open(max_retries=retries)
    refusal = Fault.answer(status, {"success": False, "error": "Too Many"}, {"Retry-After": "7"})
    errors: list[APIError] = []
    for key in (None, "order-1"):
        office.sandbox.faults.add("invoices.create", refusal, times=retries + 1)
        with pytest.raises(kind) as caught:
            await billingo.invoices.create(draft(office.client_uid), key=key)
        errors.append(caught.value)
    told = [(error.status_code, error.retry_after, error.safe_to_retry, str(error)) for error in errors]
    assert told[0] == told[1]
    assert told[1][:3] == (status, 7.0, True)
    journal = Journal(office.url)
    record = await journal.look_up("order-1")
    await journal.aclose()
    assert (record.state, record.error) == ("refused", f"{kind.__name__}: {errors[1]}")
    invoice = await billingo.invoices.create(draft(office.client_uid), key="order-1")
    assert [entry.id for entry in office.sandbox.ledger.of("invoices.create")] == [invoice.id]


async def test_resolve_by_another_customers_invoice(office: JournalHarness) -> None:
    """A person who names an invoice for somebody else is refused, naming what differs, unless it is forced."""
    billingo = await office.open(max_retries=0)
    office.sandbox.faults.add("invoices.query", Fault.answer(403), times=2)
    office.sandbox.faults.next("invoices.create", Fault.drop_before_read())
    with pytest.raises(OutcomeUnknownError):
        await billingo.invoices.create(draft(office.client_uid), key="order-1")
    office.sandbox.faults.clear()
    other = await billingo.invoices.create(draft(office.client_uid, price="7"))
    with pytest.raises(ConfigurationError, match=r"another net_total than was asked for.*force=True"):
        await billingo.resolve("order-1", result_id=other.id)
    assert (await billingo.resolve("order-1", result_id=other.id, force=True)).invoice.id == other.id
