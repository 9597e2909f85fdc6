"""What things look like: the models that are read, the models that are written, and the types of their fields.

Reading forgives (`reading`, `fields`), writing refuses (`writing`, `strict`), and what serves both ways does each at
its place (`both_ways`). Pure: no network, no clock, nothing of the envelope around an answer.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billingo_async.v2.models.address import Address
    from billingo_async.v2.models.bank import Bank
    from billingo_async.v2.models.bank_account import BankAccount, NewBankAccount
    from billingo_async.v2.models.client import Client, NewClient
    from billingo_async.v2.models.client_defaults import ClientDefaults
    from billingo_async.v2.models.enums import Entitlement, InvoiceStatus, InvoiceType, Language, TaxType
    from billingo_async.v2.models.expense import Expense, ExpenseCategory, NewExpense
    from billingo_async.v2.models.invoice import Block, Invoice, NewInvoice
    from billingo_async.v2.models.item import Item, NewItem, NewProductItem
    from billingo_async.v2.models.payment import Payment, PaymentState
    from billingo_async.v2.models.payment_method import PaymentMethod
    from billingo_async.v2.models.product import NewProduct, Product
    from billingo_async.v2.models.recurring import NewRecurringProfile, RecurringProfile
    from billingo_async.v2.models.totals import Totals
    from billingo_async.v2.models.vat import EuVat, Vat
else:
    from billingo_async.on_demand import on_demand

    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "address": "Address",
            "bank": "Bank",
            "bank_account": "BankAccount NewBankAccount",
            "client": "Client NewClient",
            "client_defaults": "ClientDefaults",
            "enums": "Entitlement InvoiceStatus InvoiceType Language TaxType",
            "expense": "Expense ExpenseCategory NewExpense",
            "invoice": "Block Invoice NewInvoice",
            "item": "Item NewItem NewProductItem",
            "payment": "Payment PaymentState",
            "payment_method": "PaymentMethod",
            "product": "NewProduct Product",
            "recurring": "NewRecurringProfile RecurringProfile",
            "totals": "Totals",
            "vat": "EuVat Vat",
        },
    )

__all__ = [
    "Address",
    "Bank",
    "BankAccount",
    "Block",
    "Client",
    "ClientDefaults",
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
