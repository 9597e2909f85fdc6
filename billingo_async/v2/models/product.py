"""Stored products: the read and the written one."""

from typing import Annotated, ClassVar

from pydantic import SerializeAsAny

from billingo_async.fields.lenient import Flag, Moment, Money, OpenText, Part, Raw, Text, Uid, Whole
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
    uid: Whole = None
    name: Text = None
    price: Money = None
    """Net, for one `unit`."""

    unit: Text = None
    currency_code: Text = None
    vat_id: Whole = None
    vat: Part[Vat] = None
    entitlement: OpenText[Entitlement] = None
    fokonyv_arbev: Raw = None
    """The ledger number of the revenue."""

    fokonyv_afa: Raw = None
    """The ledger number of the VAT."""

    comment: Text = None
    description: Text = None
    barcode: Text = None
    product_code: Text = None
    item_nr: Text = None
    categories_id: Whole = None
    parent_product_id: Whole = None
    master_variation_id: Whole = None
    is_service: Flag = None
    min_qty: Money = None
    max_qty: Money = None
    opt_qty: Money = None
    sales_price: Money = None
    purchase_price: Money = None
    width: Money = None
    height: Money = None
    depth: Money = None
    weight: Money = None
    deleted: Flag = None
    deleted_at: Moment = None
    archived_at: Moment = None
    created_at: Moment = None
    updated_at: Moment = None

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
    price: Amount
    """Net, for one `unit`."""

    unit: Filled
    currency_code: Currency
    vat_id: Id
    fokonyv_arbev: Number | WrittenText | None = None
    """The ledger number of the revenue."""

    fokonyv_afa: Number | WrittenText | None = None
    """The ledger number of the VAT."""

    entitlement: SerializeAsAny[Annotated[Entitlement | str, known(Entitlement)]] | None = None
