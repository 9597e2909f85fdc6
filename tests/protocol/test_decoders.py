"""What both APIs answer alike: a PDF or what came in its place, the server's time, and JSON of any shape."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ready_answers import LABEL, call_of, reply

from billingo_async.errors import APIError, DocumentNotReadyError, MalformedResponseError
from billingo_async.protocol.call import RawResponse, Reply
from billingo_async.protocol.decoders import AnyJson, Pdf, Raw, UnixTime, redacted

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
NOON = 1_700_000_000


def _read(decoder: Any, content: object = None, *, body: bytes | None = None) -> Any:
    return decoder.read(call_of(decoder), reply(content, body=body))


@pytest.mark.parametrize(
    "body",
    [PDF, PDF + b"\r\n" * 100, b"%PDF-1.4%%EOF", b"\n" + PDF, b"\xef\xbb\xbf" + PDF, b"\r\n\r\n" + PDF,
     b"x" * 1024 + PDF, b"%PDF-1.7%%EOF" + b" " * 1_019],
)  # fmt: skip
def test_pdf_is_handed_on_as_it_is(body: bytes) -> None:
    """Not a byte is changed; 1,024 bytes may stand before the mark at its head, a few may follow the one at its end."""
    assert _read(Pdf(), body=body) == body


@pytest.mark.parametrize("body", [PDF[:-7], PDF[:8], b"%PDF-", b"%PDF-1.7%%EOF" + b" " * 1_020])
def test_half_a_pdf_is_malformed(body: bytes) -> None:
    """Without the mark at its end there is more to come that did not come."""
    with pytest.raises(MalformedResponseError, match=r": the PDF breaks off before its end$"):
        _read(Pdf(), body=body)


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>Fatal error</body></html>", b"PK\x03\x04", b"[]", b"null", b'"soon"', b'{"x"']
)
def test_what_is_no_pdf_is_malformed(body: bytes) -> None:
    """A page of HTML, nothing at all, another kind of file: never saved as an invoice."""
    with pytest.raises(MalformedResponseError, match=r": the answer is no PDF$") as caught:
        _read(Pdf(), body=body)
    assert caught.value.body == body


@pytest.mark.parametrize(
    ("content", "message", "shown"),
    [
        ({"success": False, "error": "Not ready"}, "Not ready", ": Not ready"),
        ({"success": True}, "", ""),
        ({}, "", ""),
        ({"error": ["wait", "a bit"]}, "wait; a bit", ": wait; a bit"),
    ],
)
def test_json_in_place_of_a_pdf_means_that_it_is_not_ready(content: Any, message: str, shown: str) -> None:
    """Seen: HTTP 200 with a JSON body. It is no refusal for ever, and the server's words are told."""
    with pytest.raises(DocumentNotReadyError) as caught:
        _read(Pdf(), content)
    assert str(caught.value) == f"{LABEL}: the PDF is not made yet{shown}"
    error = caught.value
    assert (error.status_code, error.message, error.safe_to_retry) == (200, message, True)
    assert (error.operation, error.method, error.path) == ("invoices.cancel", "GET", "/invoices/42/cancel")


def test_streamed_pdf_is_judged_by_its_two_ends() -> None:
    """Where the body went elsewhere, its first and its last bytes tell."""
    head = PDF[:20]
    assert Pdf().read(call_of(Pdf()), Reply(200, {}, head, tail=b"trailer\n%%EOF\n")) == head
    with pytest.raises(MalformedResponseError, match="breaks off"):
        Pdf().read(call_of(Pdf()), Reply(200, {}, PDF, tail=b"endobj\n"))


@pytest.mark.parametrize(
    ("decoder", "body", "thing"),
    [(Pdf(), PDF, "the PDF"), *((decoder, b"1700000000", "the answer") for decoder in (UnixTime(), AnyJson(), Raw()))],
)
def test_what_was_cut_is_malformed(decoder: Any, body: bytes, thing: str) -> None:
    """What is longer than may be kept in memory is not handed on in part, even where its part looks whole."""
    with pytest.raises(MalformedResponseError, match=f": {thing} is longer than max_response_size$"):
        decoder.read(call_of(decoder), Reply(200, {}, body, cut=True))


TIMES: list[Any] = [
    NOON, str(NOON), f" {NOON} ", NOON * 1_000, str(NOON * 1_000), {"time": NOON}, {"timestamp": f"{NOON}"},
    {"success": True, "data": {"time": NOON}}, {"success": True, "data": [{"unix": NOON}]},
    [{"a": None, "b": "x", "c": NOON}], "2023-11-14T22:13:20Z", "2023-11-14T22:13:20+00:00",
    {"time": "2023-11-14T23:13:20+01:00"}, {"datetime": "Tue, 14 Nov 2023 22:13:20 GMT"},
    {"local": "2023-11-14 23:13:20", "time": NOON},
]  # fmt: skip


