"""The values that the specification names.

They are open where they are read: what the specification does not name stays text and can be written back. Where a
caller writes such a text, it is sent, with a warning. Adding a member is never needed to read an answer.
In a long list `auto()` stands for a member's name in small letters.
Source: specification 3.0.15, the schema of each name.
"""

from enum import StrEnum, auto


class DocumentType(StrEnum):
    """What kind of document something is."""

    ADVANCE, CANCELLATION, CERT_OF_COMPLETION, D_CERT_OF_COMPLETION, DOSSIER = auto(), auto(), auto(), auto(), auto()
    DRAFT, DRAFT_OFFER, DRAFT_ORDER_FORM, DRAFT_WAYBILL, INVOICE = auto(), auto(), auto(), auto(), auto()
    MODIFICATION, OFFER, ORDER_FORM, PROFORMA, RECEIPT = auto(), auto(), auto(), auto(), auto()
    RECEIPT_CANCELLATION, WAYBILL = auto(), auto()


class DocumentInsertType(StrEnum):
    """What kind of document can be made: an invoice, an advance invoice, a proforma or a draft."""

    ADVANCE, DRAFT, INVOICE, PROFORMA = "advance", "draft", "invoice", "proforma"


class CorrectionType(StrEnum):
    """What a document is to those that correct it: as its type, and whether it was modified or canceled."""

    ADVANCE, CANCELED, CANCELLATION, CERT_OF_COMPLETION, D_CERT_OF_COMPLETION = auto(), auto(), auto(), auto(), auto()
    DOSSIER, DRAFT, DRAFT_OFFER, DRAFT_ORDER_FORM, DRAFT_WAYBILL = auto(), auto(), auto(), auto(), auto()
    INVOICE, MODIFICATION, MODIFIED, OFFER, ORDER_FORM, PROFORMA = auto(), auto(), auto(), auto(), auto(), auto()
    RECEIPT, RECEIPT_CANCELLATION, WAYBILL = auto(), auto(), auto()


class DocumentBlockType(StrEnum):
    """What a block numbers."""

    CERTIFICATE_OF_COMPLETION, DOSSIER, INVOICE, OFFER = "certificate_of_completion", "dossier", "invoice", "offer"
    ORDER_FORM, RECEIPT, WAYBILL = "order_form", "receipt", "waybill"


class PaymentMethod(StrEnum):
    """How a document or a cost is paid."""

    ARUHITEL, BANKCARD, BARION, BARTER, CASH, CASH_ON_DELIVERY = auto(), auto(), auto(), auto(), auto(), auto()
    COD_BALANCE, COMBINED, COUPON, CREDIT, EBAY, ELORE_UTALAS = auto(), auto(), auto(), auto(), auto(), auto()
    EP_KARTYA, KOMPENZACIO, LEVONAS, ONLINE_BANKCARD, OTHER, PAYLIKE = auto(), auto(), auto(), auto(), auto(), auto()
    PAYONEER, PAYPAL, PAYPAL_UTOLAG, PAYU, PICK_PACK_PONT, POSTAI_CSEKK = auto(), auto(), auto(), auto(), auto(), auto()
    POSTAUTALVANY, REVOLUT, SKRILL, STRIPE, SZEP_CARD, TRANSFERWISE = auto(), auto(), auto(), auto(), auto(), auto()
    UPWORK, UTALVANY, VALTO, WIRE_TRANSFER = auto(), auto(), auto(), auto()


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

    ABORTED, DONE, DONT_SEND_EXTERNAL_IMPORT, DONT_SEND_FOREIGN, DONT_SEND_OSS = auto(), auto(), auto(), auto(), auto()
    DONT_SEND_OTHER, EMPTY_ORGANIZATION_COUNTRY_CODE, EMPTY_PARTNER_COUNTRY_CODE = auto(), auto(), auto()
    EMPTY_TAX, FORBIDDEN, INVALID_ADDRESS, INVALID_CLIENT = auto(), auto(), auto(), auto()
    INVALID_CONVERSION_RATE, INVALID_CUSTOMER, INVALID_INVOICE_REFERENCE = auto(), auto(), auto()
    INVALID_POSTALCODE, INVALID_REQUEST_SIGNATURE, INVALID_SECURITY_USER, INVALID_TAX = auto(), auto(), auto(), auto()
    INVALID_TAX_NUMBER, INVALID_USER_RELATION, INVALID_VAT_DATA = auto(), auto(), auto()
    INVOICE_NUMBER_NOT_UNIQUE, KOBAK_PROCESSING, MISSING_DOCUMENT_ITEM_NAME, NAV_WARN = auto(), auto(), auto(), auto()
    NO_ONLINE_SZAMLA_SETTINGS, NO_SEND_BY_USER, NON_EXIST_TAX_NUMBER, NOT_UNIQUE = auto(), auto(), auto(), "not unique"
    NOT_CHECKED, NOT_REGISTERED_CUSTOMER, PROCESSING, RECEIVED, SAVED = auto(), auto(), auto(), auto(), auto()
    SEND_FAILED, SENT, STARTED, TECHNICAL_ERROR, UNDER_TAX_LIMIT = auto(), auto(), auto(), auto(), auto()
    USER_HAS_INVALID_KOBAK, USER_HASNOT_KOBAK, VALIDATION_OK = auto(), auto(), auto()


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

    DHL_EXPRESS, DPD, EXPRESS_ONE, FAMA_FUTAR, FEDEX, FOXPOST = auto(), auto(), auto(), auto(), auto(), auto()
    GEPARD_FUTAR, GLS, GO_FUTAR, HOME_DELIVERY, MPL, NONE = auto(), auto(), auto(), auto(), auto(), auto()
    PACKETA, PERSONAL_DELIVERY, SAMEDAY, SPRINTER, TNT_EXPRESS, UPS = auto(), auto(), auto(), auto(), auto(), auto()


