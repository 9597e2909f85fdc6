"""Every row of the table works through the public face, over real HTTP and without a socket."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import samples

from billingo_async import InvoiceType, NewInvoice
from billingo_async.v2.operations import TABLE

if TYPE_CHECKING:
    from billingo_async import Attempt, Billingo


def _invoice(client: int, kind: InvoiceType = InvoiceType.NORMAL) -> NewInvoice:
    """Return the documented invoice for a client, without the stored things that a fresh account does not have."""
    given = samples.INVOICE.model_fields_set - {"bank_account_uid"}
    fields: dict[str, Any] = {name: getattr(samples.INVOICE, name) for name in given}
    fields |= {"client_uid": client, "type": kind, "items": samples.INVOICE.items[:1]}
    return NewInvoice(**fields)


async def _invoices(billingo: Billingo, client: int) -> None:
    blocks = await billingo.invoices.blocks()
    assert blocks
    invoice = (await billingo.invoices.create(_invoice(client))).id
    await billingo.invoices.send(invoice)
    part = samples.PAYMENT.model_copy(update={"amount": Decimal(1)})
    assert not (await billingo.invoices.pay(invoice, part)).fully_paid
    assert not (await billingo.invoices.undo_payment(invoice)).fully_paid
    assert (await billingo.invoices.download(invoice)).startswith(b"%PDF-")
    assert await billingo.invoices.code(invoice)
    assert (await billingo.invoices.cancel(invoice)).id != invoice
    proforma = (await billingo.invoices.create(_invoice(client, InvoiceType.PROFORMA))).id
    assert await billingo.invoices.generate(proforma)
    assert (await billingo.invoices.get(proforma)).id == proforma
    assert len(await billingo.invoices.list()) == 4
    assert len(await billingo.invoices.query()) == 4


async def _stored(billingo: Billingo, client: int) -> None:
    product = (await billingo.products.create(samples.PRODUCT)).id
    assert (await billingo.products.update(product, samples.PRODUCT_AGAIN)).name == samples.PRODUCT_AGAIN.name
    assert (await billingo.products.get(product)).id == product
    assert len(await billingo.products.list()) == 1
    await billingo.products.delete(product)
    assert len(await billingo.products.list()) == 0
    seller = {"client_uid": client}
    expense = (await billingo.expenses.create(samples.EXPENSE.model_copy(update=seller))).id
    assert (await billingo.expenses.update(expense, samples.EXPENSE_AGAIN.model_copy(update=seller))).categories_id == 4
    assert [row.id for row in await billingo.expenses.list()] == [expense]
    assert await billingo.expenses.categories()
    account = (await billingo.bank_accounts.create(samples.BANK_ACCOUNT)).id
    assert (await billingo.bank_accounts.update(account, samples.BANK_ACCOUNT_AGAIN)).currency == "USD"
    assert (await billingo.bank_accounts.get(account)).currency == "USD"
    assert account in [row.id for row in await billingo.bank_accounts.list()]


async def _reference(billingo: Billingo) -> None:
    assert len(await billingo.payment_methods.list("en")) == 11
    assert [rate.id for rate in await billingo.vat.list(value=Decimal("0.27"))] == [1]
    assert (await billingo.vat.eu(country="DE", business_country="HU")).tax_rate == Decimal("0.19")
    assert await billingo.currencies.convert(Decimal(100), source="EUR", target="HUF") > 100
    assert await billingo.user.is_sandbox() is True
    assert await billingo.user.tax_code()
    await billingo.server_time()


async def _recurring(billingo: Billingo, client: int) -> None:
    base = (await billingo.invoices.create(_invoice(client))).id
    new = samples.PROFILE.model_copy(update={"base_invoice_uid": base})
    profile = (await billingo.recurring.create(new)).id
    assert (await billingo.recurring.update(profile, new)).id == profile
    await billingo.recurring.stop(profile)
    await billingo.recurring.resume(profile)
    assert (await billingo.recurring.get(profile)).id == profile
    assert [row.id for row in await billingo.recurring.list()] == [profile]


async def test_every_operation_is_answered_at_the_first_try(billingo: Billingo, attempts: list[Attempt]) -> None:
    """No row of the table was left out, none was refused and none had to be repeated."""
    client = (await billingo.clients.create(samples.CLIENT)).id
    assert (await billingo.clients.update(client, samples.CLIENT)).id == client
    assert (await billingo.clients.get(client)).id == client
    assert [row.id for row in await billingo.clients.list()] == [client]
    await _invoices(billingo, client)
    await _stored(billingo, client)
    await _reference(billingo)
    await _recurring(billingo, client)
    await billingo.clients.delete((await billingo.clients.create(samples.CLIENT.model_copy(update={"force": True}))).id)
    assert {attempt.operation for attempt in attempts} == {row.name for row in TABLE}
    assert {(attempt.number, attempt.status, attempt.error) for attempt in attempts} == {(1, 200, None)}
