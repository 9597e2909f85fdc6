"""Stored products: the read and the written one."""

from typing import Annotated, ClassVar

from pydantic import SerializeAsAny

from billingo_async.fields.lenient import Flag, Moment, Money, Nested, OpenText, Raw, Text, Uid, Whole
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.strict import Amount, Currency, Filled, Id, Number, WrittenText, known
from billingo_async.fields.writing import WrittenModel, edited
from billingo_async.v2.models.enums import Entitlement
from billingo_async.v2.models.vat import Vat


class Product(ReadModel):
    """A stored product. Prices are in `currency_code`. Source: API docs, Products / List of products.

    What `NewProduct` has no field for is the server's own and cannot be changed through the API.
    """

    shown: ClassVar[tuple[str, ...]] = ("id", "price", "currency_code", "vat_id")

    id: Uid = 0
    """The id."""

    uid: Whole = None
    """The id again, as the API repeats it among the attributes."""

    name: Text = None
    """The name."""

    price: Money = None
    """Net, for one `unit`."""

    unit: Text = None
    """Such as ``pc`` or ``db``."""

    currency_code: Text = None
    """ISO 4217."""

    vat_id: Whole = None
    """The id of the VAT rate."""

    vat: Nested[Vat] = None
    """The VAT rate as it is stored."""

    entitlement: OpenText[Entitlement] = None
    """Why there is no VAT, or which margin scheme applies."""

    fokonyv_arbev: Raw = None
    """The ledger number of the revenue."""

    fokonyv_afa: Raw = None
    """The ledger number of the VAT."""

    comment: Text = None
    """A note on it."""

    description: Text = None
    """What it is, in words."""

    barcode: Text = None
    """The bar code."""

    product_code: Text = None
    """The seller's code."""

    item_nr: Text = None
    """The article's number."""

    categories_id: Whole = None
    """The id of its category."""

    parent_product_id: Whole = None
    """The id of the product that it is a part of."""

    master_variation_id: Whole = None
    """The id of the product that it is a variation of."""

    is_service: Flag = None
    """Whether it is a service."""

    min_qty: Money = None
    """The least that should be in stock."""

    max_qty: Money = None
    """The most that should be in stock."""

    opt_qty: Money = None
    """What should be in stock."""

    sales_price: Money = None
    """What it is sold for."""

    purchase_price: Money = None
    """What it is bought for."""

    width: Money = None
    """The width; the API tells no unit."""

    height: Money = None
    """The height; the API tells no unit."""

    depth: Money = None
    """The depth; the API tells no unit."""

    weight: Money = None
    """The weight; the API tells no unit."""

    deleted: Flag = None
    """Whether it is deleted."""

    deleted_at: Moment = None
    """When it was deleted."""

    archived_at: Moment = None
    """When it was archived."""

    created_at: Moment = None
    """When it was made."""

    updated_at: Moment = None
    """When it was changed."""

    def edit(self, **changes: object) -> "NewProduct":
        """Return what `products.update` takes: this product with the changes, nothing else lost.

        Fields of `NewProduct` may be changed; undocumented fields travel along unchanged.
        A value in a form that its field cannot hold (a list for the `entitlement`) was read as None: it is left out of
        what is written, and a required one has to be given anew.
        Raises `TypeError` for a name that `NewProduct` does not have, `ValidationError` for a value that it refuses.

        Example:
            ```python
            await billingo.products.update(product.id, product.edit(price=Decimal("5400.50")))
            ```

        """
        return edited(self, NewProduct, changes)


class NewProduct(WrittenModel):
    """A product to be stored or changed. Source: API docs, Products / Create a product."""

    shown: ClassVar[tuple[str, ...]] = ("price", "currency_code", "vat_id")
    absent_if_empty: ClassVar[frozenset[str]] = frozenset({"fokonyv_arbev", "fokonyv_afa"})

    name: Filled
    """The name."""

    price: Amount
    """Net, for one `unit`."""

    unit: Filled
    """Such as ``pc`` or ``db``."""

    currency_code: Currency
    """ISO 4217."""

    vat_id: Id
    """The id of the VAT rate."""

    fokonyv_arbev: Number | WrittenText | None = None
    """The ledger number of the revenue."""

    fokonyv_afa: Number | WrittenText | None = None
    """The ledger number of the VAT."""

    entitlement: SerializeAsAny[Annotated[Entitlement | str, known(Entitlement)]] | None = None
    """Why there is no VAT, or which margin scheme applies."""
