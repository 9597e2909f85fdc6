"""Bank accounts: where customers transfer what they owe; an invoice names one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async import v2
from billingo_async.v2 import operations
from billingo_async.v2.once import rows
from billingo_async.v2.resources.resource import Resource

if TYPE_CHECKING:
    import builtins

    from billingo_async.v2.models import BankAccount, NewBankAccount


class BankAccounts(Resource):
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
        if key is not None:
            return await self._once(rows.BankAccountsCreate, new, key)
        return await self._write(operations.BANK_ACCOUNTS_CREATE, new, v2.models.NewBankAccount)

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
        return await self._write(operations.BANK_ACCOUNTS_UPDATE, new, v2.models.NewBankAccount, id=id)
