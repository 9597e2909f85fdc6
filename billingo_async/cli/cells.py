"""The rows of a CSV file and how their cells are understood; nonsense is refused by file, line and column."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NoReturn, TypeVar

from billingo_async.cli.complaints import TAKES
from billingo_async.cli.lines import opened
from billingo_async.cli.places import OrdersError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from billingo_async.cli.lines import Lines

T = TypeVar("T")
NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
WHOLE: Final = re.compile(r"[0-9]{1,18}")
A_WHOLE_NUMBER: Final = "a whole number such as 8"
SEPARATORS: Final = {";": "semicolons", "\t": "tabs"}
"""What spreadsheets put between the columns instead of commas."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row by column, and where it stands ("orders.csv, line 7").

    Where the row as such is `wrong`, only a cell that is certain is there: the first.
    """

    cells: Mapping[str, str]
    place: Place
    wrong: OrdersError | None = None

    def text(self, column: str) -> str:
        """The cell as it is, without the space around it."""
        return self.cells[column]

    def filled(self, column: str) -> str:
        """The cell, refused when it is empty."""
        return self.cells[column] or self.refuse(column, "is empty; fill it in")

    def number(self, column: str) -> Decimal:
        """The cell as an exact number with a decimal point."""
        cell = self.cells[column]
        if NUMBER.fullmatch(cell) is None:
            self.refuse(column, f"holds {cell!r}, which is no number; write it like 1234.5, with a point and no spaces")
        return Decimal(cell)

    def whole(self, column: str) -> int:
        """The cell as a whole number that is not negative."""
        if WHOLE.fullmatch(self.cells[column]) is None:
            self.refuse(
                column,
                f"holds {self.cells[column]!r}, which is no whole number; it takes {TAKES.get(column, A_WHOLE_NUMBER)}",
            )
        return int(self.cells[column])

    def known(self, column: str, table: Mapping[str, T]) -> T:
        """What the table holds under the cell's name."""
        name = self.cells[column]
        if name not in table:
            names = ", ".join(known or "(nothing)" for known in table)
            self.refuse(column, f"holds {name!r}, which is not known; write one of: {names}")
        return table[name]

    def refuse(self, column: str, why: str) -> NoReturn:
        """Raises the error that names this row and the column."""
        raise self.place.wrong(f"the column {column} {why}", column)


def read_rows(path: Path, columns: Sequence[str], known: Sequence[str] | None = None) -> Iterator[Row]:
    """The rows of a CSV file that has at least these columns, and none but those known; empty lines are passed over.

    Raises:
        OrdersError: The file cannot be read, is no UTF-8 CSV, has the wrong columns or a row of another width.
    """
    for row in all_rows(path, columns, known):
        if row.wrong is not None:
            raise row.wrong
        yield row


def all_rows(path: Path, columns: Sequence[str], known: Sequence[str] | None = None) -> Iterator[Row]:
    """The same, with those that are wrong; what is wrong with the column names stands in rows of line 1.

    Raises:
        OrdersError: The file cannot be read at all.
    """
    with opened(path, newline="") as lines:
        head: list[str] = []
        for place, read in _records(path, lines):
            yield from (Row({}, mistake.place or place, mistake) for mistake in lines.mistakes())
            if lines.are_no_text:
                return
            if isinstance(read, OrdersError):
                yield Row({}, place, read)
            elif not head:
                head = [name.strip() for name in read]
                yield from (Row({}, place, wrong) for wrong in _wrong_with_head(place, head, columns, known))
            elif read:
                yield _row(head, read, place)
            if not head or _separator(head):
                return


def _records(path: Path, lines: Lines) -> Iterator[tuple[Place, list[str] | OrdersError]]:
    """Each record of the file, or why it is none; the first one, the column names, is there in an empty file too."""
    reader = csv.reader(lines, strict=True)
    is_first = True
    while True:
        place = Place(path, reader.line_num + 1)
        try:
            read = next(reader)
        except StopIteration:
            if is_first or lines.are_no_text:
                yield place, []
            return
        except csv.Error as error:
            yield place, place.wrong(f"is no CSV ({error}); look at its quotation marks")
        else:
            yield place, read
        is_first = False


def _row(head: Sequence[str], values: Sequence[str], place: Place) -> Row:
    if len(values) == len(head):
        return Row({column: value.strip() for column, value in zip(head, values, strict=True)}, place)
    width = f"has {len(values)} values under {len(head)} columns"
    return Row({head[0]: values[0].strip()}, place, place.wrong(f"{width}; quote values with commas, write 1234.5"))


def _separator(head: Sequence[str]) -> str | None:
    """What stands between the columns where commas should."""
    return next((name for sign, name in SEPARATORS.items() if len(head) == 1 and sign in head[0]), None)


def _wrong_with_head(
    place: Place, head: Sequence[str], columns: Sequence[str], known: Sequence[str] | None
) -> Iterator[OrdersError]:
    separator = _separator(head)
    if separator is not None:
        yield place.wrong(f"has {separator} between its columns; save it with commas, and numbers like 1234.5")
        return
    missing = [column for column in columns if column not in head]
    if missing:
        yield place.wrong(f"lacks the columns {', '.join(missing)}; add them, left empty if need be")
    for column in dict.fromkeys(column for number, column in enumerate(head) if column in head[:number]):
        yield place.wrong(f"has the column {column} twice; take one out", column)
    for column in dict.fromkeys(column for column in head if known is not None and column not in known):
        remedy = f"take it out, or write one of: {', '.join(known or ())}"
        yield place.wrong(f"the column {column or '(without a name)'} is not known; {remedy}", column)
