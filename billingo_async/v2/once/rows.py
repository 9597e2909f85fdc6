"""What is added to a list under a key: clients, products, expenses, bank accounts, recurring profiles.

The rows that look like the written one are noted before the request leaves; one that was not among them is the key's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar, cast

from billingo_async import v2
from billingo_async.errors import ConfigurationError
from billingo_async.fields.exact import exact_json, to_json
from billingo_async.fields.stored import dump_model, load_model
from billingo_async.journal.intent import Intent, check_key, digest, fingerprint_of
from billingo_async.journal.port import Candidate, Finding, KeyedOperation
from billingo_async.paging import HasId
from billingo_async.v2 import operations
from billingo_async.v2.answers import compared
from billingo_async.v2.compare import like

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from billingo_async.fields.reading import ReadModel
    from billingo_async.fields.writing import WrittenModel
    from billingo_async.journal.port import OpenIntent
    from billingo_async.protocol.call import Call, Operation
    from billingo_async.protocol.decoders import Rows
    from billingo_async.v2 import models

MAX_PER_PAGE: Final = 50
R = TypeVar("R", bound=HasId)


class RowCreation(KeyedOperation[R]):
    """What all these have in common; a class for each says where its rows are listed and made."""

    api: ClassVar[str] = "v2"
    is_prepared: ClassVar[bool] = True
    written: ClassVar[staticmethod[[], type[WrittenModel]]]
    shown: ClassVar[staticmethod[[], type[ReadModel]]]
    listing: ClassVar[Operation[Any]]
    making: ClassVar[Operation[Any]]
    is_paged: ClassVar[bool] = True

    def __init_subclass__(cls) -> None:
        """Let each serve its own name alone."""
        cls.purpose = cls.name
        cls.kind = cls.name.partition(".")[0]

    def state(self, key: str, new: WrittenModel, stamp: str | None) -> Intent:
        """Return the intent; raise TypeError for what is not the model that the call takes."""
        del stamp
        kind: type[WrittenModel] = self.written()
        if not isinstance(new, kind):
            msg = f"a {kind.__name__} is needed here, got {type(new).__name__}"
            raise TypeError(msg)
        payload = new.to_payload()
        fingerprint = fingerprint_of(payload)
        return Intent(check_key(key), to_json(payload), fingerprint, digest(f"{self.api}:{self.kind}:{fingerprint}"))

    async def prepare(self, intent: Intent) -> str | None:
        """Return the ids of the rows that are there already and could be taken for the new one."""
        return to_json([row.id for row in await self._similar(exact_json(intent.request))]).decode()

    async def send(self, intent: Intent, before: str | None, before_send: Callable[[], object]) -> R:
        """Make the row; an answer that is a row of before, or says something else, is none."""
        call = self._call(intent, before)
        made: R = await self.account.run(call, key=intent.key, before_send=before_send)
        return made

    def _call(self, intent: Intent, before: str | None) -> Call[R]:
        payload, known = exact_json(intent.request), exact_json((before or "[]").encode())
        is_new = self._is_new(payload)

        def check(row: R) -> str | None:
            if is_new and row.id in known:
                return "id"
            return None if like(payload, row) else "content"

        return compared(self.row_of(payload).call(body=intent.request), check)

    async def find(self, intents: Sequence[OpenIntent]) -> Mapping[str, Finding[R]]:
        """List once for each request, and leave out what was there before."""
        return {intent.key: await self._find(intent) for intent in intents}

    async def _find(self, intent: OpenIntent) -> Finding[R]:
        payload, known = exact_json(intent.request), exact_json((intent.before or "[]").encode())
        rows = [row for row in await self._similar(payload) if row.id not in known]
        return Finding([Candidate(row.id, row) for row in rows])

    async def confirm(self, intent: OpenIntent, id_: int | None) -> tuple[Candidate[R], str | None]:
        """Take the row that a person names, and compare it with what was asked for."""
        if id_ is None:
            raise ConfigurationError("say which one it is: result_id is its id")
        row = next((row for row in await self._all() if row.id == id_), None)
        if row is None:
            msg = f"the account has none with the id {id_}"
            raise ConfigurationError(msg)
        fits = like(exact_json(intent.request), row)
        return Candidate(row.id, row), None if fits else f"{id_} does not say what was asked for"

    def row_of(self, payload: Mapping[str, Any]) -> Operation[R]:
        """Return the row of the table by which it is made."""
        del payload
        return type(self).making

    def _is_new(self, payload: Mapping[str, Any]) -> bool:
        del payload
        return True

    async def _similar(self, payload: Mapping[str, Any]) -> list[R]:
        return [row for row in await self._all() if like(payload, row)]

    async def _all(self) -> list[R]:
        listing = type(self).listing
        if not self.is_paged:
            rows_of_all: list[R] = await self.account.run(listing.call())
            return rows_of_all
        rows: dict[int, R] = {}
        number = 0
        while True:
            number += 1
            query = {"page": str(number), "max_per_page": str(MAX_PER_PAGE)}
            page: Rows[R] = await self.account.run(listing.call(query=query))
            fresh = {row.id: row for row in page.rows if row.id not in rows}
            rows |= fresh
            if not page.has_next or not fresh:
                return list(rows.values())

    @classmethod
    def id_of(cls, result: R) -> int | None:
        """Return the row's id."""
        return result.id

    @classmethod
    def dump(cls, result: R) -> str:
        """Return the row as JSON."""
        return dump_model(cast("ReadModel", result))

    @classmethod
    def load(cls, text: str) -> R:
        """Return the row that was written down."""
        return cast("R", load_model(cls.shown(), text))


