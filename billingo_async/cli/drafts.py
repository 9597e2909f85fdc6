"""The entries of a file made invoices, by the models' own rules and the account's own words; nothing is sent here.

All that is wrong with an entry is told, and no invoice is made of it. Never enters here: how a file is read.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from billingo_async import Entitlement, NewClient, NewInvoice
from billingo_async.cli import cells
from billingo_async.cli.columns import ADDRESS, ADDRESS_PARTS, CUSTOMER, HEAD, ITEM, TAKES
from billingo_async.cli.problems import Problem
from billingo_async.cli.tables import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic_core import ErrorDetails

    from billingo_async.cli.catalogue import Catalogue, Customer
    from billingo_async.cli.tables import Entry, OrderFile, Row

M = TypeVar("M", bound=BaseModel)
HOME: Final = "Magyarország"
"""The country of an address whose country is not said."""
NEEDED_OF_CUSTOMER: Final = ("postcode", "city", "street_name")
"""What Billingo makes no customer without, beside the name. Source: API docs, Clients / Create a client."""
WORDS: Final = frozenset({"client_uid", "payment_method", "block_uid", "product_uid", "vat_id"})
"""Columns whose words or ids the account is asked for."""
OTHER_NAMES: Final = {"client_uid": "name", "vat_id": "vat"}
"""The columns that may stand in the place of an id."""
_HEAD: Final = frozenset(HEAD)
_ITEMS: Final = frozenset(ITEM)
_ITEM: Final[Mapping[str, object]] = {"description": "-", "vat_id": 1, "qty": 1, "unit": "-", "net_unit_price": 1}
_PLACEHOLDERS: Final[Mapping[str, object]] = {
    **_ITEM,
    **dict.fromkeys(("fulfillment_date", "due_date"), "2026-03-31"),
    **dict.fromkeys(("comment", "item_comment"), ""),
    **dict.fromkeys(("electronic_invoice", "is_paid"), False),
    "items": [_ITEM],
    "template_lang_code": "hu",
    "currency": "HUF",
    "entitlement": "AAM",
}
"""What stands in for a value that is wrong while the rest is looked at; 1 for the columns that are not here."""
MAX_LOOKS: Final = 8
"""More than enough: one is needed for each kind of mistake that hides another."""


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
        keys = Keys()
        for entry in self._file.entries():
            is_empty = False
            problems = list(entry.problems)
            draft = self._draft(entry, keys, problems)
            if problems:
                problems.sort(key=lambda each: (each.place.line or 0, each.place.item or 0))
                yield from problems
            if draft is not None:
                yield draft
        if is_empty:
            remedy = (
                "an invoice a line, as a JSON object"
                if self._file.is_json
                else "one row an item below the column names"
            )
            yield Problem(self._file.place, f"holds no invoice; write {remedy}")

    def invoices(self) -> Iterator[tuple[str, NewInvoice]]:
        """Go through a file that was checked; raise ValueError at the first problem, as where it has changed since."""
        for each in self:
            if isinstance(each, Draft):
                yield each.key, each.ready()
            elif not each.is_warning:
                raise ValueError(str(each))

    def _draft(self, entry: Entry, keys: Keys, problems: list[Problem]) -> Draft | None:
        if not entry.items and not (self._file.is_json and entry.head.cells):
            return None  # nothing but problems
        key = self._key(entry, keys, problems)
        head = self._values(entry.head, _HEAD, problems)
        customer = self._customer(entry.head, head, problems)
        items = [self._item(row, problems) for row in entry.items]
        head = {column: value for column, value in head.items() if column not in CUSTOMER}
        invoice = self._validated(NewInvoice, {**head, "items": items or [dict(_ITEM)]}, entry, problems)
        if key is None or invoice is None or not entry.is_sound or any(not each.is_warning for each in problems):
            return None
        return Draft(key, invoice, customer)

    def _key(self, entry: Entry, keys: Keys, problems: list[Problem]) -> str | None:
        place = entry.head.place
        try:
            if entry.key is None:
                if self._file.is_json or "key" in self._file.columns:
                    raise ValueError(f"is empty; it takes {TAKES['key']}")  # noqa: TRY301 - told as all others
                return None
            key = cells.key(entry.key, self._mark)
            line = keys.line_of(key, place.line)
            if line is not None:
                what = f"holds {key!r} a second time, after line {line}; give each invoice a key of its own"
                raise ValueError(what)  # noqa: TRY301 - likewise
        except ValueError as error:
            problems.insert(0, self._problem(entry.head, "key", str(error)))
            return None
        return key

    def _values(self, row: Row, columns: frozenset[str], problems: list[Problem]) -> dict[str, Any]:
        """Return what the cells of these columns say, with something fitting in the place of what makes no sense."""
        values: dict[str, Any] = {}
        for column, cell in row.cells.items():
            if column in columns:
                try:
                    value = cells.CONVERTERS.get(column, cells.text)(cell, self._mark)
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
        word = values.pop("vat", None)
        if word is not None:
            try:
                values["vat_id"] = self._catalogue.id_of("vat_id", word)
            except ValueError as error:
                problems.append(self._problem(row, "vat", str(error)))
                values["vat_id"] = 1
            if str(word).upper() in set(Entitlement):
                values.setdefault("entitlement", str(word).upper())
        return values

    def _customer(self, row: Row, head: dict[str, Any], problems: list[Problem]) -> Customer | None:
        """Return the customer of the name in a row; the head of the invoice gets an id in any case."""
        if not head.get("name") or "client_uid" in head:
            return None
        customer: Customer | None = None
        own = {column: value for column, value in head.items() if column in CUSTOMER}
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
        parts = {column: values[column] for column in (*ADDRESS, *ADDRESS_PARTS) if values.get(column)}
        own = {column: value for column, value in values.items() if column not in (*ADDRESS, *ADDRESS_PARTS)}
        try:
            return NewClient.model_validate({**own, "billing_address": {"country": HOME, **parts}})
        except ValidationError as error:
            for each in error.errors(include_url=False):
                message = each["msg"].removeprefix("Value error, ")
                named = re.match(r"Address\.(\w+) ", message)
                column = named[1] if named else str(each["loc"][-1])
                problems.append(self._problem(row, column, f"is not right: {message}"))
            return None

    def _validated(self, model: type[M], values: dict[str, Any], entry: Entry, problems: list[Problem]) -> M | None:
        """Return the model of these values, or tell all that is wrong with them.

        One mistake may hide another, such as a wrong price that there are two. So what is wrong is replaced by
        something fitting, and the whole is looked at again.
        """
        for look in range(MAX_LOOKS):
            try:
                valid = model.model_validate(values)
            except ValidationError as error:
                for each in error.errors(include_url=False):
                    problems += self._model_problem(each, values, entry)
                    _patch(values, _path(each))
            else:
                return valid if look == 0 else None
        return None

    def _model_problem(self, wrong: ErrorDetails, values: Mapping[str, Any], entry: Entry) -> Iterator[Problem]:
        path = _path(wrong)
        index = path[1] if len(path) > 1 and isinstance(path[1], int) else None
        row = entry.head if index is None else entry.items[index]
        column = str(path[-1])
        what = f"holds {cells.shown(wrong['input'])}; it takes {TAKES.get(column, 'something else')}"
        if wrong["type"] == "missing":
            column = self._column(column)
            what = f"is empty; it takes {TAKES[column]}"
            if not self._file.is_json and column not in self._file.columns:
                return  # told once, of the whole file
        elif wrong["type"] == "extra_forbidden":
            what = "is filled in beside product_uid; leave it empty, for the product has its own"
        elif isinstance(path[-1], int):  # a rule about the item as a whole: it has one price
            column = self._column(
                "gross_unit_price" if "net_unit_price" in values["items"][index] else "net_unit_price"
            )
            what = f"is not right: {wrong.get('ctx', {}).get('error', wrong['msg'])}"
        yield self._problem(row, column, what)

    def _column(self, column: str) -> str:
        """Return the column that a person would fill in: the one that the file has."""
        other = OTHER_NAMES.get(column, column)
        return other if column not in self._file.columns and other in self._file.columns else column

    def _problem(self, row: Row, column: str, what: str) -> Problem:
        return Problem(row.place, f"the {self._file.noun} {column} {what}", column)


class Keys:
    """The keys of a file, of which none may come twice; they lie on disk, for there may be a million."""

    def __init__(self) -> None:
        """Begin with none, in a database that goes with this object."""
        self._database = sqlite3.connect("")
        self._database.execute("CREATE TABLE keys (key TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")

    def line_of(self, key: str, line: int | None) -> int | None:
        """Return the line where a key has stood before; None if this is the first."""
        try:
            self._database.execute("INSERT INTO keys VALUES (?, ?)", (key, line))
        except sqlite3.IntegrityError:
            return int(self._database.execute("SELECT line FROM keys WHERE key = ?", (key,)).fetchone()[0])
        return None


def _path(wrong: ErrorDetails) -> tuple[int | str, ...]:
    """Return where it is in the values: pydantic names the kind of an item between its index and its field."""
    place = wrong["loc"]
    return (*place[:2], *place[3:]) if place[:1] == ("items",) else place


def _patch(values: dict[str, Any], path: tuple[int | str, ...]) -> None:
    """Put something fitting in the place of what is wrong, or take it out where it should not be."""
    match path:
        case ("items", int(index)):
            values["items"][index] = dict(_ITEM)
        case ("items", int(index), str(name)) if "product_uid" in values["items"][index] and name not in {
            "product_uid",
            "qty",
        }:
            del values["items"][index][name]
        case ("items", int(index), str(name)):
            values["items"][index][name] = _PLACEHOLDERS.get(name, 1)
        case (str(name), *_):
            values[name] = _PLACEHOLDERS.get(name, 1)
        case _:
            pass
