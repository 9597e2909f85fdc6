"""Documents and receipts to be made: strict, so that no slip becomes a legal document.

Never enters here: what is read. Lines that were read cannot be written as they are, for the API gives them other names.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Final, Self, TypeAlias, cast

from pydantic import AfterValidator, Discriminator, Tag, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from billingo_async.fields import strict
from billingo_async.fields.both_ways import Part
from billingo_async.fields.writing import WrittenModel
from billingo_async.v3.models import enums
from billingo_async.v3.models.document import DocumentInstantPaymentRequest, DocumentSettings
from billingo_async.v3.models.partner import Discount


class InCurrency(WrittenModel):
    """What is written in a currency: another than the forint needs its rate, in forints for one unit.

    The server takes a rate of 1 for a euro, which is wrong in law, and refuses none at all. Source: seen.
    """

    currency: strict.Choice[enums.Currency] = enums.Currency.HUF
    """ISO 4217."""

    conversion_rate: strict.PositiveAmount | None = None
    """Forints for one unit of `currency`."""

    @model_validator(mode="after")
    def _has_rate(self, info: ValidationInfo) -> Self:
        unchanged = cast("frozenset[str] | None", info.context) or frozenset()
        is_rate_given = self.conversion_rate is not None and "conversion_rate" not in unchanged
        if self.currency == enums.Currency.HUF or "currency" in unchanged or is_rate_given:
            return self
        code = str(self.currency)
        raise PydanticCustomError(
            "rate_missing",
            "{code} needs conversion_rate, the rate of the day of fulfillment: "
            '(await billingo.currencies.rate("{code}", "HUF", date=fulfillment_date)).conversion_rate',
            {"code": f"{code:.3}"},
        )


PRICE: Final = "write unit_price and unit_price_type"
RECKONED: Final = "the server reckons it from unit_price, unit_price_type, quantity and vat"
ONLY_READ: Final = {
    "net_unit_amount": PRICE,
    "net_unit_price": PRICE,
    "gross_unit_price": PRICE,
    "net_amount": RECKONED,
    "gross_amount": RECKONED,
    "vat_amount": RECKONED,
    "description": "write name",
    "qty": "write quantity",
    "vat_id": 'write vat, as text such as "27%"',
    "item_comment": "write comment",
}
"""What a line is called where it is read, and in API v2, and what to write instead."""


class NewDocumentItem(WrittenModel):
    """A line of a document, written in full. Source: specification, DocumentProductData; answers seen.

    A negative `unit_price` is a discount. The names under which lines are read are refused, by the server as well.
    """

    shown: ClassVar[tuple[str, ...]] = ("quantity", "unit_price", "unit_price_type", "vat")
    instead: ClassVar[Mapping[str, str]] = ONLY_READ

    name: strict.Filled
    """What it is of."""

    unit_price: strict.Amount
    """For one `unit`, net or gross as `unit_price_type` says."""

    unit_price_type: strict.Choice[enums.UnitPriceType]
    """Whether `unit_price` holds the VAT."""

    quantity: strict.Amount
    """How many; up to three decimals are usual."""

    unit: strict.Filled
    """Such as ``db`` or ``óra``."""

    vat: strict.Choice[enums.Vat]
    """The VAT rate, such as ``27%`` or ``AAM``."""

    comment: strict.WrittenText | None = None
    """Text under the line."""

    entitlement: strict.Choice[enums.Entitlement] | None = None
    """Why there is no VAT."""

    sku: strict.WrittenText | None = None
    """The seller's article number."""

    data_eraser_codes: strict.WrittenText | None = None
    """Data eraser codes, separated by commas."""

    is_generate_erase_code: strict.WrittenFlag | None = None
    """Whether a data eraser code is made."""


class NewDocumentProduct(WrittenModel):
    """A line of a document from a stored product, which knows its name, price and VAT.

    Source: specification, DocumentItemData.
    """

    shown: ClassVar[tuple[str, ...]] = ("product_id", "quantity")
    instead: ClassVar[Mapping[str, str]] = {**ONLY_READ, "product_uid": "write product_id"}

    product_id: strict.Id
    """The id of a stored product."""

    quantity: strict.Amount
    """How many; up to three decimals are usual."""

    comment: strict.WrittenText | None = None
    """Text under the line."""


class NewReceiptItem(WrittenModel):
    """A line of a receipt, written in full; the price is gross. Source: specification, ReceiptProductData."""

    shown: ClassVar[tuple[str, ...]] = ("unit_price", "vat")
    instead: ClassVar[Mapping[str, str]] = {**ONLY_READ, "net_unit_amount": "write unit_price, which is gross here"}

    unit_price: strict.Amount
    """For one `unit`, net or gross as `unit_price_type` says."""

    vat: strict.Choice[enums.ReceiptVat]
    """The VAT rate, such as ``27%`` or ``AAM``."""

    name: strict.WrittenText | None = None
    """What it is of."""


class NewReceiptProduct(WrittenModel):
    """A line of a receipt from a stored product. Source: specification, ReceiptItemData."""

    shown: ClassVar[tuple[str, ...]] = ("product_id",)

    product_id: strict.Id
    """The id of a stored product."""


def _tag(value: object) -> str:
    by_product = (NewDocumentProduct, NewReceiptProduct)
    named = "product_id" in value if isinstance(value, Mapping) else isinstance(value, by_product)
    return "product" if named else "item"


DocumentLine: TypeAlias = Annotated[
    Annotated[NewDocumentItem, Tag("item")] | Annotated[NewDocumentProduct, Tag("product")], Discriminator(_tag)
]
"""A line of either kind; an error in one is not measured against the other, too."""

ReceiptLine: TypeAlias = Annotated[
    Annotated[NewReceiptItem, Tag("item")] | Annotated[NewReceiptProduct, Tag("product")], Discriminator(_tag)
]


