"""Documents as they are read: invoices, proformas, drafts, receipts and what corrects them, with all their parts."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from billingo_async.fields.both_ways import TwoWay, written
from billingo_async.fields.lenient import Day, Flag, Listed, Money, Nested, NestedRows, OpenText, Text, Uid, Whole
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.strict import Id
from billingo_async.v3.models.codes import Currency
from billingo_async.v3.models.enums import (
    CorrectionType,
    DocumentLanguage,
    DocumentNotificationStatus,
    DocumentType,
    DontSendToNavReason,
    Entitlement,
    OnlinePayment,
    OnlineSzamlaStatusEnum,
    PartnerTaxType,
    PaymentMethod,
    PaymentStatus,
    Round,
    Vat,
)
from billingo_async.v3.models.partner import Discount, Partner, PartnerAddress, PartnerShipping


class DocumentInstantPaymentRequest(TwoWay):
    """How a partner is asked to pay at once. Source: specification, DocumentInstantPaymentRequest."""

    shown: ClassVar[tuple[str, ...]] = ()

    debtor_bank_account: Text = None
    different_amount_allowed: Flag = None
    update_partner_payment_details: Flag = None


class DocumentSettings(TwoWay):
    """What a document says and does beside its lines. Source: specification, DocumentSettings.

    With `should_send_email` the server mails the document as it is issued; `documents.send` mails it once more.
    """

    shown: ClassVar[tuple[str, ...]] = ("round", "should_send_email")
    written_as: ClassVar[Mapping[str, Any]] = {
        "online_payment": OnlinePayment,
        "round": Round,
        "dont_send_to_nav_reason": DontSendToNavReason,
        "place_id": Id,
        "selected_type": DocumentType,
        "instant_payment_request": Annotated[DocumentInstantPaymentRequest, written(DocumentInstantPaymentRequest)],
    }

    mediated_service: Flag = None
    without_financial_fulfillment: Flag = None
    online_payment: OpenText[OnlinePayment] = None
    should_send_email: Flag = None
    round: OpenText[Round] = None
    no_send_onlineszamla_by_user: Flag = None
    """Deprecated by the vendor: give `dont_send_to_nav_reason`."""

    dont_send_to_nav_reason: OpenText[DontSendToNavReason] = None
    order_number: Text = None
    place_id: Whole = None
    instant_payment: Flag = None
    selected_type: OpenText[DocumentType] = None
    instant_payment_request: Nested[DocumentInstantPaymentRequest] = None
    is_waybill_hide_prices: Flag = None


class DocumentBankAccount(ReadModel):
    """The account that the money of a document goes to. Source: specification, DocumentBankAccount."""

    id: Uid = 0
    name: Text = None
    account_number: Text = None
    account_number_iban: Text = None
    swift: Text = None


class DocumentOrganization(ReadModel):
    """The seller, as the document shows it. Source: specification, DocumentOrganization."""

    shown: ClassVar[tuple[str, ...]] = ()

    name: Text = None
    tax_number: Text = None
    bank_account: Nested[DocumentBankAccount] = None
    address: Nested[PartnerAddress] = None
    small_taxpayer: Flag = None
    ev_number: Text = None
    eu_tax_number: Text = None
    cash_settled: Flag = None


class DocumentPartner(ReadModel):
    """The buyer, as the document shows it: a copy of the partner as it was. Source: specification, DocumentPartner."""

    id: Uid = 0
    name: Text = None
    address: Nested[PartnerAddress] = None
    emails: Listed[Text] = None
    taxcode: Text = None
    iban: Text = None
    swift: Text = None
    account_number: Text = None
    phone: Text = None
    tax_type: OpenText[PartnerTaxType] = None
    partner_shipping: Nested[PartnerShipping] = None


class ConnectedItem(ReadModel):
    """The line that another one belongs to. Source: specification, ConnectedItem."""

    shown: ClassVar[tuple[str, ...]] = ("product_id", "item_index")

    product_id: Whole = None
    item_index: Whole = None


class ConnectDocumentItemSetting(ReadModel):
    """How a connected line follows its own. Source: specification, ConnectDocumentItemSetting."""

    shown: ClassVar[tuple[str, ...]] = ()

    apply_quantity: Flag = None
    disable_discount: Flag = None


class DocumentItem(ReadModel):
    """A line of a document. To write one, take `NewDocumentItem`. Source: specification, DocumentItem."""

    shown: ClassVar[tuple[str, ...]] = ("product_id", "quantity", "gross_amount", "vat")

    product_id: Whole = None
    name: Text = None
    net_unit_amount: Money = None
    quantity: Money = None
    unit: Text = None
    net_amount: Money = None
    gross_amount: Money = None
    vat: OpenText[Vat] = None
    vat_amount: Money = None
    entitlement: OpenText[Entitlement] = None
    comment: Text = None
    sku: Text = None
    data_eraser_codes: Text = None
    is_deposit_fee: Flag = None
    ean: Text = None
    is_connect_product: Flag = None
    connected_item: Nested[ConnectedItem] = None
    connect_document_item_setting: Nested[ConnectDocumentItemSetting] = None


class DocumentVatRateSummary(ReadModel):
    """What a document's lines of one VAT come to. Source: specification, DocumentVatRateSummary."""

    shown: ClassVar[tuple[str, ...]] = ("vat_name", "vat_rate_gross_amount")

    vat_name: Text = None
    vat_percentage: Money = None
    """A fraction: 0.27 is 27 %. Source: seen."""

    vat_rate_net_amount: Money = None
    vat_rate_vat_amount: Money = None
    vat_rate_vat_amount_local: Money = None
    vat_rate_gross_amount: Money = None


