"""How answers of API v3 read: samples without a model of their own, the paginator, files, errors of any shape."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from billingo_async import errors
from billingo_async.protocol.call import Reply
from billingo_async.v3 import operations
from billingo_async.v3.decoders import V3Json, error_from

if TYPE_CHECKING:
    from pathlib import Path

    from billingo_async.protocol.call import Call

PDF = b"%PDF-1.4 invoice %%EOF"
EXPORT_ID = "00000000-0000-4000-8000-000000000001"


def sample(shared: Path, name: str) -> bytes:
    """The bytes of a documented body."""
    return (shared / "v3" / "payloads" / f"{name}.json").read_bytes()


def read(call: Call[Any], body: bytes, status: int = 200, content_type: str = "application/json") -> Any:
    """What a call makes of an answer."""
    return call.operation.decoder.read(call, Reply(status, {"content-type": content_type}, body))


def error(shared: Path, name: str, status: int) -> errors.APIError:
    """The error that a documented body stands for."""
    found = error_from(operations.DOCUMENTS_CREATE.call(), Reply(status, {}, sample(shared, name)))
    assert isinstance(found, errors.APIError)
    return found


def test_samples_of_single_values_are_read(shared: Path) -> None:
    """Addresses, links, ids and amounts come out as what they are."""
    sent = read(operations.DOCUMENTS_SEND.call(id=7), sample(shared, "documents.send.response"))
    assert sent == ["szamla@vevo.example"]
    url = read(operations.DOCUMENTS_PUBLIC_URL.call(id=7), sample(shared, "documents.public-url.response"))
    assert url == "https://app.billingo.hu/document-access/EXAMPLEACCESSCODE0000000000000000"
    quantity = read(operations.PRODUCTS_QUANTITY.call(id=7), sample(shared, "inventory.product.quantity.response"))
    assert quantity == Decimal("12.5")
    assert read(operations.EXPORTS_CREATE.call(), sample(shared, "document-export.create.response")) == EXPORT_ID
    assert read(operations.SERVER_TIME.call(), sample(shared, "utils.time.response")) == 1772445600.0


def test_the_lists_of_reminders_are_one_in_order_of_time(shared: Path) -> None:
    """Each event says which list it came from; one without a day comes last."""
    events = read(operations.DOCUMENTS_REMINDERS.call(id=7), sample(shared, "documents.reminders.response"))
    assert [event.kind for event in events] == ["sent_reminders", "upcoming_reminders"]
    assert [event.send_at for event in events] == [date(2026, 3, 11), date(2026, 3, 18)]
    mixed = {
        "sent_postal_mail": [{"send_at": None, "status": "Posted"}],
        "upcoming_reminders": [{"send_at": "2026-03-01"}, "odd"],
        "sent_reminders": [{"send_at": "2026-02-01"}],
    }
    kinds = [event.kind for event in read(operations.DOCUMENTS_REMINDERS.call(id=7), json.dumps(mixed).encode())]
    assert kinds == ["sent_reminders", "upcoming_reminders", "sent_postal_mail"]


def test_the_paginator_tells_the_total_and_whether_a_page_follows(shared: Path) -> None:
    """The documented page: two of 52 rows, with an address of the next page."""
    rows = read(operations.DOCUMENTS_LIST.call(), sample(shared, "documents.list.response"))
    assert [row.id for row in rows.rows] == [70000002, 70000001]
    assert (rows.total, rows.has_next) == (52, True)


@pytest.mark.parametrize(
    ("paginator", "has_next"),
    [
        ({"current_page": 1, "last_page": 2}, True),
        ({"current_page": 2, "last_page": 2}, False),
        ({"current_page": 2, "last_page": 2, "next_page_url": "https://api.billingo.hu/v3/partners?page=3"}, True),
        ({"next_page_url": None}, True),  # says nothing: the page is full
        ({}, True),
    ],
)
def test_whether_a_page_follows_is_told_by_what_there_is(paginator: dict[str, Any], has_next: bool) -> None:  # noqa: FBT001 - the expected value
    """Some answers lack `last_page`: a full page may have a next one, and a short one has none."""
    body = json.dumps({"data": [{"id": 1}, {"id": 2}], **paginator}).encode()
    assert read(operations.PARTNERS_LIST.call(query={"per_page": "2"}), body).has_next is has_next
    if not paginator.keys() & {"current_page", "next_page_url"}:
        assert not read(operations.PARTNERS_LIST.call(query={"per_page": "3"}), body).has_next


def test_a_list_without_its_paginator_is_read() -> None:
    """A bare array is a list all the same."""
    rows = read(operations.PARTNERS_LIST.call(), b'[{"id":1},{"id":2}]')
    assert [row.id for row in rows.rows] == [1, 2]
    assert rows.total is None


def test_payments_are_a_bare_array_and_clearing_leaves_none(shared: Path) -> None:
    """Neither has a paginator; an answer without a body leaves none either."""
    payments = read(operations.DOCUMENTS_PAYMENTS.call(id=7), sample(shared, "documents.payments.response"))
    assert [payment.price for payment in payments] == [25400]
    call = operations.DOCUMENTS_CLEAR_PAYMENTS.call(id=7)
    assert read(call, sample(shared, "documents.payments.delete.response")) == []
    assert read(call, b"", status=204) == []


def test_a_block_is_told_or_not() -> None:
    """The specification gives the answer no body: where there is one, it is read."""
    call = operations.DOCUMENT_BLOCKS_CREATE.call()
    assert read(call, b"", status=201) is None
    assert read(call, b"null", status=201) is None
    assert read(call, b'{"id":180003,"name":"Shop"}', status=201).id == 180003


@pytest.mark.parametrize("body", [b"<html>Bad gateway</html>", b"[]", b"{}", b"false", b"0", b'""'])
def test_an_answer_that_tells_no_block_is_no_success(body: bytes) -> None:
    """A block is opened for good: what may be a gateway's word leaves it in doubt."""
    with pytest.raises(errors.MalformedResponseError):
        read(operations.DOCUMENT_BLOCKS_CREATE.call(), body)


