"""The books: all state of one sandbox, its calendar and its dice; nothing of HTTP or of a dialect enters here."""

from __future__ import annotations

import random
from bisect import bisect_left, insort
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from billingo_async.sandbox import seeds
from billingo_async.sandbox.http import Refusal
from billingo_async.sandbox.ledger import Entry
from billingo_async.sandbox.records import RECEIPTS, Invoice, Number, Series, Type
from billingo_async.sandbox.switches import Switches

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, tzinfo

    from billingo_async.sandbox.arithmetic import Totals
    from billingo_async.sandbox.http import JsonObject
    from billingo_async.sandbox.ledger import Ledger, Mail
    from billingo_async.sandbox.records import Client, Expense, Product, Profile, Row, Terms
    from billingo_async.sandbox.seeds import Block

T = TypeVar("T")
_LOWEST_ID = 10_000_000
_HIGHEST_ID = 2_000_000_000
_CODE_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_CODE_LENGTH = 8
_UNNUMBERED = frozenset({Type.DRAFT})


class ForeignRow(Refusal):
    """The row is another profile's."""


class Table(Generic[T]):
    """The records of one noun by v2's ids, newest first when walked through, and the ids that v3 has for them.

    The order of the lists of v2 is not documented; v3 documents newest first.
    """

    def __init__(self, noun: str, first_id: int) -> None:
        self._noun = noun
        self._records: dict[int, T] = {}
        self._next_id = count(first_id)
        self._ids: dict[int, int] = {}
        self._uids: dict[int, int] = {}
        self.foreign: Table[T] | None = None
        """The same table of another profile, whose rows are known to be there, and are not shown."""
        self.foreign_status: int = 403

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[T]:
        return reversed(self._records.values())

    def __contains__(self, uid: object) -> bool:
        return uid in self._records

    def __repr__(self) -> str:
        return f"Table({self._noun}: {len(self._records)})"

    def put(self, uid: int, record: T) -> None:
        """Keep a record; one that is there already is replaced in its place."""
        if uid not in self._ids:
            self._ids[uid] = next(self._next_id)
            self._uids[self._ids[uid]] = uid
        self._records[uid] = record

    def get(self, uid: int) -> T:
        """The record, or a refusal with 404."""
        record = self._records.get(uid)
        if record is None:
            raise Refusal(404, f"There is no {self._noun} with the id {uid}")
        return record

    def remove(self, uid: int) -> T:
        """Take a record out and return it, or refuse with 404."""
        record = self.get(uid)
        del self._records[uid]
        return record

    def id_of(self, uid: int) -> int:
        """The id that v3 has for a record, also for one that was removed."""
        return self._ids[uid]

    def has_id(self, id: int) -> bool:
        """Whether there is a record with that id of v3.

        Raises:
            Refusal: it is another profile's.
        """
        if self.foreign is not None and id in self.foreign._uids:  # noqa: SLF001 - of the same class
            raise Refusal(self.foreign_status, "Forbidden.")
        return self._uids.get(id) in self._records

    def by_id(self, id: int) -> T:
        """The record with that id of v3, or a refusal with 404."""
        if not self.has_id(id):
            raise Refusal(404, f"{self._noun.capitalize()} not found.")
        return self._records[self._uids[id]]


