"""What an invoice's paper shows, as plain frozen values.

`sandbox.printing` fills in a `Document`; `draw` turns it into a PDF. Nothing is
computed here and nothing is drawn here: every sum comes ready, so that the paper can never disagree with the books.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

NOTHING = Decimal(0)


class Kind(StrEnum):
    """What sort of paper it is; each has its own title and its own remarks."""

    DRAFT = "draft"
    PROFORMA = "proforma"
    INVOICE = "invoice"
    ADVANCE = "advance"
    MODIFICATION = "modification"
    CANCELLING = "cancellation"
    RECEIPT = "receipt"
    RECEIPT_CANCELLATION = "receipt_cancellation"


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address in the API's own fields; blank fields are left out on paper."""

    street_name: str
    city: str
    postcode: str
    country: str
    street_type: str = ""
    house_nr: str = ""
    block: str = ""
    entrance: str = ""
    floor: str = ""
    door: str = ""
    district: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """The seller or the buyer; the bank details are printed where they are not blank."""

    name: str
    address: Address
    tax_code: str = ""
    email: str = ""
    bank_name: str = ""
    account_no: str = ""
    iban: str = ""
    swift: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table.

    `net`, `vat` and `gross` are the row's sums in the document's currency; `vat_label` is the rate's short
    name ("27%", "AM").
    """

    description: str
    qty: Decimal
    unit: str
    net_unit_price: Decimal
    vat_label: str
    net: Decimal
    vat: Decimal
    gross: Decimal
    comment: str = ""


@dataclass(frozen=True, slots=True)
class VatRow:
    """The sums of all lines that share one VAT label."""

    label: str
    net: Decimal
    vat: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class PrintedTotals:
    """The closing sums in the document's currency; a cancelling invoice has them negative.

    `gross` is what is to be paid: net + VAT + rounding.
    """

    net: Decimal
    vat: Decimal
    gross: Decimal
    rounding: Decimal = NOTHING
    paid: Decimal = NOTHING
    outstanding: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Document:
    """All that one invoice, proforma, draft or cancelling invoice shows.

    `number` is the bare number ("2024-000007"), `prefixed_number` the one with its block's prefix ("TST / 2024-000007")
    and printed where there is one; a draft has neither. `language` is "hu", "en" or "de", anything else is set in
    English.
    `exchange_rate` is what one unit of `currency` is worth in forints, None where the currency is HUF.
    `connected_number` is the cancelled invoice's number on a cancelling one, and the other way round.
    """

    kind: Kind
    number: str
    seller: Party
    buyer: Party
    issued: date
    fulfilment: date
    due: date
    payment_method: str
    currency: str
    lines: tuple[Line, ...]
    totals: PrintedTotals
    vat_rows: tuple[VatRow, ...]
    prefixed_number: str = ""
    exchange_rate: Decimal | None = None
    comment: str = ""
    language: str = "hu"
    connected_number: str = ""
    electronic: bool = False
