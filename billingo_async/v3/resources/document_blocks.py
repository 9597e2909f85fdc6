"""Document blocks: the ranges of numbers that documents come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.v3 import deferred, operations
from billingo_async.v3.resources.resource import MAX_PER_PAGE, Resource

if TYPE_CHECKING:
    from billingo_async.paging import AsyncPager
    from billingo_async.v3.models import DocumentBlock, DocumentBlockType, NewDocumentBlock


class DocumentBlocks(Resource):
    """The ranges of numbers; every document names one. Source: specification, DocumentBlock."""

    def list(
        self,
        *,
        type: DocumentBlockType | str | None = None,
        page: int = 1,
        per_page: int = MAX_PER_PAGE,
        read_ahead: int = 1,
    ) -> AsyncPager[DocumentBlock]:
        """List blocks, all or those of one type: ``invoice`` for documents, ``receipt`` for receipts.

        Example:
            ```python
            blocks = await billingo.document_blocks.list(type="invoice").to_list()
            ```

        Source: specification, ListDocumentBlock.
        """
        return self._pager(operations.DOCUMENT_BLOCKS_LIST, page, per_page, read_ahead, type=type)

    async def create(self, new: NewDocumentBlock, *, key: str | None = None) -> DocumentBlock | None:
        """Open a range of numbers, for good: the API can neither change nor delete one.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Returns it where the server tells it, and None where it does not: list the blocks then.

        Raises:
            OutcomeUnknownError: If it may or may not have been opened: list the blocks before you call again.

        Example:
            ```python
            await billingo.document_blocks.create(NewDocumentBlock(name="Shop", prefix="SHOP", type="invoice"))
            ```

        Source: specification, CreateDocumentBlock, whose answer has no body.

        """
        return await self._create(operations.DOCUMENT_BLOCKS_CREATE, new, deferred.models.NewDocumentBlock, key)
