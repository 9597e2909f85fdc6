"""Documents as they are read: invoices, proformas, drafts, receipts and what corrects them, with all their parts.

Payments serve both ways: the whole history is read, and the whole history is written.

Never enters here: what is written to make one; that is `new_document`.
"""

from collections.abc import Mapping
from datetime import date as calendar_day
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from billingo_async.fields.both_ways import TwoWay
from billingo_async.fields.lenient import Day, Flag, Listed, Money, Nested, NestedRows, OpenText, Text, Whole
from billingo_async.fields.reading import IdentifiedModel, ReadModel
from billingo_async.fields.strict import Amount, Id, PositiveAmount, WrittenDay
from billingo_async.v3.models import enums
from billingo_async.v3.models.partner import Discount, DocumentPartner, Partner, PartnerAddress


class DocumentInstantPaymentRequest(TwoWay):
    """How a partner is asked to pay at once. Source: specification, DocumentInstantPaymentRequest."""

    debtor_bank_account: Text = None
    """The account that is to pay."""

    different_amount_allowed: Flag = None
    """Whether another amount may be paid."""

    update_partner_payment_details: Flag = None
    """Whether the partner's account is updated by it."""


class DocumentSettings(TwoWay):
    """What a document says and does beside its lines. Source: specification, DocumentSettings.

    With `should_send_email` the server mails the document as it is issued; `documents.send` mails it once more.
    """

    shown: ClassVar[tuple[str, ...]] = ("round", "should_send_email")
    written_as: ClassVar[Mapping[str, Any]] = {"place_id": Id}

    mediated_service: Flag = None
    """Whether a service is passed on."""

    without_financial_fulfillment: Flag = None
    """Whether no money is to be paid."""

    online_payment: OpenText[enums.OnlinePayment] = None
    """The way to pay online that it offers."""

    should_send_email: Flag = None
    """Whether it is mailed as it is issued; calling `send` too sends it twice."""

    round: OpenText[enums.Round] = None
    """What the total is rounded to."""

    no_send_onlineszamla_by_user: Flag = None
    """Deprecated by the vendor: give `dont_send_to_nav_reason`."""

    dont_send_to_nav_reason: OpenText[enums.DontSendToNavReason] = None
    """Why it is not reported to the tax office."""

    order_number: Text = None
    """The number of the order."""

    place_id: Whole = None
    """The place of business."""

    instant_payment: Flag = None
    """Whether a request to pay is sent at once."""

    selected_type: OpenText[enums.DocumentType] = None
    """What a draft is to become."""

    instant_payment_request: Nested[DocumentInstantPaymentRequest] = None
    """The request to pay."""

    is_waybill_hide_prices: Flag = None
    """Whether a waybill shows no prices."""


class DocumentBankAccount(IdentifiedModel):
    """The account that the money of a document goes to. Source: specification, DocumentBankAccount."""

    name: Text = None
    """The name."""

    account_number: Text = None
    """The account's number; ``--`` is the server's word for none."""

    account_number_iban: Text = None
    """IBAN."""

    swift: Text = None
    """SWIFT code."""


class DocumentOrganization(ReadModel):
    """The seller, as the document shows it. Source: specification, DocumentOrganization."""

    name: Text = None
    """The name."""

    tax_number: Text = None
    """The tax number."""

    bank_account: Nested[DocumentBankAccount] = None
    """Where the money goes."""

    address: Nested[PartnerAddress] = None
    """Where it is."""

    small_taxpayer: Flag = None
    """Whether it is a small taxpayer."""

    ev_number: Text = None
    """The register number of a sole trader."""

    eu_tax_number: Text = None
    """The VAT number within the EU."""

    cash_settled: Flag = None
    """Whether VAT falls due on payment."""


class ConnectedItem(ReadModel):
    """The line that another one belongs to. Source: specification, ConnectedItem."""

    shown: ClassVar[tuple[str, ...]] = ("product_id", "item_index")

    product_id: Whole = None
    """The id of a stored product."""

    item_index: Whole = None
    """The index of the line."""


