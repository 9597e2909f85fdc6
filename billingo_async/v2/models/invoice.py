"""Invoices: the read and the written one, their rows, payments and VAT rates, and the blocks that number them.

Never enters here: how an invoice is found, sent or paid.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Annotated, Any, ClassVar, Self, TypeAlias

from pydantic import AfterValidator, Discriminator, Tag, model_validator

from billingo_async.fields import lenient, strict
from billingo_async.fields.reading import IdentifiedModel, ReadModel
from billingo_async.fields.writing import Encoders, WrittenModel
from billingo_async.v2.models.client import Client
from billingo_async.v2.models.entry import EntryModel
from billingo_async.v2.models.enums import Entitlement, InvoiceStatus, InvoiceType, Language

_EXACT = Context(prec=400)  # the product of three numbers of 80 digits, and sums of thousands of them
_THOUSANDTH = Decimal("0.001")


class Vat(IdentifiedModel):
    """A VAT rate. Source: API docs, VAT / List."""

    shown: ClassVar[tuple[str, ...]] = ("id", "value", "description")

    value: lenient.Money = None
    """The rate as a fraction: 0.27 is 27 %."""

    description: lenient.Text = None
    """What the invoice says, such as "27%", "AM" or "EU"."""

    info_text: lenient.Text = None
    """More words on it."""


class EuVat(ReadModel):
    """The VAT that a sale to another member state carries. Source: API docs, VAT / EU."""

    shown: ClassVar[tuple[str, ...]] = ("set_country", "country_match", "tax_rate")

    set_country: lenient.Text = None
    """The customer's country as the caller stated it: ISO 3166, two letters."""

    ip_country: lenient.Text = None
    """The country of the customer's IP address."""

    country_match: lenient.Flag = None
    """Whether the two are the same."""

    company: object = None
    """What is known of the customer's company; the API does not document its shape."""

    tax_rate: lenient.Money = None
    """The rate as a fraction: 0.19 is 19 %."""

    billingo_vat: lenient.Nested[Vat] = None
    """The rate as it goes on an item."""


class Item(ReadModel):
    """A row of an invoice. Amounts are in the invoice's currency. Source: API docs, Invoices / Show the invoices."""

    shown: ClassVar[tuple[str, ...]] = ("qty", "net_unit_price", "vat_id")

    description: lenient.Text = None
    """What it is of."""

    vat_id: lenient.Whole = None
    """The id of the VAT rate."""

    qty: lenient.Money = None
    """How many, in `unit`."""

    unit: lenient.Text = None
    """Such as ``pc`` or ``db``."""

    net_unit_price: lenient.Money = None
    """Net, for one `unit`."""

    gross_unit_price: lenient.Money = None
    """Gross, for one `unit`."""

    item_comment: lenient.Text = None
    """Text under the row."""

    entitlement: lenient.OpenText[Entitlement] = None
    """Why there is no VAT, or which margin scheme applies."""

    product_uid: lenient.Whole = None
    """The id of the stored product."""

    net_row_price: lenient.Money = None
    """Net, of the whole row."""

    gross_row_price: lenient.Money = None
    """Gross, of the whole row."""

    vat_value: lenient.Money = None
    """The VAT of the whole row."""

    vat_object: lenient.Nested[Vat] = None
    """The VAT rate."""


