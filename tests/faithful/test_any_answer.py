"""Any answer to any operation: a success is read or malformed, and a failure is never taken for a success.

Ordinary runs draw some hundred answers; `pytest --hypothesis-profile=thorough` draws 10 000.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from any_answer import NEITHER, NO, YES, answers
from hypothesis import event, given
from hypothesis import strategies as st

from billingo_async.errors import APIError, DocumentNotReadyError, MalformedResponseError
from billingo_async.fields.exact import is_object
from billingo_async.protocol.call import Reply
from billingo_async.v2.operations import TABLE

if TYPE_CHECKING:
    from billingo_async.protocol.call import Operation

SUCCESS, FAILURE, NOTHING = "success", "failure", "nothing"
WORDS = {"true": SUCCESS, "1": SUCCESS, "false": FAILURE, "0": FAILURE}
EMPTY = {"", "none"}
"""An empty word says as little as none at all."""
COMPLAINTS, RESULTS = ("error", "errors"), ("data", "id")
"""Where no word is said, a complaint is a failure if it stands alone; beside a result it may be a mere warning."""
BARE = {"time"}
"""The operation that answers without an envelope, so that saying nothing of success is no fault of its answer."""
NEVER_JSON = {"invoices.download"}
"""A PDF has no envelope either: whatever JSON comes in its place, the document is not ready or it is no document."""

PARTS = {"{id}": ("id", 42), "{lang}": ("lang", "hu")}


def label(row: Operation[Any]) -> str:
    """Tell a row from any other: creating a client has two."""
    return f"{row.name} {row.effect}"


def meaning(said: Any) -> str:
    """Say what an answer means by the words of the reference, without asking the library."""
    if not is_object(said):
        return NOTHING
    word = str(said.get("success")).strip().lower()
    if word in EMPTY:
        has_result = any(said.get(place) for place in RESULTS)
        return FAILURE if any(said.get(place) for place in COMPLAINTS) and not has_result else NOTHING
    return WORDS.get(word, NOTHING)


def read(row: Operation[Any], body: bytes, status: int = 200) -> Any:
    """Read an answer as the row's column says."""
    parts: dict[str, Any] = dict(part for mark, part in PARTS.items() if mark in row.path)
    return row.decoder.read(row.call(**parts), Reply(status, {}, body))


def outcome(row: Operation[Any], body: bytes) -> str:
    """Read an answer and say what came of it; anything but a result and the two kinds of error is let through."""
    try:
        read(row, body)
    except MalformedResponseError:
        return "malformed"
    except DocumentNotReadyError:
        return "not ready"
    except APIError:
        return "refused"
    return "read"


@st.composite
def exchanges(draw: st.DrawFn) -> tuple[Operation[Any], Any]:
    """Draw a row of the table and an answer to it."""
    row = draw(st.sampled_from(TABLE))
    return row, draw(answers(row))


@given(exchanges())
def test_any_answer_is_taken_for_what_it_says(drawn: tuple[Operation[Any], Any]) -> None:
    """What is read said success, what is refused said failure, and nothing but these and malformed ever happens."""
    row, said = drawn
    came = outcome(row, json.dumps(said).encode())
    event(f"{meaning(said)}: {came}")
    if row.name in NEVER_JSON:
        assert came in {"not ready", "malformed"}
    elif came == "read":
        assert meaning(said) == SUCCESS or (row.name in BARE and meaning(said) == NOTHING)
    elif came == "refused":
        assert meaning(said) == FAILURE
    else:
        assert came == "malformed"
        assert meaning(said) != FAILURE, "a failure that can be read is called by its name"


ENTRY: dict[str, Any] = {"id": 7, "attributes": {"uid": 7}}
WHOLE: dict[str, Any] = {
    "time": 1_700_000_000,
    "id": 7,
    "data": {**ENTRY, "code": "x", "value": 1, "is_sandbox": 1, "tax_code": "x", "fully_paid": 1, "outstanding": 0},
}
"""An answer that every operation but the PDF reads, if it says success."""
READERS = [row for row in TABLE if row.name not in NEVER_JSON]


@pytest.mark.parametrize("row", READERS, ids=label)
def test_the_same_answer_is_read_or_not_by_one_word(row: Operation[Any]) -> None:
    """Each row, each spelling: the word alone decides, however well the rest would read."""
    for word in YES:
        assert outcome(row, json.dumps({"success": word, **WHOLE}).encode()) == "read"
    for word in NO:
        assert outcome(row, json.dumps({"success": word, **WHOLE}).encode()) == "refused"
    for word in () if row.name in BARE else NEITHER:
        assert outcome(row, json.dumps({"success": word, **WHOLE}).encode()) == "malformed"


@pytest.mark.parametrize("row", READERS, ids=label)
def test_the_last_word_counts_where_it_is_said_twice(row: Operation[Any]) -> None:
    """JSON with a name twice means the later value, on every road that reads it."""
    rest = json.dumps(WHOLE)[1:].encode()
    assert outcome(row, b'{"success": true, ' + rest[:-1] + b', "success": false}') == "refused"
    assert outcome(row, b'{"success": false, ' + rest[:-1] + b', "success": true}') == "read"


@pytest.mark.parametrize("row", TABLE, ids=label)
def test_json_in_the_place_of_anything_else(row: Operation[Any]) -> None:
    """No object, no JSON, nothing at all: malformed, whatever was promised; digits alone may be the time."""
    for body in (b"", b"[]", b"null", b"true", b'"true"', b"<html></html>", b'{"success": true', b"%PDF-1.7", b"\xff"):
        assert outcome(row, body) == "malformed"
