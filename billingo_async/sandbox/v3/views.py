"""What v3 shows of each record: a document in all its members, a partner, the payments, the reminders.

No decision enters here: records in, spelling out. Sources: the v3 reference and the samples; what those call a guess is
one here, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from billingo_async.sandbox import seeds
from billingo_async.sandbox.arithmetic import CENT, Rate, number_of, quantized
from billingo_async.sandbox.books import Books
from billingo_async.sandbox.http import JsonObject
from billingo_async.sandbox.records import RECEIPTS, STORNOS, Invoice, Record, Row, Type, street_of
from billingo_async.sandbox.validation import enum_of

ROUNDS = {"none": 0, "one": 1, "five": 5, "ten": 10}
_ROUND_WORDS = {number: word for word, number in ROUNDS.items()}
_UNREPORTED = frozenset({Type.DRAFT, Type.PROFORMA, *RECEIPTS})
_UNPAYABLE = frozenset({Type.DRAFT, *STORNOS})
ACCOUNT_NAMES = {
    "name": "bank_name",
    "account_number": "account_no",
    "account_number_iban": "account_no_iban",
    "swift": "account_swift",
}
"""v3's members of a bank account and v2's names for them."""
_COUNTRIES = {
    "magyarország": "HU", "hungary": "HU", "ungarn": "HU", "austria": "AT", "ausztria": "AT", "österreich": "AT",
    "germany": "DE", "németország": "DE", "deutschland": "DE", "slovakia": "SK", "szlovákia": "SK", "romania": "RO",
    "románia": "RO",
}  # fmt: skip
"""The codes of countries that v2 writes by name; a name that is not here has a blank code."""
_SETTINGS: JsonObject = {
    **dict.fromkeys(("mediated_service", "without_financial_fulfillment", "should_send_email"), False),
    **dict.fromkeys(("place_id", "selected_type", "dont_send_to_nav_reason", "instant_payment_request")),
    **dict.fromkeys(("online_payment", "order_number"), ""),
    "no_send_onlineszamla_by_user": False,
    "instant_payment": True,
}
_NO_GIRO = dict.fromkeys(("giro_payment_request_enabled", "giro_different_amount_allowed"), False)
NEVER_SEEN = "added_after_this_specification"


def vat_of(rate: Rate) -> str:
    """A VAT rate as v3 writes it: `27%`, `5,5%` or a code."""
    if rate.label in seeds.V3_VAT_RATES:
        return rate.label
    return f"{number_of(rate.value * 100)}%".replace(".", ",")


def address_of(billing: Mapping[str, str]) -> JsonObject:
    """v2's eleven parts of an address as v3's four."""
    country = billing["country"].strip()
    code = country if country in enum_of("Country") else _COUNTRIES.get(country.lower(), "")
    return {
        "country_code": code,
        "post_code": billing["postcode"],
        "city": billing["city"],
        "address": street_of(billing),
    }


def partner_of(books: Books, client: Record) -> JsonObject:
    """A partner: what v2 knows of the customer, and over it what was written over v3."""
    shown: JsonObject = {
        "id": books.clients.id_of(client.uid),
        **_partner_copy(client.written, books.switches.empty_account_number),
        "general_ledger_number": client.written.get("fokonyv_szam", ""),
        "custom_billing_settings": dict.fromkeys(
            ("payment_method", "document_form", "due_days", "document_currency", "template_language_code", "discount")
        ),
        "group_member_tax_number": "",
        "giro_settings": {"giro_default_settings": True, **_NO_GIRO},
    }
    return shown | client.more


def _partner_copy(client: JsonObject, empty_account_number: str) -> JsonObject:
    bank: dict[str, str] = client["bank"]
    return {
        "name": client["name"],
        "address": address_of(client["billing_address"]),
        "emails": [client["email"]] if client["email"] else [],
        "taxcode": client["taxcode"],
        "iban": bank["iban"],
        "swift": bank["swift"],
        "account_number": bank["account_no"] or empty_account_number,
        "phone": client.get("phone", ""),
        "tax_type": "HAS_TAX_NUMBER" if client["taxcode"] else "",
    }


def payment_status_of(invoice: Invoice) -> str:
    """Where the payment stands."""
    if invoice.type in _UNPAYABLE or invoice.cancelled_by is not None:
        return "none"
    if invoice.outstanding == 0:
        return "paid"
    return "partially_paid" if invoice.payments else "outstanding"


def nav_status_of(books: Books, invoice: Invoice) -> str:
    """How reporting to NAV went so far."""
    switches = books.switches
    if invoice.type in _UNREPORTED or not switches.nav_connected:
        return "not_checked"
    return "processing" if books.at < invoice.made_at + switches.nav_after else switches.nav_outcome


def last_payment_of(invoice: Invoice) -> str | None:
    """The day of the last payment."""
    return max((payment.date for payment in invoice.payments), default=None)


def document_of(books: Books, invoice: Invoice) -> JsonObject:
    """A document in all its members; the null ones are those that were seen so."""
    terms, switches, copied = invoice.terms, books.switches, document_partner_of(books, invoice)
    partner = partner_of(books, books.clients.get(terms.client_uid)) if terms.client_uid in books.clients else copied
    shown: JsonObject = {
        "id": books.invoices.id_of(invoice.uid),
        "invoice_number": number_text_of(invoice),
        "type": str(invoice.type),
        "correction_type": _correction_of(invoice),
        "cancelled": invoice.cancelled_by is not None,
        "block_id": books.blocks.id_of(invoice.block.uid),
        "payment_status": payment_status_of(invoice),
        "payment_method": seeds.PAYMENT_METHODS[terms.payment_method].code,
        "gross_total": number_of(invoice.totals.total),
        "currency": terms.currency,
        "conversion_rate": number_of(terms.exchange_rate),
        "invoice_date": invoice.date.isoformat(),
        "fulfillment_date": terms.fulfillment_date,
        "due_date": terms.due_date,
        "paid_date": last_payment_of(invoice) or books.today().isoformat(),
        "organization": _organization_of(books, invoice),
        "partner": partner,
        "document_partner": copied,
        "electronic": terms.electronic,
        "comment": terms.comment,
        "tags": [],
        "notification_status": NEVER_SEEN if switches.growing_enums else "none",
        "language": terms.language,
        "items": [_item_of(books, row) for row in invoice.rows],
        "summary": _summary_of(invoice),
        "settings": _SETTINGS | {"round": _ROUND_WORDS[terms.round_to]} | invoice.more.get("settings", {}),
        "related_documents": [
            {"id": books.invoices.id_of(each.uid), "invoice_number": number_text_of(each)} for each in invoice.related
        ],
        "online_szamla_status": nav_status_of(books, invoice),
        "discount": invoice.more.get("discount"),
        "recurring_id": None,
    }
    if invoice.type is not Type.DRAFT or switches.draft_number == "blank":
        return shown
    del shown["invoice_number"]
    return shown if switches.draft_number == "missing" else shown | {"invoice_number": None}


def number_text_of(invoice: Invoice) -> str:
    """The number as v3 writes it: `TST / 2026-000001`, or `D-TST / 2026-000001` for a proforma."""
    if invoice.number is None:
        return ""
    number = invoice.number
    return f"{number.prefix}{invoice.block.prefix} / {number.year}-{number.serial:06d}"


def _correction_of(invoice: Invoice) -> str:
    if invoice.cancelled_by is not None:
        return "canceled"
    return "modified" if invoice.more.get("modified") else str(invoice.type)


def _organization_of(books: Books, invoice: Invoice) -> JsonObject:
    account = books.bank_account_for(invoice.terms)
    bank: JsonObject = {"id": books.bank_accounts.id_of(account.uid) if account else None}
    bank |= {ours: account.written[theirs] if account else "" for ours, theirs in ACCOUNT_NAMES.items()}
    return {
        "name": seeds.SELLER_NAME,
        "tax_number": seeds.TAX_CODE,
        "bank_account": bank,
        "address": address_of(seeds.SELLER_ADDRESS),
        "small_taxpayer": False,
        "ev_number": "",
        "eu_tax_number": "",
        "cash_settled": False,
    }


def document_partner_of(books: Books, invoice: Invoice) -> JsonObject:
    """The partner as it stood when the document was made."""
    copy = _partner_copy(invoice.client, books.switches.empty_account_number)
    written: JsonObject = invoice.more.get("partner", {})
    uid = invoice.terms.client_uid
    known: JsonObject = {"id": books.clients.id_of(uid)} if uid else {}
    return known | copy | {name: value for name, value in written.items() if name in copy}


def _item_of(books: Books, row: Row) -> JsonObject:
    sums = row.price.sums
    return {
        "product_id": books.products.id_of(row.product_uid) if row.product_uid else None,
        "name": row.description,
        "net_unit_amount": number_of(row.price.net_unit_price),
        "quantity": number_of(row.qty),
        "unit": row.unit,
        "net_amount": number_of(sums.net),
        "gross_amount": number_of(sums.gross),
        "vat": vat_of(row.rate),
        "vat_amount": number_of(sums.vat),
        "entitlement": row.entitlement,
        "comment": row.comment,
    }


def _summary_of(invoice: Invoice) -> JsonObject:
    rate, sums = invoice.terms.exchange_rate, invoice.totals.sums

    def local(amount: Decimal) -> int | Decimal:
        return number_of(quantized(amount * rate, CENT))

    return {
        "net_amount": number_of(sums.net),
        "net_amount_local": local(sums.net),
        "gross_amount_local": local(invoice.totals.total),
        "vat_amount": number_of(sums.vat),
        "vat_amount_local": local(sums.vat),
        "vat_rate_summary": [
            {
                "vat_name": vat_of(each),
                "vat_percentage": number_of(each.value),
                "vat_rate_net_amount": number_of(part.net),
                "vat_rate_vat_amount": number_of(part.vat),
                "vat_rate_vat_amount_local": local(part.vat),
                "vat_rate_gross_amount": number_of(part.gross),
            }
            for each, part in invoice.totals.rates
        ],
    }


def payments_of(invoice: Invoice) -> list[JsonObject]:
    """The history of payments, a bare array."""
    return [
        {
            "date": payment.date,
            "price": number_of(payment.amount),
            "payment_method": seeds.PAYMENT_METHODS[payment.payment_method].code,
            "voucher_number": payment.voucher_number,
            "conversion_rate": number_of(payment.conversion_rate or invoice.terms.exchange_rate),
        }
        for payment in invoice.payments
    ]


def reminders_of(books: Books, invoice: Invoice) -> JsonObject:
    """The reminders of an unpaid document: one the day after it was due, one a week later."""
    lists: dict[str, list[JsonObject]] = {"sent_reminders": [], "upcoming_reminders": [], "sent_postal_mail": []}
    emails = document_partner_of(books, invoice)["emails"]
    if payment_status_of(invoice) in {"outstanding", "partially_paid"}:
        for days in (1, 8):
            day = date.fromisoformat(invoice.terms.due_date) + timedelta(days)
            reminder: JsonObject = {"subject": "Lejárt számla", "send_at": day.isoformat()}
            if day > books.today():
                lists["upcoming_reminders"].append(reminder | {"emails": emails})
                continue
            at = datetime(day.year, day.month, day.day, 8, tzinfo=books.timezone).isoformat()
            sent = {"delivery_at": day.isoformat(), "open_at": day.isoformat(), "recipients": emails}
            kind: JsonObject = {"type": "transaction_expired_reminder", "status": {"status": "delivered", "date": at}}
            lists["sent_reminders"].append(reminder | sent | kind)
    return dict(lists)
