"""The rows of an invoice: read, written out, and taken from a stored product."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self, TypeAlias

from pydantic import Discriminator, Tag, model_validator

from billingo_async.fields.lenient import Money, Nested, OpenText, Text, Whole
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.strict import Amount, Filled, Id, WrittenText, known
from billingo_async.fields.writing import WrittenModel
from billingo_async.v2.models.enums import Entitlement
from billingo_async.v2.models.vat import Vat


class Item(ReadModel):
    """A row of an invoice. Amounts are in the invoice's currency. Source: API docs, Invoices / Show the invoices."""

    shown: ClassVar[tuple[str, ...]] = ("qty", "net_unit_price", "vat_id")

    description: Text = None
    """What it is of."""

    vat_id: Whole = None
    """The id of the VAT rate."""

    qty: Money = None
    """How many, in `unit`."""

    unit: Text = None
    """Such as ``pc`` or ``db``."""

    net_unit_price: Money = None
    """Net, for one `unit`."""

    gross_unit_price: Money = None
    """Gross, for one `unit`."""

    item_comment: Text = None
    """Text under the row."""

    entitlement: OpenText[Entitlement] = None
    """Why there is no VAT, or which margin scheme applies."""

    product_uid: Whole = None
    """The id of the stored product."""

    net_row_price: Money = None
    """Net, of the whole row."""

    gross_row_price: Money = None
    """Gross, of the whole row."""

    vat_value: Money = None
    """The VAT of the whole row."""

    vat_object: Nested[Vat] = None
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

    description: Filled
    """What it is of."""

    vat_id: Id
    """The id of the VAT rate."""

    qty: Amount
    """How many, in `unit`."""

    unit: Filled
    """Such as ``pc`` or ``db``."""

    net_unit_price: Amount | None = None
    """Net, for one `unit`."""

    gross_unit_price: Amount | None = None
    """Gross, for one `unit`."""

    item_comment: WrittenText | None = None
    """Text under the row."""

    entitlement: Annotated[Entitlement | str, known(Entitlement)] | None = None
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

    product_uid: Id
    """The id of the stored product."""

    qty: Amount
    """How many, in the product's unit."""


def _kind(value: object) -> str:
    named = "product_uid" in value if isinstance(value, Mapping) else isinstance(value, NewProductItem)
    return "NewProductItem" if named else "NewItem"


WrittenItem: TypeAlias = Annotated[
    Annotated[NewItem, Tag("NewItem")] | Annotated[NewProductItem, Tag("NewProductItem")], Discriminator(_kind)
]
"""A row of either kind; an error in one is not measured against the other, too."""
