"""What the journal tells of its keys: outcomes of a run, records of a key, the state of all; and how an error is kept.

Plain values; no database and no rule enters here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic

from typing_extensions import TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_REASON_LENGTH: Final = 500
"""Characters of an error that the journal keeps."""
T = TypeVar("T", default=Any)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What became of one key of a bulk run: a result or an error, never both.

    Attributes:
        key: The caller's key; ``#7`` where the seventh item of the input had none.
        result: What was made under the key, now or by an earlier run, in short.
        error: What went wrong; `safe_to_retry` of a `BillingoError` says whether anything can have been made.
        seconds: How long it took, from taking the item to knowing its outcome.
        was_there: True if it was made before, so that this run has sent nothing for it.

    """

    key: str
    result: T | None
    error: Exception | None
    seconds: float
    was_there: bool = False

    @property
    def invoice(self) -> T | None:
        """The result, by API v2's word."""
        return self.result

    @property
    def document(self) -> T | None:
        """The result, by API v3's word."""
        return self.result


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """What a journal holds of one key.

    Attributes:
        key: The key.
        operation: What it was used for, such as ``invoices.create``.
        state: Where it stands: done, refused, free, doubt, sending, reconciling.
        result: What was made, in short; None where nothing was, nothing is known, or the operation has no result.
        error: Why the last try did not succeed, or why that is not known; None where it is done.

    """

    key: str
    operation: str
    state: str
    result: Any
    error: str | None

    @property
    def invoice(self) -> Any:
        """The result, by API v2's word."""
        return self.result

    @property
    def document(self) -> Any:
        """The result, by API v3's word."""
        return self.result


@dataclass(frozen=True, slots=True)
class JournalStatus:
    """What a journal holds.

    Attributes:
        counts: How many keys stand where, over all operations: done, refused, free, doubt, sending, reconciling.
        unresolved: The keys without an outcome, with what is known of the reason as their error.
        refused: The keys whose last try was refused, likewise.

    """

    counts: Mapping[str, int]
    unresolved: Sequence[KeyRecord]
    refused: Sequence[KeyRecord]


def dump_error(error: Exception) -> str:
    """Return what is kept of an error.

    What no database takes, half a character or a zero, becomes a question mark.
    """
    text = f"{type(error).__name__}: {error}".replace("\0", "?")
    return text.encode(errors="replace").decode()[:MAX_REASON_LENGTH]
