"""What the books keep of an invoice, and what follows from that alone; no handler and no spelling enters here.

Source: API docs, Invoices (types, statuses, cancel invoice).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import reduce
from typing import TYPE_CHECKING

from billingo_async.sandbox.arithmetic import NOTHING, minus, plus

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from billingo_async.sandbox.arithmetic import Price, Rate, Totals
    from billingo_async.sandbox.http import JsonObject
    from billingo_async.sandbox.numbers import Number
    from billingo_async.sandbox.seeds import Block


class Type(IntEnum):
    """What sort of document it is; 2 is reserved and refused."""

    DRAFT = 0
    PROFORMA = 1
    NORMAL = 3


class Status(IntEnum):
    """Where an invoice stands."""

    PAID = 1
    UNPAID = 2
    CANCELED = 4


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

    def turned(self) -> Row:
        """The same row on a cancelling invoice: quantity and sums turn, the unit price stays."""
        return replace(self, qty=minus(NOTHING, self.qty), price=self.price.turned())


@dataclass(frozen=True, slots=True, repr=False)
class Payment:
    """What was paid towards an invoice, in the invoice's currency."""

    date: str
    amount: Decimal
    payment_method: int


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
    """One document: a draft, a proforma, an invoice or the invoice that cancels another.

    `paper` and `items` remember the drawn PDF and the spelled rows until something changes them.
    """

    uid: int
    code: str
    type: Type
    date: date
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
    paper: bytes | None = None
    items: list[JsonObject] | None = None

    def __repr__(self) -> str:
        return f"Invoice({self.uid}, {self.invoice_no or self.type.name})"

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
        if self.cancels is not None:
            return self.totals.total
        return reduce(plus, (payment.amount for payment in self.payments), NOTHING)

    @property
    def outstanding(self) -> Decimal:
        """What is still to be paid."""
        return minus(self.totals.total, self.paid)

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
