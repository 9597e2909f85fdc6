"""Errors are copied whole, and pickled without what the server sent."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING

import pytest

from billingo_async import errors
from billingo_async.errors import APIError, BillingoError, MalformedResponseError, OutcomeUnknownError

if TYPE_CHECKING:
    from collections.abc import Callable

CUSTOMER = b'{"name": "Kov\xc3\xa1cs Kft."}'
WHERE = "invoices.cancel"

CALLED: list[type[BillingoError]] = [
    BillingoError,
    errors.ConfigurationError,
    errors.ConnectionFailedError,
    errors.TimedOutError,
]
PLAIN = [kind("what happened", operation=WHERE, safe_to_retry=False) for kind in CALLED]
THROTTLED = errors.ThrottledError("what happened", operation=WHERE, retry_after=12.5)
JOURNAL = errors.JournalError("what happened", operation=WHERE, sent=False)
CONFLICT = errors.KeyConflictError("what happened", operation=WHERE, key="order-1", result_id=7)
KINDS: list[type[APIError]] = [APIError, *APIError.__subclasses__()]
REFUSALS = [
    kind(
        "what happened",
        operation=WHERE,
        safe_to_retry=False,
        status_code=418,
        message="No",
        errors={"items[0].qty": "missing"},
        method="GET",
        path="/invoices/42/cancel",
        retry_after=2.5,
    )
    for kind in KINDS
]
REFUSED = errors.InvalidRequestError(
    "what happened", operation=WHERE, status_code=418, headers={"via": "Kov\xe1cs"}, body=CUSTOMER
)
MALFORMED = MalformedResponseError("what happened", operation=WHERE, status_code=200, body=CUSTOMER)
DOUBT = OutcomeUnknownError("what happened", operation=WHERE, cause=MALFORMED, raw=CUSTOMER)
OPEN: list[BillingoError] = [*PLAIN, CONFLICT, THROTTLED, JOURNAL, *REFUSALS]
"""What holds nothing that the server sent."""
ALL: list[BillingoError] = [*OPEN, MALFORMED, DOUBT]


def _name(error: BillingoError) -> str:
    return type(error).__name__


def _there_and_back(error: BillingoError) -> BillingoError:
    twin = pickle.loads(pickle.dumps(error))  # noqa: S301 - the pickle was made on this line
    assert isinstance(twin, BillingoError)
    return twin


def test_copy_of_a_refusal_keeps_what_the_server_sent() -> None:
    """Within the process headers and body are copied along."""
    twin = copy.copy(REFUSED)
    assert (twin.headers, twin.body) == (REFUSED.headers, CUSTOMER)


@pytest.mark.parametrize("twin_of", [copy.copy, copy.deepcopy])
@pytest.mark.parametrize("error", ALL, ids=_name)
def test_copy_is_whole(error: BillingoError, twin_of: Callable[[BillingoError], BillingoError]) -> None:
    """A copy is another object of the same class with every attribute, what the server sent included."""
    twin = twin_of(error)
    assert twin is not error
    assert type(twin) is type(error)
    assert (str(twin), vars(twin)) == (str(error), vars(error))


@pytest.mark.parametrize("error", OPEN, ids=_name)
def test_pickle_is_whole_where_nothing_is_secret(error: BillingoError) -> None:
    """An error comes out of another process as it went in."""
    twin = _there_and_back(error)
    assert type(twin) is type(error)
    assert (str(twin), vars(twin)) == (str(error), vars(error))


def test_pickle_leaves_the_headers_and_the_body_of_a_refusal_out() -> None:
    """What is nobody else's stays in the process; the status arrives."""
    assert b"Kov" not in pickle.dumps(REFUSED)
    twin = _there_and_back(REFUSED)
    assert isinstance(twin, APIError)
    assert (dict(twin.headers), twin.body, twin.status_code) == ({}, b"", 418)


def test_pickle_leaves_raw_and_the_body_of_the_cause_out() -> None:
    """Neither the doubt nor its cause carries a customer into a pickle."""
    assert b"Kov" not in pickle.dumps(DOUBT)
    twin = _there_and_back(DOUBT)
    assert isinstance(twin, OutcomeUnknownError)
    assert twin.raw is None
    assert isinstance(twin.cause, MalformedResponseError)
    assert (twin.cause.body, twin.cause.status_code, twin.safe_to_retry) == (b"", 200, False)


@pytest.mark.parametrize("error", ALL, ids=_name)
def test_repr_shows_the_message_alone(error: BillingoError) -> None:
    """Neither `str` nor `repr` shows a body."""
    assert str(error) == "what happened"
    assert repr(error) == f"{type(error).__name__}('what happened')"


def test_notes_travel_along() -> None:
    """A note that a caller added is in the copy and in the pickle."""
    error = errors.NotFoundError("what happened")
    error.add_note("while closing the month")
    assert copy.copy(error).__notes__ == _there_and_back(error).__notes__ == ["while closing the month"]
