"""Every keyed operation under every mishap: the books hold it exactly once, and every call returns the same result.

Calls are repeated five times, from the process that began and from another one. A mail cannot be seen afterwards: there
it is at most once, and the doubt is told.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from drafts import CUSTOMER, draft
from journal_harness import JournalHarness, empty_database

from billingo_async import (
    InvoiceType,
    NewBankAccount,
    NewExpense,
    NewProduct,
    NewRecurringProfile,
    OutcomeUnknownError,
    Payment,
)
from billingo_async.sandbox import Fault, Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from billingo_async import Billingo

pytestmark = pytest.mark.jumping
DAY = date(2026, 3, 1)
PART = Payment(date=DAY, amount=Decimal(50), payment_method=1)


@dataclass(frozen=True)
class KeyedCase:
    """One keyed operation: what it needs before, and how it is called."""

    name: str
    prepare: Callable[[Billingo, int], Awaitable[int]]
    """Makes what the call is about, returns its id; it is given the id of a customer."""
    call: Callable[[Billingo, int, str], Awaitable[object]]

    def __str__(self) -> str:
        """The name by which a test is told from another."""
        return self.name


async def _client(_: Billingo, client: int) -> int:
    return client


async def _invoice(billingo: Billingo, client: int) -> int:
    return (await billingo.invoices.create(draft(client))).id


async def _proforma(billingo: Billingo, client: int) -> int:
    return (await billingo.invoices.create(draft(client, kind=InvoiceType.PROFORMA))).id


async def _paid(billingo: Billingo, client: int) -> int:
    invoice = await _invoice(billingo, client)
    await billingo.invoices.pay(invoice, PART)
    return invoice


FORCED = CUSTOMER.model_copy(update={"force": True, "email": "bakery@example.com"})
PRODUCT = NewProduct(name="Kalács", price=1200, unit="db", currency_code="HUF", vat_id=1)
EXPENSE = NewExpense(categories_id=1, name="Toll", gross_price=Decimal("635.50"), vat=1, currency="HUF")
BANK_ACCOUNT = NewBankAccount(bank_name="Bank", account_no="33333333-44444444", currency="HUF")


def _profile(invoice: int) -> NewRecurringProfile:
    return NewRecurringProfile(base_invoice_uid=invoice, frequency="2M", start_date=DAY)


SEND = KeyedCase("invoices.send", _invoice, lambda b, i, key: b.invoices.send(i, key=key))
CASES = (
    KeyedCase("invoices.create", _client, lambda b, i, key: b.invoices.create(draft(i, "Order 1"), key=key)),
    KeyedCase("invoices.cancel", _invoice, lambda b, i, key: b.invoices.cancel(i, key=key)),
    KeyedCase("invoices.generate", _proforma, lambda b, i, key: b.invoices.generate(i, key=key)),
    KeyedCase("invoices.pay", _invoice, lambda b, i, key: b.invoices.pay(i, PART, key=key)),
    KeyedCase("invoices.undo_payment", _paid, lambda b, i, key: b.invoices.undo_payment(i, key=key)),
    KeyedCase("clients.create", _client, lambda b, _, key: b.clients.create(FORCED, key=key)),
    KeyedCase("products.create", _client, lambda b, _, key: b.products.create(PRODUCT, key=key)),
    KeyedCase("expenses.create", _client, lambda b, _, key: b.expenses.create(EXPENSE, key=key)),
    KeyedCase("bank_accounts.create", _client, lambda b, _, key: b.bank_accounts.create(BANK_ACCOUNT, key=key)),
    KeyedCase("recurring.create", _invoice, lambda b, i, key: b.recurring.create(_profile(i), key=key)),
)
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


def _count(office: JournalHarness, name: str) -> int:
    return office.sandbox.ledger.count(name)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_exactly_once(office: JournalHarness, case: KeyedCase, fault: Fault) -> None:
    """However its first request ends, five calls from two processes do it once, and return the same."""
    one, other = await office.open(), await office.open()
    subject = await case.prepare(one, office.client_uid)
    before = _count(office, case.name)
    office.sandbox.faults.next(case.name, fault)
    results: list[Any] = [await case.call(each, subject, "order-1") for each in (one, one, other, other, one)]
    assert _count(office, case.name) == before + 1
    assert all(_same(result, results[0]) for result in results)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_mail_at_most_once(office: JournalHarness, fault: Fault) -> None:
    """A mail whose answer was lost stays in doubt however often it is asked for, until a person says what happened."""
    one, other = await office.open(), await office.open()
    subject = await SEND.prepare(one, office.client_uid)
    office.sandbox.faults.next(SEND.name, fault)
    if fault is FAULTS["nothing"]:
        await SEND.call(one, subject, "order-1")
    for billingo in (one, other, other, one):
        if fault is FAULTS["nothing"]:
            await SEND.call(billingo, subject, "order-1")
            continue
        with pytest.raises(OutcomeUnknownError, match=r"nothing that the account tells shows|may or may not"):
            await SEND.call(billingo, subject, "order-1")
    assert _count(office, SEND.name) <= 1
    if fault is not FAULTS["nothing"]:
        record = await other.resolve("order-1", operation=SEND.name, happened=True)
        assert record.state == "done"
        await SEND.call(one, subject, "order-1")
    assert _count(office, SEND.name) <= 1


async def test_a_mail_that_was_not_sent(office: JournalHarness) -> None:
    """Where a person says that no mail was sent, it is sent by the next call."""
    billingo = await office.open()
    subject = await SEND.prepare(billingo, office.client_uid)
    office.sandbox.faults.next(SEND.name, FAULTS["dropped before"])
    with pytest.raises(OutcomeUnknownError):
        await SEND.call(billingo, subject, "order-1")
    assert (await billingo.resolve("order-1", operation=SEND.name, happened=False)).state == "free"
    await SEND.call(billingo, subject, "order-1")
    assert _count(office, SEND.name) == 1


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
