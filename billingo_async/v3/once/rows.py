"""What is added to a list under a key: partners, products, bank accounts, blocks, costs; and an export.

The rows that look like the written one are noted before the request leaves; one that was not among them is the key's.
An export that was ordered leaves nothing to look at: it stays in doubt, and a second one does no harm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from billingo_async.errors import ConfigurationError
from billingo_async.fields.exact import exact_json, to_json
from billingo_async.fields.stored import dump_model, load_model
from billingo_async.journal.intent import Intent, check_key, digest, fingerprint_of
from billingo_async.journal.port import Candidate, Finding, KeyedOperation
from billingo_async.v3 import deferred, operations
from billingo_async.v3.compare import says
from billingo_async.v3.once.acts import NO_TRACE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from billingo_async.fields.reading import ReadModel
    from billingo_async.fields.writing import WrittenModel
    from billingo_async.journal.port import OpenIntent
    from billingo_async.protocol.call import Operation
    from billingo_async.protocol.decoders import Rows

T = TypeVar("T")
PAGE_ROWS = "100"


class RowCreation(KeyedOperation[T]):
    """What all these have in common; a class for each says where its rows are listed and made."""

    api: ClassVar[str] = "v3"
    is_prepared: ClassVar[bool] = True
    written: ClassVar[staticmethod[[], type[WrittenModel]]]
    shown: ClassVar[staticmethod[[], type[ReadModel]]]
    listing: ClassVar[Operation[Any]]
    making: ClassVar[Operation[Any]]
    filters: ClassVar[Mapping[str, str]] = {}
    """What the list is asked to leave out, by the fields of the request."""

    def __init_subclass__(cls) -> None:
        """Let each serve its own name alone."""
        cls.purpose = cls.name = cls.making.name
        cls.kind = cls.name.partition(".")[0]

    def state(self, key: str, new: WrittenModel, stamp: str | None) -> Intent:
        """Return the intent; raise TypeError for what is not the model that the call takes."""
        del stamp
        kind = type(self).written()
        if not isinstance(new, kind):
            msg = f"a {kind.__name__} is needed here, got {type(new).__name__}"
            raise TypeError(msg)
        payload = new.to_payload()
        fingerprint = fingerprint_of(payload)
        return Intent(check_key(key), to_json(payload), fingerprint, digest(f"v3:{self.kind}:{fingerprint}"))

    async def prepare(self, intent: Intent) -> str | None:
        """Return the ids of the rows that are there already and could be taken for the new one."""
        return to_json([row.id for row in await self._similar(intent.request)]).decode()

    async def send(self, intent: Intent, before: str | None, before_send: Callable[[], object]) -> T:
        """Make the row."""
        del before
        made: T = await self.account.run(
            type(self).making.call(body=intent.request), key=intent.key, before_send=before_send
        )
        return made

    async def find(self, intents: Sequence[OpenIntent]) -> Mapping[str, Finding[T]]:
        """List for each request, and leave out what was there before."""
        return {intent.key: await self._find(intent) for intent in intents}

    async def _find(self, intent: OpenIntent) -> Finding[T]:
        known = exact_json((intent.before or "[]").encode())
        return Finding([Candidate(row.id, row) for row in await self._similar(intent.request) if row.id not in known])

    async def confirm(self, intent: OpenIntent, id_: int | None) -> tuple[Candidate[T], str | None]:
        """Take the row that a person names, and compare it with what was asked for."""
        if id_ is None:
            raise ConfigurationError("say which one it is: result_id is its id")
        payload = exact_json(intent.request)
        row = next((row for row in await self._rows({}) if row.id == id_), None)
        if row is None:
            msg = f"the account has none with the id {id_}"
            raise ConfigurationError(msg)
        return Candidate(row.id, row), None if says(payload, row) else f"{id_} does not say what was asked for"

    async def _similar(self, request: bytes) -> list[Any]:
        payload = exact_json(request)
        return [row for row in await self._rows(payload) if says(payload, row)]

    async def _rows(self, payload: Mapping[str, Any]) -> list[Any]:
        query = {name: str(payload[field]) for name, field in self.filters.items() if field in payload}
        rows: dict[int, Any] = {}
        number = 0
        while True:
            number += 1
            call = type(self).listing.call(query={"page": str(number), "per_page": PAGE_ROWS, **query})
            page: Rows[Any] = await self.account.run(call)
            fresh = {row.id: row for row in page.rows if row.id not in rows}
            rows |= fresh
            if not page.has_next or not fresh:
                return list(rows.values())

    @classmethod
    def id_of(cls, result: T) -> int | None:
        """Return the row's id, where the server has told the row."""
        return getattr(result, "id", None)

    @classmethod
    def dump(cls, result: T) -> str:
        """Return the row as JSON."""
        return "null" if result is None else dump_model(cast("ReadModel", result))

    @classmethod
    def load(cls, text: str) -> T:
        """Return the row that was written down."""
        return cast("T", None if text == "null" else load_model(cls.shown(), text))


