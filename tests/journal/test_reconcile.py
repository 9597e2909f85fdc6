"""An intent without an outcome is settled by asking: none → send, one → adopt, more → say so; never a blind second."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import date
from decimal import Context, Decimal, Inexact, localcontext
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest
from drafts import draft
from journal_harness import on_both

from billingo_async import ConfigurationError, InvoiceType, NewItem, OutcomeUnknownError, Payment, PermissionDeniedError
from billingo_async.journal.port import RestlessListError
from billingo_async.sandbox import Fault
from billingo_async.v2.once.create import InvoicesCreate

if TYPE_CHECKING:
    from journal_harness import JournalHarness

    from billingo_async import Attempt, CallReport

pytestmark = on_both
AFTER = [
    Fault.drop_after_commit(),
    Fault.drop_mid_answer(),
    Fault.answer(500, b"", processed=True),
    Fault.answer(200, b"<html>", processed=True),
]
BEFORE = [Fault.drop_before_read(), Fault.answer(502, "<h1>Bad Gateway</h1>")]


@pytest.mark.parametrize("fault", AFTER, ids=repr)
@pytest.mark.parametrize("kind", [InvoiceType.NORMAL, InvoiceType.PROFORMA, InvoiceType.DRAFT])
async def test_made_but_not_heard_of_is_adopted(office: JournalHarness, fault: Fault, kind: InvoiceType) -> None:
    """An invoice that was made, and whose answer was lost, is found and returned; nothing is sent a second time."""
    billingo = await office.open()
    office.sandbox.faults.next("invoices.create", fault)
    invoice = await billingo.invoices.create(draft(office.client_uid, kind=kind), key="order-1")
    assert [entry.id for entry in office.sandbox.ledger.of("invoices.create")] == [invoice.id]
    assert office.asked("invoices.create") == 1


@pytest.mark.parametrize("fault", BEFORE, ids=repr)
async def test_not_made_is_sent_after_a_second_look(office: JournalHarness, fault: Fault) -> None:
    """What two looks, after the one at the day's beginning, do not find is sent again: one invoice in the end."""
    billingo = await office.open()
    office.sandbox.faults.next("invoices.create", fault)
    invoice = await billingo.invoices.create(draft(office.client_uid), key="order-1")
    assert [entry.id for entry in office.sandbox.ledger.of("invoices.create")] == [invoice.id]
    assert office.asked("invoices.create") == 2
    assert office.asked("invoices.query") == 1 + 2


async def test_reads_are_reported_with_the_key(office: JournalHarness) -> None:
    """What the journal asks the account is reported as calls of their own, with the key that they are for."""
    reports: list[CallReport] = []
    billingo = await office.open(on_call=reports.append)
    office.sandbox.faults.next("invoices.create", Fault.drop_before_read())
    await billingo.invoices.create(draft(office.client_uid), key="order-1")
    reads, made = "invoices.query", "invoices.create"
    assert [report.operation for report in reports] == [reads, made, reads, reads, made]
    assert {report.key for report in reports} == {"order-1"}


@pytest.mark.parametrize("fault", BEFORE, ids=repr)
async def test_the_second_look_leaves_the_server_time(office: JournalHarness, fault: Fault) -> None:
    """A gateway or a dropped line may have left the server at work: it has the time of a whole request to finish."""
    looks: list[float] = []

    def hear(attempt: Attempt) -> None:
        if attempt.operation == "invoices.query":
            looks.append(asyncio.get_running_loop().time())

    office.on_attempt = hear
    billingo = await office.open(timeout=0.5)
    office.sandbox.faults.next("invoices.create", fault)
    await billingo.invoices.create(draft(office.client_uid), key="order-1")
    of_the_day, first, second = looks
    assert of_the_day <= first
    assert second - first >= 0.5


async def test_not_there_is_not_believed_at_once(office: JournalHarness) -> None:
    """An invoice that the account shows only at the second look is adopted, not made twice."""
    billingo = await office.open()
    await billingo.invoices.create(draft(office.client_uid, "first of the day"), key="order-0")
    office.sandbox.faults.next("invoices.create", Fault.drop_after_commit())
    late: dict[str, object] = {"success": True, "type": "invoices", "data": []}
    office.sandbox.faults.next("invoices.query", Fault.answer(200, late))
    await billingo.invoices.create(draft(office.client_uid), key="order-1")
    assert office.made == 2


