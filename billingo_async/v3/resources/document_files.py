"""The files of documents: PDFs and prints for a till, in memory, on the disk, as a stream, and many into a folder.

The server makes a PDF when it is first asked for and answers 202 meanwhile: that is waited out, within `max_wait`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from billingo_async.noun import Files
from billingo_async.v3 import models, operations
from billingo_async.v3.resources.resource import Resource

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncGenerator, AsyncIterable, Iterable
    from pathlib import Path

    from billingo_async.protocol.call import Operation
    from billingo_async.transport.download_folder import Download
    from billingo_async.transport.downloads import DownloadStream
    from billingo_async.v3.models import Document

PRINT_WIDTHS = (58, 80)
"""Millimetres. Source: specification, PosPrint."""


class DocumentFiles(Files, Resource):
    """What can be fetched of a document as a file."""

    file_row: ClassVar[Operation[bytes]] = operations.DOCUMENTS_DOWNLOAD
    waits_until_made: ClassVar[bool] = True

    async def get(self, id: int) -> Document:
        """Return one document."""
        raise NotImplementedError

    async def download(self, id: int) -> bytes:
        """Return the document's PDF, whole; waits, within `max_wait`, while the server is making it.

        Raises:
            DocumentNotReadyError: If it was not made within `max_wait`.
            MalformedResponseError: If what came is no PDF, or only the beginning of one.

        Example:
            ```python
            pdf = await billingo.documents.download(document.id)
            ```

        Source: specification, DownloadDocument; a PDF takes about two seconds.

        """
        return await self._download(self.file_row, id)

    async def download_to(self, id: int, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Save the document's PDF and return its path; the path never holds half a PDF, and never anything else.

        The PDF is streamed into a temporary file beside the path, which takes its place when it is whole.

        Raises:
            FileExistsError: If something is at the path and `overwrite` is False; nothing is sent.
            FileNotFoundError: If the directory is missing; nothing is sent.
            DocumentNotReadyError: If it was not made within `max_wait`.
            MalformedResponseError: If what came is no PDF, or only the beginning of one.

        Example:
            ```python
            saved = await billingo.documents.download_to(document.id, "invoice.pdf")
            ```

        Source: specification, DownloadDocument.

        """
        return await self._download_to(id, path, overwrite=overwrite)

    def download_stream(self, id: int) -> DownloadStream:
        """Read the document's PDF while it comes, chunk by chunk, without holding it in memory.

        A PDF that breaks off raises at its end, when its chunks have been handed out.

        Raises:
            DocumentNotReadyError: If it was not made within `max_wait`; raised as the block is entered.
            MalformedResponseError: If what came is no PDF, or only the beginning of one.
            ConnectionFailedError: If the line fails after the first chunk.

        Example:
            ```python
            async with billingo.documents.download_stream(document.id) as pdf:
                async for chunk in pdf:
                    print(len(chunk), "of", pdf.size)
            ```

        Source: specification, DownloadDocument.

        """
        return self._download_stream(id)

    def download_many(
        self,
        ids: Iterable[int | Document] | AsyncIterable[int | Document],
        directory: str | os.PathLike[str],
        *,
        name: str = "{invoice_number}.pdf",
    ) -> AsyncGenerator[Download]:
        """Save the PDFs of many documents in a folder, and tell of each as soon as it is there.

        A file that is in the folder already is not asked for again, so a run that was stopped is finished by running it
        again. A PDF that is not made yet is asked for again a little later, for as long as `max_wait` allows; others
        come meanwhile.

        Args:
            ids: Ids, or documents as `list` gives them, whose names need not be asked for. One that comes twice is
                fetched once and told of once.
            directory: The folder; it is made if it is not there.
            name: A template of the document's fields; with `{id}` alone no document has to be read for its name.

        Raises:
            ConfigurationError: If the Billingo object is closed; no folder is made.
            OSError: If the folder cannot be made, as where a file is in its place.
            TypeError: If an item of `ids` is neither an id nor a document. No further item is taken; those taken
                before are finished and told first. What `ids` itself raises comes in the same way.
            ValueError: If the template names no field of a document, or leads out of the folder.

        Example:
            ```python
            documents = billingo.documents.list(start_date=date(2026, 3, 1), end_date=date(2026, 3, 31))
            async for download in billingo.documents.download_many(documents, "march"):
                print(download.id, download.path or download.error)
            ```

        Source: specification, DownloadDocument.

        """
        return self._download_many(ids, directory, name, models.Document, self.get)

    async def download_pos(self, id: int, *, size: Literal[58, 80]) -> bytes:
        """Return the document as a PDF for the paper of a till, 58 or 80 millimetres wide.

        Raises:
            ValueError: For another width; nothing is sent.
            DocumentNotReadyError: If it was not made within `max_wait`.

        Example:
            ```python
            slip = await billingo.documents.download_pos(document.id, size=58)
            ```

        Source: specification, PosPrint.

        """
        if size not in PRINT_WIDTHS:
            msg = f"size must be 58 or 80, the width of the paper in millimetres, got {size!r:.40}"
            raise ValueError(msg)
        return await self._download(operations.DOCUMENTS_DOWNLOAD_POS, id, {"size": str(size)})
