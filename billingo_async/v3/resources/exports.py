"""Exports for bookkeepers: order one, see how far it is, save it; or all three at once.

Never enters here: a path or a method of HTTP; those are rows of `operations`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from billingo_async.errors import APIError, DocumentNotReadyError
from billingo_async.noun import Noun
from billingo_async.transport.downloads import AtomicDownload, StrPath
from billingo_async.v3 import models, operations

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


FIRST_POLL_SECONDS: Final = 2.0
DEFAULT_PATIENCE: Final = 600.0
MADE: Final = frozenset({"success", "warning"})
"""States in which a file can be fetched. Source: seen."""


class Exports(Noun):
    """Files of many documents for a bookkeeping program. Source: specification, CreateDocumentExport."""

    async def create(self, new: models.NewExport, *, key: str | None = None) -> str:
        """Order an export and return its id, which is text. The same request twice orders two, which does no harm.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            OutcomeUnknownError: If it may or may not have been ordered.

        Example:
            ```python
            export_id = await billingo.exports.create(new_export)
            ```

        Source: specification, Create.

        """
        return await self._make(operations.EXPORTS_CREATE, new, key)

    async def poll(self, id: str) -> models.ExportState:
        """Return how far an export has come: ``pending``, ``processing``, ``success``, ``warning`` or ``fail``.

        Example:
            ```python
            state = (await billingo.exports.poll(export_id)).state
            ```

        Source: specification, Poll.
        """
        return await self._dispatch.run(operations.EXPORTS_POLL.call(text=id))

    async def download_to(self, id: str, path: StrPath, *, overwrite: bool = False) -> Path:
        """Save an export that is made, and return its path; the path never holds half a file.

        Raises:
            FileExistsError: If something is at the path and `overwrite` is False; nothing is sent.
            FileNotFoundError: If the directory is missing; nothing is sent.
            DocumentNotReadyError: If it is not made yet.
            MalformedResponseError: If what came is no file.

        Example:
            ```python
            await billingo.exports.download_to(export_id, "march.csv")
            ```

        Source: specification, Download.

        """
        async with AtomicDownload(path, overwrite=overwrite) as download:
            return await self._save(id, download)

    async def run(
        self,
        new: models.NewExport,
        path: StrPath,
        *,
        patience: float = DEFAULT_PATIENCE,
        overwrite: bool = False,
        on_state: Callable[[models.ExportState], object] | None = None,
    ) -> Path:
        """Order an export, wait until it is made, save it, and return its path.

        Args:
            new: What to export.
            path: Where to save it.
            patience: Seconds that it is waited for.
            overwrite: Whether what is at the path may be replaced.
            on_state: Called with each `ExportState` that is seen on the way.

        Raises:
            FileExistsError: If something is at the path and `overwrite` is False; nothing is sent.
            DocumentNotReadyError: If it was not made within `patience`.
            APIError: If the server says that it failed.

        Example:
            ```python
            await billingo.exports.run(
                NewExport(
                    query_type="fulfillment_date", start_date=date(2026, 2, 1), end_date=date(2026, 2, 28),
                    export_type="simple_csv",
                ),
                "february.csv",
            )
            ```

        Source: specification, Create, Poll and Download.

        """
        async with AtomicDownload(path, overwrite=overwrite) as download:  # says now what is wrong with the place
            export_id = await self.create(new)
            await self._when_made(partial(self._check_made, export_id, on_state), float(patience), FIRST_POLL_SECONDS)
            return await self._save(export_id, download)

    async def _save(self, export_id: str, download: AtomicDownload) -> Path:
        """Save a file; it is read whole, for it has no mark by which one could be told from an error as it comes."""
        content = await self._dispatch.run(operations.EXPORTS_DOWNLOAD.call(text=export_id))
        await download.new_part().write(content)
        return await download.commit()

    async def _check_made(self, export_id: str, on_state: Callable[[models.ExportState], object] | None) -> None:
        status = await self.poll(export_id)
        if on_state is not None:
            on_state(status)
        if status.state == "fail":
            raise _error(APIError, f"export {export_id} failed", status)
        if status.state not in MADE:
            raise _error(DocumentNotReadyError, f"export {export_id} is not made yet", status)


def _error(kind: type[APIError], words: str, status: models.ExportState) -> APIError:
    text: Any = f"exports.run: {words}, its state is {status.state}"
    return kind(": ".join(filter(None, (text, status.message))), operation="exports.run", message=status.message or "")
