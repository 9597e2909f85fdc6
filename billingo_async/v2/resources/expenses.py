"""Expenses: the invoices that the account has to pay, and the categories they fall under."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async import v2
from billingo_async.v2 import operations
from billingo_async.v2.once import rows
from billingo_async.v2.resources.resource import MAX_PER_PAGE, Resource

if TYPE_CHECKING:
    import builtins

    from billingo_async.paging import AsyncPager
    from billingo_async.v2.models import Expense, ExpenseCategory, NewExpense


class Expenses(Resource):
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
        if key is not None:
            return await self._once(rows.ExpensesCreate, new, key)
        return await self._write(operations.EXPENSES_CREATE, new, v2.models.NewExpense)

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
        return await self._write(operations.EXPENSES_UPDATE, new, v2.models.NewExpense, id=id)

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
