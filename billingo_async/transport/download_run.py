"""Many PDFs into one folder: workers that take turns, and what is not ready comes again later.

Loaded by the first run over a folder. Never enters here: names and files; those are `download_folder`'s.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Any, Final, Generic, cast

from billingo_async.transport.download_folder import PASSING, D, Download, id_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from billingo_async.transport.download_folder import PdfFolder

FIRST_PAUSE: Final = 2.0
"""Seconds before a PDF that is not ready is asked for again; doubled each time."""
MAX_PAUSE: Final = 30.0


@dataclass(order=True, slots=True)
class _Turn(Generic[D]):
    """One that is to be fetched: when, which, and how long it has been waited for."""

    due: float
    number: int
    item: int | D = field(compare=False)
    waited: float = field(default=0.0, compare=False)
    pause: float = field(default=FIRST_PAUSE, compare=False)


class DownloadRun(Generic[D]):
    """One run over many: workers that take turns, first what has become due again, else the next of the input."""

    def __init__(
        self, folder: PdfFolder[D], items: Iterable[int | D] | AsyncIterable[int | D], max_wait: float
    ) -> None:
        """Take the folder, what to save, and the seconds that one which cannot be had yet is waited for."""
        self._folder, self._items, self._max_wait = folder, _each(items), max_wait
        self._later: list[_Turn[D]] = []
        self._numbers = count()
        self._seen: set[int] = set()
        self._taking = asyncio.Lock()
        self._is_over = False
        self._failure: Exception | None = None

    async def downloads(self, workers: int) -> AsyncGenerator[Download]:
        """Yield what comes, and leave no worker behind; raise what was wrong with the input at the end."""
        done: asyncio.Queue[Download | None] = asyncio.Queue()
        tasks = [asyncio.create_task(self._work(done), name="billingo-download-many") for _ in range(workers)]
        try:
            left = workers
            while left:
                download = await done.get()
                if download is None:
                    left -= 1
                else:
                    yield download
            for task in tasks:
                task.result()  # raises what was not foreseen
            if self._failure is not None:
                raise self._failure
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            source: object = self._items
            if isinstance(self._items, AsyncGenerator):
                await cast("AsyncGenerator[object]", source).aclose()  # a list that is read ahead reads no further

    async def _work(self, done: asyncio.Queue[Download | None]) -> None:
        try:
            while (turn := await self._next()) is not None:
                download = await self._fetched(turn)
                if download is not None:
                    await done.put(download)
        finally:
            done.put_nowait(None)

    async def _fetched(self, turn: _Turn[D]) -> Download | None:
        """Return what became of it; None if it will come again."""
        try:
            return await self._folder.save(turn.item)
        except PASSING as error:
            waited = turn.waited + turn.pause
            if waited > self._max_wait:
                return Download(id_of(turn.item), error=error.with_traceback(None))
            due = asyncio.get_running_loop().time() + turn.pause
            again = _Turn(due, next(self._numbers), turn.item, waited, min(2 * turn.pause, MAX_PAUSE))
            heappush(self._later, again)
            return None

    async def _next(self) -> _Turn[D] | None:
        async with self._taking:
            while True:
                now = asyncio.get_running_loop().time()
                if self._later and self._later[0].due <= now:
                    return heappop(self._later)
                if not self._is_over:
                    item = await self._take()
                    if item is not None and self._is_new(item):
                        return _Turn(now, next(self._numbers), item)
                elif not self._later:
                    return None
                else:
                    await asyncio.sleep(self._later[0].due - now)

    async def _take(self) -> int | D | None:
        """Return the next of the input; None after the last. What is wrong with it ends the taking, not the work."""
        try:
            return self._checked(await anext(self._items))
        except StopAsyncIteration:
            self._is_over = True
        except Exception as error:  # noqa: BLE001 - raised to the caller when all that was begun is done
            self._failure, self._is_over = error, True
        except BaseException:
            self._is_over = True
            raise
        return None

    def _checked(self, item: object) -> int | D:
        if isinstance(item, bool) or not isinstance(item, int | self._folder.kind):
            msg = f"an id or {_with_article(self._folder.kind)} is needed here, got {type(item).__name__}"
            raise TypeError(msg)
        return item

    def _is_new(self, item: int | D) -> bool:
        """Tell whether this had no turn before: a PDF is fetched once, and reported once."""
        id = id_of(item)
        if id <= 0:
            return True  # no document has such a number: each is reported with the error that says so
        is_new = id not in self._seen
        self._seen.add(id)
        return is_new


def _with_article(kind: type) -> str:
    return f"a{'n' if kind.__name__[0] in 'AEIOU' else ''} {kind.__name__}"


def _each(items: Iterable[Any] | AsyncIterable[Any]) -> AsyncIterator[Any]:
    return aiter(items) if isinstance(items, AsyncIterable) else _one_by_one(items)


async def _one_by_one(items: Iterable[Any]) -> AsyncGenerator[Any]:
    for item in items:
        yield item
