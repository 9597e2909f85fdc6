"""Lists that come in pages: await one for its first page, iterate it for all; the next page is read ahead.

How an answer tells whether a page follows is its decoder's matter; here pages are joined, so that each row comes once
and none is lost to rows that this process deletes meanwhile. Knows no endpoint: a resource says how a page is fetched.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Hashable, Iterable, Sequence
from contextlib import aclosing, contextmanager
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, Protocol, TypeVar, overload
from weakref import WeakValueDictionary

from billingo_async.errors import BillingoError
from billingo_async.fields.arguments import check_int

if TYPE_CHECKING:
    from billingo_async.protocol.decoders import Rows

MAX_PASSES: Final = 10
"""How often a list is read, at most, until two readings agree."""


class HasId(Protocol):
    """Anything with an id, which tells rows apart."""

    @property
    def id(self) -> int:
        """The row's id."""
        ...


T = TypeVar("T")
R = TypeVar("R", bound=HasId)


class Page(Sequence[T]):
    """One page of a list: a sequence of its rows.

    Attributes:
        page: The page's number, 1 for the first.
        has_next: True if there may be more rows; where they end just on this page's edge, the next page is empty.
        total: How many rows the whole list has; None where the API does not tell, as API v2.

    """

    __slots__ = ("_rows", "has_next", "page", "total")

    def __init__(self, rows: Sequence[T], *, page: int, has_next: bool, total: int | None = None) -> None:
        """Keep the rows."""
        self._rows = tuple(rows)
        self.page: int = page
        self.has_next: bool = has_next
        self.total: int | None = total

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        """Return a row, or a tuple of rows."""
        return self._rows[index]

    def __len__(self) -> int:
        """Return how many rows the page holds."""
        return len(self._rows)

    def holding(self, rows: Iterable[T]) -> Page[T]:
        """Return the same page with only these of its rows."""
        return Page(tuple(rows), page=self.page, has_next=self.has_next, total=self.total)

    def __repr__(self) -> str:
        """Show where the page stands, and nothing of its rows."""
        return f"<Page {self.page}: {len(self)} rows{', more to come' if self.has_next else ''}>"


class Deletions:
    """How many rows of one list this process has deleted, and is deleting: they shift the pages behind them."""

    _known: Final[WeakValueDictionary[Hashable, Deletions]] = WeakValueDictionary()

    def __init__(self) -> None:
        """Begin with none."""
        self.begun: int = 0
        self.done: int = 0
        self._waiting: list[asyncio.Future[None]] = []

    @classmethod
    def of(cls, *key: Hashable) -> Deletions:
        """Return the one count of a list, which `key` names, for the whole process."""
        return cls._known.setdefault(key, cls())

    @contextmanager
    def one(self) -> Generator[None]:
        """Count one row that is deleted in this block; one that fails may have been deleted all the same."""
        self.begun += 1
        try:
            yield
        finally:
            self.done += 1
            if self.done == self.begun:
                waiting, self._waiting = self._waiting, []
                for quiet in waiting:
                    if not quiet.get_loop().is_closed():
                        quiet.get_loop().call_soon_threadsafe(_finish, quiet)

    async def quiet(self) -> None:
        """Return when no row is being deleted."""
        while self.done != self.begun:
            quiet = asyncio.get_running_loop().create_future()
            self._waiting.append(quiet)
            await quiet


def _finish(quiet: asyncio.Future[None]) -> None:
    if not quiet.done():
        quiet.set_result(None)


class _Fetched(NamedTuple, Generic[R]):
    """A page, and how many rows were deleted for certain when it was asked for and at most when it had come."""

    page: Page[R]
    deleted_before: int
    deleted_after: int


