"""The tree of errors is the one that the design draws, and every error can be caught as what it also is."""

from __future__ import annotations

import inspect
import re

import pytest

from billingo_async import errors
from billingo_async.on_demand import public_names

PASSING = {
    "ConnectionFailedError", "TimedOutError", "ThrottledError", "JournalError", "RateLimitedError",
    "DocumentNotReadyError", "ServerError",
}  # fmt: skip
"""What the design calls an outage, a pause, a journal that is away: calling again can come to another end."""


def _drawn(text: str) -> dict[str, str]:
    """Read a drawing with the branches ├── and └── into pairs of a name and the one above it."""
    above = {0: "Exception"}
    found: dict[str, str] = {}
    for line in text.splitlines():
        if leaf := re.match(r"(?P<indent>[│├└─ ]*)(?P<name>[A-Z]\w*Error)\b", line):
            level = len(leaf["indent"]) // 4
            found[leaf["name"]] = above[level]
            above[level + 1] = leaf["name"]
    return found


CLASSES = {
    name: kind
    for name, kind in vars(errors).items()
    if inspect.isclass(kind) and issubclass(kind, errors.BillingoError)
}


def test_drawing_in_the_docstring_is_true() -> None:
    """The tree that the module shows is the tree that it defines: none is missing, none too many."""
    text = inspect.getdoc(errors)
    assert text is not None
    drawn = _drawn(re.sub("^ {4}", "", text, flags=re.MULTILINE))
    assert drawn == {name: kind.__bases__[0].__name__ for name, kind in CLASSES.items()}


def test_every_error_is_public() -> None:
    """Whoever wants to catch an error finds it at the top of the package."""
    assert set(CLASSES) <= set(public_names("billingo_async"))


@pytest.mark.parametrize(
    ("kind", "also"),
    [(errors.ConfigurationError, ValueError), (errors.TimedOutError, TimeoutError), (errors.TimedOutError, OSError)],
)
def test_errors_are_also_what_python_calls_them(kind: type[Exception], also: type[Exception]) -> None:
    """A caller who knows only Python's own exceptions catches ours as well."""
    with pytest.raises(also, match="what happened"):
        raise kind("what happened")


def test_only_doubt_is_unsafe_to_retry() -> None:
    """By default a call may be repeated, except where it is not known whether it has happened."""
    unsafe = {name for name, kind in CLASSES.items() if not kind("m").safe_to_retry}
    assert unsafe == {"OutcomeUnknownError", "JournalError"}


@pytest.mark.parametrize(("sent", "safe"), [(False, True), (True, False), (None, False)])
def test_a_journal_that_is_away_is_safe_before_anything_was_sent(sent: bool | None, safe: bool) -> None:  # noqa: FBT001 - a column
    """Of `JournalError` only one that says that nothing was sent is safe to repeat."""
    error = errors.JournalError("m", sent=sent)
    assert (error.sent, error.safe_to_retry, error.worth_retrying) == (sent, safe, True)


def test_only_what_passes_is_worth_retrying() -> None:
    """Calling again, unchanged, can help against an outage and a pause, and not against a 422 or another request."""
    assert {name for name, kind in CLASSES.items() if kind("m").worth_retrying} == PASSING


@pytest.mark.parametrize(("status", "worth"), [(408, True), (425, True), (409, False), (418, False), (451, False)])
def test_a_refusal_without_a_class_is_worth_retrying_by_its_status(status: int, worth: bool) -> None:  # noqa: FBT001 - a column
    """A time-out of the server's passes; a conflict does not."""
    assert errors.APIError("m", status_code=status).worth_retrying is worth


def test_a_keyed_call_in_doubt_can_say_that_calling_again_helps() -> None:
    """A journal reconciles the key first, so the doubt may end."""
    assert errors.OutcomeUnknownError("m", worth_retrying=True).worth_retrying


def test_a_throttled_call_has_no_status() -> None:
    """What never left was answered by no server."""
    error = errors.ThrottledError("m", retry_after=12.5)
    assert (error.retry_after, hasattr(error, "status_code")) == (12.5, False)


def test_base_has_the_promised_attributes() -> None:
    """Outside a call there is no operation; within one it is named."""
    assert errors.BillingoError("m").operation is None
    error = errors.BillingoError("m", operation="invoices.cancel", safe_to_retry=False)
    assert (str(error), error.operation, error.safe_to_retry) == ("m", "invoices.cancel", False)


def test_refusal_has_the_promised_attributes() -> None:
    """What was not told is empty, never missing."""
    error = errors.APIError("m")
    assert (error.status_code, error.message, error.errors, error.retry_after) == (None, "", {}, None)
    assert (error.method, error.path) == ("", "")


@pytest.mark.parametrize("kind", [errors.MalformedResponseError, errors.APIError, errors.ServerError])
def test_body_is_cut(kind: type[errors.MalformedResponseError | errors.APIError]) -> None:
    """An answer that is kept is 2,000 bytes of it, no more."""
    assert kind("m", body=b"x" * 2_001).body == b"x" * 2_000
