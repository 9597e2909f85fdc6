"""Currencies and countries by their codes, and the values of costs, blocks, exports, e-mails and subscriptions.

As open as those of `enums`. Source: specification 3.0.15, the schema of each name.
"""

from enum import StrEnum


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
