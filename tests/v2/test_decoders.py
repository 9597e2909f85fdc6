"""How answers read: documented ones the fast way, all dialects the lenient one, and both to the same models."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from ready_answers import LABEL, call_of, reply

from billingo_async import Invoice, PaymentState
from billingo_async.errors import InvalidRequestError, MalformedResponseError
from billingo_async.v2.decoders import Data, Done, EnvelopedJson, Many, NewId, One, Paged, ServerTime, Value

if TYPE_CHECKING:
    from billingo_async.protocol.call import Decoder

ENTRY: dict[str, Any] = {"id": 7, "attributes": {"invoice_no": "2015-000001", "total": "4445.000"}}
OTHER: dict[str, Any] = {"id": 8, "attributes": {}}


def _read(decoder: Decoder[Any], content: object = None, *, body: bytes | None = None) -> Any:
    return decoder.read(call_of(decoder), reply(content, body=body))


NOON = 1_700_000_000


SUCCESSES: list[dict[str, Any]] = [
    {"success": True, "type": "invoices", "data": [ENTRY]}, {"success": "true", "type": "invoices", "data": [ENTRY]},
    {"success": 1, "data": {"0": ENTRY}}, {"success": True, "data": [{"id": "7", "attributes": ENTRY["attributes"]}]},
    {"success": True, "data": [{"attributes": {**ENTRY["attributes"], "uid": "7"}}]}, {"success": True, "data": ENTRY},
]  # fmt: skip


@pytest.mark.parametrize("content", SUCCESSES)
def test_entries_read_in_every_dialect(content: dict[str, Any]) -> None:
    """The id, the number and the sum are the same, however they were wrapped, in a list and alone."""
    (invoice,) = _read(Many(lambda: Invoice), content)
    assert type(invoice) is Invoice
    assert (invoice.id, invoice.invoice_no, invoice.total) == (7, "2015-000001", Decimal("4445.000"))
    assert _read(One(lambda: Invoice), content) == invoice


@pytest.mark.parametrize("data", [[], {}])
def test_empty_list_is_empty(data: Any) -> None:
    """No rows are no rows, in PHP's spelling too."""
    assert _read(Many(lambda: Invoice), {"success": True, "data": data}) == []


@pytest.mark.parametrize(("data", "count"), [([], 0), ([ENTRY, OTHER], 2), ({}, 0)])
def test_single_entry_must_be_one(data: Any, count: int) -> None:
    """None or two where one was promised is malformed, never a guess."""
    with pytest.raises(MalformedResponseError, match=f"one entry was promised, {count} came"):
        _read(One(lambda: Invoice), {"success": True, "data": data})


@pytest.mark.parametrize(
    "content", [{"success": True}, {"success": True, "data": None}, {"success": True, "data": [7]}]
)
@pytest.mark.parametrize("decoder", [Many(lambda: Invoice), One(lambda: Invoice)], ids=["many", "one"])
def test_missing_entries_are_malformed(decoder: Decoder[Any], content: dict[str, Any]) -> None:
    """A list that is not there is no empty list: a lost page must not look like the last one."""
    with pytest.raises(MalformedResponseError, match="no list of entries in `data`"):
        _read(decoder, content)


@pytest.mark.parametrize("none", [0, "0", True, -7, "abc", "7x", "", None, 7.5], ids=repr)
@pytest.mark.parametrize("decoder", [Many(lambda: Invoice), One(lambda: Invoice)], ids=["many", "one"])
def test_id_of_nothing_is_no_id(decoder: Decoder[Any], none: object) -> None:
    """Where 0 stands beside the attributes, the id is looked for among them, both ways; a flag is never an id."""
    for success in (True, "true"):
        content = {"success": success, "data": [{"id": none, "attributes": {"uid": 7}}]}
        assert "id=7" in repr(_read(decoder, content))
        with pytest.raises(MalformedResponseError):
            _read(decoder, {"success": success, "data": [{"id": none, "attributes": None}]})


def test_field_that_cannot_be_read_is_named() -> None:
    """The message names the place and quotes nothing: it may be somebody's data."""
    entry = {"id": 7, "attributes": {"total": "Kovács Kft."}}
    with pytest.raises(MalformedResponseError) as caught:
        _read(One(lambda: Invoice), {"success": True, "data": [entry]})
    assert str(caught.value).startswith(f"{LABEL}: 200 OK: not what the API promises: 0.total")
    assert "Kov" not in str(caught.value)
    assert caught.value.__context__ is None
    with pytest.raises(MalformedResponseError, match="another total than was asked for"):
        _read(One(lambda: Invoice, lambda _call, _invoice: "total"), {"success": True, "data": [ENTRY]})


DECODERS: list[Decoder[Any]] = [
    Many(lambda: Invoice), One(lambda: Invoice), Data(lambda: PaymentState), Value("code", str), Done(), NewId()
]  # fmt: skip
NAMES = [type(decoder).__name__ for decoder in DECODERS]


@pytest.mark.parametrize("decoder", DECODERS, ids=NAMES)
def test_no_decoder_reads_an_answer_that_was_cut(decoder: Decoder[Any]) -> None:
    """Even if the beginning would read as a whole answer."""
    complete = reply({"success": True, "id": 7, "data": {**ENTRY, "code": "x", "fully_paid": True, "outstanding": 0}})
    decoder.read(call_of(decoder), complete)
    with pytest.raises(MalformedResponseError, match="longer than max_response_size"):
        decoder.read(call_of(decoder), type(complete)(200, {}, complete.body, cut=True))


