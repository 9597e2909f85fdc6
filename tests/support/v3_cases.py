"""Every row of the table of API v3 as a user calls it, with what the account must hold before."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from account import EMAIL, NAME
from operation_cases import ONCE, READ, SAME, Case, rows_of

from billingo_async import v3
from billingo_async.v3 import operations as v3_operations

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import ModuleType

    from account import Account

    from billingo_async.v3 import Billingo

TODAY = date(2023, 11, 14)
TAX_NUMBER = "12345678-2-42"

ADDRESS = v3.PartnerAddress(country_code="HU", post_code="9021", city="Győr", address="Fő utca 1.")
PARTNER = v3.NewPartner(name=NAME, address=ADDRESS, emails=(EMAIL,), taxcode=TAX_NUMBER)
STRANGER = v3.NewPartner(name=NAME, address=ADDRESS, emails=(f"x{EMAIL}",), taxcode="87654321-2-42")
PRODUCT = v3.NewProduct(name="Kalács", currency="HUF", vat="27%", unit="db", net_unit_price=1000)
ITEM = v3.NewDocumentItem(name="Kenyér", unit_price=1000, unit_price_type="net", quantity=1, unit="db", vat="27%")
BANK_ACCOUNT = v3.NewBankAccount(name="Másik", account_number="33333333-44444444-00000000", currency="HUF")
BLOCK = v3.NewDocumentBlock(name="Webáruház", prefix="SHOP", type="invoice")
SPENDING = v3.NewSpending(
    total_gross=1270,
    total_gross_huf=1270,
    total_vat_amount=270,
    total_vat_amount_huf=270,
    fulfillment_date=TODAY,
    category=v3.Category.SOFTWARE,
    payment_method="cash",
)
EXPORT = v3.NewExport(query_type="invoice_date", start_date=TODAY, end_date=TODAY, export_type="simple_csv")
HISTORY = [v3.DocumentPayment(date=TODAY, price=100, payment_method="cash")]
INVOICE_BLOCK, RECEIPT_BLOCK = "invoice", "receipt"


class Shop:
    """An account at the sandbox's v3 counter, furnished through the library before anything goes wrong."""

    def __init__(self, billingo: Billingo, account: Account) -> None:
        """Take the account, and the same one as v2's counter knows it."""
        self.billingo = billingo
        self.account = account

    async def block(self, kind: str = INVOICE_BLOCK) -> int:
        """The id of a block of a kind."""
        return (await self.billingo.document_blocks.list(type=kind))[0].id

    async def partner(self) -> int:
        """The id of a new partner."""
        return (await self.billingo.partners.create(PARTNER)).id

    async def order(self, kind: str = "invoice") -> v3.NewDocument:
        """A document to be made, for a partner of its own."""
        partner, block = await self.partner(), await self.block()
        terms: dict[str, Any] = {"fulfillment_date": TODAY, "due_date": TODAY, "payment_method": "wire_transfer"}
        return v3.NewDocument(partner_id=partner, block_id=block, type=kind, items=(ITEM,), **terms)

    async def document(self, kind: str = "invoice") -> int:
        """The id of a new document."""
        return (await self.billingo.documents.create(await self.order(kind))).id

    async def receipt_order(self, kind: str = "receipt") -> v3.NewReceipt:
        """A receipt to be made."""
        items = (v3.NewReceiptItem(name="Belépő", unit_price=1000, vat="27%"),)
        block = await self.block(RECEIPT_BLOCK)
        return v3.NewReceipt(block_id=block, type=kind, payment_method="cash", items=items)


class V3Case(Case):
    """One row of v3's table; `prepare` is given a `Shop`, and awaited."""

    operations: ClassVar[ModuleType] = v3_operations


async def _nothing(_: Shop) -> None:
    """Nothing has to be there."""


async def _proforma(shop: Shop) -> int:
    return await shop.document("proforma")


async def _draft(shop: Shop) -> tuple[int, v3.NewDocument]:
    order = await shop.order("draft")
    made = await shop.billingo.documents.create(order)
    return made.id, order.model_copy(update={"type": "invoice"})


async def _receipt_draft(shop: Shop) -> tuple[int, v3.NewReceipt]:
    order = await shop.receipt_order("draft")
    made = await shop.billingo.receipts.create(order)
    return made.id, order.model_copy(update={"type": "receipt"})


async def _named(shop: Shop) -> str:
    order = (await shop.order()).model_copy(update={"vendor_id": "order/1 ő"})
    await shop.billingo.documents.create(order)
    return "order/1 ő"


