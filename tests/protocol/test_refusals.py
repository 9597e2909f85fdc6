"""A refusal names operation, id, status and the server's own words, on one line that is fit to be shown."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ready_answers import CANCEL, LABEL, reply

from billingo_async import errors
from billingo_async.protocol.call import Fate, Fault
from billingo_async.protocol.refusals import class_of, in_doubt, malformed, no_answer, one_line, refusal, throttled

CLASSES = {
    400: errors.InvalidRequestError, 401: errors.AuthenticationError, 403: errors.PermissionDeniedError,
    404: errors.NotFoundError, 422: errors.InvalidRequestError, 402: errors.PaymentRequiredError,
    429: errors.RateLimitedError,
}  # fmt: skip
"""As the design's tree of errors has it."""

TRACE = (
    "exception 'ErrorException' with message 'Undefined index: client_uid' in /var/www/billingo/app/Invoice.php:214\n"
    "Stack trace:\n"
    + "".join(f"#{n} /var/www/billingo/vendor/framework/Router.php({n}): Route->run()\n" for n in range(99))
)


def _class_of(status: int) -> type[errors.APIError]:
    if status < 300:
        return errors.InvalidRequestError
    return CLASSES.get(status, errors.APIError) if status < 500 else errors.ServerError


def test_class_of_every_status() -> None:
    """Six statuses have a class, 2xx means that the body refuses, other 4xx are plain, 5xx are the server's."""
    statuses = range(200, 600)
    assert [class_of(status) for status in statuses] == [_class_of(status) for status in statuses]


def test_refusal_tells_everything_part_by_part() -> None:
    """What a program wants to know is in attributes, what a person wants to know in one line."""
    said = {
        "success": False,
        "error": "Validation failed",
        "errors": {"items[0].net_unit_price": "String value found, but a number is required"},
    }
    error = refusal(CANCEL, reply(said, 400, retry_after="7"), said["error"], said["errors"])
    assert type(error) is errors.InvalidRequestError
    assert str(error) == (
        f"{LABEL}: 400 Bad Request: Validation failed; "
        "items[0].net_unit_price: String value found, but a number is required"
    )
    assert (error.operation, error.status_code, error.message) == ("invoices.cancel", 400, "Validation failed")
    assert error.errors == {"items[0].net_unit_price": "String value found, but a number is required"}
    assert (error.method, error.path, error.retry_after) == ("GET", "/invoices/42/cancel", 7.0)
    assert error.safe_to_retry is True
    assert (error.headers["retry-after"], error.body[:1]) == ("7", b"{")


@pytest.mark.parametrize(
    ("errors", "kept", "shown"),
    [
        ({"qty": "missing"}, {"qty": "missing"}, ": qty: missing"),
        ({"qty": ["missing", "too small"]}, {"qty": "missing; too small"}, ": qty: missing; too small"),
        (["no qty", "no unit"], ["no qty", "no unit"], ": no qty; no unit"),
        ([{"property": "qty", "message": "none"}], ["property: qty; message: none"], ": property: qty; message: none"),
        ("qty is missing", ["qty is missing"], ": qty is missing"), ([], [], ""), ({}, {}, ""), (None, {}, ""),
        (False, {}, ""), ("", {}, ""),
    ],
)  # fmt: skip
def test_field_errors_keep_the_shape_in_which_they_came(errors: Any, kept: Any, shown: str) -> None:
    """Documented as an array, seen as an object keyed by path; each is shown."""
    said = {"success": False, "errors": errors}
    error = refusal(CANCEL, reply(said, 400), None, errors)
    assert error.errors == kept
    assert str(error) == f"{LABEL}: 400 Bad Request{shown}"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("", ""), (None, ""), (False, ""), ("No such invoice", "No such invoice"),
        (["No", "such", "invoice"], "No; such; invoice"), ([["No"], {"why": "gone"}], "No; why: gone"),
        ({"why": {"code": 7}}, "why: code: 7"), (42, "42"), ("line one\r\n  line two\tend\n", "line one line two end"),
        ("red \x1b[31malert\x1b[0m\x00", "red �[31malert�[0m�"),
        ("right-to-left \u202e and half \ud800", "right-to-left � and half �"), ("Őrült űrhajó", "Őrült űrhajó"),
        ([[[[["too deep"]]]]], "…"), ([[[["deep"]]]], "deep"), (["", None, "only this"], "only this"),
    ],
)  # fmt: skip
def test_words_become_one_printable_line(words: Any, line: str) -> None:
    """Strings, lists of them, objects or nothing: no line break, no control character, nothing that turns it around."""
    assert one_line(words) == line


