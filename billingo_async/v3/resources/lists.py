"""What the account keeps lists of: partners, products, bank accounts, and the blocks that documents are numbered in.

Never enters here: a path or a method of HTTP; those are rows of `operations`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.noun import Noun
from billingo_async.v3 import models, operations
from billingo_async.v3.api import MAX_PER_PAGE

if TYPE_CHECKING:
    from decimal import Decimal

    from billingo_async.paging import AsyncPager
    from billingo_async.v3.models import (
        BankAccount,
        DocumentBlock,
        DocumentBlockType,
        NewBankAccount,
        NewDocumentBlock,
        NewPartner,
        NewProduct,
        Partner,
        Product,
    )


class Partners(Noun):
    """The customers and suppliers of the account; ids of another profile's are refused.

    Source: specification, Partner.
    """

    def list(
        self, *, query: str | None = None, page: int = 1, per_page: int = MAX_PER_PAGE, read_ahead: int = 1
    ) -> AsyncPager[Partner]:
        """List partners, page after page.

        Args:
            query: Free text; it was seen to match names alone, so compare tax numbers and addresses yourself.
            page: The page to begin with, from 1.
            per_page: Rows of a page, 1 to 100.
            read_ahead: Pages on the wire while the caller works on one.

        Raises:
            ValueError: For a page size that the API would refuse; nothing is sent.

        Example:
            ```python
            by_tax_code = {partner.taxcode: partner.id async for partner in billingo.partners.list()}
            ```

        Source: specification, ListPartner.

        """
        return self._pager(operations.PARTNERS_LIST, page, per_page, read_ahead, query=query)

    async def get(self, id: int) -> Partner:
        """Return one partner.

        Raises:
            NotFoundError: If there is none with this id.
            PermissionDeniedError: If it is another profile's.
            ValueError: If the id is not a positive int; nothing is sent.

        Example:
            ```python
            partner = await billingo.partners.get(1800000001)
            ```

        Source: specification 3.0.14, GetPartner.

        """
        return await self._dispatch.run(operations.PARTNERS_GET.call(id=id))

    async def create(self, new: NewPartner, *, key: str | None = None) -> Partner:
        """Make a partner and return it; the same request twice makes two, see `guess`.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            InvalidRequestError: If the server finds fault with a field.
            OutcomeUnknownError: If it may or may not have been made.

        Example:
            ```python
            partner = await billingo.partners.create(
                NewPartner(
                    name="Példa Vevő Kft.",
                    address=PartnerAddress(country_code="HU", post_code="9400", city="Sopron", address="Deák tér 6."),
                )
            )
            ```

        Source: specification, CreatePartner.

        """
        return await self._create(operations.PARTNERS_CREATE, new, models.NewPartner, key)

    async def guess(self, new: NewPartner) -> Partner:
        """Return the partner with this tax number or e-mail address, made now if there is none.

        Nothing tells whether it was found or made. Two calls at the same time may make two.

        Example:
            ```python
            partner = await billingo.partners.guess(new_partner)
            ```

        Source: specification, PartnerGuess; seen.
        """
        return await self._create(operations.PARTNERS_GUESS, new, models.NewPartner)

    async def update(self, id: int, new: NewPartner) -> Partner:
        """Replace a partner and return it; `partner.edit(…)` makes the `NewPartner` from one that was read.

        What `new` does not say is gone afterwards: always begin with a partner that was read.

        Raises:
            NotFoundError: If there is none with this id.

        Example:
            ```python
            partner = await billingo.partners.get(1800000001)
            partner = await billingo.partners.update(partner.id, partner.edit(phone="+36 99 123 456"))
            ```

        Source: specification 3.0.14, UpdatePartner.

        """
        return await self._update(operations.PARTNERS_UPDATE, id, new, models.NewPartner)

    async def delete(self, id: int) -> None:
        """Delete a partner.

        Raises:
            NotFoundError: If there was none with this id at the first attempt.

        Example:
            ```python
            await billingo.partners.delete(partner.id)
            ```

        Source: specification 3.0.14, DeletePartner.

        """
        await self._delete(operations.PARTNERS_DELETE, id)


class Products(Noun):
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
        return await self._create(operations.PRODUCTS_CREATE, new, models.NewProduct, key)

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
        return await self._update(operations.PRODUCTS_UPDATE, id, new, models.NewProduct)

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


class BankAccounts(Noun):
    """The bank accounts of the account. Source: specification, BankAccount."""

    def list(self, *, page: int = 1, per_page: int = MAX_PER_PAGE, read_ahead: int = 1) -> AsyncPager[BankAccount]:
        """List bank accounts, page after page.

        Example:
            ```python
            accounts = await billingo.bank_accounts.list().to_list()
            ```

        Source: specification, ListBankAccount.
        """
        return self._pager(operations.BANK_ACCOUNTS_LIST, page, per_page, read_ahead)

    async def get(self, id: int) -> BankAccount:
        """Return one bank account.

        Raises:
            NotFoundError: If there is none with this id.
            ValueError: If the id is not a positive int; nothing is sent.

        Example:
            ```python
            account = await billingo.bank_accounts.get(140001)
            ```

        Source: specification, GetBankAccount.

        """
        return await self._dispatch.run(operations.BANK_ACCOUNTS_GET.call(id=id))

    async def create(self, new: NewBankAccount, *, key: str | None = None) -> BankAccount:
        """Record a bank account and return it; the same request twice records two.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            InvalidRequestError: If the server finds fault with a field.
            OutcomeUnknownError: If it may or may not have been made.

        Example:
            ```python
            account = await billingo.bank_accounts.create(
                NewBankAccount(name="Main", account_number="11111111-22222222-00000000", currency="HUF")
            )
            ```

        Source: specification, CreateBankAccount.

        """
        return await self._create(operations.BANK_ACCOUNTS_CREATE, new, models.NewBankAccount, key)

    async def update(self, id: int, new: NewBankAccount) -> BankAccount:
        """Replace a bank account and return it; `account.edit(…)` makes the `NewBankAccount` from one that was read.

        What `new` does not say is gone afterwards: always begin with one that was read.

        Raises:
            NotFoundError: If there is none with this id.

        Example:
            ```python
            account = await billingo.bank_accounts.get(140001)
            account = await billingo.bank_accounts.update(account.id, account.edit(currency="EUR"))
            ```

        Source: specification, UpdateBankAccount.

        """
        return await self._update(operations.BANK_ACCOUNTS_UPDATE, id, new, models.NewBankAccount)

    async def delete(self, id: int) -> None:
        """Delete a bank account.

        Raises:
            NotFoundError: If there was none with this id at the first attempt.

        Example:
            ```python
            await billingo.bank_accounts.delete(account.id)
            ```

        Source: specification, DeleteBankAccount.

        """
        await self._delete(operations.BANK_ACCOUNTS_DELETE, id)


class DocumentBlocks(Noun):
    """The ranges of numbers; every document names one. Source: specification, DocumentBlock."""

    def list(
        self,
        *,
        type: DocumentBlockType | str | None = None,
        page: int = 1,
        per_page: int = MAX_PER_PAGE,
        read_ahead: int = 1,
    ) -> AsyncPager[DocumentBlock]:
        """List blocks, all or those of one type: ``invoice`` for documents, ``receipt`` for receipts.

        Example:
            ```python
            blocks = await billingo.document_blocks.list(type="invoice").to_list()
            ```

        Source: specification, ListDocumentBlock.
        """
        return self._pager(operations.DOCUMENT_BLOCKS_LIST, page, per_page, read_ahead, type=type)

    async def create(self, new: NewDocumentBlock, *, key: str | None = None) -> DocumentBlock | None:
        """Open a range of numbers, for good: the API can neither change nor delete one.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Returns it where the server tells it, and None where it does not: list the blocks then.

        Raises:
            OutcomeUnknownError: If it may or may not have been opened: list the blocks before you call again.

        Example:
            ```python
            await billingo.document_blocks.create(NewDocumentBlock(name="Shop", prefix="SHOP", type="invoice"))
            ```

        Source: specification, CreateDocumentBlock, whose answer has no body.

        """
        return await self._create(operations.DOCUMENT_BLOCKS_CREATE, new, models.NewDocumentBlock, key)