class Currency(StrEnum):
    """A currency by its ISO 4217 code."""

    AED, ALL, AUD, BGN, BRL, CAD, CHF, CNY, COP = "AED", "ALL", "AUD", "BGN", "BRL", "CAD", "CHF", "CNY", "COP"
    CZK, DKK, EUR, GBP, GEL, HKD, HRK, HUF, IDR = "CZK", "DKK", "EUR", "GBP", "GEL", "HKD", "HRK", "HUF", "IDR"
    ILS, INR, ISK, JPY, KRW, LEJ, MKD, MNT, MXN = "ILS", "INR", "ISK", "JPY", "KRW", "LEJ", "MKD", "MNT", "MXN"
    MYR, NOK, NZD, PHP, PLN, RON, RSD, RUB, SEK = "MYR", "NOK", "NZD", "PHP", "PLN", "RON", "RSD", "RUB", "SEK"
    SGD, SKK, THB, TRY, UAH, USD, ZAR = "SGD", "SKK", "THB", "TRY", "UAH", "USD", "ZAR"


class Country(StrEnum):
    """A country by its ISO 3166 code."""

    NONE, AC, AD, AE, AF, AG, AI, AL, AM, AO, AQ = "", "AC", "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ"
    AR, AS, AT, AU, AW, AX, AZ, BA, BB, BD, BE = "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD", "BE"
    BF, BG, BH, BI, BJ, BL, BM, BN, BO, BQ, BR = "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR"
    BS, BT, BW, BY, BZ, CA, CC, CD, CF, CG, CH = "BS", "BT", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH"
    CI, CK, CL, CM, CN, CO, CR, CU, CV, CW, CX = "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX"
    CY, CZ, DE, DG, DJ, DK, DM, DO, DZ, EA, EC = "CY", "CZ", "DE", "DG", "DJ", "DK", "DM", "DO", "DZ", "EA", "EC"
    EE, EG, EH, ER, ES, ET, FI, FJ, FK, FM, FO = "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO"
    FR, GA, GB, GD, GE, GF, GG, GH, GI, GL, GM = "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM"
    GN, GP, GQ, GR, GS, GT, GU, GW, GY, HK, HN = "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HN"
    HR, HT, HU, IC, ID, IE, IL, IM, IN, IO, IQ = "HR", "HT", "HU", "IC", "ID", "IE", "IL", "IM", "IN", "IO", "IQ"
    IR, IS, IT, JE, JM, JO, JP, KE, KG, KH, KI = "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI"
    KM, KN, KP, KR, KW, KY, KZ, LA, LB, LC, LI = "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI"
    LK, LR, LS, LT, LU, LV, LY, MA, MC, MD, ME = "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME"
    MF, MG, MH, MK, ML, MM, MN, MO, MP, MQ, MR = "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR"
    MS, MT, MU, MV, MW, MX, MY, MZ, NA, NC, NE = "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE"
    NF, NG, NI, NL, NO, NP, NR, NU, NZ, OM, PA = "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA"
    PE, PF, PG, PH, PK, PL, PM, PN, PR, PS, PT = "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT"
    PW, PY, QA, RE, RO, RS, RU, RW, SA, SB, SC = "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC"
    SD, SE, SG, SH, SI, SJ, SK, SL, SM, SN, SO = "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO"
    SR, SS, ST, SV, SX, SY, SZ, TA, TC, TD, TF = "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TA", "TC", "TD", "TF"
    TG, TH, TJ, TK, TL, TM, TN, TO, TR, TT, TV = "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV"
    TW, TZ, UA, UG, UM, US, UY, UZ, VA, VC, VE = "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE"
    VG, VI, VN, VU, WF, WS, XA, XB, XK, YE, YT = "VG", "VI", "VN", "VU", "WF", "WS", "XA", "XB", "XK", "YE", "YT"
    ZA, ZM, ZW = "ZA", "ZM", "ZW"


