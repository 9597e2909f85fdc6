"""The paper's words, numbers, days and addresses in each language, as tables; nothing is drawn here.

Sums are written as a bookkeeper expects them, in the currency's smallest unit, rounded half up; unit prices and
quantities keep every digit, for the sums come from them. The books themselves round nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from billingo_async.sandbox.records import Type

_STYLES: Final = {"hu": ("\u00a0", ",", "%Y.%m.%d."), "en": (",", ".", "%Y-%m-%d"), "de": (".", ",", "%d.%m.%Y")}
"""What parts thousands, what parts decimals, and how a day is written (strftime)."""
_COLUMNS: Final = tuple(_STYLES)
_TEXTS: Final = {
    Type.DRAFT: ("Piszkozat", "Draft", "Entwurf"),
    Type.PROFORMA: ("Díjbekérő", "Proforma invoice", "Proformarechnung"),
    Type.INVOICE: ("Számla", "Invoice", "Rechnung"),
    Type.ADVANCE: ("Előlegszámla", "Advance invoice", "Anzahlungsrechnung"),
    Type.MODIFICATION: ("Módosító számla", "Modifying invoice", "Korrekturrechnung"),
    Type.CANCELLATION: ("Érvénytelenítő számla", "Cancelling invoice", "Stornorechnung"),
    Type.RECEIPT: ("Nyugta", "Receipt", "Quittung"),
    Type.RECEIPT_CANCELLATION: ("Érvénytelenítő nyugta", "Cancelling receipt", "Stornoquittung"),
    "about draft": (
        "Piszkozat: nem számla, sorszáma nincs.",
        "A draft: not an invoice, and without a number.",
        "Ein Entwurf: keine Rechnung, ohne Nummer.",
    ),
    "about proforma": (
        "A díjbekérő nem számla, áfa levonására nem jogosít.",
        "A proforma is not an invoice and gives no right to deduct VAT.",
        "Eine Proformarechnung ist keine Rechnung und berechtigt nicht zum Vorsteuerabzug.",
    ),
    "sandbox": ("TESZT / SANDBOX", "TEST / SANDBOX", "TEST / SANDBOX"),
    "sandbox note": (
        "nem adóügyi bizonylat · not a tax document",
        "not a tax document",
        "kein Steuerbeleg · not a tax document",
    ),
    "electronic": ("Elektronikus számla", "Electronic invoice", "Elektronische Rechnung"),
    "no number": ("sorszám nélkül", "no number", "ohne Nummer"),
    "seller": ("Eladó", "Seller", "Verkäufer"),
    "buyer": ("Vevő", "Buyer", "Käufer"),
    "tax code": ("Adószám", "Tax number", "Steuernummer"),
    "account": ("Bankszámla", "Bank account", "Bankkonto"),
    "issued": ("Kelt", "Issued", "Ausgestellt"),
    "fulfilment": ("Teljesítés", "Date of supply", "Leistungsdatum"),
    "due": ("Fizetési határidő", "Due", "Fällig am"),
    "payment method": ("Fizetési mód", "Payment", "Zahlungsart"),
    "currency": ("Pénznem", "Currency", "Währung"),
    "description": ("Megnevezés", "Description", "Bezeichnung"),
    "qty": ("Mennyiség", "Quantity", "Menge"),
    "unit price": ("Nettó egységár", "Net unit price", "Einzelpreis netto"),
    "net": ("Nettó", "Net", "Netto"),
    "vat rate": ("Áfa", "VAT", "USt."),
    "vat": ("Áfa összege", "VAT amount", "USt.-Betrag"),
    "gross": ("Bruttó", "Gross", "Brutto"),
    "vat summary": ("Áfa-összesítő", "VAT summary", "USt.-Übersicht"),
    "net total": ("Nettó összesen", "Net total", "Summe netto"),
    "vat total": ("Áfa összesen", "VAT total", "Summe USt."),
    "vat in forints": ("Áfa forintban", "VAT in forints", "USt. in Forint"),
    "rounding": ("Kerekítés", "Rounding", "Rundung"),
    "to pay": ("Fizetendő", "Total due", "Gesamtbetrag"),
    "to return": ("Visszajár", "To be returned", "Erstattungsbetrag"),
    "paid": ("Fizetve", "Paid", "Bezahlt"),
    "outstanding": ("Hátralék", "Outstanding", "Offen"),
    "comment": ("Megjegyzés", "Comment", "Bemerkung"),
    "cancels": (
        "Az érvénytelenített számla sorszáma",
        "Number of the cancelled invoice",
        "Nummer der stornierten Rechnung",
    ),
    "cancelled by": (
        "Érvénytelenítette a következő sorszámú számla",
        "Cancelled by invoice number",
        "Storniert durch Rechnung Nummer",
    ),
    "page": ("{page} / {{nb}}. oldal", "Page {page} / {{nb}}", "Seite {page} / {{nb}}"),
}
"""One row a text, one column a language; `page` takes the page's number, and `{nb}` becomes the last one's."""

_WHOLE_CURRENCIES: Final = frozenset({"HUF", "JPY"})  # shown without decimals where a sum has none
_CENTS: Final = 2
_WIDE: Final = Context(prec=500, rounding=ROUND_HALF_UP)  # the books have sums of thousands of numbers of 80 digits
_SIGNS: Final = {"HUF": "Ft", "EUR": "€"}
_HUNGARY: Final = frozenset({"magyarország", "hungary", "ungarn", "hu"})
_INNER_PARTS: Final = {"block": "ép.", "entrance": "lph.", "floor": "em.", "door": "ajtó"}


class Language:
    """How one language words and writes what stands on paper; a code that the paper does not speak is English."""

    def __init__(self, code: str) -> None:
        self.code = code if code in _STYLES else "en"
        self._column = _COLUMNS.index(self.code)
        self._thousands, self._decimals, self._day = _STYLES[self.code]

    def __getitem__(self, text: str) -> str:
        return _TEXTS[text][self._column]

    def number(self, value: Decimal, places: int | None = None) -> str:
        """A number with its thousands parted; rounded half up to `places` decimals, by default with all that it has."""
        shown = _places(value) if places is None else places
        plain = f"{_WIDE.quantize(value, Decimal(1).scaleb(-shown)):,f}"
        if plain.startswith("-") and not plain.strip("-0.,"):
            plain = plain.removeprefix("-")
        return plain.translate({ord(","): self._thousands, ord("."): self._decimals})

    def money(self, value: Decimal, currency: str, places: int | None = None) -> str:
        """A sum and its currency's sign or code: "12 345 Ft"; `places` as in `number`, else the currency's."""
        shown = places_of([value], currency) if places is None else places
        return f"{self.number(value, shown)} {_SIGNS.get(currency, currency)}"

    def day(self, value: date) -> str:
        """A day in the language's order of year, month and day."""
        return value.strftime(self._day)


