"""Billingo's API v3: the same safety, errors and journal as `billingo_async`, under the API's own nouns.

Example:
    ```python
    from billingo_async.v3 import Billingo

    async with Billingo(api_key="…") as billingo:
        document = await billingo.documents.get(70000001)
    ```

"""

from typing import TYPE_CHECKING

from billingo_async.errors import (
    APIError,
    AuthenticationError,
    BillingoError,
    ConfigurationError,
    ConnectionFailedError,
    DocumentNotReadyError,
    InvalidRequestError,
    JournalError,
    KeyConflictError,
    MalformedResponseError,
    NotFoundError,
    OutcomeUnknownError,
    PaymentRequiredError,
    PermissionDeniedError,
    RateLimitedError,
    ServerError,
    ThrottledError,
    TimedOutError,
)
from billingo_async.fields.exact import Json
from billingo_async.paging import AsyncPager, Page
from billingo_async.protocol.call import Attempt, CallReport, Effect, RawResponse
from billingo_async.settings import RateLimit

if TYPE_CHECKING:
    from billingo_async.journal.journal import Journal
    from billingo_async.journal.records import JournalStatus, KeyRecord, Outcome
    from billingo_async.transport.connections.aiohttp_client import aiohttp_client
    from billingo_async.transport.download_folder import Download
    from billingo_async.v3 import models as models
    from billingo_async.v3.billingo import Billingo
    from billingo_async.v3.models import (
        BankAccount,
        Category,
        CheckTaxNumberMessage,
        ConnectDocumentItemSetting,
        ConnectedItem,
        ConsignmentStatus,
        ConversionRate,
        ConvertedId,
        CorrectionType,
        Country,
        Currency,
        CustomLabel,
        DateType,
        Discount,
        DiscountType,
        Document,
        DocumentAncestor,
        DocumentBankAccount,
        DocumentBlock,
        DocumentBlockType,
        DocumentExportFilterExtra,
        DocumentExportOtherOptions,
        DocumentExportQueryType,
        DocumentExportSortBy,
        DocumentExportStatusState,
        DocumentExportType,
        DocumentForm,
        DocumentFormat,
        DocumentInsertType,
        DocumentInstantPaymentRequest,
        DocumentItem,
        DocumentLanguage,
        DocumentNotificationStatus,
        DocumentOrganization,
        DocumentPartner,
        DocumentPayment,
        DocumentSettings,
        DocumentSummary,
        DocumentType,
        DocumentVatRateSummary,
        DontSendToNavReason,
        EmailType,
        Entitlement,
        ExportState,
        Feature,
        FinancialFulfillmentHighlight,
        InvoiceNumberFormat,
        InvoiceSettings,
        LedgerNumberInformation,
        NewBankAccount,
        NewDocument,
        NewDocumentBlock,
        NewDocumentItem,
        NewDocumentProduct,
        NewExport,
        NewModification,
        NewPartner,
        NewProduct,
        NewReceipt,
        NewReceiptItem,
        NewReceiptProduct,
        NewSpending,
        OnlinePayment,
        OnlineSzamlaStatus,
        OnlineSzamlaStatusEnum,
        OnlineSzamlaStatusMessage,
        Organization,
        Partner,
        PartnerAddress,
        PartnerCustomBillingSettings,
        PartnerGiroSettings,
        PartnerShipping,
        PartnerShowType,
        PartnerTaxType,
        PaymentMethod,
        PaymentStatus,
        PaymentStatusSpending,
        Product,
        ReceiptVat,
        ReminderEvent,
        Round,
        SentEmailStatus,
        SentEmailStatusType,
        ShippingMode,
        Source,
        Spending,
        SpendingItem,
        SpendingPartner,
        SpendingPaymentMethod,
        Subscription,
        TaxNumberCheck,
        TaxpayerAddress,
        UnitPriceType,
        Vat,
    )
else:
    from billingo_async.on_demand import on_demand

    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "billingo_async.journal.journal": "Journal",
            "billingo_async.journal.records": "JournalStatus KeyRecord Outcome",
            "billingo_async.transport.connections.aiohttp_client": "aiohttp_client",
            "billingo_async.transport.download_folder": "Download",
            "billingo_async.v3.billingo": "Billingo",
        },
        others="billingo_async.v3.models",
    )


# fmt: off
__all__ = [
    "APIError", "AsyncPager", "Attempt", "AuthenticationError", "BankAccount", "Billingo", "BillingoError",
    "CallReport", "Category", "CheckTaxNumberMessage", "ConfigurationError", "ConnectDocumentItemSetting",
    "ConnectedItem", "ConnectionFailedError", "ConsignmentStatus", "ConversionRate", "ConvertedId",
    "CorrectionType", "Country", "Currency", "CustomLabel", "DateType", "Discount", "DiscountType", "Document",
    "DocumentAncestor", "DocumentBankAccount", "DocumentBlock", "DocumentBlockType", "DocumentExportFilterExtra",
    "DocumentExportOtherOptions", "DocumentExportQueryType", "DocumentExportSortBy", "DocumentExportStatusState",
    "DocumentExportType", "DocumentForm", "DocumentFormat", "DocumentInsertType", "DocumentInstantPaymentRequest",
    "DocumentItem", "DocumentLanguage", "DocumentNotReadyError", "DocumentNotificationStatus",
    "DocumentOrganization", "DocumentPartner", "DocumentPayment", "DocumentSettings", "DocumentSummary",
    "DocumentType", "DocumentVatRateSummary", "DontSendToNavReason", "Download", "Effect", "EmailType",
    "Entitlement", "ExportState", "Feature", "FinancialFulfillmentHighlight", "InvalidRequestError",
    "InvoiceNumberFormat", "InvoiceSettings", "Journal", "JournalError", "JournalStatus", "Json",
    "KeyConflictError", "KeyRecord", "LedgerNumberInformation", "MalformedResponseError", "NewBankAccount",
    "NewDocument", "NewDocumentBlock", "NewDocumentItem", "NewDocumentProduct", "NewExport", "NewModification",
    "NewPartner", "NewProduct", "NewReceipt", "NewReceiptItem", "NewReceiptProduct", "NewSpending", "NotFoundError",
    "OnlinePayment", "OnlineSzamlaStatus", "OnlineSzamlaStatusEnum", "OnlineSzamlaStatusMessage", "Organization",
    "Outcome", "OutcomeUnknownError", "Page", "Partner", "PartnerAddress", "PartnerCustomBillingSettings",
    "PartnerGiroSettings", "PartnerShipping", "PartnerShowType", "PartnerTaxType", "PaymentMethod",
    "PaymentRequiredError", "PaymentStatus", "PaymentStatusSpending", "PermissionDeniedError", "Product",
    "RateLimit", "RateLimitedError", "RawResponse", "ReceiptVat", "ReminderEvent", "Round", "SentEmailStatus",
    "SentEmailStatusType", "ServerError", "ShippingMode", "Source", "Spending", "SpendingItem", "SpendingPartner",
    "SpendingPaymentMethod", "Subscription", "TaxNumberCheck", "TaxpayerAddress", "ThrottledError", "TimedOutError",
    "UnitPriceType", "Vat", "aiohttp_client",
]
# fmt: on