class _Coverage:
    """Up to which place of the list every row has been seen, as the list was after so many deletions."""

    def __init__(self, first: int, size: int) -> None:
        """Take the first page's number and the rows of a page; what stands before the first page is not wanted."""
        self._first, self._size = first, size
        self._places = (first - 1) * size
        self._deleted = 0
        self._total: int | None = None

    def join(self, fetched: _Fetched[R]) -> bool:
        """Add a page; False if rows may stand between it and what was seen before, so that some must be read again."""
        page = fetched.page
        lost = fetched.deleted_after - self._deleted
        if self._total is not None and page.total is not None:
            lost = max(lost, self._total - page.total)  # others delete, too
        self._total = page.total
        if page.page > self._first and (page.page - 1) * self._size > self._places - lost:
            self._places, self._deleted = self._places - lost, fetched.deleted_after
            return False
        self._places, self._deleted = page.page * self._size, fetched.deleted_before
        return True

    def next_page(self, deletions: Deletions) -> int:
        """Return the number of the page on which the first row stands that was not seen yet."""
        places = self._places - (deletions.begun - self._deleted)
        return max(self._first, places // self._size + 1)


class AsyncPager(Generic[R]):
    """A list that comes in pages: `await` it for its first page, `async for` over it for every row.

    While the caller works on one page the next is on its way (`read_ahead` pages, 1 by default). A row that appears
    twice, since rows were added meanwhile, comes once. Rows that this process deletes while it lists hide no other row.
    Rows that others delete meanwhile may: see `to_list`. Leaving the loop early leaves nothing running.

    Example:
        ```python
        page = await billingo.invoices.list()             # the first 50
        async for invoice in billingo.invoices.list():    # all of them
            ...
        latest = await billingo.invoices.list().to_list(limit=120)
        ```

    """

    def __init__(
        self,
        fetch: Callable[[int], Awaitable[Rows[R]]],
        *,
        page: int = 1,
        size: int,
        read_ahead: int = 1,
        deletions: Deletions | None = None,
        keep: Callable[[R], bool] | None = None,
    ) -> None:
        """Take what fetches a page by its number, and the rows of a page; nothing is asked for yet.

        `keep` picks rows on our side, where the API has no such filter: every page is read all the same.
        Raises `ValueError` for a number that cannot be.
        """
        self._fetch = fetch
        self._first = check_int("page", page, 1)
        self._size = size
        self._ahead = check_int("read_ahead", read_ahead, 0)
        self._deletions = deletions or Deletions()
        self._keep = keep

    def __await__(self) -> Generator[object, None, Page[R]]:
        """Return the first page."""
        return self._first_page().__await__()

    async def __aiter__(self) -> AsyncGenerator[R, None]:
        """Iterate over every row, page after page."""
        async with aclosing(self.pages()) as pages:
            async for page in pages:
                for row in page:
                    yield row

    def __repr__(self) -> str:
        """Say where it begins and how it is used; nothing was asked for yet."""
        usage = "`async for row in pager` for every row, `await pager` for one page, `await pager.to_list()` for a list"
        return f"<AsyncPager from page {self._first}, {self._size} rows a page: write {usage}>"

    async def to_list(self, limit: int | None = None, *, verify: bool = False) -> list[R]:
        """Return all rows as a list, or the first `limit` of them.

        A row that another program deletes meanwhile moves the rows behind it forward, and one may pass from a page
        that is not read yet to one that was. With `verify` the list is read until two readings agree.

        Raises `BillingoError` if ten readings with `verify` all differ.

        Example:
            ```python
            latest = await billingo.invoices.list().to_list(limit=120)
            every_client = await billingo.clients.list().to_list(verify=True)
            ```

        """
        most = None if limit is None else check_int("limit", limit, 0)
        rows = await self._read(most)
        if not verify:
            return rows
        for _ in range(MAX_PASSES - 1):
            again = await self._read(most)
            if [row.id for row in again] == [row.id for row in rows]:
                return again
            rows = again
        raise BillingoError(f"the list was read {MAX_PASSES} times and changed each time: try when it is at rest")

    async def _read(self, limit: int | None) -> list[R]:
        rows: list[R] = []
        if limit == 0:
            return rows
        async with aclosing(self._pages(limit)) as pages:
            async for page in pages:
                rows.extend(page)
                if limit is not None and len(rows) >= limit:
                    break
        return rows[:limit]

    def pages(self) -> AsyncGenerator[Page[R], None]:
        """Iterate over the pages, without the rows that came before.

        Example:
            ```python
            async for page in billingo.invoices.list().pages():
                print(page.page, len(page))
            ```

        """
        return self._pages()

    async def _pages(self, limit: int | None = None) -> AsyncGenerator[Page[R], None]:
        """Iterate over the pages; reading ahead stops where so many rows are likely to be read."""
        enough = math.inf if limit is None else self._first - 1 + math.ceil(limit / self._size)
        ahead: deque[asyncio.Task[_Fetched[R]]] = deque()
        coverage, seen = _Coverage(self._first, self._size), set[int]()
        next_unread = following = self._first
        try:
            fetched = await self._fetched(following)
            while True:
                page, is_joined = fetched.page, coverage.join(fetched)
                fresh = _fresh(page, seen)
                if is_joined and not fresh and page.page >= next_unread:
                    return  # an empty page, or one that repeats another
                next_unread = max(next_unread, page.page + 1)
                while is_joined and page.has_next and len(ahead) < self._ahead and following < enough:
                    following += 1
                    ahead.append(asyncio.create_task(self._fetched(following)))
                if fresh and (picked := self._picked(fresh)):
                    yield picked
                if is_joined and not page.has_next:
                    return
                number = coverage.next_page(self._deletions)
                if not is_joined or number <= page.page:
                    await _cancel(ahead)  # what was read ahead stands elsewhere now
                if ahead:
                    fetched = await ahead.popleft()
                else:
                    await self._deletions.quiet()
                    following = coverage.next_page(self._deletions)
                    fetched = await self._fetched(following)
        finally:
            await _cancel(ahead)

    async def _first_page(self) -> Page[R]:
        return self._picked((await self._fetched(self._first)).page)

    def _picked(self, page: Page[R]) -> Page[R]:
        """Return the page with the rows that are to be kept."""
        return page if self._keep is None else page.holding(filter(self._keep, page))

    async def _fetched(self, number: int) -> _Fetched[R]:
        deleted_before = self._deletions.done
        rows, has_next, total = await self._fetch(number)
        return _Fetched(Page(rows, page=number, has_next=has_next, total=total), deleted_before, self._deletions.begun)


async def _cancel(tasks: deque[asyncio.Task[_Fetched[R]]]) -> None:
    """Give up what was read ahead, and return when it has ended."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    tasks.clear()


def _fresh(page: Page[R], seen: set[int]) -> Page[R]:
    """Return the page without the rows seen before; nothing is left of an empty page, or a repeated one."""
    fresh: dict[int, R] = {}
    for row in page:
        if row.id not in seen:
            fresh.setdefault(row.id, row)
    seen.update(fresh)
    return page.holding(fresh.values())
