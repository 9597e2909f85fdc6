"""An asyncio client for the Billingo invoicing API v2: nothing happens twice, nothing is lost in doubt."""

from typing import TYPE_CHECKING

from billingo_async.errors import (
    APIError,
    AuthenticationError,
    BillingoError,
    ConfigurationError,
    ConnectionFailedError,
    DocumentNotReadyError,
    InvalidRequestError,
    JournalError,
    KeyConflictError,
    MalformedResponseError,
    NotFoundError,
    OutcomeUnknownError,
    PaymentRequiredError,
    PermissionDeniedError,
    RateLimitedError,
    ServerError,
    ThrottledError,
    TimedOutError,
)
from billingo_async.fields.exact import Json
from billingo_async.paging import AsyncPager, Page
from billingo_async.protocol.call import Attempt, Effect
from billingo_async.settings import RateLimit

if TYPE_CHECKING:
    from billingo_async.journal.journal import Journal
    from billingo_async.transport.aiohttp_client import aiohttp_client
    from billingo_async.transport.download_folder import Download
    from billingo_async.v2.billingo import Billingo
    from billingo_async.v2.models import (
        Address,
        Bank,
        BankAccount,
        Block,
        Client,
        ClientDefaults,
        Entitlement,
        EuVat,
        Expense,
        ExpenseCategory,
        Invoice,
        InvoiceStatus,
        InvoiceType,
        Item,
        Language,
        NewBankAccount,
        NewClient,
        NewExpense,
        NewInvoice,
        NewItem,
        NewProduct,
        NewProductItem,
        NewRecurringProfile,
        Payment,
        PaymentMethod,
        PaymentState,
        Product,
        RecurringProfile,
        TaxType,
        Totals,
        Vat,
    )
    from billingo_async.v2.resources.outcome import Outcome
else:
    from billingo_async.on_demand import on_demand

    # The wing is loaded with its first name, so that a program that speaks the other API never loads it.
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "journal.journal": "Journal",
            "transport.aiohttp_client": "aiohttp_client",
            "transport.download_folder": "Download",
            "v2.billingo": "Billingo",
            "v2.resources.outcome": "Outcome",
        },
        others="v2.models",
    )

__all__ = [
    "APIError",
    "Address",
    "AsyncPager",
    "Attempt",
    "AuthenticationError",
    "Bank",
    "BankAccount",
    "Billingo",
    "BillingoError",
    "Block",
    "Client",
    "ClientDefaults",
    "ConfigurationError",
    "ConnectionFailedError",
    "DocumentNotReadyError",
    "Download",
    "Effect",
    "Entitlement",
    "EuVat",
    "Expense",
    "ExpenseCategory",
    "InvalidRequestError",
    "Invoice",
    "InvoiceStatus",
    "InvoiceType",
    "Item",
    "Journal",
    "JournalError",
    "Json",
    "KeyConflictError",
    "Language",
    "MalformedResponseError",
    "NewBankAccount",
    "NewClient",
    "NewExpense",
    "NewInvoice",
    "NewItem",
    "NewProduct",
    "NewProductItem",
    "NewRecurringProfile",
    "NotFoundError",
    "Outcome",
    "OutcomeUnknownError",
    "Page",
    "Payment",
    "PaymentMethod",
    "PaymentRequiredError",
    "PaymentState",
    "PermissionDeniedError",
    "Product",
    "RateLimit",
    "RateLimitedError",
    "RecurringProfile",
    "ServerError",
    "TaxType",
    "ThrottledError",
    "TimedOutError",
    "Totals",
    "Vat",
    "aiohttp_client",
]
