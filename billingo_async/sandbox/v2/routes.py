"""The table of all operations of v2: method, path, handler, the body's schema, whether the PDF limit applies.

Nothing is served that has no row here. Everything under `/api` asks for a token; what stands outside it does not.
"""

from __future__ import annotations

from billingo_async.sandbox.routing import Route, RouteTable, rows_of
from billingo_async.sandbox.v2.handlers import invoices, lookups, nouns
from billingo_async.sandbox.v2.handlers.nouns import BANK_ACCOUNTS, CLIENTS, EXPENSES, PRODUCTS, RECURRING

_ROWS = (
    Route("invoices.list", "GET", "/api/invoices", invoices.list_),
    Route("invoices.query", "GET", "/api/invoices/query", invoices.query),
    Route("invoices.blocks", "GET", "/api/invoices/blocks", invoices.blocks),
    Route("invoices.get", "GET", "/api/invoices/{id}", invoices.get),
    Route("invoices.create", "POST", "/api/invoices", invoices.create, schema="invoice"),
    Route("invoices.code", "GET", "/api/invoices/{id?}/code", invoices.code),
    Route("invoices.generate", "GET", "/api/invoices/{id}/generate", invoices.generate),
    Route("invoices.download", "GET", "/api/invoices/{id}/download", invoices.download, limited=True),
    Route("invoices.cancel", "GET", "/api/invoices/{id}/cancel", invoices.cancel),
    Route("invoices.send", "GET", "/api/invoices/{id}/send", invoices.send),
    Route("invoices.pay", "POST", "/api/invoices/{id}/pay", invoices.pay, schema="invoice_pay"),
    Route("invoices.undo_payment", "DELETE", "/api/invoices/{id}/pay", invoices.undo),
    *rows_of(CLIENTS, "clients", "/api/clients", "client"),
    *rows_of(PRODUCTS, "products", "/api/products", "product"),
    *rows_of(BANK_ACCOUNTS, "bank_accounts", "/api/bank_accounts", "bank_account", "list create get update"),
    *rows_of(EXPENSES, "expenses", "/api/expenses", "expense", "list create update"),
    Route("expenses.categories", "GET", "/api/expenses/categories/{lang}", lookups.expense_categories),
    Route("payment_methods.list", "GET", "/api/payment_methods/{lang}", lookups.payment_methods),
    Route("vat.list", "GET", "/api/vat", lookups.vat_rates),
    Route("vat.eu", "GET", "/api/vat/eu", lookups.eu_vat),
    Route("currencies.convert", "GET", "/api/currency", lookups.convert),
    Route("user.is_sandbox", "GET", "/api/user/is-sandbox", lookups.is_sandbox),
    Route("user.tax_code", "GET", "/api/user/tax-code", lookups.tax_code),
    *rows_of(RECURRING, "recurring", "/api/recurring", "recurring", "list create get update"),
    Route("recurring.stop", "POST", "/api/recurring/{id}/stop", nouns.stop_profile),
    Route("recurring.resume", "POST", "/api/recurring/{id}/resume", nouns.resume_profile),
    Route("time", "GET", "/time", lookups.time_, public=True),
)

ROUTES = RouteTable("v2", "/api", _ROWS)
