"""Every row of v2's table of operations as a user calls it, with what the account must hold before.

What a case is stands here for both wings; `v3_cases` has the other table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from account import BANK_ACCOUNT, CLIENT, EMAIL, EXPENSE, NAME, PRODUCT, Account

import billingo_async as sdk
from billingo_async.v2 import operations

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import ModuleType

    from billingo_async import AsyncPager, Billingo
    from billingo_async.protocol.call import Operation

TODAY = date(2023, 11, 14)
ADDRESS = sdk.Address(street_name="Fő", city="Győr", postcode="9021", country="Magyarország")
NEW_CLIENT = sdk.NewClient(name=NAME, email=EMAIL, billing_address=ADDRESS)
FORCED = sdk.NewClient(name=NAME, email=EMAIL, billing_address=ADDRESS, force=True)
NEW_PRODUCT = sdk.NewProduct(name="Kalács", price=1200, unit="db", currency_code="HUF", vat_id=1)
NEW_EXPENSE = sdk.NewExpense(categories_id=1, name="Toll", gross_price=Decimal("635.50"), vat=1, currency="HUF")
NEW_ACCOUNT = sdk.NewBankAccount(bank_name="Másik Bank", account_no="33333333-44444444", currency="HUF")
PART = sdk.Payment(date=TODAY, amount=Decimal(50), payment_method=1)
ITEM = sdk.NewItem(description="Kenyér", vat_id=1, qty=1, unit="db", net_unit_price=Decimal(1000))

PROFORMA = 1


READ, SAME, ONCE = "read", "same", "once"
"""What repeating a call does; each case says it as the API's reference does, not as the table of operations."""


@dataclass(frozen=True)
class Case:
    """One row of a wing's table, called through the public face on what was prepared for it."""

    row: str
    """The row's name in the wing's `operations`."""
    effect: str
    prepare: Callable[[Any], Any]
    """Makes what the call needs, returns what the call is given of it; 0 where that is nothing."""
    do: Callable[[Any, Any], Awaitable[object]]
    operations: ClassVar[ModuleType] = operations

    @property
    def operation(self) -> Operation[Any]:
        """The row itself, as it stands now."""
        row: Operation[Any] = getattr(self.operations, self.row)
        return row

    @property
    def name(self) -> str:
        """The operation's name, in the library and in the sandbox's ledger alike."""
        return self.operation.name

    def __str__(self) -> str:
        """The name by which a test is told from another."""
        return f"{self.operations.__name__.split('.')[1]} {self.row.lower()}"


def _nothing(_: Account) -> int:
    return 0


def _proforma(account: Account) -> int:
    return account.invoice(PROFORMA)


def _made(noun: str, body: dict[str, Any]) -> Callable[[Account], int]:
    return lambda account: account.new(noun, body)


_product, _expense = _made("products", PRODUCT), _made("expenses", EXPENSE)
_bank_account = _made("bank_accounts", BANK_ACCOUNT)
_other_client = _made("clients", CLIENT | {"phone": "1", "force": True})


def _stopped_profile(account: Account) -> int:
    return account.profile(stopped=True)


async def rows_of(pager: AsyncPager[Any]) -> list[Any]:
    """All rows of a list."""
    return list(await pager)


def _german_vat(billingo: Billingo) -> Awaitable[object]:
    return billingo.vat.eu(country="DE", business_country="HU")


def _euros_in_forints(billingo: Billingo) -> Awaitable[object]:
    return billingo.currencies.convert(100, source="EUR", target="HUF")


def _invoice_for(client: int) -> sdk.NewInvoice:
    return sdk.NewInvoice(client_uid=client, payment_method=1, fulfillment_date=TODAY, due_date=TODAY, items=[ITEM])


def _profile_for(invoice: int) -> sdk.NewRecurringProfile:
    return sdk.NewRecurringProfile(base_invoice_uid=invoice, frequency="2M", start_date=TODAY)


async def _update_profile(billingo: Billingo, uid: int) -> object:
    profile = await billingo.recurring.get(uid)
    return await billingo.recurring.update(uid, profile.edit(frequency="2M"))


