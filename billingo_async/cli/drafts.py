"""The entries of a file made invoices, by the models' own rules and the account's own words; nothing is made here.

The account is asked for the ids behind the words: rates of VAT, payment methods, blocks, products and customers.

All that is wrong with an entry is told, and no invoice is made of it. Never enters here: how a file is read.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, TypeVar, cast

from pydantic import ValidationError

from billingo_async import Address, Entitlement, NewClient, NewInvoice, NewProductItem
from billingo_async.cli import columns
from billingo_async.cli.accounts import Service
from billingo_async.cli.columns import TAKES, nearest, shown
from billingo_async.cli.files import Entry, OrderFile, Problem, Row
from billingo_async.cli.running import USAGE, end
from billingo_async.cli.words import AccountWords, plain

T = TypeVar("T")
NEEDED_OF_CUSTOMER: Final = ("name", "postcode", "city", "street_name")
"""What Billingo makes no customer without. Source: API docs, Clients / Create a client."""
WORDS: Final = frozenset({"client_uid", "payment_method", "block_uid", "product_uid", "vat_id", "vat"})
"""Columns whose words or ids the account is asked for."""
OTHER_NAMES: Final = {"client_uid": "name", "vat_id": "vat"}
"""The columns that may stand in the place of an id."""
_NET, _GROSS = "net_unit_price", "gross_unit_price"


@dataclass(slots=True, eq=False)
class Customer:
    """A customer of the account, or one that is to be made: then `id` is None until it is."""

    name: str
    parts: tuple[str, ...]
    """What tells customers of one name apart: tax number, postcode, city, street."""
    id: int | None = None
    new: NewClient | None = None


@dataclass(slots=True)
class Catalogue(AccountWords):
    """The words of an account, its products and customers. An empty one, which was never loaded, lets all pass."""

    service: Service = field(kw_only=True)
    products: dict[int, tuple[Decimal | None, object, object]] = field(default_factory=dict[int, Any])
    """By id: the net price of one, the rate of VAT, the currency."""
    _customers: dict[str, list[Customer]] = field(default_factory=dict[str, list[Customer]])

    async def load(self, block: str | None = None, *, has_products: bool = False) -> None:
        """Ask the account for everything that a file may name; nothing is changed."""
        service = self.service
        await service.load(self)
        if has_products:
            async for product in service.billingo.products.list():
                self.add("product_uid", product.id, product.id, product.name, getattr(product, "product_code", None))
                self.products[product.id] = service.price(product)
        async for one in service.customers.list():
            self.add("client_uid", one.id, one.id)
            customer = Customer(one.name or "", _parts(service.parts(one)), one.id)
            self.names.setdefault("client_uid", {})[one.id] = customer.name
            self._customers.setdefault(plain(customer.name), []).append(customer)
        self.is_loaded = True
        if block is not None:
            try:
                self.only_block: int | None = self.id_of("block_uid", columns.word_or_id(block, None))
            except ValueError as error:
                end(USAGE, f"--block {error}")

    def customer(self, values: Mapping[str, object], make: Callable[[], NewClient | None]) -> Customer | None:
        """Return who is meant by a name and what stands beside it; one that `make` makes is to be made in the account.

        Raises:
            ValueError: If the account has several who may be meant.

        """
        name, parts = str(values["name"]), _parts(values)
        namesakes = self._customers.setdefault(plain(name), [])
        matches = [each for each in namesakes if all(map(_agree, parts, each.parts))]
        if len(matches) > 1:
            ids = ", ".join(sorted(str(each.id or "one to be made") for each in matches))
            raise ValueError(f"holds {shown(name)}, of whom there are several (ids {ids}); write client_uid instead")
        if matches:
            return matches[0]
        if (new := make()) is None:
            return None
        namesakes.append(Customer(name, parts, None, new))
        return namesakes[-1]

    def namesakes(self, customer: Customer) -> list[Customer]:
        """Return the others who are called so."""
        return [each for each in self._customers[plain(customer.name)] if each is not customer]


@dataclass(slots=True)
class Draft:
    """An entry of a file: all that is wrong with it, or the invoice that can be made under its key."""

    problems: list[Problem]
    key: str | None = None
    line: int | None = None
    name: str | None = None
    """The customer's, as it is written."""
    new: NewInvoice | None = None
    """In the columns of a file; `paper` is what is sent."""
    paper: Any = None
    customer: Customer | None = None
    """Who is meant by the name; without an id, one who has to be made before."""

    @property
    def is_wrong(self) -> bool:
        """Whether something keeps the invoice from being made."""
        return any(not each.is_warning for each in self.problems)