@pytest.mark.parametrize(
    ("body", "is_success"),
    [(b"", True), (b"null", True), (b"{}", True), (b"[]", True)]
    + [(body, False) for body in (b"false", b"0", b'""', b'{"message":"no"}', b"<html>")],
)
def test_a_deletion_says_success_by_its_status_alone(body: bytes, is_success: bool) -> None:  # noqa: FBT001 - the expected value
    """Whatever a body says beside it was not promised."""
    call = operations.PARTNERS_DELETE.call(id=7)
    if is_success:
        assert read(call, body) is None
    else:
        with pytest.raises(errors.MalformedResponseError):
            read(call, body)


@pytest.mark.parametrize("body", ["documents.download.202.response", None])
def test_a_pdf_that_is_not_made_yet_is_told_apart(shared: Path, body: str | None) -> None:
    """202 says so by itself, with the wrapped words, bare ones or none."""
    content = sample(shared, body) if body else b'{"message":"Document PDF has not generated yet."}'
    for row in (operations.DOCUMENTS_DOWNLOAD, operations.DOCUMENTS_DOWNLOAD_POS):
        with pytest.raises(errors.DocumentNotReadyError, match="Document PDF has not generated yet"):
            read(row.call(id=7), content, status=202)
        with pytest.raises(errors.DocumentNotReadyError):
            read(row.call(id=7), b"", status=202)
        with pytest.raises(errors.DocumentNotReadyError):
            read(row.call(id=7), PDF, status=202)
        assert read(row.call(id=7), PDF, content_type="application/pdf") == PDF


@pytest.mark.parametrize(("status", "body"), [(201, PDF), (204, b""), (200, b"<html>"), (200, PDF[:-5]), (206, PDF)])
def test_a_success_that_is_no_pdf_is_no_pdf(status: int, body: bytes) -> None:
    """Clients that took any 2xx have saved and mailed errors."""
    with pytest.raises(errors.MalformedResponseError):
        read(operations.DOCUMENTS_DOWNLOAD.call(id=7), body, status=status)


def test_an_export_is_any_file_but_no_error_and_no_page() -> None:
    """The type of a file depends on the program it is for; JSON, HTML and nothing are none."""
    call = operations.EXPORTS_DOWNLOAD.call(text=EXPORT_ID)
    content = b"\xef\xbb\xbfsorszam;datum\r\n"
    assert read(call, content, content_type="text/csv; charset=utf-8") == content
    for body, content_type in ((b'{"error":{}}', "application/json"), (b"<html>", "text/html; a=b"), (b"", "text/csv")):
        with pytest.raises(errors.MalformedResponseError, match="no file"):
            read(call, body, content_type=content_type)
    with pytest.raises(errors.DocumentNotReadyError):
        read(call, b"", status=202)


