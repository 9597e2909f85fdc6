"""THE TABLE: one row per endpoint of API v2.

Read a row as: name, method, path, what repeating it does, how its answer reads, the limit it falls under. *What
repeating it does* comes from what the endpoint does, never from its method: some GETs here change things. The model of
an answer is named but not loaded: that is for the first call of its row.
Source: API docs (2.1 and 2.2), one page per noun; the vendor's PHP connector for `pay`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from billingo_async.protocol.call import Effect, Limit, Operation, table_of
from billingo_async.protocol.comparison import check_echo, check_path
from billingo_async.protocol.decoders import Pdf
from billingo_async.v2 import models
from billingo_async.v2.compare import check_made, check_storno
from billingo_async.v2.decoders import Data, Done, Many, NewId, One, Paged, ServerTime, Value

READ, SAME, ONCE = Effect.READ, Effect.SAME, Effect.ONCE

PDF_LIMIT: Final = Limit("pdf_limit", counts="address")
"""10 requests a minute. Source: API docs, Invoices / Download invoice."""

# fmt: off
INVOICES_LIST         = Operation("invoices.list",         "GET",    "/invoices",                READ, Paged(lambda: models.Invoice))
INVOICES_QUERY        = Operation("invoices.query",        "GET",    "/invoices/query",          READ, Paged(lambda: models.Invoice))
INVOICES_GET          = Operation("invoices.get",          "GET",    "/invoices/{id}",           READ, One(lambda: models.Invoice, check_path("id")))
INVOICES_CREATE       = Operation("invoices.create",       "POST",   "/invoices",                ONCE, One(lambda: models.Invoice, check_made), takes=lambda: models.NewInvoice)
INVOICES_CANCEL       = Operation("invoices.cancel",       "GET",    "/invoices/{id}/cancel",    ONCE, One(lambda: models.Invoice, check_storno))
INVOICES_GENERATE     = Operation("invoices.generate",     "GET",    "/invoices/{id}/generate",  ONCE, NewId())
INVOICES_SEND         = Operation("invoices.send",         "GET",    "/invoices/{id}/send",      ONCE, Done())
INVOICES_PAY          = Operation("invoices.pay",          "POST",   "/invoices/{id}/pay",       ONCE, Data(lambda: models.PaymentState), takes=lambda: models.Payment)
INVOICES_UNDO_PAYMENT = Operation("invoices.undo_payment", "DELETE", "/invoices/{id}/pay",       ONCE, Data(lambda: models.PaymentState))
INVOICES_CODE         = Operation("invoices.code",         "GET",    "/invoices/{id}/code",      READ, Value("code", str))
INVOICES_DOWNLOAD     = Operation("invoices.download",     "GET",    "/invoices/{id}/download",  READ, Pdf(), PDF_LIMIT)
INVOICES_BLOCKS       = Operation("invoices.blocks",       "GET",    "/invoices/blocks",         READ, Many(lambda: models.Block))

CLIENTS_LIST          = Operation("clients.list",          "GET",    "/clients",                 READ, Paged(lambda: models.Client))
CLIENTS_GET           = Operation("clients.get",           "GET",    "/clients/{id}",            READ, One(lambda: models.Client, check_path("id")))
CLIENTS_CREATE        = Operation("clients.create",        "POST",   "/clients",                 SAME, One(lambda: models.Client), takes=lambda: models.NewClient)
CLIENTS_FORCE         = Operation("clients.create",        "POST",   "/clients",                 ONCE, One(lambda: models.Client), takes=lambda: models.NewClient)
CLIENTS_UPDATE        = Operation("clients.update",        "PUT",    "/clients/{id}",            SAME, One(lambda: models.Client, check_path("id")), takes=lambda: models.NewClient)
CLIENTS_DELETE        = Operation("clients.delete",        "DELETE", "/clients/{id}",            SAME, Done(), gone_is_done=True)

PRODUCTS_LIST         = Operation("products.list",         "GET",    "/products",                READ, Paged(lambda: models.Product))
PRODUCTS_GET          = Operation("products.get",          "GET",    "/products/{id}",           READ, One(lambda: models.Product, check_path("id")))
PRODUCTS_CREATE       = Operation("products.create",       "POST",   "/products",                ONCE, One(lambda: models.Product, check_echo("currency_code", "vat_id")), takes=lambda: models.NewProduct)
PRODUCTS_UPDATE       = Operation("products.update",       "PUT",    "/products/{id}",           SAME, One(lambda: models.Product, check_path("id")), takes=lambda: models.NewProduct)
PRODUCTS_DELETE       = Operation("products.delete",       "DELETE", "/products/{id}",           SAME, Done(), gone_is_done=True)

EXPENSES_LIST         = Operation("expenses.list",         "GET",    "/expenses",                READ, Paged(lambda: models.Expense))
EXPENSES_CREATE       = Operation("expenses.create",       "POST",   "/expenses",                ONCE, One(lambda: models.Expense, check_echo("categories_id", "vat")), takes=lambda: models.NewExpense)
EXPENSES_UPDATE       = Operation("expenses.update",       "PUT",    "/expenses/{id}",           SAME, One(lambda: models.Expense, check_path("id")), takes=lambda: models.NewExpense)
EXPENSES_CATEGORIES   = Operation("expenses.categories",   "GET",    "/expenses/categories/{lang}", READ, Many(lambda: models.ExpenseCategory))

BANK_ACCOUNTS_LIST    = Operation("bank_accounts.list",    "GET",    "/bank_accounts",           READ, Many(lambda: models.BankAccount))
BANK_ACCOUNTS_GET     = Operation("bank_accounts.get",     "GET",    "/bank_accounts/{id}",      READ, One(lambda: models.BankAccount, check_path("id")))
BANK_ACCOUNTS_CREATE  = Operation("bank_accounts.create",  "POST",   "/bank_accounts",           ONCE, One(lambda: models.BankAccount, check_echo("currency")), takes=lambda: models.NewBankAccount)
BANK_ACCOUNTS_UPDATE  = Operation("bank_accounts.update",  "PUT",    "/bank_accounts/{id}",      SAME, One(lambda: models.BankAccount, check_path("id")), takes=lambda: models.NewBankAccount)

PAYMENT_METHODS_LIST  = Operation("payment_methods.list",  "GET",    "/payment_methods/{lang}",  READ, Many(lambda: models.PaymentMethod))
VAT_LIST              = Operation("vat.list",              "GET",    "/vat",                     READ, Many(lambda: models.Vat))
VAT_EU                = Operation("vat.eu",                "GET",    "/vat/eu",                  READ, Data(lambda: models.EuVat))
CURRENCIES_CONVERT    = Operation("currencies.convert",    "GET",    "/currency",                READ, Value("value", Decimal))
USER_IS_SANDBOX       = Operation("user.is_sandbox",       "GET",    "/user/is-sandbox",         READ, Value("is_sandbox", bool))
USER_TAX_CODE         = Operation("user.tax_code",         "GET",    "/user/tax-code",           READ, Value("tax_code", str))

RECURRING_LIST        = Operation("recurring.list",        "GET",    "/recurring",               READ, Paged(lambda: models.RecurringProfile))
RECURRING_GET         = Operation("recurring.get",         "GET",    "/recurring/{id}",          READ, One(lambda: models.RecurringProfile, check_path("id")))
RECURRING_CREATE      = Operation("recurring.create",      "POST",   "/recurring",               ONCE, One(lambda: models.RecurringProfile, check_echo("base_invoice_uid", "start_date")), takes=lambda: models.NewRecurringProfile)
RECURRING_UPDATE      = Operation("recurring.update",      "PUT",    "/recurring/{id}",          SAME, One(lambda: models.RecurringProfile, check_path("id")), takes=lambda: models.NewRecurringProfile)
RECURRING_STOP        = Operation("recurring.stop",        "POST",   "/recurring/{id}/stop",     SAME, Done())
RECURRING_RESUME      = Operation("recurring.resume",      "POST",   "/recurring/{id}/resume",   SAME, Done())

SERVER_TIME           = Operation("time",                  "GET",    "/time",                    READ, ServerTime(), public=True)
# fmt: on

TABLE: Final = table_of(globals())
"""Every row, in the order of this page."""
