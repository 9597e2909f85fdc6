"""Bank accounts: where partners transfer what they owe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.v3 import deferred, operations
from billingo_async.v3.resources.resource import MAX_PER_PAGE, Resource

if TYPE_CHECKING:
    from billingo_async.paging import AsyncPager
    from billingo_async.v3.models import BankAccount, NewBankAccount


class BankAccounts(Resource):
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
        return await self._create(operations.BANK_ACCOUNTS_CREATE, new, deferred.models.NewBankAccount, key)

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
        return await self._write(operations.BANK_ACCOUNTS_UPDATE, id, new, deferred.models.NewBankAccount)

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
