"""What is added to a list under a key: partners, products, bank accounts, blocks, costs; and an export.

An export that was ordered leaves nothing to look at: it stays in doubt, and a second one does no harm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar

from billingo_async.errors import ConfigurationError
from billingo_async.journal.kinds import RowCreation, Traceless
from billingo_async.v3 import models, operations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billingo_async.journal.intent import Intent
    from billingo_async.journal.port import OpenIntent
    from billingo_async.protocol.call import Call, Operation

T = TypeVar("T")


class _Row(RowCreation[T]):
    api: ClassVar[str] = "v3"


class PartnersCreate(_Row[models.Partner]):
    """`partners.create`; the list is asked for the name."""

    row: ClassVar[Operation[Any]] = operations.PARTNERS_CREATE
    listing: ClassVar[Operation[Any]] = operations.PARTNERS_LIST
    filters: ClassVar[Mapping[str, str]] = {"query": "name"}


class ProductsCreate(_Row[models.Product]):
    """`products.create`."""

    row: ClassVar[Operation[Any]] = operations.PRODUCTS_CREATE
    listing: ClassVar[Operation[Any]] = operations.PRODUCTS_LIST


class BankAccountsCreate(_Row[models.BankAccount]):
    """`bank_accounts.create`."""

    row: ClassVar[Operation[Any]] = operations.BANK_ACCOUNTS_CREATE
    listing: ClassVar[Operation[Any]] = operations.BANK_ACCOUNTS_LIST


class DocumentBlocksCreate(_Row[models.DocumentBlock | None]):
    """`document_blocks.create`, whose answer may have no body."""

    row: ClassVar[Operation[Any]] = operations.DOCUMENT_BLOCKS_CREATE
    listing: ClassVar[Operation[Any]] = operations.DOCUMENT_BLOCKS_LIST
    filters: ClassVar[Mapping[str, str]] = {"type": "type"}


class SpendingsCreate(_Row[models.Spending]):
    """`spendings.create`; the list is asked for the day of fulfillment."""

    row: ClassVar[Operation[Any]] = operations.SPENDINGS_CREATE
    listing: ClassVar[Operation[Any]] = operations.SPENDINGS_LIST
    filters: ClassVar[Mapping[str, str]] = {"start_date": "fulfillment_date", "end_date": "fulfillment_date"}
    renamed: ClassVar[Mapping[str, str]] = {
        "total_gross_huf": "total_gross_local",
        "total_vat_amount_huf": "total_vat_amount_local",
    }


class ExportsCreate(Traceless[str], _Row[str]):
    """`exports.create`, whose result is a text."""

    row: ClassVar[Operation[Any]] = operations.EXPORTS_CREATE

    def call(self, intent: Intent, before: str | None) -> Call[str]:
        """Return the call; its answer tells nothing that could be compared."""
        del before
        return self.row.call(body=intent.request)

    async def confirm(self, intent: OpenIntent, id_: int | None) -> NoReturn:
        """Refuse: an export's id is a text, and another export does no harm."""
        del intent, id_
        raise ConfigurationError("an export that is not known is ordered anew: say happened=False")
