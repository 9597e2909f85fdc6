"""Keys over API v3: one document per order, found again by its `vendor_id`, and doubt where the account cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from drafts import draft
from harness import v3_harness
from journal_harness import journal_of
from v3_cases import ITEM, V3_CASES

from billingo_async import Billingo as BillingoV2
from billingo_async import v3
from billingo_async.sandbox import Fault
from billingo_async.v3 import operations
from billingo_async.v3.reconcile import KEYED

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from harness import Harness
    from jumping_clock import JumpingClock
    from v3_cases import Shop, V3Case


ONES = [case for case in V3_CASES if case.effect == "once"]
UNTOLD = {"documents.copy", "documents.send", "exports.create"}
"""Of these nothing tells afterwards whether they happened."""


@pytest.fixture
async def lab(jumping_clock: JumpingClock, tmp_path: Path) -> AsyncGenerator[Harness[v3.Billingo]]:
    """A harness with a journal in a file."""
    async with v3_harness(jumping_clock, journal=v3.Journal(f"sqlite:///{tmp_path / 'keys.db'}")) as lab:
        yield lab


async def do(case: V3Case, billingo: v3.Billingo, given: Any, key: str) -> Any:
    """Call the case's operation under a key."""
    noun, verb = case.name.split(".")
    method = getattr(getattr(billingo, noun), verb)
    arguments: list[Any] = [*given] if isinstance(given, tuple) else [given]
    if case.name == "documents.create_modification":
        arguments.append(v3.NewModification(items=(ITEM,)))
    return await method(*arguments, key=key)


async def given_for(case: V3Case, shop: Shop) -> Any:
    """What the operation is told."""
    import v3_cases as cases  # noqa: PLC0415 - its names are looked up

    written = {
        "partners.create": cases.PARTNER,
        "products.create": cases.PRODUCT,
        "bank_accounts.create": cases.BANK_ACCOUNT,
        "document_blocks.create": cases.BLOCK,
        "spendings.create": cases.SPENDING,
        "exports.create": cases.EXPORT,
    }
    return written.get(case.name) or await case.prepare(shop)


def test_every_operation_that_happens_once_takes_a_key() -> None:
    """The table of keyed operations has a line for each, and no other."""
    assert KEYED.keys() == {row.name for row in operations.TABLE if row.effect == "once"}


@pytest.mark.parametrize("case", ONES, ids=str)
async def test_a_key_is_carried_out_once(case: V3Case, lab: Harness[v3.Billingo]) -> None:
    """A second call, also by another object after a restart, returns the first one's result and sends nothing."""
    given = await given_for(case, lab.shop)
    first = await do(case, lab.billingo, given, "order-1")
    second = await do(case, lab.billingo, given, "order-1")
    assert second == first
    assert lab.sandbox.ledger.count(case.name) >= 1
    before = lab.sandbox.ledger.count(case.name)
    assert await do(case, lab.billingo, given, "order-1") == first
    assert lab.sandbox.ledger.count(case.name) == before
    record = await lab.billingo._journal.look_up("order-1", operation=case.name)  # type: ignore[union-attr]  # it has one
    assert (record.state, record.result) == ("done", first)


@pytest.mark.parametrize("case", ONES, ids=str)
async def test_an_answer_that_was_lost_is_found_or_stays_in_doubt(case: V3Case, lab: Harness[v3.Billingo]) -> None:
    """Dropped after the commit: the account is asked, nothing is made twice, what leaves no trace stays in doubt."""
    given = await given_for(case, lab.shop)
    before = lab.sandbox.ledger.count(case.name)
    lab.sandbox.faults.next(case.name, Fault.drop_after_commit())
    if case.name in UNTOLD:
        with pytest.raises(v3.OutcomeUnknownError):
            await do(case, lab.billingo, given, "order-1")
        with pytest.raises(v3.OutcomeUnknownError):
            await do(case, lab.billingo, given, "order-1")
    else:
        result = await do(case, lab.billingo, given, "order-1")
        if result is not None and case.name.startswith(("documents.", "receipts.")):
            assert result.id == lab.sandbox.ledger.of(case.name)[-1].id or result.invoice_number
    assert lab.sandbox.ledger.count(case.name) - before == 1


