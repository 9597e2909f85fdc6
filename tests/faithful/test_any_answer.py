"""Any answer to any operation: a success is read or malformed, and a failure is never taken for a success.

Ordinary runs draw some hundred answers; `pytest --hypothesis-profile=thorough` draws 10 000.

Answers are drawn near enough to what was promised to be read, and wrong in any way.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from billingo_async import Invoice
from billingo_async.errors import APIError, DocumentNotReadyError, MalformedResponseError
from billingo_async.fields.exact import is_object
from billingo_async.fields.reading import ReadModel
from billingo_async.protocol.call import Reply
from billingo_async.v2.operations import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billingo_async.protocol.call import Operation

YES: tuple[Any, ...] = (True, 1, "true", "True", "TRUE", " true ", "1")
NO: tuple[Any, ...] = (False, 0, "false", "False", "FALSE", " false", "0")
NEITHER: tuple[Any, ...] = ("yes", "no", "ok", "null", "", None, 2, -1, 0.5, [], {}, [True], {"success": True})

ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(["", "0", "1", "7", "0000-00-00", "0000-00-00 00:00:00", "-0001-11-30 00:00:00", "2015-12-12"])
    | st.sampled_from(["2015-12-12 10:00:00", "4445.000", "1e3", "hu", "AM", "FOREIGN", "ALIEN", "NaN", 3, 17, 0.27]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)
"""Any JSON, and more often than by chance what PHP writes."""
RARELY = st.sampled_from([False] * 19 + [True])
AMOUNTS: st.SearchStrategy[Any] = st.sampled_from(
    [4445, "4445.000", 0.27, -0.0, 1e2, "0", "", None, [], "12345678901234567890.12345678"]
)
LIKELY: st.SearchStrategy[Any] = st.sampled_from(
    [0, 1, "1", "0", "4445.000", 0.27, 1e2, "2015-12-12", "0000-00-00", "", None, "hu", "TAM", []]
)
"""What most fields take, one way or another."""
IDS = st.sampled_from([7, "7"] * 15 + [1938103373, 0, "0", None, "x", "", -7, True, 2.5, [], {}])
TROUBLE = st.sampled_from(["No", "", None, [], {}, ["No", 7], {"items[0].qty": "a number is required"}, False, 7])


def parts_of(annotation: Any) -> Iterator[type[ReadModel]]:
    """Yield the models that a field may hold."""
    if isinstance(annotation, type) and issubclass(annotation, ReadModel):
        yield annotation
    for part in get_args(annotation):
        yield from parts_of(part)


@st.composite
def attributes(draw: st.DrawFn, model: type[ReadModel], depth: int = 2) -> dict[str, Any]:
    """Draw what stands in an entry: any field missing, any value in it, unknown fields besides."""
    told: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(sorted(model.model_fields)), unique=True, max_size=8)):
        inner = next(parts_of(model.model_fields[name].annotation), None)
        if inner is not None and depth and not draw(RARELY):
            told[name] = draw(lists_of(attributes(inner, depth - 1)) | attributes(inner, depth - 1))
        else:
            told[name] = draw(IDS if name == "id" else LIKELY | AMOUNTS | ODD)
    return told | draw(st.dictionaries(st.sampled_from(["colour", "ő", "0", "raw"]), ODD, max_size=2))


def lists_of(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw rows: a list, PHP's object with numbers for keys, one of them no object at all."""
    return st.one_of(
        st.lists(one, max_size=3),
        st.dictionaries(st.sampled_from(["0", "1", "5"]), one, max_size=3),
        st.tuples(one, ODD).map(list),
    )


def entries_of(model: type[ReadModel]) -> st.SearchStrategy[Any]:
    """Draw an entry: its id outside, inside, nowhere; its attributes beside it or missing."""
    told = attributes(model)
    return st.one_of(
        st.fixed_dictionaries({"id": IDS, "attributes": told}),
        st.fixed_dictionaries({}, optional={"id": IDS, "attributes": told | ODD}),
        st.tuples(told, IDS).map(lambda flat: {**flat[0], "id": flat[1]}),
    )


def data_of(operation: Operation[Any]) -> st.SearchStrategy[Any]:
    """Draw `data`: what was promised, in any of its dialects, or what other operations were."""
    model: type[ReadModel] = getattr(operation.decoder, "model", Invoice)
    names: list[str] = ["id", "time", "fully_paid", "outstanding", getattr(operation.decoder, "_name", "other")]
    entry = entries_of(model)
    values = st.fixed_dictionaries({}, optional=dict.fromkeys(names, IDS | LIKELY | ODD))
    return entry | lists_of(entry) | attributes(model) | values


@st.composite
def answers(draw: st.DrawFn, operation: Operation[Any]) -> Any:
    """Draw a whole answer: mostly an envelope, each of its parts there or not."""
    if draw(RARELY):
        return draw(ODD)
    says = draw(st.sampled_from([YES] * 5 + [NO] * 2 + [NEITHER]))
    parts: dict[str, st.SearchStrategy[Any]] = {
        "success": st.sampled_from(says),
        "error": TROUBLE | ODD,
        "errors": TROUBLE | ODD,
        "type": ODD,
        "id": IDS,
        "at": st.sampled_from([1_700_000_000, "2023-11-14T22:13:20Z", "soon"]),
    }
    told = draw(st.lists(st.sampled_from(sorted(parts)), unique=True, max_size=4))
    if not draw(RARELY):
        told.append("success")
    said = {name: draw(parts[name]) for name in told}
    return said if draw(RARELY) else {**said, "data": draw(ODD if draw(RARELY) else data_of(operation))}


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

PARTS = {"{id}": ("id", 7), "{lang}": ("lang", "hu")}
MAKES_ANOTHER = {"invoices.cancel", "invoices.generate"}
"""What answers with another id than the one that was asked about."""


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
    if row.name in MAKES_ANOTHER:
        parts["id"] = 42
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
def test_the_last_word_counts_where_it_is_said_twice(row: Operation[Any]) -> None:
    """JSON with a name twice means the later value, on every road that reads it."""
    rest = json.dumps(WHOLE)[1:].encode()
    assert outcome(row, b'{"success": true, ' + rest[:-1] + b', "success": false}') == "refused"
    assert outcome(row, b'{"success": false, ' + rest[:-1] + b', "success": true}') == "read"
