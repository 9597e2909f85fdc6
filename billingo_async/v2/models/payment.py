"""Payments of an invoice, what they leave open, and the ways in which an invoice can be paid."""

from typing import ClassVar

from billingo_async.fields.lenient import Exact, Flag, Text, Uid
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.strict import Id, PositiveAmount, WrittenDay
from billingo_async.fields.writing import WrittenModel


class PaymentState(ReadModel):
    """How much of an invoice is paid. Source: API docs, Invoices / Pay and Undo payment."""

    shown: ClassVar[tuple[str, ...]] = ("fully_paid", "outstanding")

    fully_paid: bool
    """Whether nothing is left to pay."""

    outstanding: Exact
    """What is still to be paid, in the invoice's currency."""


class Payment(WrittenModel):
    """A payment, full or partial, that an invoice received. Source: API docs, Invoices / Pay.

    Example:
        ```python
        await billingo.invoices.pay(invoice.id, Payment(date=date(2017, 1, 1), amount=12300, payment_method=2))
        ```

    """

    shown: ClassVar[tuple[str, ...]] = ("date", "amount", "payment_method")

    date: WrittenDay
    """The day of the payment."""

    amount: PositiveAmount
    """Gross, in the invoice's currency."""

    payment_method: Id
    """The id of the payment method by which it was paid."""

    conversion_rate: PositiveAmount | None = None
    """Forints for one unit of the invoice's currency."""


class PaymentMethod(ReadModel):
    """A way to pay, such as cash (1), wire transfer (2) or bank card (5). Source: API docs, Payment methods."""

    shown: ClassVar[tuple[str, ...]] = ("id", "lang_code", "name")

    id: Uid = 0
    """The id."""

    lang_code: Text = None
    """The language of `name`."""

    name: Text = None
    """Its name in `lang_code`."""

    advance_paid: Flag = None
    """Whether an invoice with this method counts as paid when it is made."""
