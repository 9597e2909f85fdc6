"""The rows of a CSV file and how their cells are understood; nonsense is refused by file, line and column."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NoReturn, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

T = TypeVar("T")


class OrdersError(ValueError):
    """A file of orders that cannot be used; the message names the file, the line, the column and the remedy."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row by column, and where it stands ("orders.csv, line 7")."""

    cells: Mapping[str, str]
    place: str

    def text(self, column: str) -> str:
        """The cell as it is, without the space around it."""
        return self.cells[column]

    def filled(self, column: str) -> str:
        """The cell, refused when it is empty."""
        return self.cells[column] or self.refuse(column, "is empty; fill it in")

    def number(self, column: str) -> Decimal:
        """The cell as an exact number with a decimal point."""
        try:
            number = Decimal(self.cells[column])
        except InvalidOperation:
            self.refuse(column, f"holds {self.cells[column]!r}, which is no number; write it like 1234.5")
        return number if number.is_finite() else self.refuse(column, "holds no finite number; write it like 1234.5")

    def whole(self, column: str) -> int:
        """The cell as a whole number that is not negative."""
        if not self.cells[column].isdecimal():
            self.refuse(column, f"holds {self.cells[column]!r}, which is no whole number; write it like 8")
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
        raise OrdersError(f"{self.place}: the column {column} {why}")


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """The rows of a CSV file that has at least these columns; empty lines are passed over.

    Raises:
        OrdersError: The file cannot be read, is no UTF-8 CSV, lacks a column or has a row of another width.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _rows(path, file, columns)
    except OSError as error:
        raise OrdersError(f"{path}: cannot be read ({error.strerror}); name another file") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise OrdersError(f"{path}: is no CSV file in UTF-8 ({error}); save it as one") from error


def _rows(path: Path, file: Iterable[str], columns: Sequence[str]) -> Iterator[Row]:
    reader = csv.reader(file, strict=True)
    head = next(reader, list[str]())
    missing = [column for column in columns if column not in head]
    if missing:
        raise OrdersError(f"{path}, line 1: lacks the columns {', '.join(missing)}; add them, left empty if need be")
    for values in reader:
        place = f"{path}, line {reader.line_num}"
        if values and len(values) != len(head):
            raise OrdersError(f"{place}: has {len(values)} values under {len(head)} columns; quote values with commas")
        if values:
            yield Row({column: value.strip() for column, value in zip(head, values, strict=True)}, place)
