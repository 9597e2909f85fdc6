"""A file of invoices under keys, read: CSV or JSON lines in, keys and `NewInvoice`s out; nothing is sent here.

CSV has one row an item; rows that follow each other under the same `key` are one invoice. JSON lines have an object a
line: `key`, and the fields of `NewInvoice`. Every line is understood before the first invoice is made.
"""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, cast

from pydantic import ValidationError

from billingo_async import NewInvoice, NewItem
from billingo_async.bulk.intent import checked_key  # no public name: the journal's own rule, asked before it is met
from billingo_async.cli.cells import OrdersError, not_utf8, read_rows
from billingo_async.cli.complaints import TAKES, complaint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from billingo_async.cli.cells import Row

HEAD: Final = tuple(name for name in NewInvoice.model_fields if name != "items")
ITEM: Final = tuple(NewItem.model_fields)
NEEDED: Final = ("key", "client_uid", "payment_method", "fulfillment_date", "due_date", *ITEM[:4])
WHOLE: Final = frozenset(
    {"client_uid", "payment_method", "block_uid", "type", "round_to", "bank_account_uid", "vat_id"}
)
NUMBERS: Final = frozenset({"qty", "net_unit_price", "gross_unit_price", "exchange_rate"})
FLAGS: Final = {"yes": True, "no": False, "1": True, "0": False, "true": True, "false": False}


def read_drafts(path: Path) -> Iterator[tuple[str, NewInvoice]]:
    """All keys and invoices of the file, in the file's order, read as they are needed.

    Raises:
        OrdersError: A line that makes no sense, or a key that comes twice, named by line, column and remedy.
    """
    if path.suffix.lower() == ".json":
        raise OrdersError(f"{path}: is one JSON document; write one object a line, and name the file .jsonl")
    seen: set[str] = set()
    read = _json_lines(path) if path.suffix.lower() in {".jsonl", ".ndjson"} else _csv(path)
    for place, key, new in read:
        try:
            checked_key(key)
        except ValueError:
            raise OrdersError(f"{place}: the column key holds {key[:40]!r}; it takes {TAKES['key']}") from None
        if key in seen:
            raise OrdersError(
                f"{place}: the column key holds {key!r} a second time; give each invoice a key of its own"
            )
        seen.add(key)
        yield key, new


def count_drafts(path: Path) -> int:
    """How many invoices the file holds, every line understood."""
    number = sum(1 for _ in read_drafts(path))
    if not number:
        raise OrdersError(f"{path}: holds no invoice; write one row an item below the column names")
    return number


def _csv(path: Path) -> Iterator[tuple[str, str, NewInvoice]]:
    known = ("key", *HEAD, *ITEM)
    for key, rows in groupby(read_rows(path, NEEDED, known), key=lambda row: row.filled("key")):
        first, *others = rows
        values = _fields(first, set(HEAD))
        for row in others:
            for column in values:
                if row.text(column) != first.text(column):
                    row.refuse(column, "differs from the invoice's first row; make them agree or use a new key")
        values["items"] = [_fields(row, set(ITEM)) for row in (first, *others)]
        yield first.place, key, _invoice(first.place, values, (first, *others))


def _fields(row: Row, known: set[str]) -> dict[str, Any]:
    return {column: _cell(row, column) for column in row.cells if column in known and row.text(column)}


def _cell(row: Row, column: str) -> object:
    if column in WHOLE:
        return row.whole(column)
    if column in NUMBERS:
        return row.number(column)
    if column in {"electronic_invoice", "is_paid"}:
        return row.known(column, FLAGS)
    return row.text(column)


def _json_lines(path: Path) -> Iterator[tuple[str, str, NewInvoice]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                place = f"{path}, line {number}"
                fields = _object(place, line)
                key = fields.pop("key", None)
                if not isinstance(key, str):
                    raise OrdersError(f'{place}: the field key is missing; write {{"key": "order-1234", …}}')
                yield place, key, _invoice(place, fields, ())
    except OSError as error:
        raise OrdersError(f"{path}: cannot be read ({error.strerror}); name another file") from error
    except UnicodeDecodeError as error:
        raise not_utf8(path) from error


def _object(place: str, line: str) -> dict[str, Any]:
    try:
        values: Any = json.loads(line, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise OrdersError(f"{place}: is no JSON ({error.msg} at character {error.colno}); correct it") from error
    except (ValueError, RecursionError) as error:
        raise OrdersError(f"{place}: holds a number too long or brackets too deep for any invoice") from error
    if not isinstance(values, dict):
        raise OrdersError(f'{place}: is no object; write one a line, as in {{"key": "order-1234", …}}')
    return cast("dict[str, Any]", values)


def _invoice(place: str, values: dict[str, Any], rows: tuple[Row, ...]) -> NewInvoice:
    try:
        return NewInvoice.model_validate(values)
    except ValidationError as error:
        index, wrong = complaint(error, values, noun="column" if rows else "field")
        item = f", item {index + 1}" if index is not None and not rows else ""
        at = rows[index].place if rows and index is not None else place
        raise OrdersError(f"{at}{item}: {wrong}") from error