async def test_identical_invoice_of_another_key_is_not_adopted(office: JournalHarness) -> None:
    """Identical requests under two keys are two invoices, even if the second one's line dropped before it was made."""
    billingo = await office.open()
    first = await billingo.invoices.create(draft(office.client_uid), key="order-1")
    office.sandbox.faults.next("invoices.create", Fault.drop_before_read())
    second = await billingo.invoices.create(draft(office.client_uid), key="order-2")
    assert first.id != second.id
    assert office.made == 2


async def test_identical_invoice_from_before_is_not_adopted(office: JournalHarness) -> None:
    """An identical invoice that was made by hand before the journal began its day is not taken for the key's."""
    by_hand = await (await office.open()).invoices.create(draft(office.client_uid))
    billingo = await office.open()
    office.sandbox.faults.next("invoices.create", Fault.drop_before_read())
    invoice = await billingo.invoices.create(draft(office.client_uid), key="order-1")
    assert invoice.id != by_hand.id
    assert office.made == 2


async def test_answer_with_half_a_character(office: JournalHarness) -> None:
    """An invoice whose answer holds a NUL and half a character is noted as the key's all the same."""
    billingo = await office.open()
    told = {"uid": 77, "comment": "a\x00b \ud800 c", "total": 4764.4}
    body = json.dumps({"success": True, "type": "invoices", "data": {"id": 77, "attributes": told}}).encode()
    office.sandbox.faults.next("invoices.create", Fault.answer(200, body))
    first = await billingo.invoices.create(draft(office.client_uid), key="order-1")
    again = await billingo.invoices.create(draft(office.client_uid), key="order-1")
    assert (first.id, again.id, again.total) == (77, 77, Decimal("4764.4"))
    assert again.comment == "a\x00b ? c"


async def test_decimal_context_of_the_caller(office: JournalHarness) -> None:
    """A caller's rounding decimal context makes no two requests the same, and hides nothing that was done."""
    billingo = await office.open()
    with localcontext(Context(prec=3, traps=[Inexact])):
        office.sandbox.faults.next("invoices.create", Fault.drop_after_commit())
        gross = NewItem(description="Kenyér", vat_id=1, qty=7, unit="db", gross_unit_price=Decimal("12345.67"))
        order = draft(office.client_uid).model_copy(update={"items": (gross,)})
        made = await billingo.invoices.create(order, key="order-1")
        assert office.made == 1
        await billingo.invoices.create(draft(office.client_uid, price="12345.67"), key="order-2")
        with pytest.raises(ConfigurationError, match="another request"):
            await billingo.invoices.create(draft(office.client_uid, price="12345.68"), key="order-2")
        part = Payment(date=date(2023, 11, 14), amount=Decimal("12345.67"), payment_method=1)
        office.sandbox.faults.next("invoices.pay", Fault.drop_after_commit())
        for key in ("order-1", "order-2"):
            state = await billingo.invoices.pay(made.id, part, key=key)
        await billingo.invoices.cancel(made.id, key="order-1")
    assert state.outstanding == Decimal("61728.35")  # 7 x 12,345.67 and what was paid twice
    assert office.made == 2


async def test_identical_invoice_with_a_lower_number_is_not_adopted(office: JournalHarness) -> None:
    """An identical invoice made by hand during the day has a lower number than one that was made before the intent."""
    billingo, hand = await office.open(), await office.open()
    await billingo.invoices.create(draft(office.client_uid, "morning"), key="order-0")
    by_hand = await hand.invoices.create(draft(office.client_uid))
    await billingo.invoices.create(draft(office.client_uid, "noon"), key="order-1")
    office.sandbox.faults.next("invoices.create", Fault.drop_before_read())
    invoice = await billingo.invoices.create(draft(office.client_uid), key="order-2")
    assert invoice.id != by_hand.id
    assert office.made == 4


async def test_two_that_may_be_meant_are_told(office: JournalHarness) -> None:
    """Where two invoices could be the key's, the error names both, nothing is sent, and calling again asks anew."""
    billingo, hand = await office.open(), await office.open()
    await billingo.invoices.create(draft(office.client_uid, "first of the day"), key="order-0")
    office.sandbox.faults.next("invoices.create", Fault.drop_after_commit())
    office.sandbox.faults.next("invoices.query", Fault.answer(403))
    with pytest.raises(OutcomeUnknownError, match=r"account could not be asked \(PermissionDeniedError\)") as unasked:
        await billingo.invoices.create(draft(office.client_uid), key="order-1")
    assert unasked.value.candidates == ()
    assert isinstance(unasked.value.cause, PermissionDeniedError)
    await hand.invoices.create(draft(office.client_uid))
    twins = {entry.id for entry in office.sandbox.ledger.of("invoices.create")[1:]}
    for _ in range(2):
        with pytest.raises(OutcomeUnknownError) as caught:
            await billingo.invoices.create(draft(office.client_uid), key="order-1")
        assert set(caught.value.candidates) == twins
        assert all(str(twin) in str(caught.value) for twin in twins)
    assert office.made == 3