class ConnectDocumentItemSetting(ReadModel):
    """How a connected line follows its own. Source: specification, ConnectDocumentItemSetting."""

    apply_quantity: Flag = None
    """Whether it takes the other line's quantity."""

    disable_discount: Flag = None
    """Whether discounts leave it alone."""


class DocumentItem(ReadModel):
    """A line of a document. To write one, take `NewDocumentItem`. Source: specification, DocumentItem."""

    shown: ClassVar[tuple[str, ...]] = ("product_id", "quantity", "gross_amount", "vat")

    product_id: Whole = None
    """The id of a stored product."""

    name: Text = None
    """What it is of."""

    net_unit_amount: Money = None
    """Net, for one `unit`."""

    quantity: Money = None
    """How many; up to three decimals are usual."""

    unit: Text = None
    """Such as ``db`` or ``óra``."""

    net_amount: Money = None
    """Net, of the whole line."""

    gross_amount: Money = None
    """Gross, of the whole line."""

    vat: OpenText[enums.Vat] = None
    """The VAT rate, such as ``27%`` or ``AAM``."""

    vat_amount: Money = None
    """The VAT of the whole line."""

    entitlement: OpenText[enums.Entitlement] = None
    """Why there is no VAT."""

    comment: Text = None
    """Text under the line."""

    sku: Text = None
    """The seller's article number."""

    data_eraser_codes: Text = None
    """Data eraser codes, separated by commas."""

    is_deposit_fee: Flag = None
    """Whether it is a deposit fee."""

    ean: Text = None
    """The bar code."""

    is_connect_product: Flag = None
    """Whether another line hangs on it."""

    connected_item: Nested[ConnectedItem] = None
    """The line that it hangs on."""

    connect_document_item_setting: Nested[ConnectDocumentItemSetting] = None
    """How it follows that line."""


class DocumentVatRateSummary(ReadModel):
    """What a document's lines of one VAT come to. Source: specification, DocumentVatRateSummary."""

    shown: ClassVar[tuple[str, ...]] = ("vat_name", "vat_rate_gross_amount")

    vat_name: Text = None
    """The rate as it is written."""

    vat_percentage: Money = None
    """A fraction: 0.27 is 27 %. Source: seen."""

    vat_rate_net_amount: Money = None
    """Net."""

    vat_rate_vat_amount: Money = None
    """VAT."""

    vat_rate_vat_amount_local: Money = None
    """VAT, in forints."""

    vat_rate_gross_amount: Money = None
    """Gross."""


class DocumentSummary(ReadModel):
    """What a document's lines come to; `local` is in forints. Source: specification, DocumentSummary."""

    shown: ClassVar[tuple[str, ...]] = ("net_amount", "vat_amount")

    net_amount: Money = None
    """Net."""

    net_amount_local: Money = None
    """Net, in forints."""

    gross_amount_local: Money = None
    """Gross, in forints."""

    vat_amount: Money = None
    """VAT."""

    vat_amount_local: Money = None
    """The VAT, in forints."""

    vat_rate_summary: NestedRows[DocumentVatRateSummary] = None
    """The sums per VAT rate."""


class DocumentAncestor(IdentifiedModel):
    """Another document that this one came from, or that came from it. Source: specification, DocumentAncestor."""

    shown: ClassVar[tuple[str, ...]] = ("id", "invoice_number")

    invoice_number: Text = None
    """Such as ``PLD / 2026-000001``; None or empty on a draft."""


