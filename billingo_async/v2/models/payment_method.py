"""The ways in which an invoice can be paid."""

from typing import ClassVar

from billingo_async.fields.lenient import Flag, Text, Uid
from billingo_async.fields.reading import ReadModel


class PaymentMethod(ReadModel):
    """A way to pay, such as cash (1), wire transfer (2) or bank card (5). Source: API docs, Payment methods."""

    shown: ClassVar[tuple[str, ...]] = ("id", "lang_code", "name")

    id: Uid = 0
    lang_code: Text = None
    """The language of `name`."""

    name: Text = None
    advance_paid: Flag = None
    """Whether an invoice with this method counts as paid when it is made."""