async def test_a_list_that_is_never_still_leaves_doubt(office: JournalHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that moves on faster than it can be read does not say what is not there, and nothing is sent again."""
    billingo = await office.open()
    await billingo.invoices.create(draft(office.client_uid, "first of the day"), key="order-0")
    office.sandbox.faults.next("invoices.create", Fault.drop_after_commit())
    monkeypatch.setattr(InvoicesCreate, "find", Mock(side_effect=RestlessListError("the list moves on")))
    with pytest.raises(OutcomeUnknownError, match="the list moves on"):
        await billingo.invoices.create(draft(office.client_uid), key="order-1")
    assert office.asked("invoices.create") == 2


async def test_identical_requests_in_doubt_are_settled_together(office: JournalHarness) -> None:
    """Of five identical requests under five keys whose lines dropped, three before and two after: five invoices."""
    billingo = await office.open()
    await billingo.invoices.create(draft(office.client_uid, "first of the day"), key="order-0")
    before, after = Fault.drop_before_read(), Fault.drop_after_commit()
    office.sandbox.faults.next("invoices.create", before, after, before, after, before)
    calls = [billingo.invoices.create(draft(office.client_uid), key=f"order-{number}") for number in range(1, 6)]
    invoices = await asyncio.gather(*calls)
    assert len({invoice.id for invoice in invoices}) == 5
    assert office.made == 1 + 5


async def test_stamp_makes_it_certain(office: JournalHarness) -> None:
    """With the key in its comment an invoice is recognised among identical ones, and `order-1` is not `order-11`."""
    billingo, hand = await office.open(stamp="Ref. {key}"), await office.open()
    await billingo.invoices.create(draft(office.client_uid, "first of the day"), key="order-0")
    office.sandbox.faults.next("invoices.create", Fault.drop_after_commit())
    office.sandbox.faults.next("invoices.query", Fault.answer(403))
    with pytest.raises(OutcomeUnknownError):
        await billingo.invoices.create(draft(office.client_uid), key="order-1")
    lost = office.sandbox.ledger[-1].id
    await hand.invoices.create(draft(office.client_uid))
    await hand.invoices.create(draft(office.client_uid, "Ref. order-11"))
    invoice = await billingo.invoices.create(draft(office.client_uid), key="order-1")
    assert invoice.id == lost
    assert invoice.comment == "Ref. order-1"


async def test_two_processes_settle_one_key(office: JournalHarness) -> None:
    """A key that was left in doubt and is asked for by two processes at once ends with one invoice."""
    billingo, other = await office.open(max_retries=0), await office.open()
    await other.invoices.create(draft(office.client_uid, "first of the day"), key="order-0")
    office.sandbox.faults.next("invoices.create", Fault.drop_before_read())
    with pytest.raises(OutcomeUnknownError):
        await billingo.invoices.create(draft(office.client_uid), key="order-1")
    calls = [one.invoices.create(draft(office.client_uid), key="order-1") for one in (billingo, other) for _ in "ab"]
    invoices = await asyncio.gather(*calls)
    assert len({invoice.id for invoice in invoices}) == 1
    assert office.made == 2


async def test_a_log_that_fails_costs_no_invoice(office: JournalHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look at the day's beginning is refused, and the line about it finds a full disk: the invoice is made."""
    lines: list[str] = []

    def full_disk(record: logging.LogRecord) -> bool:
        lines.append(record.getMessage())
        raise OSError("no space left on device")

    monkeypatch.setattr(logging.getLogger("billingo_async"), "filters", [full_disk])
    office.sandbox.faults.add("invoices.query", Fault.answer(403), times=1)
    billingo = await office.open()
    invoice = await billingo.invoices.create(draft(office.client_uid), key="order-1")
    assert [entry.id for entry in office.sandbox.ledger.of("invoices.create")] == [invoice.id]
    assert lines == ["the journal could not see what the account has: PermissionDeniedError"]
