"""What all nouns of both APIs have in common: calls, lists in pages, bodies of requests, keys, and files.

No endpoint is named here; those stand in the `operations` of a wing.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar, cast

from billingo_async.errors import DocumentNotReadyError
from billingo_async.fields.arguments import check_int, encode_query
from billingo_async.fields.exact import to_json
from billingo_async.fields.writing import WrittenModel, check_model
from billingo_async.journal.journal import missing_journal
from billingo_async.journal.port import Account, operation_class
from billingo_async.paging import AsyncPager, Deletions, HasId
from billingo_async.transport.downloads import AtomicDownload, DownloadStream

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Iterable, Mapping
    from pathlib import Path

    from billingo_async.fields.arguments import QueryValue
    from billingo_async.fields.reading import ReadModel
    from billingo_async.journal.journal import Journal
    from billingo_async.journal.port import KeyedOperation
    from billingo_async.protocol.call import Operation
    from billingo_async.protocol.decoders import Rows
    from billingo_async.transport.dispatch import Dispatch
    from billingo_async.transport.download_folder import Download

FIRST_POLL_SECONDS: Final = 1.0
"""Before what is not made yet is asked for again, half as long again each time; a PDF takes about two."""
MAX_POLL_SECONDS: Final = 10.0

R = TypeVar("R", bound=HasId)
T = TypeVar("T")
W = TypeVar("W", bound=WrittenModel)


class Noun:
    """One noun of an API, with a method for each verb."""

    size_param: ClassVar[str]
    """What the rows of a page are called in a query."""
    max_per_page: ClassVar[int]
    """The API's absolute maximum."""

    def __init__(self, dispatch: Dispatch, journal: Journal | None = None) -> None:
        """Take what carries out the calls, and what remembers keys if there is something."""
        self._dispatch = dispatch
        self._journal = journal
        self._deletions = Deletions.of(dispatch.settings.base_url, dispatch.auth.account, type(self).__name__)

    async def _create(self, row: Operation[T], new: W, kind: type[W], key: str | None = None) -> T:
        """Send a written model, under a key if there is one."""
        check_model(new, kind)
        if key is not None:
            return await self._once(row, new, key)
        return await self._dispatch.run(row.call(body=to_json(new.to_payload())))

    async def _update(self, row: Operation[T], id: int, new: W, kind: type[W]) -> T:
        return await self._act(row, id, check_model(new, kind))

    async def _act(self, row: Operation[T], id: int, body: Any = None, key: str | None = None) -> T:
        """Do something to the thing of an id, under a key if there is one."""
        if key is not None:
            return await self._once(row, (id, body), key)
        call = row.call(body=_encoded(body), id=id)
        del body  # not to be seen in the locals of a traceback
        return await self._dispatch.run(call)

    async def _once(self, row: Operation[T], new: Any, key: str) -> T:
        """Carry out a ONCE operation under a key."""
        journal = self._journal or missing_journal(f"{row.name}(key=…)")
        return await journal.do(self._keyed(row), new, key)

    def _keyed(self, row: Operation[T]) -> KeyedOperation[T]:
        account = Account(self._dispatch)
        return operation_class(self._dispatch.sender.api.name, row.name)(account)

    async def _delete(self, row: Operation[None], id: int) -> None:
        with self._deletions.one():
            await self._dispatch.run(row.call(id=id))

    def _pager(
        self,
        row: Operation[Rows[R]],
        page: int,
        size: int,
        read_ahead: int,
        keep: Callable[[R], bool] | None = None,
        /,
        **filters: QueryValue,
    ) -> AsyncPager[R]:
        encoded = encode_query(filters)
        check_int(self.size_param, size, 1, self.max_per_page)

        def fetch(number: int) -> Awaitable[Rows[R]]:
            query = {"page": str(number), self.size_param: str(size), **encoded}
            return self._dispatch.run(row.call(query=query))

        return AsyncPager(fetch, page=page, size=size, read_ahead=read_ahead, deletions=self._deletions, keep=keep)


class Files(Noun):
    """A noun whose things can be fetched as files."""

    file_row: ClassVar[Operation[bytes]]
    """How the file of one is fetched."""
    waits_until_made: ClassVar[bool] = False
    """True where a file that the server is making still is waited for, within `max_wait`."""

    async def _download(self, row: Operation[bytes], id: int, query: Mapping[str, str] | None = None) -> bytes:
        return await self._when_made(partial(self._dispatch.run, row.call(query=query, id=id)))

    async def _download_to(self, id: int, path: str | os.PathLike[str], *, overwrite: bool) -> Path:
        call = self.file_row.call(id=id)
        async with AtomicDownload(path, overwrite=overwrite) as download:
            await self._when_made(partial(self._dispatch.run, call, sink=download))
            return await download.commit()

    def _download_stream(self, id: int) -> DownloadStream:
        call = self.file_row.call(id=id)

        async def run(*, sink: DownloadStream) -> object:
            return await self._when_made(partial(self._dispatch.run, call, sink=sink))

        return DownloadStream(run)

    def _download_many(
        self,
        ids: Iterable[int | R] | AsyncIterable[int | R],
        directory: str | os.PathLike[str],
        name: str,
        kind: type[R],
        read: Callable[[int], Awaitable[R]],
    ) -> AsyncGenerator[Download]:
        from billingo_async.transport.download_run import DownloadRun  # noqa: PLC0415 - loaded with the first folder

        settings, limit = self._dispatch.settings, self.file_row.limit
        allowed = settings.max_connections if limit is None else settings.limits[limit.name].count
        fields = cast("type[ReadModel]", kind).model_fields
        run = DownloadRun(self._dispatch, self.file_row, kind=kind)
        return run.into(directory, name, ids, fields=fields, read=read, workers=min(allowed, settings.max_connections))

    async def _when_made(self, fetch: Callable[[], Awaitable[T]]) -> T:
        """Fetch what the server may be making still, a little later each time, within `max_wait`."""
        waited, pause = 0.0, FIRST_POLL_SECONDS
        while True:
            try:
                return await fetch()
            except DocumentNotReadyError as error:
                wait = max(pause, error.retry_after or 0.0)
                if not self.waits_until_made or waited + wait > self._dispatch.settings.max_wait:
                    raise
            await self._dispatch.sender.sleep(wait)
            waited, pause = waited + wait, min(MAX_POLL_SECONDS, pause * 1.5)


def _encoded(body: Any) -> bytes | None:
    payload = body.to_payload() if isinstance(body, WrittenModel) else body
    return to_json(payload) if payload else None
