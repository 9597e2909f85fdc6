"""A file of invoices under keys, read: CSV or JSON lines in, keys and `NewInvoice`s out; nothing is sent here.

CSV has one row an item; rows that follow each other under the same `key` are one invoice. JSON lines have an object a
line: `key`, and the fields of `NewInvoice`. Every line is understood before the first invoice is made. Of the file no
more than one invoice is held at a time, and the keys.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from billingo_async.cli.complaints import checked
from billingo_async.cli.groups import Keys, read_groups
from billingo_async.cli.lines import opened
from billingo_async.cli.places import OrdersError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from billingo_async import NewInvoice

Draft: TypeAlias = "tuple[str, NewInvoice]"


def read_drafts(path: Path) -> Iterator[Draft]:
    """All keys and invoices of the file, in the file's order, read as they are needed.

    Raises:
        OrdersError: A line that makes no sense, or a key that comes twice, named by line, column and remedy.
    """
    for read in drafts_and_mistakes(path):
        if isinstance(read, OrdersError):
            raise read
        yield read


def drafts_and_mistakes(path: Path) -> Iterator[Draft | OrdersError]:
    """All keys and invoices of the file, and all that is wrong in it, in the order of its lines."""
    if path.suffix.lower() == ".json":
        yield Place(path).wrong("is one JSON document; write one object a line, and name the file .jsonl")
        return
    is_json = path.suffix.lower() in {".jsonl", ".ndjson"}
    is_empty = True
    try:
        for read in _json_lines(path) if is_json else read_groups(path):
            is_empty = False
            yield read
    except OrdersError as error:  # it cannot be read at all
        yield error
        return
    if is_empty:
        remedy = "an invoice a line, as a JSON object" if is_json else "one row an item below the column names"
        yield Place(path).wrong(f"holds no invoice; write {remedy}")


def _json_lines(path: Path) -> Iterator[Draft | OrdersError]:
    keys = Keys("field")
    with opened(path) as lines:
        for number, line in enumerate(lines, 1):
            yield from lines.mistakes()
            if line.strip():
                yield from _json_line(Place(path, number), line, keys)
        yield from lines.mistakes()


def _json_line(place: Place, line: str, keys: Keys) -> Iterator[Draft | OrdersError]:
    fields = _object(place, line)
    if isinstance(fields, OrdersError):
        yield fields
        return
    key = fields.pop("key", None)
    if isinstance(key, str):
        wrong = list(keys.wrong_with(place, key))
    else:
        wrong = [place.wrong('the field key is missing; write {"key": "order-1234", …}', "key")]
    found = checked(fields, noun="field")
    yield from wrong
    for each in found.complaints:
        at = place if each.index is None else Place(place.path, place.line, each.index + 1)
        yield at.wrong(each.what, each.column)
    if isinstance(key, str) and not wrong and found.invoice is not None:
        yield key, found.invoice


def _object(place: Place, line: str) -> dict[str, Any] | OrdersError:
    try:
        values: Any = json.loads(line, parse_float=Decimal)
    except json.JSONDecodeError as error:
        return place.wrong(f"is no JSON ({error.msg} at character {error.colno}); correct it")
    except (ValueError, RecursionError):
        return place.wrong("holds a number too long or brackets too deep for any invoice")
    if not isinstance(values, dict):
        return place.wrong('is no object; write one a line, as in {"key": "order-1234", …}')
    return cast("dict[str, Any]", values)