class Books:
    """One account's books.

    `at`, `api` and `timezone` are those of the request that is being answered, the same all through it.
    """

    def __init__(self, ledger: Ledger, seed: int = 0, first_row: int = 1) -> None:
        self.at: float = 0.0
        self.api: str = "v2"
        self.timezone: tzinfo = UTC
        self.switches: Switches = Switches()
        self._dice = random.Random(seed)  # noqa: S311 - ids that look like the real one's, no secrets
        self._taken: set[int] = set(seeds.BLOCKS)
        self._serials: dict[tuple[int, int, Series], int] = {}
        self._filed = count()
        self.ledger: Ledger = ledger
        self.outbox: list[Mail] = []
        self.quota_used: int = 0
        self.vendor_ids: dict[str, list[int]] = {}
        self.blocks: Table[Block] = Table("document block", 180_000 + first_row)
        for block in seeds.BLOCKS.values():
            self.blocks.put(block.uid, block)
        self.clients: Table[Client] = Table("client", 1_800_000_000 + first_row)
        self.client_keys: dict[tuple[str, ...], dict[int, None]] = {}
        self.products: Table[Product] = Table("product", 12_000_000 + first_row)
        self.expenses: Table[Expense] = Table("expense", 0 + first_row)
        self.recurring: Table[Profile] = Table("recurring profile", 0 + first_row)
        self.bank_accounts: Table[JsonObject] = Table("bank account", 140_000 + first_row)
        self.spendings: Table[JsonObject] = Table("spending", 9_000_000 + first_row)
        self.exports: dict[str, JsonObject] = {}
        self.invoices: Table[Invoice] = Table("invoice", 70_000_000 + first_row)
        self.invoices_by_day: list[tuple[date, int, Invoice]] = []
        self.invoices_by_code: dict[str, Invoice] = {}

    def __repr__(self) -> str:
        return f"Books({len(self.invoices)} invoices, {len(self.clients)} clients)"

    def know_of(self, other: Books) -> None:
        """Know another profile's rows from ids that nothing has."""
        for mine, theirs in zip(self._shared_tables(), other._shared_tables(), strict=True):
            mine.foreign, theirs.foreign = theirs, mine

    def set_switches(self, switches: Switches) -> None:
        """Answer so from now on; the month's quota starts anew."""
        self.switches, self.quota_used = switches, 0
        for table in self._shared_tables():
            table.foreign_status = switches.foreign_row_status

    def _shared_tables(self) -> tuple[Table[Any], ...]:
        return (self.blocks, self.clients, self.products, self.bank_accounts, self.spendings, self.invoices)

    def new_id(self) -> int:
        """An id that was never given before, of the size of the real one's and in no order."""
        while True:
            uid = self._dice.randint(_LOWEST_ID, _HIGHEST_ID)
            if uid not in self._taken:
                self._taken.add(uid)
                return uid

    def new_code(self, length: int = _CODE_LENGTH) -> str:
        """A code for an invoice's public page that was never given before."""
        while True:
            code = "".join(self._dice.choices(_CODE_LETTERS, k=length))
            if code not in self.invoices_by_code:
                return code

    def today(self) -> date:
        """The day on the sandbox's calendar."""
        return self.now().date()

    def now(self) -> datetime:
        """The instant of the request on the sandbox's calendar."""
        return datetime.fromtimestamp(self.at, self.timezone)

    def timestamp(self) -> str:
        """This instant as `created_at` and `updated_at` spell it."""
        return f"{self.now():%Y-%m-%d %H:%M:%S}"

    def issue(
        self,
        type_: Type,
        block: Block,
        *,
        terms: Terms,
        client: JsonObject,
        rows: tuple[Row, ...],
        totals: Totals,
        draft: Invoice | None = None,
    ) -> Invoice:
        """Make a document and take its number, after everything that could refuse has been checked.

        Numbers have one sequence a block, year and series, without a gap. What is issued from a draft has its ids.
        """
        number: Number | None = None
        today = self.today()
        if type_ not in _UNNUMBERED:
            series = Series.PROFORMA if type_ is Type.PROFORMA else Series.INVOICE
            key = (block.uid, today.year, series)
            self._serials[key] = self._serials.get(key, 0) + 1
            number = Number(today.year, self._serials[key], series)
        if draft is not None:
            self.remove(draft)
        invoice = Invoice(
            uid=draft.uid if draft else self.new_id(),
            code=draft.code if draft else self.new_code(),
            type=type_,
            date=today,
            made_at=self.at,
            modified_at=self.at,
            block=block,
            number=number,
            terms=terms,
            client=client,
            rows=rows,
            totals=totals,
        )
        self.invoices.put(invoice.uid, invoice)
        insort(self.invoices_by_day, (invoice.date, next(self._filed), invoice))
        self.invoices_by_code[invoice.code] = invoice
        return invoice

    def issue_from_proforma(self, proforma: Invoice, terms: Terms, type_: Type = Type.INVOICE) -> Invoice:
        """The document of a proforma, each linked to the other."""
        invoice = self.issue(
            type_, proforma.block, terms=terms, client=proforma.client, rows=proforma.rows, totals=proforma.totals
        )
        proforma.generated = invoice
        self.link(proforma, invoice)
        return invoice

    def issue_storno(self, invoice: Invoice) -> Invoice:
        """The document that cancels another: every sum turned, the next number of the same block, both linked."""
        terms = replace(invoice.terms, due_date=self.today().isoformat())
        rows = tuple(row.turned() for row in invoice.rows)
        storno = self.issue(
            Type.RECEIPT_CANCELLATION if invoice.type in RECEIPTS else Type.CANCELLATION,
            invoice.block,
            terms=terms,
            client=invoice.client,
            rows=rows,
            totals=invoice.totals.turned(),
        )
        storno.cancels = invoice
        invoice.cancelled_by = invoice.cancelled_by or storno
        invoice.touch(self.at)
        self.link(invoice, storno)
        return storno

    def link(self, one: Invoice, other: Invoice) -> None:
        """Name each among the other's related documents."""
        one.related.append(other)
        other.related.append(one)

    def remove(self, draft: Invoice) -> None:
        """Take a draft out of every search."""
        self.invoices.remove(draft.uid)
        del self.invoices_by_code[draft.code]
        at = bisect_left(self.invoices_by_day, draft.date, key=lambda row: row[0])
        while self.invoices_by_day[at][2] is not draft:
            at += 1
        del self.invoices_by_day[at]

    def keep_client(self, client: Client) -> None:
        """Keep a customer, new or replaced, where each search looks."""
        if client.uid in self.clients:
            self._forget_key(client.uid)
        self.clients.put(client.uid, client)
        self.client_keys.setdefault(client.key(), {})[client.uid] = None

    def remove_client(self, uid: int) -> None:
        """Take a customer out, or refuse with 404; the invoices keep their copy."""
        self.clients.get(uid)
        self._forget_key(uid)
        self.clients.remove(uid)

    def _forget_key(self, uid: int) -> None:
        key = self.clients.get(uid).key()
        del self.client_keys[key][uid]
        if not self.client_keys[key]:
            del self.client_keys[key]

    def bank_account_for(self, uid: int | None, currency: str) -> JsonObject:
        """The bank account that an invoice names, else the first one in its currency, else none."""
        if uid is not None:
            return self.bank_accounts.get(uid)
        no_account: JsonObject = {}
        oldest_first = reversed(list(self.bank_accounts))
        return next((account for account in oldest_first if account["currency"] == currency), no_account)

    def record(self, operation: str, id: int, of: int | None = None) -> None:
        """Write a committed change into the ledger."""
        self.ledger.write(Entry(operation, id, id if of is None else of, self.at, self.api))