# fmt: off
OPERATION_CASES = (
    Case("INVOICES_LIST",         READ, Account.invoice,      lambda b, _: rows_of(b.invoices.list())),
    Case("INVOICES_QUERY",        READ, Account.invoice,      lambda b, _: rows_of(b.invoices.query(start_date=TODAY))),
    Case("INVOICES_GET",          READ, Account.invoice,      lambda b, i: b.invoices.get(i)),
    Case("INVOICES_CREATE",       ONCE, Account.client,       lambda b, i: b.invoices.create(_invoice_for(i))),
    Case("INVOICES_CANCEL",       ONCE, Account.invoice,      lambda b, i: b.invoices.cancel(i)),
    Case("INVOICES_GENERATE",     ONCE, _proforma,            lambda b, i: b.invoices.generate(i)),
    Case("INVOICES_SEND",         ONCE, Account.invoice,      lambda b, i: b.invoices.send(i)),
    Case("INVOICES_PAY",          ONCE, Account.invoice,      lambda b, i: b.invoices.pay(i, PART)),
    Case("INVOICES_UNDO_PAYMENT", ONCE, Account.paid_invoice, lambda b, i: b.invoices.undo_payment(i)),
    Case("INVOICES_CODE",         READ, Account.invoice,      lambda b, i: b.invoices.code(i)),
    Case("INVOICES_DOWNLOAD",     READ, Account.invoice,      lambda b, i: b.invoices.download(i)),
    Case("INVOICES_BLOCKS",       READ, _nothing,             lambda b, _: b.invoices.blocks()),
    Case("CLIENTS_LIST",          READ, Account.client,       lambda b, _: rows_of(b.clients.list())),
    Case("CLIENTS_GET",           READ, Account.client,       lambda b, i: b.clients.get(i)),
    Case("CLIENTS_CREATE",        SAME, _nothing,             lambda b, _: b.clients.create(NEW_CLIENT)),
    Case("CLIENTS_FORCE",         ONCE, Account.client,       lambda b, _: b.clients.create(FORCED)),
    Case("CLIENTS_UPDATE",        SAME, _other_client,        lambda b, i: b.clients.update(i, NEW_CLIENT)),
    Case("CLIENTS_DELETE",        SAME, _other_client,        lambda b, i: b.clients.delete(i)),
    Case("PRODUCTS_LIST",         READ, _product,             lambda b, _: rows_of(b.products.list())),
    Case("PRODUCTS_GET",          READ, _product,             lambda b, i: b.products.get(i)),
    Case("PRODUCTS_CREATE",       ONCE, _nothing,             lambda b, _: b.products.create(NEW_PRODUCT)),
    Case("PRODUCTS_UPDATE",       SAME, _product,             lambda b, i: b.products.update(i, NEW_PRODUCT)),
    Case("PRODUCTS_DELETE",       SAME, _product,             lambda b, i: b.products.delete(i)),
    Case("EXPENSES_LIST",         READ, _expense,             lambda b, _: rows_of(b.expenses.list())),
    Case("EXPENSES_CREATE",       ONCE, _nothing,             lambda b, _: b.expenses.create(NEW_EXPENSE)),
    Case("EXPENSES_UPDATE",       SAME, _expense,             lambda b, i: b.expenses.update(i, NEW_EXPENSE)),
    Case("EXPENSES_CATEGORIES",   READ, _nothing,             lambda b, _: b.expenses.categories()),
    Case("BANK_ACCOUNTS_LIST",    READ, _bank_account,        lambda b, _: b.bank_accounts.list()),
    Case("BANK_ACCOUNTS_GET",     READ, _bank_account,        lambda b, i: b.bank_accounts.get(i)),
    Case("BANK_ACCOUNTS_CREATE",  ONCE, _nothing,             lambda b, _: b.bank_accounts.create(NEW_ACCOUNT)),
    Case("BANK_ACCOUNTS_UPDATE",  SAME, _bank_account,        lambda b, i: b.bank_accounts.update(i, NEW_ACCOUNT)),
    Case("PAYMENT_METHODS_LIST",  READ, _nothing,             lambda b, _: b.payment_methods.list()),
    Case("VAT_LIST",              READ, _nothing,             lambda b, _: b.vat.list()),
    Case("VAT_EU",                READ, _nothing,             lambda b, _: _german_vat(b)),
    Case("CURRENCIES_CONVERT",    READ, _nothing,             lambda b, _: _euros_in_forints(b)),
    Case("USER_IS_SANDBOX",       READ, _nothing,             lambda b, _: b.user.is_sandbox()),
    Case("USER_TAX_CODE",         READ, _nothing,             lambda b, _: b.user.tax_code()),
    Case("RECURRING_LIST",        READ, Account.profile,      lambda b, _: rows_of(b.recurring.list())),
    Case("RECURRING_GET",         READ, Account.profile,      lambda b, i: b.recurring.get(i)),
    Case("RECURRING_CREATE",      ONCE, Account.invoice,      lambda b, i: b.recurring.create(_profile_for(i))),
    Case("RECURRING_UPDATE",      SAME, Account.profile,      _update_profile),
    Case("RECURRING_STOP",        SAME, Account.profile,      lambda b, i: b.recurring.stop(i)),
    Case("RECURRING_RESUME",      SAME, _stopped_profile,     lambda b, i: b.recurring.resume(i)),
    Case("SERVER_TIME",           READ, _nothing,             lambda b, _: b.server_time()),
)
# fmt: on
