"""Products: what is sold again and again, stored with its price and VAT rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async import v2
from billingo_async.v2 import operations
from billingo_async.v2.once import rows
from billingo_async.v2.resources.resource import MAX_PER_PAGE, Resource

if TYPE_CHECKING:
    from billingo_async.paging import AsyncPager
    from billingo_async.v2.models import NewProduct, Product


class Products(Resource):
    """The stored products of the account; `NewProductItem` puts one on an invoice.

    Source: API docs, Products.
    """

    def list(self, *, page: int = 1, max_per_page: int = MAX_PER_PAGE, read_ahead: int = 1) -> AsyncPager[Product]:
        """List all products, page after page.

        Args:
            page: The page to begin with, from 1.
            max_per_page: Rows of a page, 1 to 50.
            read_ahead: Pages on the wire while the caller works on one.

        Raises:
            ValueError: For a page size that the API would refuse; nothing is sent.

        Example:
            ```python
            prices = {product.name: product.price async for product in billingo.products.list()}
            ```

        Source: API docs, Products / List products.

        """
        return self._pager(operations.PRODUCTS_LIST, page, max_per_page, read_ahead)

    async def get(self, id: int) -> Product:
        """Return one product.

        Raises:
            NotFoundError: If there is none with this id.
            ValueError: If the id is not a positive int; nothing is sent.

        Example:
            ```python
            product = await billingo.products.get(1200000112)
            ```

        Source: API docs, Products / List products.

        """
        return await self._dispatch.run(operations.PRODUCTS_GET.call(id=id))

    async def create(self, new: NewProduct, *, key: str | None = None) -> Product:
        """Store a product and return it.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            InvalidRequestError: If the server finds fault with a field.
            OutcomeUnknownError: If it may or may not have been stored.

        Example:
            ```python
            product = await billingo.products.create(
                NewProduct(name="Honey", price=Decimal("5200"), unit="jar", currency_code="HUF", vat_id=1)
            )
            ```

        Source: API docs, Products / Create product.

        """
        if key is not None:
            return await self._once(rows.ProductsCreate, new, key)
        return await self._write(operations.PRODUCTS_CREATE, new, v2.models.NewProduct)

    async def update(self, id: int, new: NewProduct) -> Product:
        """Write a product anew and return it; `product.edit(…)` makes the `NewProduct` from one that was read.

        Raises:
            NotFoundError: If there is none with this id.

        Example:
            ```python
            product = await billingo.products.update(product.id, product.edit(price=Decimal("5400")))
            ```

        Source: API docs, Products / Update product.

        """
        return await self._write(operations.PRODUCTS_UPDATE, new, v2.models.NewProduct, id=id)

    async def delete(self, id: int) -> None:
        """Delete a product; invoices that show it stay as they are.

        Raises:
            NotFoundError: If there was none with this id at the first try.

        Example:
            ```python
            await billingo.products.delete(product.id)
            ```

        Source: API docs, Products / Delete product.

        """
        with self._deletions.one():
            await self._dispatch.run(operations.PRODUCTS_DELETE.call(id=id))