@pytest.mark.parametrize(
    ("reported", "fully_paid", "outstanding"),
    [
        ({"fully_paid": True, "outstanding": 0}, True, "0"),
        ({"fully_paid": "0", "outstanding": "5000.000"}, False, "5000.000"),
        ({"fully_paid": 1, "outstanding": -0.5}, True, "-0.5"),
    ],
)
def test_payment_state_reads(reported: dict[str, Any], *, fully_paid: bool, outstanding: str) -> None:
    """`data` is an object without an id; the sum is exact."""
    state = _read(Data(lambda: PaymentState), {"success": True, "data": reported})
    assert (state.fully_paid, state.outstanding) == (fully_paid, Decimal(outstanding))


@pytest.mark.parametrize("data", [None, [], {}, {"fully_paid": True}, {"fully_paid": True, "outstanding": "some"}])
def test_payment_state_that_says_nothing_is_malformed(data: Any) -> None:
    """How much is outstanding is never guessed."""
    with pytest.raises(MalformedResponseError, match="not what the API promises"):
        _read(Data(lambda: PaymentState), {"success": True, "data": data})


VALUES: list[tuple[str, type, Any, Any]] = [
    ("code", str, "uiowerTI", "uiowerTI"), ("code", str, 12345, "12345"), ("is_sandbox", bool, "0", False),
    ("is_sandbox", bool, True, True), ("value", Decimal, "111.81166910218", Decimal("111.81166910218")),
    ("value", Decimal, 100, Decimal(100)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "reported", "read"), VALUES)
def test_single_value_reads(name: str, kind: type, reported: Any, read: Any) -> None:
    """Text, flag or number, in the spellings that the server has for them."""
    value = _read(Value(name, kind), {"success": True, "data": {name: reported}})
    assert (value, type(value)) == (read, kind)


@pytest.mark.parametrize("data", [None, [], "x", {}, {"code": None}, {"other": "x"}])
def test_missing_value_is_malformed(data: Any) -> None:
    """The message names the value."""
    with pytest.raises(MalformedResponseError, match="no `code` in `data`"):
        _read(Value("code", str), {"success": True, "data": data})


@pytest.mark.parametrize("reported", ["NaN", "Infinity", "much", [], True])
def test_value_that_is_no_number_is_malformed(reported: Any) -> None:
    """A rate is a finite number or an error."""
    with pytest.raises(MalformedResponseError, match="not what the API promises: data"):
        _read(Value("value", Decimal), {"success": True, "data": {"value": reported}})


NEW_IDS: list[tuple[dict[str, Any], int | None]] = [
    ({"id": 1444388311}, 1444388311), ({"id": "1444388311"}, 1444388311), ({"data": {"id": 1444388311}}, 1444388311),
    ({"data": [{"id": "1444388311", "attributes": {}}]}, 1444388311), ({"id": 5, "data": {"id": 6}}, 5), ({}, None),
    ({"id": None}, None), ({"data": []}, None), ({"data": {}}, None), ({"data": "made"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("more", "id"), NEW_IDS)
def test_new_id_is_found_wherever_it_stands(more: dict[str, Any], id: int | None) -> None:
    """At the top, in `data`, or nowhere, as API 2.1 answered."""
    assert _read(NewId(), {"success": True, **more}) == id


@pytest.mark.parametrize("reported", ["soon", True, -7])
def test_new_id_that_is_no_number_is_malformed(reported: object) -> None:
    """Something was made, and nobody can say which: that is for the caller to know."""
    with pytest.raises(MalformedResponseError):
        _read(NewId(), {"success": True, "id": reported})


@pytest.mark.parametrize(
    "content", [{"success": False}, {"success": "false", "time": NOON}, {"error": "No", "at": NOON}]
)
def test_refusal_tells_no_time(content: dict[str, Any]) -> None:
    """A time that a refusal names is no answer to the question."""
    with pytest.raises(InvalidRequestError):
        _read(ServerTime(), content)


@pytest.mark.parametrize(
    "content", [{"success": False, "error": "No"}, {"success": "false", "error": "No"}, {"error": "No"}]
)
def test_failure_is_a_failure_where_nothing_was_described(content: dict[str, Any]) -> None:
    """The envelope speaks for itself wherever it comes."""
    with pytest.raises(InvalidRequestError, match=r": No$"):
        _read(EnvelopedJson(), content)


@pytest.mark.parametrize("decoder", [EnvelopedJson(), ServerTime()])
def test_an_error_beside_data_is_neither_where_nothing_was_described(decoder: Any) -> None:
    """It may have happened, and it may have failed: no value is made of it, unless it says success all the same."""
    content = {"error": "No", "data": NOON}
    with pytest.raises(MalformedResponseError, match="does not say whether it is a success"):
        _read(decoder, content)
    assert _read(decoder, {"success": True, **content}) in (NOON, {"success": True, **content})


@pytest.mark.parametrize(
    ("query", "count", "has_next"),
    [("page=1&max_per_page=2", 2, True), ("max_per_page=3&page=1", 2, False), ("", 19, False), ("", 20, True)],
)
def test_a_page_says_whether_more_may_follow(query: str, count: int, *, has_next: bool) -> None:
    """Fewer rows than a page may have are the last ones; without a word the API gives 20. It never tells a total."""
    data: list[dict[str, object]] = [{"id": number, "attributes": {}} for number in range(1, count + 1)]
    call = replace(call_of(Paged(lambda: Invoice)), query=query)
    rows = Paged(lambda: Invoice).read(call, reply({"success": True, "data": data}))
    assert [row.id for row in rows.rows] == list(range(1, count + 1))
    assert (rows.has_next, rows.total) == (has_next, None)
