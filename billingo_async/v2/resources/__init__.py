"""What you can do: one file per noun, one short method per verb."""

from __future__ import annotations

from billingo_async.v2.resources.bank_accounts import BankAccounts
from billingo_async.v2.resources.clients import Clients
from billingo_async.v2.resources.expenses import Expenses
from billingo_async.v2.resources.invoices import Invoices
from billingo_async.v2.resources.products import Products
from billingo_async.v2.resources.recurring import Recurring
from billingo_async.v2.resources.reference import Currencies, PaymentMethods, User, Vats

__all__ = [
    "BankAccounts",
    "Clients",
    "Currencies",
    "Expenses",
    "Invoices",
    "PaymentMethods",
    "Products",
    "Recurring",
    "User",
    "Vats",
]
