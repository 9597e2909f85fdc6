"""What a type checker knows of every public call: read by mypy and pyright, run by nobody.

Each function is one noun. `assert_type` fails the check as soon as a call gives anything else than what stands here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, assert_type

from billingo_async import (
    Address,
    APIError,
    AsyncPager,
    Bank,
    BankAccount,
    Billingo,
    BillingoError,
    Block,
    Client,
    ConnectionFailedError,
    Effect,
    EuVat,
    Expense,
    ExpenseCategory,
    Invoice,
    InvoiceStatus,
    InvoiceType,
    Item,
    Journal,
    Json,
    MalformedResponseError,
    NewBankAccount,
    NewClient,
    NewExpense,
    NewInvoice,
    NewItem,
    NewProduct,
    NewProductItem,
    NewRecurringProfile,
    Outcome,
    OutcomeUnknownError,
    Page,
    Payment,
    PaymentMethod,
    PaymentState,
    Product,
    RateLimit,
    RecurringProfile,
    Vat,
)

if TYPE_CHECKING:
    from billingo_async import Attempt

TODAY = date(2026, 3, 1)
ITEM = NewItem(description="Honey", vat_id=1, qty=2, unit="jar", net_unit_price=Decimal(3500))
ADDRESS = Address(street_name="Fő", city="Őriszentpéter", postcode="9941", country="Hungary")


def seen(attempt: Attempt) -> None:
    """Look at an attempt."""
    assert_type(attempt.operation, str)
    assert_type(attempt.status, int | None)
    assert_type(attempt.error, str | None)
    assert_type(attempt.seconds, float)


async def an_account() -> None:
    """Open, copy and close, and call what has no method of its own."""
    limit = RateLimit(10, per=61.0)
    journal = Journal("sqlite+aiosqlite:///invoices.db")
    opened = Billingo("public", "private", base_url="https://www.billingo.hu/api", pdf_limit=limit, journal=journal)
    assert_type(opened.with_options(timeout=5, max_retries=0, max_wait=1.5), Billingo)
    async with Billingo(timeout=10, max_retries=1, max_wait=5, max_connections=9, on_attempt=seen) as billingo:
        assert_type(billingo, Billingo)
        assert_type(await billingo.server_time(), datetime)
        body = {"date": TODAY.isoformat(), "amount": Decimal("99.90"), "payment_method": 1}
        assert_type(await billingo.request("POST", "/invoices/1/pay", effect=Effect.ONCE, json=body), Json)
        assert_type(await billingo.request("GET", "/clients", effect="read", params={"page": 2}), Json)
    await opened.aclose()


async def invoices(billingo: Billingo) -> None:
    """Find, cancel, mail and settle invoices, and fetch what they look like."""
    assert_type(billingo.invoices.list(), AsyncPager[Invoice])
    assert_type(billingo.invoices.query(start_date=TODAY, num_end=9, year_end=2026), AsyncPager[Invoice])
    assert_type(await billingo.invoices.get(1), Invoice)
    assert_type(await billingo.invoices.cancel(1), Invoice)
    assert_type(await billingo.invoices.generate(1), int | None)
    await billingo.invoices.send(1)
    payment = Payment(date=TODAY, amount=Decimal("99.90"), payment_method=1)
    assert_type(await billingo.invoices.pay(1, payment), PaymentState)
    assert_type(await billingo.invoices.undo_payment(1), PaymentState)
    assert_type(await billingo.invoices.code(1), str)
    assert_type(await billingo.invoices.access_url(1), str)
    assert_type(await billingo.invoices.download(1), bytes)
    assert_type(await billingo.invoices.download_to(1, "invoice.pdf", overwrite=True), Path)
    assert_type(await billingo.invoices.blocks(), list[Block])


async def making(billingo: Billingo) -> None:
    """Make one invoice, and many; rows come as a list or a tuple, from words or from stored products."""
    new = NewInvoice(client_uid=1, payment_method=1, fulfillment_date=TODAY, due_date=TODAY, items=[ITEM])
    stored = NewProductItem(product_uid=1, qty=Decimal("0.5"))
    mixed: list[NewItem | NewProductItem] = [ITEM, stored]
    other = NewInvoice(client_uid=1, payment_method=1, fulfillment_date=TODAY, due_date=TODAY, items=mixed)
    rows = (stored,)
    third = NewInvoice(client_uid=1, payment_method=1, fulfillment_date=TODAY, due_date=TODAY, items=rows, round_to=5)
    assert_type(await billingo.invoices.create(new), Invoice)
    assert_type(await billingo.invoices.create(third, key="order-1"), Invoice)
    assert_type(billingo.invoices.create_many({"order-1": new}), AsyncIterator[Outcome[Invoice]])
    async for outcome in billingo.invoices.create_many([("order-1", new), ("order-2", other)], concurrency=5):
        assert_type(outcome, Outcome[Invoice])
        assert_type(outcome.key, str)
        assert_type(outcome.invoice, Invoice | None)
        assert_type(outcome.error, Exception | None)
    totals = new.totals({1: Decimal("0.27")})
    assert_type(totals.total, Decimal)


async def pages(billingo: Billingo) -> None:
    """Await a pager for a page, iterate it for rows."""
    pager = billingo.clients.list(page=2, max_per_page=10, read_ahead=2)
    page = await pager
    assert_type(page, Page[Client])
    assert_type(page[0], Client)
    assert_type(page[1:], tuple[Client, ...])
    assert_type(page.has_next, bool)
    assert_type(page.page, int)
    async for client in pager:
        assert_type(client, Client)
    async for one in pager.pages():
        assert_type(one, Page[Client])
    assert_type(await pager.to_list(limit=5), list[Client])


async def clients(billingo: Billingo) -> None:
    """Make and change customers."""
    new = NewClient(name="Bakery", billing_address=ADDRESS, bank=Bank(account_no="11111111-22222222"))
    client = await billingo.clients.create(new)
    assert_type(client, Client)
    assert_type(client.edit(email="new@example.com"), NewClient)
    assert_type(await billingo.clients.get(1), Client)
    assert_type(await billingo.clients.update(client.id, client.edit(name="Baker")), Client)
    await billingo.clients.delete(client.id)


async def products(billingo: Billingo) -> None:
    """Store, change and delete products."""
    new = NewProduct(name="Honey", price=Decimal(5200), unit="jar", currency_code="HUF", vat_id=1)
    product = await billingo.products.create(new)
    assert_type(product, Product)
    assert_type(billingo.products.list(), AsyncPager[Product])
    assert_type(await billingo.products.get(1), Product)
    assert_type(await billingo.products.update(1, product.edit(price=Decimal(5300))), Product)
    await billingo.products.delete(1)


async def expenses(billingo: Billingo) -> None:
    """Record and change expenses."""
    new = NewExpense(categories_id=1, name="Sugar", gross_price=1270, vat=1)
    expense = await billingo.expenses.create(new)
    assert_type(expense, Expense)
    assert_type(expense.edit(categories_id=2), NewExpense)
    assert_type(billingo.expenses.list(), AsyncPager[Expense])
    assert_type(await billingo.expenses.update(1, new), Expense)
    assert_type(await billingo.expenses.categories(), list[ExpenseCategory])


async def bank_accounts(billingo: Billingo) -> None:
    """Store and change bank accounts."""
    accounts = await billingo.bank_accounts.list()
    assert_type(accounts, list[BankAccount])
    assert_type(accounts[0].edit(currency="EUR"), NewBankAccount)
    assert_type(await billingo.bank_accounts.get(1), BankAccount)
    assert_type(await billingo.bank_accounts.create(accounts[0].edit()), BankAccount)
    assert_type(await billingo.bank_accounts.update(1, accounts[0].edit()), BankAccount)


async def reference(billingo: Billingo) -> None:
    """Ask what the API knows by itself."""
    assert_type(await billingo.payment_methods.list("en"), list[PaymentMethod])
    assert_type(await billingo.vat.list(value=Decimal("0.27")), list[Vat])
    assert_type(await billingo.vat.eu(country="DE", business_country="HU"), EuVat)
    assert_type(await billingo.currencies.convert(Decimal(100), source="EUR", target="HUF"), Decimal)
    assert_type(await billingo.user.is_sandbox(), bool)
    assert_type(await billingo.user.tax_code(), str)


async def recurring(billingo: Billingo) -> None:
    """Use the profiles that the vendor has withdrawn."""
    new = NewRecurringProfile(base_invoice_uid=1, frequency="2M", start_date=TODAY)
    profile = await billingo.recurring.create(new)
    assert_type(profile, RecurringProfile)
    assert_type(billingo.recurring.list(), AsyncPager[RecurringProfile])
    assert_type(await billingo.recurring.get(1), RecurringProfile)
    assert_type(await billingo.recurring.update(1, profile.edit(due_days=8)), RecurringProfile)
    await billingo.recurring.stop(1)
    await billingo.recurring.resume(1)


def what_was_read(invoice: Invoice) -> None:
    """Look at fields: absent ones are None, values that nobody documented stay raw."""
    assert_type(invoice.id, int)
    assert_type(invoice.total, Decimal | None)
    assert_type(invoice.due_date, date | None)
    assert_type(invoice.is_cancel_invoice, bool | None)
    assert_type(invoice.status, InvoiceStatus | int | str | None)
    assert_type(invoice.type, InvoiceType | int | str | None)
    assert_type(invoice.items, tuple[Item, ...] | None)
    assert_type(invoice.client, Client | None)


def what_went_wrong(error: BillingoError) -> None:
    """Ask an error what may be done about it."""
    assert_type(error.safe_to_retry, bool)
    assert_type(error.operation, str | None)
    match error:
        case APIError():
            assert_type(error.status_code, int | None)
            assert_type(error.retry_after, float | None)
        case OutcomeUnknownError():
            assert_type(error.cause, BillingoError | None)
            assert_type(error.candidates, tuple[int, ...])
        case MalformedResponseError():
            assert_type(error.body, bytes)
        case ConnectionFailedError():
            pass
        case _:
            pass
