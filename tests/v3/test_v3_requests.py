"""What leaves for API v3: the body, the query and the path of every call, as documented."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx
import pytest
from ready_answers import Answers

from billingo_async.errors import AuthenticationError
from billingo_async.fields.exact import exact_json
from billingo_async.v3 import Billingo, BillingoError, DocumentPayment, NewDocument, PaymentMethod, PaymentStatus

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable
    from pathlib import Path


Caller: TypeAlias = "Callable[[Billingo], Any]"
"""A call, as a user writes it."""


@pytest.fixture
async def line() -> Answers:
    """A line at whose end an empty object is ready."""
    return Answers(lambda _: httpx.Response(200, content=b"{}"))


@pytest.fixture
async def billingo(line: Answers) -> AsyncGenerator[Billingo]:
    """An account on that line."""
    async with (
        httpx.AsyncClient(transport=line) as caller,
        Billingo("the-key-of-v3", http_client=caller, max_retries=0) as account,
    ):
        yield account


async def sent(line: Answers, call: Awaitable[object]) -> httpx.Request:
    """Make a call, whatever becomes of it, and return its request."""
    with suppress(BillingoError):
        await call
    return line.requests[-1]


async def test_a_request_carries_its_key_and_nothing_else_of_the_account(line: Answers, billingo: Billingo) -> None:
    """The key stands in `X-API-KEY`, the address is the documented one, and there is no other authorization."""
    request = await sent(line, billingo.organization.get())
    assert str(request.url) == "https://api.billingo.hu/v3/organization"
    assert request.headers["x-api-key"] == "the-key-of-v3"
    assert "authorization" not in request.headers


async def test_a_key_that_is_refused_is_refused_for_good() -> None:
    """It has no times that would explain a 401, as a token has: the call is not repeated."""
    line = Answers(lambda _: httpx.Response(401, content=b"{}"))
    async with httpx.AsyncClient(transport=line) as caller, Billingo("the-key-of-v3", http_client=caller) as billingo:
        with pytest.raises(AuthenticationError):
            await billingo.organization.get()
    assert len(line.requests) == 1


WIRE = DocumentPayment(date=date(2026, 3, 5), price=25400, payment_method=PaymentMethod.WIRE_TRANSFER)
TWO = ["szamla@vevo.example", "konyveles@vevo.example"]
BODIES: list[tuple[str, Caller]] = [
    ("documents.cancel", lambda b: b.documents.cancel(7, reason="Hibás adatok", recipients=TWO)),
    ("documents.send", lambda b: b.documents.send(7, emails=TWO[:1])),
    ("documents.payments.put", lambda b: b.documents.set_payments(7, [WIRE])),
]


@pytest.mark.parametrize(("name", "call"), BODIES)
async def test_a_documented_body_is_sent(
    shared: Path, line: Answers, billingo: Billingo, name: str, call: Caller
) -> None:
    """What a method makes of its arguments is the documented sample."""
    request = await sent(line, call(billingo))
    sample = exact_json((shared / "v3" / "payloads" / f"{name}.request.json").read_bytes())
    assert exact_json(request.content) == sample


DAY = date(2026, 3, 2)
TARGETS: list[tuple[Caller, str]] = [
    (lambda b: b.documents.cancel(7), "POST /documents/7/cancel"),
    (lambda b: b.documents.send(7), "POST /documents/7/send"),
    (lambda b: b.documents.copy(7), "POST /documents/7/copy"),
    (lambda b: b.documents.create_from_proforma(7), "POST /documents/7/create-from-proforma"),
    (lambda b: b.documents.archive(7), "PUT /documents/7/archive"),
    (lambda b: b.documents.delete_draft(7), "DELETE /documents/7"),
    (lambda b: b.documents.clear_payments(7), "DELETE /documents/7/payments"),
    (lambda b: b.documents.by_vendor_id("a/b ?#ő%"), "GET /documents/vendor/a%2Fb%20%3F%23%C5%91%25"),
    (lambda b: b.documents.download_pos(7, size=80), "GET /documents/7/print/pos?size=80"),
    (lambda b: b.products.quantity(7), "GET /inventory/product/7/quantity"),
    (lambda b: b.tax_numbers.check("12345678-2-42"), "GET /utils/check-tax-number/12345678-2-42"),
    (lambda b: b.legacy_ids.convert(7), "GET /utils/convert-legacy-id/7"),
    (lambda b: b.exports.poll("a-b"), "GET /document-export/a-b/poll"),
    (lambda b: b.currencies.rate("EUR", "HUF"), "GET /currencies?from=EUR&to=HUF"),
    (lambda b: b.currencies.rate("EUR", "HUF", date=DAY), "GET /currencies?from=EUR&to=HUF&date=2026-03-02"),
    (lambda b: b.documents.list(type="invoice", fulfillment_end_date=DAY),
     "GET /documents?page=1&per_page=100&fulfillment_end_date=2026-03-02&type=invoice"),
    (lambda b: b.partners.list(query="Péld"), "GET /partners?page=1&per_page=100&query=P%C3%A9ld"),
    (lambda b: b.document_blocks.list(type="receipt"), "GET /document-blocks?page=1&per_page=100&type=receipt"),
    (lambda b: b.spendings.list(q="a", spending_date="due_date", start_date=DAY, categories="wages"),
     "GET /spendings?page=1&per_page=100&q=a&spending_date=due_date&start_date=2026-03-02&categories=wages"),
    (lambda b: b.documents.list(page=2, per_page=50, block_id=1, payment_status=PaymentStatus.PAID, start_number=3,
                                start_year=2026, query="x"),
     "GET /documents?page=2&per_page=50&block_id=1&start_number=3&start_year=2026&payment_status=paid&query=x"),
    (lambda b: b.documents.list(last_modified_date=datetime(2026, 3, 2, 8, 30, tzinfo=UTC)),
     "GET /documents?page=1&per_page=100&last_modified_date=2026-03-02+09%3A30%3A00"),
    (lambda b: b.documents.list(last_modified_date=datetime(2026, 7, 2, 8, 30)),  # noqa: DTZ001 - Budapest's own
     "GET /documents?page=1&per_page=100&last_modified_date=2026-07-02+08%3A30%3A00"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "target"), TARGETS)
async def test_a_call_goes_where_the_specification_says(
    line: Answers, billingo: Billingo, call: Caller, target: str
) -> None:
    """Method, path and query, each filter under the API's name; without a body where none is asked for."""
    request = await sent(line, call(billingo))
    assert f"{request.method} {request.url.raw_path.decode().removeprefix('/v3')}" == target
    assert request.content == b""
    if request.method in {"POST", "PUT"}:
        assert request.headers["content-length"] == "0"


