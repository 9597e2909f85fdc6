"""The values that the specification names.

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

    ACCOUNTING_AND_AUDITING, ADVERTISEMENT, BONUS = "accounting_and_auditing", "advertisement", "bonus"
    BUSINESS_INSURANCE, CLEANING, CONSTRUCTION_AND_REPAIR = "business_insurance", "cleaning", "construction_and_repair"
    CONSULTING, CONSUMER_GOODS, CONTRACTORS, DEVELOPMENT = "consulting", "consumer_goods", "contractors", "development"
    DIVIDENDS, DONATIONS, DUTY_TAXES = "dividends", "donations", "duty_taxes"
    EDUCATION_AND_TRAININGS, ELECTRICITY, ELECTRONICS = "education_and_trainings", "electricity", "electronics"
    EMPLOYEE_BENEFITS, ENTERTAINMENT, EQUIPMENT_INSURANCE = "employee_benefits", "entertainment", "equipment_insurance"
    FEDERAL_TAXES, FEES, FINANCIALS, FINES, GAS = "federal_taxes", "fees", "financials", "fines", "gas"
    GAS_AND_FUEL, HEALTH_INSURANCE, HUMAN_RESOURCES = "gas_and_fuel", "health_insurance", "human_resources"
    INCOME, INCOME_TAXES, INSURANCE, INTEREST, INTERNET = "income", "income_taxes", "insurance", "interest", "internet"
    INVESTMENTS, LEASING, LEGAL, LIABILITY_INSURANCE = "investments", "leasing", "legal", "liability_insurance"
    LOANS, MEALS, MORTGAGE, OFFICE_RENT = "loans", "meals", "mortgage", "office_rent"
    ONLINE_SUBSCRIPTIONS, OTHER, OVERHEADS = "online_subscriptions", "other", "overheads"
    PAYROLL_TAXES, PHONE, PREPAYMENTS = "payroll_taxes", "phone", "prepayments"
    PROFESSIONAL_INSURANCE, PROPERTY_TAXES, REAL_ESTATE = "professional_insurance", "property_taxes", "real_estate"
    RETURNS, SALES, SERVICE, SERVICE_AND_PARTS = "returns", "sales", "service", "service_and_parts"
    SHIPPING, SOFTWARE, STAFF_OUTSOURCING, STOCK = "shipping", "software", "staff_outsourcing", "stock"
    STORAGE, SUPPLIES_AND_FURNITURE, TANGIBLE_ASSETS = "storage", "supplies_and_furniture", "tangible_assets"
    TAX_RETURN, TAXES, TAXI, TRANSPORT, TRAVEL = "tax_return", "taxes", "taxi", "transport", "travel"
    UTILITIES, VAT, VEHICLE_INSURANCE, WAGES, WATER = "utilities", "vat", "vehicle_insurance", "wages", "water"


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

    EXTERNAL_NAV_SERVICE_UNREACHABLE, INVALID_TAX_NUMBER = "external_nav_service_unreachable", "invalid_tax_number"
    NO_ONLINE_SZAMLA_SETTINGS, NON_EXIST_TAX_NUMBER = "no_online_szamla_settings", "non_exist_tax_number"
    POSTAL_CODE_OF_THIS_TAX_NUMBER_IS_INVALID = "postal_code_of_this_tax_number_is_invalid."
    VALIDATION_OK = "validation_ok"


class Feature(StrEnum):
    """What a subscription holds."""

    API_LIMIT_BASIC, API_LIMIT_MAX, API_LIMIT_PRO = "api_limit_basic", "api_limit_max", "api_limit_pro"
    API_LIMIT_PRO_LIMITED, API_LIMIT_STANDARD = "api_limit_pro_limited", "api_limit_standard"
    BANKSYNC_PLUS, BILLINGO_BUSINESS, BILLINGO_ONE = "banksync_plus", "billingo_business", "billingo_one"
    CAMPAIGN_MANAGER_BASIC, CAMPAIGN_MANAGER_STANDARD = "campaign_manager_basic", "campaign_manager_standard"
    CEGINFO_ENTERPRISE, CEGINFO_PRO, CEGINFO_STANDARD = "ceginfo_enterprise", "ceginfo_pro", "ceginfo_standard"
    FLAT_TAX_PLUS, INNOVATOR, INVENTORY, LIMIT_INCREASE = "flat_tax_plus", "innovator", "inventory", "limit_increase"
    MASTER, PARTNERMONITOR_BASIC, PARTNERMONITOR_PRO = "master", "partnermonitor_basic", "partnermonitor_pro"
    PARTNERMONITOR_STANDARD, SOFTPOS, SUBSCRIPTION_BASIC = "partnermonitor_standard", "softpos", "subscription_basic"
    SUBSCRIPTION_PRO, SUBSCRIPTION_STANDARD = "subscription_pro", "subscription_standard"
    TENDERMONITOR_STANDARD, TENDERMONITOR_VIP, WHITELABEL = "tendermonitor_standard", "tendermonitor_vip", "whitelabel"


class FinancialFulfillmentHighlight(StrEnum):
    """How a block shows that a document is paid."""

    BASIC, HIGHLIGHTED, PAID_STAMP = "basic", "highlighted", "paid_stamp"


class InvoiceNumberFormat(StrEnum):
    """How a block's numbers look."""

    DEFAULT, SHORT_WITH_HYPHEN = "default", "short_with_hyphen"


