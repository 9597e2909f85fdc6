"""What the books hold of each noun, and what follows from that alone; no handler and no spelling enters here.

Source: API docs of v2, Invoices (types, statuses, cancel invoice), Clients, Products, Expenses and Recurring.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import IntEnum, StrEnum
from functools import reduce
from typing import TYPE_CHECKING

from billingo_async.sandbox import seeds
from billingo_async.sandbox.arithmetic import NOTHING, minus, net_priced, plus, quantized

if TYPE_CHECKING:
    from datetime import date

    from billingo_async.sandbox.arithmetic import Price, Rate, Totals
    from billingo_async.sandbox.http import JsonObject
    from billingo_async.sandbox.seeds import Block

ADDRESS_FIELDS = (
    "street_name", "street_type", "house_nr", "block", "entrance", "floor", "door", "city", "postcode", "district",
    "country",
)  # fmt: skip
BLANK_ADDRESS: JsonObject = dict.fromkeys(ADDRESS_FIELDS, "")
_CLIENT_ON_INVOICE = ("name", "email", "taxcode", "billing_address", "bank", "tax_type")
_CENT = Decimal("0.01")


class Type(StrEnum):
    """What sort of document it is."""

    DRAFT = "draft"
    PROFORMA = "proforma"
    INVOICE = "invoice"
    ADVANCE = "advance"
    MODIFICATION = "modification"
    CANCELLATION = "cancellation"
    RECEIPT = "receipt"
    RECEIPT_CANCELLATION = "receipt_cancellation"


STORNOS = frozenset({Type.CANCELLATION, Type.RECEIPT_CANCELLATION})
RECEIPTS = frozenset({Type.RECEIPT, Type.RECEIPT_CANCELLATION})


class Status(IntEnum):
    """Where an invoice stands, in the numbers of v2."""

    PAID = 1
    UNPAID = 2
    CANCELED = 4


class Series(StrEnum):
    """Which sequence a number belongs to; proformas are no invoices and must leave no gap among them."""

    INVOICE = ""
    PROFORMA = "D-"


@dataclass(frozen=True, slots=True, order=True)
class Number:
    """The number of one document: `str()` gives `2015-000008`, or `D-2015-000008` for a proforma."""

    year: int
    serial: int
    series: Series = Series.INVOICE

    def __str__(self) -> str:
        return f"{self.series.value}{self.year}-{self.serial:06d}"


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """One item, priced."""

    description: str
    qty: Decimal
    unit: str
    rate: Rate
    price: Price
    comment: str = ""
    entitlement: str | None = None
    product_uid: int | None = None

    def turned(self) -> Row:
        """The same row on a cancelling invoice: quantity and sums turn, the unit price stays."""
        return replace(self, qty=minus(NOTHING, self.qty), price=self.price.turned())


@dataclass(frozen=True, slots=True, repr=False)
class Payment:
    """What was paid towards an invoice, in the invoice's currency."""

    date: str
    amount: Decimal
    payment_method: int
    voucher_number: str | None = ""
    conversion_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Terms:
    """What the caller wrote on an invoice besides its items; the same on the invoice that cancels it."""

    fulfillment_date: str
    due_date: str
    payment_method: int
    comment: str
    language: str
    electronic: bool
    currency: str
    exchange_rate: Decimal
    client_uid: int
    round_to: int
    bank_account_uid: int | None


