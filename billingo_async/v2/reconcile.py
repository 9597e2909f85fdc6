"""THE TABLE of keyed operations: what the journal finds for the name that stands in a row.

One line for each ONCE operation of `operations`; how each is stated, sent and found again stands in `once`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billingo_async.v2.once import acts, rows
from billingo_async.v2.once.create import InvoicesCreate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billingo_async.journal.port import KeyedOperation

_ALL: Final[tuple[type[KeyedOperation[Any]], ...]] = (
    InvoicesCreate,
    acts.InvoicesCancel,
    acts.InvoicesGenerate,
    acts.InvoicesSend,
    acts.InvoicesPay,
    acts.InvoicesUndoPayment,
    rows.ClientsCreate,
    rows.ProductsCreate,
    rows.ExpensesCreate,
    rows.BankAccountsCreate,
    rows.RecurringCreate,
)
KEYED: Final[Mapping[str, type[KeyedOperation[Any]]]] = {operation.name: operation for operation in _ALL}
"""By the name of the row of the table of operations."""
