"""An answer about another thing than was asked is never handed out: not read, and not made."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from billingo_async import BillingoError, InvoiceType, MalformedResponseError, NewInvoice, NewItem, OutcomeUnknownError

if TYPE_CHECKING:
    import respx

    from billingo_async import Billingo

DAY = date(2026, 3, 1)
NEW = NewInvoice(
    client_uid=5,
    payment_method=1,
    fulfillment_date=DAY,
    due_date=DAY,
    block_uid=9,
    comment="Order 1001",
    items=[NewItem(description="x", vat_id=1, qty=2, unit="pc", net_unit_price=1000)],
)
MADE = {
    "client_uid": 5, "block_uid": 9, "currency": "HUF", "fulfillment_date": "2026-03-01", "due_date": "2026-03-01",
    "type": 3, "total": "2540.000", "net_total": 2000, "comment": "Order 1001",
}  # fmt: skip


def entry(id: int, **attributes: Any) -> dict[str, Any]:
    """Return an answer of success with one entry."""
    return {"success": True, "data": {"id": id, "attributes": attributes}}


@pytest.mark.parametrize("noun", ["invoices", "clients", "products", "bank_accounts", "recurring"])
async def test_another_id_than_was_asked_for(noun: str, billingo: Billingo, server: respx.MockRouter) -> None:
    """`get(5)` answered with id 1938103373 is another call's answer."""
    server.route().mock(return_value=httpx.Response(200, json=entry(1938103373)))
    with pytest.raises(MalformedResponseError, match="another id than was asked for"):
        await getattr(billingo, noun).get(5)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("client_uid", 6), ("block_uid", 8), ("currency", "EUR"), ("fulfillment_date", "2026-03-02"),
        ("due_date", "2026-04-01"), ("type", InvoiceType.PROFORMA), ("net_total", 2100), ("comment", "Order 1002"),
    ],
)  # fmt: skip
async def test_another_invoice_than_was_to_be_made(
    field: str, value: object, billingo: Billingo, server: respx.MockRouter
) -> None:
    """The answer to a create is compared in all that it holds; a mismatch is doubt, with the raw answer."""
    answer = httpx.Response(200, json=entry(7, **{**MADE, field: value}))
    server.route().mock(return_value=answer)
    with pytest.raises(OutcomeUnknownError) as caught:
        await billingo.invoices.create(NEW)
    assert caught.value.raw == answer.content


@pytest.mark.parametrize(
    "change", [{}, {"net_total": "1999.50"}, {"comment": "Order 1001\nadded by the account"}, {"net_total": None}]
)
async def test_the_invoice_that_was_to_be_made(
    change: dict[str, Any], billingo: Billingo, server: respx.MockRouter
) -> None:
    """What the server rounds, leaves out or words otherwise is no other invoice."""
    server.route().mock(return_value=httpx.Response(200, json=entry(7, **{**MADE, **change})))
    assert (await billingo.invoices.create(NEW)).id == 7


@pytest.mark.parametrize(
    ("sent", "answered", "is_other"),
    [
        ("Order 1001", "Order 100", True), ("Order 7", "\nOrder 8", True),
        ("Thanks for shopping here\nOrder 1", "Thanks for shopping here\nOrder 2", True), ("2024/11", "20241/1", True),
        ("-5", "5", True), ("id aB3", "id Ab3", True),
        ("Order 1001, thank you", "Order 10", False),  # cut within its number
        ("Order 1001", "ORDER 1001", False), ("Straße 1001", "straße 1001", False),
        ("Order 1001", "Order 1001 - by 06 1 555 0100", False), ("Rendelés 1001", "Rendel&amp;eacute;s<br>1001", False),
        ("Order 1001", "Paid by card 12", False), ("Order 1001", "", False), ("", "Paid by card 12", False),
    ],
)  # fmt: skip
async def test_another_comment_than_was_sent(
    sent: str, answered: str, *, is_other: bool, billingo: Billingo, server: respx.MockRouter
) -> None:
    """Doubt needs another number behind the same word, or other capitals: all else may be the server's own work."""
    answer = httpx.Response(200, json=entry(7, **{**MADE, "comment": answered}))
    server.route().mock(return_value=answer)
    new = NEW.model_copy(update={"comment": sent})
    if not is_other:
        assert (await billingo.invoices.create(new)).id == 7
        return
    with pytest.raises(OutcomeUnknownError, match="another comment") as caught:
        await billingo.invoices.create(new)
    assert caught.value.raw == answer.content


@pytest.mark.parametrize(("id", "total"), [(42, -2540), (7, 2540)], ids=["the same id", "a positive total"])
async def test_another_invoice_than_cancels(id: int, total: int, billingo: Billingo, server: respx.MockRouter) -> None:
    """The invoice that cancels is another one, and its total is not positive."""
    server.route(path__regex=r".*/cancel").mock(return_value=httpx.Response(200, json=entry(id, total=total)))
    server.route().mock(return_value=httpx.Response(404, json={"success": False, "error": "none"}))
    with pytest.raises(OutcomeUnknownError) as caught:
        await billingo.invoices.cancel(42)
    assert caught.value.raw is not None


async def test_a_credit_is_cancelled_by_a_positive_total(billingo: Billingo, server: respx.MockRouter) -> None:
    """Then the invoice that the answer names is read, and shows what it cancels."""
    server.route(path__regex=r".*/cancel").mock(return_value=httpx.Response(200, json=entry(43, total=2540)))
    cancels = {"total": 2540, "is_cancel_invoice": "1", "connected_invoice_no": "2026-000001"}
    server.route(path__regex=r".*/43").mock(return_value=httpx.Response(200, json=entry(43, **cancels)))
    credit = {"total": -2540, "invoice_no": "2026-000001"}
    server.route(path__regex=r".*/42").mock(return_value=httpx.Response(200, json=entry(42, **credit)))
    storno = await billingo.invoices.cancel(42)
    assert (storno.id, storno.total) == (43, Decimal(2540))


async def test_generate_that_answers_the_id_it_was_given(billingo: Billingo, server: respx.MockRouter) -> None:
    """The new invoice has an id of its own."""
    server.route().mock(return_value=httpx.Response(200, json={"success": True, "id": 42}))
    with pytest.raises(BillingoError, match="in place of a new one"):
        await billingo.invoices.generate(42)
