"""An answer about another thing than was asked for is never taken for the answer."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest

from billingo_async.errors import MalformedResponseError
from billingo_async.fields.exact import exact_json
from billingo_async.protocol.call import Reply
from billingo_async.protocol.comparison import check_echo
from billingo_async.v3 import compare, operations
from billingo_async.v3.models import Document, Partner

if TYPE_CHECKING:
    from pathlib import Path

    from billingo_async.protocol.call import Call


def request_of(shared: Path) -> dict[str, Any]:
    """The documented request for an invoice of two hours at 10,000 Ft net, 27 %."""
    body: dict[str, Any] = exact_json((shared / "v3" / "payloads" / "documents.create.request.json").read_bytes())
    return body


def answer(shared: Path, **changes: Any) -> Document:
    """The documented answer to it, with some of its fields changed."""
    told = json.loads((shared / "v3" / "payloads" / "documents.create.response.json").read_bytes())
    return Document.model_validate({**told, **changes})


def test_the_documented_answer_answers_the_documented_request(shared: Path) -> None:
    """Nothing of it is another document's."""
    assert compare.contradiction(request_of(shared), answer(shared)) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"type": "proforma"}, "type"), ({"block_id": 180002}, "block_id"), ({"currency": "EUR"}, "currency"),
        ({"payment_method": "cash"}, "payment_method"), ({"fulfillment_date": "2026-03-03"}, "fulfillment_date"),
        ({"due_date": "2026-03-11"}, "due_date"), ({"document_partner": {"id": 1800000002}}, "partner_id"),
        ({"gross_total": 25402}, "gross_total"), ({"gross_total": 12700}, "gross_total"),
        ({"vendor_id": "order-12"}, "vendor_id"),
    ],
)  # fmt: skip
def test_what_is_told_otherwise_is_named(shared: Path, changes: dict[str, Any], field: str) -> None:
    """Partner, block, days and sums of another document are noticed."""
    assert compare.contradiction({**request_of(shared), "vendor_id": "order-1"}, answer(shared, **changes)) == field


@pytest.mark.parametrize(
    "changes",
    [
        {"gross_total": 25401},  # one unit for one line: the server's rounding is not documented
        {"gross_total": None},
        {"type": None, "currency": None, "due_date": None, "document_partner": None, "partner": None},
        {"vendor_id": " order-1 ", "document_partner": {"id": 0}},
    ],
)
def test_what_is_not_told_or_may_be_rounded_is_no_difference(shared: Path, changes: dict[str, Any]) -> None:
    """Doubt needs a reason: what an answer leaves out contradicts nothing."""
    assert compare.contradiction({**request_of(shared), "vendor_id": "order-1"}, answer(shared, **changes)) is None


LINE = {"name": "A", "unit_price": 1000, "unit_price_type": "net", "quantity": 1, "unit": "db", "vat": "27%"}


@pytest.mark.parametrize(
    ("changes", "told", "field"),
    [
        ({"items": [{"product_id": 1, "quantity": 2}]}, {"gross_total": 1}, None),
        ({"discount": {"type": "percent", "value": 5}}, {"gross_total": 1}, None),
        ({"items": [{**LINE, "unit_price_type": "gross"}]}, {"gross_total": 1000}, None),
        ({"items": [{**LINE, "vat": "5,5%"}] * 2}, {"gross_total": 2110}, None),
        ({"items": [{**LINE, "vat": "5,5%"}] * 2}, {"gross_total": 2113}, "gross_total"),
        ({"items": [{**LINE, "vat": "AAM"}]}, {"summary": {"net_amount": 1000}, "gross_total": 9999}, None),
        ({"items": [{**LINE, "vat": "AAM"}]}, {"summary": {"net_amount": 2000}}, "net_amount"),
        ({"items": [{**LINE, "vat": "AAM"}]}, {"summary": None}, None),
        ({"items": [LINE], "settings": {"round": "ten"}}, {"gross_total": 1280}, None),
        ({"items": [LINE], "settings": {"round": "five"}}, {"gross_total": 1280}, "gross_total"),
        ({"items": [LINE, {**LINE, "unit_price": -500}]}, {"gross_total": 635}, None),
    ],
)
def test_a_sum_is_compared_where_it_can_be_reckoned(
    shared: Path, changes: dict[str, Any], told: dict[str, Any], field: str | None
) -> None:
    """Not with lines by product or a discount; up to one unit of the currency a line, and the rounding asked for."""
    request = {**request_of(shared), **changes}
    assert compare.contradiction(request, answer(shared, **told)) == field


STORNO, COPY = operations.DOCUMENTS_CANCEL.call(id=7), operations.DOCUMENTS_COPY.call(id=7)
RATE = operations.CURRENCIES_RATE.call(query={"from": "EUR", "to": "HUF"})


