"""Stored products: the read and the written one."""

from collections.abc import Mapping
from typing import ClassVar, Self, cast

from pydantic import ValidationInfo, model_validator

from billingo_async.fields.lenient import Flag, Money, OpenText, Text, Uid, Whole
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.strict import Amount, Choice, Filled, Id, WrittenFlag, WrittenText
from billingo_async.fields.writing import WrittenModel, edited
from billingo_async.v3.models.codes import Currency
from billingo_async.v3.models.enums import Entitlement, Vat


class Product(ReadModel):
    """A stored product; prices are in `currency`, for one `unit`. Source: specification, Product."""

    shown: ClassVar[tuple[str, ...]] = ("id", "net_unit_price", "currency", "vat")

    id: Uid = 0
    """The id."""

    name: Text = None
    """The name."""

    comment: Text = None
    """A note on it."""

    currency: OpenText[Currency] = None
    """ISO 4217."""

    vat: OpenText[Vat] = None
    """The VAT rate, such as ``27%`` or ``AAM``."""

    net_unit_price: Money = None
    """Net, for one `unit`."""

    gross_unit_price: Money = None
    """Gross, for one `unit`."""

    unit: Text = None
    """Such as ``db`` or ``óra``."""

    general_ledger_number: Text = None
    """The number in the ledger."""

    general_ledger_taxcode: Text = None
    """The tax code in the ledger."""

    entitlement: OpenText[Entitlement] = None
    """Why there is no VAT."""

    ean: Text = None
    """The bar code."""

    sku: Text = None
    """The seller's article number."""

    is_manage: Flag = None
    """Whether its stock is counted."""

    purchase_price: Money = None
    """What it costs the seller."""

    is_generate_erase_code: Flag = None
    """Whether a data eraser code is made."""

    connect_product_id: Whole = None
    """The product that comes with it."""

    apply_discount: Flag = None
    """Whether discounts reach it."""

    apply_quantity: Flag = None
    """Whether it takes the other line's quantity."""

    is_connect_product: Flag = None
    """Whether another line hangs on it."""

    is_deposit_fee: Flag = None
    """Whether it is a deposit fee."""

    def edit(self, **changes: object) -> "NewProduct":
        """Return what `products.update` takes: this product with the changes, nothing else lost.

        A new price takes the place of both that were read, net and gross; another `vat` needs a price with it where
        both were read, since the API does not document which of them counts.
        Raises `TypeError` for a name that `NewProduct` does not have, `ValidationError` for a value that it refuses.

        Example:
            ```python
            await billingo.products.update(product.id, product.edit(net_unit_price=Decimal("5400.50")))
            ```

        """
        prices = {"net_unit_price", "gross_unit_price"}
        read = self
        if prices & changes.keys():
            read = self.model_copy(update=dict.fromkeys(prices))
        elif "vat" in changes and None not in {self.net_unit_price, self.gross_unit_price}:
            raise ValueError("another vat needs a price with it, net or gross: which of both stays, is undocumented")
        return edited(read, NewProduct, changes)


class NewProduct(WrittenModel):
    """A product to be stored, or to replace another whole. Source: specification, Product."""

    shown: ClassVar[tuple[str, ...]] = ("net_unit_price", "gross_unit_price", "currency", "vat")
    instead: ClassVar[Mapping[str, str]] = {
        "price": "write net_unit_price",
        "currency_code": "write currency",
        "vat_id": 'write vat, as text such as "27%"',
    }

    name: Filled
    """The name."""

    currency: Choice[Currency]
    """ISO 4217."""

    vat: Choice[Vat]
    """The VAT rate, such as ``27%`` or ``AAM``."""

    unit: Filled
    """Such as ``db`` or ``óra``."""

    net_unit_price: Amount | None = None
    """Net, for one `unit`."""

    gross_unit_price: Amount | None = None
    """Gross, for one `unit`."""

    comment: WrittenText | None = None
    """A note on it."""

    general_ledger_number: WrittenText | None = None
    """The number in the ledger."""

    general_ledger_taxcode: WrittenText | None = None
    """The tax code in the ledger."""

    entitlement: Choice[Entitlement] | None = None
    """Why there is no VAT."""

    ean: WrittenText | None = None
    """The bar code."""

    sku: WrittenText | None = None
    """The seller's article number."""

    is_manage: WrittenFlag | None = None
    """Whether its stock is managed."""

    purchase_price: Amount | None = None
    """What it costs the seller."""

    is_generate_erase_code: WrittenFlag | None = None
    """Whether a data eraser code is made."""

    connect_product_id: Id | None = None
    """The product that comes with it."""

    apply_discount: WrittenFlag | None = None
    """Whether discounts reach it."""

    apply_quantity: WrittenFlag | None = None
    """Whether it takes the other line's quantity."""

    is_connect_product: WrittenFlag | None = None
    """Whether another line hangs on it."""

    is_deposit_fee: WrittenFlag | None = None
    """Whether it is a deposit fee."""

    @model_validator(mode="after")
    def _one_price(self, info: ValidationInfo) -> Self:
        unchanged = cast("frozenset[str] | None", info.context) or frozenset()
        both_given = None not in {self.net_unit_price, self.gross_unit_price}
        if both_given and not {"net_unit_price", "gross_unit_price"} <= unchanged:
            raise ValueError("give net_unit_price or gross_unit_price, not both: which counts, is undocumented")
        return self
