"""Invoices: the read and the written one, and the blocks that number them."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator

from billingo_async.fields.lenient import Day, Flag, Money, Open, OpenText, Part, PartOrId, Parts, Text, Uid, Whole
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
    uid: Whole = None
    date: Day = None
    """The day on which the invoice was made."""

    fulfillment_date: Day = None
    due_date: Day = None
    invoice_no: Text = None
    """Such as ``2015-000001``."""

    prefix: Text = None
    prefixed_invoice_no: Text = None
    type: Open[InvoiceType] = None
    type_string: Text = None
    status: Open[InvoiceStatus] = None
    is_cancel_invoice: Flag = None
    """Whether this is the invoice that cancels another."""

    connected_invoice_no: Text = None
    """On a cancelling invoice: the number of the canceled one."""

    total: Money = None
    """Gross; negative on a cancelling invoice."""

    total_paid: Money = None
    net_total: Money = None
    currency: Text = None
    exchange_rate: Money = None
    round_to: Whole = None
    comment: Text = None
    template_lang_code: OpenText[Language] = None
    electronic_invoice: Flag = None
    is_paid: Flag = None
    client_uid: Whole = None
    block_uid: Whole = None
    bank_account_uid: Whole = None
    payment_method: PartOrId[PaymentMethod] = None
    client: Part[Client] = None
    """The client as it was then; it has no id of its own here, see `client_uid`."""

    items: Parts[Item] = None


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
        {"block_uid", "type", "currency", "template_lang_code", "electronic_invoice", "comment", "round_to"}
    )
    encoders: ClassVar[Encoders] = {"electronic_invoice": int}

    fulfillment_date: WrittenDay
    due_date: WrittenDay
    payment_method: Id
    """The id of a payment method: 1 cash, 2 wire transfer, 5 bank card…"""

    client_uid: Id
    items: Annotated[Sequence[WrittenItem], sequence("items"), AfterValidator(tuple)]
    """At least one; kept as a tuple."""

    comment: WrittenText = ""
    template_lang_code: Annotated[Language | str, known(Language)] = Language.HUNGARIAN
    electronic_invoice: WrittenFlag = False
    currency: Currency = "HUF"
    exchange_rate: PositiveAmount | None = None
    """Forints for one unit of `currency`; left out, the server takes the day's rate."""

    block_uid: IdOrZero = 0
    """The invoice block that numbers the invoice; 0 is the account's default block."""

    type: Annotated[InvoiceType | int, known(InvoiceType)] = InvoiceType.NORMAL
    round_to: RoundTo = 0
    """The total is rounded to a multiple of this: 0 (not at all), 1, 5 or 10."""

    bank_account_uid: Id | None = None
    is_paid: WrittenFlag | None = None

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
        from billingo_async.v2.models.totals import Row, totals_of  # noqa: PLC0415 - loaded by those who reckon

        rows = [Row(*_as_it_counts(index, item)) for index, item in enumerate(self.items)]
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
    uid: Whole = None
    name: Text = None
    prefix: Text = None
