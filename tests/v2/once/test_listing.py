"""A list that is read to prove that an invoice is not there: to its very end, or it proves nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qsl

import pytest

from billingo_async import Invoice
from billingo_async.journal.port import Account, RestlessListError
from billingo_async.protocol.decoders import Rows
from billingo_async.v2.api import API
from billingo_async.v2.once.create import InvoicesCreate

if TYPE_CHECKING:
    from billingo_async.protocol.call import Call
    from billingo_async.transport.dispatch import Dispatch

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()
SIZE = 50


class Growing:
    """A dispatch whose account has the newest first, and to which others add before each further page."""

    settings: Final = None
    auth: Final = SimpleNamespace(account="account", accepted_for=None)
    sender: Final = SimpleNamespace(api=API)

    def __init__(self, rows: int, *added: int) -> None:
        """Begin with so many rows; `added` says how many come before the second page, the third and so on."""
        self.newest = rows
        self.added = list(added)
        self.asked = 0

    async def run(self, call: Call[Any], **_: object) -> Rows[Invoice]:
        """Answer one page of the days that are asked for."""
        asked = dict(parse_qsl(call.query))
        assert (asked["start_date"], asked["end_date"]) == ("2026-11-21", "2026-11-21")
        return await self.page(int(asked["page"]))

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
    creation = InvoicesCreate(Account(cast("Dispatch", account)))
    return {invoice.id async for invoice in creation.between(NOON, NOON)}


@pytest.mark.parametrize("added", [(), (1, 0), (SIZE, 0), (SIZE, SIZE, 0), (3 * SIZE, 0)], ids=str)
async def test_rows_that_come_meanwhile_hide_none(added: tuple[int, ...]) -> None:
    """Others push the list on by pages while it is read; each row that was there at the beginning is told."""
    assert set(range(1, 121)) <= await listed(Growing(120, *added))


async def test_a_list_that_is_never_still_proves_nothing() -> None:
    """Where a whole page is added before each page that is asked for, nobody can say what is not there."""
    with pytest.raises(RestlessListError, match="faster than it can be read"):
        await listed(Growing(120, SIZE))
