"""Lists that come in pages: await one for its first page, iterate it for all; the next page is read ahead.

The API tells neither a total nor a next link: a page shorter than `max_per_page` is the last one, and rows that end
just on a page's edge are followed by an empty page. Knows no endpoint: a resource says how one page is fetched.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Final, Generic, NoReturn, Protocol, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator

MAX_PER_PAGE: Final = 50
"""The API's absolute maximum. Source: API docs, Invoices / Show the invoices."""


class HasId(Protocol):
    """Anything with the id by which a row is told from another."""

    @property
    def id(self) -> int:
        """The row's id."""
        ...


USE: Final = (
    "write `async for row in pager` for every row, `await pager` for one page, `await pager.to_list()` for a list"
)
"""What to do with a pager, for those who took it for a list."""

T = TypeVar("T")
R = TypeVar("R", bound=HasId)


class Page(Sequence[T]):
    """One page of a list: a sequence of its rows.

    Attributes:
        page: The page's number, 1 for the first.
        has_next: True if there may be more rows; where they end just on this page's edge, the next page is empty.

    """

    __slots__ = ("_rows", "has_next", "page")

    def __init__(self, rows: Sequence[T], *, page: int, has_next: bool) -> None:
        """Keep the rows."""
        self._rows = tuple(rows)
        self.page: int = page
        self.has_next: bool = has_next

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

    def __repr__(self) -> str:
        """Show where the page stands, and nothing of its rows."""
        return f"<Page {self.page}: {len(self)} rows{', more to come' if self.has_next else ''}>"


class AsyncPager(Generic[R]):
    """A list that comes in pages: `await` it for its first page, `async for` over it for every row.

    While the caller works on one page the next is on the wire (`read_ahead` pages, 1 by default). A row that appears
    twice, since rows were added meanwhile, comes once. Leaving the loop early leaves nothing running.

    Example:
        ```python
        page = await billingo.invoices.list()             # the first 50
        async for invoice in billingo.invoices.list():    # all of them
            ...
        latest = await billingo.invoices.list().to_list(limit=120)
        ```

    """

    def __init__(
        self, fetch: Callable[[int], Awaitable[Sequence[R]]], *, page: int = 1, max_per_page: int, read_ahead: int = 1
    ) -> None:
        """Take what fetches a page by its number; nothing is asked for yet.

        Raises ValueError for a page size that the API would refuse.
        """
        self._fetch = fetch
        self._first = whole("page", page, 1)
        self._size = whole("max_per_page", max_per_page, 1, MAX_PER_PAGE)
        self._ahead = whole("read_ahead", read_ahead, 0)

    def __await__(self) -> Generator[object, None, Page[R]]:
        """Return the first page."""
        return self._page(self._first).__await__()

    def __aiter__(self) -> AsyncIterator[R]:
        """Iterate over every row, page after page."""
        return self._rows()

    def __repr__(self) -> str:
        """Say where it begins and how it is used; nothing was asked for yet."""
        return f"<AsyncPager from page {self._first}, {self._size} rows a page: {USE}>"

    if not TYPE_CHECKING:  # type checkers refuse these by themselves, as long as nobody tells them that they are there

        def __iter__(self) -> NoReturn:
            """Refuse a plain `for`, `list()` and `*`, with the remedy."""
            raise TypeError(f"an AsyncPager cannot be iterated over without waiting: {USE}")

        def __len__(self) -> NoReturn:
            """Refuse `len()`: the API tells no total."""
            raise TypeError(f"an AsyncPager has no length, for the API tells no total: {USE}")

        def __getitem__(self, index: object) -> NoReturn:
            """Refuse `[0]`, with the remedy."""
            raise TypeError(f"an AsyncPager holds no rows: {USE}")

        def __bool__(self) -> bool:
            """Be true, as any object; whether there are rows is not known."""
            return True

    async def to_list(self, limit: int | None = None) -> list[R]:
        """Return all rows as a list, or the first `limit` of them.

        Example:
            ```python
            latest = await billingo.invoices.list().to_list(limit=120)
            ```

        """
        most = None if limit is None else whole("limit", limit, 0)
        rows: list[R] = []
        if most == 0:
            return rows
        pages_needed = None if most is None else -(-most // self._size)
        async with aclosing(self._pages(pages_needed)) as pages:
            async for page in pages:
                rows.extend(page)
                if most is not None and len(rows) >= most:
                    break
        return rows[:most]

    def pages(self) -> AsyncGenerator[Page[R], None]:
        """Iterate over the pages, without the rows that came before.

        Example:
            ```python
            async for page in billingo.invoices.list().pages():
                print(page.page, len(page))
            ```

        """
        return self._pages()

    async def _pages(self, needed: int | None = None) -> AsyncGenerator[Page[R], None]:
        """Iterate over the pages; reading ahead stops where no more than so many are likely to be needed."""
        enough = math.inf if needed is None else self._first + needed - 1
        ahead: deque[asyncio.Task[Page[R]]] = deque()
        seen: set[int] = set()
        following = self._first
        try:
            page = await self._page(following)
            while fresh := _fresh(page, seen):
                while page.has_next and len(ahead) < self._ahead and following < enough:
                    following += 1
                    ahead.append(asyncio.create_task(self._page(following)))
                yield fresh
                if not page.has_next:
                    return
                if ahead:
                    page = await ahead.popleft()
                else:
                    following += 1
                    page = await self._page(following)
        finally:
            for task in ahead:
                task.cancel()
            await asyncio.gather(*ahead, return_exceptions=True)

    async def _rows(self) -> AsyncGenerator[R, None]:
        async with aclosing(self.pages()) as pages:
            async for page in pages:
                for row in page:
                    yield row

    async def _page(self, number: int) -> Page[R]:
        rows = await self._fetch(number)
        return Page(rows, page=number, has_next=len(rows) >= self._size)


def _fresh(page: Page[R], seen: set[int]) -> Page[R] | None:
    """Return the page without the rows seen before; None if nothing is left: an empty page, or a repeated one."""
    fresh: dict[int, R] = {}
    for row in page:
        if row.id not in seen:
            fresh.setdefault(row.id, row)
    seen.update(fresh)
    return Page(tuple(fresh.values()), page=page.page, has_next=page.has_next) if fresh else None


def whole(name: str, value: object, least: int, most: int | None = None) -> int:
    """Return a whole number within bounds; raise ValueError that names it for anything else, True and 1.0 included."""
    if type(value) is not int or value < least or (most is not None and value > most):
        bounds = f"from {least} to {most}" if most is not None else f"of at least {least}"
        msg = f"{name} must be a whole number {bounds}, got {value!r:.40}"
        raise ValueError(msg)
    return value
