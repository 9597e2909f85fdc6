"""One invoice per key: the same key twice, at the same moment, in two processes, with another request."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from drafts import draft
from journal_harness import journal_of, on_both, session_of

import billingo_async as sdk
from billingo_async.journal.tables import KEYS
from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from journal_harness import JournalHarness


async def _job_begins() -> None:
    for _ in range(1_000):  # turns of the loop
        if any(task.get_name() == "billingo-journal-job" for task in asyncio.all_tasks()):
            break
        await asyncio.sleep(0)


@on_both
async def test_same_key_gives_the_first_invoice(office: JournalHarness) -> None:
    """A second call with the key returns the first one's invoice, and so does another process."""
    billingo, other = await office.open(), await office.open()
    first = await billingo.invoices.create(draft(office.client_uid), key="order-1")
    again = await billingo.invoices.create(draft(office.client_uid), key="order-1")
    elsewhere = await other.invoices.create(draft(office.client_uid), key="order-1")
    assert first == again == elsewhere
    assert first.total == 3 * Decimal("1250.50") * Decimal("1.27")
    assert office.made == 1


@on_both
async def test_same_moment(office: JournalHarness) -> None:
    """Twenty callers in two processes with one key at the same moment: one invoice, the same for all."""
    both = await office.open(), await office.open()
    calls = [one.invoices.create(draft(office.client_uid), key="order-1") for one in both for _ in range(10)]
    invoices = await asyncio.gather(*calls)
    assert len({invoice.id for invoice in invoices}) == 1
    assert office.made == 1


@on_both
async def test_other_request_under_the_same_key(office: JournalHarness) -> None:
    """The same key with a different request is an error that names the key and both requests, and sends nothing."""
    billingo, other = await office.open(), await office.open()
    made = await billingo.invoices.create(draft(office.client_uid), key="order-1")
    both = r"key 'order-1' has invoice [0-9]+ already.*fingerprint is [0-9a-f]{16}.*[0-9a-f]{16}.*nothing was sent"
    for one in (billingo, other):
        with pytest.raises(sdk.KeyConflictError, match=both) as caught:
            await one.invoices.create(draft(office.client_uid, price="9.99"), key="order-1")
        assert (caught.value.key, caught.value.result_id) == ("order-1", made.id)
        assert isinstance(caught.value, sdk.ConfigurationError)
    assert office.made == 1


async def test_other_request_at_the_same_moment(office: JournalHarness) -> None:
    """Where the first request has no invoice yet, the error says so, and the first one is made."""
    billingo = await office.open()
    first = asyncio.create_task(billingo.invoices.create(draft(office.client_uid), key="order-1"))
    await _job_begins()
    with pytest.raises(
        sdk.KeyConflictError, match=r"without an outcome yet .different: items.0..net_unit_price;"
    ) as caught:
        await billingo.invoices.create(draft(office.client_uid, price="9.99"), key="order-1")
    assert caught.value.result_id is None
    assert (await first).id
    assert office.made == 1


@on_both
async def test_refusal_frees_the_key(office: JournalHarness) -> None:
    """A request that the server refused made no invoice, so the key may be used again, even for a corrected request."""
    billingo = await office.open()
    with pytest.raises(sdk.InvalidRequestError):
        await billingo.invoices.create(draft(office.client_uid + 1), key="order-1")
    assert (await billingo.invoices.create(draft(office.client_uid), key="order-1")).id
    assert office.made == 1


@on_both
async def test_never_sent_frees_the_key(office: JournalHarness) -> None:
    """A connection that could not be made is reported as such, and the key may be tried again."""
    billingo = await office.open(max_retries=0)
    office.sandbox.faults.next("invoices.create", Fault.refuse_connection())
    with pytest.raises(sdk.ConnectionFailedError):
        await billingo.invoices.create(draft(office.client_uid), key="order-1")
    assert (await billingo.invoices.create(draft(office.client_uid), key="order-1")).id
    assert office.made == 1


@on_both
async def test_cancelled_caller_does_not_lose_the_invoice(office: JournalHarness) -> None:
    """A caller who is cancelled while the request is on the wire leaves a key that has its invoice all the same."""
    billingo = await office.open()
    await billingo.invoices.create(draft(office.client_uid), key="order-0")
    on_the_wire = asyncio.Event()
    office.on_attempt = lambda _: on_the_wire.set()
    call = asyncio.create_task(billingo.invoices.create(draft(office.client_uid, "cancelled"), key="order-1"))
    await on_the_wire.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    invoice = await billingo.invoices.create(draft(office.client_uid, "cancelled"), key="order-1")
    assert invoice.comment == "cancelled"
    assert office.made == 2


async def test_key_without_journal() -> None:
    """A key, and a run over many, need a journal; the error shows how to pass one."""
    async with sdk.Billingo("public", "private-key-of-at-least-32-bytes-here") as billingo:
        with pytest.raises(sdk.ConfigurationError, match=r"Billingo\(journal=Journal\("):
            await billingo.invoices.create(draft(1), key="order-1")
        with pytest.raises(sdk.ConfigurationError, match="create_many needs a journal"):
            billingo.invoices.create_many({})