@pytest.mark.parametrize("case", [case for case in ONES if case.name not in UNTOLD], ids=str)
async def test_what_was_not_done_is_sent_again_after_two_looks(case: V3Case, lab: Harness[v3.Billingo]) -> None:
    """Dropped before it was read: nothing is found twice, not before `timeout` has passed, and then it is made once."""
    given = await given_for(case, lab.shop)
    before, began = lab.sandbox.ledger.count(case.name), lab.clock.seconds
    lab.sandbox.faults.next(case.name, Fault.drop_before_read())
    await do(case, lab.billingo, given, "order-1")
    assert lab.sandbox.ledger.count(case.name) - before == 1
    assert lab.clock.seconds - began >= 30.0


async def test_a_document_carries_its_key_as_vendor_id(lab: Harness[v3.Billingo]) -> None:
    """Unless the caller has set one."""
    order = await lab.shop.order()
    made = await lab.billingo.documents.create(order, key="order-1")
    assert (await lab.billingo.documents.by_vendor_id("order-1")).id == made.id
    own = order.model_copy(update={"vendor_id": "own"})
    other = await lab.billingo.documents.create(own, key="order-2")
    assert (await lab.billingo.documents.by_vendor_id("own")).id == other.id


async def test_two_documents_under_one_id_are_doubt(lab: Harness[v3.Billingo]) -> None:
    """One was made by another program meanwhile: neither is adopted, both are named, and nothing more is sent."""
    order = await lab.shop.order()
    lab.sandbox.faults.next("documents.create", Fault.drop_after_commit())
    lab.sandbox.faults.add("documents.by_vendor_id", Fault.answer(404, {}), times=1)
    lab.sandbox.faults.always("documents.list", Fault.nothing())
    twin = order.model_copy(update={"vendor_id": "order-1"})
    lost = lab.billingo.with_options(max_retries=0)
    with pytest.raises(v3.OutcomeUnknownError):
        await lost.documents.create(order, key="order-1")
    await lab.billingo.documents.create(twin)
    with pytest.raises(v3.OutcomeUnknownError) as caught:
        await lab.billingo.documents.create(order, key="order-1")
    assert len(caught.value.candidates) == 2
    assert lab.sandbox.ledger.count("documents.create") == 2


async def test_orders_that_differ_in_their_comments_alone_are_told_apart(lab: Harness[v3.Billingo]) -> None:
    """All lines drop after the commit: each key adopts its own document, for a repeated request repeats its comment."""
    order = await lab.shop.order()
    orders = {f"order-{number}": order.model_copy(update={"comment": f"Order {number}"}) for number in range(5)}
    lab.sandbox.faults.add("documents.create", Fault.drop_after_commit(), times=5)
    outcomes = [outcome async for outcome in lab.billingo.documents.create_many(orders)]
    ids = {outcome.key: (await lab.billingo.documents.by_vendor_id(outcome.key)).id for outcome in outcomes}
    assert {outcome.key: outcome.result and outcome.result.id for outcome in outcomes} == ids
    assert lab.sandbox.ledger.count("documents.create") == 5


async def test_a_document_that_is_not_what_was_asked_for_is_never_adopted(lab: Harness[v3.Billingo]) -> None:
    """The key is used elsewhere as a vendor id for another sum: that document is not this order's."""
    order = await lab.shop.order()
    item = order.items[0].model_copy(update={"unit_price": 5_000})
    other = order.model_copy(update={"vendor_id": "order-1", "items": (item,)})
    made = await lab.billingo.documents.create(other)
    with pytest.raises(v3.OutcomeUnknownError) as caught:
        await lab.billingo.documents.create(order, key="order-1")
    assert caught.value.candidates == (made.id,)
    assert lab.sandbox.ledger.count("documents.create") == 1


