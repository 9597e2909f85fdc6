"""What the documented samples do not show of the resources: dialects, addresses, exactness, kept order."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import samples
from samples import exactly

from billingo_async import (
    InvalidRequestError,
    InvoiceType,
    MalformedResponseError,
    NotFoundError,
    OutcomeUnknownError,
    ServerError,
)

if TYPE_CHECKING:
    from pathlib import Path

    import respx

    from billingo_async import Billingo


async def test_access_url_is_the_public_page(billingo: Billingo, server: respx.MockRouter) -> None:
    """The documented address, outside `/api`; an odd code cannot bend it."""
    route = server.get("/invoices/42/code")
    route.respond(json={"success": True, "data": {"code": "uiowerTI"}})
    assert await billingo.invoices.access_url(42) == "https://www.billingo.hu/access/c:uiowerTI"
    route.respond(json={"success": True, "data": {"code": "../x?y#z"}})
    assert await billingo.invoices.access_url(42) == "https://www.billingo.hu/access/c:..%2Fx%3Fy%23z"


async def test_half_a_character_makes_no_address(billingo: Billingo, server: respx.MockRouter) -> None:
    """A code that no address can hold is an answer that is not what the API promises."""
    server.get("/invoices/42/code").respond(content=b'{"success": true, "data": {"code": "a\\ud83d"}}')
    with pytest.raises(MalformedResponseError, match="half a character"):
        await billingo.invoices.access_url(42)


@pytest.mark.parametrize(
    ("answer", "id"),
    [
        ({"success": True, "id": 1444388311}, 1444388311),
        ({"success": True, "data": {"id": "1444388311"}}, 1444388311),
        ({"success": True}, None),
    ],
)
async def test_generate_tells_the_new_id_where_it_can(
    answer: dict[str, Any],
    id: int | None,
    billingo: Billingo,
    server: respx.MockRouter,
) -> None:
    """At the top, in `data`, or not at all in API 2.1."""
    server.get("/invoices/42/generate").respond(json=answer)
    assert await billingo.invoices.generate(42) == id


async def test_numbers_leave_exactly_as_given(billingo: Billingo, server: respx.MockRouter) -> None:
    """`3500.10` leaves as the JSON number 3500.1: no text, no rounding, no digit lost in 28."""
    route = server.post("/invoices/42/pay")
    route.respond(json={"success": True, "data": {"fully_paid": True, "outstanding": 0}})
    for amount, written in (
        (Decimal("3500.10"), b'"amount":3500.1,'),
        (Decimal(3500), b'"amount":3500,'),
        (Decimal("12345678901234567890.12345678"), b'"amount":12345678901234567890.12345678,'),
        (Decimal("1E+3"), b'"amount":1000,'),
    ):
        await billingo.invoices.pay(42, samples.PAYMENT.model_copy(update={"amount": amount}))
        assert written in route.calls.last.request.content


async def test_type_goes_out_as_its_number(billingo: Billingo, server: respx.MockRouter) -> None:
    """A proforma is type 1 on the wire."""
    route = server.post("/invoices").respond(json={"success": True, "data": {"id": 1, "attributes": {}}})
    await billingo.invoices.create(samples.INVOICE.model_copy(update={"type": InvoiceType.PROFORMA}))
    assert exactly(route.calls.last.request.content)["type"] == 1


@pytest.mark.jumping
@pytest.mark.parametrize(("force", "raised"), [(False, ServerError), (True, OutcomeUnknownError)])
async def test_forcing_a_client_decides_whether_it_may_be_repeated(
    force: bool,  # noqa: FBT001 - a column of the table
    raised: type[Exception],
    billingo: Billingo,
    server: respx.MockRouter,
) -> None:
    """Without `force` a second try finds the first one's client; with it, it would make another."""
    route = server.post("/clients").respond(500)
    with pytest.raises(raised):
        await billingo.with_options(max_retries=1, max_wait=0.6).clients.create(
            samples.CLIENT.model_copy(update={"force": force})
        )
    assert route.call_count == (1 if force else 2)
    assert exactly(route.calls.last.request.content)["force"] is force


