"""Invoices: the read and the written one, and the blocks that number them."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, model_validator

from billingo_async.fields.lenient import (
    Day,
    Flag,
    Money,
    Nested,
    NestedOrId,
    NestedRows,
    Open,
    OpenText,
    Text,
    Uid,
    Whole,
)
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.strict import (
    Currency,
    Id,
    IdOrZero,
    PositiveAmount,
    RoundTo,
    WrittenDay,
    WrittenFlag,
    WrittenText,
    known,
    sequence,
)
from billingo_async.fields.writing import Encoders, WrittenModel
from billingo_async.v2.models.client import Client
from billingo_async.v2.models.enums import InvoiceStatus, InvoiceType, Language
from billingo_async.v2.models.item import Item, NewItem, NewProductItem, WrittenItem
from billingo_async.v2.models.payment import PaymentMethod

if TYPE_CHECKING:
    from billingo_async.v2.models.totals import Totals


class Invoice(ReadModel):
    """An invoice. Amounts are in `currency`. Source: API docs, Invoices / Show the invoices.

    `invoices.create` and `invoices.cancel` answer a short one, without items, client and payment method; what is not
    answered is None.
    """

    shown: ClassVar[tuple[str, ...]] = ("id", "invoice_no", "total", "currency")

    id: Uid = 0
    """The id."""

    uid: Whole = None
    """The id again, as the API repeats it among the attributes."""

    date: Day = None
    """The day on which the invoice was made."""

    fulfillment_date: Day = None
    """The day of fulfillment."""

    due_date: Day = None
    """The day by which it is to be paid."""

    invoice_no: Text = None
    """Such as ``2015-000001``."""

    prefix: Text = None
    """What stands before the number."""

    prefixed_invoice_no: Text = None
    """The number as it is printed, such as ``TST / 2015-000001``."""

    type: Open[InvoiceType] = None
    """What kind of document it is."""

    type_string: Text = None
    """The same in words."""

    status: Open[InvoiceStatus] = None
    """Where it stands."""

    is_cancel_invoice: Flag = None
    """Whether this is the invoice that cancels another."""

    connected_invoice_no: Text = None
    """On a cancelling invoice: the number of the canceled one."""

    total: Money = None
    """Gross; negative on a cancelling invoice."""

    total_paid: Money = None
    """What is paid of `total`."""

    net_total: Money = None
    """Net."""

    currency: Text = None
    """ISO 4217."""

    exchange_rate: Money = None
    """Forints for one unit of `currency`."""

    round_to: Whole = None
    """What `total` is rounded to a multiple of; 0 is no rounding."""

    comment: Text = None
    """Text on the invoice."""

    template_lang_code: OpenText[Language] = None
    """The language that it is written in."""

    electronic_invoice: Flag = None
    """Whether it is an electronic invoice."""

    is_paid: Flag = None
    """Whether it is paid already."""

    client_uid: Whole = None
    """The id of the client."""

    block_uid: Whole = None
    """The id of the invoice block that numbers it."""

    bank_account_uid: Whole = None
    """The id of the bank account that the money goes to."""

    payment_method: NestedOrId[PaymentMethod] = None
    """How it is to be paid."""

    client: Nested[Client] = None
    """The client as it was then; it has no id of its own here, see `client_uid`."""

    items: NestedRows[Item] = None
    """Its rows."""


class NewInvoice(WrittenModel):
    """An invoice to be made. Source: API docs, Invoices / Save a new invoice.

    Example:
        ```python
        NewInvoice(
            client_uid=client.id,
            payment_method=2,
            fulfillment_date=date(2015, 12, 12),
            due_date=date(2015, 12, 20),
            items=[NewItem(description="Test item", vat_id=1, qty=1, unit="pc", net_unit_price=3500)],
        )
        ```

    """

    shown: ClassVar[tuple[str, ...]] = ("client_uid", "type", "currency")
    always: ClassVar[frozenset[str]] = frozenset(
        {"block_uid", "type", "currency", "template_lang_code", "electronic_invoice", "comment"}
    )
    encoders: ClassVar[Encoders] = {"electronic_invoice": int}

    fulfillment_date: WrittenDay
    """The day of fulfillment."""

    due_date: WrittenDay
    """The day by which it is to be paid."""

    payment_method: Id
    """The id of a payment method: 1 cash, 2 wire transfer, 5 bank card…"""

    client_uid: Id
    """The id of the client."""

    items: Annotated[Sequence[WrittenItem], sequence("items"), AfterValidator(tuple)]
    """At least one; kept as a tuple."""

    comment: WrittenText = ""
    """Text on the invoice."""

    template_lang_code: Annotated[Language | str, known(Language)] = Language.HUNGARIAN
    """The language that it is written in."""

    electronic_invoice: WrittenFlag = False
    """Whether it is an electronic invoice."""

    currency: Currency = "HUF"
    """ISO 4217."""

    exchange_rate: PositiveAmount | None = None
    """Forints for one unit of `currency`; left out, the server takes the day's rate."""

    block_uid: IdOrZero = 0
    """The invoice block that numbers the invoice; 0 is the account's default block."""

    type: Annotated[InvoiceType | int, known(InvoiceType)] = InvoiceType.NORMAL
    """What kind of document it is."""

    round_to: RoundTo = 0
    """The total is rounded to a multiple of this: 0 (not at all), 1, 5 or 10.

    It is sent only where it is given: left out, the account's own rounding applies. 5 and 10 are for forints alone.
    """

    bank_account_uid: Id | None = None
    """The id of the bank account that the money goes to."""

    is_paid: WrittenFlag | None = None
    """Whether it is paid already."""

    @model_validator(mode="after")
    def _rounding_of_forints(self) -> Self:
        if self.round_to > 1 and self.currency != "HUF":
            raise ValueError(f"round_to={self.round_to} is for forints, not for {self.currency}: leave it out")
        return self

    def totals(self, vat_rates: Mapping[int, Decimal | int]) -> "Totals":
        """Return what the invoice comes to, exactly, by the server's rules and without asking it.

        `vat_rates` tells the rate of each VAT id as a fraction, 0.27 for 27 %.
        Raises `ValueError` for a VAT id that it does not tell, and for a row that is a stored product, whose price only
        the server knows.

        Example:
            ```python
            rates = {vat.id: vat.value for vat in await billingo.vat.list() if vat.value is not None}
            print(new_invoice.totals(rates).total)
            ```

        """
        from billingo_async.v2.models.totals import CountedRow, totals_of  # noqa: PLC0415 - loaded where totals are reckoned

        rows = [CountedRow(*_as_it_counts(index, item)) for index, item in enumerate(self.items)]
        return totals_of(rows, vat_rates, self.round_to)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Name what may be seen in a log; of the items, how many there are."""
        yield from super().__repr_args__()
        yield "items", len(self.items)


def _as_it_counts(index: int, item: NewItem | NewProductItem) -> tuple[int, Decimal, Decimal, bool]:
    if isinstance(item, NewProductItem):
        raise ValueError(f"items[{index}] is a stored product: only the server knows what it costs")  # noqa: TRY004 - the caller passed a fitting type
    net, gross = item.net_unit_price, item.gross_unit_price
    price = net if net is not None else gross
    return item.vat_id, Decimal(item.qty), Decimal(price if price is not None else 0), net is None


class Block(ReadModel):
    """An invoice block, which numbers its invoices by itself. Source: API docs, Invoices / Invoice blocks."""

    shown: ClassVar[tuple[str, ...]] = ("id", "prefix")

    id: Uid = 0
    """The id."""

    uid: Whole = None
    """The id again, as the API repeats it among the attributes."""

    name: Text = None
    """The name."""

    prefix: Text = None
    """What stands before its numbers."""
