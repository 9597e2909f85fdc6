"""A folder of PDFs: many downloads, what is there already skipped, what is not ready fetched later.

Loaded by the first run over a folder; who may ask for one is said in `downloads`. No key and no journal enter here: the
folder itself says what is done.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from billingo_async.errors import DocumentNotReadyError, RateLimitedError, ThrottledError
from billingo_async.v2.models import Invoice
from billingo_async.v2.resources.file_names import NameTemplate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

PASSING: Final = (DocumentNotReadyError, RateLimitedError, ThrottledError)
"""Reasons that pass by themselves: it is not made yet, or another program on this address has used up the limit."""
FIRST_PAUSE: Final = 2.0
"""Seconds before a PDF that is not ready is asked for again; doubled each time."""
LONGEST_PAUSE: Final = 30.0


@dataclass(frozen=True, slots=True)
class Download:
    """What became of one PDF.

    Attributes:
        id: The invoice's id.
        path: Where it lies; None if it could not be fetched.
        error: Why not; None if it was.
        skipped: True if it was there before, so that nothing was asked for.

    """

    id: int
    path: Path | None = None
    error: Exception | None = None
    skipped: bool = False


class Saver:
    """Saves one PDF at a time into one folder."""

    def __init__(
        self,
        directory: str | os.PathLike[str],
        name: str,
        fetch: Callable[[int, Path], Awaitable[Path]],
        read: Callable[[int], Awaitable[Invoice]],
    ) -> None:
        """Make the folder; raise OSError if that cannot be, ValueError if the template of the name cannot be used."""
        folder, template = Path(directory), NameTemplate(name)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            msg = f"{folder} is a file: name a folder for the PDFs"
            raise NotADirectoryError(msg) from None
        self._template, self._folder, self._fetch, self._read = template, folder, fetch, read
        self._taken: dict[str, int] = {}

    async def save(self, wanted: int | Invoice) -> Download:
        """Save one, or say why not; raise what is `PASSING` if it is to be asked for again."""
        id = _id_of(wanted)
        try:
            path = self._folder / await self._name(wanted, id)
            first = self._taken.setdefault(path.name.casefold(), id)
            if first != id:
                msg = f"invoices {first} and {id} would both be {path.name}: put {{id}} into `name`"
                return Download(id, error=ValueError(msg))
            if os.path.lexists(path):  # noqa: ASYNC240 - as quick as any look into the folder
                return Download(id, path, skipped=True)
            return Download(id, await self._fetch(id, path))
        except PASSING:
            raise
        except Exception as error:  # noqa: BLE001 - one PDF that cannot be had does not stop the others
            return Download(id, error=error.with_traceback(None))

    async def _name(self, wanted: int | Invoice, id: int) -> str:
        if not self._template.needs_invoice:
            return self._template.name({"id": id})
        invoice = wanted if isinstance(wanted, Invoice) else None
        if invoice is None or self._template.missing(invoice):
            invoice = await self._read(id)
        if missing := self._template.missing(invoice):
            msg = f"invoice {id} has no {missing[0]}: use another `name`, such as '{{id}}.pdf'"
            raise ValueError(msg)
        return self._template.name({field: getattr(invoice, field) for field in Invoice.model_fields})


@dataclass(order=True, slots=True)
class _Turn:
    """One that is to be fetched: when, which, and how long it has been waited for."""

    due: float
    number: int
    wanted: int | Invoice = field(compare=False)
    waited: float = field(default=0.0, compare=False)
    pause: float = field(default=FIRST_PAUSE, compare=False)


class Run:
    """One run over many: workers that take turns, first what has become due again, else the next of the input."""

    def __init__(
        self, saver: Saver, ids: Iterable[int | Invoice] | AsyncIterable[int | Invoice], max_wait: float
    ) -> None:
        """Take what saves one, what is wanted, and the seconds that one which cannot be had yet is waited for."""
        self._saver, self._ids, self._max_wait = saver, _items(ids), max_wait
        self._later: list[_Turn] = []
        self._numbers = count()
        self._seen: set[int] = set()
        self._taking = asyncio.Lock()
        self._is_over = False
        self._failure: Exception | None = None

    async def downloads(self, workers: int) -> AsyncGenerator[Download]:
        """Yield what comes, and leave no worker behind; raise what was wrong with the input when all else is told."""
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
                task.result()  # raises what nobody foresaw
            if self._failure is not None:
                raise self._failure
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            source: object = self._ids
            if isinstance(self._ids, AsyncGenerator):
                await cast("AsyncGenerator[object]", source).aclose()  # a list that is read ahead reads no further

    async def _work(self, done: asyncio.Queue[Download | None]) -> None:
        try:
            while (turn := await self._next()) is not None:
                download = await self._fetched(turn)
                if download is not None:
                    await done.put(download)
        finally:
            done.put_nowait(None)

    async def _fetched(self, turn: _Turn) -> Download | None:
        """Return what became of it; None if it will come again."""
        try:
            return await self._saver.save(turn.wanted)
        except PASSING as error:
            waited = turn.waited + turn.pause
            if waited > self._max_wait:
                return Download(_id_of(turn.wanted), error=error.with_traceback(None))
            due = asyncio.get_running_loop().time() + turn.pause
            again = _Turn(due, next(self._numbers), turn.wanted, waited, min(2 * turn.pause, LONGEST_PAUSE))
            heappush(self._later, again)
            return None

    async def _next(self) -> _Turn | None:
        async with self._taking:
            while True:
                now = asyncio.get_running_loop().time()
                if self._later and self._later[0].due <= now:
                    return heappop(self._later)
                if not self._is_over:
                    wanted = await self._take()
                    if wanted is not None and self._is_new(wanted):
                        return _Turn(now, next(self._numbers), wanted)
                elif not self._later:
                    return None
                else:
                    await asyncio.sleep(self._later[0].due - now)

    async def _take(self) -> int | Invoice | None:
        """Return the next of the input; None after the last. What is wrong with it ends the taking, not the work."""
        try:
            return _wanted(await anext(self._ids))
        except StopAsyncIteration:
            self._is_over = True
        except Exception as error:  # noqa: BLE001 - raised to the caller when all that was begun is done
            self._failure, self._is_over = error, True
        except BaseException:
            self._is_over = True
            raise
        return None

    def _is_new(self, wanted: int | Invoice) -> bool:
        """Tell whether this had no turn before: a PDF is fetched once, and told of once."""
        id = _id_of(wanted)
        if id <= 0:
            return True  # no invoice has such a number: each is told with the error that says so
        is_new = id not in self._seen
        self._seen.add(id)
        return is_new


def _wanted(item: object) -> int | Invoice:
    if isinstance(item, bool) or not isinstance(item, int | Invoice):
        msg = f"an id or an Invoice is needed here, got {type(item).__name__}"
        raise TypeError(msg)
    return item


def _id_of(wanted: int | Invoice) -> int:
    return wanted.id if isinstance(wanted, Invoice) else wanted


def _items(ids: Iterable[int | Invoice] | AsyncIterable[int | Invoice]) -> AsyncIterator[Any]:
    return aiter(ids) if isinstance(ids, AsyncIterable) else _each(ids)


async def _each(items: Iterable[Any]) -> AsyncGenerator[Any]:
    for item in items:
        yield item
