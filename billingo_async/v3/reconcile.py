"""THE TABLE of keyed operations: what the journal finds for the name that stands in a row.

What is added to a list stands here; how each other ONCE operation of `operations` is stated, sent and found again, in
`once`.

No rule about keys enters here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billingo_async.journal.kinds import added
from billingo_async.journal.port import KeyedOperation, keyed_in
from billingo_async.v3 import once, operations

if TYPE_CHECKING:
    from collections.abc import Mapping

ADDED: Final[tuple[type[KeyedOperation[Any]], ...]] = (
    added("v3", operations.PARTNERS_CREATE, operations.PARTNERS_LIST, filters={"query": "name"}),
    added("v3", operations.PRODUCTS_CREATE, operations.PRODUCTS_LIST),
    added("v3", operations.BANK_ACCOUNTS_CREATE, operations.BANK_ACCOUNTS_LIST),
    added("v3", operations.DOCUMENT_BLOCKS_CREATE, operations.DOCUMENT_BLOCKS_LIST, filters={"type": "type"}),
    added(
        "v3",
        operations.SPENDINGS_CREATE,
        operations.SPENDINGS_LIST,
        filters={"start_date": "fulfillment_date", "end_date": "fulfillment_date"},
        renamed={"total_gross_huf": "total_gross_local", "total_vat_amount_huf": "total_vat_amount_local"},
    ),
)
"""What is added to a list."""
KEYED: Final[Mapping[str, type[KeyedOperation[Any]]]] = keyed_in(once) | {kind.name: kind for kind in ADDED}
"""By the name of the row of the table of operations."""
