"""A list in pages: awaited for its first page, iterated for every row, to the end and no further."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

import pytest
from paged_source import PagedSource, Row, rows, source_of

from billingo_async import AsyncPager

pytestmark = pytest.mark.jumping


async def test_awaiting_brings_the_first_page_alone() -> None:
    """One request, and word of whether there is more."""
    source = source_of(7)
    page = await source.pager()
    assert (list(page), page.page, page.has_next) == (rows([1, 2, 3]), 1, True)
    assert source.numbers == [1]


async def test_pager_can_be_used_again() -> None:
    """Each use starts from the first page."""
    pager = source_of(4).pager()
    assert await pager.to_list() == await pager.to_list() == [row async for row in pager]


@pytest.mark.parametrize("read_ahead", [0, 1, 8])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 6, 7, 30, 31])
async def test_every_row_comes_once_and_in_order(count: int, read_ahead: int) -> None:
    """Whatever is read ahead, and wherever the last row stands on its page."""
    pager = source_of(count).pager(read_ahead=read_ahead)
    assert [row.id async for row in pager] == list(range(1, count + 1))


@pytest.mark.parametrize(
    ("count", "requests"), [(0, [1]), (2, [1]), (3, [1, 2]), (4, [1, 2]), (6, [1, 2, 3]), (7, [1, 2, 3])]
)
async def test_end_is_a_short_or_an_empty_page(count: int, requests: list[int]) -> None:
    """A short page is the last; rows that end just on a page's edge are followed by an empty one."""
    source = source_of(count)
    assert len(await source.pager(read_ahead=0).to_list()) == count
    assert source.numbers == requests


async def test_later_page_to_begin_with() -> None:
    """A caller who left off at a page goes on there."""
    source = source_of(8)
    pager = source.pager(page=2)
    assert (await pager).page == 2
    assert [row.id async for row in pager] == [4, 5, 6, 7, 8]


async def test_pages_come_one_by_one() -> None:
    """Each with its number, and the last one says that it is."""
    value = [(page.page, [row.id for row in page], page.has_next) async for page in source_of(5).pager().pages()]
    assert value == [(1, [1, 2, 3], True), (2, [4, 5], False)]


async def test_row_that_moved_to_the_next_page_comes_once() -> None:
    """A row was added meanwhile, so the last row of page 1 is the first of page 2."""
    source = PagedSource([rows([9, 8, 7]), rows([7, 6, 5]), rows([4])])
    assert [row.id async for row in source.pager()] == [9, 8, 7, 6, 5, 4]


async def test_row_that_is_twice_on_a_page_comes_once() -> None:
    """The first of the two is the one that comes, at its place."""
    source = PagedSource([[Row(1, "first"), Row(2), Row(1, "second")], rows([3])])
    assert await source.pager().to_list() == [Row(1, "first"), Row(2), Row(3)]


@pytest.mark.parametrize("read_ahead", [0, 1])
async def test_server_that_repeats_a_page_is_not_asked_for_ever(read_ahead: int) -> None:
    """One that ignores the page's number ends the list with its second answer."""
    source = PagedSource([rows([1, 2, 3])] * 100)
    assert [row.id async for row in source.pager(read_ahead=read_ahead)] == [1, 2, 3]
    assert len(source.numbers) <= 2 + read_ahead


async def test_server_that_sends_longer_pages_loses_no_row() -> None:
    """More rows than were asked for are taken as they come."""
    source = PagedSource([rows(range(1, 6)), rows(range(6, 11)), []])
    assert [row.id async for row in source.pager()] == list(range(1, 11))


@pytest.mark.parametrize(
    ("limit", "count", "requests"), [(0, 0, []), (1, 1, [1]), (3, 3, [1]), (4, 4, [1, 2]), (99, 7, [1, 2, 3])]
)
async def test_list_can_be_limited(limit: int, count: int, requests: list[int]) -> None:
    """The first so many rows, and no page is asked for that they are not on."""
    source = source_of(7)
    assert await source.pager().to_list(limit=limit) == rows(range(1, count + 1))
    assert source.numbers == requests


async def test_reading_ahead_does_not_go_beyond_the_limit() -> None:
    """Eight pages ahead are not asked for where the rows wanted are on two."""
    source = source_of(60)
    assert await source.pager(read_ahead=8).to_list(limit=5) == rows(range(1, 6))
    assert source.numbers == [1, 2]


async def test_limited_list_reads_on_where_rows_came_twice() -> None:
    """The guess of how many pages are needed may be too low, and the list is full all the same."""
    source = PagedSource([rows([1, 2, 3]), rows([3, 2, 4]), rows([5, 6, 7]), rows([8])])
    assert [row.id for row in await source.pager().to_list(limit=6)] == [1, 2, 3, 4, 5, 6]
    assert source.numbers == [1, 2, 3]


@pytest.mark.parametrize("limit", [-1, 1.5, True, "5"])
async def test_limit_must_be_whole(limit: Any) -> None:
    """It is refused before anything is asked."""
    source = source_of(7)
    with pytest.raises(ValueError, match="limit must be a whole number of at least 0, got"):
        await source.pager().to_list(limit=limit)
    assert source.requested == []


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"page": 0}, "page must be a whole number of at least 1, got 0"),
    ({"page": -1}, "page must be a whole number of at least 1, got -1"),
    ({"read_ahead": -1}, "read_ahead must be a whole number of at least 0, got -1"),
    ({"read_ahead": 0.5}, r"read_ahead must be a whole number of at least 0, got 0\.5"),
]


@pytest.mark.parametrize(("options", "message"), WRONG)
async def test_page_that_the_api_would_refuse_is_refused_at_once(options: dict[str, Any], message: str) -> None:
    """The message names the option, its bounds and what was passed; nothing is asked."""
    source = source_of(7)
    with pytest.raises(ValueError, match=f"^{message}$"):
        AsyncPager(source.fetch, size=50, **options)
    assert source.requested == []


@pytest.mark.parametrize("size", [1, 50])
async def test_bounds_of_the_page_size_are_allowed(size: int) -> None:
    """One row a page is slow, fifty is the API's maximum; both work."""
    source = source_of(60, size)
    assert len(await source.pager().to_list()) == 60


async def test_pages_can_be_closed_by_hand() -> None:
    """`aclosing` ends the reading at the place where it is left."""
    source = source_of(30)
    async with aclosing(source.pager(read_ahead=0).pages()) as pages:
        assert (await anext(pages)).page == 1
    assert source.numbers == [1]


async def test_a_pager_says_where_it_begins_and_how_it_is_used() -> None:
    """In a debugger it explains itself; it is true, as any object, and making it and looking at it ask nothing."""
    source = source_of(7)
    pager = AsyncPager(source.fetch, page=2, size=5)
    assert repr(pager) == (
        "<AsyncPager from page 2, 5 rows a page: write `async for row in pager` for every row, "
        "`await pager` for one page, `await pager.to_list()` for a list>"
    )
    assert bool(pager)
    assert source.requested == []
