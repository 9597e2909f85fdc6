"""The values of documents, lines and partners that the specification names; `codes` has the others.

They are open where they are read: what the specification does not name stays text and can be written back. Where a
caller writes such a text, it is sent, with a warning. Adding a member is never needed to read an answer.
Source: specification 3.0.15, the schema of each name.
"""

from enum import StrEnum


class DocumentType(StrEnum):
    """What kind of document something is."""

    ADVANCE, CANCELLATION, CERT_OF_COMPLETION = "advance", "cancellation", "cert_of_completion"
    D_CERT_OF_COMPLETION, DOSSIER, DRAFT, DRAFT_OFFER = "d_cert_of_completion", "dossier", "draft", "draft_offer"
    DRAFT_ORDER_FORM, DRAFT_WAYBILL, INVOICE = "draft_order_form", "draft_waybill", "invoice"
    MODIFICATION, OFFER, ORDER_FORM, PROFORMA, RECEIPT = "modification", "offer", "order_form", "proforma", "receipt"
    RECEIPT_CANCELLATION, WAYBILL = "receipt_cancellation", "waybill"


class DocumentInsertType(StrEnum):
    """What kind of document can be made: an invoice, an advance invoice, a proforma or a draft."""

    ADVANCE, DRAFT, INVOICE, PROFORMA = "advance", "draft", "invoice", "proforma"


class CorrectionType(StrEnum):
    """What a document is to those that correct it: as its type, and whether it was modified or canceled."""

    ADVANCE, CANCELED, CANCELLATION, CERT_OF_COMPLETION = "advance", "canceled", "cancellation", "cert_of_completion"
    D_CERT_OF_COMPLETION, DOSSIER, DRAFT, DRAFT_OFFER = "d_cert_of_completion", "dossier", "draft", "draft_offer"
    DRAFT_ORDER_FORM, DRAFT_WAYBILL, INVOICE = "draft_order_form", "draft_waybill", "invoice"
    MODIFICATION, MODIFIED, OFFER, ORDER_FORM, PROFORMA = "modification", "modified", "offer", "order_form", "proforma"
    RECEIPT, RECEIPT_CANCELLATION, WAYBILL = "receipt", "receipt_cancellation", "waybill"


class DocumentBlockType(StrEnum):
    """What a block numbers."""

    CERTIFICATE_OF_COMPLETION, DOSSIER, INVOICE, OFFER = "certificate_of_completion", "dossier", "invoice", "offer"
    ORDER_FORM, RECEIPT, WAYBILL = "order_form", "receipt", "waybill"


class PaymentMethod(StrEnum):
    """How a document or a cost is paid."""

    ARUHITEL, BANKCARD, BARION, BARTER, CASH = "aruhitel", "bankcard", "barion", "barter", "cash"
    CASH_ON_DELIVERY, COD_BALANCE, COMBINED, COUPON = "cash_on_delivery", "cod_balance", "combined", "coupon"
    CREDIT, EBAY, ELORE_UTALAS, EP_KARTYA, KOMPENZACIO = "credit", "ebay", "elore_utalas", "ep_kartya", "kompenzacio"
    LEVONAS, ONLINE_BANKCARD, OTHER, PAYLIKE, PAYONEER = "levonas", "online_bankcard", "other", "paylike", "payoneer"
    PAYPAL, PAYPAL_UTOLAG, PAYU, PICK_PACK_PONT = "paypal", "paypal_utolag", "payu", "pick_pack_pont"
    POSTAI_CSEKK, POSTAUTALVANY, REVOLUT, SKRILL = "postai_csekk", "postautalvany", "revolut", "skrill"
    STRIPE, SZEP_CARD, TRANSFERWISE, UPWORK, UTALVANY = "stripe", "szep_card", "transferwise", "upwork", "utalvany"
    VALTO, WIRE_TRANSFER = "valto", "wire_transfer"


class PaymentStatus(StrEnum):
    """How far a document is paid."""

    EXPIRED, NONE, OUTSTANDING, PAID, PARTIALLY_PAID = "expired", "none", "outstanding", "paid", "partially_paid"


