"""The entries of a file made invoices, by the models' own rules and the account's own words; nothing is sent here.

All that is wrong with an entry is told, and no invoice is made of it. Never enters here: how a file is read.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from billingo_async import Entitlement, NewClient, NewInvoice, NewProductItem
from billingo_async.cli import convert
from billingo_async.cli.catalogue import Catalogue, Customer
from billingo_async.cli.columns import ADDRESS, ADDRESS_PARTS, CUSTOMER, HEAD, ITEM, TAKES
from billingo_async.cli.problems import Problem
from billingo_async.cli.tables import Entry, OrderFile, Row, nearest

HOME: Final = "Magyarország"
"""The country of an address whose country is not said."""
NEEDED_OF_CUSTOMER: Final = ("postcode", "city", "street_name")
"""What Billingo makes no customer without, beside the name. Source: API docs, Clients / Create a client."""
WORDS: Final = frozenset({"client_uid", "payment_method", "block_uid", "product_uid", "vat_id", "vat"})
"""Columns whose words or ids the account is asked for."""
OTHER_NAMES: Final = {"client_uid": "name", "vat_id": "vat"}
"""The columns that may stand in the place of an id."""
_HEAD: Final = frozenset(HEAD)
_ITEMS: Final = frozenset(ITEM)
_PRICES: Final = ("net_unit_price", "gross_unit_price")
_PLACEHOLDERS: Final[Mapping[str, object]] = {
    **dict.fromkeys(("fulfillment_date", "due_date"), "2026-03-31"),
    **dict.fromkeys(("electronic_invoice", "is_paid"), False),
    **dict.fromkeys(("description", "unit", "comment", "item_comment", "template_lang_code", "entitlement"), "-"),
    "currency": "HUF",
}
"""What stands in for a value that is wrong while the rest is looked at; 1 for the columns that are not here."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An invoice that can be made, under its key; of a `customer` who is to be made its `client_uid` is none yet."""

    key: str
    invoice: NewInvoice
    customer: Customer | None

    def ready(self) -> NewInvoice:
        """Return the invoice with the id of its customer, who is there by now."""
        if self.customer is None or self.customer.id is None or self.customer.id == self.invoice.client_uid:
            return self.invoice
        return self.invoice.model_copy(update={"client_uid": self.customer.id})


