"""THE TABLE of keyed operations: what the journal finds for the name that stands in a row.

How each ONCE operation of `operations` is stated, sent and found again stands in `once`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billingo_async.journal.port import keyed_in
from billingo_async.v3.once import acts, create, rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billingo_async.journal.port import KeyedOperation

KEYED: Final[Mapping[str, type[KeyedOperation[Any]]]] = keyed_in(create, acts, rows)
"""By the name of the row of the table of operations."""
