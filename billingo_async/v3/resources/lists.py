"""What the account keeps lists of: partners, products, bank accounts, spendings, and the blocks that number documents.

Never enters here: a path or a method of HTTP; those are rows of `operations`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from billingo_async.fields.arguments import check_date_range
from billingo_async.noun import Deletable, Noun, Stored, rows_of
from billingo_async.paging import AsyncPager, HasId
from billingo_async.v3 import models, operations
from billingo_async.v3.api import MAX_PER_PAGE

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


R = TypeVar("R", bound=HasId)


class Searchable(Noun, Generic[R]):
    """A noun whose list can be searched."""

    def list(
        self, *, query: str | None = None, page: int = 1, per_page: int = MAX_PER_PAGE, read_ahead: int = 1
    ) -> AsyncPager[R]:
        """List all, or what the text is found in, page after page.

        Args:
            query: Free text; what it is looked for in is not documented. In partners it was seen to match names alone,
                so compare tax numbers and addresses yourself.
            page: The page to begin with, from 1.
            per_page: Rows of a page, 1 to 100.
            read_ahead: Pages on the wire while the caller works on one.

        Raises:
            ValueError: For a page size that the API would refuse; nothing is sent.

        Example:
            ```python
            by_tax_code = {partner.taxcode: partner.id async for partner in billingo.partners.list()}
            ```

        Source: specification, ListPartner and ListProduct.

        """
        return self._pager(self._rows["list"], page, per_page, read_ahead, query=query)


class Partners(Searchable["models.Partner"], Stored["models.Partner", "models.NewPartner"], Deletable):
    """The customers and suppliers of the account; ids of another profile's are refused.

    `create` makes a second partner for the same request: see `guess`.

    Example:
        ```python
        partner = await billingo.partners.create(
            NewPartner(
                name="Példa Vevő Kft.",
                address=PartnerAddress(country_code="HU", post_code="9400", city="Sopron", address="Deák tér 6."),
            )
        )
        partner = await billingo.partners.update(partner.id, partner.edit(phone="+36 99 123 456"))
        ```

    Source: specification, Partner; 3.0.14 for get, update and delete.

    """

    _rows = rows_of("partners", operations.TABLE)

    async def guess(self, new: models.NewPartner) -> models.Partner:
        """Return the partner with this tax number or e-mail address, made now if there is none.

        Nothing tells whether it was found or made. Two calls at the same time may make two.

        Example:
            ```python
            partner = await billingo.partners.guess(new_partner)
            ```

        Source: specification, PartnerGuess; seen.
        """
        return await self._make(operations.PARTNERS_GUESS, new)


class Products(Searchable["models.Product"], Stored["models.Product", "models.NewProduct"], Deletable):
    """The stored products of the account.

    Example:
        ```python
        product = await billingo.products.create(
            NewProduct(name="Honey", currency="HUF", vat=Vat.PERCENT_27, unit="jar", net_unit_price=Decimal("3500"))
        )
        product = await billingo.products.update(product.id, product.edit(net_unit_price=Decimal("5400.50")))
        ```

    Source: specification, Product.

    """

    _rows = rows_of("products", operations.TABLE)

    async def quantity(self, id: int) -> Decimal:
        """Return how much of a product is in stock; needs the account's inventory.

        Example:
            ```python
            left = await billingo.products.quantity(product.id)
            ```

        Source: specification, GetProductQuantity.
        """
        return await self._dispatch.run(operations.PRODUCTS_QUANTITY.call(id=id))


class BankAccounts(Stored["models.BankAccount", "models.NewBankAccount"], Deletable):
    """The bank accounts of the account.

    Example:
        ```python
        account = await billingo.bank_accounts.create(
            NewBankAccount(name="Main", account_number="11111111-22222222-00000000", currency="HUF")
        )
        account = await billingo.bank_accounts.update(account.id, account.edit(currency="EUR"))
        ```

    Source: specification, BankAccount.

    """

    _rows = rows_of("bank_accounts", operations.TABLE)

    def list(
        self, *, page: int = 1, per_page: int = MAX_PER_PAGE, read_ahead: int = 1
    ) -> AsyncPager[models.BankAccount]:
        """List bank accounts, page after page.

        Example:
            ```python
            accounts = await billingo.bank_accounts.list().to_list()
            ```

        Source: specification, ListBankAccount.
        """
        return self._pager(operations.BANK_ACCOUNTS_LIST, page, per_page, read_ahead)


class DocumentBlocks(Noun):
    """The ranges of numbers; every document names one. Source: specification, DocumentBlock."""

    def list(
        self,
        *,
        type: models.DocumentBlockType | str | None = None,
        page: int = 1,
        per_page: int = MAX_PER_PAGE,
        read_ahead: int = 1,
    ) -> AsyncPager[models.DocumentBlock]:
        """List blocks, all or those of one type: ``invoice`` for documents, ``receipt`` for receipts.

        Example:
            ```python
            blocks = await billingo.document_blocks.list(type="invoice").to_list()
            ```

        Source: specification, ListDocumentBlock.
        """
        return self._pager(operations.DOCUMENT_BLOCKS_LIST, page, per_page, read_ahead, type=type)

    async def create(self, new: models.NewDocumentBlock, *, key: str | None = None) -> models.DocumentBlock | None:
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
        return await self._make(operations.DOCUMENT_BLOCKS_CREATE, new, key)


class Spendings(Stored["models.Spending", "models.NewSpending"], Deletable):
    """The costs of the account: other people's invoices to us. The same request twice books one twice.

    Example:
        ```python
        spending = await billingo.spendings.create(
            NewSpending(
                total_gross=12700, total_gross_huf=12700, total_vat_amount=2700, total_vat_amount_huf=2700,
                fulfillment_date=date(2026, 3, 1), category=Category.SOFTWARE, payment_method="bankcard",
            )
        )
        spending = await billingo.spendings.update(spending.id, spending.edit(comment="Licences"))
        ```

    Source: specification, Spending.

    """

    _rows = rows_of("spendings", operations.TABLE)

    def list(
        self,
        *,
        page: int = 1,
        per_page: int = MAX_PER_PAGE,
        read_ahead: int = 1,
        q: str | None = None,
        spending_date: models.DateType | str | None = None,
        start_date: date | None = None,
        end_date: date | None = None,
        payment_status: models.PaymentStatusSpending | str | None = None,
        spending_type: models.Source | str | None = None,
        categories: models.Category | str | None = None,
        currencies: models.Currency | str | None = None,
        payment_methods: models.PaymentMethod | str | None = None,
    ) -> AsyncPager[models.Spending]:
        """List costs, page after page, without their lines: all, or those that every given filter lets through.

        The filters have the API's names; `categories`, `currencies` and `payment_methods` take one value each.

        Args:
            page: The page to begin with, from 1.
            per_page: Rows of a page, 1 to 100.
            read_ahead: Pages on the wire while the caller works on one.
            q: Free text.
            spending_date: Which day `start_date` and `end_date` are about.
            start_date: The first day.
            end_date: The last day.
            payment_status: What is paid of it.
            spending_type: Recorded by hand, or by the tax office.
            categories: What it was for.
            currencies: Its currency.
            payment_methods: How it is paid.

        Raises:
            ValueError: For a page size that the API would refuse, a day that is no `date`, or a first day after the
                last; nothing is sent.

        Example:
            ```python
            unpaid = [cost async for cost in billingo.spendings.list(payment_status="unpaid")]
            ```

        Source: specification, SpendingList.

        """
        first, last = check_date_range(("start_date", start_date), ("end_date", end_date))
        return self._pager(
            operations.SPENDINGS_LIST,
            page,
            per_page,
            read_ahead,
            q=q,
            spending_date=spending_date,
            start_date=first,
            end_date=last,
            payment_status=payment_status,
            spending_type=spending_type,
            categories=categories,
            currencies=currencies,
            payment_methods=payment_methods,
        )