class DocumentExportType(StrEnum):
    """The program or the form that an export is made for."""

    ARMADA, AWS_BATCH, EX_PANDA, FORINTSOFT, HESSYN = "armada", "aws_batch", "ex_panda", "forintsoft", "hessyn"
    IMA, INFOTEKA, KULCS_KONYV, MAXITAX = "ima", "infoteka", "kulcs_konyv", "maxitax"
    NAGY_MACHINATOR, NAV_PTGSZLAH, NAV_STATUS, NAV_XML = "nagy_machinator", "nav_ptgszlah", "nav_status", "nav_xml"
    NAV_XML_ALIAS, NOVITAX, PROFORMA_OUTSTANDING, RELAX = "nav_xml_alias", "novitax", "proforma_outstanding", "relax"
    RLB, RLB60, RLB_DOUBLE_ENTRY, SIMPLE_CSV = "rlb", "rlb60", "rlb_double_entry", "simple_csv"
    SIMPLE_EXCEL, SIMPLE_EXCEL_ITEMS, TENSOFT = "simple_excel", "simple_excel_items", "tensoft"
    TENSOFT_29_DOT_65, USED_ERASE_CODE = "tensoft_29_dot_65", "used_erase_code"


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

    AFFILIATE, API_LIMIT_WARNING, AUTH_LOG = "affiliate", "api_limit_warning", "auth_log"
    BANK_ACCOUNT_SAVE, BANK_CARD_EXPIRY_REMINDER = "bank_account_save", "bank_card_expiry_reminder"
    BANK_CARD_NEXT_CHARGE, BOB_EXPIRY, BUSINESS_PLUS = "bank_card_next_charge", "bob_expiry", "business_plus"
    BUY_API_LIMIT, CANNOT_RENEW_SUBSCRIPTION = "buy_api_limit", "cannot_renew_subscription"
    CM_CONTRACT_NOTIFICATION, CM_SUBSCRIPTION_LIMIT = "cm_contract_notification", "cm_subscription_limit"
    DOCUMENT_REMINDER, EMAIL_CHANGED, EMAIL_TFA_TOKEN = "document_reminder", "email_changed", "email_tfa_token"
    FAKE_PINCODE_SMS, FLAT_TAX_DEADLINE_TASK, NEW_INVOICE = "fake_pincode_sms", "flat_tax_deadline_task", "new_invoice"
    ONLINE_SZAMLA_EMAIL, ORGANIZATION_CHANGED = "online_szamla_email", "organization_changed"
    PAID_DOCUMENT, PARTNERMONITOR_NOTIFICATION = "paid_document", "partnermonitor_notification"
    PASSWORDLESS_LOGIN, PROFORMA_EXPIRED_REMINDER = "passwordless_login", "proforma_expired_reminder"
    PROFORMA_EXPIRY_REMINDER, SOFTPOS_CANCEL_TRANSACTION = "proforma_expiry_reminder", "softpos_cancel_transaction"
    SOFTPOS_NOTIFICATION, TAXPAYER_VERIFICATION = "softpos_notification", "taxpayer_verification"
    TM_CONSULTATION, TM_NOTIFICATION, TM_PREQUALIFICATION = "tm_consultation", "tm_notification", "tm_prequalification"
    TRANSACTION_EXPIRED_REMINDER = "transaction_expired_reminder"
    TRANSACTION_EXPIRY_REMINDER, UNAS_AUTOSYNC_DISABLED = "transaction_expiry_reminder", "unas_autosync_disabled"
    USER_CHANGED, USER_INVITATION, USER_REGISTRATION = "user_changed", "user_invitation", "user_registration"
    USER_RESET_PASSWORD, USER_TERMS = "user_reset_password", "user_terms"


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
