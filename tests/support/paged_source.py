"""Rows on a shelf that are fetched page by page, each page in two seconds, with a record of who asked for what when."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from billingo_async import AsyncPager
from billingo_async.protocol.decoders import Rows

if TYPE_CHECKING:
    from collections.abc import Iterable

SECONDS = 2.0
"""How long each page takes."""


@dataclass(frozen=True)
class Row:
    """Something with an id, and a note to tell two of the same id apart."""

    id: int
    note: str = ""


@dataclass
class PagedSource:
    """The pages of a server; a page past the last one is empty."""

    pages: list[list[Row]]
    breaks_on: int = 0
    size: int = 3
    requested: list[tuple[float, int]] = field(default_factory=list[tuple[float, int]])
    responses: list[int] = field(default_factory=list[int])
    most_at_once: int = 0
    _at_once: int = 0

    async def fetch(self, number: int) -> Rows[Row]:
        """Return a page after its two seconds, or raise OSError if it is the one that breaks."""
        self.requested.append((asyncio.get_running_loop().time(), number))
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            over = asyncio.Event()
            asyncio.get_running_loop().call_later(SECONDS, over.set)
            await over.wait()
        finally:
            self._at_once -= 1
        if number == self.breaks_on:
            raise OSError(f"page {number}")
        self.responses.append(number)
        page = self.pages[number - 1] if number <= len(self.pages) else []
        return Rows(page, len(page) >= self.size)

    def pager(self, *, read_ahead: int = 1, page: int = 1) -> AsyncPager[Row]:
        """Return a pager over the shelf."""
        return AsyncPager(self.fetch, page=page, size=self.size, read_ahead=read_ahead)

    @property
    def numbers(self) -> list[int]:
        """The pages that were asked for, in that order."""
        return [number for _, number in self.requested]


def rows(ids: Iterable[int]) -> list[Row]:
    """Return rows with these ids."""
    return [Row(id) for id in ids]


def source_of(count: int, size: int = 3) -> PagedSource:
    """Return a shelf of so many rows, ids from 1, so many a page."""
    ids = range(1, count + 1)
    return PagedSource([rows(ids[start : start + size]) for start in range(0, count, size)], size=size)