async def test_a_document_that_is_there_under_the_key_is_the_orders(lab: Harness[v3.Billingo]) -> None:
    """A journal that was lost costs no second invoice: what the account has under the key is taken for what it is."""
    order = await lab.shop.order()
    made = await lab.billingo.documents.create(order.model_copy(update={"vendor_id": "order-1"}))
    assert (await lab.billingo.documents.create(order, key="order-1")).id == made.id
    assert lab.sandbox.ledger.count("documents.create") == 1


async def test_a_cancelled_document_is_not_cancelled_again(lab: Harness[v3.Billingo]) -> None:
    """The server may make a second storno: another key for the same document is refused before it is sent."""
    document = await lab.shop.document()
    await lab.billingo.documents.cancel(document, reason="a", key="order-1")
    with pytest.raises(v3.InvalidRequestError, match="cancelled already"):
        await lab.billingo.documents.cancel(document, key="order-2")
    with pytest.raises(v3.KeyConflictError):
        await lab.billingo.documents.cancel(document, reason="b", key="order-1")
    assert lab.sandbox.ledger.count("documents.cancel") == 1


async def test_a_person_can_say_what_became_of_a_mail(lab: Harness[v3.Billingo]) -> None:
    """To whom it went is not known: the result is an empty list, for ever."""
    document = await lab.shop.document()
    lab.sandbox.faults.next("documents.send", Fault.drop_after_commit())
    with pytest.raises(v3.OutcomeUnknownError):
        await lab.billingo.documents.send(document, key="order-1")
    record = await lab.billingo.resolve("order-1", operation="documents.send", happened=True)
    assert (record.state, record.result) == ("done", [])
    assert await lab.billingo.documents.send(document, key="order-1") == []
    assert lab.sandbox.ledger.count("documents.send") == 1


async def test_one_order_has_one_document_whichever_counter(lab: Harness[v3.Billingo]) -> None:
    """A receipt under an invoice's key, and an invoice over v2, are refused by name; nothing is sent for them."""
    order, sandbox = await lab.shop.order(), lab.sandbox
    await lab.billingo.documents.create(order, key="order-1")
    with pytest.raises(v3.KeyConflictError, match=r"documents\.create already"):
        await lab.billingo.receipts.create(await lab.shop.receipt_order(), key="order-1")
    new = draft(lab.shop.account.client())
    keys, there = (sandbox.public_key, sandbox.private_key), "https://sandbox.invalid/api"
    async with BillingoV2(*keys, base_url=there, http_client=lab.caller, journal=journal_of(lab.billingo)) as v2:
        v2._dispatch.server_clock._local = lab.clock.unix
        with pytest.raises(v3.KeyConflictError, match=r"documents\.create already"):
            await v2.invoices.create(new, key="order-1")
        await v2.invoices.create(new, key="order-2")
        with pytest.raises(v3.KeyConflictError, match=r"invoices\.create already"):
            await lab.billingo.documents.create(order, key="order-2")
    assert sandbox.ledger.count("documents.create") == 1
    assert sandbox.ledger.count("invoices.create") == 1


async def test_a_journal_that_was_lost_is_recovered_by_its_keys(lab: Harness[v3.Billingo], tmp_path: Path) -> None:
    """What the account has under a key is the key's again, so that calling again sends nothing."""
    order = await lab.shop.order()
    made = await lab.billingo.documents.create(order, key="order-1")
    fresh, address = v3.Journal(f"sqlite:///{tmp_path / 'fresh.db'}"), "https://sandbox.invalid/v3"
    async with v3.Billingo(lab.sandbox.api_key, base_url=address, http_client=lab.caller, journal=fresh) as billingo:
        assert await billingo.recover(["order-1", "..", "order-2"]) == 1
        assert (await billingo.documents.create(order, key="order-1")).id == made.id
    assert lab.line.tries["documents.create"] == 1
    with pytest.raises(ValueError, match="a key must be"):
        await lab.billingo.recover(["order-1", ""])


