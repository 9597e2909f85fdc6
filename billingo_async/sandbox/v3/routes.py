"""The table of all operations of v3: method, path, handler and the definition that the body must fit.

Nothing is served that has no row here, and everything asks for a key. Paths that have a word where others have an id
stand before those. Source: the vendor's OpenAPI 3.0.15, with the three rows of 3.0.14 that the live server answers.
"""

from __future__ import annotations

from billingo_async.sandbox.routing import Route, RouteTable, rows_of
from billingo_async.sandbox.v3.handlers import documents, exports, lookups, nouns
from billingo_async.sandbox.v3.handlers.nouns import BANK_ACCOUNTS, PARTNERS, PRODUCTS, SPENDINGS

_ROWS = (
    *rows_of(BANK_ACCOUNTS, "bank_accounts", "/v3/bank-accounts", "BankAccount"),
    Route("currencies.rate", "GET", "/v3/currencies", lookups.conversion_rate),
    Route("document_blocks.list", "GET", "/v3/document-blocks", nouns.list_blocks),
    Route("document_blocks.create", "POST", "/v3/document-blocks", nouns.create_block, "DocumentBlockSchema"),
    Route("exports.create", "POST", "/v3/document-export", exports.create, "CreateDocumentExport"),
    Route("exports.download", "GET", "/v3/document-export/{text}/download", exports.download),
    Route("exports.poll", "GET", "/v3/document-export/{text}/poll", exports.poll),
    Route("documents.list", "GET", "/v3/documents", documents.list_),
    Route("documents.create", "POST", "/v3/documents", documents.create, "DocumentInsert"),
    Route("receipts.create", "POST", "/v3/documents/receipt", documents.create_receipt, "ReceiptInsert"),
    Route("receipts.issue_draft", "PUT", "/v3/documents/receipt/{id}", documents.issue_receipt_draft, "ReceiptInsert"),
    Route("documents.by_vendor_id", "GET", "/v3/documents/vendor/{text}", documents.by_vendor_id),
    Route("documents.get", "GET", "/v3/documents/{id}", documents.get),
    Route("documents.issue_draft", "PUT", "/v3/documents/{id}", documents.issue_draft, "DocumentInsert"),
    Route("documents.delete_draft", "DELETE", "/v3/documents/{id}", documents.delete_draft),
    Route("documents.archive", "PUT", "/v3/documents/{id}/archive", documents.archive),
    Route("documents.cancel", "POST", "/v3/documents/{id}/cancel", documents.cancel, "DocumentCancellation"),
    Route("documents.copy", "POST", "/v3/documents/{id}/copy", documents.copy),
    Route("documents.create_from_proforma", "POST", "/v3/documents/{id}/create-from-proforma",
          documents.create_from_proforma, "InvoiceSettings"),
    Route("documents.create_modification", "POST", "/v3/documents/{id}/create-modification-document",
          documents.create_modification, "ModificationDocumentInsert"),
    Route("documents.download", "GET", "/v3/documents/{id}/download", documents.download),
    Route("documents.online_szamla", "GET", "/v3/documents/{id}/online-szamla", documents.online_szamla),
    Route("documents.payments", "GET", "/v3/documents/{id}/payments", documents.payments),
    Route("documents.set_payments", "PUT", "/v3/documents/{id}/payments", documents.set_payments, "Payments"),
    Route("documents.clear_payments", "DELETE", "/v3/documents/{id}/payments", documents.clear_payments),
    Route("documents.download_pos", "GET", "/v3/documents/{id}/print/pos", documents.download_pos),
    Route("documents.public_url", "GET", "/v3/documents/{id}/public-url", documents.public_url),
    Route("documents.reminders", "GET", "/v3/documents/{id}/reminders", documents.reminders),
    Route("documents.send", "POST", "/v3/documents/{id}/send", documents.send, "SendDocument"),
    Route("products.quantity", "GET", "/v3/inventory/product/{id}/quantity", nouns.product_quantity),
    Route("organization.get", "GET", "/v3/organization", lookups.organization),
    *rows_of(PARTNERS, "partners", "/v3/partners", "Partner"),
    Route("partners.guess", "POST", "/v3/partners/guess", nouns.guess_partner, "Partner"),
    *rows_of(PRODUCTS, "products", "/v3/products", "Product"),
    *rows_of(SPENDINGS, "spendings", "/v3/spendings", "SpendingSave"),
    Route("tax_numbers.check", "GET", "/v3/utils/check-tax-number/{text}", lookups.check_tax_number),
    Route("legacy_ids.convert", "GET", "/v3/utils/convert-legacy-id/{id}", lookups.convert_legacy_id),
    Route("time", "GET", "/v3/utils/time", lookups.time_),
)  # fmt: skip

ROUTES = RouteTable("v3", "/v3", _ROWS)