@pytest.mark.parametrize(
    ("call", "body"),
    [
        (operations.DOCUMENTS_GET.call(id=7), b'{"id":8,"type":"invoice"}'),
        (operations.DOCUMENTS_GET.call(id=7), b'{"type":"invoice"}'),
        (operations.PARTNERS_UPDATE.call(id=7), b'{"id":70,"name":"A"}'),
        (operations.ORGANIZATION_GET.call(), b'{"error":{"message":"no"}}'),
        (operations.CURRENCIES_RATE.call(query={"from": "EUR", "to": "HUF"}), b'{"from_currency":"EUR"}'),
        (operations.LEGACY_IDS_CONVERT.call(id=5), b'{"id":7,"legacy_id":6}'),
        (operations.EXPORTS_POLL.call(text="a"), b'{"id":"b","state":"success"}'),
        (operations.PARTNERS_LIST.call(), b'{"data":[{"name":"A"}]}'),
        (operations.PARTNERS_LIST.call(), b'{"total":1}'),
        (operations.PARTNERS_DELETE.call(id=7), b'{"error":{"message":"no"}}'),
        (operations.DOCUMENTS_PUBLIC_URL.call(id=7), b'{"public_url":null}'),
        (operations.DOCUMENTS_REMINDERS.call(id=7), b"[]"),
        (operations.DOCUMENTS_GET.call(id=7), b"<html>Bad gateway</html>"),
    ],
)
def test_what_answers_something_else_is_no_answer(call: Call[Any], body: bytes) -> None:
    """Another id, another currency, an error in the place of success: whatever it is, it is not what was asked for."""
    with pytest.raises(errors.MalformedResponseError) as caught:
        read(call, body)
    assert "Bad gateway" not in str(caught.value)


def test_a_misfit_is_named_and_what_was_cut_is_not_read() -> None:
    """The place in the answer, and the call that it answers."""
    call = operations.DOCUMENTS_GET.call(id=7)
    with pytest.raises(errors.MalformedResponseError, match=r"not what the API promises: items$"):
        read(call, b'{"id":7,"items":[{"quantity":"many"}]}')
    with pytest.raises(errors.MalformedResponseError, match=r"^documents\.get .* is longer than max_response_size$"):
        call.operation.decoder.read(call, Reply(200, {}, b'{"id":7}', cut=True))


def test_any_json_is_read_and_so_is_nothing() -> None:
    """`request` returns what came; an endpoint without a body returns None."""
    call = operations.DOCUMENTS_ARCHIVE.call(id=7)
    assert V3Json().read(call, Reply(204, {}, b"")) is None
    assert V3Json().read(call, Reply(200, {}, b'[{"price":1.10}]')) == [{"price": Decimal("1.10")}]


@pytest.mark.parametrize(
    ("name", "status", "kind", "words"),
    [
        ("error.400", 400, errors.InvalidRequestError, "Bad request."),
        ("error.400.quota", 400, errors.InvalidRequestError, "API keret elfogyott."),
        ("error.401", 401, errors.AuthenticationError, "Unauthorized."),
        ("error.402", 402, errors.PaymentRequiredError, "No active subscription."),
        ("error.403", 403, errors.PermissionDeniedError, "Forbidden."),
        ("error.404", 404, errors.NotFoundError, "Not found."),
        ("error.404.bare", 404, errors.NotFoundError, "Not Found"),
        ("error.429", 429, errors.RateLimitedError, "Too many requests."),
        ("error.text", 400, errors.InvalidRequestError, "text"),
        ("documents.vendor.404.response", 404, errors.NotFoundError, "Document not found."),
        ("documents.online-szamla.missing.response", 404, errors.NotFoundError, "NavOnlineSzamla is not found."),
    ],
)
def test_an_error_is_told_by_its_status_in_the_servers_words(
    shared: Path, name: str, status: int, kind: type[errors.APIError], words: str
) -> None:
    """Every documented shape of an error body is read; what it means is never told from its text."""
    found = error(shared, name, status)
    assert type(found) is kind
    assert (found.status_code, found.message) == (status, words)
    assert words in str(found)


def test_the_trace_of_a_server_error_is_shown(shared: Path) -> None:
    """The vendor's support asks for it."""
    found = error(shared, "error.500", 500)
    assert type(found) is errors.ServerError
    assert "00000000-0000-4000-8000-00000000beef" in str(found)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("documents.create.422.response", "conversion_rate"),
        ("documents.draft.finalise.422.response", "partner_id"),
        ("partners.create.422.response", "address.post_code"),
    ],
)
def test_field_errors_are_told_by_their_dotted_path(shared: Path, name: str, field: str) -> None:
    """`errors` maps each field to its words, and the message shows them."""
    found = error(shared, name, 422)
    assert type(found) is errors.InvalidRequestError
    assert isinstance(found.errors, dict)
    documented = json.loads(sample(shared, name))["errors"]
    assert found.errors == {each["field"]: each["message"] for each in documented}
    assert f"{field}: {found.errors[field]}" in str(found)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>502 Bad Gateway</html>", b"[]", b'{"error":null}', b'{"errors":"odd"}', b'{"errors":[1]}', b"\xff"],
)
def test_an_error_body_of_any_shape_is_survived(body: bytes) -> None:
    """HTML of the gateway, nothing, and odd `errors` become the error of their status."""
    for status, kind in ((422, errors.InvalidRequestError), (502, errors.ServerError), (418, errors.APIError)):
        assert type(error_from(operations.DOCUMENTS_CREATE.call(), Reply(status, {}, body))) is kind
