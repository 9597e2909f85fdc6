"""The paper's words, numbers, days and addresses in each language, as tables; nothing is drawn here.

Sums are written as a bookkeeper expects them, in the currency's smallest unit, rounded half up; unit prices and
quantities keep every digit, for the sums come from them. The books themselves round nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from billingo_async.sandbox.arithmetic import own_places, places_of, written
from billingo_async.sandbox.records import Type

_STYLES: Final = {"hu": ("\u00a0", ",", "%Y.%m.%d."), "en": (",", ".", "%Y-%m-%d")}
"""What parts thousands, what parts decimals, and how a day is written (strftime)."""
_COLUMNS: Final = tuple(_STYLES)
_TEXTS: Final = {
    Type.DRAFT: ("Piszkozat", "Draft"),
    Type.PROFORMA: ("Díjbekérő", "Proforma invoice"),
    Type.INVOICE: ("Számla", "Invoice"),
    Type.ADVANCE: ("Előlegszámla", "Advance invoice"),
    Type.MODIFICATION: ("Módosító számla", "Modifying invoice"),
    Type.CANCELLATION: ("Érvénytelenítő számla", "Cancelling invoice"),
    Type.RECEIPT: ("Nyugta", "Receipt"),
    Type.RECEIPT_CANCELLATION: ("Érvénytelenítő nyugta", "Cancelling receipt"),
    "about draft": ("Piszkozat: nem számla, sorszáma nincs.", "A draft: not an invoice, and without a number."),
    "about proforma": (
        "A díjbekérő nem számla, áfa levonására nem jogosít.",
        "A proforma is no invoice and gives no right to deduct VAT.",
    ),
    "sandbox": ("TESZT / SANDBOX", "TEST / SANDBOX"),
    "sandbox note": ("nem adóügyi bizonylat · not a tax document", "not a tax document"),
    "electronic": ("Elektronikus számla", "Electronic invoice"),
    "no number": ("sorszám nélkül", "no number"),
    "seller": ("Eladó", "Seller"),
    "buyer": ("Vevő", "Buyer"),
    "tax code": ("Adószám", "Tax number"),
    "account": ("Bankszámla", "Bank account"),
    "issued": ("Kelt", "Issued"),
    "fulfilment": ("Teljesítés", "Date of supply"),
    "due": ("Fizetési határidő", "Due"),
    "payment method": ("Fizetési mód", "Payment"),
    "currency": ("Pénznem", "Currency"),
    "description": ("Megnevezés", "Description"),
    "qty": ("Mennyiség", "Quantity"),
    "unit price": ("Nettó egységár", "Net unit price"),
    "net": ("Nettó", "Net"),
    "vat rate": ("Áfa", "VAT"),
    "vat": ("Áfa összege", "VAT amount"),
    "gross": ("Bruttó", "Gross"),
    "vat summary": ("Áfa-összesítő", "VAT summary"),
    "net total": ("Nettó összesen", "Net total"),
    "vat total": ("Áfa összesen", "VAT total"),
    "rounding": ("Kerekítés", "Rounding"),
    "to pay": ("Fizetendő", "Total due"),
    "to return": ("Visszajár", "To be returned"),
    "paid": ("Fizetve", "Paid"),
    "outstanding": ("Hátralék", "Outstanding"),
    "comment": ("Megjegyzés", "Comment"),
    "cancels": ("Az érvénytelenített számla sorszáma", "Number of the cancelled invoice"),
    "cancelled by": ("Érvénytelenítette a következő sorszámú számla", "Cancelled by invoice number"),
    "page": ("{page} / {{nb}}. oldal", "Page {page} / {{nb}}"),
}
"""One row a text, one column a language; `page` takes the page's number, and `{nb}` becomes the last one's."""

_SIGNS: Final = {"HUF": "Ft", "EUR": "€"}
_STREET: Final = ("street_name", "street_type", "house_nr", "block", "entrance", "floor", "door")


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
        plain = written(value, own_places(value) if places is None else places)
        return plain.translate({ord(","): self._thousands, ord("."): self._decimals})

    def money(self, value: Decimal, currency: str, places: int | None = None) -> str:
        """A sum and its currency's sign or code: "12 345 Ft"; `places` as in `number`, else the currency's."""
        shown = places_of([value], currency) if places is None else places
        return f"{self.number(value, shown)} {_SIGNS.get(currency, currency)}"

    def day(self, value: date) -> str:
        """A day in the language's order of year, month and day."""
        return value.strftime(self._day)


def address_lines(address: Mapping[str, str]) -> list[str]:
    """Town, street and country; blank parts left out."""
    street = " ".join(filter(None, (address.get(part, "") for part in _STREET)))
    town = " ".join(filter(None, (address["postcode"], address["city"], address.get("district", ""))))
    return [line for line in (town, street, address["country"]) if line]
