"""Receipts: made like documents, in blocks of their own, and without a partner if need be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.fields.writing import check_model
from billingo_async.v3 import deferred, operations
from billingo_async.v3.resources.resource import Resource

if TYPE_CHECKING:
    from billingo_async.v3.models import Document, NewReceipt


class Receipts(Resource):
    """Receipts; they are found, cancelled and downloaded as documents. Source: specification, ReceiptInsert."""

    async def create(self, new: NewReceipt, *, key: str | None = None) -> Document:
        """Make a receipt and return it. It is numbered at once and cannot be changed any more, only cancelled.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            InvalidRequestError: If the server finds fault with a field, such as a block of another type.
            OutcomeUnknownError: If it may or may not have been made.

        Example:
            ```python
            receipt = await billingo.receipts.create(
                NewReceipt(
                    block_id=180002,
                    payment_method=PaymentMethod.CASH,
                    items=[NewReceiptItem(name="Ticket", unit_price=1000, vat=ReceiptVat.PERCENT_27)],
                )
            )
            ```

        Source: specification, CreateReceipt.

        """
        return await self._create(operations.RECEIPTS_CREATE, new, deferred.models.NewReceipt, key)

    async def issue_draft(self, id: int, new: NewReceipt, *, key: str | None = None) -> Document:
        """Make the receipt of a draft, which keeps its id; `new` is the whole receipt with the type to issue.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            InvalidRequestError: If it is no draft any more.
            OutcomeUnknownError: If it may or may not have been issued: `documents.get` tells by its type.

        Example:
            ```python
            receipt = await billingo.receipts.issue_draft(draft.id, order.model_copy(update={"type": "receipt"}))
            ```

        Source: specification, CreateReceiptFromDraft, which is a PUT.

        """
        if key is not None:
            check_model(new, deferred.models.NewReceipt)
            return await self._once(operations.RECEIPTS_ISSUE_DRAFT, (id, new), key)
        return await self._write(operations.RECEIPTS_ISSUE_DRAFT, id, new, deferred.models.NewReceipt)
