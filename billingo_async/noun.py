"""What all nouns of both APIs have in common: calls, lists in pages, bodies of requests, keys, and files.

No endpoint is named here; those stand in the `operations` of a wing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar, cast

from billingo_async.errors import DocumentNotReadyError
from billingo_async.fields.arguments import QueryValue, check_int, encode_query
from billingo_async.fields.exact import to_json
from billingo_async.fields.reading import IdentifiedModel
from billingo_async.fields.writing import WrittenModel, check_model
from billingo_async.journal.journal import Journal, missing_journal
from billingo_async.journal.port import Account, KeyedOperation, operation_class
from billingo_async.paging import AsyncPager, Deletions
from billingo_async.transport.downloads import AtomicDownload, DownloadStream, StrPath

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Iterable, Mapping
    from pathlib import Path

    from billingo_async.protocol.call import Call, Operation
    from billingo_async.protocol.decoders import OfModel, Rows
    from billingo_async.transport.dispatch import Dispatch
    from billingo_async.transport.download_folder import Download

FIRST_POLL_SECONDS: Final = 1.0
"""Before what is not made yet is asked for again, half as long again each time; a PDF takes about two."""
MAX_POLL_SECONDS: Final = 10.0

R = TypeVar("R", bound=IdentifiedModel)
T = TypeVar("T")
W = TypeVar("W", bound=WrittenModel)


class Noun:
    """One noun of an API, with a method for each verb."""

    _rows: ClassVar[Mapping[str, Operation[Any]]] = {}
    """The rows of the table by their verbs; see `rows_of`."""

    def __init__(self, dispatch: Dispatch, journal: Journal | None = None) -> None:
        """Take what carries out the calls, and what remembers keys if there is something."""
        self._dispatch = dispatch
        self._journal = journal
        self._deletions = Deletions.of(dispatch.settings.base_url, dispatch.auth.account, type(self).__name__)

    async def _make(self, row: Operation[T], new: object, key: str | None = None) -> T:
        """Send what the row takes, under a key if there is one."""
        checked = _checked(row, new)
        if key is not None:
            return await self._once(row, checked, key)
        return await self._dispatch.run(row.call(body=_encoded(checked)))

    async def _act(self, row: Operation[T], id: int, body: Any = None, key: str | None = None) -> T:
        """Do something to the thing of an id, under a key if there is one."""
        body = _checked(row, body)
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
        return operation_class(self._dispatch.sender.api.name, row.name)(Account(self._dispatch))

    async def _delete(self, row: Operation[None], id: int) -> None:
        with self._deletions.one():
            await self._dispatch.run(row.call(id=id))

    async def _when_made(
        self, fetch: Callable[[], Awaitable[T]], patience: float, pause: float = FIRST_POLL_SECONDS
    ) -> T:
        """Fetch what the server is making still, a little later each time, within so many seconds of waiting."""
        waited = 0.0
        while True:
            try:
                return await fetch()
            except DocumentNotReadyError as error:
                wait = max(pause, error.retry_after or 0.0)
                if waited + wait > patience:
                    raise
            await self._dispatch.sender.sleep(wait)
            waited, pause = waited + wait, min(MAX_POLL_SECONDS, pause * 1.5)

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
        encoded, api = encode_query(filters), self._dispatch.sender.api
        check_int(api.size_param, size, 1, api.max_per_page)

        def fetch(number: int) -> Awaitable[Rows[R]]:
            query = {"page": str(number), api.size_param: str(size), **encoded}
            return self._dispatch.run(row.call(query=query))

        return AsyncPager(fetch, page=page, size=size, read_ahead=read_ahead, deletions=self._deletions, keep=keep)


class Readable(Noun, Generic[R]):
    """A noun whose things can be read, each by its id."""

    async def get(self, id: int) -> R:
        """Return one.

        Raises:
            NotFoundError: If there is none with this id.
            PermissionDeniedError: If it is another profile's, in API v3.
            ValueError: If the id is not a positive int; nothing is sent.

        Example:
            ```python
            product = await billingo.products.get(1200000112)
            ```

        Source: API docs, the list of each noun; specification, the Get of each schema.

        """
        return await self._act(self._rows["get"], id)


class Writable(Noun, Generic[R, W]):
    """A noun whose things can be made, and written anew."""

    async def create(self, new: W, *, key: str | None = None) -> R:
        """Make one and return it; the same request twice makes two.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            InvalidRequestError: If the server finds fault with a field.
            OutcomeUnknownError: If it may or may not have been made.
            TypeError: For anything but what the noun takes; nothing is sent.

        Example:
            ```python
            product = await billingo.products.create(new_product)
            ```

        Source: API docs and specification, the Create of each noun.

        """
        return await self._make(self._rows["create"], new, key)

    async def update(self, id: int, new: W) -> R:
        """Write one anew and return it; `edit(…)` of the one that was read makes what this takes.

        API v3 replaces the whole: what `new` does not say is gone afterwards. Always begin with what was read.

        Raises:
            NotFoundError: If there is none with this id.
            TypeError: For anything but what the noun takes; nothing is sent.

        Example:
            ```python
            product = await billingo.products.get(1200000112)
            product = await billingo.products.update(product.id, product.edit(name="Honey"))
            ```

        Source: API docs and specification, the Update of each noun.

        """
        return await self._act(self._rows["update"], id, new)


class Stored(Readable[R], Writable[R, W]):
    """A noun whose things can be made, read, and written anew."""


class Deletable(Noun):
    """A noun whose things can be deleted."""

    async def delete(self, id: int) -> None:
        """Delete one; invoices and documents that show it stay as they are.

        Raises:
            NotFoundError: If there was none with this id at the first try.

        Example:
            ```python
            await billingo.products.delete(product.id)
            ```

        Source: API docs and specification, the Delete of each noun.

        """
        await self._delete(self._rows["delete"], id)


class Files(Readable[R]):
    """A noun whose things can be fetched as PDFs: in memory, on the disk, as a stream, and many into a folder.

    API v2 gives out 10 a minute for an IP address: calls wait for their turn under `pdf_limit`. API v3 makes a PDF when
    it is first asked for: that is waited out, within `max_wait`.
    """

    file_name: ClassVar[str]
    """What its file in a folder is called, unless a caller says otherwise."""
    waits_until_made: ClassVar[bool] = False
    """True where a file that the server is making still is waited for, within `max_wait`."""

    async def download(self, id: int) -> bytes:
        """Return the PDF, whole.

        Raises:
            DocumentNotReadyError: If the PDF is not made yet; API v3 waits for it first, within `max_wait`.
            MalformedResponseError: If what came is no PDF, or only the beginning of one.

        Example:
            ```python
            pdf = await billingo.invoices.download(invoice.id)
            ```

        Source: API docs, Invoices / Download invoice; specification, DownloadDocument, where it takes two seconds.

        """
        return await self._file(self._rows["download"].call(id=id))

    async def download_to(self, id: int, path: StrPath, *, overwrite: bool = False) -> Path:
        """Save the PDF and return its path; the path never holds half a PDF, and never anything else.

        The PDF is streamed into a temporary file beside the path, which takes its place when it is whole.

        Raises:
            FileExistsError: If something is at the path and `overwrite` is False; nothing is sent.
            FileNotFoundError: If the directory is missing; nothing is sent.
            DocumentNotReadyError: If the PDF is not made yet; API v3 waits for it first, within `max_wait`.
            MalformedResponseError: If what came is no PDF, or only the beginning of one.

        Example:
            ```python
            saved = await billingo.invoices.download_to(invoice.id, "invoice.pdf")
            ```

        Source: API docs, Invoices / Download invoice; specification, DownloadDocument.

        """
        call = self._rows["download"].call(id=id)
        async with AtomicDownload(path, overwrite=overwrite) as download:
            await self._file(call, sink=download)
            return await download.commit()

    def download_stream(self, id: int) -> DownloadStream:
        """Read the PDF while it comes, chunk by chunk, without holding it in memory.

        A PDF that breaks off raises at its end, when its chunks have been handed out.

        Raises:
            DocumentNotReadyError: If the PDF is not made yet, raised as the block is entered; API v3 waits for it
                first, within `max_wait`.
            MalformedResponseError: If what came is no PDF, or only the beginning of one.
            ConnectionFailedError: If the line fails after the first chunk.

        Example:
            ```python
            async with billingo.invoices.download_stream(invoice.id) as pdf:
                async for chunk in pdf:
                    print(len(chunk), "of", pdf.size)
            ```

        Source: API docs, Invoices / Download invoice; specification, DownloadDocument.

        """
        call = self._rows["download"].call(id=id)
        return DownloadStream(lambda sink: self._file(call, sink=sink))

    def download_many(
        self, ids: Iterable[int | R] | AsyncIterable[int | R], directory: StrPath, *, name: str | None = None
    ) -> AsyncGenerator[Download]:
        """Save many PDFs in a folder, and tell of each as soon as it is there.

        Keeps to the API's limit, and waits as long as that takes. A file that is in the folder already is not asked for
        again, so a run that was stopped is finished by running it again. A PDF that is not made yet, or that is refused
        because another program has used up the limit, is asked for again a little later, for as long as `max_wait`
        allows; others come meanwhile.

        Args:
            ids: Ids, or invoices or documents as lists give them, whose names need not be asked for. One that comes
                twice is fetched once and told of once.
            directory: The folder; it is made if it is not there.
            name: A template of the fields of what is fetched, by default its printed number:
                ``{prefixed_invoice_no}.pdf``, in API v3 ``{invoice_number}.pdf``. With ``{id}`` alone nothing has to be
                read for a name.

        Raises:
            ConfigurationError: If the Billingo object is closed; no folder is made.
            OSError: If the folder cannot be made, as where a file is in its place.
            TypeError: If an item of `ids` is neither an id nor such a thing. No further item is taken; those taken
                before are finished and told first. What `ids` itself raises comes in the same way.
            ValueError: If the template names no field, or leads out of the folder.

        Example:
            ```python
            invoices = billingo.invoices.query(start_date=date(2026, 3, 1), end_date=date(2026, 3, 31))
            async for download in billingo.invoices.download_many(invoices, "march"):
                print(download.id, download.path or download.error)
            ```

        Source: API docs, Invoices / Download invoice; specification, DownloadDocument.

        """
        from billingo_async.transport.download_folder import PdfFolder  # noqa: PLC0415 - loaded with the first folder

        settings, row = self._dispatch.settings, self._rows["download"]
        allowed = settings.max_connections if row.limit is None else settings.limits[row.limit.name].count
        kind = cast("type[R]", cast("OfModel[Any]", self._rows["get"].decoder).model)
        folder = PdfFolder(self._dispatch, row, directory, name or self.file_name, kind=kind, read=self.get)
        return folder.save_many(ids, min(allowed, settings.max_connections))

    async def _file(self, call: Call[T], **options: Any) -> T:
        """Fetch what the server may be making still."""
        patience = self._dispatch.settings.max_wait if self.waits_until_made else 0.0
        return await self._when_made(lambda: self._dispatch.run(call, **options), patience)


def rows_of(noun: str, table: Iterable[Operation[Any]]) -> Mapping[str, Operation[Any]]:
    """Return the rows of a noun by their verbs."""
    return {verb: row for row in table for of, _, verb in [row.name.partition(".")] if of == noun}


def _checked(row: Operation[Any], body: Any) -> Any:
    return body if row.takes is None else check_model(body, row.takes())


def _encoded(body: Any) -> bytes | None:
    payload = body.to_payload() if isinstance(body, WrittenModel) else body
    return to_json(payload) if payload else None