async def _paid(shop: Shop) -> int:
    document = await shop.document()
    await shop.billingo.documents.set_payments(document, HISTORY)
    return document


def _made(noun: str, new: object) -> Callable[[Shop], Awaitable[int]]:
    async def make(shop: Shop) -> int:
        made: int = (await getattr(shop.billingo, noun).create(new)).id
        return made

    return make


_product, _bank_account = _made("products", PRODUCT), _made("bank_accounts", BANK_ACCOUNT)
_spending = _made("spendings", SPENDING)
_stocked = _made("products", PRODUCT.model_copy(update={"is_manage": True}))


async def _export(shop: Shop) -> str:
    return await shop.billingo.exports.create(EXPORT)


async def _made_export(shop: Shop) -> str:
    export = await shop.billingo.exports.create(EXPORT)
    while (await shop.billingo.exports.poll(export)).state != "success":
        pass  # each poll brings it a step nearer
    return export


async def _printed(shop: Shop) -> int:
    document = await shop.document()
    await shop.billingo.documents.download(document)
    return document


async def _till_print(shop: Shop) -> int:
    document = await shop.document()
    await shop.billingo.documents.download_pos(document, size=58)
    return document


async def _legacy(shop: Shop) -> int:
    return shop.account.invoice()


async def _save_export(billingo: Billingo, export: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return (await billingo.exports.download_to(export, Path(folder) / "export.csv")).read_bytes()


def _modify(billingo: Billingo, id: int) -> Awaitable[object]:
    return billingo.documents.create_modification(id, v3.NewModification(items=(ITEM,)))


def _update_account(billingo: Billingo, id: int) -> Awaitable[object]:
    return billingo.bank_accounts.update(id, BANK_ACCOUNT)


# fmt: off
V3_CASES = (
    V3Case("DOCUMENTS_LIST",                 READ, Shop.document,    lambda b, _: rows_of(b.documents.list())),
    V3Case("DOCUMENTS_GET",                  READ, Shop.document,    lambda b, i: b.documents.get(i)),
    V3Case("DOCUMENTS_BY_VENDOR_ID",         READ, _named,           lambda b, i: b.documents.by_vendor_id(i)),
    V3Case("DOCUMENTS_CREATE",               ONCE, Shop.order,       lambda b, o: b.documents.create(o)),
    V3Case("DOCUMENTS_ISSUE_DRAFT",          ONCE, _draft,           lambda b, d: b.documents.issue_draft(*d)),
    V3Case("DOCUMENTS_DELETE_DRAFT",         SAME, _draft,           lambda b, d: b.documents.delete_draft(d[0])),
    V3Case("DOCUMENTS_ARCHIVE",              SAME, _proforma,        lambda b, i: b.documents.archive(i)),
    V3Case("DOCUMENTS_CANCEL",               ONCE, Shop.document,    lambda b, i: b.documents.cancel(i)),
    V3Case("DOCUMENTS_COPY",                 ONCE, Shop.document,    lambda b, i: b.documents.copy(i)),
    V3Case("DOCUMENTS_CREATE_FROM_PROFORMA", ONCE, _proforma,        lambda b, i: b.documents.create_from_proforma(i)),
    V3Case("DOCUMENTS_CREATE_MODIFICATION",  ONCE, Shop.document,    _modify),
    V3Case("DOCUMENTS_SEND",                 ONCE, Shop.document,    lambda b, i: b.documents.send(i)),
    V3Case("DOCUMENTS_PAYMENTS",             READ, _paid,            lambda b, i: b.documents.payments(i)),
    V3Case("DOCUMENTS_SET_PAYMENTS",         SAME, Shop.document,    lambda b, i: b.documents.set_payments(i, HISTORY)),
    V3Case("DOCUMENTS_CLEAR_PAYMENTS",       SAME, _paid,            lambda b, i: b.documents.clear_payments(i)),
    V3Case("DOCUMENTS_DOWNLOAD",             READ, _printed,         lambda b, i: b.documents.download(i)),
    V3Case("DOCUMENTS_DOWNLOAD_POS",         READ, _till_print,      lambda b, i: b.documents.download_pos(i, size=58)),
    V3Case("DOCUMENTS_PUBLIC_URL",           READ, Shop.document,    lambda b, i: b.documents.public_url(i)),
    V3Case("DOCUMENTS_ONLINE_SZAMLA",        READ, Shop.document,    lambda b, i: b.documents.online_szamla(i)),
    V3Case("DOCUMENTS_REMINDERS",            READ, Shop.document,    lambda b, i: b.documents.reminders(i)),
    V3Case("RECEIPTS_CREATE",                ONCE, Shop.receipt_order, lambda b, o: b.receipts.create(o)),
    V3Case("RECEIPTS_ISSUE_DRAFT",           ONCE, _receipt_draft,   lambda b, d: b.receipts.issue_draft(*d)),
    V3Case("PARTNERS_LIST",                  READ, Shop.partner,     lambda b, _: rows_of(b.partners.list())),
    V3Case("PARTNERS_GET",                   READ, Shop.partner,     lambda b, i: b.partners.get(i)),
    V3Case("PARTNERS_CREATE",                ONCE, _nothing,         lambda b, _: b.partners.create(PARTNER)),
    V3Case("PARTNERS_GUESS",                 SAME, _nothing,         lambda b, _: b.partners.guess(STRANGER)),
    V3Case("PARTNERS_UPDATE",                SAME, Shop.partner,     lambda b, i: b.partners.update(i, PARTNER)),
    V3Case("PARTNERS_DELETE",                SAME, Shop.partner,     lambda b, i: b.partners.delete(i)),
    V3Case("PRODUCTS_LIST",                  READ, _product,         lambda b, _: rows_of(b.products.list())),
    V3Case("PRODUCTS_GET",                   READ, _product,         lambda b, i: b.products.get(i)),
    V3Case("PRODUCTS_CREATE",                ONCE, _nothing,         lambda b, _: b.products.create(PRODUCT)),
    V3Case("PRODUCTS_UPDATE",                SAME, _product,         lambda b, i: b.products.update(i, PRODUCT)),
    V3Case("PRODUCTS_DELETE",                SAME, _product,         lambda b, i: b.products.delete(i)),
    V3Case("PRODUCTS_QUANTITY",              READ, _stocked,         lambda b, i: b.products.quantity(i)),
    V3Case("BANK_ACCOUNTS_LIST",             READ, _bank_account,    lambda b, _: rows_of(b.bank_accounts.list())),
    V3Case("BANK_ACCOUNTS_GET",              READ, _bank_account,    lambda b, i: b.bank_accounts.get(i)),
    V3Case("BANK_ACCOUNTS_CREATE",           ONCE, _nothing,         lambda b, _: b.bank_accounts.create(BANK_ACCOUNT)),
    V3Case("BANK_ACCOUNTS_UPDATE",           SAME, _bank_account,    _update_account),
    V3Case("BANK_ACCOUNTS_DELETE",           SAME, _bank_account,    lambda b, i: b.bank_accounts.delete(i)),
    V3Case("DOCUMENT_BLOCKS_LIST",           READ, _nothing,         lambda b, _: rows_of(b.document_blocks.list())),
    V3Case("DOCUMENT_BLOCKS_CREATE",         ONCE, _nothing,         lambda b, _: b.document_blocks.create(BLOCK)),
    V3Case("SPENDINGS_LIST",                 READ, _spending,        lambda b, _: rows_of(b.spendings.list())),
    V3Case("SPENDINGS_GET",                  READ, _spending,        lambda b, i: b.spendings.get(i)),
    V3Case("SPENDINGS_CREATE",               ONCE, _nothing,         lambda b, _: b.spendings.create(SPENDING)),
    V3Case("SPENDINGS_UPDATE",               SAME, _spending,        lambda b, i: b.spendings.update(i, SPENDING)),
    V3Case("SPENDINGS_DELETE",               SAME, _spending,        lambda b, i: b.spendings.delete(i)),
    V3Case("EXPORTS_CREATE",                 ONCE, _nothing,         lambda b, _: b.exports.create(EXPORT)),
    V3Case("EXPORTS_POLL",                   READ, _export,          lambda b, i: b.exports.poll(i)),
    V3Case("EXPORTS_DOWNLOAD",               READ, _made_export,     _save_export),
    V3Case("CURRENCIES_RATE",                READ, _nothing,         lambda b, _: b.currencies.rate("EUR", "HUF")),
    V3Case("ORGANIZATION_GET",               READ, _nothing,         lambda b, _: b.organization.get()),
    V3Case("TAX_NUMBERS_CHECK",              READ, _nothing,         lambda b, _: b.tax_numbers.check(TAX_NUMBER)),
    V3Case("LEGACY_IDS_CONVERT",             READ, _legacy,          lambda b, i: b.legacy_ids.convert(i)),
    V3Case("SERVER_TIME",                    READ, _nothing,         lambda b, _: b.server_time()),
)
# fmt: on
