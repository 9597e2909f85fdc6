"""The rows of a CSV file put together to invoices: those that follow each other under one key; and the rule of keys.

A row is looked at as soon as it is read and then let go of, but for the values of the invoice that it belongs to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from billingo_async import NewInvoice, NewItem
from billingo_async.cli.cells import all_rows
from billingo_async.cli.complaints import TAKES, checked, fitting
from billingo_async.cli.places import OrdersError
from billingo_async.journal.intent import checked_key  # no public name: the journal's own rule, asked before it is met

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from billingo_async.cli.cells import Row
    from billingo_async.cli.places import Place

HEAD: Final = tuple(name for name in NewInvoice.model_fields if name != "items")
ITEM: Final = tuple(NewItem.model_fields)
NEEDED: Final = ("key", "client_uid", "payment_method", "fulfillment_date", "due_date", *ITEM[:4])
WHOLE: Final = frozenset(
    {"client_uid", "payment_method", "block_uid", "type", "round_to", "bank_account_uid", "vat_id"}
)
NUMBERS: Final = frozenset({"qty", "net_unit_price", "gross_unit_price", "exchange_rate"})
FLAGS: Final = {"yes": True, "no": False, "1": True, "0": False, "true": True, "false": False}


class Keys:
    """The keys of a file, of which none may come twice."""

    def __init__(self, noun: str) -> None:
        """Take what a key stands in: a column or a field."""
        self._noun = noun
        self._lines: dict[str, int | None] = {}

    def wrong_with(self, place: Place, key: str) -> Iterator[OrdersError]:
        """Give what is wrong with the next key, if anything is."""
        try:
            checked_key(key)
        except ValueError:
            yield place.wrong(f"the {self._noun} key holds {key[:40]!r}; it takes {TAKES['key']}", "key")
            return
        if key in self._lines:
            why = f"holds {key!r} a second time, after line {self._lines[key]}; give each invoice a key of its own"
            yield place.wrong(f"the {self._noun} key {why}", "key")
        self._lines.setdefault(key, place.line)


class Group:
    """The rows of one invoice, one after the other."""

    def __init__(self, key: str, *, may_lack: bool) -> None:
        """Begin an invoice; where the file `may_lack` columns, that is told already, and not again for each row."""
        self.key, self._may_lack = key, may_lack
        self._first: Row | None = None
        self._head: dict[str, Any] = {}
        self._items: list[Any] = []
        self._invoice: NewInvoice | None = None
        self._is_right = True

    def take(self, row: Row) -> Iterator[OrdersError]:
        """Take one more row; give all that is wrong with it."""
        for wrong in self._mistakes(row):
            self._is_right = False
            yield wrong

    def spoil(self) -> None:
        """Know that something was wrong with one of the rows, or with the key."""
        self._is_right = False

    def invoice(self) -> NewInvoice | None:
        """Return the invoice, None if anything was wrong with it."""
        if not self._is_right:
            return None
        is_one_row = len(self._items) == 1
        return self._invoice if is_one_row else NewInvoice.model_validate({**self._head, "items": self._items})

    def _mistakes(self, row: Row) -> Iterator[OrdersError]:
        item, wrong = _read(row, ITEM)
        if self._first is None:
            self._first = row
            self._head, wrong_head = _read(row, HEAD)
            wrong = {**wrong_head, **wrong}
        for column in HEAD:
            if column in row.cells and row.text(column) != self._first.text(column):
                why = "differs from the invoice's first row; make them agree or use a new key"
                wrong[column] = row.place.wrong(f"the column {column} {why}", column)
        found = checked({**self._head, "items": [item]}, noun="column")
        for each in found.complaints:
            self.spoil()
            if not (self._may_lack and each.column not in row.cells):
                wrong.setdefault(each.column, row.place.wrong(each.what, each.column))
        yield from (wrong[column] for column in sorted(wrong, key=[*row.cells, *wrong].index))
        self._invoice = found.invoice
        self._head = {column: value for column, value in found.values.items() if column != "items"}
        self._items += found.values["items"]


def read_groups(path: Path) -> Iterator[tuple[str, NewInvoice] | OrdersError]:
    """Give the invoices of the file with their keys, and all that is wrong in it, in the order of its lines."""
    keys = Keys("column")
    may_lack = False
    group: Group | None = None
    for row in all_rows(path, NEEDED, ("key", *HEAD, *ITEM)):
        if row.wrong is not None:
            yield row.wrong
            may_lack = may_lack or row.place.line == 1
        key = row.cells.get("key", "")
        if row.wrong is not None and not key:
            continue  # nobody knows which invoice it belongs to
        if group is None or not key or key != group.key:
            yield from _finished(group)
            group = Group(key, may_lack=may_lack)
            for wrong in _wrong_key(row, key, keys):
                group.spoil()
                yield wrong
        if row.wrong is None:
            yield from group.take(row)
        else:
            group.spoil()
    yield from _finished(group)


def _finished(group: Group | None) -> Iterator[tuple[str, NewInvoice]]:
    invoice = group.invoice() if group is not None else None
    if group is not None and invoice is not None:
        yield group.key, invoice


def _wrong_key(row: Row, key: str, keys: Keys) -> Iterator[OrdersError]:
    if key:
        yield from keys.wrong_with(row.place, key)
    elif "key" in row.cells:  # a file without the column is told once, not for each row
        yield row.place.wrong("the column key is empty; fill it in", "key")


def _read(row: Row, columns: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, OrdersError]]:
    """Return what the filled cells of these columns say, and what is wrong with those that make no sense."""
    values: dict[str, Any] = {}
    wrong: dict[str, OrdersError] = {}
    for column in columns:
        if row.cells.get(column):
            try:
                values[column] = _cell(row, column)
            except OrdersError as error:
                values[column], wrong[column] = fitting(column), error
    return values, wrong


def _cell(row: Row, column: str) -> object:
    if column in WHOLE:
        return row.whole(column)
    if column in NUMBERS:
        return row.number(column)
    if column in {"electronic_invoice", "is_paid"}:
        return row.known(column, FLAGS)
    return row.text(column)
