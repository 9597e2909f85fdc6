"""Whole journeys: from an order to its paid invoice and PDF, proforma to invoice, cancellation, payments in parts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

import billingo_async as sdk

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from billingo_async import Attempt, Billingo, Client, Invoice
    from billingo_async.sandbox import Sandbox

CUSTOMER = sdk.NewClient(
    name="Őrült Űrhajó Kft.",
    email="billing@example.com",
    taxcode="12345678-2-42",
    billing_address=sdk.Address(
        street_name="Szőlő", street_type="utca", house_nr="7", city="Győr", postcode="9021", country="Magyarország"
    ),
)
VAT_27 = 1
TRANSFER = 2


def _today() -> date:
    return datetime.now(UTC).date()


def _order(client: Client, **changes: Any) -> sdk.NewInvoice:
    """Three jars of honey at 3 500 and half a day's delivery at 1 200.50, both with 27 % VAT.

    Net 3 x 3500 + 0.5 x 1200.50 = 11100.25; VAT 0.27 x 11100.25 = 2997.0675; gross 14097.3175.
    """
    fields: dict[str, Any] = {
        "client_uid": client.id,
        "payment_method": TRANSFER,
        "fulfillment_date": _today(),
        "due_date": _today() + timedelta(days=8),
        "items": [
            sdk.NewItem(description="Méz", vat_id=VAT_27, qty=3, unit="üveg", net_unit_price=3500),
            sdk.NewItem(
                description="Kiszállítás",
                vat_id=VAT_27,
                qty=Decimal("0.5"),
                unit="nap",
                net_unit_price=Decimal("1200.50"),
            ),
        ],
    }
    return sdk.NewInvoice(**{**fields, **changes})


async def _invoiced(billingo: Billingo, **changes: Any) -> Invoice:
    """Make the customer and the order's invoice, and return it as the server has it."""
    client = await billingo.clients.create(CUSTOMER)
    return await billingo.invoices.get((await billingo.invoices.create(_order(client, **changes))).id)


def _payment(amount: Decimal) -> sdk.Payment:
    return sdk.Payment(date=_today(), amount=amount, payment_method=TRANSFER)


def _total(invoice: Invoice) -> Decimal:
    assert invoice.total is not None
    return invoice.total


async def test_order_becomes_a_paid_invoice_and_its_pdf(
    billingo: Billingo, sandbox: Sandbox, attempts: list[Attempt], tmp_path: Path
) -> None:
    """Customer, invoice, e-mail, payment, PDF: each happens once, and the paper names customer, number and goods."""
    client = await billingo.clients.create(CUSTOMER)
    made = await billingo.invoices.create(_order(client))
    invoice = await billingo.invoices.get(made.id)
    assert (invoice.client_uid, invoice.type) == (client.id, sdk.InvoiceType.NORMAL)
    assert invoice.status is sdk.InvoiceStatus.UNPAID
    assert invoice.total == Decimal("14097.3175")
    number = f"{_today().year}-000001"
    assert invoice.invoice_no == number

    await billingo.invoices.send(invoice.id)
    assert [(mail.invoice_id, mail.to) for mail in sandbox.outbox] == [(invoice.id, "billing@example.com")]

    state = await billingo.invoices.pay(invoice.id, _payment(_total(invoice)))
    assert (state.fully_paid, state.outstanding) == (True, Decimal(0))
    assert (await billingo.invoices.get(invoice.id)).status is sdk.InvoiceStatus.PAID

    saved = await billingo.invoices.download_to(invoice.id, tmp_path / "invoice.pdf")
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(saved).pages).split())
    for word in ("Őrült Űrhajó Kft.", "Szőlő utca 7", number, "Méz", "Kiszállítás"):
        assert word in words
    assert await billingo.invoices.download(invoice.id) == saved.read_bytes()
    assert await billingo.invoices.access_url(invoice.id) == (
        f"{billingo._dispatch.settings.origin}/access/c:{await billingo.invoices.code(invoice.id)}"
    )
    assert [row.id async for row in billingo.invoices.list()] == [invoice.id]
    done = [entry.operation for entry in sandbox.ledger]
    assert done == ["clients.create", "invoices.create", "invoices.send", "invoices.pay"]
    assert {attempt.number for attempt in attempts} == {1}


