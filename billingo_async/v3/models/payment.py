"""Payments of a document: the whole history is read, and the whole history is written."""

from collections.abc import Mapping
from datetime import date as calendar_day
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from billingo_async.fields.both_ways import TwoWay
from billingo_async.fields.lenient import Day, Money, OpenText, Text
from billingo_async.fields.strict import Amount, PositiveAmount, WrittenDay
from billingo_async.v3.models.enums import PaymentMethod


class DocumentPayment(TwoWay):
    """A payment, full or partial, that a document received: read, or constructed by the caller.

    `conversion_rate` is forints for one unit of the document's currency; with another currency than HUF, give it.
    Source: specification, PaymentHistory.

    Example:
        ```python
        DocumentPayment(date=date(2026, 3, 5), price=25400, payment_method=PaymentMethod.WIRE_TRANSFER)
        ```

    """

    shown: ClassVar[tuple[str, ...]] = ("date", "price", "payment_method")
    required: ClassVar[tuple[str, ...]] = ("date", "price", "payment_method")
    written_as: ClassVar[Mapping[str, Any]] = {
        "date": WrittenDay,
        "price": Amount,
        "payment_method": PaymentMethod,
        "conversion_rate": PositiveAmount,
    }

    date: Annotated[Day, Field(default=None)]
    """The day of the payment."""

    price: Annotated[Money, Field(default=None)]
    """Gross, in the document's currency."""

    payment_method: Annotated[OpenText[PaymentMethod], Field(default=None)]
    """How it was paid."""

    voucher_number: Text = None
    """The number of the voucher."""

    conversion_rate: Money = None
    """Forints for one unit of the document's currency; needed where that is not HUF."""

    if TYPE_CHECKING:  # what a caller may give is wider than what is read

        def __init__(
            self,
            *,
            date: calendar_day,
            price: Decimal | int,
            payment_method: PaymentMethod | str,
            voucher_number: str | None = None,
            conversion_rate: Decimal | int | None = None,
        ) -> None: ...
