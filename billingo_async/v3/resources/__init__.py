"""What you can do over API v3: one file per noun, one short method per verb."""

from __future__ import annotations

from billingo_async.v3.resources.bank_accounts import BankAccounts
from billingo_async.v3.resources.document_blocks import DocumentBlocks
from billingo_async.v3.resources.documents import Documents
from billingo_async.v3.resources.exports import Exports
from billingo_async.v3.resources.lookups import Currencies, LegacyIds, Organizations, TaxNumbers
from billingo_async.v3.resources.partners import Partners
from billingo_async.v3.resources.products import Products
from billingo_async.v3.resources.receipts import Receipts
from billingo_async.v3.resources.spendings import Spendings

__all__ = [
    "BankAccounts",
    "Currencies",
    "DocumentBlocks",
    "Documents",
    "Exports",
    "LegacyIds",
    "Organizations",
    "Partners",
    "Products",
    "Receipts",
    "Spendings",
    "TaxNumbers",
]