@pytest.mark.parametrize(
    ("call", "told", "field"),
    [
        (STORNO, {"id": 8, "gross_total": -25400, "related_documents": [{"id": 7}]}, None),
        (STORNO, {"id": 8, "gross_total": 0}, None), (STORNO, {"id": 7, "gross_total": -25400}, "id"),
        (STORNO, {"id": 8, "gross_total": 1}, "gross_total"),
        (STORNO, {"id": 8, "gross_total": -1, "related_documents": [{"id": 6}]}, "related_documents"),
        (COPY, {"id": 8, "gross_total": 25400}, None), (COPY, {"id": 7}, "id"),
        (RATE, {"conversation_rate": 400, "from_currency": "EUR", "to_currency": "HUF"}, None),
        (RATE, {"conversation_rate": 400}, None),
        (RATE, {"conversation_rate": 400, "from_currency": "USD", "to_currency": "HUF"}, "from_currency"),
        (RATE, {"conversation_rate": 400, "from_currency": "EUR", "to_currency": "EUR"}, "to_currency"),
    ],
)  # fmt: skip
def test_an_answer_is_about_what_was_asked_for(call: Call[Any], told: dict[str, Any], field: str | None) -> None:
    """A storno has no positive total and names what it cancels; a copy has an id of its own; a rate its currencies."""
    answered = Reply(200, {}, json.dumps(told).encode())
    with nullcontext() if field is None else pytest.raises(MalformedResponseError) as caught:
        call.operation.decoder.read(call, answered)
    assert field == (caught.value.differing if caught else None)


@pytest.mark.parametrize(
    ("lines", "is_same"),
    [
        (None, True),
        ([{"name": "PRINT", "quantity": "2.000"}, {"product_id": 5, "quantity": 1, "name": "Paper"}], True),
        ([{"name": "Print", "quantity": 2}], False),
        ([{"name": "Print", "quantity": 2}, {"product_id": 5}, {"name": "Glue"}], False),
        ([{"product_id": 5}, {"name": "Print", "quantity": 2}], False),
        ([{"name": "Print", "quantity": 3}, {"product_id": 5}], False),
        ([{"name": "Scan", "quantity": 2}, {"product_id": 5}], False),
        ([{"name": "Print", "quantity": 2}, {"product_id": 6}], False),
    ],
)
def test_lines_are_the_same_in_number_order_and_name(lines: list[dict[str, Any]] | None, *, is_same: bool) -> None:
    """What a list does not tell is no difference, nor is what a request has no lines for."""
    items = [{"name": "Print", "quantity": 2, "unit": "sheet"}, {"product_id": 5, "quantity": 1}]
    document = Document.model_validate({"id": 1, "items": lines})
    assert compare.same_lines({"items": items}, document) is is_same
    assert compare.same_lines({"items": None}, document)


def test_a_draft_that_is_issued_keeps_its_id(shared: Path) -> None:
    """Another id is another document's answer, and so is another type."""
    body = json.dumps(request_of(shared), default=float).encode()
    call = operations.DOCUMENTS_ISSUE_DRAFT.call(id=70000001, body=body)
    assert compare.check_issued(call, answer(shared)) is None
    assert compare.check_issued(call, answer(shared, id=70000002)) == "id"
    assert compare.check_issued(call, answer(shared, type="draft")) == "type"
    silent = operations.DOCUMENTS_ISSUE_DRAFT.call(id=70000001)
    assert compare.check_issued(silent, answer(shared, type="draft")) is None


def test_a_name_that_the_server_spells_otherwise_is_the_same() -> None:
    """Letters and digits count; blanks, capitals and signs may be the server's."""
    check = check_echo("name")
    call = operations.PARTNERS_CREATE.call(body=b'{"name":"P\xc3\xa9lda  Kft."}')
    for name, other in (("Példa Kft.", None), ("PÉLDA KFT", None), ("Másik Kft.", "name"), (None, None), ("", None)):
        assert check(call, Partner.model_validate({"id": 1, "name": name})) == other


@pytest.mark.parametrize(
    ("sent", "answered", "other"),
    [
        ({"comment": "Order 1"}, "Order 12", "comment"),
        ({"comment": "Order 1"}, "Order 1\nThank you", None),
        ({"comment": "Rendelés 1"}, "Rendeles 1", None),
        ({"comment": "Order 1", "currency": "EUR"}, "Order 1", "currency"),
    ],
)
def test_the_comment_of_an_answer(shared: Path, sent: dict[str, str], answered: str, other: str | None) -> None:
    """Another order's is noticed, as all else is; what a server may have made of this one's is not another."""
    body = json.dumps(sent).encode()
    call = operations.DOCUMENTS_CREATE.call(body=body)
    assert compare.check_made(call, answer(shared, comment=answered)) == other
