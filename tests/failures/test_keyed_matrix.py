"""Every keyed operation under every mishap: the books hold it exactly once, and every call returns the same result.

Calls are repeated five times, from the process that began and from another one. A mail cannot be seen afterwards: there
it is at most once, and the doubt is told.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from account import Account
from drafts import CUSTOMER, draft
from journal_harness import JournalHarness, empty_database
from operation_cases import ONCE, OPERATION_CASES, PART

from billingo_async import OutcomeUnknownError
from billingo_async.sandbox import Fault, Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from operation_cases import Case

    from billingo_async import Billingo

pytestmark = pytest.mark.jumping
CASES = [case for case in OPERATION_CASES if case.effect == ONCE and case.row != "INVOICES_SEND"]
SEND = "invoices.send"


class Keyed:
    """An account, or one of its nouns: whatever is called on it is called with the key."""

    def __init__(self, called: Any, key: str) -> None:
        """Take what is called, and the key."""
        self._called, self._key = called, key

    def __getattr__(self, name: str) -> Any:
        """A noun, or a verb with its key."""
        found = getattr(self._called, name)
        return partial(found, key=self._key) if callable(found) else Keyed(found, self._key)


FAULTS = {
    "nothing": Fault.nothing(),
    "dropped before": Fault.drop_before_read(),
    "dropped after": Fault.drop_after_commit(),
    "dropped within the answer": Fault.drop_mid_answer(),
    "failed after": Fault.answer(500, b"", processed=True),
    "refused by a gateway": Fault.gateway(),
}


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[JournalHarness]:
    """A sandbox with an invoice form for recurring profiles, a customer, and an empty journal."""
    async with AsyncExitStack() as stack:
        office = JournalHarness(Sandbox(), await empty_database("sqlite", tmp_path), stack)
        billingo = await office.open()
        client = CUSTOMER.model_copy(update={"email": "customer@example.com"})
        office.client_uid = (await billingo.clients.create(client)).id
        yield office


async def _invoice(billingo: Billingo, client: int) -> int:
    return (await billingo.invoices.create(draft(client))).id


def _count(office: JournalHarness, name: str) -> int:
    return office.sandbox.ledger.count(name)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_exactly_once(office: JournalHarness, case: Case, fault: Fault) -> None:
    """However its first request ends, five calls from two processes do it once, and return the same."""
    one, other = await office.open(), await office.open()
    subject = case.prepare(Account(office.sandbox, office.sandbox._now))
    before = _count(office, case.name)
    office.sandbox.faults.next(case.name, fault)
    results: list[Any] = [await case.do(Keyed(each, "order-1"), subject) for each in (one, one, other, other, one)]
    assert _count(office, case.name) == before + 1
    assert all(_same(result, results[0]) for result in results)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_mail_at_most_once(office: JournalHarness, fault: Fault) -> None:
    """A mail whose answer was lost stays in doubt however often it is asked for, until a person says what happened."""
    one, other = await office.open(), await office.open()
    subject = await _invoice(one, office.client_uid)
    office.sandbox.faults.next(SEND, fault)
    if fault is FAULTS["nothing"]:
        await one.invoices.send(subject, key="order-1")
    for billingo in (one, other, other, one):
        if fault is FAULTS["nothing"]:
            await billingo.invoices.send(subject, key="order-1")
            continue
        with pytest.raises(OutcomeUnknownError, match=r"nothing that the account tells shows|may or may not"):
            await billingo.invoices.send(subject, key="order-1")
    assert _count(office, SEND) <= 1
    if fault is not FAULTS["nothing"]:
        record = await other.resolve("order-1", operation=SEND, happened=True)
        assert record.state == "done"
        await one.invoices.send(subject, key="order-1")
    assert _count(office, SEND) <= 1


async def test_a_mail_that_was_not_sent(office: JournalHarness) -> None:
    """Where a person says that no mail was sent, it is sent by the next call."""
    billingo = await office.open()
    subject = await _invoice(billingo, office.client_uid)
    office.sandbox.faults.next(SEND, FAULTS["dropped before"])
    with pytest.raises(OutcomeUnknownError):
        await billingo.invoices.send(subject, key="order-1")
    assert (await billingo.resolve("order-1", operation=SEND, happened=False)).state == "free"
    await billingo.invoices.send(subject, key="order-1")
    assert _count(office, SEND) == 1


async def test_one_key_for_create_pay_and_send(office: JournalHarness) -> None:
    """One key serves once for each operation: the order's number makes, mails and pays its invoice."""
    billingo = await office.open()
    for _ in range(3):
        invoice = await billingo.invoices.create(draft(office.client_uid), key="order-1")
        await billingo.invoices.send(invoice.id, key="order-1")
        await billingo.invoices.pay(invoice.id, PART, key="order-1")
    counts = [_count(office, name) for name in ("invoices.create", "invoices.send", "invoices.pay")]
    assert counts == [1, 1, 1]


async def test_two_payments_of_one_invoice(office: JournalHarness) -> None:
    """Two equal payments under two keys are two, even if the line of the first dropped before it was recorded."""
    one, other = await office.open(), await office.open()
    subject = await _invoice(one, office.client_uid)
    office.sandbox.faults.next("invoices.pay", FAULTS["dropped before"])
    first = await one.invoices.pay(subject, PART, key="a")
    second = await other.invoices.pay(subject, PART, key="b")
    assert _count(office, "invoices.pay") == 2
    assert first.outstanding - second.outstanding == 50


async def test_canceled_otherwise(office: JournalHarness) -> None:
    """Of an invoice that was canceled without the key, it is said by which invoice, and nothing is sent."""
    billingo = await office.open()
    subject = await _invoice(billingo, office.client_uid)
    storno = await billingo.invoices.cancel(subject)
    with pytest.raises(Exception, match=f"canceled already by {storno.invoice_no}"):
        await billingo.invoices.cancel(subject, key="order-1")
    assert _count(office, "invoices.cancel") == 1


def _same(one: Any, other: Any) -> bool:
    """Compare what both tell: what is adopted was read, and so is told in full."""
    if one is None or isinstance(one, int):
        return bool(one == other or one is None or other is None)
    if hasattr(one, "outstanding"):
        return bool(one.outstanding == other.outstanding)
    return bool(one.id == other.id)
