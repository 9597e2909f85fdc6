"""The tree of errors is the one that the design draws, and every error can be caught as what it also is."""

from __future__ import annotations

import inspect
import re

import pytest

import billingo_async
from billingo_async import errors

PARENTS = {
    "BillingoError": "Exception",
    "ConfigurationError": "BillingoError",
    "KeyConflictError": "ConfigurationError",
    "ConnectionFailedError": "BillingoError",
    "TimedOutError": "ConnectionFailedError",
    "OutcomeUnknownError": "BillingoError",
    "MalformedResponseError": "BillingoError",
    "APIError": "BillingoError",
    "InvalidRequestError": "APIError",
    "AuthenticationError": "APIError",
    "PermissionDeniedError": "APIError",
    "NotFoundError": "APIError",
    "RateLimitedError": "APIError",
    "DocumentNotReadyError": "APIError",
    "ServerError": "APIError",
}
"""Each error and the one above it, as the design draws them; `KeyConflictError` is more than it asks for."""


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


def test_classes_are_those_of_the_design() -> None:
    """No error is missing, none is too many, and each stands where it is drawn."""
    classes = {
        name: kind for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, Exception)
    }
    assert {name: kind.__bases__[0].__name__ for name, kind in classes.items()} == PARENTS


def test_drawing_in_the_docstring_is_true() -> None:
    """The tree that the module shows is the tree that it defines."""
    text = inspect.getdoc(errors)
    assert text is not None
    assert _drawn(re.sub("^ {4}", "", text, flags=re.MULTILINE)) == PARENTS


def test_every_error_is_public() -> None:
    """Whoever wants to catch an error finds it at the top of the package."""
    assert set(PARENTS) <= set(billingo_async.__all__)


@pytest.mark.parametrize(
    ("kind", "also"),
    [(errors.ConfigurationError, ValueError), (errors.TimedOutError, TimeoutError), (errors.TimedOutError, OSError)],
)
def test_errors_are_also_what_python_calls_them(kind: type[Exception], also: type[Exception]) -> None:
    """A caller who knows only Python's own exceptions catches ours as well."""
    with pytest.raises(also, match="what happened"):
        raise kind("what happened")


def test_only_doubt_is_unsafe_to_retry() -> None:
    """By default a call may be repeated, except where nobody knows whether it has happened."""
    unsafe = {name for name in PARENTS if not getattr(errors, name)("m").safe_to_retry}
    assert unsafe == {"OutcomeUnknownError"}


def test_base_has_the_promised_attributes() -> None:
    """Outside a call there is no operation; within one it is named."""
    assert errors.BillingoError("m").operation is None
    error = errors.BillingoError("m", operation="invoices.cancel", safe_to_retry=False)
    assert (str(error), error.operation, error.safe_to_retry) == ("m", "invoices.cancel", False)


def test_refusal_has_the_promised_attributes() -> None:
    """What was not told is empty, never missing."""
    error = errors.APIError("m")
    assert (error.status_code, error.message, error.errors, error.method, error.path, error.retry_after) == (
        0,
        "",
        {},
        "",
        "",
        None,
    )


def test_body_is_cut() -> None:
    """A malformed answer keeps 2,000 bytes of itself, no more."""
    assert errors.MalformedResponseError("m", body=b"x" * 2_001).body == b"x" * 2_000
