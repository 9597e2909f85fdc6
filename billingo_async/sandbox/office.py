"""The books: all state of one sandbox, its clock and its dice; nothing of HTTP or of JSON enters here."""

from __future__ import annotations

import random
from bisect import insort
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from billingo_async.sandbox import seeds
from billingo_async.sandbox.ledger import Entry, Ledger
from billingo_async.sandbox.numbers import Numbers
from billingo_async.sandbox.refusal import not_found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, tzinfo

    from billingo_async.sandbox.clients import Client
    from billingo_async.sandbox.expenses import Expense
    from billingo_async.sandbox.http import JsonObject
    from billingo_async.sandbox.invoices.record import Invoice
    from billingo_async.sandbox.ledger import Mail
    from billingo_async.sandbox.products import Product
    from billingo_async.sandbox.recurring import Profile

T = TypeVar("T")
_LOWEST_ID = 10_000_000
_HIGHEST_ID = 2_000_000_000
_CODE_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_CODE_LENGTH = 8


class Shelf(Generic[T]):
    """The records of one noun by id, newest first when walked through.

    The order of the real one's lists is not documented; its successor, API v3, documents newest first.
    """

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._records: dict[int, T] = {}

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[T]:
        return reversed(self._records.values())

    def __contains__(self, uid: object) -> bool:
        return uid in self._records

    def __repr__(self) -> str:
        return f"Shelf({self._noun}: {len(self._records)})"

    def put(self, uid: int, record: T) -> None:
        """Keep a record; one that is there already is replaced in its place."""
        self._records[uid] = record

    def get(self, uid: int) -> T:
        """The record, or a refusal with 404."""
        record = self._records.get(uid)
        if record is None:
            raise not_found(self._noun, uid)
        return record

    def remove(self, uid: int) -> T:
        """Take a record out and return it, or refuse with 404."""
        record = self.get(uid)
        del self._records[uid]
        return record


class Office:
    """One account's books; `at` is the instant of the request that is being answered, the same all through it."""

    def __init__(self, now: Callable[[], float], timezone: tzinfo = UTC, seed: int = 0) -> None:
        self.at: float = now()
        self.timezone = timezone
        self._dice = random.Random(seed)  # noqa: S311 - ids that look like the real one's, no secrets
        self._taken: set[int] = set(seeds.BLOCKS)
        self.ledger: Ledger = Ledger()
        self.outbox: list[Mail] = []
        self.numbers: Numbers = Numbers()
        self.clients: Shelf[Client] = Shelf("client")
        self.client_keys: dict[tuple[str, ...], dict[int, None]] = {}
        self.products: Shelf[Product] = Shelf("product")
        self.expenses: Shelf[Expense] = Shelf("expense")
        self.recurring: Shelf[Profile] = Shelf("recurring profile")
        self.bank_accounts: Shelf[JsonObject] = Shelf("bank account")
        self.invoices: Shelf[Invoice] = Shelf("invoice")
        self.invoices_by_day: list[tuple[date, int, Invoice]] = []
        self.invoices_by_code: dict[str, Invoice] = {}

    def __repr__(self) -> str:
        return f"Office({len(self.invoices)} invoices, {len(self.clients)} clients)"

    def new_id(self) -> int:
        """An id that was never given before, of the size of the real one's and in no order."""
        while True:
            uid = self._dice.randint(_LOWEST_ID, _HIGHEST_ID)
            if uid not in self._taken:
                self._taken.add(uid)
                return uid

    def new_code(self) -> str:
        """A code for an invoice's public page that was never given before."""
        while True:
            code = "".join(self._dice.choices(_CODE_LETTERS, k=_CODE_LENGTH))
            if code not in self.invoices_by_code:
                return code

    def today(self) -> date:
        """The day on the sandbox's calendar."""
        return datetime.fromtimestamp(self.at, self.timezone).date()

    def timestamp(self) -> str:
        """This instant as `created_at` and `updated_at` spell it."""
        return f"{datetime.fromtimestamp(self.at, self.timezone):%Y-%m-%d %H:%M:%S}"

    def file(self, invoice: Invoice) -> None:
        """Put a new invoice where each search looks for it."""
        self.invoices.put(invoice.uid, invoice)
        insort(self.invoices_by_day, (invoice.date, len(self.invoices), invoice))
        self.invoices_by_code[invoice.code] = invoice

    def bank_account_for(self, uid: int | None, currency: str) -> JsonObject:
        """The bank account that an invoice names, else the first one in its currency, else none."""
        if uid is not None:
            return self.bank_accounts.get(uid)
        no_account: JsonObject = {}
        oldest_first = reversed(list(self.bank_accounts))
        return next((account for account in oldest_first if account["currency"] == currency), no_account)

    def note(self, operation: str, uid: int, of: int | None = None) -> None:
        """Write a committed change into the ledger."""
        self.ledger.write(Entry(operation, uid, uid if of is None else of, self.at))
