"""One journey for each noun beside invoices and clients; each names the rows of the table that it went through."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import samples

from billingo_async import Address, InvalidRequestError, NewClient, NewInvoice, NewItem, NewProductItem, NotFoundError

if TYPE_CHECKING:
    from billingo_async import Attempt, Billingo, Invoice
    from billingo_async.sandbox import Sandbox

CUSTOMER = NewClient(
    name="Őri Kft.", billing_address=Address(street_name="Fő", city="Győr", postcode="9021", country="Magyarország")
)
ITEM = NewItem(description="Méz", vat_id=1, qty=1, unit="üveg", net_unit_price=1000)
DAY = date(2015, 12, 12)
CASH, TRANSFER = 1, 2


async def _invoice(billingo: Billingo, *items: NewItem | NewProductItem, method: int = CASH, block: int = 0) -> Invoice:
    client = (await billingo.clients.create(CUSTOMER)).id
    terms: dict[str, Any] = {"payment_method": method, "due_date": DAY, "fulfillment_date": DAY}
    new = NewInvoice(client_uid=client, items=items or [ITEM], block_uid=block, **terms)
    return await billingo.invoices.get((await billingo.invoices.create(new)).id)


async def test_products(billingo: Billingo) -> None:
    """A stored product is put on an invoice, dearer the second time, and then is gone; the invoices stay."""
    product = await billingo.products.create(samples.PRODUCT)
    first = await _invoice(billingo, NewProductItem(product_uid=product.id, qty=Decimal("1.5")))
    assert first.total == Decimal("1.5") * 5200 * Decimal("1.27")
    dearer = await billingo.products.update(product.id, product.edit(price=Decimal("6000.50")))
    assert (dearer.id, dearer.price, dearer.name) == (product.id, Decimal("6000.50"), product.name)
    second = await _invoice(billingo, NewProductItem(product_uid=product.id, qty=1))
    assert second.total == Decimal("6000.50") * Decimal("1.27")
    assert [row.id async for row in billingo.products.list()] == [product.id]
    await billingo.products.delete(product.id)
    with pytest.raises(NotFoundError, match=r"^products\.get "):
        await billingo.products.get(product.id)
    assert (await billingo.invoices.get(first.id)).items == first.items


async def test_expenses(billingo: Billingo) -> None:
    """An expense is filed under a category, moved to another, and listed with its seller."""
    categories = await billingo.expenses.categories()
    assert {category.lang_code for category in categories} == {"hu"}
    office, travel = categories[0], categories[5]
    assert (office.name, travel.name) == ("Irodaszer", "Utazás és szállás")
    seller = await billingo.clients.create(CUSTOMER)
    new = samples.EXPENSE.model_copy(update={"categories_id": office.id, "client_uid": seller.id})
    made = await billingo.expenses.create(new)
    await billingo.expenses.update(made.id, made.edit(categories_id=travel.id))
    (listed,) = await billingo.expenses.list()
    assert (listed.id, listed.categories_id, listed.gross_price, listed.currency, listed.due_date) == (
        made.id, travel.id, Decimal(1200), "EUR", date(2017, 1, 15),
    )  # fmt: skip
    assert listed.client is not None
    assert listed.client.name == CUSTOMER.name
    with pytest.raises(NotFoundError, match=r"^expenses\.categories .*only in hu"):
        await billingo.expenses.categories("en")


async def test_bank_accounts(billingo: Billingo) -> None:
    """An account is recorded and corrected, and all come in one list however many there are."""
    made = [(await billingo.bank_accounts.create(samples.BANK_ACCOUNT)).id for _ in range(60)]
    account = await billingo.bank_accounts.get(made[0])
    assert account.account_no_iban == "HU33107930243977945533304723"
    await billingo.bank_accounts.update(account.id, account.edit(bank_name="Másik Bank"))
    again = await billingo.bank_accounts.get(account.id)
    assert (again.bank_name, again.account_no_iban) == ("Másik Bank", account.account_no_iban)
    assert {row.id for row in await billingo.bank_accounts.list()} == set(made)


@pytest.mark.parametrize(
    ("lang", "cash"), [("hu", "Készpénz"), ("en", "Cash"), ("de", "Barzahlung")], ids=["hu", "en", "de"]
)
async def test_payment_methods(billingo: Billingo, lang: str, cash: str) -> None:
    """The documented eleven, each in its language; cash is paid at once, a transfer is not."""
    methods = {method.id: method for method in await billingo.payment_methods.list(lang)}
    assert set(methods) == {1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12}
    assert {method.lang_code for method in methods.values()} == {lang}
    assert (methods[CASH].name, methods[CASH].advance_paid, methods[TRANSFER].advance_paid) == (cash, True, False)


async def test_payment_methods_speak_three_languages(billingo: Billingo) -> None:
    """There is no fourth, and Hungarian is the first."""
    assert await billingo.payment_methods.list() == await billingo.payment_methods.list("hu")
    with pytest.raises(NotFoundError, match="only in hu, en, de"):
        await billingo.payment_methods.list("fr")


async def test_vat_rates(billingo: Billingo) -> None:
    """Rates are found by value and by description; 0 % is written for more than one reason."""
    rates = {rate.description: rate.value for rate in await billingo.vat.list()}
    assert rates == {"27%": Decimal("0.27"), "5%": Decimal("0.05"), "18%": Decimal("0.18"), "AM": 0, "EU": 0}
    assert [rate.description for rate in await billingo.vat.list(value=Decimal("0.18"))] == ["18%"]
    assert [rate.description for rate in await billingo.vat.list(value=0)] == ["AM", "EU"]
    assert [rate.value for rate in await billingo.vat.list(description="27%")] == [Decimal("0.27")]
    assert [rate.description for rate in await billingo.vat.list(value=0, description="EU")] == ["EU"]
    assert await billingo.vat.list(value=Decimal("0.27"), description="AM") == []
    german = await billingo.vat.eu(country="DE", business_country="HU", ip="198.51.100.7", vat_code="DE123456789")
    assert (german.set_country, german.ip_country, german.country_match) == ("DE", "DE", True)
    assert (german.tax_rate, german.company is not None) == (Decimal("0.19"), True)
    assert german.billingo_vat is not None
    sold = await _invoice(billingo, ITEM.model_copy(update={"vat_id": german.billingo_vat.id}))
    assert sold.total == 1190
    elsewhere = await billingo.vat.eu(country="AT", business_country="HU", ip="198.51.100.7")
    assert (elsewhere.ip_country, elsewhere.country_match, elsewhere.company) == ("DE", False, None)
    with pytest.raises(InvalidRequestError, match=r"^vat\.eu .*country"):
        await billingo.vat.eu(country="US", business_country="HU")


async def test_currencies(billingo: Billingo) -> None:
    """An amount goes into forints and back; an unknown currency is refused."""
    forints = await billingo.currencies.convert(Decimal("99.90"), source="EUR", target="HUF")
    assert forints == Decimal("99.90") * await billingo.currencies.convert(1, source="EUR", target="HUF")
    assert await billingo.currencies.convert(forints, source="HUF", target="EUR") == Decimal("99.90")
    with pytest.raises(InvalidRequestError, match=r"^currencies\.convert .*XTS"):
        await billingo.currencies.convert(1, source="XTS", target="HUF")


async def test_user_and_time(billingo: Billingo, attempts: list[Attempt]) -> None:
    """Whose account it is, that nothing here has legal effect, and what time it is there."""
    assert await billingo.user.is_sandbox() is True
    assert await billingo.user.tax_code() == "12345678-2-10"
    assert abs(await billingo.server_time() - datetime.now(UTC)) < timedelta(seconds=10)
    assert "time" in {attempt.operation for attempt in attempts}


async def test_recurring(billingo: Billingo) -> None:
    """A profile repeats an invoice, is slowed down, stopped and resumed; what was not changed stays."""
    base = await _invoice(billingo)
    made = await billingo.recurring.create(samples.PROFILE.model_copy(update={"base_invoice_uid": base.id}))
    assert made.invoice is not None
    assert made.invoice.invoice_no == base.invoice_no
    await billingo.recurring.stop(made.id)
    stopped = await billingo.recurring.get(made.id)
    assert (stopped.stopped, stopped.frequency, stopped.start_date) == (True, "1M", date(2017, 11, 1))
    await billingo.recurring.update(made.id, stopped.edit(frequency="2M"))
    slower = await billingo.recurring.get(made.id)
    assert (slower.stopped, slower.frequency, slower.comment) == (True, "2M", "monthly")
    await billingo.recurring.resume(made.id)
    (listed,) = await billingo.recurring.list()
    assert (listed.id, listed.stopped) == (made.id, False)


async def test_blocks_and_query_filters(billingo: Billingo, sandbox: Sandbox) -> None:
    """Each block numbers its own invoices; a query keeps to the day, the block, the method and the numbers."""
    default, shop = await billingo.invoices.blocks()
    assert (default.prefix, shop.prefix) == ("TST", "WEB")
    own = [await _invoice(billingo, method=method) for method in (CASH, TRANSFER, TRANSFER)]
    web = await _invoice(billingo, method=TRANSFER, block=shop.id)
    assert [invoice.block_uid for invoice in (*own, web)] == [default.id] * 3 + [shop.id]
    assert web.invoice_no == own[0].invoice_no
    assert web.prefixed_invoice_no != own[0].prefixed_invoice_no
    query, day = billingo.invoices.query, web.date
    assert day is not None
    ids = [invoice.id for invoice in own]
    found = {
        "all": [invoice.id async for invoice in query()],
        "in pages": [invoice.id async for invoice in query(max_per_page=1)],
        "block": [invoice.id async for invoice in query(block=shop.id)],
        "method": [invoice.id async for invoice in query(payment_method=CASH)],
        "both": [invoice.id async for invoice in query(payment_method=TRANSFER, block=default.id)],
        "numbers": [
            invoice.id async for invoice in query(num_start=2, year_start=day.year, num_end=2, year_end=day.year)
        ],
        "yesterday": [invoice.id async for invoice in query(end_date=day - timedelta(days=1), start_date=DAY)],
        "day": [invoice.id async for invoice in query(start_date=day, end_date=day)],
    }
    assert {name: set(rows) for name, rows in found.items()} == {
        "all": {*ids, web.id}, "in pages": {*ids, web.id}, "block": {web.id}, "method": {ids[0]}, "both": set(ids[1:]),
        "numbers": {ids[1]}, "yesterday": set(), "day": {*ids, web.id},
    }  # fmt: skip
    assert all(len(rows) == len(set(rows)) for rows in found.values())