class Drafts:
    """The invoices of a file and all that is wrong in it, in the order of its lines; may be gone through again."""

    def __init__(self, file: OrderFile, catalogue: Catalogue, mark: str | None) -> None:
        """Take a file, what the account has, and the file's decimal mark where it is known."""
        self._file, self._catalogue, self._mark = file, catalogue, mark
        self._problems: list[Problem] = []
        """Those of the entry at hand."""

    def __iter__(self) -> Iterator[Draft]:
        """Go through the file."""
        with closing(sqlite3.connect("")) as keys:  # a database that goes with the connection
            keys.execute("CREATE TABLE keys (key TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
            for entry in self._file.entries():
                self._problems = list(entry.problems)
                has_content = entry.items or (self._file.is_json and entry.head.values)
                draft = self._draft(entry, keys) if has_content else Draft(self._problems)
                self._problems.sort(key=lambda each: (each.line or 0, each.item or 0))
                yield draft

    def _draft(self, entry: Entry, keys: sqlite3.Connection) -> Draft:
        catalogue = self._catalogue
        draft = Draft(self._problems, self._key(entry, keys), entry.head.line)
        values = self._values(entry.head, columns.HEAD)
        draft.name = None if "client_uid" in values else cast("str | None", values.get("name"))
        draft.customer = self._customer(entry, values)
        if catalogue.only_block is None and not values.get("block_uid"):
            blocks = ", ".join(catalogue.names.get("block_uid", {}).values())
            what = f"is empty; it takes an invoice block, one of {blocks}; or name one for all by --block"
            self._report(entry.head, "block_uid", what, is_of_account=True)
        values["items"] = [self._item(row) for row in entry.items]
        new = draft.new = self._checked(entry, lambda: NewInvoice.model_validate(values))
        if new is not None and not draft.is_wrong and catalogue.is_loaded:
            draft.paper = self._checked(entry, lambda: catalogue.service.new_paper(new, catalogue))
        return draft

    def _report(self, row: Row, column: str, what: str, *, is_of_account: bool = False) -> None:
        text = f"the {self._file.noun} {column} {what}"
        self._problems.append(Problem(row.line, text, column, row.item, is_of_account=is_of_account))

    def _key(self, entry: Entry, keys: sqlite3.Connection) -> str | None:
        if entry.key is None and not self._file.is_json and "key" not in self._file.columns:
            return None  # told of the whole file
        try:
            key = str(columns.convert("key", entry.key, self._mark))
        except ValueError as error:
            self._report(entry.head, "key", str(error))
            return None
        if keys.execute("INSERT OR IGNORE INTO keys VALUES (?, ?)", (key, entry.head.line)).rowcount:
            return key
        (before,) = keys.execute("SELECT line FROM keys WHERE key = ?", (key,)).fetchone()
        what = f"holds {key!r} a second time, after line {before}; give each invoice a key of its own"
        self._report(entry.head, "key", what)
        return None

    def _values(self, row: Row, known: tuple[str, ...]) -> dict[str, Any]:
        """Return what the cells of these columns say; what makes no sense is told, and stands as it is."""
        values: dict[str, Any] = {}
        for column, cell in row.values.items():
            if column in known:
                is_word = False
                try:
                    values[column] = columns.convert(column, cell, self._mark)
                    is_word = column in WORDS and values[column] is not None
                    if is_word:
                        values[column] = self._catalogue.id_of(column, values[column])
                except ValueError as error:
                    self._report(row, column, str(error), is_of_account=is_word)
                    values[column] = cell
            elif self._file.is_json:
                self._report(row, column, f"is not known; {nearest(column, sorted(known))}")
        return values

    def _item(self, row: Row) -> dict[str, Any]:
        values = self._values(row, columns.ITEM)
        if "vat" in values:
            values["vat_id"] = values.pop("vat")
            word = str(row.values["vat"]).upper()
            if word in set(Entitlement):
                values.setdefault("entitlement", word)
        if "product_uid" in values:
            for column in values.keys() - NewProductItem.model_fields.keys():
                self._report(row, column, "is filled in beside product_uid, which has its own; leave it empty")
                del values[column]
        elif _NET in values and _GROSS in values:
            self._report(row, _GROSS, f"is filled in beside {_NET}; give one of them")
            del values[_GROSS]
        elif _NET not in values and _GROSS not in values:
            self._report(row, self._column(_NET), f"is empty; it takes {TAKES[_NET]}")
            values[_NET] = 1
        return values

    def _customer(self, entry: Entry, head: dict[str, Any]) -> Customer | None:
        """Return the customer of the name in an entry; the head is left with the id, and without the rest of it."""
        own: dict[str, Any] = {column: head.pop(column) for column in columns.CUSTOMER if column in head}
        if not own.get("name") or "client_uid" in head:
            return None
        customer: Customer | None = None
        if self._catalogue.is_loaded:
            try:
                customer = self._catalogue.customer(own, lambda: self._new_client(entry, own))
            except ValueError as error:
                self._report(entry.head, "name", str(error), is_of_account=True)
        head["client_uid"] = 1 if customer is None or customer.id is None else customer.id
        return customer

    def _new_client(self, entry: Entry, own: dict[str, Any]) -> NewClient | None:
        """Return the customer that these columns describe, or tell what is wrong with them."""
        missing = [column for column in NEEDED_OF_CUSTOMER if not str(own.get(column) or "").strip()]
        if missing:
            what = f"names no customer of the account; to have one made, fill in {', '.join(missing)}"
            self._report(entry.head, "name", what, is_of_account=True)
            return None
        parts = {column: value for column, value in own.items() if column in Address.model_fields}
        rest = {column: value for column, value in own.items() if column not in parts}
        new = {**rest, "billing_address": {"country": "Magyarország", **parts}}
        return self._checked(entry, lambda: NewClient.model_validate(new), is_of_account=True)

    def _checked(self, entry: Entry, make: Callable[[], T], *, is_of_account: bool = False) -> T | None:
        """Return what is made of an entry, or tell all that its model finds wrong."""
        try:
            return make()
        except ValidationError as error:
            reported = {(each.line, each.item, each.column) for each in self._problems}
            for wrong in error.errors(include_url=False):
                name, *rest = wrong["loc"] or ("",)
                row = entry.items[int(rest[0])] if name == "items" and rest else entry.head
                column = str(wrong["loc"][-1]) if wrong["loc"] else ""
                if reported.intersection((row.line, row.item, name) for name in (column, OTHER_NAMES.get(column))):
                    continue
                if wrong["type"] == "missing":
                    column = self._column(column)
                    if self._file.is_json or column in self._file.columns:  # else it is told once, of the whole file
                        self._report(row, column, f"is empty; it takes {TAKES[column]}")
                elif wrong["type"] == "rate_missing":
                    self._report(row, "exchange_rate", f"is empty; it takes {TAKES['exchange_rate']}")
                elif column not in TAKES:
                    what = f"is not right: {str(wrong['msg']).removeprefix('Value error, ')}"
                    self._problems.append(Problem(row.line, what, None, row.item, is_of_account=is_of_account))
                elif column != "items":  # that there are none is told already
                    what = f"holds {shown(wrong['input'])}; it takes {TAKES[column]}"
                    self._report(row, column, what, is_of_account=is_of_account)
            return None

    def _column(self, column: str) -> str:
        """Return the column that a person would fill in: the one that the file has."""
        other = OTHER_NAMES.get(column, column)
        return other if column not in self._file.columns and other in self._file.columns else column


def _parts(values: Mapping[str, object]) -> tuple[str, ...]:
    tax = re.sub(r"\W", "", str(values.get("taxcode") or "")).casefold()
    street = " ".join(str(values[part]) for part in ("street_name", "street_type", "house_nr") if values.get(part))
    return tax, str(values.get("postcode") or ""), str(values.get("city") or ""), street


def _agree(first: str, second: str) -> bool:
    """Tell whether one says the same as the other, or the beginning of it, word by word and case aside."""
    words = zip(first.casefold().split(), second.casefold().split(), strict=False)
    return all(one == other for one, other in words)
