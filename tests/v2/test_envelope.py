"""The envelope in every dialect in which it was seen: a success is read, a failure is never taken for one."""

from __future__ import annotations

from typing import Any

import pytest
from ready_answers import CANCEL, LABEL, reply

from billingo_async.errors import InvalidRequestError, MalformedResponseError, ServerError
from billingo_async.v2 import envelope

YES: list[Any] = [True, "true", "True", " TRUE ", 1, "1"]
NO: list[Any] = [False, "false", "False", "FALSE", 0, "0"]
NEITHER: list[Any] = ["yes", "ok", 2, -1, [], {}, [True], 0.5, "null", "", " ", None]


@pytest.mark.parametrize("success", YES, ids=repr)
def test_success_in_all_its_spellings(success: Any) -> None:
    """`success` has been seen as a bool, a string and a number; the whole envelope is handed on."""
    assert envelope.unwrap(CANCEL, reply({"success": success, "data": []})) == {"success": success, "data": []}


@pytest.mark.parametrize("success", NO, ids=repr)
def test_failure_in_all_its_spellings(success: Any) -> None:
    """A string that is truthy in Python means failure, and so does HTTP 200 with `false`."""
    with pytest.raises(InvalidRequestError) as caught:
        envelope.unwrap(CANCEL, reply({"success": success, "error": "No such invoice"}))
    assert (caught.value.status_code, caught.value.message) == (200, "No such invoice")
    assert str(caught.value) == f"{LABEL}: 200 OK: No such invoice"


@pytest.mark.parametrize("success", NEITHER, ids=repr)
def test_success_that_means_nothing_is_malformed(success: Any) -> None:
    """What nobody can read as yes or no is neither."""
    with pytest.raises(MalformedResponseError, match=r": the answer does not say whether it is a success$"):
        envelope.unwrap(CANCEL, reply({"success": success}))


@pytest.mark.parametrize(
    "content",
    [{"error": "No"}, {"errors": ["No"]}, {"error": "No", "data": []}, {"success": None, "error": "No"},
     {"error": "No", "data": {}, "id": 0},
     {"success": "", "errors": {"items": "No"}}],
)  # fmt: skip
def test_error_without_success_is_a_failure(content: dict[str, Any]) -> None:
    """Where `success` is missing or empty, an error speaks for itself."""
    with pytest.raises(InvalidRequestError, match=r": (items: )?No$"):
        envelope.unwrap(CANCEL, reply(content))


@pytest.mark.parametrize(
    "content",
    [{"error": "Mail failed", "data": {"id": 7}}, {"success": "", "errors": ["No"], "data": [0]},
     {"success": None, "error": "No", "id": 7}, {"error": "No", "id": "7", "data": []},
     {}, {"data": []}, {"error": ""}, {"error": None, "errors": []}],
)  # fmt: skip
def test_what_says_nothing_of_success_is_malformed(content: dict[str, Any]) -> None:
    """An error may be a warning beside data or an id; and what says nothing is not taken for a success."""
    with pytest.raises(MalformedResponseError, match=r": the answer does not say whether it is a success$"):
        envelope.unwrap(CANCEL, reply(content))


NO_OBJECTS = [
    b"", b" ", b"<html>502</html>", b'{"success": true', b"[]", b"null", b"true", b'"success"', b"42", b"\xff\xfe{",
    b"NaN", b'{"success": true, "x": NaN}', b"[" * 100_000, b'{"a":' * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("body", NO_OBJECTS, ids=range(len(NO_OBJECTS)))
def test_what_is_no_object_is_malformed(body: bytes) -> None:
    """No JSON, half of it, another kind of it, or one nested without end: one error for all, nothing quoted."""
    with pytest.raises(MalformedResponseError) as caught:
        envelope.unwrap(CANCEL, reply(body=body))
    assert str(caught.value) == f"{LABEL}: 200 OK: the answer is no JSON object"
    error = caught.value
    assert (error.operation, error.status_code, error.body) == ("invoices.cancel", 200, body[:2_000])


def test_answer_that_was_cut_is_malformed() -> None:
    """The beginning of an answer is not the answer, even if it reads like one."""
    answer = reply({"success": True})
    with pytest.raises(MalformedResponseError, match=r": the answer is longer than max_response_size$"):
        envelope.unwrap(CANCEL, type(answer)(200, {}, answer.body, cut=True))


@pytest.mark.parametrize(
    "body", [b"", b"<h1>Bad Gateway</h1>", b'{"success": false, "error": ""}', b"[]", b'{"success": true}']
)
def test_status_of_failure_is_a_failure_whatever_the_body_says(body: bytes) -> None:
    """Seen: `error` empty with HTTP 500; and no word of success makes a 500 one."""
    error = envelope.error_from(CANCEL, reply(body=body, status=500))
    assert isinstance(error, ServerError)
    assert (str(error), error.message) == (f"{LABEL}: 500 Internal Server Error", "")


ONE = {"id": 7, "name": "Mézes Kft."}


DECODERS: list[tuple[Any, list[dict[str, Any]]]] = [
    ([], []), ({}, []), ([{"id": 7, "attributes": {"name": "Mézes Kft."}}], [ONE]),
    ({"id": 7, "attributes": {"name": "Mézes Kft."}}, [ONE]),
    ({"0": {"id": 7, "attributes": {"name": "Mézes Kft."}}}, [ONE]),
    ([{"id": "7", "attributes": {"name": "Mézes Kft."}}], [{"id": "7", "name": "Mézes Kft."}]),
    ([{"id": 7, "attributes": []}], [{"id": 7}]), ([{"id": 7, "attributes": None}], [{"id": 7}]),
    ([{"id": 7, "attributes": {"id": 8, "uid": 9}}], [{"id": 7, "uid": 9}]),
    ([{"attributes": {"uid": 9}}], [{"uid": 9, "id": 9}]), ([{"id": None, "attributes": {"id": 8}}], [{"id": 8}]),
    ([{"id": 7, "name": "Mézes Kft."}], [ONE]),
    ({"5": {"id": 5, "attributes": {}}, "7": {"id": 7, "attributes": {}}}, [{"id": 5}, {"id": 7}]),
]  # fmt: skip


@pytest.mark.parametrize(("data", "rows"), DECODERS)
def test_entries_in_all_their_shapes(data: Any, rows: list[dict[str, Any]]) -> None:
    """A list, a single entry, PHP's list with numbers for keys, empty objects as arrays, the id wherever it stands."""
    assert envelope.entries(data) == rows


@pytest.mark.parametrize(
    "data", [None, "", 7, True, ["x"], [None], [[]], [{}], [{"attributes": {}}], [{"id": 7, "attributes": "x"}],
             {"code": "uiowerTI"}, [{"id": 7, "attributes": {}}, {}], [{"id": 0, "attributes": {}}]]
)  # fmt: skip
def test_what_is_no_list_of_entries_is_none(data: Any) -> None:
    """One bad entry spoils the list: rows are never left out in silence."""
    assert envelope.entries(data) is None
