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


_HUNGARIAN: Final = Words(
    titles={
        Kind.DRAFT: "Piszkozat",
        Kind.PROFORMA: "Díjbekérő",
        Kind.INVOICE: "Számla",
        Kind.ADVANCE: "Előlegszámla",
        Kind.MODIFICATION: "Módosító számla",
        Kind.CANCELLING: "Érvénytelenítő számla",
        Kind.RECEIPT: "Nyugta",
        Kind.RECEIPT_CANCELLATION: "Érvénytelenítő nyugta",
    },
    remarks={
        Kind.DRAFT: "Piszkozat: nem számla, sorszáma nincs.",
        Kind.PROFORMA: "A díjbekérő nem számla, áfa levonására nem jogosít.",
    },
    sandbox="TESZT / SANDBOX",
    sandbox_note="nem adóügyi bizonylat · not a tax document",
    electronic="Elektronikus számla",
    no_number="sorszám nélkül",
    seller="Eladó",
    buyer="Vevő",
    tax_code="Adószám",
    account="Bankszámla",
    issued="Kelt",
    fulfilment="Teljesítés",
    due="Fizetési határidő",
    payment_method="Fizetési mód",
    currency="Pénznem",
    rate="Árfolyam",
    description="Megnevezés",
    qty="Mennyiség",
    unit_price="Nettó egységár",
    net="Nettó",
    vat_rate="Áfa",
    vat="Áfa összege",
    gross="Bruttó",
    vat_summary="Áfa-összesítő",
    total_net="Nettó összesen",
    total_vat="Áfa összesen",
    vat_in_forints="Áfa forintban",
    rounding="Kerekítés",
    to_pay="Fizetendő",
    to_return="Visszajár",
    paid="Fizetve",
    outstanding="Hátralék",
    comment="Megjegyzés",
    cancels="Az érvénytelenített számla sorszáma",
    cancelled_by="Érvénytelenítette a következő sorszámú számla",
    page="{page} / {{nb}}. oldal",
)

_ENGLISH: Final = Words(
    titles={
        Kind.DRAFT: "Draft",
        Kind.PROFORMA: "Proforma invoice",
        Kind.INVOICE: "Invoice",
        Kind.ADVANCE: "Advance invoice",
        Kind.MODIFICATION: "Modifying invoice",
        Kind.CANCELLING: "Cancelling invoice",
        Kind.RECEIPT: "Receipt",
        Kind.RECEIPT_CANCELLATION: "Cancelling receipt",
    },
    remarks={
        Kind.DRAFT: "A draft: not an invoice, and without a number.",
        Kind.PROFORMA: "A proforma is not an invoice and gives no right to deduct VAT.",
    },
    sandbox="TEST / SANDBOX",
    sandbox_note="not a tax document",
    electronic="Electronic invoice",
    no_number="no number",
    seller="Seller",
    buyer="Buyer",
    tax_code="Tax number",
    account="Bank account",
    issued="Issued",
    fulfilment="Date of supply",
    due="Due",
    payment_method="Payment",
    currency="Currency",
    rate="Rate",
    description="Description",
    qty="Quantity",
    unit_price="Net unit price",
    net="Net",
    vat_rate="VAT",
    vat="VAT amount",
    gross="Gross",
    vat_summary="VAT summary",
    total_net="Net total",
    total_vat="VAT total",
    vat_in_forints="VAT in forints",
    rounding="Rounding",
    to_pay="Total due",
    to_return="To be returned",
    paid="Paid",
    outstanding="Outstanding",
    comment="Comment",
    cancels="Number of the cancelled invoice",
    cancelled_by="Cancelled by invoice number",
    page="Page {page} / {{nb}}",
)

_GERMAN: Final = Words(
    titles={
        Kind.DRAFT: "Entwurf",
        Kind.PROFORMA: "Proformarechnung",
        Kind.INVOICE: "Rechnung",
        Kind.ADVANCE: "Anzahlungsrechnung",
        Kind.MODIFICATION: "Korrekturrechnung",
        Kind.CANCELLING: "Stornorechnung",
        Kind.RECEIPT: "Quittung",
        Kind.RECEIPT_CANCELLATION: "Stornoquittung",
    },
    remarks={
        Kind.DRAFT: "Ein Entwurf: keine Rechnung, ohne Nummer.",
        Kind.PROFORMA: "Eine Proformarechnung ist keine Rechnung und berechtigt nicht zum Vorsteuerabzug.",
    },
    sandbox="TEST / SANDBOX",
    sandbox_note="kein Steuerbeleg · not a tax document",
    electronic="Elektronische Rechnung",
    no_number="ohne Nummer",
    seller="Verkäufer",
    buyer="Käufer",
    tax_code="Steuernummer",
    account="Bankkonto",
    issued="Ausgestellt",
    fulfilment="Leistungsdatum",
    due="Fällig am",
    payment_method="Zahlungsart",
    currency="Währung",
    rate="Kurs",
    description="Bezeichnung",
    qty="Menge",
    unit_price="Einzelpreis netto",
    net="Netto",
    vat_rate="USt.",
    vat="USt.-Betrag",
    gross="Brutto",
    vat_summary="USt.-Übersicht",
    total_net="Summe netto",
    total_vat="Summe USt.",
    vat_in_forints="USt. in Forint",
    rounding="Rundung",
    to_pay="Gesamtbetrag",
    to_return="Erstattungsbetrag",
    paid="Bezahlt",
    outstanding="Offen",
    comment="Bemerkung",
    cancels="Nummer der stornierten Rechnung",
    cancelled_by="Storniert durch Rechnung Nummer",
    page="Seite {page} / {{nb}}",
)

_LANGUAGES: Final = {"hu": _HUNGARIAN, "en": _ENGLISH, "de": _GERMAN}


def words_for(language: str) -> Words:
    """The words for a language code; English where the paper does not speak it."""
    return _LANGUAGES.get(language, _ENGLISH)
