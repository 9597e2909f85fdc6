"""Recurring profiles: invoices that the server made by itself; withdrawn by the vendor.

Documented from October 2017, taken out of the documentation in 2019. The calls work where the server still answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async import v2
from billingo_async.fields.writing import encode_body
from billingo_async.v2 import operations
from billingo_async.v2.once import rows
from billingo_async.v2.resources.resource import MAX_PER_PAGE, Resource

if TYPE_CHECKING:
    from billingo_async.paging import AsyncPager
    from billingo_async.v2.models import NewRecurringProfile, RecurringProfile


class Recurring(Resource):
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
        if key is not None:
            return await self._once(rows.RecurringCreate, new, key)
        return await self._write(operations.RECURRING_CREATE, new, v2.models.NewRecurringProfile)

    async def update(self, id: int, new: NewRecurringProfile) -> RecurringProfile:
        """Write a recurring profile anew and return it (withdrawn by the vendor).

        Example:
            ```python
            profile = await billingo.recurring.update(profile.id, profile.edit(due_days=8))
            ```

        Source: API docs of 2017, Recurring / Update.
        """
        call = operations.RECURRING_UPDATE.call(id=id, body=encode_body(new, v2.models.NewRecurringProfile))
        return await self._dispatch.run(call)

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
