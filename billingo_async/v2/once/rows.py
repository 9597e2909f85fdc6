"""What is added to a list under a key: clients, products, expenses, bank accounts, recurring profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from billingo_async.journal.kinds import RowCreation
from billingo_async.v2 import models, operations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billingo_async.protocol.call import Operation

T = TypeVar("T")


class _Row(RowCreation[T]):
    api: ClassVar[str] = "v2"


class ClientsCreate(_Row[models.Client]):
    """`clients.create`; without `force` the server may answer with one that it had before."""

    row: ClassVar[Operation[Any]] = operations.CLIENTS_CREATE
    listing: ClassVar[Operation[Any]] = operations.CLIENTS_LIST

    def row_of(self, payload: Mapping[str, Any]) -> Operation[models.Client]:
        """Return the row of a forced client, where it is one."""
        return operations.CLIENTS_FORCE if payload.get("force") else operations.CLIENTS_CREATE

    def is_new(self, payload: Mapping[str, Any]) -> bool:
        """Tell whether it is forced."""
        return bool(payload.get("force"))


class ProductsCreate(_Row[models.Product]):
    """`products.create`."""

    row: ClassVar[Operation[Any]] = operations.PRODUCTS_CREATE
    listing: ClassVar[Operation[Any]] = operations.PRODUCTS_LIST


class ExpensesCreate(_Row[models.Expense]):
    """`expenses.create`."""

    row: ClassVar[Operation[Any]] = operations.EXPENSES_CREATE
    listing: ClassVar[Operation[Any]] = operations.EXPENSES_LIST


class BankAccountsCreate(_Row[models.BankAccount]):
    """`bank_accounts.create`."""

    row: ClassVar[Operation[Any]] = operations.BANK_ACCOUNTS_CREATE
    listing: ClassVar[Operation[Any]] = operations.BANK_ACCOUNTS_LIST


class RecurringCreate(_Row[models.RecurringProfile]):
    """`recurring.create`."""

    row: ClassVar[Operation[Any]] = operations.RECURRING_CREATE
    listing: ClassVar[Operation[Any]] = operations.RECURRING_LIST