class Category(StrEnum):
    """What a cost was for."""

    ACCOUNTING_AND_AUDITING, ADVERTISEMENT, BONUS, BUSINESS_INSURANCE, CLEANING = auto(), auto(), auto(), auto(), auto()
    CONSTRUCTION_AND_REPAIR, CONSULTING, CONSUMER_GOODS, CONTRACTORS = auto(), auto(), auto(), auto()
    DEVELOPMENT, DIVIDENDS, DONATIONS, DUTY_TAXES, EDUCATION_AND_TRAININGS = auto(), auto(), auto(), auto(), auto()
    ELECTRICITY, ELECTRONICS, EMPLOYEE_BENEFITS, ENTERTAINMENT = auto(), auto(), auto(), auto()
    EQUIPMENT_INSURANCE, FEDERAL_TAXES, FEES, FINANCIALS, FINES, GAS = auto(), auto(), auto(), auto(), auto(), auto()
    GAS_AND_FUEL, HEALTH_INSURANCE, HUMAN_RESOURCES, INCOME, INCOME_TAXES = auto(), auto(), auto(), auto(), auto()
    INSURANCE, INTEREST, INTERNET, INVESTMENTS, LEASING, LEGAL = auto(), auto(), auto(), auto(), auto(), auto()
    LIABILITY_INSURANCE, LOANS, MEALS, MORTGAGE, OFFICE_RENT = auto(), auto(), auto(), auto(), auto()
    ONLINE_SUBSCRIPTIONS, OTHER, OVERHEADS, PAYROLL_TAXES, PHONE = auto(), auto(), auto(), auto(), auto()
    PREPAYMENTS, PROFESSIONAL_INSURANCE, PROPERTY_TAXES, REAL_ESTATE, RETURNS = auto(), auto(), auto(), auto(), auto()
    SALES, SERVICE, SERVICE_AND_PARTS, SHIPPING, SOFTWARE = auto(), auto(), auto(), auto(), auto()
    STAFF_OUTSOURCING, STOCK, STORAGE, SUPPLIES_AND_FURNITURE, TANGIBLE_ASSETS = auto(), auto(), auto(), auto(), auto()
    TAX_RETURN, TAXES, TAXI, TRANSPORT, TRAVEL, UTILITIES, VAT = auto(), auto(), auto(), auto(), auto(), auto(), auto()
    VEHICLE_INSURANCE, WAGES, WATER = auto(), auto(), auto()


