"""The small print of the protocol: exact words, exact bounds, and the way that an answer takes.

Most of these tests were written because a mutant of the code had outlived all others (see CONTRIBUTING).
"""

from __future__ import annotations

import base64
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from ready_answers import CANCEL, LABEL, call_of, reply

from billingo_async import Invoice, MalformedResponseError
from billingo_async.protocol.call import Reply
from billingo_async.protocol.comparison import is_altered_text, other_field, says, shares_no_word
from billingo_async.protocol.decoders import UnixTime
from billingo_async.protocol.refusals import redirected
from billingo_async.v2 import envelope
from billingo_async.v2.api import sign
from billingo_async.v2.decoders import Data, Many, One, Value
from billingo_async.v2.models import PaymentState

if TYPE_CHECKING:
    from collections.abc import Callable

ENTRY: dict[str, Any] = {"id": 7, "attributes": {"invoice_no": "2015-000001", "total": "4445.000"}}


def test_at_most_three_misfits_are_named() -> None:
    """Who promised much and kept nothing is quoted with the first three places alone."""
    rows = [{"id": number, "attributes": {"total": "much"}} for number in range(1, 6)]
    with pytest.raises(MalformedResponseError) as caught:
        Many(lambda: Invoice).read(call_of(Many(lambda: Invoice)), reply({"success": True, "data": rows}))
    assert str(caught.value) == f"{LABEL}: 200 OK: not what the API promises: 0.total, 1.total, 2.total"


@pytest.mark.parametrize("status", [300, 302, 399])
@pytest.mark.parametrize(
    ("headers", "place"),
    [
        ({"location": "https://a:b@www.billingo.hu/api/x?token=1"}, " to https://www.billingo.hu/api/x"),
        ({"location": "https://www.billingo.hu/"}, " to https://www.billingo.hu/"),
        ({"location": "/api/x"}, " to /api/x"),
        ({}, ""),
    ],
)
def test_a_redirect_is_no_refusal(status: int, headers: dict[str, str], place: str) -> None:
    """Up to 399 an answer sends elsewhere, where no call goes; the error names the place without query and password."""
    error = redirected(CANCEL, Reply(status, headers, b'{"success": false, "error": "not today"}'))
    assert isinstance(error, MalformedResponseError)
    assert f": a redirect{place}, which is never followed: base_url must name where the API lives" in str(error)


@pytest.mark.parametrize("status", [200, 299, 400, 503])
def test_no_other_status_is_a_redirect(status: int) -> None:
    """Whatever its headers say."""
    assert redirected(CANCEL, reply(body=b"", status=status, location="https://www.billingo.hu/")) is None


