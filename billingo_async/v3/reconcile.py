"""THE TABLE of keyed operations: what the journal finds for the name that stands in a row.

What is added to a list stands here, and an export; how each other ONCE operation of `operations` is stated, sent and
found again, in `once`.

No rule about keys enters here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, NoReturn

from billingo_async.errors import ConfigurationError
from billingo_async.journal.kinds import RowCreation, Traceless, added
from billingo_async.journal.port import keyed_in
from billingo_async.v3 import operations
from billingo_async.v3.once import acts, create

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billingo_async.journal.intent import Intent
    from billingo_async.journal.port import KeyedOperation, OpenIntent
    from billingo_async.protocol.call import Call, Operation


class ExportsCreate(Traceless[str], RowCreation[str]):
    """`exports.create`, whose result is a text.

    An export that was ordered leaves nothing to look at: it stays in doubt, and a second one does no harm.
    """

    api: ClassVar[str] = "v3"
    row: ClassVar[Operation[Any]] = operations.EXPORTS_CREATE

    def call(self, intent: Intent, before: str | None) -> Call[str]:
        """Return the call; its answer tells nothing that could be compared."""
        return self.row.call(body=intent.request)

    async def confirm(self, intent: OpenIntent, id_: int | None) -> NoReturn:
        """Refuse: an export's id is a text, and another export does no harm."""
        raise ConfigurationError("an export that is not known is ordered anew: say happened=False")


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
    ExportsCreate,
)
"""What is added to a list, and an export."""
KEYED: Final[Mapping[str, type[KeyedOperation[Any]]]] = keyed_in(create, acts) | {kind.name: kind for kind in ADDED}
"""By the name of the row of the table of operations."""