class DateType(StrEnum):
    """Which day of a cost a filter is about."""

    DUE_DATE, FULFILLMENT_DATE, INVOICE_DATE = "due_date", "fulfillment_date", "invoice_date"


class PaymentStatusSpending(StrEnum):
    """Which costs a filter lets through, by what is paid of them."""

    ALL, EXPIRED, PAID, UNPAID = "all", "expired", "paid", "unpaid"


class Source(StrEnum):
    """Where a cost was recorded: by hand, or by the tax office."""

    ALL, MANUAL, NAV = "all", "manual", "nav"


class CheckTaxNumberMessage(StrEnum):
    """What the tax office says of a tax number."""

    EXTERNAL_NAV_SERVICE_UNREACHABLE, INVALID_TAX_NUMBER, NO_ONLINE_SZAMLA_SETTINGS = auto(), auto(), auto()
    NON_EXIST_TAX_NUMBER = auto()
    POSTAL_CODE_OF_THIS_TAX_NUMBER_IS_INVALID, VALIDATION_OK = "postal_code_of_this_tax_number_is_invalid.", auto()


class Feature(StrEnum):
    """What a subscription holds."""

    API_LIMIT_BASIC, API_LIMIT_MAX, API_LIMIT_PRO, API_LIMIT_PRO_LIMITED = auto(), auto(), auto(), auto()
    API_LIMIT_STANDARD, BANKSYNC_PLUS, BILLINGO_BUSINESS, BILLINGO_ONE = auto(), auto(), auto(), auto()
    CAMPAIGN_MANAGER_BASIC, CAMPAIGN_MANAGER_STANDARD, CEGINFO_ENTERPRISE, CEGINFO_PRO = auto(), auto(), auto(), auto()
    CEGINFO_STANDARD, FLAT_TAX_PLUS, INNOVATOR, INVENTORY, LIMIT_INCREASE = auto(), auto(), auto(), auto(), auto()
    MASTER, PARTNERMONITOR_BASIC, PARTNERMONITOR_PRO, PARTNERMONITOR_STANDARD = auto(), auto(), auto(), auto()
    SOFTPOS, SUBSCRIPTION_BASIC, SUBSCRIPTION_PRO, SUBSCRIPTION_STANDARD = auto(), auto(), auto(), auto()
    TENDERMONITOR_STANDARD, TENDERMONITOR_VIP, WHITELABEL = auto(), auto(), auto()


class FinancialFulfillmentHighlight(StrEnum):
    """How a block shows that a document is paid."""

    BASIC, HIGHLIGHTED, PAID_STAMP = "basic", "highlighted", "paid_stamp"


class InvoiceNumberFormat(StrEnum):
    """How a block's numbers look."""

    DEFAULT, SHORT_WITH_HYPHEN = "default", "short_with_hyphen"


class DocumentExportType(StrEnum):
    """The program or the form that an export is made for."""

    ARMADA, AWS_BATCH, EX_PANDA, FORINTSOFT, HESSYN, IMA = auto(), auto(), auto(), auto(), auto(), auto()
    INFOTEKA, KULCS_KONYV, MAXITAX, NAGY_MACHINATOR, NAV_PTGSZLAH = auto(), auto(), auto(), auto(), auto()
    NAV_STATUS, NAV_XML, NAV_XML_ALIAS, NOVITAX, PROFORMA_OUTSTANDING = auto(), auto(), auto(), auto(), auto()
    RELAX, RLB, RLB60, RLB_DOUBLE_ENTRY, SIMPLE_CSV, SIMPLE_EXCEL = auto(), auto(), auto(), auto(), auto(), auto()
    SIMPLE_EXCEL_ITEMS, TENSOFT, TENSOFT_29_DOT_65, USED_ERASE_CODE = auto(), auto(), auto(), auto()


class DocumentExportQueryType(StrEnum):
    """Which day of a document an export goes by."""

    DUE_DATE, FULFILLMENT_DATE, INVOICE_DATE, PAID_DATE = "due_date", "fulfillment_date", "invoice_date", "paid_date"


class DocumentExportSortBy(StrEnum):
    """By what an export is sorted."""

    FULFILLMENT_DATE, INVOICE_DATE, INVOICE_RAW_NUMBER = "fulfillment_date", "invoice_date", "invoice_raw_number"


