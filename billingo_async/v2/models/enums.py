"""The values that the API gives a meaning to.

They are open where they are read: an undocumented value stays what it is, an int or a str, and can be
written back. Adding a member here is never needed to read an answer.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class InvoiceType(IntEnum):
    """What kind of document an invoice is. Source: API docs, Invoices / Invoice types."""

    DRAFT = 0
    """No legal invoice yet: it has no number and can be changed."""

    PROFORMA = 1
    """A request for payment, from which `invoices.generate` makes an invoice."""

    RESERVED = 2
    """Not used; the API keeps it for itself."""

    NORMAL = 3
    """A legal invoice."""


class InvoiceStatus(IntEnum):
    """Where an invoice stands. Source: API docs, Invoices / Cancel invoice."""

    PAID = 1
    UNPAID = 2
    CANCELED = 4


class TaxType(StrEnum):
    """How a client is taxed. Source: API docs, Clients / Create a client."""

    NONE = ""
    """Not stated."""

    FOREIGN = "FOREIGN"
    HAS_TAX_NUMBER = "HAS_TAX_NUMBER"
    NO_TAX_NUMBER = "NO_TAX_NUMBER"


class Entitlement(StrEnum):
    """Why an item carries no VAT, or by which margin scheme it is taxed. Source: API docs, Invoices / Entitlements."""

    TRAVEL_AGENCY = "TRAVEL_AGENCY"
    """Margin scheme: travel agencies."""

    SECOND_HAND = "SECOND_HAND"
    """Margin scheme: second-hand goods."""

    ARTWORK = "ARTWORK"
    """Margin scheme: works of art."""

    ANTIQUES = "ANTIQUES"
    """Margin scheme: collectors' items and antiques."""

    AAM = "AAM"
    """Exempt: personal exemption of the seller."""

    TAM = "TAM"
    """Exempt: by the nature of the goods or services."""

    KBAET = "KBAET"
    """Exempt: goods sold to another member state of the EU."""

    EAM = "EAM"
    """Exempt: goods exported beyond the EU."""

    NAM_1 = "NAM_1"
    """Exempt: other international transactions."""

    NAM_2 = "NAM_2"
    """Exempt: other international transactions."""

    ATK = "ATK"
    """Outside the scope of VAT."""

    EUFAD37 = "EUFAD37"
    """Outside the scope: reverse charge in another member state (section 37 of the VAT act)."""

    EUFADE = "EUFADE"
    """Outside the scope: reverse charge in another member state, otherwise."""

    EUE = "EUE"
    """Outside the scope: taxed in another member state."""

    HO = "HO"
    """Outside the scope: taxed beyond the EU."""


class Language(StrEnum):
    """The language of an invoice. Source: API docs, Invoices / Save a new invoice."""

    HUNGARIAN = "hu"
    ENGLISH = "en"
    GERMAN = "de"
    FRENCH = "fr"
    ITALIAN = "it"
    SLOVAK = "sk"
    CROATIAN = "hr"
    ROMANIAN = "ro"
