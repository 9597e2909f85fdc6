"""What the books hold of each noun, and the tables that hold it; no handler and no spelling enters here.

Source: API docs of v2, Invoices (types, statuses, cancel invoice), Clients, Products, Expenses and Recurring.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from functools import reduce
from itertools import count
from typing import Generic, TypeVar

from billingo_async.sandbox import seeds
from billingo_async.sandbox.arithmetic import CENT, EXACT, NOTHING, Price, Rate, Totals, net_priced, quantized
from billingo_async.sandbox.http import JsonObject, Refusal
from billingo_async.sandbox.seeds import Block

T = TypeVar("T")
STREET_FIELDS = ("street_name", "street_type", "house_nr", "block", "entrance", "floor", "door")
ADDRESS_FIELDS = (*STREET_FIELDS, "city", "postcode", "district", "country")
BLANK_ADDRESS: JsonObject = dict.fromkeys(ADDRESS_FIELDS, "")


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


@dataclass(frozen=True, slots=True, order=True)
class Number:
    """The number of one document: `str()` gives `2015-000008`, or `D-2015-000008` for a proforma.

    Proformas are no invoices and must leave no gap among them, so each prefix has a sequence of its own.
    """

    year: int
    serial: int
    prefix: str = ""

    def __str__(self) -> str:
        return f"{self.prefix}{self.year}-{self.serial:06d}"


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
        return replace(self, qty=EXACT.minus(self.qty), price=replace(self.price, sums=self.price.sums.turned()))


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

    `pdf` remembers the drawn PDF until something changes it, `more` what only v3 knows of it.
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
        return reduce(EXACT.add, (payment.amount for payment in self.payments), NOTHING)

    @property
    def outstanding(self) -> Decimal:
        """What is still to be paid; nothing, where less than half of the currency's smallest unit is left.

        A total has as many digits as its rows give it, and is shown in the smallest unit: what is shown can be paid.
        """
        exact = EXACT.subtract(self.totals.total, self.paid)
        return NOTHING if self.payments and quantized(exact, CENT) == 0 else exact

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
class Record:
    """A customer, a product, a bank account, an expense, a spending or a recurring profile: what is kept of it.

    `written` is in the words of v2, but for a spending; `more` holds what only v3 knows. `created_at` and `updated_at`
    are spelled as v2 answers them.
    """

    uid: int
    written: JsonObject
    more: JsonObject
    created_at: str
    updated_at: str

    def __repr__(self) -> str:
        return f"Record({self.uid})"

    def times(self) -> JsonObject:
        """The two times that the server adds."""
        return {"created_at": self.created_at, "updated_at": self.updated_at}


def identity_of(client: JsonObject) -> tuple[str, ...]:
    """What makes two customers the same: name, tax code and the split billing address."""
    address = client["billing_address"]
    return (client["name"], client["taxcode"], *(address[name] for name in ADDRESS_FIELDS))


def street_of(address: Mapping[str, str]) -> str:
    """Street, house and door in one line; blank parts left out."""
    return " ".join(filter(None, (address.get(part, "") for part in STREET_FIELDS)))


def copy_of(client: JsonObject) -> JsonObject:
    """What an invoice keeps of a customer; later changes of the customer do not reach it."""
    return {name: client[name] for name in ("name", "email", "taxcode", "billing_address", "bank", "tax_type")}


def product_row(product: Record, qty: Decimal, comment: str = "") -> Row:
    """The row of an invoice that so many of a product make."""
    written = product.written
    rate = seeds.VAT_RATES[written["vat_id"]]
    price = net_priced(qty, Decimal(written["price"]), rate)
    return Row(written["name"], qty, written["unit"], rate, price, comment, written["entitlement"], product.uid)


class Table(Generic[T]):
    """The records of one noun by v2's ids, newest first when walked through, and the ids that v3 has for them.

    The order of the lists of v2 is not documented; v3 documents newest first.
    """

    def __init__(self, noun: str, first_id: int) -> None:
        self.noun = noun
        self._records: dict[int, T] = {}
        self._next_id = count(first_id)
        self._ids: dict[int, int] = {}
        self._uids: dict[int, int] = {}
        self.foreign: Table[T] | None = None
        """The same table of another profile, whose rows are known to be there, and are not shown."""
        self.foreign_status: int = 403

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[T]:
        return reversed(self._records.values())

    def __contains__(self, uid: object) -> bool:
        return uid in self._records

    def __repr__(self) -> str:
        return f"Table({self.noun}: {len(self._records)})"

    def put(self, uid: int, record: T) -> None:
        """Keep a record; one that is there already is replaced in its place."""
        if uid not in self._ids:
            self._ids[uid] = next(self._next_id)
            self._uids[self._ids[uid]] = uid
        self._records[uid] = record

    def get(self, uid: int) -> T:
        """The record, or a refusal with 404."""
        record = self._records.get(uid)
        if record is None:
            raise Refusal(404, f"There is no {self.noun} with the id {uid}")
        return record

    def remove(self, uid: int) -> T:
        """Take a record out and return it, or refuse with 404."""
        record = self.get(uid)
        del self._records[uid]
        return record

    def id_of(self, uid: int) -> int:
        """The id that v3 has for a record, also for one that was removed."""
        return self._ids[uid]

    def has_id(self, id: int) -> bool:
        """Whether there is a record with that id of v3.

        Raises:
            Refusal: it is another profile's.
        """
        if self.foreign is not None and id in self.foreign._uids:  # noqa: SLF001 - of the same class
            raise Refusal(self.foreign_status, "Forbidden.")
        return self._uids.get(id) in self._records

    def by_id(self, id: int) -> T:
        """The record with that id of v3, or a refusal with 404."""
        if not self.has_id(id):
            raise Refusal(404, f"{self.noun.capitalize()} not found.")
        return self._records[self._uids[id]]