@pytest.mark.parametrize(
    "key", ["", "  ", "k" * 201, "a\nb", "a\x00b", "\ud800", 7, " a", "a\u00a0b", "a\u200bb", "a\ufe0f"]
)
async def test_keys_that_are_none(office: JournalHarness, key: Any) -> None:
    """A key that is empty, too long, not printable or no text is refused before anything is written or sent."""
    billingo = await office.open()
    with pytest.raises(ValueError, match="a key must be a text of 1 to 200 printable characters"):
        await billingo.invoices.create(draft(office.client_uid), key=key)
    assert office.made == 0


@pytest.mark.parametrize(
    "word",
    [{"happened": "no"}, {"happened": 0}, {"force": "no", "happened": True}, {"result_id": "5"}, {"result_id": 0}],
)
async def test_a_persons_word_is_taken_as_it_is_meant(office: JournalHarness, word: dict[str, Any]) -> None:
    """Any text counts as true, and "no" would be a yes for ever: what is no bool, or no id, is refused by name."""
    billingo = await office.open()
    office.sandbox.faults.next("invoices.send", Fault.drop_before_read())
    invoice = await billingo.invoices.create(draft(office.client_uid))
    with pytest.raises(sdk.OutcomeUnknownError):
        await billingo.invoices.send(invoice.id, key="order-1")
    with pytest.raises(ValueError, match=f"{next(iter(word))} .*must be"):
        await billingo.resolve("order-1", operation="invoices.send", **word)
    record = await journal_of(billingo).look_up("order-1", operation="invoices.send")
    assert record.state == "doubt"


@pytest.mark.parametrize("result", ["{", "[]", "nonsense"])
async def test_a_result_that_was_damaged_on_the_disk(office: JournalHarness, result: str) -> None:
    """It is told as the journal's failure, with what to do; nothing is sent, and the raw text is not repeated."""
    billingo = await office.open()
    await billingo.invoices.create(draft(office.client_uid), key="order-1")
    session = await session_of(billingo)
    damage = KEYS.update().values(result=result)
    await session.writer.run(lambda connection: connection.execute(damage))
    for call in (
        billingo.invoices.create(draft(office.client_uid), key="order-1"),
        journal_of(billingo).look_up("order-1"),
    ):
        with pytest.raises(sdk.JournalError, match="damaged: put a backup"):
            await call
    assert office.made == 1


async def test_closed_object_opens_no_journal(office: JournalHarness, tmp_path: Path) -> None:
    """On a closed object every call about keys says so, and neither opens the journal nor leaves a task behind."""
    billingo = await office.open()
    run = billingo.invoices.create_many({"order-1": draft(1)})
    await billingo.aclose()
    before = asyncio.all_tasks()
    calls = (billingo.invoices.create(draft(1), key="order-1"), anext(aiter(run)), billingo.resolve("order-1"))
    for call in calls:
        with pytest.raises(sdk.ConfigurationError, match="this Billingo object is closed"):
            await call
    assert asyncio.all_tasks() == before
    assert not (tmp_path / "invoices.db").exists()


@on_both
async def test_who_gives_up_before_anything_left_makes_nothing(office: JournalHarness) -> None:
    """A caller who is cancelled while the key is still being claimed makes no invoice; the key stays free."""
    billingo = await office.open()
    call = asyncio.create_task(billingo.invoices.create(draft(office.client_uid), key="order-1"))
    await _job_begins()
    call.cancel()
    await asyncio.wait([call])
    assert call.cancelled()
    await billingo.aclose()
    assert office.made == 0
    await (await office.open()).invoices.create(draft(office.client_uid), key="order-1")
    assert office.made == 1


async def test_journal_that_is_an_address() -> None:
    """An address in the journal's place is refused with what to write instead."""
    address: Any = "sqlite+aiosqlite:///invoices.db"
    with pytest.raises(sdk.ConfigurationError, match=r'journal=Journal\("sqlite'):
        sdk.Billingo("public", "private-key-of-at-least-32-bytes-here", journal=address)


@on_both
async def test_other_account(office: JournalHarness) -> None:
    """A key of one account is not settled with the keys of another: it is an error, and nothing is sent."""
    billingo = await office.open(max_retries=0)
    office.sandbox.faults.add("invoices.query", Fault.answer(403), times=2)
    office.sandbox.faults.next("invoices.create", Fault.drop_after_commit())
    with pytest.raises(sdk.OutcomeUnknownError):
        await billingo.invoices.create(draft(office.client_uid), key="order-1")
    office.sandbox.faults.clear()
    stranger = await office.open(public_key="stranger")
    with pytest.raises(sdk.ConfigurationError, match="of another account"):
        await stranger.invoices.create(draft(office.client_uid), key="order-1")
    assert office.made == 1
