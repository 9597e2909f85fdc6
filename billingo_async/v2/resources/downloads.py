"""Many PDFs into a folder: what a caller asks for.

How a run goes about it stands in `folder`; one PDF is `papers`' matter, and the limit is kept by `transport`.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from billingo_async.v2 import operations
from billingo_async.v2.resources.papers import Papers

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncGenerator, AsyncIterable, Iterable

    from billingo_async.v2.models import Invoice
    from billingo_async.v2.resources.folder import Download


class Downloads(Papers):
    """The PDFs of many invoices.

    Source: API docs, Invoices / Download invoice.
    """

    async def download_many(
        self,
        ids: Iterable[int | Invoice] | AsyncIterable[int | Invoice],
        directory: str | os.PathLike[str],
        *,
        name: str = "{prefixed_invoice_no}.pdf",
    ) -> AsyncGenerator[Download]:
        """Save the PDFs of many invoices in a folder, and tell of each as soon as it is there.

        Keeps to the limit of 10 a minute, and waits as long as that takes. A file that is in the folder already is not
        asked for again, so a run that was stopped is finished by running it again. A PDF that is not made yet, or that
        is refused because another program has used up the limit, is asked for again a little later, for as long as
        `max_wait` allows.

        Args:
            ids: Ids, or invoices as `list` and `query` give them, whose names need not be asked for. One that comes
                twice is fetched once and told of once.
            directory: The folder; it is made if it is not there.
            name: A template of the invoice's fields; with `{id}` alone no invoice has to be read for its name.

        Raises:
            ConfigurationError: If the Billingo object is closed; no folder is made.
            OSError: If the folder cannot be made, as where a file is in its place.
            TypeError: If an item of `ids` is neither an id nor an invoice. No further item is taken; those taken
                before are finished and told first. What `ids` itself raises comes in the same way.
            ValueError: If the template names no field of an invoice, or leads out of the folder.

        Example:
            ```python
            invoices = billingo.invoices.query(start_date=date(2026, 3, 1), end_date=date(2026, 3, 31))
            async for download in billingo.invoices.download_many(invoices, "march"):
                print(download.id, download.path or download.error)
            ```

        Source: API docs, Invoices / Download invoice.

        """
        from billingo_async.v2.resources.folder import Run, Saver  # noqa: PLC0415 - loaded by those who fill folders

        self._dispatch.wire.check_open()  # before a folder is made for nothing
        settings = self._dispatch.settings
        saver = Saver(directory, name, self.download_to, self._read)
        run = Run(saver, ids, settings.max_wait)
        workers = min(settings.pdf_limit.count, settings.max_connections)
        async with aclosing(run.downloads(workers)) as downloads:  # whoever closes this run closes that one with it
            async for download in downloads:
                yield download

    async def _read(self, id: int) -> Invoice:
        return await self._dispatch.run(operations.INVOICES_GET.call(id=id))