def test_trace_is_cut() -> None:
    """A PHP trace is shown up to 500 characters, and the mark at its end says that it went on."""
    line = one_line(TRACE)
    assert len(line) == 500
    assert line.startswith("exception 'ErrorException' with message 'Undefined index: client_uid' in /var/www/billingo")
    assert line.endswith("…")
    assert one_line("x" * 500) == "x" * 500
    assert one_line("x" * 501) == "x" * 499 + "…"
    assert one_line(" " * 5_000 + "x") == "x"


def test_many_field_errors_are_counted() -> None:
    """A message shows twenty of them and how many more there are; the attribute holds all."""
    errors = {f"items[{n}].qty": "missing" for n in range(250)}
    said = {"success": False, "errors": errors}
    error = refusal(CANCEL, reply(said, 400), None, errors)
    assert error.errors == errors
    assert "items[19].qty: missing; and 230 more" in str(error)
    assert "items[20]" not in str(error)
    for count, end in ((20, "items[19].qty: missing"), (21, "and 1 more")):
        some = dict(list(errors.items())[:count])
        assert str(refusal(CANCEL, reply(said, 400), None, some)).endswith(f"; {end}")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(error=JSON, errors=JSON, status=st.integers(200, 599))
def test_no_words_break_the_message(error: Any, errors: Any, status: int) -> None:
    """Whatever the server says, there is one printable line that begins with operation, path and status."""
    text = str(refusal(CANCEL, reply(body=b"", status=status), error, errors))
    assert text.startswith(f"{LABEL}: {status} ")
    assert text.isprintable()


def test_words_nested_without_end_are_not_followed() -> None:
    """A thousand levels of nesting end in a mark, not in a crash."""
    arrays: Any = "end"
    objects: Any = "end"
    for _ in range(1_000):
        arrays, objects = [arrays], {"a": objects}
    assert one_line(arrays) == "…"
    assert one_line(objects) == "a: a: a: a: …"


def test_status_that_nobody_knows_has_a_message_too() -> None:
    """A status without a phrase is shown as such."""
    assert str(refusal(CANCEL, reply(body=b"", status=599), None)) == f"{LABEL}: 599 (no standard status)"


@pytest.mark.parametrize(("timed_out", "kind"), [(False, errors.ConnectionFailedError), (True, errors.TimedOutError)])
def test_no_answer_is_told_by_its_kind(timed_out: bool, kind: type[errors.ConnectionFailedError]) -> None:  # noqa: FBT001 - a column
    """A time-out is a class of its own; both say in plain words what happened."""
    error = no_answer(CANCEL, Fault(Fate.NEVER_SENT, "no connection in time", timed_out=timed_out))
    assert type(error) is kind
    assert str(error) == f"{LABEL}: no connection in time"
    assert (error.operation, error.safe_to_retry) == ("invoices.cancel", True)


def test_doubt_says_what_to_do() -> None:
    """The message names the call once, the cause without its label, and the remedy."""
    cause = errors.ServerError(f"{LABEL}: 502 Bad Gateway", operation="invoices.cancel", status_code=502)
    doubt = in_doubt(CANCEL, cause, b"raw")
    assert type(doubt) is errors.OutcomeUnknownError
    assert str(doubt) == (
        f"{LABEL}: it may or may not have happened, so it was not repeated (502 Bad Gateway); "
        "look at what the account holds before you call again"
    )
    assert (doubt.cause, doubt.raw, doubt.operation, doubt.safe_to_retry) == (cause, b"raw", "invoices.cancel", False)


def test_call_that_was_throttled_says_how_long_it_would_have_waited() -> None:
    """Nothing was sent, so it is safe to call again; `retry_after` tells when."""
    error = throttled(CANCEL, 61.04, "the server asked all calls to wait")
    assert type(error) is errors.ThrottledError
    assert str(error).startswith(f"{LABEL}: not sent: the server asked all calls to wait 61.0 s")
    shown = (error.operation, error.retry_after, error.safe_to_retry, error.worth_retrying)
    assert shown == ("invoices.cancel", 61.04, True, True)


def test_malformed_answer_is_kept_but_not_quoted() -> None:
    """The beginning of the answer is at hand, and no word of it is in the message."""
    error = malformed(CANCEL, reply(body=b"Kov\xc3\xa1cs Kft." * 1_000, status=200), "no list of entries in `data`")
    assert type(error) is errors.MalformedResponseError
    assert str(error) == f"{LABEL}: 200 OK: no list of entries in `data`"
    assert (len(error.body), error.status_code, error.safe_to_retry) == (2_000, 200, True)