class ClientsCreate(RowCreation["models.Client"]):
    """`clients.create`; without `force` the server may answer with one that it had before."""

    name: ClassVar[str] = "clients.create"
    written = staticmethod(lambda: v2.models.NewClient)
    shown = staticmethod(lambda: v2.models.Client)
    listing = operations.CLIENTS_LIST
    making = operations.CLIENTS_CREATE

    def row_of(self, payload: Mapping[str, Any]) -> Operation[models.Client]:
        """Return the row of a forced client, where it is one."""
        return operations.CLIENTS_FORCE if payload.get("force") else operations.CLIENTS_CREATE

    def _is_new(self, payload: Mapping[str, Any]) -> bool:
        return bool(payload.get("force"))


class ProductsCreate(RowCreation["models.Product"]):
    """`products.create`."""

    name: ClassVar[str] = "products.create"
    written = staticmethod(lambda: v2.models.NewProduct)
    shown = staticmethod(lambda: v2.models.Product)
    listing = operations.PRODUCTS_LIST
    making = operations.PRODUCTS_CREATE


class ExpensesCreate(RowCreation["models.Expense"]):
    """`expenses.create`."""

    name: ClassVar[str] = "expenses.create"
    written = staticmethod(lambda: v2.models.NewExpense)
    shown = staticmethod(lambda: v2.models.Expense)
    listing = operations.EXPENSES_LIST
    making = operations.EXPENSES_CREATE


class BankAccountsCreate(RowCreation["models.BankAccount"]):
    """`bank_accounts.create`."""

    name: ClassVar[str] = "bank_accounts.create"
    written = staticmethod(lambda: v2.models.NewBankAccount)
    shown = staticmethod(lambda: v2.models.BankAccount)
    listing = operations.BANK_ACCOUNTS_LIST
    making = operations.BANK_ACCOUNTS_CREATE
    is_paged: ClassVar[bool] = False


class RecurringCreate(RowCreation["models.RecurringProfile"]):
    """`recurring.create`."""

    name: ClassVar[str] = "recurring.create"
    written = staticmethod(lambda: v2.models.NewRecurringProfile)
    shown = staticmethod(lambda: v2.models.RecurringProfile)
    listing = operations.RECURRING_LIST
    making = operations.RECURRING_CREATE
