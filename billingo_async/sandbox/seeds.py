"""What a fresh sandbox knows: the account, its blocks, payment methods, VAT and exchange rates; tables, no behaviour.

Sources: API docs, Payment methods, VAT and Invoice blocks, for ids and names; the account is made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from billingo_async.sandbox.arithmetic import Rate
from billingo_async.sandbox.validation import enum_of


@dataclass(frozen=True, slots=True)
class Block:
    """A document block: a sequence of numbers of its own, with a prefix; v2 knows those of the type `invoice` alone."""

    uid: int
    name: str
    prefix: str
    type: str = "invoice"
    invoices_paid_proformas: bool = False


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """A way to pay: its id and names in v2, its code in v3; `listed` where v2 documents it."""

    id: int
    code: str
    names: dict[str, str]
    advance_paid: bool
    listed: bool = True


DEFAULT_BLOCK = Block(1263576876, "Test", "TST")
BLOCKS = {
    block.uid: block
    for block in (DEFAULT_BLOCK, Block(1404836925, "Webshop", "WEB"), Block(1518230417, "Nyugták", "NYG", "receipt"))
}

TAX_CODE = "12345678-2-10"
SELLER_NAME = "Próbaüzem Kereskedelmi Kft."
SELLER_ADDRESS = {"street_name": "Őrház utca 12", "city": "Budapest", "postcode": "1119", "country": "Magyarország"}

LANGUAGES = ("hu", "en", "de")
_METHODS = (
    (2, "wire_transfer", "Átutalás", "Wiretransfer", "Überweisung", False),
    (4, "cash_on_delivery", "Utánvét", "Cash on Delivery", "Nachnahme", False),
    (1, "cash", "Készpénz", "Cash", "Barzahlung", True),
    (5, "bankcard", "Bankkártya", "Bankcard", "Bankkarte", True),
    (6, "szep_card", "SZÉP kártya", "SZEP card", "SZÉP-Karte", False),
    (7, "paypal", "PayPal", "PayPal", "PayPal", False),
    (8, "postai_csekk", "Postai csekk", "Postal check", "Postscheck", False),
    (9, "kompenzacio", "Kompenzáció", "Compensation", "Kompensation", True),
    (10, "ep_kartya", "Egészségpénztári kártya", "Health insurance card", "Gesundheitskassenkarte", False),
    (11, "coupon", "Kupon", "Coupon", "Gutschein", True),
    (12, "utalvany", "Utalvány", "Voucher", "Wertgutschein", True),
)
_LISTED = frozenset(code for _, code, *_ in _METHODS)
_UNLISTED = [code for code in enum_of("PaymentMethod") if code not in _LISTED]
_FIRST_UNLISTED_ID = 101
PAYMENT_METHODS = {
    id_: PaymentMethod(id_, code, dict(zip(LANGUAGES, (hu, en, de), strict=True)), paid)
    for id_, code, hu, en, de, paid in _METHODS
} | {
    id_: PaymentMethod(id_, code, dict.fromkeys(LANGUAGES, code), advance_paid=False, listed=False)
    for id_, code in enumerate(_UNLISTED, _FIRST_UNLISTED_ID)
}
METHOD_IDS = {method.code: method.id for method in PAYMENT_METHODS.values()}

EU_RATES = {
    "AT": "0.20", "BE": "0.21", "BG": "0.20", "CY": "0.19", "CZ": "0.21", "DE": "0.19", "DK": "0.25", "EE": "0.22",
    "EL": "0.24", "ES": "0.21", "FI": "0.24", "FR": "0.20", "HR": "0.25", "HU": "0.27", "IE": "0.23", "IT": "0.22",
    "LT": "0.21", "LU": "0.17", "LV": "0.21", "MT": "0.18", "NL": "0.21", "PL": "0.23", "PT": "0.23", "RO": "0.19",
    "SE": "0.25", "SI": "0.22", "SK": "0.20",
}  # fmt: skip
"""The standard rate of each member state by its EU code (Greece is EL); fixed, so that sums stay what they are."""

HOME_RATES = (
    Rate(1, Decimal("0.27"), "27%", ""),
    Rate(2, Decimal("0.05"), "5%"),
    Rate(3, Decimal("0.18"), "18%"),
    Rate(4, Decimal(0), "AM", "adómentes"),
    Rate(5, Decimal(0), "EU", "EU-n belül"),
)
_FIRST_EU_ID = 8  # Germany, the sixth, gets the documented 13
_EU_RATES = tuple(
    Rate(number, Decimal(value), f"{Decimal(value) * 100:.1f}% - {country}")
    for number, (country, value) in enumerate(EU_RATES.items(), _FIRST_EU_ID)
)
_FIRST_CODE_ID = 201


def _rate(number: int, label: str) -> Rate:
    """A rate of v3 by its text, such as `27%`, `5,5%` or a code; the home rates have the ids of v2's list."""
    share = Decimal(label[:-1].replace(",", ".")) / 100 if label.endswith("%") else Decimal(0)
    return next((rate for rate in HOME_RATES if rate.label == label), Rate(number, share, label))


V3_VAT_RATES = {label: _rate(number, label) for number, label in enumerate(enum_of("Vat"), _FIRST_CODE_ID)}
"""The rates of v3, by their texts; those that v2 lists have its ids, the others ids that it does not tell."""
VAT_RATES = {rate.id: rate for rate in (*HOME_RATES, *_EU_RATES, *V3_VAT_RATES.values())}
LISTED_VAT_IDS = frozenset(rate.id for rate in (*HOME_RATES, *_EU_RATES))
EXPENSE_CATEGORIES = dict(enumerate((
    "Irodaszer", "Bérleti díj", "Közüzemi díj", "Telefon és internet", "Üzemanyag", "Utazás és szállás",
    "Reklám és marketing", "Könyvelés", "Szoftver és előfizetés", "Árubeszerzés", "Alvállalkozói díj", "Egyéb",
), start=1))  # fmt: skip
EU_VAT_IDS = dict(zip(EU_RATES, (rate.id for rate in _EU_RATES), strict=True))

FORINTS = {
    currency: Decimal(rate)
    for currency, rate in {
        "HUF": "1", "AUD": "238.45", "BGN": "196.94", "CAD": "259.31", "CHF": "409.12", "CNY": "49.87",
        "CZK": "15.29", "DKK": "51.64", "EUR": "385.18", "GBP": "452.07", "HRK": "51.12", "JPY": "2.3841",
        "NOK": "33.41", "PLN": "89.72", "RON": "77.43", "RSD": "3.2914", "RUB": "3.8512", "SEK": "33.68",
        "TRY": "11.24", "UAH": "8.7231", "USD": "354.62",
    }.items()
}  # fmt: skip
"""What one unit of a currency is worth in forints; a fixed table, so that a test's sums stay what they are."""
