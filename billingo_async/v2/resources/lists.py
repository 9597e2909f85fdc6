"""What the account keeps lists of, beside invoices and clients: products, expenses, bank accounts, recurring profiles.

Recurring profiles are withdrawn by the vendor: documented from October 2017, taken out of the documentation in 2019.
The calls work where the server still answers.

Never enters here: a path or a method of HTTP; those are rows of `operations`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.noun import Noun
from billingo_async.v2 import models, operations
from billingo_async.v2.api import MAX_PER_PAGE

if TYPE_CHECKING:
    import builtins

    from billingo_async.paging import AsyncPager
    from billingo_async.v2.models import (
        BankAccount,
        Expense,
        ExpenseCategory,
        NewBankAccount,
        NewExpense,
        NewProduct,
        NewRecurringProfile,
        Product,
        RecurringProfile,
    )


class Products(Noun):
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
        return await self._create(operations.PRODUCTS_CREATE, new, models.NewProduct, key)

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
        return await self._update(operations.PRODUCTS_UPDATE, id, new, models.NewProduct)

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
        await self._delete(operations.PRODUCTS_DELETE, id)


class Expenses(Noun):
    """The expenses of the account. The API lists, makes and changes them; it neither gets one alone nor deletes.

    Source: API docs, Expenses.
    """

    def list(self, *, page: int = 1, max_per_page: int = MAX_PER_PAGE, read_ahead: int = 1) -> AsyncPager[Expense]:
        """List all expenses, page after page.

        Args:
            page: The page to begin with, from 1.
            max_per_page: Rows of a page, 1 to 50.
            read_ahead: Pages on the wire while the caller works on one.

        Raises:
            ValueError: For a page size that the API would refuse; nothing is sent.

        Example:
            ```python
            due = [expense.due_date async for expense in billingo.expenses.list()]
            ```

        Source: API docs, Expenses / List expenses.

        """
        return self._pager(operations.EXPENSES_LIST, page, max_per_page, read_ahead)

    async def create(self, new: NewExpense, *, key: str | None = None) -> Expense:
        """Record an expense and return it.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            InvalidRequestError: If the server finds fault with a field.
            OutcomeUnknownError: If it may or may not have been recorded.

        Example:
            ```python
            expense = await billingo.expenses.create(
                NewExpense(categories_id=4, name="Sugar", gross_price=Decimal("12700"), vat=1)
            )
            ```

        Source: API docs, Expenses / Create expense.

        """
        return await self._create(operations.EXPENSES_CREATE, new, models.NewExpense, key)

    async def update(self, id: int, new: NewExpense) -> Expense:
        """Write an expense anew and return it; `expense.edit(…)` makes the `NewExpense` from one that was read.

        Raises:
            NotFoundError: If there is none with this id.

        Example:
            ```python
            expense = await billingo.expenses.update(expense.id, expense.edit(categories_id=5))
            ```

        Source: API docs, Expenses / Update expense.

        """
        return await self._update(operations.EXPENSES_UPDATE, id, new, models.NewExpense)

    async def categories(self, lang: str = "hu") -> builtins.list[ExpenseCategory]:
        """Return the categories of expenses; the server knows them in Hungarian only.

        Raises:
            ValueError: If `lang` is not two letters; nothing is sent.

        Example:
            ```python
            names = {category.id: category.name for category in await billingo.expenses.categories()}
            ```

        Source: API docs, Expenses / Categories.

        """
        return await self._dispatch.run(operations.EXPENSES_CATEGORIES.call(lang=lang))


class BankAccounts(Noun):
    """The bank accounts of the account's owner. The API does not delete any.

    Source: API docs, Bank accounts.
    """

    async def list(self) -> builtins.list[BankAccount]:
        """Return all bank accounts; this list does not come in pages.

        Example:
            ```python
            ibans = [account.account_no_iban for account in await billingo.bank_accounts.list()]
            ```

        Source: API docs, Bank accounts / List bank accounts.
        """
        return await self._dispatch.run(operations.BANK_ACCOUNTS_LIST.call())

    async def get(self, id: int) -> BankAccount:
        """Return one bank account.

        Raises:
            NotFoundError: If there is none with this id.
            ValueError: If the id is not a positive int; nothing is sent.

        Example:
            ```python
            account = await billingo.bank_accounts.get(1)
            ```

        Source: API docs, Bank accounts / List bank accounts.

        """
        return await self._dispatch.run(operations.BANK_ACCOUNTS_GET.call(id=id))

    async def create(self, new: NewBankAccount, *, key: str | None = None) -> BankAccount:
        """Store a bank account and return it.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            InvalidRequestError: If the server finds fault with a field.
            OutcomeUnknownError: If it may or may not have been stored.

        Example:
            ```python
            new = NewBankAccount(bank_name="Bank", account_no="11111111-22222222", currency="HUF")
            account = await billingo.bank_accounts.create(new)
            ```

        Source: API docs, Bank accounts / Create bank account.

        """
        return await self._create(operations.BANK_ACCOUNTS_CREATE, new, models.NewBankAccount, key)

    async def update(self, id: int, new: NewBankAccount) -> BankAccount:
        """Write a bank account anew and return it; `account.edit(…)` makes the `NewBankAccount` from one that was read.

        Raises:
            NotFoundError: If there is none with this id.

        Example:
            ```python
            account = await billingo.bank_accounts.update(account.id, account.edit(currency="EUR"))
            ```

        Source: API docs, Bank accounts / Update bank account.

        """
        return await self._update(operations.BANK_ACCOUNTS_UPDATE, id, new, models.NewBankAccount)


class Recurring(Noun):
    """Profiles that make an invoice again and again. The vendor has withdrawn them: build nothing new on these.

    Source: API docs of 2017, Recurring.
    """

    def list(
        self, *, page: int = 1, max_per_page: int = MAX_PER_PAGE, read_ahead: int = 1
    ) -> AsyncPager[RecurringProfile]:
        """List all recurring profiles, page after page (withdrawn by the vendor).

        Raises:
            ValueError: For a page size that the API would refuse; nothing is sent.

        Example:
            ```python
            profiles = await billingo.recurring.list().to_list()
            ```

        Source: API docs of 2017, Recurring / List.

        """
        return self._pager(operations.RECURRING_LIST, page, max_per_page, read_ahead)

    async def get(self, id: int) -> RecurringProfile:
        """Return one recurring profile (withdrawn by the vendor).

        Raises:
            NotFoundError: If there is none with this id, or the server no longer answers.

        Example:
            ```python
            profile = await billingo.recurring.get(1)
            ```

        Source: API docs of 2017, Recurring / Get.

        """
        return await self._dispatch.run(operations.RECURRING_GET.call(id=id))

    async def create(self, new: NewRecurringProfile, *, key: str | None = None) -> RecurringProfile:
        """Make a recurring profile and return it (withdrawn by the vendor).

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            OutcomeUnknownError: If it may or may not have been made.

        Example:
            ```python
            profile = await billingo.recurring.create(
                NewRecurringProfile(base_invoice_uid=invoice.id, frequency="2M", start_date=date(2026, 3, 1))
            )
            ```

        Source: API docs of 2017, Recurring / Create.

        """
        return await self._create(operations.RECURRING_CREATE, new, models.NewRecurringProfile, key)

    async def update(self, id: int, new: NewRecurringProfile) -> RecurringProfile:
        """Write a recurring profile anew and return it (withdrawn by the vendor).

        Example:
            ```python
            profile = await billingo.recurring.update(profile.id, profile.edit(due_days=8))
            ```

        Source: API docs of 2017, Recurring / Update.
        """
        return await self._update(operations.RECURRING_UPDATE, id, new, models.NewRecurringProfile)

    async def stop(self, id: int) -> None:
        """Stop a recurring profile; it makes no invoices until it is resumed (withdrawn by the vendor).

        Example:
            ```python
            await billingo.recurring.stop(profile.id)
            ```

        Source: API docs of 2017, Recurring / Stop.
        """
        await self._dispatch.run(operations.RECURRING_STOP.call(id=id))

    async def resume(self, id: int) -> None:
        """Resume a recurring profile that was stopped (withdrawn by the vendor).

        Example:
            ```python
            await billingo.recurring.resume(profile.id)
            ```

        Source: API docs of 2017, Recurring / Resume.
        """
        await self._dispatch.run(operations.RECURRING_RESUME.call(id=id))