class NewItem(WrittenModel):
    """A row of an invoice to be made, in the caller's own words.

    Exactly one of `net_unit_price` and `gross_unit_price` is given, in the invoice's currency; from a gross price the
    server reckons the net one by the VAT rate. Source: API docs, Invoices / Save a new invoice.

    Example:
        ```python
        NewItem(description="Test item", vat_id=1, qty=1, unit="pc", net_unit_price=Decimal("3500.10"))
        ```

    """

    shown: ClassVar[tuple[str, ...]] = ("qty", "net_unit_price", "gross_unit_price", "vat_id")
    nullable: ClassVar[frozenset[str]] = frozenset({"item_comment", "entitlement"})

    description: strict.Filled
    """What it is of."""

    vat_id: strict.Id
    """The id of the VAT rate."""

    qty: strict.Amount
    """How many, in `unit`."""

    unit: strict.Filled
    """Such as ``pc`` or ``db``."""

    net_unit_price: strict.Amount | None = None
    """Net, for one `unit`."""

    gross_unit_price: strict.Amount | None = None
    """Gross, for one `unit`."""

    item_comment: strict.WrittenText | None = None
    """Text under the row."""

    entitlement: Annotated[Entitlement | str, strict.known(Entitlement)] | None = None
    """Why there is no VAT, or which margin scheme applies."""

    @model_validator(mode="after")
    def _one_price(self) -> Self:
        if self.net_unit_price is None and self.gross_unit_price is None:
            raise ValueError("an item needs a price: give net_unit_price or gross_unit_price")
        if self.net_unit_price is not None and self.gross_unit_price is not None:
            raise ValueError("an item has one price: give net_unit_price or gross_unit_price, not both")
        return self


class NewProductItem(WrittenModel):
    """A row of an invoice to be made from a stored product, which knows its name, price and VAT.

    Source: API docs, Invoices / Save a new invoice.
    """

    shown: ClassVar[tuple[str, ...]] = ("product_uid", "qty")

    product_uid: strict.Id
    """The id of the stored product."""

    qty: strict.Amount
    """How many, in the product's unit."""


def _kind(value: object) -> str:
    named = "product_uid" in value if isinstance(value, Mapping) else isinstance(value, NewProductItem)
    return "NewProductItem" if named else "NewItem"


WrittenItem: TypeAlias = Annotated[
    Annotated[NewItem, Tag("NewItem")] | Annotated[NewProductItem, Tag("NewProductItem")], Discriminator(_kind)
]
"""A row of either kind; an error in one is not measured against the other, too."""


class PaymentState(ReadModel):
    """How much of an invoice is paid. Source: API docs, Invoices / Pay and Undo payment."""

    shown: ClassVar[tuple[str, ...]] = ("fully_paid", "outstanding")

    fully_paid: bool
    """Whether nothing is left to pay."""

    outstanding: lenient.Exact
    """What is still to be paid, in the invoice's currency."""


class Payment(WrittenModel):
    """A payment, full or partial, that an invoice received. Source: API docs, Invoices / Pay.

    Example:
        ```python
        await billingo.invoices.pay(invoice.id, Payment(date=date(2017, 1, 1), amount=12300, payment_method=2))
        ```

    """

    shown: ClassVar[tuple[str, ...]] = ("date", "amount", "payment_method")

    date: strict.WrittenDay
    """The day of the payment."""

    amount: strict.PositiveAmount
    """Gross, in the invoice's currency."""

    payment_method: strict.Id
    """The id of the payment method by which it was paid."""

    conversion_rate: strict.PositiveAmount | None = None
    """Forints for one unit of the invoice's currency."""


class PaymentMethod(IdentifiedModel):
    """A way to pay, such as cash (1), wire transfer (2) or bank card (5). Source: API docs, Payment methods."""

    shown: ClassVar[tuple[str, ...]] = ("id", "lang_code", "name")

    lang_code: lenient.Text = None
    """The language of `name`."""

    name: lenient.Text = None
    """Its name in `lang_code`."""

    advance_paid: lenient.Flag = None
    """Whether an invoice with this method counts as paid when it is made."""


