"""What else stands in the account's lists: products, spendings, bank accounts and document blocks, read and written.

Never enters here: how any of them is found or sent.
"""

from collections.abc import Mapping
from typing import ClassVar, Self, cast

from pydantic import ValidationInfo, model_validator

from billingo_async.fields.lenient import Day, Flag, Money, Nested, NestedRows, OpenText, Text, Whole
from billingo_async.fields.reading import IdentifiedModel, ReadModel
from billingo_async.fields.strict import Amount, Choice, Filled, Id, WrittenDay, WrittenFlag, WrittenText
from billingo_async.fields.writing import WrittenModel, edited
from billingo_async.v3.models import enums
from billingo_async.v3.models.document import DocumentBankAccount
from billingo_async.v3.models.new_document import InCurrency
from billingo_async.v3.models.partner import SpendingPartner


class Product(IdentifiedModel):
    """A stored product; prices are in `currency`, for one `unit`. Source: specification, Product."""

    shown: ClassVar[tuple[str, ...]] = ("id", "net_unit_price", "currency", "vat")

    name: Text = None
    """The name."""

    comment: Text = None
    """A note on it."""

    currency: OpenText[enums.Currency] = None
    """ISO 4217."""

    vat: OpenText[enums.Vat] = None
    """The VAT rate, such as ``27%`` or ``AAM``."""

    net_unit_price: Money = None
    """Net, for one `unit`."""

    gross_unit_price: Money = None
    """Gross, for one `unit`."""

    unit: Text = None
    """Such as ``db`` or ``óra``."""

    general_ledger_number: Text = None
    """The number in the ledger."""

    general_ledger_taxcode: Text = None
    """The tax code in the ledger."""

    entitlement: OpenText[enums.Entitlement] = None
    """Why there is no VAT."""

    ean: Text = None
    """The bar code."""

    sku: Text = None
    """The seller's article number."""

    is_manage: Flag = None
    """Whether its stock is counted."""

    purchase_price: Money = None
    """What it costs the seller."""

    is_generate_erase_code: Flag = None
    """Whether a data eraser code is made."""

    connect_product_id: Whole = None
    """The product that comes with it."""

    apply_discount: Flag = None
    """Whether discounts reach it."""

    apply_quantity: Flag = None
    """Whether it takes the other line's quantity."""

    is_connect_product: Flag = None
    """Whether another line hangs on it."""

    is_deposit_fee: Flag = None
    """Whether it is a deposit fee."""

    def edit(self, **changes: object) -> "NewProduct":
        """Return what `products.update` takes: this product with the changes, nothing else lost.

        A new price takes the place of both that were read, net and gross; another `vat` needs a price with it where
        both were read, since the API does not document which of them counts.
        Raises `TypeError` for a name that `NewProduct` does not have, `ValidationError` for a value that it refuses.

        Example:
            ```python
            await billingo.products.update(product.id, product.edit(net_unit_price=Decimal("5400.50")))
            ```

        """
        prices = {"net_unit_price", "gross_unit_price"}
        read = self
        if prices & changes.keys():
            read = self.model_copy(update=dict.fromkeys(prices))
        elif "vat" in changes and None not in {self.net_unit_price, self.gross_unit_price}:
            raise ValueError("another vat needs a price with it, net or gross: which of both stays, is undocumented")
        return edited(read, NewProduct, changes)


class NewProduct(WrittenModel):
    """A product to be stored, or to replace another whole. Source: specification, Product."""

    shown: ClassVar[tuple[str, ...]] = ("net_unit_price", "gross_unit_price", "currency", "vat")
    instead: ClassVar[Mapping[str, str]] = {
        "price": "write net_unit_price",
        "currency_code": "write currency",
        "vat_id": 'write vat, as text such as "27%"',
    }

    name: Filled
    """The name."""

    currency: Choice[enums.Currency]
    """ISO 4217."""

    vat: Choice[enums.Vat]
    """The VAT rate, such as ``27%`` or ``AAM``."""

    unit: Filled
    """Such as ``db`` or ``óra``."""

    net_unit_price: Amount | None = None
    """Net, for one `unit`."""

    gross_unit_price: Amount | None = None
    """Gross, for one `unit`."""

    comment: WrittenText | None = None
    """A note on it."""

    general_ledger_number: WrittenText | None = None
    """The number in the ledger."""

    general_ledger_taxcode: WrittenText | None = None
    """The tax code in the ledger."""

    entitlement: Choice[enums.Entitlement] | None = None
    """Why there is no VAT."""

    ean: WrittenText | None = None
    """The bar code."""

    sku: WrittenText | None = None
    """The seller's article number."""

    is_manage: WrittenFlag | None = None
    """Whether its stock is managed."""

    purchase_price: Amount | None = None
    """What it costs the seller."""

    is_generate_erase_code: WrittenFlag | None = None
    """Whether a data eraser code is made."""

    connect_product_id: Id | None = None
    """The product that comes with it."""

    apply_discount: WrittenFlag | None = None
    """Whether discounts reach it."""

    apply_quantity: WrittenFlag | None = None
    """Whether it takes the other line's quantity."""

    is_connect_product: WrittenFlag | None = None
    """Whether another line hangs on it."""

    is_deposit_fee: WrittenFlag | None = None
    """Whether it is a deposit fee."""

    @model_validator(mode="after")
    def _one_price(self, info: ValidationInfo) -> Self:
        unchanged = cast("frozenset[str] | None", info.context) or frozenset()
        both_given = None not in {self.net_unit_price, self.gross_unit_price}
        if both_given and not {"net_unit_price", "gross_unit_price"} <= unchanged:
            raise ValueError("give net_unit_price or gross_unit_price, not both: which counts, is undocumented")
        return self


