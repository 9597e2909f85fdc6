"""What things look like in API v2: the models that are read, the models that are written, and their values.

Reading forgives, writing refuses, and what serves both ways does each at its place; how, stands in `fields`.
Pure: no network, no clock, nothing of the envelope around an answer.
"""

from billingo_async.v2.models.bank_account import BankAccount, NewBankAccount
from billingo_async.v2.models.client import Address, Bank, Client, ClientDefaults, NewClient
from billingo_async.v2.models.country import Country
from billingo_async.v2.models.enums import Entitlement, InvoiceStatus, InvoiceType, Language, TaxType
from billingo_async.v2.models.expense import Expense, ExpenseCategory, NewExpense
from billingo_async.v2.models.invoice import Block, Invoice, NewInvoice
from billingo_async.v2.models.item import Item, NewItem, NewProductItem
from billingo_async.v2.models.payment import Payment, PaymentMethod, PaymentState
from billingo_async.v2.models.product import NewProduct, Product
from billingo_async.v2.models.recurring import NewRecurringProfile, RecurringProfile
from billingo_async.v2.models.totals import Totals
from billingo_async.v2.models.vat import EuVat, Vat

__all__ = [
    "Address",
    "Bank",
    "BankAccount",
    "Block",
    "Client",
    "ClientDefaults",
    "Country",
    "Entitlement",
    "EuVat",
    "Expense",
    "ExpenseCategory",
    "Invoice",
    "InvoiceStatus",
    "InvoiceType",
    "Item",
    "Language",
    "NewBankAccount",
    "NewClient",
    "NewExpense",
    "NewInvoice",
    "NewItem",
    "NewProduct",
    "NewProductItem",
    "NewRecurringProfile",
    "Payment",
    "PaymentMethod",
    "PaymentState",
    "Product",
    "RecurringProfile",
    "TaxType",
    "Totals",
    "Vat",
]
