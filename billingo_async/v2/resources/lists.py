"""What the account keeps lists of, beside invoices and clients: products, expenses, bank accounts, recurring profiles.

Recurring profiles are withdrawn by the vendor: documented from October 2017, taken out of the documentation in 2019.
The calls work where the server still answers.

Never enters here: a path or a method of HTTP; those are rows of `operations`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from billingo_async.fields.reading import IdentifiedModel
from billingo_async.noun import Deletable, Noun, Stored, Writable, rows_of
from billingo_async.v2 import models, operations
from billingo_async.v2.api import MAX_PER_PAGE

if TYPE_CHECKING:
    import builtins

    from billingo_async.paging import AsyncPager

R = TypeVar("R", bound=IdentifiedModel)


class Listable(Noun, Generic[R]):
    """A noun whose list comes in pages."""

    def list(self, *, page: int = 1, max_per_page: int = MAX_PER_PAGE, read_ahead: int = 1) -> AsyncPager[R]:
        """List all, page after page.

        Args:
            page: The page to begin with, from 1.
            max_per_page: Rows of a page, 1 to 50.
            read_ahead: Pages on the wire while the caller works on one.

        Raises:
            ValueError: For a page size that the API would refuse; nothing is sent.

        Example:
            ```python
            async for invoice in billingo.invoices.list():
                print(invoice.invoice_no, invoice.total, invoice.currency)
            ```

        Source: API docs, the list of each noun.

        """
        return self._pager(self._rows["list"], page, max_per_page, read_ahead)


class Products(Listable["models.Product"], Stored["models.Product", "models.NewProduct"], Deletable):
    """The stored products of the account; `NewProductItem` puts one on an invoice.

    Example:
        ```python
        prices = {product.name: product.price async for product in billingo.products.list()}
        product = await billingo.products.create(
            NewProduct(name="Honey", price=Decimal("5200"), unit="jar", currency_code="HUF", vat_id=1)
        )
        product = await billingo.products.update(product.id, product.edit(price=Decimal("5400")))
        ```

    Source: API docs, Products.

    """

    _rows = rows_of("products", operations.TABLE)


class Expenses(Listable["models.Expense"], Writable["models.Expense", "models.NewExpense"]):
    """The expenses of the account. The API lists, makes and changes them; it neither gets one alone nor deletes.

    Example:
        ```python
        due = [expense.due_date async for expense in billingo.expenses.list()]
        expense = await billingo.expenses.create(
            NewExpense(categories_id=4, name="Sugar", gross_price=Decimal("12700"), vat=1)
        )
        expense = await billingo.expenses.update(expense.id, expense.edit(categories_id=5))
        ```

    Source: API docs, Expenses.

    """

    _rows = rows_of("expenses", operations.TABLE)

    async def categories(self, lang: str = "hu") -> builtins.list[models.ExpenseCategory]:
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


class BankAccounts(Stored["models.BankAccount", "models.NewBankAccount"]):
    """The bank accounts of the account's owner. The API does not delete any.

    Example:
        ```python
        new = NewBankAccount(bank_name="Bank", account_no="11111111-22222222", currency="HUF")
        account = await billingo.bank_accounts.create(new)
        account = await billingo.bank_accounts.update(account.id, account.edit(currency="EUR"))
        ```

    Source: API docs, Bank accounts.

    """

    _rows = rows_of("bank_accounts", operations.TABLE)

    async def list(self) -> builtins.list[models.BankAccount]:
        """Return all bank accounts; this list does not come in pages.

        Example:
            ```python
            ibans = [account.account_no_iban for account in await billingo.bank_accounts.list()]
            ```

        Source: API docs, Bank accounts / List bank accounts.
        """
        return await self._dispatch.run(operations.BANK_ACCOUNTS_LIST.call())


class Recurring(Listable["models.RecurringProfile"], Stored["models.RecurringProfile", "models.NewRecurringProfile"]):
    """Profiles that make an invoice again and again. The vendor has withdrawn them: build nothing new on these.

    Example:
        ```python
        profile = await billingo.recurring.create(
            NewRecurringProfile(base_invoice_uid=invoice.id, frequency="2M", start_date=date(2026, 3, 1))
        )
        profile = await billingo.recurring.update(profile.id, profile.edit(due_days=8))
        ```

    Source: API docs of 2017, Recurring.

    """

    _rows = rows_of("recurring", operations.TABLE)

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
