"""Products: what is sold again and again, and how much of it is in stock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.v3 import deferred, operations
from billingo_async.v3.resources.resource import MAX_PER_PAGE, Resource

if TYPE_CHECKING:
    from decimal import Decimal

    from billingo_async.paging import AsyncPager
    from billingo_async.v3.models import NewProduct, Product


class Products(Resource):
    """The stored products of the account. Source: specification, Product."""

    def list(
        self, *, query: str | None = None, page: int = 1, per_page: int = MAX_PER_PAGE, read_ahead: int = 1
    ) -> AsyncPager[Product]:
        """List products, page after page.

        Args:
            query: Free text; what it is looked for in is not documented.
            page: The page to begin with, from 1.
            per_page: Rows of a page, 1 to 100.
            read_ahead: Pages on the wire while the caller works on one.

        Example:
            ```python
            prices = {product.name: product.net_unit_price async for product in billingo.products.list()}
            ```

        Source: specification, ListProduct.

        """
        return self._pager(operations.PRODUCTS_LIST, page, per_page, read_ahead, query=query)

    async def get(self, id: int) -> Product:
        """Return one product.

        Raises:
            NotFoundError: If there is none with this id.
            ValueError: If the id is not a positive int; nothing is sent.

        Example:
            ```python
            product = await billingo.products.get(12000001)
            ```

        Source: specification, GetProduct.

        """
        return await self._dispatch.run(operations.PRODUCTS_GET.call(id=id))

    async def create(self, new: NewProduct, *, key: str | None = None) -> Product:
        """Store a product and return it; the same request twice stores two.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            InvalidRequestError: If the server finds fault with a field.
            OutcomeUnknownError: If it may or may not have been made.

        Example:
            ```python
            product = await billingo.products.create(
                NewProduct(name="Honey", currency="HUF", vat=Vat.PERCENT_27, unit="jar", net_unit_price=Decimal("3500"))
            )
            ```

        Source: specification, CreateProduct.

        """
        return await self._create(operations.PRODUCTS_CREATE, new, deferred.models.NewProduct, key)

    async def update(self, id: int, new: NewProduct) -> Product:
        """Replace a product and return it; `product.edit(…)` makes the `NewProduct` from one that was read.

        What `new` does not say is gone afterwards: always begin with one that was read.

        Raises:
            NotFoundError: If there is none with this id.

        Example:
            ```python
            product = await billingo.products.get(12000001)
            product = await billingo.products.update(product.id, product.edit(net_unit_price=Decimal("5400.50")))
            ```

        Source: specification, UpdateProduct.

        """
        return await self._write(operations.PRODUCTS_UPDATE, id, new, deferred.models.NewProduct)

    async def delete(self, id: int) -> None:
        """Delete a product.

        Raises:
            NotFoundError: If there was none with this id at the first attempt.

        Example:
            ```python
            await billingo.products.delete(product.id)
            ```

        Source: specification, DeleteProduct.

        """
        await self._delete(operations.PRODUCTS_DELETE, id)

    async def quantity(self, id: int) -> Decimal:
        """Return how much of a product is in stock; needs the account's inventory.

        Example:
            ```python
            left = await billingo.products.quantity(product.id)
            ```

        Source: specification, GetProductQuantity.
        """
        return await self._dispatch.run(operations.PRODUCTS_QUANTITY.call(id=id))