async def test_an_answer_with_another_orders_number_is_no_orders_own(lab: Harness[v3.Billingo]) -> None:
    """A proxy gives one order the other's answer: with a key each has its own document, without one it is doubt."""
    order = await lab.shop.order()
    orders = [order.model_copy(update={"comment": f"Thanks for shopping here\\nOrder {number}"}) for number in (1, 2)]
    first = await lab.billingo.documents.create(orders[0], key="order-1")
    crossed = Fault.answer(201, {"id": first.id, "comment": orders[0].comment}, processed=True)
    lab.sandbox.faults.next("documents.create", crossed)
    second = await lab.billingo.documents.create(orders[1], key="order-2")
    assert (second.id, second.comment) == (lab.sandbox.ledger[-1].id, orders[1].comment)
    lab.sandbox.faults.next("documents.create", crossed)
    with pytest.raises(v3.OutcomeUnknownError, match="another comment") as caught:
        await lab.billingo.documents.create(orders[1])
    assert caught.value.raw is not None
    assert lab.sandbox.ledger.count("documents.create") == 3


@pytest.mark.parametrize("key", [None, "order-1"])
async def test_a_comment_that_an_honest_server_alters_is_no_doubt(key: str | None, lab: Harness[v3.Billingo]) -> None:
    """A note behind it, on the same line: the document is returned, and made once."""
    order = (await lab.shop.order()).model_copy(update={"comment": "Order 1"})
    lab.sandbox.faults.always("documents.create", Fault.append_to_comment(" - webshop"))
    made = await lab.billingo.documents.create(order, key=key)
    assert [entry.id for entry in lab.sandbox.ledger.of("documents.create")] == [made.id]


@pytest.mark.parametrize(
    ("key", "vendor_id", "comment", "candidates"),
    [("order-7/a", "order-7", "part one", 0), (None, None, "Order 1", 1)],
    ids=["of another key with this vendor id", "of another order"],
)
async def test_a_look_that_tells_another_document_proves_nothing(
    key: str | None, vendor_id: str | None, comment: str, candidates: int, lab: Harness[v3.Billingo]
) -> None:
    """The line dropped after the commit, and its vendor id tells another document: nothing is taken, nothing sent."""
    order = (await lab.shop.order()).model_copy(update={"vendor_id": vendor_id} if vendor_id else {})
    first = await lab.billingo.documents.create(order.model_copy(update={"comment": comment}), key=key)
    told = Fault.answer(200, {"id": first.id, "comment": comment})
    lab.sandbox.faults.next("documents.by_vendor_id", Fault.answer(404, {}), *[told] * 6)
    lab.sandbox.faults.next("documents.create", Fault.drop_after_commit())
    mine = order.model_copy(update={"comment": "part two" if key else "Order 2"})
    for _ in range(2):
        with pytest.raises(v3.OutcomeUnknownError) as caught:
            await lab.billingo.documents.create(mine, key="order-7/b")
        assert caught.value.candidates == (first.id,) * candidates
    assert lab.sandbox.ledger.count("documents.create") == 2


async def test_a_recovered_key_keeps_its_comment(lab: Harness[v3.Billingo], tmp_path: Path) -> None:
    """Asked for with another comment it conflicts; with the one that a server has altered it is the same order."""
    order = (await lab.shop.order()).model_copy(update={"comment": "Order 1"})
    lab.sandbox.faults.always("documents.create", Fault.append_to_comment(" - webshop"))
    made = await lab.billingo.documents.create(order, key="order-1")
    fresh, address = v3.Journal(f"sqlite:///{tmp_path / 'fresh.db'}"), "https://sandbox.invalid/v3"
    async with v3.Billingo(lab.sandbox.api_key, base_url=address, http_client=lab.caller, journal=fresh) as billingo:
        await billingo.recover(["order-1"])
        for comment in ("Order 2", "Other words"):
            with pytest.raises(v3.KeyConflictError, match="different: comment"):
                await billingo.documents.create(order.model_copy(update={"comment": comment}), key="order-1")
        assert (await billingo.documents.create(order, key="order-1")).id == made.id
