"""THE TABLE of keyed operations: what the journal finds for the name that stands in a row.

What is added to a list stands here; how each other ONCE operation of `operations` is stated, sent and found again, in
`once`.

No rule about keys enters here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from billingo_async.journal.kinds import RowCreation, added
from billingo_async.journal.port import KeyedOperation, keyed_in
from billingo_async.v2 import models, operations
from billingo_async.v2.once import acts, create

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billingo_async.protocol.call import Operation


class ClientsCreate(RowCreation[models.Client]):
    """`clients.create`; without `force` the server may answer with one that it had before."""

    api: ClassVar[str] = "v2"
    row: ClassVar[Operation[Any]] = operations.CLIENTS_CREATE
    listing: ClassVar[Operation[Any]] = operations.CLIENTS_LIST

    def row_of(self, payload: Mapping[str, Any]) -> Operation[models.Client]:
        """Return the row of a forced client, where it is one."""
        return operations.CLIENTS_FORCE if payload.get("force") else operations.CLIENTS_CREATE

    def is_new(self, payload: Mapping[str, Any]) -> bool:
        """Tell whether it is forced."""
        return bool(payload.get("force"))


ADDED: Final[tuple[type[KeyedOperation[Any]], ...]] = (
    ClientsCreate,
    added("v2", operations.PRODUCTS_CREATE, operations.PRODUCTS_LIST),
    added("v2", operations.EXPENSES_CREATE, operations.EXPENSES_LIST),
    added("v2", operations.BANK_ACCOUNTS_CREATE, operations.BANK_ACCOUNTS_LIST),
    added("v2", operations.RECURRING_CREATE, operations.RECURRING_LIST),
)
"""What is added to a list."""
KEYED: Final[Mapping[str, type[KeyedOperation[Any]]]] = keyed_in(create, acts) | {kind.name: kind for kind in ADDED}
"""By the name of the row of the table of operations."""
