"""The run over many drafts: lazy, bounded, in completion order, never stopped by one of them, and resumed."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import pytest
from drafts import draft, drafts
from journal_harness import journal_of, on_both

from billingo_async import ConfigurationError, InvalidRequestError, KeyConflictError
from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator

    from journal_harness import JournalHarness

    from billingo_async import NewInvoice, Outcome

    Pair = tuple[str, NewInvoice]


async def _stream(pairs: Iterator[Pair]) -> AsyncIterator[Pair]:
    for pair in pairs:
        await asyncio.sleep(0)
        yield pair


def _closing(run: AsyncIterator[Outcome]) -> aclosing[AsyncGenerator[Outcome]]:
    generator: Any = run
    return aclosing(generator)


@pytest.mark.parametrize("given", [dict, list, iter, _stream], ids=["mapping", "list", "iterator", "async"])
async def test_every_kind_of_input(office: JournalHarness, given: Callable[[Iterator[Pair]], Any]) -> None:
    """A mapping, a list, a generator and an asynchronous generator all give an outcome for each key."""
    billingo = await office.open()
    entries = given(drafts(office.client_uid, 12))
    outcomes = [outcome async for outcome in billingo.invoices.create_many(entries, concurrency=5)]
    assert {outcome.key for outcome in outcomes} == {f"order-{number}" for number in range(12)}
    assert all(outcome.error is None and outcome.seconds > 0 for outcome in outcomes)
    assert {outcome.invoice.id for outcome in outcomes if outcome.invoice} == {
        entry.id for entry in office.sandbox.ledger.of("invoices.create")
    }


async def test_never_more_than_concurrency_in_hand(office: JournalHarness) -> None:
    """Of what was taken from the input, no more than `concurrency` is without an outcome that was handed out."""
    billingo = await office.open()
    taken = handed = most = 0

    def counted() -> Iterator[Pair]:
        nonlocal taken, most
        for pair in drafts(office.client_uid, 40):
            taken += 1
            most = max(most, taken - handed)
            yield pair

    async for _ in billingo.invoices.create_many(counted(), concurrency=7):
        handed += 1
        await asyncio.sleep(0)
    assert handed == 40
    assert most == 7


@on_both
async def test_bad_drafts_do_not_stop_the_run(office: JournalHarness) -> None:
    """What is no pair, no key, no invoice, refused, or another request under a known key has an error; others go on."""
    billingo = await office.open()
    await billingo.invoices.create(draft(office.client_uid), key="known")
    good, refused = draft(office.client_uid, "good"), draft(office.client_uid + 1)
    entries: list[Any] = [("a", good), "nonsense", (7, good), ("b", "no invoice"), ("c", refused), ("known", good)]
    outcomes = {o.key: o async for o in billingo.invoices.create_many([*entries, ("z", good)], concurrency=2)}
    kinds = {key: type(outcome.error) for key, outcome in outcomes.items()}
    assert kinds == {
        "a": type(None),
        "#2": TypeError,
        "#3": ValueError,
        "b": TypeError,
        "c": InvalidRequestError,
        "known": KeyConflictError,
        "z": type(None),
    }
    assert office.made == 3


@on_both
async def test_second_run_makes_only_what_is_missing(office: JournalHarness) -> None:
    """A run that was left in the middle is finished by running it again: every key once."""
    first, second = await office.open(), await office.open()
    async with _closing(first.invoices.create_many(drafts(office.client_uid, 30), concurrency=4)) as run:
        early = [await anext(run) for _ in range(10)]
    assert 10 <= office.made <= 14
    made = office.made
    late = [o async for o in second.invoices.create_many(drafts(office.client_uid, 30), concurrency=4)]
    assert office.made == 30
    assert len(early) == 10
    by_key = {outcome.key: outcome.invoice for outcome in late}
    assert all(by_key[outcome.key] == outcome.invoice for outcome in early)
    assert not any(outcome.was_there for outcome in early)
    there = {outcome.key for outcome in late if outcome.was_there}
    assert {outcome.key for outcome in early} <= there
    assert len(there) == made


@on_both
async def test_leaving_leaves_no_task(office: JournalHarness) -> None:
    """Leaving the loop finishes what is on the wire and leaves no task of the run behind."""
    billingo = await office.open()
    await billingo.invoices.create(draft(office.client_uid), key="order-0")
    before = asyncio.all_tasks()
    async with _closing(billingo.invoices.create_many(drafts(office.client_uid, 30, 1), concurrency=4)) as run:
        await anext(run)
    assert asyncio.all_tasks() == before


async def test_input_that_breaks(office: JournalHarness) -> None:
    """What goes wrong in the caller's generator is raised, after the outcomes of all that was taken before."""

    def broken() -> Iterator[Pair]:
        yield from drafts(office.client_uid, 3)
        raise OSError("the disk is gone")

    billingo = await office.open()
    keys: set[str] = set()
    async with _closing(billingo.invoices.create_many(broken(), concurrency=2)) as run:
        for _ in range(3):
            keys.add((await anext(run)).key)
        with pytest.raises(OSError, match="the disk is gone"):
            await anext(run)
    assert keys == {"order-0", "order-1", "order-2"}