@pytest.mark.parametrize("data", [[ENTRY], ENTRY])
def test_a_documented_answer_is_read_the_fast_way(data: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """From bytes straight into models: the way through plain objects costs several times as much."""
    monkeypatch.setattr(envelope, "unwrap", None)
    invoice = One(lambda: Invoice).read(call_of(One(lambda: Invoice)), reply({"success": True, "data": data}))
    assert (invoice.id, invoice.total) == (7, Decimal("4445.000"))


def test_the_token_is_as_short_as_it_can_be() -> None:
    """No blank is sent in the claims."""
    _, middle, _ = sign("public", "private key of at least 32 bytes", 1_700_000_000).split(".")
    assert b" " not in base64.urlsafe_b64decode(middle + "==")


@pytest.mark.parametrize("number", ["1e999999999", "-1E+401", "1e-999999999"])
@pytest.mark.parametrize("field", ["total", "block_uid", "comment", "due_date"])
def test_a_number_beyond_all_bounds_is_refused_at_once(field: str, number: str) -> None:
    """To make a whole number of 1e999999999 would take all memory and for ever."""
    body = b'{"success": true, "data": [{"id": 7, "attributes": {"%s": %s}}]}' % (field.encode(), number.encode())
    with pytest.raises(MalformedResponseError):
        Many(lambda: Invoice).read(call_of(Many(lambda: Invoice)), reply(body=body.replace(b"true", b'"true"')))


def test_the_time_is_looked_for_eight_levels_deep() -> None:
    """Nobody documented where it stands; but nobody would bury it deeper."""
    told, decoder = b"1700000000", UnixTime()
    assert decoder.read(call_of(decoder), reply(body=b"[" * 8 + told + b"]" * 8)) == 1_700_000_000
    with pytest.raises(MalformedResponseError, match="no time in the answer"):
        decoder.read(call_of(decoder), reply(body=b"[" * 9 + told + b"]" * 9))


@pytest.mark.parametrize(
    ("sent", "shown", "is_altered"),
    [
        ("Bread", "", True), ("Bread", " ", True), ("Bread ", "Bread", True), ("Bread", "Milk", False),
        ("Őrségi kenyér", "Orsegi keny?r", True), ("Bread & <butter>", "Bread &amp; &lt;butter&gt;", True),
        (None, "????", False), ("a" * 26, "a" * 20, True), ("a" * 26, "a" * 19, False),
        ("Cake \N{BIRTHDAY CAKE} for all", "Cake ", True), ("Cakes\N{BIRTHDAY CAKE}", "Cake", False),
        ("Bread\nButter", "Bread\nButter\nBank", True), ("Bread", "Breads", False),
    ],
)  # fmt: skip
def test_what_a_server_makes_of_a_text(sent: str | None, shown: str, *, is_altered: bool) -> None:
    """Lost accents, entities, lines behind it, and a cut: at 20 characters or more, or before what is not ASCII."""
    assert is_altered_text(sent, shown) is is_altered


@pytest.mark.parametrize(
    ("one", "other", "is_apart"),
    [("Order 1", "Bread", True), ("Order 1", "order 2", False), ("", "Bread", False), ("Bread", None, False)],
)
def test_texts_share_no_word_only_where_both_have_some(one: str, other: str | None, *, is_apart: bool) -> None:
    """What says nothing is not apart from anything."""
    assert shares_no_word(one, other) is is_apart


@pytest.mark.parametrize(
    ("sent", "told", "is_said"),
    [("1", True, True), ("0", True, False), ([1], 5, False), ([1], (1,), True), ([1, 2], [1], False),
     (Decimal(1), Decimal("1.009"), True), (Decimal(1), Decimal("1.01"), False), (1, "1", True), (1, "2", False),
     (5, [], False), ({"unknown": 1}, object(), True)],
)  # fmt: skip
def test_what_is_told_is_what_was_sent(sent: object, told: object, *, is_said: bool) -> None:
    """Flags as numbers, numbers to a hundredth, lists one by one; a field that an answer has not is no difference."""
    assert says(sent, told) is is_said
    assert other_field({"name": sent}, SimpleNamespace(name=told), ["name", "zip"]) == (None if is_said else "name")
    assert other_field({"zip": sent}, SimpleNamespace(name=told), ["name", "zip"]) is None


STATE, CODE = Data(lambda: PaymentState), Value("code", str)
WRAPPED: list[Callable[[object], object]] = [
    lambda data: [data],
    lambda data: {"id": 7, "attributes": data},
    lambda data: [{"id": "7", "attributes": data}],
]


@pytest.mark.parametrize("wrapped", WRAPPED, ids=["list", "entry", "both"])
def test_lone_object_is_read_in_any_wrapping(wrapped: Callable[[object], object]) -> None:
    """A list of one or an entry where a plain object is documented hides nothing: a payment is no doubt for it."""
    paid = reply({"success": True, "data": wrapped({"fully_paid": 1, "outstanding": "0.000"})})
    assert STATE.read(call_of(STATE), paid).outstanding == 0
    coded = reply({"success": True, "data": wrapped({"code": "uiowerTI"})})
    assert CODE.read(call_of(CODE), coded) == "uiowerTI"