class DocumentSummary(ReadModel):
    """What a document's lines come to; `local` is in forints. Source: specification, DocumentSummary."""

    shown: ClassVar[tuple[str, ...]] = ("net_amount", "vat_amount")

    net_amount: Money = None
    net_amount_local: Money = None
    gross_amount_local: Money = None
    vat_amount: Money = None
    vat_amount_local: Money = None
    vat_rate_summary: NestedRows[DocumentVatRateSummary] = None


class DocumentAncestor(ReadModel):
    """Another document that this one came from, or that came from it. Source: specification, DocumentAncestor."""

    shown: ClassVar[tuple[str, ...]] = ("id", "invoice_number")

    id: Uid = 0
    invoice_number: Text = None


class Document(ReadModel):
    """A document. Source: specification, Document.

    No answer holds the `vendor_id` that it was made with: ask `documents.by_vendor_id`.
    """

    shown: ClassVar[tuple[str, ...]] = ("id", "invoice_number", "type", "gross_total", "currency", "payment_status")

    id: Uid = 0
    invoice_number: Text = None
    type: OpenText[DocumentType] = None
    correction_type: OpenText[CorrectionType] = None
    cancelled: Flag = None
    block_id: Whole = None
    payment_status: OpenText[PaymentStatus] = None
    payment_method: OpenText[PaymentMethod] = None
    gross_total: Money = None
    """In `currency`, whole units: forints, euros."""

    currency: OpenText[Currency] = None
    conversion_rate: Money = None
    """Forints for one unit of `currency`."""

    invoice_date: Day = None
    """The day of issue in Budapest; the server alone decides it."""

    fulfillment_date: Day = None
    due_date: Day = None
    paid_date: Day = None
    """Today where nothing is paid: look at `payment_status` first. Source: specification; seen."""

    organization: Nested[DocumentOrganization] = None
    partner: Nested[Partner] = None
    """The partner as it is now."""

    document_partner: Nested[DocumentPartner] = None
    """The partner as the document shows it."""

    electronic: Flag = None
    comment: Text = None
    tags: Listed[Text] = None
    notification_status: OpenText[DocumentNotificationStatus] = None
    language: OpenText[DocumentLanguage] = None
    items: NestedRows[DocumentItem] = None
    summary: Nested[DocumentSummary] = None
    settings: Nested[DocumentSettings] = None
    related_documents: NestedRows[DocumentAncestor] = None
    online_szamla_status: OpenText[OnlineSzamlaStatusEnum] = None
    """How the report to the tax office went; it may fail after the document was made."""

    discount: Nested[Discount] = None
    recurring_id: Whole = None