class DocumentLanguage(StrEnum):
    """The language of a document."""

    DE, EN, FR, HR, HU, IT, RO, SK, US = "de", "en", "fr", "hr", "hu", "it", "ro", "sk", "us"


class DocumentForm(StrEnum):
    """Whether a partner's documents are electronic or on paper."""

    ELECTRONIC, PAPER = "electronic", "paper"


class DocumentFormat(StrEnum):
    """Whether a document made from a proforma is electronic."""

    NONE, ELECTRONIC, TRADITIONAL = "", "electronic", "traditional"


class DocumentNotificationStatus(StrEnum):
    """What became of a document's e-mail; ``readed`` is spelled so."""

    CLOSED, DOWNLOADED, FAILED, NONE, OPENED, READED = "closed", "downloaded", "failed", "none", "opened", "readed"


class UnitPriceType(StrEnum):
    """Whether a unit price holds VAT."""

    GROSS, NET = "gross", "net"


class Vat(StrEnum):
    """The VAT of a line: a rate as text, with a decimal comma, or the code of an exemption."""

    PERCENT_0, PERCENT_1, PERCENT_10, PERCENT_11, PERCENT_12, PERCENT_13 = "0%", "1%", "10%", "11%", "12%", "13%"
    PERCENT_14, PERCENT_15, PERCENT_16, PERCENT_17, PERCENT_18, PERCENT_19 = "14%", "15%", "16%", "17%", "18%", "19%"
    PERCENT_2, PERCENT_20, PERCENT_21, PERCENT_22, PERCENT_23, PERCENT_24 = "2%", "20%", "21%", "22%", "23%", "24%"
    PERCENT_25, PERCENT_25_5, PERCENT_26, PERCENT_27, PERCENT_3, PERCENT_4 = "25%", "25,5%", "26%", "27%", "3%", "4%"
    PERCENT_5, PERCENT_5_5, PERCENT_6, PERCENT_7, PERCENT_7_7, PERCENT_8 = "5%", "5,5%", "6%", "7%", "7,7%", "8%"
    PERCENT_8_1, PERCENT_9, PERCENT_9_5, AAM, AM, EU, EUK = "8,1%", "9%", "9,5%", "AAM", "AM", "EU", "EUK"
    F_AFA, FAD, K_AFA, MAA, TAM, AKK, ATHK = "F.AFA", "FAD", "K.AFA", "MAA", "TAM", "ÁKK", "ÁTHK"


class ReceiptVat(StrEnum):
    """The VAT of a receipt's line."""

    NONE, PERCENT_5, PERCENT_18, PERCENT_27, AAM, TAM = "none", "5%", "18%", "27%", "AAM", "TAM"


class Entitlement(StrEnum):
    """Why a line carries no VAT, or by which margin scheme it is taxed."""

    AAM, ANTIQUES, ARTWORK, ATK, EAM, EUE, EUFAD37 = "AAM", "ANTIQUES", "ARTWORK", "ATK", "EAM", "EUE", "EUFAD37"
    EUFADE, HO, KBAET, NAM_1, NAM_2, SECOND_HAND, TAM = "EUFADE", "HO", "KBAET", "NAM_1", "NAM_2", "SECOND_HAND", "TAM"
    TRAVEL_AGENCY, WITHOUT_ENTITLEMENT = "TRAVEL_AGENCY", "WITHOUT_ENTITLEMENT"


class Round(StrEnum):
    """What a total is rounded to a multiple of."""

    FIVE, NONE, ONE, TEN = "five", "none", "one", "ten"


class OnlinePayment(StrEnum):
    """By which service a document can be paid online."""

    NONE, BARION, SIMPLE_PAY, STRIPE, NO = "", "Barion", "SimplePay", "Stripe", "no"


class DontSendToNavReason(StrEnum):
    """Why a document is not reported to the tax office."""

    DONT_SEND_FOREIGN, DONT_SEND_OSS, DONT_SEND_OTHER = "dont_send_foreign", "dont_send_oss", "dont_send_other"


