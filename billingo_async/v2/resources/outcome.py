"""What a bulk run tells of each key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billingo_async.v2.models import Invoice


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one key of a bulk run: an invoice or an error, never both.

    Attributes:
        key: The caller's key; ``#7`` where the seventh item of the input had none.
        invoice: The invoice of the key, made now or by an earlier run, in short.
        error: What went wrong; `safe_to_retry` of a `BillingoError` says whether anything can have been made.
        seconds: How long it took, from taking the item to knowing its outcome.
        was_there: True if the invoice was made before, so that this run has sent nothing for it.

    """

    key: str
    invoice: Invoice | None
    error: Exception | None
    seconds: float
    was_there: bool = False