SpendingPaymentMethod = enums.PaymentMethod
"""How a cost is paid: the same values as a document's. Source: specification, SpendingPaymentMethod."""


class SpendingItem(ReadModel):
    """A line of a cost; it is read, and cannot be written. Source: specification, SpendingItem."""

    shown: ClassVar[tuple[str, ...]] = ("quantity", "gross_price", "vat")

    name: Text = None
    """What it is of."""

    quantity: Money = None
    """How many; up to three decimals are usual."""

    unit: Text = None
    """Such as ``db`` or ``óra``."""

    comment: Text = None
    """Text under the line."""

    vat: Text = None
    """The VAT rate, such as ``27%`` or ``AAM``."""

    net_unit_price: Money = None
    """Net, for one `unit`."""

    net_unit_price_local: Money = None
    """Net, for one `unit`, in forints."""

    net_price: Money = None
    """Net, of the whole line."""

    net_price_local: Money = None
    """Net, of the whole line, in forints."""

    vat_amount: Money = None
    """The VAT of the whole line."""

    vat_amount_local: Money = None
    """The VAT, in forints."""

    gross_price: Money = None
    """Gross, of the whole line."""

    gross_price_local: Money = None
    """Gross, of the whole line, in forints."""


class Spending(IdentifiedModel):
    """A cost; `local` is in forints. Source: specification, Spending and SpendingListItem.

    A list tells no `items`, and alone tells `is_created_by_nav`.
    """

    shown: ClassVar[tuple[str, ...]] = ("id", "total_gross", "currency", "category")

    organization_id: Whole = None
    """The id of the account's company."""

    category: OpenText[enums.Category] = None
    """What it was for."""

    paid_at: Day = None
    """The day on which it was paid."""

    fulfillment_date: Day = None
    """The day of fulfillment; Budapest's calendar."""

    partner: Nested[SpendingPartner] = None
    """The seller."""

    invoice_number: Text = None
    """The number that the seller gave."""

    currency: OpenText[enums.Currency] = None
    """ISO 4217."""

    conversion_rate: Money = None
    """Forints for one unit of `currency`."""

    total_gross: Money = None
    """Gross, in `currency`."""

    total_gross_local: Money = None
    """Gross, in forints."""

    total_vat_amount: Money = None
    """The VAT, in `currency`."""

    total_vat_amount_local: Money = None
    """The VAT, in forints."""

    invoice_date: Day = None
    """The day of issue, as the server set it."""

    due_date: Day = None
    """The day by which it is to be paid."""

    payment_method: OpenText[SpendingPaymentMethod] = None
    """How it is to be paid, or was."""

    comment: Text = None
    """A note on it."""

    items: NestedRows[SpendingItem] = None
    """Its lines."""

    is_created_by_nav: Flag = None
    """Whether it came from the tax office's data."""

    def edit(self, **changes: object) -> "NewSpending":
        """Return what `spendings.update` takes: this cost with the changes, nothing lost that can be written.

        What is read as `…_local` is written as `…_huf`, the seller by its id. The API takes no items.
        Raises `TypeError` for a name that `NewSpending` does not have, `ValidationError` for a value that it refuses.

        Example:
            ```python
            await billingo.spendings.update(spending.id, spending.edit(category=Category.SOFTWARE))
            ```

        """
        renamed = {
            "total_gross_huf": self.total_gross_local,
            "total_vat_amount_huf": self.total_vat_amount_local,
            "partner_id": (self.partner.id or None) if self.partner else None,
        }
        return edited(self, NewSpending, changes, renamed)


