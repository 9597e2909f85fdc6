"""The small print of the protocol: exact words, exact bounds, and the way that an answer takes.

Most of these tests were written because a mutant of the code had outlived all others (see CONTRIBUTING).
"""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from typing import Any

import pytest
from answers import CANCEL, LABEL, call_of, reply

from billingo_async import Invoice, MalformedResponseError, PaymentState
from billingo_async.protocol.call import Reply
from billingo_async.protocol.decoders import AnyJson, Pdf, UnixTime
from billingo_async.protocol.refusals import MAX_FIELD_ERRORS, redirected, refusal, throttled
from billingo_async.v2 import envelope
from billingo_async.v2.api import sign
from billingo_async.v2.decoders import Data, EnvelopedJson, Many, One

ENTRY: dict[str, Any] = {"id": 7, "attributes": {"invoice_no": "2015-000001", "total": "4445.000"}}
LONG = "the answer is longer than max_response_size"


def cut(body: bytes) -> Reply:
    """Return an answer of which only the beginning was kept."""
    return Reply(200, {}, body, cut=True)


@pytest.mark.parametrize(
    ("decoder", "answer", "words"),
    [
        (Pdf(), cut(b"%PDF-1.7"), "the PDF is longer than max_response_size"),
        (Pdf(), reply(body=b"<html>"), "the answer is no PDF"),
        (Pdf(), reply(body=b"%PDF-1.7"), "the PDF breaks off before its end"),
        (AnyJson(), cut(b"{}"), LONG),
        (AnyJson(), reply(body=b"<html>"), "the answer is no JSON"),
        (EnvelopedJson(), reply({"success": "perhaps"}), "the answer does not say whether it is a success"),
        (UnixTime(), cut(b"1700000000"), LONG),
        (UnixTime(), reply(body=b"soon"), "no time in the answer"),
        (Many(lambda: Invoice), cut(json.dumps({"success": True, "data": [ENTRY]}).encode()), LONG),
        (Many(lambda: Invoice), reply({"success": True, "data": "none"}), "no list of entries in `data`"),
        (One(lambda: Invoice), reply({"success": True, "data": [ENTRY, ENTRY]}), "one entry was promised, 2 came"),
        (
            One(lambda: Invoice),
            reply({"success": True, "data": [{"attributes": None}]}),
            "no list of entries in `data`",
        ),
        (One(lambda: Invoice), reply(body=b"[]"), "the answer is no JSON object"),
        (
            Data(lambda: PaymentState),
            reply({"success": True, "data": {}}),
            "not what the API promises: fully_paid, outstanding",
        ),
    ],
)
def test_an_answer_that_cannot_be_read_is_named_exactly(decoder: Any, answer: Reply, words: str) -> None:
    """The message holds the call, the status and what is wrong; nothing of the answer."""
    with pytest.raises(MalformedResponseError) as caught:
        decoder.read(call_of(decoder), answer)
    assert str(caught.value) == f"{LABEL}: 200 OK: {words}"


def test_at_most_three_misfits_are_named() -> None:
    """Who promised much and kept nothing is quoted with the first three places alone."""
    rows = [{"id": number, "attributes": {"total": "much"}} for number in range(1, 6)]
    with pytest.raises(MalformedResponseError) as caught:
        Many(lambda: Invoice).read(call_of(Many(lambda: Invoice)), reply({"success": True, "data": rows}))
    assert str(caught.value) == f"{LABEL}: 200 OK: not what the API promises: 0.total, 1.total, 2.total"


@pytest.mark.parametrize(("spaces", "whole"), [(1_019, True), (1_020, False)])
def test_the_mark_of_the_end_is_looked_for_in_1024_bytes(spaces: int, whole: bool) -> None:  # noqa: FBT001 - a row of a table
    """Five bytes of mark and 1,019 others fit, one more does not. Source: PDF Reference 1.7, H.3, note 18."""
    body = b"%PDF-1.7" + b"%%EOF" + b" " * spaces
    if whole:
        assert Pdf().read(call_of(Pdf()), reply(body=body)) == body
    else:
        with pytest.raises(MalformedResponseError, match="breaks off"):
            Pdf().read(call_of(Pdf()), reply(body=body))


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_refusal_keeps_the_words_of_the_server(status: int) -> None:
    """From 400 on an answer is a refusal, and what it says is in the message."""
    error = envelope.error_from(CANCEL, reply({"success": False, "error": "not today"}, status))
    assert "not today" in str(error)
    assert not isinstance(error, MalformedResponseError)


@pytest.mark.parametrize("status", [300, 302, 399])
def test_a_redirect_is_no_refusal(status: int) -> None:
    """Up to 399 an answer sends elsewhere, where no call goes; the error names the place without query and password."""
    moved = reply(
        {"success": False, "error": "not today"}, status, location="https://a:b@www.billingo.hu/api/x?token=1"
    )
    error = redirected(CANCEL, moved)
    assert isinstance(error, MalformedResponseError)
    assert ": a redirect to https://www.billingo.hu/api/x, which is never followed: base_url must name" in str(error)


@pytest.mark.parametrize("status", [200, 299, 400, 503])
def test_no_other_status_is_a_redirect(status: int) -> None:
    """Whatever its headers say."""
    assert redirected(CANCEL, reply(body=b"", status=status, location="https://www.billingo.hu/")) is None


def test_a_call_that_was_throttled_is_named() -> None:
    """Operation, method and path are those of the call, though nothing was sent."""
    error = throttled(CANCEL, 61.04, "the queue is")
    assert (error.operation, error.retry_after) == ("invoices.cancel", 61.04)
    assert str(error).startswith("invoices.cancel (GET /invoices/42/cancel): not sent")


@pytest.mark.parametrize("more", [0, 1, 2])
def test_the_field_errors_that_are_left_out_are_counted(more: int) -> None:
    """All are shown up to the bound; beyond it the message says how many more there are."""
    said = {"errors": [f"fault {number}." for number in range(MAX_FIELD_ERRORS + more)]}
    message = str(refusal(CANCEL, reply(said, 400), None, said["errors"]))
    assert message.endswith(f"; and {more} more" if more else f"fault {MAX_FIELD_ERRORS - 1}.")
    assert f"fault {MAX_FIELD_ERRORS - 1}." in message
    assert f"fault {MAX_FIELD_ERRORS}." not in message


@pytest.mark.parametrize("data", [[ENTRY], ENTRY])
def test_a_documented_answer_is_read_the_fast_way(data: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """From bytes straight into models: the way through plain objects costs several times as much."""
    monkeypatch.setattr(Many, "read_dialect", None)
    invoice = One(lambda: Invoice).read(call_of(One(lambda: Invoice)), reply({"success": True, "data": data}))
    assert (invoice.id, invoice.total) == (7, Decimal("4445.000"))


def test_a_documented_list_is_read_the_fast_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for a page of rows."""
    monkeypatch.setattr(Many, "read_dialect", None)
    (invoice,) = Many(lambda: Invoice).read(call_of(Many(lambda: Invoice)), reply({"success": True, "data": [ENTRY]}))
    assert (invoice.id, invoice.invoice_no) == (7, "2015-000001")


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


def test_the_time_is_written_in_ascii_digits() -> None:
    """Digits of another script are no Unix time, though Python could read them."""
    arabic_indic = "".join(chr(0x0660 + int(digit)) for digit in "1700000000")
    with pytest.raises(MalformedResponseError, match="no time in the answer"):
        UnixTime().read(call_of(UnixTime()), reply([arabic_indic]))