class Document(IdentifiedModel):
    """A document. Source: specification, Document.

    No answer holds the `vendor_id` that it was made with: ask `documents.by_vendor_id`.
    """

    shown: ClassVar[tuple[str, ...]] = ("id", "invoice_number", "type", "gross_total", "currency", "payment_status")

    invoice_number: Text = None
    """Such as ``PLD / 2026-000001``; None or empty on a draft."""

    type: OpenText[enums.DocumentType] = None
    """What kind it is."""

    correction_type: OpenText[enums.CorrectionType] = None
    """What it corrects, or is corrected by."""

    cancelled: Flag = None
    """Whether another document cancels this one."""

    block_id: Whole = None
    """The document block that numbers it."""

    payment_status: OpenText[enums.PaymentStatus] = None
    """How far it is paid."""

    payment_method: OpenText[enums.PaymentMethod] = None
    """How it is to be paid, or was."""

    gross_total: Money = None
    """In `currency`, whole units: forints, euros."""

    currency: OpenText[enums.Currency] = None
    """ISO 4217."""

    conversion_rate: Money = None
    """Forints for one unit of `currency`."""

    invoice_date: Day = None
    """The day of issue in Budapest; the server alone decides it."""

    fulfillment_date: Day = None
    """The day of fulfillment; Budapest's calendar."""

    due_date: Day = None
    """The day by which it is to be paid."""

    paid_date: Day = None
    """Today where nothing is paid: look at `payment_status` first. Source: specification; seen."""

    organization: Nested[DocumentOrganization] = None
    """The seller as it was then."""

    partner: Nested[Partner] = None
    """The partner as it is now."""

    document_partner: Nested[DocumentPartner] = None
    """The partner as the document shows it."""

    electronic: Flag = None
    """Whether it is an electronic document."""

    comment: Text = None
    """Text on the document."""

    tags: Listed[Text] = None
    """Labels."""

    notification_status: OpenText[enums.DocumentNotificationStatus] = None
    """What became of the e-mail about it."""

    language: OpenText[enums.DocumentLanguage] = None
    """The language it is written in."""

    items: NestedRows[DocumentItem] = None
    """Its lines."""

    summary: Nested[DocumentSummary] = None
    """Its sums."""

    settings: Nested[DocumentSettings] = None
    """How it is made and sent."""

    related_documents: NestedRows[DocumentAncestor] = None
    """What it was made from, cancels or is canceled by."""

    online_szamla_status: OpenText[enums.OnlineSzamlaStatusEnum] = None
    """How the report to the tax office went; it may fail after the document was made."""

    discount: Nested[Discount] = None
    """A discount on the whole."""

    recurring_id: Whole = None
    """The recurring profile that made it."""


class DocumentPayment(TwoWay):
    """A payment, full or partial, that a document received: read, or constructed by the caller.

    `conversion_rate` is forints for one unit of the document's currency; with another currency than HUF, give it.
    Source: specification, PaymentHistory.

    Example:
        ```python
        DocumentPayment(date=date(2026, 3, 5), price=25400, payment_method=PaymentMethod.WIRE_TRANSFER)
        ```

    """

    shown: ClassVar[tuple[str, ...]] = ("date", "price", "payment_method")
    required: ClassVar[tuple[str, ...]] = ("date", "price", "payment_method")
    written_as: ClassVar[Mapping[str, Any]] = {"date": WrittenDay, "price": Amount, "conversion_rate": PositiveAmount}

    date: Annotated[Day, Field(default=None)]
    """The day of the payment."""

    price: Annotated[Money, Field(default=None)]
    """Gross, in the document's currency."""

    payment_method: Annotated[OpenText[enums.PaymentMethod], Field(default=None)]
    """How it was paid."""

    voucher_number: Text = None
    """The number of the voucher."""

    conversion_rate: Money = None
    """Forints for one unit of the document's currency; needed where that is not HUF."""

    if TYPE_CHECKING:  # what a caller may give is wider than what is read

        def __init__(
            self,
            *,
            date: calendar_day,
            price: Decimal | int,
            payment_method: enums.PaymentMethod | str,
            voucher_number: str | None = None,
            conversion_rate: Decimal | int | None = None,
        ) -> None: ...
