"""Rows that go while a list is read: what this process deletes hides nothing, what others delete is found out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest
from paged_source import Row

from billingo_async import AsyncPager, BillingoError
from billingo_async.paging import MAX_PASSES, Deletions
from billingo_async.protocol.decoders import Rows

pytestmark = pytest.mark.jumping
SIZE = 10


@dataclass
class Table:
    """The rows of a server, page by page as they are at the moment, with a total or without."""

    ids: list[int]
    tells_total: bool = False
    deletions: Deletions = field(default_factory=Deletions)
    fetched: list[int] = field(default_factory=list[int])
    shrinks: list[int] = field(default_factory=list[int])
    """What others delete before each further page."""

    async def page(self, number: int) -> Rows[Row]:
        """Answer a page, after the others have deleted theirs."""
        if self.fetched and self.shrinks:
            self.ids.remove(self.shrinks.pop(0))
        self.fetched.append(number)
        await asyncio.sleep(1)
        rows = [Row(id) for id in self.ids[(number - 1) * SIZE : number * SIZE]]
        return Rows(rows, len(rows) == SIZE, len(self.ids) if self.tells_total else None)

    async def delete(self, id: int) -> None:
        """Delete a row, as this process does."""
        with self.deletions.one():
            await asyncio.sleep(1)
            self.ids.remove(id)

    def pager(self, read_ahead: int = 1) -> AsyncPager[Row]:
        """List the rows."""
        return AsyncPager(self.page, size=SIZE, read_ahead=read_ahead, deletions=self.deletions)


@pytest.mark.parametrize("read_ahead", [0, 1, 3])
@pytest.mark.parametrize("count", [1, 9, 10, 11, 24, 30, 120])
async def test_deleting_every_row_that_is_listed_leaves_none(count: int, read_ahead: int) -> None:
    """Each deletion moves the rest forward by one, and the page behind is found all the same."""
    table = Table(list(range(count)))
    async for row in table.pager(read_ahead):
        await table.delete(row.id)
    assert table.ids == []


@pytest.mark.parametrize("read_ahead", [0, 1, 3])
@pytest.mark.parametrize("step", [2, 3, 7])
async def test_deleting_some_hides_no_other(step: int, read_ahead: int) -> None:
    """Every row that stays is listed, and each of them once."""
    table = Table(list(range(77)))
    seen: list[int] = []
    async for row in table.pager(read_ahead):
        seen.append(row.id)
        if row.id % step == 0:
            await table.delete(row.id)
    assert sorted(seen) == list(range(77))


async def test_deleting_at_the_same_time_hides_no_other() -> None:
    """Deletions that another task begins and ends while pages are on their way."""
    table = Table(list(range(95)))

    async def clear() -> None:
        for id in range(0, 95, 2):
            await table.delete(id)

    clearing = asyncio.create_task(clear())
    seen = [row.id async for row in table.pager()]
    await clearing
    assert set(range(1, 95, 2)) <= set(seen)
    assert len(seen) == len(set(seen))


async def test_the_total_tells_of_rows_that_others_delete() -> None:
    """Where the API tells totals, a page that has moved is read again, and no row that stays is missed."""
    table = Table(list(range(45)), tells_total=True, shrinks=[0, 1, 2])
    assert {row.id async for row in table.pager(0)} >= set(range(3, 45))
    blind = Table(list(range(45)), shrinks=[0, 1, 2])
    assert not {row.id async for row in blind.pager(0)} >= set(range(3, 45))


async def test_verifying_reads_until_two_passes_agree() -> None:
    """Without a total, rows that others delete show when the list is read once more."""
    table = Table(list(range(45)), shrinks=[0, 1, 2])
    assert [row.id for row in await table.pager(0).to_list(verify=True)] == list(range(3, 45))


async def test_a_list_that_never_rests_is_given_up() -> None:
    """Ten passes at most, then an error: a list that may have gaps is not handed out as whole."""
    table = Table(list(range(500)), shrinks=list(range(400)))
    with pytest.raises(BillingoError, match="was read 10 times and changed each time"):
        await table.pager(0).to_list(limit=10, verify=True)
    assert table.fetched == [1] * MAX_PASSES


async def test_a_row_that_could_not_be_deleted_hides_nothing() -> None:
    """A deletion that fails may have happened: pages are read again for nothing, and no row is lost or doubled."""
    table = Table(list(range(35)))
    seen: list[int] = []
    async for row in table.pager():
        seen.append(row.id)
        with pytest.raises(ZeroDivisionError), table.deletions.one():
            raise ZeroDivisionError
    assert seen == list(range(35))
