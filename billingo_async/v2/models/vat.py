"""VAT rates, and what the EU's rules say about a sale across a border."""

from typing import ClassVar

from billingo_async.fields.lenient import Flag, Money, Nested, Text, Uid
from billingo_async.fields.reading import ReadModel


class Vat(ReadModel):
    """A VAT rate. Source: API docs, VAT / List."""

    shown: ClassVar[tuple[str, ...]] = ("id", "value", "description")

    id: Uid = 0
    """The id."""

    value: Money = None
    """The rate as a fraction: 0.27 is 27 %."""

    description: Text = None
    """What the invoice says, such as "27%", "AM" or "EU"."""

    info_text: Text = None
    """More words on it."""


class EuVat(ReadModel):
    """The VAT that a sale to another member state carries. Source: API docs, VAT / EU."""

    shown: ClassVar[tuple[str, ...]] = ("set_country", "country_match", "tax_rate")

    set_country: Text = None
    """The customer's country as the caller stated it: ISO 3166, two letters."""

    ip_country: Text = None
    """The country of the customer's IP address."""

    country_match: Flag = None
    """Whether the two are the same."""

    company: object = None
    """What is known of the customer's company; the API does not document its shape."""

    tax_rate: Money = None
    """The rate as a fraction: 0.19 is 19 %."""

    billingo_vat: Nested[Vat] = None
    """The rate as it goes on an item."""