class Invoice(EntryModel):
    """An invoice. Amounts are in `currency`. Source: API docs, Invoices / Show the invoices.

    `invoices.create` and `invoices.cancel` answer a short one, without items, client and payment method; what is not
    answered is None.
    """

    shown: ClassVar[tuple[str, ...]] = ("id", "invoice_no", "total", "currency")

    date: lenient.Day = None
    """The day on which the invoice was made."""

    fulfillment_date: lenient.Day = None
    """The day of fulfillment."""

    due_date: lenient.Day = None
    """The day by which it is to be paid."""

    invoice_no: lenient.Text = None
    """Such as ``2015-000001``."""

    prefix: lenient.Text = None
    """What stands before the number."""

    prefixed_invoice_no: lenient.Text = None
    """The number as it is printed, such as ``TST / 2015-000001``."""

    type: lenient.Open[InvoiceType] = None
    """What kind of document it is."""

    type_string: lenient.Text = None
    """The same in words."""

    status: lenient.Open[InvoiceStatus] = None
    """Where it stands."""

    is_cancel_invoice: lenient.Flag = None
    """Whether this is the invoice that cancels another."""

    connected_invoice_no: lenient.Text = None
    """On a cancelling invoice: the number of the canceled one."""

    total: lenient.Money = None
    """Gross; negative on a cancelling invoice."""

    total_paid: lenient.Money = None
    """What is paid of `total`."""

    net_total: lenient.Money = None
    """Net."""

    currency: lenient.Text = None
    """ISO 4217."""

    exchange_rate: lenient.Money = None
    """Forints for one unit of `currency`."""

    round_to: lenient.Whole = None
    """What `total` is rounded to a multiple of; 0 is no rounding."""

    comment: lenient.Text = None
    """Text on the invoice."""

    template_lang_code: lenient.OpenText[Language] = None
    """The language that it is written in."""

    electronic_invoice: lenient.Flag = None
    """Whether it is an electronic invoice."""

    is_paid: lenient.Flag = None
    """Whether it is paid already."""

    client_uid: lenient.Whole = None
    """The id of the client."""

    block_uid: lenient.Whole = None
    """The id of the invoice block that numbers it."""

    bank_account_uid: lenient.Whole = None
    """The id of the bank account that the money goes to."""

    payment_method: lenient.NestedOrId[PaymentMethod] = None
    """How it is to be paid."""

    client: lenient.Nested[Client] = None
    """The client as it was then; it has no id of its own here, see `client_uid`."""

    items: lenient.NestedRows[Item] = None
    """Its rows."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What an invoice comes to, in its own currency, exact to the last digit, and by the same rules as the server's.

    VAT is summed per VAT id: 0 % is written for several reasons, which a bookkeeper keeps apart. The total is the sum
    of the gross rows, rounded half up (away from zero) to a multiple of `round_to`. No decimal context of the caller's
    has a say.

    Attributes:
        net: The sum of the rows without VAT.
        vat: The VAT per VAT id, in the order of the rows.
        gross: The sum of the rows with VAT, before any rounding.
        rounding: What `round_to` adds to it, or takes away.
        total: What is to be paid: gross and rounding.

    """

    net: Decimal
    vat: Mapping[int, Decimal]
    gross: Decimal
    rounding: Decimal
    total: Decimal


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

    fulfillment_date: strict.WrittenDay
    """The day of fulfillment."""

    due_date: strict.WrittenDay
    """The day by which it is to be paid."""

    payment_method: strict.Id
    """The id of a payment method: 1 cash, 2 wire transfer, 5 bank card…"""

    client_uid: strict.Id
    """The id of the client."""

    items: Annotated[Sequence[WrittenItem], strict.sequence("items"), AfterValidator(tuple)]
    """At least one; kept as a tuple."""

    comment: strict.WrittenText = ""
    """Text on the invoice."""

    template_lang_code: Annotated[Language | str, strict.known(Language)] = Language.HUNGARIAN
    """The language that it is written in."""

    electronic_invoice: strict.WrittenFlag = False
    """Whether it is an electronic invoice."""

    currency: strict.Currency = "HUF"
    """ISO 4217."""

    exchange_rate: strict.PositiveAmount | None = None
    """Forints for one unit of `currency`; left out, the server takes the day's rate."""

    block_uid: strict.IdOrZero = 0
    """The invoice block that numbers the invoice; 0 is the account's default block."""

    type: Annotated[InvoiceType | int, strict.known(InvoiceType)] = InvoiceType.NORMAL
    """What kind of document it is."""

    round_to: strict.RoundTo = 0
    """The total is rounded to a multiple of this: 0 (not at all), 1, 5 or 10.

    It is sent only where it is given: left out, the account's own rounding applies. 5 and 10 are for forints alone.
    """

    bank_account_uid: strict.Id | None = None
    """The id of the bank account that the money goes to."""

    is_paid: strict.WrittenFlag | None = None
    """Whether it is paid already."""

    @model_validator(mode="after")
    def _rounding_of_forints(self) -> Self:
        if self.round_to > 1 and self.currency != "HUF":
            raise ValueError(f"round_to={self.round_to} is for forints, not for {self.currency}: leave it out")
        return self

    def totals(self, vat_rates: Mapping[int, Decimal | int]) -> Totals:
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
        net = gross = Decimal(0)
        vat: dict[int, Decimal] = {}
        for index, item in enumerate(self.items):
            if isinstance(item, NewProductItem):
                raise ValueError(f"items[{index}] is a stored product: only the server knows what it costs")  # noqa: TRY004 - the caller passed a fitting type
            row_net, row_gross = _sums(item, _rate(vat_rates, item.vat_id))
            net, gross = _EXACT.add(net, row_net), _EXACT.add(gross, row_gross)
            vat[item.vat_id] = _EXACT.add(vat.get(item.vat_id, Decimal(0)), _EXACT.subtract(row_gross, row_net))
        total = _rounded(gross, self.round_to)
        return Totals(net, vat, gross, _EXACT.subtract(total, gross), total)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Name what may be seen in a log; of the items, how many there are."""
        yield from super().__repr_args__()
        yield "items", len(self.items)


def _rate(vat_rates: Mapping[int, Decimal | int], vat_id: int) -> Decimal:
    if vat_id not in vat_rates:
        raise ValueError(f"no rate is given for vat_id {vat_id}: vat_rates needs it, as a fraction (27 % is 0.27)")
    rate = vat_rates[vat_id]
    if isinstance(rate, bool) or not isinstance(rate, Decimal | int):
        raise ValueError(f'the rate of vat_id {vat_id} is a {type(rate).__name__}: use Decimal("0.27") or an int')  # noqa: TRY004 - one kind of error for every rate that is none
    rate = Decimal(rate)
    if not rate.is_finite() or not 0 <= rate <= 1:
        raise ValueError(f"the rate of vat_id {vat_id} must be a fraction from 0 to 1 (27 % is 0.27)")
    return rate


def _sums(row: NewItem, rate: Decimal) -> tuple[Decimal, Decimal]:
    """Return what a row comes to, net and gross.

    A net-priced row: net = quantity x net unit price, gross = net x (1 + rate); nothing is rounded.
    A gross-priced row: gross = quantity x gross unit price, exactly; net = gross / (1 + rate), rounded half up to three
    decimals, as the API shows them.
    """
    one_and_rate = _EXACT.add(Decimal(1), rate)
    if row.net_unit_price is not None:
        net = _EXACT.multiply(Decimal(row.qty), Decimal(row.net_unit_price))
        return net, _EXACT.multiply(net, one_and_rate)
    gross = _EXACT.multiply(Decimal(row.qty), Decimal(row.gross_unit_price or 0))
    return _EXACT.divide(gross, one_and_rate).quantize(_THOUSANDTH, ROUND_HALF_UP, context=_EXACT), gross


def _rounded(amount: Decimal, round_to: int) -> Decimal:
    if round_to == 0:
        return amount
    step = Decimal(round_to)
    return _EXACT.multiply(_EXACT.divide(amount, step).to_integral_value(ROUND_HALF_UP), step)


class Block(EntryModel):
    """An invoice block, which numbers its invoices by itself. Source: API docs, Invoices / Invoice blocks."""

    shown: ClassVar[tuple[str, ...]] = ("id", "prefix")

    name: lenient.Text = None
    """The name."""

    prefix: lenient.Text = None
    """What stands before its numbers."""
