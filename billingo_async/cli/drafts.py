"""The entries of a file made invoices, by the models' own rules and the account's own words; nothing is sent here.

All that is wrong with an entry is told, and no invoice is made of it. Never enters here: how a file is read.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from pydantic import ValidationError

from billingo_async import Entitlement, NewClient, NewInvoice, NewProductItem
from billingo_async.cli import columns
from billingo_async.cli.catalogue import Catalogue, Customer
from billingo_async.cli.columns import TAKES
from billingo_async.cli.files import Entry, OrderFile, Row, nearest
from billingo_async.cli.problems import Problem

T = TypeVar("T")
HOME: Final = "Magyarország"
"""The country of an address whose country is not said."""
NEEDED_OF_CUSTOMER: Final = ("name", "postcode", "city", "street_name")
"""What Billingo makes no customer without. Source: API docs, Clients / Create a client."""
WORDS: Final = frozenset({"client_uid", "payment_method", "block_uid", "product_uid", "vat_id", "vat"})
"""Columns whose words or ids the account is asked for."""
OTHER_NAMES: Final = {"client_uid": "name", "vat_id": "vat"}
"""The columns that may stand in the place of an id."""
_NET, _GROSS = "net_unit_price", "gross_unit_price"
_PLACEHOLDERS: Final[Mapping[str, object]] = {
    **dict.fromkeys(("fulfillment_date", "due_date"), "2026-03-31"),
    **dict.fromkeys(("electronic_invoice", "is_paid"), False),
    **dict.fromkeys(("description", "unit", "comment", "item_comment", "template_lang_code", "entitlement"), "-"),
    "currency": "HUF",
}
"""What stands in for a value that is wrong while the rest is looked at; 1 for the columns that are not here."""


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
        draft.customer = self._customer(entry.head, values)
        if catalogue.only_block is None and not values.get("block_uid"):
            self._report(entry.head, "block_uid", f"is empty; it takes {TAKES['block_uid']}", is_of_account=True)
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
            key = columns.key(entry.key, self._mark)
            _register(keys, key, entry.head.line)
        except ValueError as error:
            self._report(entry.head, "key", str(error))
            return None
        return key

    def _values(self, row: Row, known: tuple[str, ...]) -> dict[str, Any]:
        """Return what the cells of these columns say, with something fitting in the place of what makes no sense."""
        values: dict[str, Any] = {}
        for column, cell in row.values.items():
            if column in known:
                is_word = False
                try:
                    values[column] = columns.CONVERTERS.get(column, columns.text)(cell, self._mark)
                    is_word = column in WORDS and values[column] is not None
                    if is_word:
                        values[column] = self._catalogue.id_of(column, values[column])
                except ValueError as error:
                    self._report(row, column, str(error), is_of_account=is_word)
                    values[column] = _PLACEHOLDERS.get(column, 1)
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

    def _customer(self, row: Row, head: dict[str, Any]) -> Customer | None:
        """Return the customer of the name in a row; the head is left with the id, and without the rest of it."""
        own: dict[str, Any] = {column: head.pop(column) for column in columns.CUSTOMER if column in head}
        if not own.get("name") or "client_uid" in head:
            return None

        def report(column: str, what: str) -> None:
            self._report(row, column, what, is_of_account=True)

        customer: Customer | None = None
        if self._catalogue.is_loaded:
            try:
                customer = self._catalogue.customer(own, lambda: new_client(own, report))
            except ValueError as error:
                report("name", str(error))
        head["client_uid"] = 1 if customer is None or customer.id is None else customer.id
        return customer

    def _checked(self, entry: Entry, make: Callable[[], T]) -> T | None:
        """Return what is made of an entry, or tell all that its model finds wrong."""
        try:
            return make()
        except ValidationError as error:
            for wrong in error.errors(include_url=False):
                name, *rest = wrong["loc"] or ("",)
                row = entry.items[int(rest[0])] if name == "items" and rest else entry.head
                column = str(wrong["loc"][-1]) if wrong["loc"] else ""
                if wrong["type"] == "missing":
                    column = self._column(column)
                    if self._file.is_json or column in self._file.columns:  # else it is told once, of the whole file
                        self._report(row, column, f"is empty; it takes {TAKES[column]}")
                elif column not in TAKES:
                    self._problems.append(Problem(row.line, f"is not right: {_message(wrong)}", item=row.item))
                elif column != "items":  # that there are none is told already
                    self._report(row, column, f"holds {columns.shown(wrong['input'])}; it takes {TAKES[column]}")
            return None

    def _column(self, column: str) -> str:
        """Return the column that a person would fill in: the one that the file has."""
        other = OTHER_NAMES.get(column, column)
        return other if column not in self._file.columns and other in self._file.columns else column


def new_client(values: Mapping[str, Any], report: Callable[[str, str], None]) -> NewClient | None:
    """Return the customer of these columns, or report what is wrong with which column."""
    missing = [column for column in NEEDED_OF_CUSTOMER if not str(values.get(column) or "").strip()]
    if missing:
        report("name", f"names no customer of the account; to have one made, fill in {', '.join(missing)}")
        return None
    parts = {column: values[column] for column in (*columns.ADDRESS, *columns.ADDRESS_PARTS) if column in values}
    rest = {column: value for column, value in values.items() if column not in parts}
    try:
        return NewClient.model_validate({**rest, "billing_address": {"country": HOME, **parts}})
    except ValidationError as error:
        for wrong in error.errors(include_url=False):
            part = re.match(r"Address\.(\w+) ", _message(wrong))
            report(part[1] if part else str(wrong["loc"][-1]), f"is not right: {_message(wrong)}")
    return None


def _message(wrong: Any) -> str:
    return str(wrong["msg"]).removeprefix("Value error, ")


def _register(keys: sqlite3.Connection, key: str, line: int | None) -> None:
    """Raise ValueError for a key that has stood before; they lie on disk, for there may be a million."""
    try:
        keys.execute("INSERT INTO keys VALUES (?, ?)", (key, line))
    except sqlite3.IntegrityError:
        (before,) = keys.execute("SELECT line FROM keys WHERE key = ?", (key,)).fetchone()
        what = f"holds {key!r} a second time, after line {before}; give each invoice a key of its own"
        raise ValueError(what) from None