class DocumentExportOtherOptions(StrEnum):
    """Which documents an export holds, by what is paid of them."""

    ALL, EXPIRED, OUTSTANDING = "all", "expired", "outstanding"


class DocumentExportStatusState(StrEnum):
    """How far an export has come."""

    FAIL, PENDING, PROCESSING, SUCCESS, WARNING = "fail", "pending", "processing", "success", "warning"


class EmailType(StrEnum):
    """What an e-mail of the server was for."""

    AFFILIATE, API_LIMIT_WARNING, AUTH_LOG, BANK_ACCOUNT_SAVE = auto(), auto(), auto(), auto()
    BANK_CARD_EXPIRY_REMINDER, BANK_CARD_NEXT_CHARGE, BOB_EXPIRY, BUSINESS_PLUS = auto(), auto(), auto(), auto()
    BUY_API_LIMIT, CANNOT_RENEW_SUBSCRIPTION, CM_CONTRACT_NOTIFICATION = auto(), auto(), auto()
    CM_SUBSCRIPTION_LIMIT, DOCUMENT_REMINDER, EMAIL_CHANGED, EMAIL_TFA_TOKEN = auto(), auto(), auto(), auto()
    FAKE_PINCODE_SMS, FLAT_TAX_DEADLINE_TASK, NEW_INVOICE, ONLINE_SZAMLA_EMAIL = auto(), auto(), auto(), auto()
    ORGANIZATION_CHANGED, PAID_DOCUMENT, PARTNERMONITOR_NOTIFICATION = auto(), auto(), auto()
    PASSWORDLESS_LOGIN, PROFORMA_EXPIRED_REMINDER, PROFORMA_EXPIRY_REMINDER = auto(), auto(), auto()
    SOFTPOS_CANCEL_TRANSACTION, SOFTPOS_NOTIFICATION, TAXPAYER_VERIFICATION = auto(), auto(), auto()
    TM_CONSULTATION, TM_NOTIFICATION, TM_PREQUALIFICATION, TRANSACTION_EXPIRED_REMINDER = auto(), auto(), auto(), auto()
    TRANSACTION_EXPIRY_REMINDER, UNAS_AUTOSYNC_DISABLED, USER_CHANGED, USER_INVITATION = auto(), auto(), auto(), auto()
    USER_REGISTRATION, USER_RESET_PASSWORD, USER_TERMS = auto(), auto(), auto()


class SentEmailStatusType(StrEnum):
    """What became of an e-mail."""

    BOUNCED, CLICKED, COMPLAINED, DELIVERED, NONE = "bounced", "clicked", "complained", "delivered", "none"
    OPENED, REJECTED, RENDERING_FAILED, SENT = "opened", "rejected", "rendering_failed", "sent"


class ConsignmentStatus(StrEnum):
    """What became of a letter; ``ManifacturingFinished`` is spelled so."""

    CANCELLED, CREATED, DELIVERED = "Cancelled", "Created", "Delivered"
    DELIVERED_TO_MANUFACTURING, DELIVERING_ERROR = "DeliveredToManufacturing", "DeliveringError"
    ENVELOPING, ENVELOPING_FINISHED = "Enveloping", "EnvelopingFinished"
    MANIFACTURING_FINISHED, MANUFACTURING_FINISHED, OPENED = "ManifacturingFinished", "ManufacturingFinished", "Opened"
    ORDERED, OUTPUT_ERROR, POSTED, PRINTER_FILE_CREATED = "Ordered", "OutputError", "Posted", "PrinterFileCreated"
    PRINTING, PRINTING_ERROR, PRINTING_FINISHED = "Printing", "PrintingError", "PrintingFinished"
    PROCESSED, PROCESSING_ERROR, SAVED, SENDING_ERROR = "Processed", "ProcessingError", "Saved", "SendingError"
    SENT, VALIDATED_BY_SYSTEM, WAIT_FOR_PROCESSING = "Sent", "ValidatedBySystem", "WaitForProcessing"
    WRONG_ADDRESS = "WrongAddress"