async def test_refusal_names_the_call_and_the_servers_words(billingo: Billingo, server: respx.MockRouter) -> None:
    """Operation, method, path with the id, status, words and field errors, in one line."""
    server.get("/invoices/42/cancel").respond(404, json={"success": False, "error": "No such invoice"})
    with pytest.raises(NotFoundError) as caught:
        await billingo.invoices.cancel(42)
    assert str(caught.value) == "invoices.cancel (GET /invoices/42/cancel): 404 Not Found: No such invoice"
    server.post("/invoices").respond(
        400, json={"success": False, "error": "", "errors": {"items[0].qty": "String value found"}}
    )
    with pytest.raises(InvalidRequestError) as refused:
        await billingo.invoices.create(samples.INVOICE)
    assert str(refused.value) == "invoices.create (POST /invoices): 400 Bad Request: items[0].qty: String value found"
    assert refused.value.errors == {"items[0].qty": "String value found"}


async def test_success_that_cannot_be_read_is_doubt_where_it_matters(
    billingo: Billingo, server: respx.MockRouter
) -> None:
    """A 2xx without sense is doubt after what must not happen twice, with the raw answer; after a read, malformed."""
    server.get(path__regex="/invoices/42.*").respond(200, content=b"<html>Kovacs</html>")
    with pytest.raises(OutcomeUnknownError) as doubt:
        await billingo.invoices.cancel(42)
    assert doubt.value.raw == b"<html>Kovacs</html>"
    assert isinstance(doubt.value.cause, MalformedResponseError)
    assert "Kovacs" not in str(doubt.value)
    with pytest.raises(MalformedResponseError):
        await billingo.invoices.get(42)


async def test_list_pages_through_to_the_end(billingo: Billingo, server: respx.MockRouter) -> None:
    """Three pages of two, two and one row, each asked for once with the page size that was wanted."""
    requested: list[str] = []

    def page(request: httpx.Request) -> httpx.Response:
        requested.append(request.url.query.decode())
        first = 2 * int(request.url.params["page"]) - 1
        rows: list[dict[str, Any]] = [{"id": id, "attributes": {}} for id in range(first, min(first + 2, 6))]
        return httpx.Response(200, json={"success": True, "data": rows})

    server.get("/clients").mock(side_effect=page)
    assert [client.id async for client in billingo.clients.list(max_per_page=2)] == [1, 2, 3, 4, 5]
    assert requested == [f"page={number}&max_per_page=2" for number in (1, 2, 3)]


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_pdf_lands_whole_or_not_at_all(billingo: Billingo, server: respx.MockRouter, tmp_path: Path) -> None:
    """The file holds every byte; half a PDF leaves nothing behind."""
    route = server.get("/invoices/42/download").respond(content=b"%PDF-1.4\nOK\n%%EOF\n")
    saved = await billingo.invoices.download_to(42, tmp_path / "a.pdf")
    assert (saved, saved.read_bytes()) == (tmp_path / "a.pdf", b"%PDF-1.4\nOK\n%%EOF\n")
    route.respond(content=b"%PDF-1.4\nOK\n")
    with pytest.raises(MalformedResponseError):
        await billingo.invoices.download_to(42, tmp_path / "b.pdf")
    assert _names(tmp_path) == ["a.pdf"]


async def test_existing_file_is_not_overwritten_unasked(
    billingo: Billingo, server: respx.MockRouter, tmp_path: Path
) -> None:
    """Nothing is sent; with `overwrite=True` the new PDF takes the place."""
    place = tmp_path / "invoice.pdf"
    place.write_bytes(b"mine")
    route = server.get("/invoices/42/download").respond(content=b"%PDF-1.4\n%%EOF")
    with pytest.raises(FileExistsError, match="pass overwrite=True"):
        await billingo.invoices.download_to(42, place)
    assert (route.call_count, place.read_bytes()) == (0, b"mine")
    await billingo.invoices.download_to(42, place, overwrite=True)
    assert place.read_bytes() == b"%PDF-1.4\n%%EOF"