class Drafts:
    """The invoices of a file and all that is wrong in it, in the order of its lines; may be gone through again."""

    def __init__(self, file: OrderFile, catalogue: Catalogue, mark: str | None) -> None:
        """Take a file, what the account has, and the file's decimal mark where it is known."""
        self._file, self._catalogue, self._mark = file, catalogue, mark

    def __iter__(self) -> Iterator[Draft | Problem]:
        """Go through the file."""
        is_empty = True
        with closing(sqlite3.connect("")) as keys:  # a database that goes with the connection
            keys.execute("CREATE TABLE keys (key TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
            for entry in self._file.entries():
                is_empty = False
                problems = list(entry.problems)
                draft = self._draft(entry, keys, problems)
                problems.sort(key=lambda each: (each.place.line or 0, each.place.item or 0))
                yield from problems
                if draft is not None:
                    yield draft
        if is_empty:
            line = "an invoice a line, as a JSON object"
            remedy = line if self._file.is_json else "one row an item below the column names"
            yield Problem(self._file.place, f"holds no invoice; write {remedy}")

    def invoices(self) -> Iterator[tuple[str, NewInvoice]]:
        """Go through a file that was checked; raise ValueError at the first problem, as where it has changed since."""
        for each in self:
            if isinstance(each, Draft):
                yield each.key, each.ready()
            elif not each.is_warning:
                raise ValueError(str(each))

    def _draft(self, entry: Entry, keys: sqlite3.Connection, problems: list[Problem]) -> Draft | None:
        if not entry.items and not (self._file.is_json and entry.head.values):
            return None  # nothing but problems
        key = self._key(entry, keys, problems)
        head = self._values(entry.head, _HEAD, problems)
        customer = self._customer(entry.head, head, problems)
        items = [self._item(row, problems) for row in entry.items]
        invoice = self._invoice({**head, "items": items}, entry, problems)
        if key is None or invoice is None or not entry.is_sound or any(not each.is_warning for each in problems):
            return None
        return Draft(key, invoice, customer)

    def _key(self, entry: Entry, keys: sqlite3.Connection, problems: list[Problem]) -> str | None:
        try:
            if entry.key is None:
                if self._file.is_json or "key" in self._file.columns:
                    raise ValueError(f"is empty; it takes {TAKES['key']}")  # noqa: TRY301 - told as all others
                return None
            key = convert.key(entry.key, self._mark)
            _register(keys, key, entry.head.place.line)
        except ValueError as error:
            problems.insert(0, self._problem(entry.head, "key", str(error)))
            return None
        return key

    def _values(self, row: Row, columns: frozenset[str], problems: list[Problem]) -> dict[str, Any]:
        """Return what the cells of these columns say, with something fitting in the place of what makes no sense."""
        values: dict[str, Any] = {}
        for column, cell in row.values.items():
            if column in columns:
                try:
                    value = convert.CONVERTERS.get(column, convert.text)(cell, self._mark)
                    if column in WORDS and value is not None:
                        value = self._catalogue.id_of(column, value)
                except ValueError as error:
                    problems.append(self._problem(row, column, str(error)))
                    value = _PLACEHOLDERS.get(column, 1)
                values[column] = value
            elif self._file.is_json:
                problems.append(self._problem(row, column, f"is not known; {nearest(column, sorted(columns))}"))
        return values

    def _item(self, row: Row, problems: list[Problem]) -> dict[str, Any]:
        values = self._values(row, _ITEMS, problems)
        if "vat" in values:
            values["vat_id"] = values.pop("vat")
            word = str(row.values["vat"]).upper()
            if word in set(Entitlement):
                values.setdefault("entitlement", word)
        prices = [column for column in _PRICES if column in values]
        if "product_uid" in values:
            for column in [column for column in values if column not in NewProductItem.model_fields]:
                what = "is filled in beside product_uid; leave it empty, for the product has its own"
                problems.append(self._problem(row, column, what))
                del values[column]
        elif len(prices) != 1:
            column = self._column(prices[-1] if prices else _PRICES[0])
            what = (
                "is filled in beside net_unit_price; give one of them"
                if prices
                else f"is empty; it takes {TAKES[column]}"
            )
            problems.append(self._problem(row, column, what))
            values = {**values, _PRICES[0]: 1, _PRICES[1]: None}
        return values

    def _customer(self, row: Row, head: dict[str, Any], problems: list[Problem]) -> Customer | None:
        """Return the customer of the name in a row; the head is left with the id, and without the rest of it."""
        own: dict[str, Any] = {column: head.pop(column) for column in CUSTOMER if column in head}
        if not own.get("name") or "client_uid" in head:
            return None
        customer: Customer | None = None
        try:
            customer = self._catalogue.customer(own, lambda: self._new_client(row, own, problems))
        except ValueError as error:
            problems.append(self._problem(row, "name", str(error)))
        head["client_uid"] = 1 if customer is None or customer.id is None else customer.id
        return customer

    def _new_client(self, row: Row, values: dict[str, Any], problems: list[Problem]) -> NewClient | None:
        missing = [column for column in NEEDED_OF_CUSTOMER if not values.get(column)]
        if missing:
            if self._catalogue.is_loaded:
                what = f"names no customer of the account; to have one made, fill in {', '.join(missing)}"
                problems.append(self._problem(row, "name", what))
            return None
        parts = {column: values.pop(column) for column in (*ADDRESS, *ADDRESS_PARTS) if column in values}
        try:
            return NewClient.model_validate({**values, "billing_address": {"country": HOME, **parts}})
        except ValidationError as error:
            for wrong in error.errors(include_url=False):
                message = wrong["msg"].removeprefix("Value error, ")
                field = re.match(r"Address\.(\w+) ", message)
                problems.append(
                    self._problem(row, field[1] if field else str(wrong["loc"][-1]), f"is not right: {message}")
                )
            return None

    def _invoice(self, values: dict[str, Any], entry: Entry, problems: list[Problem]) -> NewInvoice | None:
        """Return the invoice of these values, or tell all that the model finds wrong with them."""
        try:
            return NewInvoice.model_validate(values)
        except ValidationError as error:
            for wrong in error.errors(include_url=False):
                name, *rest = wrong["loc"]
                row = entry.items[int(rest[0])] if name == "items" and rest else entry.head
                column = str(wrong["loc"][-1])
                if wrong["type"] == "missing":
                    column = self._column(column)
                    if self._file.is_json or column in self._file.columns:  # else it is told once, of the whole file
                        problems.append(self._problem(row, column, f"is empty; it takes {TAKES[column]}"))
                elif column != "items":  # that there are none is told already
                    what = f"holds {convert.shown(wrong['input'])}; it takes {TAKES.get(column, 'something else')}"
                    problems.append(self._problem(row, column, what))
            return None

    def _column(self, column: str) -> str:
        """Return the column that a person would fill in: the one that the file has."""
        other = OTHER_NAMES.get(column, column)
        return other if column not in self._file.columns and other in self._file.columns else column

    def _problem(self, row: Row, column: str, what: str) -> Problem:
        return Problem(row.place, f"the {self._file.noun} {column} {what}", column)


def _register(keys: sqlite3.Connection, key: str, line: int | None) -> None:
    """Raise ValueError for a key that has stood before; they lie on disk, for there may be a million."""
    try:
        keys.execute("INSERT INTO keys VALUES (?, ?)", (key, line))
    except sqlite3.IntegrityError:
        (before,) = keys.execute("SELECT line FROM keys WHERE key = ?", (key,)).fetchone()
        what = f"holds {key!r} a second time, after line {before}; give each invoice a key of its own"
        raise ValueError(what) from None
