"""What you can do: one file per noun, one short method per verb."""

from __future__ import annotations

from billingo_async.resources.bank_accounts import BankAccounts
from billingo_async.resources.clients import Clients
from billingo_async.resources.expenses import Expenses
from billingo_async.resources.invoices import Invoices
from billingo_async.resources.products import Products
from billingo_async.resources.recurring import Recurring
from billingo_async.resources.reference import Currencies, PaymentMethods, User, Vats

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
