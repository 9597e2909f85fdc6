"""A list that is read to prove that an invoice is not there: to its very end, or it proves nothing."""

from __future__ import annotations

import logging
from datetime import date
from typing import TYPE_CHECKING, cast

import pytest
from drafts import draft

from billingo_async import AsyncPager, Invoice
from billingo_async.journal.look import RestlessListError, _whole_list
from billingo_async.protocol.decoders import Rows
from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from bulk_office import Office

    from billingo_async.v2.resources.account import Account

TODAY = date(2026, 11, 21)
SIZE = 50


class Growing:
    """An account whose list has the newest first, and to which others add before each further page."""

    def __init__(self, rows: int, *added: int) -> None:
        """Begin with so many rows; `added` says how many come before the second page, the third and so on."""
        self.newest = rows
        self.added = list(added)
        self.asked = 0

    def query(self, first: date, last: date, *, page: int) -> AsyncPager[Invoice]:
        """List as the account does."""
        assert first == last == TODAY
        return AsyncPager(self.page, page=page, size=SIZE)

    async def page(self, number: int) -> Rows[Invoice]:
        """Answer one page."""
        if self.asked:
            self.newest += self.added.pop(0) if len(self.added) > 1 else sum(self.added)
        self.asked += 1
        newest_first = range(self.newest, 0, -1)[(number - 1) * SIZE : number * SIZE]
        rows = [Invoice.model_validate({"id": number}) for number in newest_first]
        return Rows(rows, len(rows) >= SIZE)


async def listed(account: Growing) -> set[int]:
    """Read the whole list and say which rows it told."""
    return {invoice.id async for invoice in _whole_list(cast("Account", account), TODAY, TODAY)}


@pytest.mark.parametrize("added", [(), (1, 0), (SIZE, 0), (SIZE, SIZE, 0), (3 * SIZE, 0)], ids=str)
async def test_rows_that_come_meanwhile_hide_none(added: tuple[int, ...]) -> None:
    """Others push the list on by pages while it is read; each row that was there at the beginning is told."""
    assert set(range(1, 121)) <= await listed(Growing(120, *added))


async def test_a_list_that_is_never_still_proves_nothing() -> None:
    """Where a whole page is added before each page that is asked for, nobody can say what is not there."""
    with pytest.raises(RestlessListError, match="faster than it can be read"):
        await listed(Growing(120, SIZE))


async def test_a_log_that_fails_costs_no_invoice(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
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
    assert lines == ["the journal could not see what the account holds: PermissionDeniedError"]
