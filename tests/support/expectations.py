"""What one cell of the failure matrix must show, and how it is looked at.

What must be shown is computed from law 1 of the design, from the effects in the API's reference and from what the fault
does; nothing of it comes from the code under test.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fault_cases import FINAL, NEVER_SENT, REFUSED, UNKNOWN, UNREADABLE
from harness import PATIENCE
from operation_cases import ONCE, READ

from billingo_async import APIError, BillingoError, DocumentNotReadyError, OutcomeUnknownError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fault_cases import FaultCase
    from operation_cases import Case

    from billingo_async.sandbox import Sandbox


AGAIN, REPORT, DOUBT = "again", "report", "doubt"
LAW = {
    NEVER_SENT: (AGAIN, AGAIN),
    REFUSED: (AGAIN, AGAIN),
    UNKNOWN: (AGAIN, DOUBT),
    FINAL: (REPORT, REPORT),
    UNREADABLE: (REPORT, DOUBT),
}
"""Law 1 of the design: by a request's fate, what follows after READ and SAME, and what after ONCE.

An answer of success that cannot be read leaves doubt after a ONCE call.
"""
TRIES = 1 + int(PATIENCE["max_retries"])


@dataclass(frozen=True)
class Expectation:
    """What one cell of the matrix must show."""

    error: type[BillingoError] | None
    tries: int
    commits: int
    """How often the operation is committed; for what may be repeated, whether it is."""
    reason: type[BillingoError] | None = None
    """What the doubt is about."""


def expected(case: Case, fault: FaultCase, *, for_ever: bool) -> Expectation:
    """Read a cell from the law."""
    error = _called(case, fault)
    verdict = LAW[fault.fate][case.effect == ONCE]
    done = int(fault.commits and case.effect != READ)
    if verdict == DOUBT:
        return Expectation(OutcomeUnknownError, 1, done, reason=error)
    if verdict == REPORT:
        return Expectation(error, 1, done)
    if (fault.asks or 0) > PATIENCE["max_wait"]:
        return Expectation(error, 1, 0)
    if for_ever:
        return Expectation(error, TRIES, done)
    return Expectation(None, 2, int(case.effect != READ))


def _called(case: Case, fault: FaultCase) -> type[BillingoError]:
    """Name the failure: JSON in a PDF's place, whatever it says, means that the PDF is not ready."""
    says_json = fault.name.startswith("200 with success") or fault.name == "200 that says neither"
    return DocumentNotReadyError if says_json and case.name == "invoices.download" else fault.error


async def failure_of(case: Case, billingo: object, given: object) -> BillingoError | None:
    """Do it; return the error, if there was one."""
    try:
        await case.do(billingo, given)
    except BillingoError as error:
        return error
    return None


def arrivals(expectation: Expectation, fault: FaultCase) -> int:
    """How many requests the server must have seen: all but those that met a fault before they left."""
    if fault.fate != NEVER_SENT:
        return expectation.tries
    return 0 if expectation.error else 1


def commits(sandbox: Sandbox, case: Case, before: int) -> int:
    """How often it was done; what may be repeated counts as done once as long as it was done to one thing alone."""
    done = [entry.id for entry in sandbox.ledger[before:] if entry.operation == case.name]
    return len(done) if case.effect == ONCE else len(set(done))


def check_error(
    error: BillingoError, case: Case, fault: FaultCase, expectation: Expectation, secrets: Iterable[str]
) -> None:
    """Check what an error says of itself, and look for keys, tokens and the customer in all that it may become."""
    assert error.operation == case.name
    assert case.name in str(error)
    assert error.safe_to_retry is not isinstance(error, OutcomeUnknownError)
    if isinstance(error, OutcomeUnknownError):
        assert type(error.cause) is expectation.reason
        assert fault.raw is None or error.raw == fault.raw
    shown = str(error) + repr(error) + repr(error.args) + pickle.dumps(error).decode("latin-1")
    assert not [secret for secret in secrets if secret in shown]


def tells_the_wait(error: BillingoError, fault: FaultCase, seconds: float) -> None:
    """Check that a refusal says how long the server still asks to wait."""
    if isinstance(error, APIError):
        passed = seconds if fault.dated else 0.0
        assert error.retry_after == (None if fault.asks is None else max(0.0, fault.asks - passed))
