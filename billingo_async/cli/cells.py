"""The rows of a CSV file and how their cells are understood; nonsense is refused by file, line and column."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NoReturn, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

T = TypeVar("T")
NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
WHOLE: Final = re.compile(r"[0-9]{1,18}")
SEPARATORS: Final = {";": "semicolons", "\t": "tabs"}
"""What spreadsheets put between the columns instead of commas."""


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
        cell = self.cells[column]
        if NUMBER.fullmatch(cell) is None:
            self.refuse(column, f"holds {cell!r}, which is no number; write it like 1234.5, with a point and no spaces")
        return Decimal(cell)

    def whole(self, column: str) -> int:
        """The cell as a whole number that is not negative."""
        if WHOLE.fullmatch(self.cells[column]) is None:
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


def read_rows(path: Path, columns: Sequence[str], known: Sequence[str] | None = None) -> Iterator[Row]:
    """The rows of a CSV file that has at least these columns, and none but those known; empty lines are passed over.

    Raises:
        OrdersError: The file cannot be read, is no UTF-8 CSV, has the wrong columns or a row of another width.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _rows(path, file, columns, known)
    except OSError as error:
        raise OrdersError(f"{path}: cannot be read ({error.strerror}); name another file") from error
    except UnicodeDecodeError as error:
        raise not_utf8(path) from error


def not_utf8(path: Path) -> OrdersError:
    """The error for a file in another encoding, with the first line that shows it."""
    whole = path.read_bytes()
    try:
        whole.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = whole.count(b"\n", 0, error.start) + 1
    else:
        line = 1
    return OrdersError(f"{path}, line {line}: is no text in UTF-8; save the file as UTF-8 (in Excel: CSV UTF-8)")


def _rows(path: Path, file: Iterable[str], columns: Sequence[str], known: Sequence[str] | None) -> Iterator[Row]:
    reader = csv.reader(file, strict=True)
    began = 1
    try:
        head = [name.strip() for name in next(reader, list[str]())]
        _check_head(path, head, columns, known)
        began = reader.line_num + 1
        for values in reader:
            place = f"{path}, line {began}"
            began = reader.line_num + 1
            if values and len(values) != len(head):
                width = f"{len(values)} values under {len(head)} columns"
                raise OrdersError(f"{place}: has {width}; quote values with commas, write 1234.5")
            if values:
                yield Row({column: value.strip() for column, value in zip(head, values, strict=True)}, place)
    except csv.Error as error:
        raise OrdersError(f"{path}, line {began}: is no CSV ({error}); look at its quotation marks") from error


def _check_head(path: Path, head: Sequence[str], columns: Sequence[str], known: Sequence[str] | None) -> None:
    place = f"{path}, line 1"
    for separator, name in SEPARATORS.items():
        if len(head) == 1 and separator in head[0]:
            raise OrdersError(f"{place}: has {name} between its columns; save it with commas, and numbers like 1234.5")
    missing = [column for column in columns if column not in head]
    if missing:
        raise OrdersError(f"{place}: lacks the columns {', '.join(missing)}; add them, left empty if need be")
    twice = [column for number, column in enumerate(head) if column in head[:number]]
    if twice:
        raise OrdersError(f"{place}: has the column {twice[0]} twice; take one out")
    unknown = [column for column in head if known is not None and column not in known]
    if known is not None and unknown:
        name = unknown[0] or "(without a name)"
        raise OrdersError(f"{place}: the column {name} is not known; take it out, or write one of: {', '.join(known)}")