class NewSpending(InCurrency):
    """A cost to be recorded, or to replace another whole. Source: specification, SpendingSave."""

    shown: ClassVar[tuple[str, ...]] = ("total_gross", "currency", "category")
    always: ClassVar[frozenset[str]] = frozenset({"currency"})
    instead: ClassVar[Mapping[str, str]] = {
        "total_gross_local": "write total_gross_huf",
        "total_vat_amount_local": "write total_vat_amount_huf",
        "partner": "write partner_id",
        "items": "the API takes none",
    }

    total_gross: Amount
    """Gross, in `currency`."""

    total_gross_huf: Amount
    """Gross, in forints."""

    total_vat_amount: Amount
    """The VAT, in `currency`."""

    total_vat_amount_huf: Amount
    """The VAT, in forints."""

    fulfillment_date: WrittenDay
    """The day of fulfillment; Budapest's calendar."""

    category: Choice[enums.Category]
    """What it was for."""

    payment_method: Choice[SpendingPaymentMethod]
    """How it is to be paid, or was."""

    paid_at: WrittenDay | None = None
    """The day on which it was paid."""

    comment: WrittenText | None = None
    """A note on it."""

    invoice_number: WrittenText | None = None
    """The number that the seller gave."""

    invoice_date: WrittenDay | None = None
    """The day of issue, as the server set it."""

    due_date: WrittenDay | None = None
    """The day by which it is to be paid."""

    partner_id: Id | None = None
    """The id of the seller, a partner."""


class BankAccount(DocumentBankAccount):
    """One of our own bank accounts. Source: specification, BankAccount."""

    shown: ClassVar[tuple[str, ...]] = ("id", "currency")

    currency: OpenText[enums.Currency] = None
    """ISO 4217."""

    need_qr: Flag = None
    """Deprecated by the vendor."""

    def edit(self, **changes: object) -> "NewBankAccount":
        """Return what `bank_accounts.update` takes: this account with the changes, nothing else lost.

        Raises `TypeError` for a name that `NewBankAccount` does not have, `ValidationError` for a value it refuses.

        Example:
            ```python
            await billingo.bank_accounts.update(account.id, account.edit(currency="EUR"))
            ```

        """
        return edited(self, NewBankAccount, changes)


class NewBankAccount(WrittenModel):
    """A bank account of ours to be recorded, or to replace another whole. Source: specification, BankAccount."""

    shown: ClassVar[tuple[str, ...]] = ("currency",)
    instead: ClassVar[Mapping[str, str]] = {
        "bank_name": "write name",
        "account_no": "write account_number",
        "account_no_iban": "write account_number_iban",
        "account_swift": "write swift",
    }

    name: Filled
    """The name."""

    account_number: Filled
    """The account's number; ``--`` is the server's word for none."""

    currency: Choice[enums.Currency]
    """ISO 4217."""

    account_number_iban: WrittenText | None = None
    """IBAN."""

    swift: WrittenText | None = None
    """SWIFT code."""

    need_qr: WrittenFlag | None = None
    """Deprecated by the vendor."""


class DocumentBlock(IdentifiedModel):
    """A range of numbers. Source: specification, DocumentBlock."""

    shown: ClassVar[tuple[str, ...]] = ("id", "type", "prefix")

    name: Text = None
    """The name."""

    prefix: Text = None
    """What its numbers begin with."""

    custom_field1: Text = None
    """A text of the account's own."""

    custom_field2: Text = None
    """A text of the account's own."""

    type: OpenText[enums.DocumentBlockType] = None
    """What kind it is."""


class NewDocumentBlock(WrittenModel):
    """A range of numbers to be opened. Source: specification, DocumentBlockSchema."""

    shown: ClassVar[tuple[str, ...]] = ("type", "prefix")
    nullable: ClassVar[frozenset[str]] = frozenset({"sender_email", "bcc_email"})

    name: Filled
    """The name."""

    prefix: Filled
    """What its numbers begin with."""

    type: Choice[enums.DocumentBlockType]
    """What kind it is."""

    invoice_number_format: Choice[enums.InvoiceNumberFormat] | None = None
    """How numbers are written."""

    sender_email: WrittenText | None = None
    """The sender of its e-mails."""

    sender_name: WrittenText | None = None
    """The sender's name."""

    bcc_email: WrittenText | None = None
    """Who gets a copy of its e-mails."""

    create_invoice_from_paid_proforma: WrittenFlag | None = None
    """With it, `documents.set_payments` on a proforma may issue an invoice. Source: specification; not seen."""

    fulfillment_date_from_proforma_payment_date: WrittenFlag | None = None
    """Whether that invoice is dated by the payment."""

    attach_xml_to_invoice_pdf: WrittenFlag | None = None
    """Whether the PDF holds the data as XML."""

    advance_paid_instant: WrittenFlag | None = None
    """Whether an advance counts as paid when it is made."""

    financial_fulfillment_highlight: Choice[enums.FinancialFulfillmentHighlight] | None = None
    """How a paid document is marked."""

    entitlements_in_document_comment: WrittenFlag | None = None
    """Whether the reason for no VAT stands in the comment."""

    bank_account_id: Id | None = None
    """The id of the bank account that the money goes to; left out, the account's default."""
