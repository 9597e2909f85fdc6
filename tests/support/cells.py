"""What one cell of the failure matrix must show, and how it is looked at.

What must be shown is computed from law 1 of the design, from the effects in the API's reference and from what the fault
does; nothing of it comes from the code under test.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deeds import ONCE, READ, SAME
from mishaps import FINAL, NEVER_SENT, REFUSED, UNKNOWN, UNREADABLE
from stage import PATIENCE

from billingo_async import (
    APIError,
    BillingoError,
    DocumentNotReadyError,
    OutcomeUnknownError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deeds import Deed
    from mishaps import Mishap

    from billingo_async import Billingo
    from billingo_async.sandbox import Sandbox

AGAIN, REPORT, DOUBT = "again", "report", "doubt"
LAW = {
    (READ, NEVER_SENT): AGAIN,
    (READ, REFUSED): AGAIN,
    (READ, UNKNOWN): AGAIN,
    (READ, FINAL): REPORT,
    (READ, UNREADABLE): REPORT,
    (SAME, NEVER_SENT): AGAIN,
    (SAME, REFUSED): AGAIN,
    (SAME, UNKNOWN): AGAIN,
    (SAME, FINAL): REPORT,
    (SAME, UNREADABLE): REPORT,
    (ONCE, NEVER_SENT): AGAIN,
    (ONCE, REFUSED): AGAIN,
    (ONCE, UNKNOWN): DOUBT,
    (ONCE, FINAL): REPORT,
    (ONCE, UNREADABLE): DOUBT,
}
"""Law 1 of the design: effect x fate. An answer of success that cannot be read leaves doubt after a ONCE call."""
TRIES = 1 + int(PATIENCE["max_retries"])


@dataclass(frozen=True)
class Cell:
    """What one cell of the matrix must show."""

    error: type[BillingoError] | None
    tries: int
    commits: int
    """How often the deed is committed; for what may be repeated, whether it is."""
    reason: type[BillingoError] | None = None
    """What the doubt is about."""


def expected(deed: Deed, mishap: Mishap, *, for_ever: bool) -> Cell:
    """Read a cell from the law."""
    error = _called(deed, mishap)
    verdict = LAW[deed.effect, mishap.fate]
    done = int(mishap.commits and deed.effect != READ)
    if verdict == DOUBT:
        return Cell(OutcomeUnknownError, 1, done, reason=error)
    if verdict == REPORT:
        return Cell(error, 1, done)
    if (mishap.asks or 0) > PATIENCE["max_wait"]:
        return Cell(error, 1, 0)
    if for_ever:
        return Cell(error, TRIES, done)
    return Cell(None, 2, int(deed.effect != READ))


def _called(deed: Deed, mishap: Mishap) -> type[BillingoError]:
    """Name the failure: JSON in a PDF's place, whatever it says, means that the PDF is not ready."""
    says_json = mishap.name.startswith("200 with success") or mishap.name == "200 that says neither"
    return DocumentNotReadyError if says_json and deed.name == "invoices.download" else mishap.error


async def failure_of(deed: Deed, billingo: Billingo, uid: int) -> BillingoError | None:
    """Do it; return the error, if there was one."""
    try:
        await deed.do(billingo, uid)
    except BillingoError as error:
        return error
    return None


def arrivals(cell: Cell, mishap: Mishap) -> int:
    """How many requests the server must have seen: all but those that met a fault before they left."""
    if mishap.fate != NEVER_SENT:
        return cell.tries
    return 0 if cell.error else 1


def commits(sandbox: Sandbox, deed: Deed, before: int) -> int:
    """How often it was done; what may be repeated counts as done once as long as it was done to one thing alone."""
    done = [entry.id for entry in sandbox.ledger[before:] if entry.operation == deed.name]
    return len(done) if deed.effect == ONCE else len(set(done))


def holds_to_the_law(error: BillingoError, deed: Deed, mishap: Mishap, cell: Cell) -> None:
    """Check what an error says of itself."""
    assert error.operation == deed.name
    assert deed.name in str(error)
    assert error.safe_to_retry is not isinstance(error, OutcomeUnknownError)
    if isinstance(error, OutcomeUnknownError):
        assert type(error.cause) is cell.reason
        assert mishap.raw is None or error.raw == mishap.raw


def tells_the_wait(error: BillingoError, mishap: Mishap, seconds: float) -> None:
    """Check that a refusal says how long the server still asks to wait."""
    if isinstance(error, APIError):
        passed = seconds if mishap.dated else 0.0
        assert error.retry_after == (None if mishap.asks is None else max(0.0, mishap.asks - passed))


def keeps_secrets(error: BillingoError, secrets: Iterable[str]) -> None:
    """Look for keys, tokens and the customer in all that an error may become."""
    shown = str(error) + repr(error) + repr(error.args) + pickle.dumps(error).decode("latin-1")
    assert not [secret for secret in secrets if secret in shown]