class NewDocument(InCurrency):
    """An invoice, an advance invoice, a proforma or a draft to be made. Source: specification, DocumentInsert.

    An invoice and an advance invoice are legal documents: numbered and reported to the tax office as they are made, and
    never changed after that, only cancelled. All days are calendar days in Budapest, and the caller says which: between
    midnight and two in the morning there, UTC is still at the day before. The day of issue is the server's.
    Another `currency` than HUF needs `conversion_rate`.
    """

    shown: ClassVar[tuple[str, ...]] = ("type", "partner_id", "block_id", "currency", "due_date")
    nullable: ClassVar[frozenset[str]] = frozenset({"instant_payment_request"})
    always: ClassVar[frozenset[str]] = frozenset({"language", "currency"})
    instead: ClassVar[Mapping[str, str]] = {
        "invoice_date": "the server dates a document with the day of issue",
        "client_uid": "write partner_id",
        "block_uid": "write block_id, of one of document_blocks.list()",
        "template_lang_code": "write language",
        "exchange_rate": "write conversion_rate",
        "round_to": "write settings=DocumentSettings(round=…)",
        "electronic_invoice": "write electronic",
        "bank_account_uid": "write bank_account_id",
    }

    partner_id: strict.Id
    """The id of the partner."""

    block_id: strict.Id
    """The number range; one of the type ``invoice``. There is no default block."""

    type: strict.Choice[enums.DocumentInsertType]
    """What kind it is."""

    fulfillment_date: strict.WrittenDay
    """The day of fulfillment; Budapest's calendar."""

    due_date: strict.WrittenDay
    """The day by which it is to be paid."""

    payment_method: strict.Choice[enums.PaymentMethod]
    """How it is to be paid, or was."""

    items: Annotated[Sequence[DocumentLine], strict.sequence("items"), AfterValidator(tuple)]
    """Its lines."""

    language: strict.Choice[enums.DocumentLanguage] = enums.DocumentLanguage.HU
    """The language it is written in."""

    vendor_id: strict.Filled | None = None
    """Free text of the caller's by which `documents.by_vendor_id` finds the document. The server may take it twice."""

    bank_account_id: strict.Id | None = None
    """The id of the bank account that the money goes to; left out, the account's default."""

    electronic: strict.WrittenFlag | None = None
    """Whether it is an electronic document."""

    paid: strict.WrittenFlag | None = None
    """Whether it is paid already."""

    comment: strict.WrittenText | None = None
    """Text on the document."""

    settings: Part[DocumentSettings] | None = None
    """How it is made and sent."""

    advance_invoice: Annotated[Sequence[strict.Id], AfterValidator(tuple)] | None = None
    """The advance invoices that this one settles."""

    discount: Part[Discount] | None = None
    """A discount on the whole."""

    instant_payment: strict.WrittenFlag | None = None
    """Whether a request to pay is sent at once."""

    instant_payment_request: Part[DocumentInstantPaymentRequest] | None = None
    """The request to pay."""


class NewReceipt(InCurrency):
    """A receipt to be made; it needs no partner. Source: specification, ReceiptInsert; answers seen."""

    shown: ClassVar[tuple[str, ...]] = ("type", "block_id", "currency")
    always: ClassVar[frozenset[str]] = frozenset({"type", "currency"})

    block_id: strict.Id
    """The number range; one of the type ``receipt``."""

    payment_method: strict.Choice[enums.PaymentMethod]
    """How it is to be paid, or was."""

    items: Annotated[Sequence[ReceiptLine], strict.sequence("items"), AfterValidator(tuple)]
    """Its lines."""

    type: strict.Choice[enums.DocumentType] = enums.DocumentType.RECEIPT
    """A receipt, or a draft of one."""

    vendor_id: strict.Filled | None = None
    """Free text of the caller's by which `documents.by_vendor_id` finds the receipt."""

    partner_id: strict.Id | None = None
    """The id of the partner."""

    name: strict.WrittenText | None = None
    """The buyer's name."""

    emails: Annotated[Sequence[strict.WrittenText], AfterValidator(tuple)] | None = None
    """E-mail addresses."""

    electronic: strict.WrittenFlag | None = None
    """Whether it is an electronic document."""


class NewModification(WrittenModel):
    """What an invoice is to say from now on: all its lines, not only those that change.

    Source: specification, ModificationDocumentInsert.
    """

    shown: ClassVar[tuple[str, ...]] = ("due_date", "payment_method")

    items: Annotated[Sequence[DocumentLine], strict.sequence("items"), AfterValidator(tuple)]
    """Its lines."""

    due_date: strict.WrittenDay | None = None
    """The day by which it is to be paid."""

    comment: strict.WrittenText | None = None
    """Text on the document."""

    payment_method: strict.Choice[enums.PaymentMethod] | None = None
    """How it is to be paid, or was."""

    without_financial_fulfillment: strict.WrittenFlag | None = None
    """Whether no money is to be paid."""


class InvoiceSettings(WrittenModel):
    """What the invoice of a proforma says otherwise than the proforma. Source: specification, InvoiceSettings."""

    shown: ClassVar[tuple[str, ...]] = ("document_type", "fulfillment_date", "due_date")

    document_type: strict.Choice[enums.DocumentType] | None = None
    """An invoice or an advance invoice."""

    fulfillment_date: strict.WrittenDay | None = None
    """The day of fulfillment; Budapest's calendar."""

    due_date: strict.WrittenDay | None = None
    """The day by which it is to be paid."""

    document_format: strict.Choice[enums.DocumentFormat] | None = None
    """Whether it is electronic."""

    comment: strict.WrittenText | None = None
    """Text on the document."""