async def test_proforma_becomes_an_invoice(billingo: Billingo, sandbox: Sandbox) -> None:
    """A proforma has no invoice number of its own row; what is made of it is a normal invoice over the same sum."""
    proforma = await _invoiced(billingo, type=sdk.InvoiceType.PROFORMA)
    assert proforma.type is sdk.InvoiceType.PROFORMA
    new_id = await billingo.invoices.generate(proforma.id)
    assert new_id is not None
    invoice = await billingo.invoices.get(new_id)
    assert invoice.type is sdk.InvoiceType.NORMAL
    assert (invoice.total, invoice.client_uid) == (proforma.total, proforma.client_uid)
    assert invoice.invoice_no == f"{_today().year}-000001"
    (entry,) = [entry for entry in sandbox.ledger if entry.operation == "invoices.generate"]
    assert (entry.of, entry.id) == (proforma.id, new_id)


async def test_cancelled_invoice_is_linked_with_the_one_that_cancels_it(billingo: Billingo, sandbox: Sandbox) -> None:
    """Negative total, linked numbers, status canceled; neither can be cancelled again."""
    invoice = await _invoiced(billingo)
    cancelling = await billingo.invoices.cancel(invoice.id)
    assert cancelling.total == -_total(invoice)
    whole = await billingo.invoices.get(cancelling.id)
    assert (whole.is_cancel_invoice, whole.connected_invoice_no) == (True, invoice.invoice_no)
    assert whole.invoice_no == f"{_today().year}-000002"
    assert (await billingo.invoices.get(invoice.id)).status is sdk.InvoiceStatus.CANCELED
    for again in (invoice.id, cancelling.id):
        with pytest.raises(sdk.InvalidRequestError, match=rf"^invoices\.cancel \(GET /invoices/{again}/cancel\): 400 "):
            await billingo.invoices.cancel(again)
    assert sandbox.ledger.count("invoices.cancel") == 1


async def test_payment_in_parts_and_its_undoing(billingo: Billingo, sandbox: Sandbox) -> None:
    """A part leaves the rest outstanding, the rest leaves nothing; undone one by one, all is outstanding again."""
    invoice = await _invoiced(billingo)
    total = _total(invoice)
    part = await billingo.invoices.pay(invoice.id, _payment(Decimal("4097.30")))
    assert (part.fully_paid, part.outstanding) == (False, total - Decimal("4097.30"))
    rest = await billingo.invoices.pay(invoice.id, _payment(part.outstanding))
    assert (rest.fully_paid, rest.outstanding) == (True, Decimal(0))
    once = await billingo.invoices.undo_payment(invoice.id)
    assert (once.fully_paid, once.outstanding) == (False, part.outstanding)
    twice = await billingo.invoices.undo_payment(invoice.id)
    assert (twice.fully_paid, twice.outstanding) == (False, total)
    assert (await billingo.invoices.get(invoice.id)).status is sdk.InvoiceStatus.UNPAID
    assert (sandbox.ledger.count("invoices.pay"), sandbox.ledger.count("invoices.undo_payment")) == (2, 2)


async def test_customer_is_found_changed_and_deleted(billingo: Billingo) -> None:
    """The same customer is not made twice; a change keeps the rest; what was deleted is not found."""
    client = await billingo.clients.create(CUSTOMER)
    assert (await billingo.clients.create(CUSTOMER)).id == client.id
    forced = await billingo.clients.create(CUSTOMER.model_copy(update={"force": True}))
    assert forced.id != client.id
    changed = await billingo.clients.update(client.id, client.edit(email="new@example.com"))
    assert changed.email == "new@example.com"
    found = await billingo.clients.get(client.id)
    assert (found.name, found.taxcode, found.email) == (CUSTOMER.name, CUSTOMER.taxcode, "new@example.com")
    await billingo.clients.delete(forced.id)
    with pytest.raises(sdk.NotFoundError, match=rf"^clients\.get \(GET /clients/{forced.id}\): 404 Not Found"):
        await billingo.clients.get(forced.id)
    assert [row.id async for row in billingo.clients.list()] == [client.id]


async def test_what_is_not_there_is_not_found(billingo: Billingo) -> None:
    """The error is the documented one, with the id in its message."""
    with pytest.raises(sdk.NotFoundError, match=r"^invoices\.get \(GET /invoices/42\): 404 Not Found"):
        await billingo.invoices.get(42)