async def test_what_the_input_awaits_is_cancelled_elsewhere(office: JournalHarness) -> None:
    """A draft of which this is true has failed, an input ends the run as it would end the caller's own loop."""
    billingo, elsewhere = await office.open(), asyncio.get_running_loop().create_future()
    elsewhere.cancel()

    async def never() -> NewInvoice:
        made: NewInvoice = await elsewhere
        return made

    async def broken() -> AsyncIterator[tuple[str, Any]]:
        yield "a", draft(office.client_uid)
        yield "b", never
        await elsewhere

    run = billingo.invoices.create_many(broken())
    errors = {outcome.key: type(outcome.error) for outcome in [await anext(run), await anext(run)]}
    assert errors == {"a": type(None), "b": RuntimeError}
    with pytest.raises(asyncio.CancelledError):
        await anext(run)
    assert office.made == 1


async def test_a_draft_that_ends_everything(office: JournalHarness) -> None:
    """It raises what is no `Exception`, as `pytest.fail` does: the run is not kept waiting for it."""
    billingo = await office.open()

    async def fail() -> NewInvoice:
        pytest.fail("no such order")

    outcomes = [o async for o in billingo.invoices.create_many([("a", fail), ("b", draft(office.client_uid))])]
    assert {outcome.key: outcome.error is None for outcome in outcomes} == {"a": False, "b": True}


async def test_cancelling_twice_cuts_off_nothing(office: JournalHarness) -> None:
    """What is on the wire is brought to its end and written down, however often the caller is cancelled."""
    billingo = await office.open()
    await billingo.invoices.create(draft(office.client_uid), key="before")
    office.sandbox.faults.next("invoices.create", Fault.delay(0.05))

    async def made() -> list[Outcome]:
        return [outcome async for outcome in billingo.invoices.create_many({"a": draft(office.client_uid)})]

    run, journal = asyncio.create_task(made()), journal_of(billingo)
    while office.made < 2:  # noqa: ASYNC110 - the sandbox has no event for it
        await asyncio.sleep(0)
    for _ in range(2):
        run.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await run
    await journal.aclose()
    assert (await journal.look_up("a")).state == "done"


@pytest.mark.parametrize("concurrency", [0, -1, 1.5, True, "10"])
async def test_concurrency_that_is_none(office: JournalHarness, concurrency: Any) -> None:
    """A concurrency that is no positive whole number is refused before anything is taken."""
    billingo = await office.open()
    with pytest.raises(ConfigurationError, match="concurrency must be a whole number of at least 1"):
        billingo.invoices.create_many({}, concurrency=concurrency)


async def test_input_of_the_wrong_kind(office: JournalHarness) -> None:
    """A text or a number in the input's place is refused."""
    billingo = await office.open()
    entries: Any
    for entries in ("orders.csv", 7, None):
        with pytest.raises(TypeError, match="needs a mapping or an iterable"):
            billingo.invoices.create_many(entries)


async def test_functions_that_make_the_invoice(office: JournalHarness) -> None:
    """In an invoice's place a function or coroutine function makes it when its turn has come; a failure is told."""
    billingo = await office.open()
    called: list[str] = []

    def now() -> NewInvoice:
        called.append("now")
        return draft(office.client_uid, "now")

    async def later() -> NewInvoice:
        called.append("later")
        client = await billingo.clients.get(office.client_uid)
        return draft(client.id, "later")

    async def never() -> NewInvoice:
        raise LookupError("no such order")

    entries: dict[str, Any] = {"a": now, "b": later, "c": never, "d": draft(office.client_uid, "plain")}
    outcomes = {one.key: one async for one in billingo.invoices.create_many(entries, concurrency=2)}
    assert {key: type(one.error) for key, one in outcomes.items()} == dict.fromkeys("abd", type(None)) | {
        "c": LookupError
    }
    assert sorted(called) == ["later", "now"]
    assert office.made == 3
    again = [one async for one in billingo.invoices.create_many({"b": later})]
    assert again[0].was_there