class PartnersCreate(RowCreation["deferred.models.Partner"]):
    """`partners.create`; the list is asked for the name."""

    written = staticmethod(lambda: deferred.models.NewPartner)
    shown = staticmethod(lambda: deferred.models.Partner)
    listing = operations.PARTNERS_LIST
    making = operations.PARTNERS_CREATE
    filters: ClassVar[Mapping[str, str]] = {"query": "name"}


class ProductsCreate(RowCreation["deferred.models.Product"]):
    """`products.create`."""

    written = staticmethod(lambda: deferred.models.NewProduct)
    shown = staticmethod(lambda: deferred.models.Product)
    listing = operations.PRODUCTS_LIST
    making = operations.PRODUCTS_CREATE


class BankAccountsCreate(RowCreation["deferred.models.BankAccount"]):
    """`bank_accounts.create`."""

    written = staticmethod(lambda: deferred.models.NewBankAccount)
    shown = staticmethod(lambda: deferred.models.BankAccount)
    listing = operations.BANK_ACCOUNTS_LIST
    making = operations.BANK_ACCOUNTS_CREATE


class DocumentBlocksCreate(RowCreation["deferred.models.DocumentBlock | None"]):
    """`document_blocks.create`, whose answer may have no body."""

    written = staticmethod(lambda: deferred.models.NewDocumentBlock)
    shown = staticmethod(lambda: deferred.models.DocumentBlock)
    listing = operations.DOCUMENT_BLOCKS_LIST
    making = operations.DOCUMENT_BLOCKS_CREATE
    filters: ClassVar[Mapping[str, str]] = {"type": "type"}


class SpendingsCreate(RowCreation["deferred.models.Spending"]):
    """`spendings.create`; the list is asked for the day of fulfillment."""

    written = staticmethod(lambda: deferred.models.NewSpending)
    shown = staticmethod(lambda: deferred.models.Spending)
    listing = operations.SPENDINGS_LIST
    making = operations.SPENDINGS_CREATE
    filters: ClassVar[Mapping[str, str]] = {"start_date": "fulfillment_date", "end_date": "fulfillment_date"}

    async def _rows(self, payload: Mapping[str, Any]) -> list[Any]:
        rows = await super()._rows(payload)
        own = {"total_gross_huf": "total_gross_local", "total_vat_amount_huf": "total_vat_amount_local"}
        return [
            row
            for row in rows
            if all(says({read: payload[name]}, row) for name, read in own.items() if name in payload)
        ]


class ExportsCreate(RowCreation[str]):
    """`exports.create`, whose result is a text."""

    written = staticmethod(lambda: deferred.models.NewExport)
    making = operations.EXPORTS_CREATE

    async def prepare(self, intent: Intent) -> str | None:
        """Note that it is about to leave."""
        del intent
        return "{}"

    async def find(self, intents: Sequence[OpenIntent]) -> Mapping[str, Finding[str]]:
        """Say that nothing can be told."""
        return {intent.key: Finding(untold=NO_TRACE) for intent in intents}

    async def confirm(self, intent: OpenIntent, id_: int | None) -> tuple[Candidate[str], str | None]:
        """Refuse: an export's id is a text, and another export does no harm."""
        del intent, id_
        raise ConfigurationError("an export that is not known is ordered anew: say happened=False")

    @classmethod
    def id_of(cls, result: str) -> int | None:
        """Return None: the id is a text."""
        del result
        return None

    @classmethod
    def dump(cls, result: str) -> str:
        """Return the id as JSON."""
        return to_json(result).decode()

    @classmethod
    def load(cls, text: str) -> str:
        """Return the id that was written down."""
        return str(exact_json(text.encode()))
