"""Many PDFs into one folder: workers that take turns, and what is not ready comes again later.

Loaded by the first run over a folder. Never enters here: names and files; those are `download_folder`'s.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple

from billingo_async.transport.download_folder import PASSING, D, Download, NameTemplate, PdfFolder, id_of

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable

    from billingo_async.protocol.call import Operation
    from billingo_async.transport.dispatch import Dispatch

FIRST_RETURN_SECONDS: Final = 2.0
"""Before a PDF that is not ready is asked for again; doubled each time."""
MAX_RETURN_SECONDS: Final = 30.0


class _Turn(NamedTuple, Generic[D]):
    """One that is to be fetched: when, which, and how long it has been waited for."""

    due: float
    number: int
    item: int | D
    waited: float = 0.0
    pause: float = FIRST_RETURN_SECONDS


class DownloadRun(Generic[D]):
    """One run over many: workers that take turns, first what has become due again, else the next of the input."""

    def __init__(self, dispatch: Dispatch, row: Operation[bytes], *, kind: type[D]) -> None:
        """Take what carries out the calls, the row by which a PDF is fetched, and what it is a PDF of."""
        self._dispatch, self._row, self._kind = dispatch, row, kind
        self._later: list[_Turn[D]] = []
        self._numbers = count()
        self._seen: set[int] = set()
        self._taking = asyncio.Lock()
        self._is_over = False
        self._failure: Exception | None = None

    async def into(
        self,
        directory: str | os.PathLike[str],
        name: str,
        items: Iterable[int | D] | AsyncIterable[int | D],
        *,
        fields: Collection[str],
        read: Callable[[int], Awaitable[D]],
        workers: int,
    ) -> AsyncGenerator[Download]:
        """Yield what comes, and leave no worker behind; raise what was wrong with the input at the end."""
        self._dispatch.check_open()  # before a folder is made for nothing
        folder = PdfFolder(self._dispatch, self._row, directory, NameTemplate(name, fields), read)
        source = aiter(items) if isinstance(items, AsyncIterable) else _one_by_one(items)
        done: asyncio.Queue[Download | None] = asyncio.Queue()

        async def work() -> None:
            try:
                while (turn := await self._next(source)) is not None:
                    if (download := await self._fetched(folder, turn)) is not None:
                        await done.put(download)
            finally:
                done.put_nowait(None)

        tasks = [asyncio.create_task(work(), name="billingo-download-many") for _ in range(workers)]
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
            if isinstance(source, AsyncGenerator):
                await source.aclose()  # a list that is read ahead reads no further

    async def _fetched(self, folder: PdfFolder[D], turn: _Turn[D]) -> Download | None:
        """Return what became of it; None if it will come again."""
        try:
            return await folder.save(turn.item)
        except PASSING as error:
            waited = turn.waited + turn.pause
            if waited > self._dispatch.settings.max_wait:
                return Download(id_of(turn.item), error=error.with_traceback(None))
            due, pause = asyncio.get_running_loop().time() + turn.pause, min(2 * turn.pause, MAX_RETURN_SECONDS)
            heappush(self._later, _Turn(due, next(self._numbers), turn.item, waited, pause))
            return None

    async def _next(self, source: AsyncIterator[Any]) -> _Turn[D] | None:
        async with self._taking:
            while True:
                now = asyncio.get_running_loop().time()
                if self._later and self._later[0].due <= now:
                    return heappop(self._later)
                if not self._is_over:
                    item = await self._take(source)
                    if item is not None and self._is_new(id_of(item)):
                        return _Turn(now, next(self._numbers), item)
                elif not self._later:
                    return None
                else:
                    await asyncio.sleep(self._later[0].due - now)

    async def _take(self, source: AsyncIterator[Any]) -> int | D | None:
        """Return the next of the input; None after the last. What is wrong with it ends the taking, not the work."""
        try:
            item = await anext(source)
            if isinstance(item, int | self._kind) and not isinstance(item, bool):
                return item
            kind, article = self._kind.__name__, "an" if self._kind.__name__[0] in "AEIOU" else "a"
            self._failure = TypeError(f"an id or {article} {kind} is needed here, got {type(item).__name__}")
            self._is_over = True
        except StopAsyncIteration:
            self._is_over = True
        except Exception as error:  # noqa: BLE001 - raised to the caller when all that was begun is done
            self._failure, self._is_over = error, True
        except BaseException:
            self._is_over = True
            raise
        return None

    def _is_new(self, id: int) -> bool:
        """Tell whether this had no turn before: a PDF is fetched once, and reported once."""
        if id <= 0:
            return True  # no document has such a number: each is reported with the error that says so
        is_new = id not in self._seen
        self._seen.add(id)
        return is_new


async def _one_by_one(items: Iterable[Any]) -> AsyncGenerator[Any]:
    for item in items:
        yield item