def places_of(values: Iterable[Decimal], currency: str) -> int:
    """How many decimals a column of sums has: two, but none for whole forints."""
    is_whole = currency in _WHOLE_CURRENCIES and not any(map(_places, values))
    return 0 if is_whole else _CENTS


def exact_places_of(values: Iterable[Decimal], currency: str) -> int:
    """How many decimals a column of unit prices has, so that none of them is cut: at least as many as sums have."""
    prices = list(values)
    return max([places_of(prices, currency), *map(_places, prices)])


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def address_lines(address: Mapping[str, str]) -> list[str]:
    """The address as an envelope has it: town first in Hungary, street first elsewhere; blank parts left out."""
    at_home = address["country"].strip().lower() in _HUNGARY
    house_nr, district = address.get("house_nr", ""), address.get("district", "")
    if at_home and house_nr[-1:].isalnum():
        house_nr += "."  # Hungarian house numbers are ordinals
    inner = [
        _suffixed(address.get(part, ""), suffix) if at_home else address.get(part, "")
        for part, suffix in _INNER_PARTS.items()
    ]
    street = " ".join(filter(None, (address["street_name"], address.get("street_type", ""), house_nr)))
    street = ", ".join(filter(None, (street, " ".join(filter(None, inner)))))
    town = " ".join(filter(None, (address["postcode"], address["city"])))
    if district:
        town += f", {district} kerület" if at_home else f", {district}"
    lines = (town, street, address["country"]) if at_home else (street, town, address["country"])
    return [line for line in lines if line]


def _suffixed(part: str, suffix: str) -> str:
    """The floor "3" becomes "3. em."; a part that says more than a number or a letter ("fszt.") stays as it is."""
    bare = part.rstrip(".")
    if not bare:
        return ""
    if bare.isdigit():
        return f"{bare}. {suffix}"
    return f"{bare} {suffix}" if len(bare) == 1 else part
