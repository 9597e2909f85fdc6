"""What is suggested when an invoice is made for a client; it serves both ways."""

from typing import ClassVar

from billingo_async.fields.both_ways import TwoWay
from billingo_async.fields.lenient import Flag, OpenText, Text, Whole
from billingo_async.fields.writing import Spelling
from billingo_async.v2.models.enums import Language


def _digit(flag: bool) -> str:  # noqa: FBT001 - a spelling takes the value and nothing else
    return "1" if flag else "0"


class ClientDefaults(TwoWay):
    """What Billingo suggests when an invoice is made for the client by hand.

    The API documents every value as text (``"electronic_invoice": "0"``), both ways; here they have their own types.
    Source: API docs, Clients / Create a client.
    """

    shown: ClassVar[tuple[str, ...]] = ("payment_method", "invoice_currency", "invoice_template_lang_code")
    spelling: ClassVar[Spelling] = {"payment_method": str, "electronic_invoice": _digit, "invoice_due_days": str}

    payment_method: Whole = None
    """The id of the payment method."""

    electronic_invoice: Flag = None
    """Whether the client gets electronic invoices."""

    invoice_due_days: Whole = None
    """Days from the invoice's date to its due date."""

    invoice_currency: Text = None
    """ISO 4217."""

    invoice_template_lang_code: OpenText[Language] = None
    """The language of the client's invoices."""
