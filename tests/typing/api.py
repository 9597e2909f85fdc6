"""What a type checker knows of every public call: read by mypy and pyright, run by nobody.

Each function is one noun. `assert_type` fails the check as soon as a call gives anything else than what stands here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, assert_type

import billingo_async as sdk

if TYPE_CHECKING:
    from billingo_async import Attempt

TODAY = date(2026, 3, 1)
ITEM = sdk.NewItem(description="Honey", vat_id=1, qty=2, unit="jar", net_unit_price=Decimal(3500))
ADDRESS = sdk.Address(street_name="Fő", city="Őriszentpéter", postcode="9941", country="Hungary")


def seen(attempt: Attempt) -> None:
    """Look at an attempt."""
    assert_type(attempt.operation, str)
    assert_type(attempt.status, int | None)
    assert_type(attempt.error, str | None)
    assert_type(attempt.seconds, float)


async def an_account() -> None:
    """Open, copy and close, and call what has no method of its own."""
    limit = sdk.RateLimit(10, per=61.0)
    journal = sdk.Journal("sqlite+aiosqlite:///invoices.db")
    opened = sdk.Billingo("public", "private", base_url="https://www.billingo.hu/api", pdf_limit=limit, journal=journal)
    assert_type(opened.with_options(timeout=5, max_retries=0, max_wait=1.5), sdk.Billingo)
    async with sdk.Billingo(timeout=10, max_retries=1, max_wait=5, max_connections=9, on_attempt=seen) as billingo:
        assert_type(billingo, sdk.Billingo)
        assert_type(await billingo.server_time(), datetime)
        body = {"date": TODAY.isoformat(), "amount": Decimal("99.90"), "payment_method": 1}
        assert_type(await billingo.request("POST", "/invoices/1/pay", effect=sdk.Effect.ONCE, json=body), sdk.Json)
        assert_type(await billingo.request("GET", "/clients", effect="read", params={"page": 2}), sdk.Json)
    await opened.aclose()


async def invoices(billingo: sdk.Billingo) -> None:
    """Find, cancel, mail and settle invoices, and fetch what they look like."""
    assert_type(billingo.invoices.list(), sdk.AsyncPager[sdk.Invoice])
    assert_type(billingo.invoices.query(start_date=TODAY, num_end=9, year_end=2026), sdk.AsyncPager[sdk.Invoice])
    assert_type(await billingo.invoices.get(1), sdk.Invoice)
    assert_type(await billingo.invoices.cancel(1), sdk.Invoice)
    assert_type(await billingo.invoices.generate(1), int | None)
    await billingo.invoices.send(1)
    payment = sdk.Payment(date=TODAY, amount=Decimal("99.90"), payment_method=1)
    assert_type(await billingo.invoices.pay(1, payment), sdk.PaymentState)
    assert_type(await billingo.invoices.undo_payment(1), sdk.PaymentState)
    assert_type(await billingo.invoices.code(1), str)
    assert_type(await billingo.invoices.access_url(1), str)
    assert_type(await billingo.invoices.download(1), bytes)
    assert_type(await billingo.invoices.download_to(1, "invoice.pdf", overwrite=True), Path)
    assert_type(await billingo.invoices.blocks(), list[sdk.Block])


async def making(billingo: sdk.Billingo) -> None:
    """Make one invoice, and many; rows come as a list or a tuple, from words or from stored products."""
    new = sdk.NewInvoice(client_uid=1, payment_method=1, fulfillment_date=TODAY, due_date=TODAY, items=[ITEM])
    stored = sdk.NewProductItem(product_uid=1, qty=Decimal("0.5"))
    mixed: list[sdk.NewItem | sdk.NewProductItem] = [ITEM, stored]
    other = sdk.NewInvoice(client_uid=1, payment_method=1, fulfillment_date=TODAY, due_date=TODAY, items=mixed)
    rows = (stored,)
    third = sdk.NewInvoice(
        client_uid=1, payment_method=1, fulfillment_date=TODAY, due_date=TODAY, items=rows, round_to=5
    )
    assert_type(await billingo.invoices.create(new), sdk.Invoice)
    assert_type(await billingo.invoices.create(third, key="order-1"), sdk.Invoice)
    assert_type(billingo.invoices.create_many({"order-1": new}), AsyncIterator[sdk.Outcome[sdk.Invoice]])
    async for outcome in billingo.invoices.create_many([("order-1", new), ("order-2", other)], concurrency=5):
        assert_type(outcome, sdk.Outcome[sdk.Invoice])
        assert_type(outcome.key, str)
        assert_type(outcome.invoice, sdk.Invoice | None)
        assert_type(outcome.error, Exception | None)
    totals = new.totals({1: Decimal("0.27")})
    assert_type(totals.total, Decimal)


async def pages(billingo: sdk.Billingo) -> None:
    """Await a pager for a page, iterate it for rows."""
    pager = billingo.clients.list(page=2, max_per_page=10, read_ahead=2)
    page = await pager
    assert_type(page, sdk.Page[sdk.Client])
    assert_type(page[0], sdk.Client)
    assert_type(page[1:], tuple[sdk.Client, ...])
    assert_type(page.has_next, bool)
    assert_type(page.page, int)
    async for client in pager:
        assert_type(client, sdk.Client)
    async for one in pager.pages():
        assert_type(one, sdk.Page[sdk.Client])
    assert_type(await pager.to_list(limit=5), list[sdk.Client])


async def clients(billingo: sdk.Billingo) -> None:
    """Make and change customers."""
    new = sdk.NewClient(name="Bakery", billing_address=ADDRESS, bank=sdk.Bank(account_no="11111111-22222222"))
    client = await billingo.clients.create(new)
    assert_type(client, sdk.Client)
    assert_type(client.edit(email="new@example.com"), sdk.NewClient)
    assert_type(await billingo.clients.get(1), sdk.Client)
    assert_type(await billingo.clients.update(client.id, client.edit(name="Baker")), sdk.Client)
    await billingo.clients.delete(client.id)


async def products(billingo: sdk.Billingo) -> None:
    """Store, change and delete products."""
    new = sdk.NewProduct(name="Honey", price=Decimal(5200), unit="jar", currency_code="HUF", vat_id=1)
    product = await billingo.products.create(new)
    assert_type(product, sdk.Product)
    assert_type(billingo.products.list(), sdk.AsyncPager[sdk.Product])
    assert_type(await billingo.products.get(1), sdk.Product)
    assert_type(await billingo.products.update(1, product.edit(price=Decimal(5300))), sdk.Product)
    await billingo.products.delete(1)


async def expenses(billingo: sdk.Billingo) -> None:
    """Record and change expenses."""
    new = sdk.NewExpense(categories_id=1, name="Sugar", gross_price=1270, vat=1)
    expense = await billingo.expenses.create(new)
    assert_type(expense, sdk.Expense)
    assert_type(expense.edit(categories_id=2), sdk.NewExpense)
    assert_type(billingo.expenses.list(), sdk.AsyncPager[sdk.Expense])
    assert_type(await billingo.expenses.update(1, new), sdk.Expense)
    assert_type(await billingo.expenses.categories(), list[sdk.ExpenseCategory])


async def bank_accounts(billingo: sdk.Billingo) -> None:
    """Store and change bank accounts."""
    accounts = await billingo.bank_accounts.list()
    assert_type(accounts, list[sdk.BankAccount])
    assert_type(accounts[0].edit(currency="EUR"), sdk.NewBankAccount)
    assert_type(await billingo.bank_accounts.get(1), sdk.BankAccount)
    assert_type(await billingo.bank_accounts.create(accounts[0].edit()), sdk.BankAccount)
    assert_type(await billingo.bank_accounts.update(1, accounts[0].edit()), sdk.BankAccount)


async def reference(billingo: sdk.Billingo) -> None:
    """Ask what the API knows by itself."""
    assert_type(await billingo.payment_methods.list("en"), list[sdk.PaymentMethod])
    assert_type(await billingo.vat.list(value=Decimal("0.27")), list[sdk.Vat])
    assert_type(await billingo.vat.eu(country="DE", business_country="HU"), sdk.EuVat)
    assert_type(await billingo.currencies.convert(Decimal(100), source="EUR", target="HUF"), Decimal)
    assert_type(await billingo.user.is_sandbox(), bool)
    assert_type(await billingo.user.tax_code(), str)


async def recurring(billingo: sdk.Billingo) -> None:
    """Use the profiles that the vendor has withdrawn."""
    new = sdk.NewRecurringProfile(base_invoice_uid=1, frequency="2M", start_date=TODAY)
    profile = await billingo.recurring.create(new)
    assert_type(profile, sdk.RecurringProfile)
    assert_type(billingo.recurring.list(), sdk.AsyncPager[sdk.RecurringProfile])
    assert_type(await billingo.recurring.get(1), sdk.RecurringProfile)
    assert_type(await billingo.recurring.update(1, profile.edit(due_days=8)), sdk.RecurringProfile)
    await billingo.recurring.stop(1)
    await billingo.recurring.resume(1)


def what_was_read(invoice: sdk.Invoice) -> None:
    """Look at fields: absent ones are None, values that nobody documented stay raw."""
    assert_type(invoice.id, int)
    assert_type(invoice.total, Decimal | None)
    assert_type(invoice.due_date, date | None)
    assert_type(invoice.is_cancel_invoice, bool | None)
    assert_type(invoice.status, sdk.InvoiceStatus | int | str | None)
    assert_type(invoice.type, sdk.InvoiceType | int | str | None)
    assert_type(invoice.items, tuple[sdk.Item, ...] | None)
    assert_type(invoice.client, sdk.Client | None)


def what_went_wrong(error: sdk.BillingoError) -> None:
    """Ask an error what may be done about it."""
    assert_type(error.safe_to_retry, bool)
    assert_type(error.operation, str | None)
    match error:
        case sdk.APIError():
            assert_type(error.status_code, int | None)
            assert_type(error.retry_after, float | None)
        case sdk.OutcomeUnknownError():
            assert_type(error.cause, sdk.BillingoError | None)
            assert_type(error.candidates, tuple[int, ...])
        case sdk.MalformedResponseError():
            assert_type(error.body, bytes)
        case sdk.ConnectionFailedError():
            pass
        case _:
            pass
