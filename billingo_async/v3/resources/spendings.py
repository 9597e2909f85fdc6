"""Spendings: other people's invoices to us.

Never enters here: a path or a method of HTTP; those are rows of `operations`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.fields.arguments import check_date_range
from billingo_async.noun import Noun
from billingo_async.v3 import models, operations
from billingo_async.v3.api import MAX_PER_PAGE

if TYPE_CHECKING:
    from datetime import date

    from billingo_async.paging import AsyncPager
    from billingo_async.v3.models import (
        Category,
        Currency,
        DateType,
        NewSpending,
        PaymentMethod,
        PaymentStatusSpending,
        Source,
        Spending,
    )


class Spendings(Noun):
    """The costs of the account. Source: specification, Spending."""

    def list(
        self,
        *,
        page: int = 1,
        per_page: int = MAX_PER_PAGE,
        read_ahead: int = 1,
        q: str | None = None,
        spending_date: DateType | str | None = None,
        start_date: date | None = None,
        end_date: date | None = None,
        payment_status: PaymentStatusSpending | str | None = None,
        spending_type: Source | str | None = None,
        categories: Category | str | None = None,
        currencies: Currency | str | None = None,
        payment_methods: PaymentMethod | str | None = None,
    ) -> AsyncPager[Spending]:
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

    async def get(self, id: int) -> Spending:
        """Return one cost.

        Raises:
            NotFoundError: If there is none with this id.
            ValueError: If the id is not a positive int; nothing is sent.

        Example:
            ```python
            spending = await billingo.spendings.get(9000001)
            ```

        Source: specification, SpendingShow.

        """
        return await self._dispatch.run(operations.SPENDINGS_GET.call(id=id))

    async def create(self, new: NewSpending, *, key: str | None = None) -> Spending:
        """Record a cost and return it; the same request twice books it twice.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            InvalidRequestError: If the server finds fault with a field.
            OutcomeUnknownError: If it may or may not have been made.

        Example:
            ```python
            spending = await billingo.spendings.create(
                NewSpending(
                    total_gross=12700, total_gross_huf=12700, total_vat_amount=2700, total_vat_amount_huf=2700,
                    fulfillment_date=date(2026, 3, 1), category=Category.SOFTWARE, payment_method="bankcard",
                )
            )
            ```

        Source: specification, SpendingSave.

        """
        return await self._create(operations.SPENDINGS_CREATE, new, models.NewSpending, key)

    async def update(self, id: int, new: NewSpending) -> Spending:
        """Replace a cost and return it; `spending.edit(…)` makes the `NewSpending` from one that was read.

        What `new` does not say is gone afterwards: always begin with one that was read.

        Raises:
            NotFoundError: If there is none with this id.

        Example:
            ```python
            spending = await billingo.spendings.get(9000001)
            spending = await billingo.spendings.update(spending.id, spending.edit(category=Category.SOFTWARE))
            ```

        Source: specification, SpendingUpdate.

        """
        return await self._update(operations.SPENDINGS_UPDATE, id, new, models.NewSpending)

    async def delete(self, id: int) -> None:
        """Delete a cost.

        Raises:
            NotFoundError: If there was none with this id at the first attempt.

        Example:
            ```python
            await billingo.spendings.delete(spending.id)
            ```

        Source: specification, SpendingDelete.

        """
        await self._delete(operations.SPENDINGS_DELETE, id)
