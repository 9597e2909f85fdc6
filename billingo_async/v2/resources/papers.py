"""What an invoice looks like to a person: its PDF, and its page on the web. `Invoices` inherits these calls.

A PDF is handed out whole or not at all; how it lands in a file is told in `transport.landing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from billingo_async.transport.landing import Landing
from billingo_async.v2 import operations
from billingo_async.v2.resources.resource import Resource

if TYPE_CHECKING:
    import os
    from pathlib import Path


class Papers(Resource):
    """The PDFs and public pages of invoices.

    Source: API docs, Invoices.
    """

    async def code(self, id: int) -> str:
        """Return the code of the invoice's public page; see `access_url` for the address.

        Example:
            ```python
            code = await billingo.invoices.code(invoice.id)
            ```

        Source: API docs, Invoices / Get the download code.
        """
        return await self._dispatch.run(operations.INVOICES_CODE.call(id=id))

    async def access_url(self, id: int) -> str:
        """Return the address of the invoice's public page, where whoever knows it can see the invoice.

        Example:
            ```python
            address = await billingo.invoices.access_url(invoice.id)
            ```

        Source: API docs, Invoices / Access URL.
        """
        return f"{self._dispatch.settings.origin}/access/c:{quote(await self.code(id), safe='')}"

    async def download(self, id: int) -> bytes:
        """Return the invoice's PDF, whole.

        Waits for its turn under `pdf_limit`, for the server gives out 10 a minute for an IP address.

        Raises:
            DocumentNotReadyError: If the PDF is not made yet; ask again a little later.
            MalformedResponseError: If what came is no PDF, or only the beginning of one.

        Example:
            ```python
            pdf = await billingo.invoices.download(invoice.id)
            ```

        Source: API docs, Invoices / Download invoice.

        """
        return await self._dispatch.run(operations.INVOICES_DOWNLOAD.call(id=id))

    async def download_to(self, id: int, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Save the invoice's PDF and return its path; the path never holds half a PDF.

        The PDF is streamed into a temporary file beside the path, which takes its place when it is whole.

        Raises:
            FileExistsError: If something is at the path and `overwrite` is False; nothing is sent.
            FileNotFoundError: If the directory is missing; nothing is sent.
            DocumentNotReadyError: If the PDF is not made yet.
            MalformedResponseError: If what came is no PDF, or only the beginning of one.

        Example:
            ```python
            saved = await billingo.invoices.download_to(invoice.id, "invoice.pdf")
            ```

        Source: API docs, Invoices / Download invoice.

        """
        call = operations.INVOICES_DOWNLOAD.call(id=id)
        async with Landing(path, overwrite=overwrite) as landing:
            await self._dispatch.run(call, landing=landing)
            return await landing.land()
