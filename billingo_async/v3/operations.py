"""THE TABLE: one row per endpoint of API v3.

Read a row as: name, method, path, what repeating it does, how its answer reads. *What repeating it does* comes from
what the endpoint does, never from its method: two PUTs here issue legal documents. The model of an answer is named but
not loaded: that is for the first call of its row.
Source: specification 3.0.15 with three operations of 3.0.14; what answers have been seen to do.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from billingo_async.protocol.call import Effect, Operation, table_of
from billingo_async.protocol.comparison import check_echo, check_path
from billingo_async.protocol.decoders import UnixTime
from billingo_async.v3 import models
from billingo_async.v3.compare import check_copy, check_derived, check_issued, check_made, check_rate, check_storno
from billingo_async.v3.decoders import Cleared, DocumentPdf, Done, ExportFile, Many, Maybe, One, Paged, Reminders, Value

READ, SAME, ONCE = Effect.READ, Effect.SAME, Effect.ONCE

# fmt: off
DOCUMENTS_LIST                 = Operation("documents.list",                 "GET",    "/documents",                                   READ, Paged(lambda: models.Document))
DOCUMENTS_GET                  = Operation("documents.get",                  "GET",    "/documents/{id}",                              READ, One(lambda: models.Document, check_path("id")))
DOCUMENTS_BY_VENDOR_ID         = Operation("documents.by_vendor_id",         "GET",    "/documents/vendor/{text}",                     READ, One(lambda: models.Document))
DOCUMENTS_CREATE               = Operation("documents.create",               "POST",   "/documents",                                   ONCE, One(lambda: models.Document, check_made), takes=lambda: models.NewDocument)
DOCUMENTS_ISSUE_DRAFT          = Operation("documents.issue_draft",          "PUT",    "/documents/{id}",                              ONCE, One(lambda: models.Document, check_issued), takes=lambda: models.NewDocument)
DOCUMENTS_DELETE_DRAFT         = Operation("documents.delete_draft",         "DELETE", "/documents/{id}",                              SAME, Done(), gone_is_done=True)
DOCUMENTS_ARCHIVE              = Operation("documents.archive",              "PUT",    "/documents/{id}/archive",                      SAME, Done())
DOCUMENTS_CANCEL               = Operation("documents.cancel",               "POST",   "/documents/{id}/cancel",                       ONCE, One(lambda: models.Document, check_storno))
DOCUMENTS_COPY                 = Operation("documents.copy",                 "POST",   "/documents/{id}/copy",                         ONCE, One(lambda: models.Document, check_copy))
DOCUMENTS_CREATE_FROM_PROFORMA = Operation("documents.create_from_proforma", "POST",   "/documents/{id}/create-from-proforma",         ONCE, One(lambda: models.Document, check_derived))
DOCUMENTS_CREATE_MODIFICATION  = Operation("documents.create_modification",  "POST",   "/documents/{id}/create-modification-document", ONCE, One(lambda: models.Document, check_derived), takes=lambda: models.NewModification)
DOCUMENTS_SEND                 = Operation("documents.send",                 "POST",   "/documents/{id}/send",                         ONCE, Value("emails", list[str]))
DOCUMENTS_PAYMENTS             = Operation("documents.payments",             "GET",    "/documents/{id}/payments",                     READ, Many(lambda: models.DocumentPayment))
DOCUMENTS_SET_PAYMENTS         = Operation("documents.set_payments",         "PUT",    "/documents/{id}/payments",                     SAME, Many(lambda: models.DocumentPayment))
DOCUMENTS_CLEAR_PAYMENTS       = Operation("documents.clear_payments",       "DELETE", "/documents/{id}/payments",                     SAME, Cleared(lambda: models.DocumentPayment))
DOCUMENTS_DOWNLOAD             = Operation("documents.download",             "GET",    "/documents/{id}/download",                     READ, DocumentPdf())
DOCUMENTS_DOWNLOAD_POS         = Operation("documents.download_pos",         "GET",    "/documents/{id}/print/pos",                    READ, DocumentPdf())
DOCUMENTS_PUBLIC_URL           = Operation("documents.public_url",           "GET",    "/documents/{id}/public-url",                   READ, Value("public_url", str))
DOCUMENTS_ONLINE_SZAMLA        = Operation("documents.online_szamla",        "GET",    "/documents/{id}/online-szamla",                READ, One(lambda: models.OnlineSzamlaStatus))
DOCUMENTS_REMINDERS            = Operation("documents.reminders",            "GET",    "/documents/{id}/reminders",                    READ, Reminders(lambda: models.ReminderEvent))

RECEIPTS_CREATE                = Operation("receipts.create",                "POST",   "/documents/receipt",                           ONCE, One(lambda: models.Document, check_made), takes=lambda: models.NewReceipt)
RECEIPTS_ISSUE_DRAFT           = Operation("receipts.issue_draft",           "PUT",    "/documents/receipt/{id}",                      ONCE, One(lambda: models.Document, check_issued), takes=lambda: models.NewReceipt)

PARTNERS_LIST                  = Operation("partners.list",                  "GET",    "/partners",                                    READ, Paged(lambda: models.Partner))
PARTNERS_GET                   = Operation("partners.get",                   "GET",    "/partners/{id}",                               READ, One(lambda: models.Partner, check_path("id")))
PARTNERS_CREATE                = Operation("partners.create",                "POST",   "/partners",                                    ONCE, One(lambda: models.Partner, check_echo("name")), takes=lambda: models.NewPartner)
PARTNERS_GUESS                 = Operation("partners.guess",                 "POST",   "/partners/guess",                              SAME, One(lambda: models.Partner), takes=lambda: models.NewPartner)
PARTNERS_UPDATE                = Operation("partners.update",                "PUT",    "/partners/{id}",                               SAME, One(lambda: models.Partner, check_path("id")), takes=lambda: models.NewPartner)
PARTNERS_DELETE                = Operation("partners.delete",                "DELETE", "/partners/{id}",                               SAME, Done(), gone_is_done=True)

PRODUCTS_LIST                  = Operation("products.list",                  "GET",    "/products",                                    READ, Paged(lambda: models.Product))
PRODUCTS_GET                   = Operation("products.get",                   "GET",    "/products/{id}",                               READ, One(lambda: models.Product, check_path("id")))
PRODUCTS_CREATE                = Operation("products.create",                "POST",   "/products",                                    ONCE, One(lambda: models.Product, check_echo("currency", "vat")), takes=lambda: models.NewProduct)
PRODUCTS_UPDATE                = Operation("products.update",                "PUT",    "/products/{id}",                               SAME, One(lambda: models.Product, check_path("id")), takes=lambda: models.NewProduct)
PRODUCTS_DELETE                = Operation("products.delete",                "DELETE", "/products/{id}",                               SAME, Done(), gone_is_done=True)
PRODUCTS_QUANTITY              = Operation("products.quantity",              "GET",    "/inventory/product/{id}/quantity",             READ, Value("available_quantity", Decimal))

BANK_ACCOUNTS_LIST             = Operation("bank_accounts.list",             "GET",    "/bank-accounts",                               READ, Paged(lambda: models.BankAccount))
BANK_ACCOUNTS_GET              = Operation("bank_accounts.get",              "GET",    "/bank-accounts/{id}",                          READ, One(lambda: models.BankAccount, check_path("id")))
BANK_ACCOUNTS_CREATE           = Operation("bank_accounts.create",           "POST",   "/bank-accounts",                               ONCE, One(lambda: models.BankAccount, check_echo("currency")), takes=lambda: models.NewBankAccount)
BANK_ACCOUNTS_UPDATE           = Operation("bank_accounts.update",           "PUT",    "/bank-accounts/{id}",                          SAME, One(lambda: models.BankAccount, check_path("id")), takes=lambda: models.NewBankAccount)
BANK_ACCOUNTS_DELETE           = Operation("bank_accounts.delete",           "DELETE", "/bank-accounts/{id}",                          SAME, Done(), gone_is_done=True)

DOCUMENT_BLOCKS_LIST           = Operation("document_blocks.list",           "GET",    "/document-blocks",                             READ, Paged(lambda: models.DocumentBlock))
DOCUMENT_BLOCKS_CREATE         = Operation("document_blocks.create",         "POST",   "/document-blocks",                             ONCE, Maybe(lambda: models.DocumentBlock), takes=lambda: models.NewDocumentBlock)

SPENDINGS_LIST                 = Operation("spendings.list",                 "GET",    "/spendings",                                   READ, Paged(lambda: models.Spending))
SPENDINGS_GET                  = Operation("spendings.get",                  "GET",    "/spendings/{id}",                              READ, One(lambda: models.Spending, check_path("id")))
SPENDINGS_CREATE               = Operation("spendings.create",               "POST",   "/spendings",                                   ONCE, One(lambda: models.Spending, check_echo("currency", "fulfillment_date", "total_gross")), takes=lambda: models.NewSpending)
SPENDINGS_UPDATE               = Operation("spendings.update",               "PUT",    "/spendings/{id}",                              SAME, One(lambda: models.Spending, check_path("id")), takes=lambda: models.NewSpending)
SPENDINGS_DELETE               = Operation("spendings.delete",               "DELETE", "/spendings/{id}",                              SAME, Done(), gone_is_done=True)

EXPORTS_CREATE                 = Operation("exports.create",                 "POST",   "/document-export",                             ONCE, Value("id", str), takes=lambda: models.NewExport)
EXPORTS_POLL                   = Operation("exports.poll",                   "GET",    "/document-export/{text}/poll",                 READ, One(lambda: models.ExportState, check_path("id")))
EXPORTS_DOWNLOAD               = Operation("exports.download",               "GET",    "/document-export/{text}/download",             READ, ExportFile())

CURRENCIES_RATE                = Operation("currencies.rate",                "GET",    "/currencies",                                  READ, One(lambda: models.ConversionRate, check_rate))
ORGANIZATION_GET               = Operation("organization.get",               "GET",    "/organization",                                READ, One(lambda: models.Organization))
TAX_NUMBERS_CHECK              = Operation("tax_numbers.check",              "GET",    "/utils/check-tax-number/{text}",               READ, One(lambda: models.TaxNumberCheck, check_path("tax_number")))
LEGACY_IDS_CONVERT             = Operation("legacy_ids.convert",             "GET",    "/utils/convert-legacy-id/{id}",                READ, One(lambda: models.ConvertedId, check_path("legacy_id")))

SERVER_TIME                    = Operation("time",                           "GET",    "/utils/time",                                  READ, UnixTime())
# fmt: on

TABLE: Final = table_of(globals())
"""Every row, in the order of this page."""
