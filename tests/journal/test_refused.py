"""A database that refuses: what it was to hold, or everything, for it is full or locked."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from drafts import draft
from journal_harness import POSTGRESQL, claim_of, on_both, on_postgresql, result_of, writing
from searching import found, shown_by
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from billingo_async import JournalError, OutcomeUnknownError
from billingo_async.journal import connections
from billingo_async.journal.claims import MINE
from billingo_async.journal.tables import State
from billingo_async.sandbox.books import Books
from billingo_async.v2.once.create import InvoicesCreate

if TYPE_CHECKING:
    from journal_harness import JournalHarness

BEYOND = 2**63 + 5
"""An id that no column holds."""
TAKEN = 70_123_456
"""One that another key has."""
FULL = (
    """CREATE OR REPLACE FUNCTION billingo_full() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION USING errcode = '53100', message = 'no space left'; END $$""",
    "CREATE TRIGGER billingo_full BEFORE INSERT ON billingo_keys FOR EACH ROW EXECUTE FUNCTION billingo_full()",
)
LOCKED = (f"SELECT pg_advisory_xact_lock({connections._LOCK})",)


@on_both
@pytest.mark.parametrize("id", [BEYOND, TAKEN], ids=["beyond all columns", "another key's"])
async def test_one_value_spoils_one_key(database: str, id: int) -> None:
    """A result that the database does not take fails alone, told in words that quote no order."""
    async with writing(database) as writer:
        for key in "abc":
            await writer.claim(claim_of(key))
        results = [result_of("a", State.DONE, TAKEN, "FIRST"), result_of("b", State.DONE, id, "ODD")]
        writes: list[Any] = [*map(writer.record, results), writer.claim(claim_of("d"))]
        writes.append(writer.record(result_of("c", State.DONE, 3, "LAST")))
        first, odd, claimed, last = await asyncio.gather(*writes, return_exceptions=True)
    assert (first, claimed, last) == (None, MINE, None)
    assert isinstance(odd, JournalError)
    assert found(shown_by(odd), ["FIRST", "ODD", "LAST"]) == []
    assert str(id) not in str(odd)


@on_postgresql
@pytest.mark.parametrize(("statements", "words"), [(FULL, "no space left"), (LOCKED, "lock timeout")])
async def test_postgresql_that_is_full_or_locked(
    office: JournalHarness, monkeypatch: pytest.MonkeyPatch, statements: tuple[str, ...], words: str
) -> None:
    """Nothing is sent, and callers receive an error of this library's."""
    monkeypatch.setattr(connections, "BUSY_SECONDS", 1.0)
    billingo = await office.open(max_wait=2)
    await billingo.invoices.create(draft(office.client_uid), key="before")
    engine = create_async_engine(POSTGRESQL)
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
        if statements is FULL:
            await connection.commit()
        with pytest.raises(JournalError, match=words) as caught:
            await billingo.invoices.create(draft(office.client_uid, "another"), key="order-1")
        await connection.rollback()
        await connection.execute(text("DROP FUNCTION IF EXISTS billingo_full CASCADE"))
        await connection.commit()
    await engine.dispose()
    assert (caught.value.sent, office.made) == (False, 1)


async def test_an_id_beyond_all_columns_stays_in_doubt(office: JournalHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named, and asking again finds it and makes no second one; other keys are done."""
    billingo = await office.open()
    await billingo.invoices.create(draft(office.client_uid, "before"), key="order-0")
    ids = count(BEYOND)

    def new_id(_: Books) -> int:
        return next(ids)

    with monkeypatch.context() as patch:
        patch.setattr(Books, "new_id", new_id)
        for _ in range(2):
            with pytest.raises(OutcomeUnknownError) as caught:
                await billingo.invoices.create(draft(office.client_uid, "ODD"), key="order-1")
            assert caught.value.candidates == (BEYOND,)
            assert found(shown_by(caught.value), ["ODD"]) == []
    later = await office.open()  # which looks at what the account has last
    await later.invoices.create(draft(office.client_uid, "after"), key="order-2")
    assert office.made == 3


@pytest.mark.parametrize("name", ["candidate", "dump", "id_of"])
async def test_what_was_made_but_cannot_be_written_down(
    office: JournalHarness, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Whatever fails after a request has left is told as doubt, with the id where it is known; then it is found."""
    billingo = await office.open()

    def fail(*_: object) -> Any:
        raise ValueError("ODD")

    with monkeypatch.context() as patch:
        patch.setattr(InvoicesCreate, name, fail)
        with pytest.raises(OutcomeUnknownError) as caught:
            await billingo.invoices.create(draft(office.client_uid, "ODD"), key="order-1")
    made = office.sandbox.ledger[-1].id
    assert caught.value.candidates == (() if name == "id_of" else (made,))
    assert found(shown_by(caught.value), ["ODD"]) == []
    assert (await billingo.invoices.create(draft(office.client_uid, "ODD"), key="order-1")).id == made


async def test_a_number_of_any_length(office: JournalHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """A number too long to be read as one tells no order, and fails nothing."""
    send = InvoicesCreate.send

    async def altered(*args: Any, **more: Any) -> Any:
        return (await send(*args, **more)).model_copy(update={"invoice_no": f"2026-{'9' * 5000}"})

    monkeypatch.setattr(InvoicesCreate, "send", altered)
    billingo = await office.open()
    invoice = await billingo.invoices.create(draft(office.client_uid), key="order-1")
    assert invoice.id == office.sandbox.ledger[-1].id