UNDATED = DocumentPayment.model_validate({"price": 1})
SLIPS: list[tuple[Callable[[Any], Any], str]] = [
    (lambda b: b.documents.get(0), "positive int"), (lambda b: b.documents.get("7"), "positive int, got '7'"),
    (lambda b: b.documents.by_vendor_id(""), "says something, got ''"),
    (lambda b: b.documents.list(per_page=101), "from 1 to 100"),
    (lambda b: b.documents.list(start_date=date(2026, 3, 2), end_date=date(2026, 3, 1)), "swap them"),
    (lambda b: b.documents.list(paid_start_date=datetime(2026, 3, 2, tzinfo=UTC)), "datetime.date"),
    (lambda b: b.documents.list(block_id=0), "at least 1"),
    (lambda b: b.documents.list(last_modified_date=date(2026, 3, 2)), "must be a datetime"),
    (lambda b: b.documents.send(7, emails="a@b.example"), "a list of addresses"),
    (lambda b: b.documents.set_payments(7, [{"price": 1}]), r"such as \[one\], not of dict"),
    (lambda b: b.documents.set_payments(7, UNDATED), "must be a list of DocumentPayment"),
    (lambda b: b.documents.set_payments(7, [UNDATED]), "DocumentPayment.date is missing"),
    (lambda b: b.documents.create({"partner_id": 1}), "a NewDocument is needed"),
    (lambda b: b.partners.update(7, NewDocument), "a NewPartner is needed"),
    (lambda b: b.tax_numbers.check("12345678242"), "12345678-2-42"),
    (lambda b: b.currencies.rate("eur", "HUF"), "in capitals"),
    (lambda b: b.exports.poll(".."), r"says something, got '\.\.'"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "message"), SLIPS)
async def test_nothing_is_sent_for_a_slip(line: Answers, billingo: Billingo, call: Caller, message: str) -> None:
    """Wrong ids, days, sizes and kinds are refused before a request leaves."""
    with pytest.raises((ValueError, TypeError), match=message):
        await call(billingo)
    assert line.requests == []