@dataclass(slots=True, repr=False, eq=False, kw_only=True)
class Invoice:
    """One document: a draft, a proforma, an invoice, a receipt or the invoice that cancels another.

    `pdf` and `items` remember the drawn PDF and the spelled rows until something changes them, `more` what only v3
    knows of it.
    """

    uid: int
    code: str
    type: Type
    date: date
    made_at: float
    modified_at: float
    block: Block
    number: Number | None
    terms: Terms
    client: JsonObject
    rows: tuple[Row, ...]
    totals: Totals
    payments: list[Payment] = field(default_factory=list[Payment])
    cancels: Invoice | None = None
    cancelled_by: Invoice | None = None
    generated: Invoice | None = None
    related: list[Invoice] = field(default_factory=list["Invoice"])
    more: JsonObject = field(default_factory=dict[str, object])
    pdf: bytes | None = None
    items: list[JsonObject] | None = None

    def __repr__(self) -> str:
        return f"Invoice({self.uid}, {self.invoice_no or self.type.name})"

    def touch(self, at: float) -> None:
        """Something changed that is shown: the PDF is drawn anew."""
        self.pdf = None
        self.modified_at = at

    @property
    def invoice_no(self) -> str:
        """The number, blank on a draft."""
        return "" if self.number is None else str(self.number)

    @property
    def prefixed_invoice_no(self) -> str:
        """The number behind the block's prefix, such as `TST / 2015-000001`."""
        if self.number is None or not self.block.prefix:
            return self.invoice_no
        return f"{self.block.prefix} / {self.invoice_no}"

    @property
    def paid(self) -> Decimal:
        """What was paid so far; a cancelling invoice counts as settled from the start."""
        if self.type in STORNOS:
            return self.totals.total
        return reduce(plus, (payment.amount for payment in self.payments), NOTHING)

    @property
    def outstanding(self) -> Decimal:
        """What is still to be paid; nothing, where less than half of the currency's smallest unit is left.

        A total has as many digits as its rows give it, and is shown in the smallest unit: what is shown can be paid.
        """
        exact = minus(self.totals.total, self.paid)
        return NOTHING if self.payments and quantized(exact, _CENT) == 0 else exact

    @property
    def status(self) -> Status:
        """Paid, unpaid or canceled."""
        if self.cancelled_by is not None:
            return Status.CANCELED
        return Status.PAID if self.outstanding == 0 else Status.UNPAID

    @property
    def connected(self) -> Invoice | None:
        """The invoice that this one cancels, or that cancels this one."""
        return self.cancels or self.cancelled_by


@dataclass(frozen=True, slots=True)
class Client:
    """A customer, in the words of v2; `more` holds what only v3 knows, where the customer was written over v3."""

    uid: int
    attributes: JsonObject
    more: JsonObject = field(default_factory=dict[str, object])

    def __repr__(self) -> str:
        return f"Client({self.uid})"

    def key(self) -> tuple[str, ...]:
        """What makes two customers the same: name, tax code and the split billing address."""
        address = self.attributes["billing_address"]
        return (self.attributes["name"], self.attributes["taxcode"], *(address[name] for name in ADDRESS_FIELDS))

    def on_invoice(self) -> JsonObject:
        """What an invoice keeps of the customer; later changes of the customer do not reach it."""
        return {name: self.attributes[name] for name in _CLIENT_ON_INVOICE}


@dataclass(frozen=True, slots=True)
class Product:
    """A product as it was written over v2, with the two times that the server adds, and what only v3 knows of it."""

    uid: int
    written: JsonObject
    created_at: str
    updated_at: str
    more: JsonObject = field(default_factory=dict[str, object])

    def __repr__(self) -> str:
        return f"Product({self.uid})"

    @property
    def currency(self) -> str:
        """The currency of its price."""
        currency: str = self.written["currency_code"]
        return currency

    def row(self, qty: Decimal, comment: str = "") -> Row:
        """The row of an invoice that so many of it make."""
        rate = seeds.VAT_RATES[self.written["vat_id"]]
        price = net_priced(qty, Decimal(self.written["price"]), rate)
        entitlement: str | None = self.written["entitlement"]
        return Row(self.written["name"], qty, self.written["unit"], rate, price, comment, entitlement, self.uid)


@dataclass(frozen=True, slots=True)
class Expense:
    """An expense as it was written, and its client as it stood then."""

    uid: int
    written: JsonObject
    client: JsonObject | None

    def __repr__(self) -> str:
        return f"Expense({self.uid})"


@dataclass(frozen=True, slots=True)
class Profile:
    """A recurring profile as it was written, with the two times that the server adds."""

    uid: int
    written: JsonObject
    created_at: str
    updated_at: str

    def __repr__(self) -> str:
        return f"Profile({self.uid})"