@pytest.mark.parametrize("content", TIMES, ids=lambda content: f"{content!r:.40}")
def test_time_is_found_however_it_is_spelt(content: Any) -> None:
    """The shape is not documented: seconds, milliseconds, ISO with a zone, an HTTP date, at any place."""
    assert _read(UnixTime(), content) == NOON


@pytest.mark.parametrize(
    ("body", "reported"),
    [
        (b"1700000000.25", 1_700_000_000.25), (b"1700000000.50", 1_700_000_000.5), (b"1700000000500", 1_700_000_000.5),
        (b'"1700000000.123456"', 1_700_000_000.123456), (b"Tue, 14 Nov 2023 22:13:20 GMT", 1_700_000_000.0),
        (b'"1970-01-01T00:00:00Z"', 0.0), (b'"2286-11-20T17:46:39Z"', 9_999_999_999.0),
    ],
)  # fmt: skip
def test_parts_of_a_second_are_kept(body: bytes, reported: float) -> None:
    """Seconds with a fraction are no milliseconds, whatever the number of characters."""
    assert _read(UnixTime(), body=body) == reported


NO_TIMES = [
    b"", b"<html></html>", b"null", b"{}", b"[]", b"true", b"17", b"170000000", b"17000000000", b"-1700000000",
    b'"2023-11-14 22:13:20"', b'"yesterday"', b'"0001-01-01T00:00:00+10:00"', b'"9999-12-31T23:59:59-10:00"',
    '["\u0661\u0667\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660"]'.encode(),
    b'"2286-11-20T17:46:40Z"', b"\xff\xfe", b"[" * 20 + b"1700000000" + b"]" * 20, b'{"t":' * 900 + b"1" + b"}" * 900,
]  # fmt: skip


@pytest.mark.parametrize("body", NO_TIMES, ids=range(len(NO_TIMES)))
def test_no_time_is_malformed(body: bytes) -> None:
    """A time without a zone, one of the year 1, a number of another size, HTML, nesting without end: no time at all."""
    with pytest.raises(MalformedResponseError, match=r": no time in the answer$"):
        _read(UnixTime(), body=body)


@pytest.mark.parametrize(
    ("body", "value"),
    [(b"[]", []), (b"null", None), (b"3500.10", Decimal("3500.10")), (b'{"a": 1}', {"a": 1}),
     (b'{"success": true, "data": [1.50]}', {"success": True, "data": [Decimal("1.50")]}),
     (b'{"success": "true"}', {"success": "true"}), (b'{"error": "", "data": 1}', {"error": "", "data": 1})],
)  # fmt: skip
def test_any_json_is_decoded_exactly(body: bytes, value: Any) -> None:
    """An endpoint that nobody described answers what it answers, numbers exact; or as it came."""
    assert _read(AnyJson(), body=body) == value
    assert Raw().read(call_of(Raw()), reply(body=body, etag="1")) == RawResponse(200, {"etag": "1"}, body)


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"NaN", b'{"a"', b"[" * 100_000])
def test_what_is_no_json_is_malformed(body: bytes) -> None:
    """Nothing is guessed from text."""
    with pytest.raises(MalformedResponseError, match=r": the answer is no JSON$"):
        _read(AnyJson(), body=body)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'["ab/1"]', b'["[hidden]"]'),
        (rb'["ab\/1", "c\u0064"]', b'["[hidden]", "[hidden]"]'),
        (rb'["\u0061b\u002f1\u002F"]', rb'["[hidden]\u002F"]'),
        (rb'["\u0062b/1\/", "ab"]', rb'["\u0062b/1\/", "ab"]'),
        ('["ab/1"]'.encode("utf-16"), b'["[hidden]"]'),
        ('["ab/1"]\ud800'.encode("utf-16-le", "surrogatepass"), '["[hidden]"]\ufffd'.encode()),
    ],
)
def test_a_secret_is_taken_out_however_it_is_written(body: bytes, shown: bytes) -> None:
    """JSON has an escape for each of its characters, and PHP writes every slash with one; all else stays as it came."""
    assert redacted(body, [b"ab/1", b"cd"]) == shown


@given(st.binary())
def test_no_bytes_break_any_reader(body: bytes) -> None:
    """Whatever comes, a reader returns or raises one of the errors of this library."""
    for decoder in (Pdf(), UnixTime(), AnyJson()):
        try:
            value = _read(decoder, body=body)
            assert not isinstance(decoder, UnixTime) or 0 <= value < 10**10
        except (APIError, MalformedResponseError) as error:
            assert str(error).startswith(LABEL)  # noqa: PT017 - some examples raise nothing