class OnlineSzamlaStatusEnum(StrEnum):
    """How the report to the tax office went, as a document tells it."""

    ABORTED, DONE, DONT_SEND_EXTERNAL_IMPORT = "aborted", "done", "dont_send_external_import"
    DONT_SEND_FOREIGN, DONT_SEND_OSS, DONT_SEND_OTHER = "dont_send_foreign", "dont_send_oss", "dont_send_other"
    EMPTY_ORGANIZATION_COUNTRY_CODE = "empty_organization_country_code"
    EMPTY_PARTNER_COUNTRY_CODE, EMPTY_TAX, FORBIDDEN = "empty_partner_country_code", "empty_tax", "forbidden"
    INVALID_ADDRESS, INVALID_CLIENT = "invalid_address", "invalid_client"
    INVALID_CONVERSION_RATE, INVALID_CUSTOMER = "invalid_conversion_rate", "invalid_customer"
    INVALID_INVOICE_REFERENCE, INVALID_POSTALCODE = "invalid_invoice_reference", "invalid_postalcode"
    INVALID_REQUEST_SIGNATURE, INVALID_SECURITY_USER = "invalid_request_signature", "invalid_security_user"
    INVALID_TAX, INVALID_TAX_NUMBER = "invalid_tax", "invalid_tax_number"
    INVALID_USER_RELATION, INVALID_VAT_DATA = "invalid_user_relation", "invalid_vat_data"
    INVOICE_NUMBER_NOT_UNIQUE, KOBAK_PROCESSING = "invoice_number_not_unique", "kobak_processing"
    MISSING_DOCUMENT_ITEM_NAME, NAV_WARN = "missing_document_item_name", "nav_warn"
    NO_ONLINE_SZAMLA_SETTINGS, NO_SEND_BY_USER = "no_online_szamla_settings", "no_send_by_user"
    NON_EXIST_TAX_NUMBER, NOT_UNIQUE, NOT_CHECKED = "non_exist_tax_number", "not unique", "not_checked"
    NOT_REGISTERED_CUSTOMER, PROCESSING, RECEIVED, SAVED = "not_registered_customer", "processing", "received", "saved"
    SEND_FAILED, SENT, STARTED, TECHNICAL_ERROR = "send_failed", "sent", "started", "technical_error"
    UNDER_TAX_LIMIT, USER_HAS_INVALID_KOBAK = "under_tax_limit", "user_has_invalid_kobak"
    USER_HASNOT_KOBAK, VALIDATION_OK = "user_hasnot_kobak", "validation_ok"


class DiscountType(StrEnum):
    """How a discount is reckoned."""

    PERCENT = "percent"


class PartnerTaxType(StrEnum):
    """How a partner is taxed."""

    NONE, FOREIGN, HAS_TAX_NUMBER, NO_TAX_NUMBER = "", "FOREIGN", "HAS_TAX_NUMBER", "NO_TAX_NUMBER"


class PartnerShowType(StrEnum):
    """Whether a partner is shown among customers, among suppliers or among both."""

    SHOW_ALL, SHOW_INCOMING, SHOW_OUTGOING = "show_all", "show_incoming", "show_outgoing"


class ShippingMode(StrEnum):
    """How goods are sent to a partner."""

    DHL_EXPRESS, DPD, EXPRESS_ONE, FAMA_FUTAR, FEDEX = "dhl_express", "dpd", "express_one", "fama_futar", "fedex"
    FOXPOST, GEPARD_FUTAR, GLS, GO_FUTAR, HOME_DELIVERY = "foxpost", "gepard_futar", "gls", "go_futar", "home_delivery"
    MPL, NONE, PACKETA, PERSONAL_DELIVERY, SAMEDAY = "mpl", "none", "packeta", "personal_delivery", "sameday"
    SPRINTER, TNT_EXPRESS, UPS = "sprinter", "tnt_express", "ups"
