"""Where something stands in a file of orders, and what is wrong there; knows no file and no format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class OrdersError(ValueError):
    """A file of orders that cannot be used; the message names the file, the line, the column and the remedy.

    Attributes:
        place: Where it stands; None where the message alone says so.
        column: The column of a CSV file, or the field of a JSON line; None where it is about the whole line or file.

    """

    def __init__(self, message: str, *, place: Place | None = None, column: str | None = None) -> None:
        """Take the whole message, and apart from it what a program would look for in it."""
        super().__init__(message)
        self.place, self.column = place, column


@dataclass(frozen=True, slots=True)
class Place:
    """A file, a line in it, and in a line of JSON an item ("orders.jsonl, line 7, item 2")."""

    path: Path
    line: int | None = None
    item: int | None = None

    def wrong(self, what: str, column: str | None = None) -> OrdersError:
        """Return the error that names this place."""
        return OrdersError(f"{self}: {what}", place=self, column=column)

    def __str__(self) -> str:
        """Say it as an editor's status line does."""
        parts = [str(self.path)]
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.item is not None:
            parts.append(f"item {self.item}")
        return ", ".join(parts)
