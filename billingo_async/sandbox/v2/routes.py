"""The table of all operations of v2: method, path, handler, the body's schema, whether the PDF limit applies.

Nothing is served that has no row here. Everything under `/api` asks for a token; what stands outside it does not.
"""

from __future__ import annotations

from billingo_async.sandbox.routing import Route, RouteTable
from billingo_async.sandbox.v2.handlers import (
    bank_accounts,
    clients,
    expenses,
    invoices,
    lookups,
    products,
    recurring,
)

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
    Route("clients.list", "GET", "/api/clients", clients.list_),
    Route("clients.get", "GET", "/api/clients/{id}", clients.get),
    Route("clients.create", "POST", "/api/clients", clients.create, schema="client"),
    Route("clients.update", "PUT", "/api/clients/{id}", clients.update, schema="client"),
    Route("clients.delete", "DELETE", "/api/clients/{id}", clients.delete),
    Route("products.list", "GET", "/api/products", products.list_),
    Route("products.get", "GET", "/api/products/{id}", products.get),
    Route("products.create", "POST", "/api/products", products.create, schema="product"),
    Route("products.update", "PUT", "/api/products/{id}", products.update, schema="product"),
    Route("products.delete", "DELETE", "/api/products/{id}", products.delete),
    Route("bank_accounts.list", "GET", "/api/bank_accounts", bank_accounts.list_),
    Route("bank_accounts.get", "GET", "/api/bank_accounts/{id}", bank_accounts.get),
    Route("bank_accounts.create", "POST", "/api/bank_accounts", bank_accounts.create, schema="bank_account"),
    Route("bank_accounts.update", "PUT", "/api/bank_accounts/{id}", bank_accounts.update, schema="bank_account"),
    Route("expenses.list", "GET", "/api/expenses", expenses.list_),
    Route("expenses.create", "POST", "/api/expenses", expenses.create, schema="expense"),
    Route("expenses.update", "PUT", "/api/expenses/{id}", expenses.update, schema="expense"),
    Route("expenses.categories", "GET", "/api/expenses/categories/{lang}", expenses.categories),
    Route("payment_methods.list", "GET", "/api/payment_methods/{lang}", lookups.payment_methods),
    Route("vat.list", "GET", "/api/vat", lookups.vat_rates),
    Route("vat.eu", "GET", "/api/vat/eu", lookups.eu_vat),
    Route("currencies.convert", "GET", "/api/currency", lookups.convert),
    Route("user.is_sandbox", "GET", "/api/user/is-sandbox", lookups.is_sandbox),
    Route("user.tax_code", "GET", "/api/user/tax-code", lookups.tax_code),
    Route("recurring.list", "GET", "/api/recurring", recurring.list_),
    Route("recurring.get", "GET", "/api/recurring/{id}", recurring.get),
    Route("recurring.create", "POST", "/api/recurring", recurring.create, schema="recurring"),
    Route("recurring.update", "PUT", "/api/recurring/{id}", recurring.update, schema="recurring"),
    Route("recurring.stop", "POST", "/api/recurring/{id}/stop", recurring.stop),
    Route("recurring.resume", "POST", "/api/recurring/{id}/resume", recurring.resume),
    Route("time", "GET", "/time", lookups.time_, public=True),
    Route("access", "GET", "/access/c:{code}", invoices.public_page, public=True),
)

ROUTES = RouteTable("v2", "/api", _ROWS)
