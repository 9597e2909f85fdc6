"""The paper's words: one table, one column a language (Hungarian, English, German); no layout and no numbers here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from billingo_async.sandbox.paper.document import Kind


@dataclass(frozen=True, slots=True)
class Words:
    """Every fixed text on the paper, in one language; `page` takes the page's number, `{nb}` becomes the last one's."""

    titles: dict[Kind, str]
    remarks: dict[Kind, str]  # those that need one
    sandbox: str
    sandbox_note: str
    electronic: str
    no_number: str
    seller: str
    buyer: str
    tax_code: str
    account: str
    issued: str
    fulfilment: str
    due: str
    payment_method: str
    currency: str
    rate: str
    description: str
    qty: str
    unit_price: str
    net: str
    vat_rate: str
    vat: str
    gross: str
    vat_summary: str
    total_net: str
    total_vat: str
    vat_in_forints: str
    rounding: str
    to_pay: str
    to_return: str
    paid: str
    outstanding: str
    comment: str
    cancels: str
    cancelled_by: str
    page: str


_LANGUAGES: Final = ("hu", "en", "de")
_TITLES: Final = {
    Kind.DRAFT: ("Piszkozat", "Draft", "Entwurf"),
    Kind.PROFORMA: ("Díjbekérő", "Proforma invoice", "Proformarechnung"),
    Kind.INVOICE: ("Számla", "Invoice", "Rechnung"),
    Kind.ADVANCE: ("Előlegszámla", "Advance invoice", "Anzahlungsrechnung"),
    Kind.MODIFICATION: ("Módosító számla", "Modifying invoice", "Korrekturrechnung"),
    Kind.CANCELLING: ("Érvénytelenítő számla", "Cancelling invoice", "Stornorechnung"),
    Kind.RECEIPT: ("Nyugta", "Receipt", "Quittung"),
    Kind.RECEIPT_CANCELLATION: ("Érvénytelenítő nyugta", "Cancelling receipt", "Stornoquittung"),
}
_REMARKS: Final = {
    Kind.DRAFT: (
        "Piszkozat: nem számla, sorszáma nincs.",
        "A draft: not an invoice, and without a number.",
        "Ein Entwurf: keine Rechnung, ohne Nummer.",
    ),
    Kind.PROFORMA: (
        "A díjbekérő nem számla, áfa levonására nem jogosít.",
        "A proforma is not an invoice and gives no right to deduct VAT.",
        "Eine Proformarechnung ist keine Rechnung und berechtigt nicht zum Vorsteuerabzug.",
    ),
}
_TEXTS: Final = {
    "sandbox": ("TESZT / SANDBOX", "TEST / SANDBOX", "TEST / SANDBOX"),
    "sandbox_note": (
        "nem adóügyi bizonylat · not a tax document",
        "not a tax document",
        "kein Steuerbeleg · not a tax document",
    ),
    "electronic": ("Elektronikus számla", "Electronic invoice", "Elektronische Rechnung"),
    "no_number": ("sorszám nélkül", "no number", "ohne Nummer"),
    "seller": ("Eladó", "Seller", "Verkäufer"),
    "buyer": ("Vevő", "Buyer", "Käufer"),
    "tax_code": ("Adószám", "Tax number", "Steuernummer"),
    "account": ("Bankszámla", "Bank account", "Bankkonto"),
    "issued": ("Kelt", "Issued", "Ausgestellt"),
    "fulfilment": ("Teljesítés", "Date of supply", "Leistungsdatum"),
    "due": ("Fizetési határidő", "Due", "Fällig am"),
    "payment_method": ("Fizetési mód", "Payment", "Zahlungsart"),
    "currency": ("Pénznem", "Currency", "Währung"),
    "rate": ("Árfolyam", "Rate", "Kurs"),
    "description": ("Megnevezés", "Description", "Bezeichnung"),
    "qty": ("Mennyiség", "Quantity", "Menge"),
    "unit_price": ("Nettó egységár", "Net unit price", "Einzelpreis netto"),
    "net": ("Nettó", "Net", "Netto"),
    "vat_rate": ("Áfa", "VAT", "USt."),
    "vat": ("Áfa összege", "VAT amount", "USt.-Betrag"),
    "gross": ("Bruttó", "Gross", "Brutto"),
    "vat_summary": ("Áfa-összesítő", "VAT summary", "USt.-Übersicht"),
    "total_net": ("Nettó összesen", "Net total", "Summe netto"),
    "total_vat": ("Áfa összesen", "VAT total", "Summe USt."),
    "vat_in_forints": ("Áfa forintban", "VAT in forints", "USt. in Forint"),
    "rounding": ("Kerekítés", "Rounding", "Rundung"),
    "to_pay": ("Fizetendő", "Total due", "Gesamtbetrag"),
    "to_return": ("Visszajár", "To be returned", "Erstattungsbetrag"),
    "paid": ("Fizetve", "Paid", "Bezahlt"),
    "outstanding": ("Hátralék", "Outstanding", "Offen"),
    "comment": ("Megjegyzés", "Comment", "Bemerkung"),
    "cancels": (
        "Az érvénytelenített számla sorszáma",
        "Number of the cancelled invoice",
        "Nummer der stornierten Rechnung",
    ),
    "cancelled_by": (
        "Érvénytelenítette a következő sorszámú számla",
        "Cancelled by invoice number",
        "Storniert durch Rechnung Nummer",
    ),
    "page": ("{page} / {{nb}}. oldal", "Page {page} / {{nb}}", "Seite {page} / {{nb}}"),
}
"""One row a text, one column a language."""


def _words_of(column: int) -> Words:
    return Words(
        titles={kind: texts[column] for kind, texts in _TITLES.items()},
        remarks={kind: texts[column] for kind, texts in _REMARKS.items()},
        **{name: texts[column] for name, texts in _TEXTS.items()},
    )


_WORDS: Final = {language: _words_of(column) for column, language in enumerate(_LANGUAGES)}


def words_for(language: str) -> Words:
    """The words for a language code; English where the paper does not speak it."""
    return _WORDS.get(language, _WORDS["en"])
