"""All that is wrong with a file, told at once: the first in full, the others by their lines; for programs all in full.

However many there are, only a few are held.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import typer

from billingo_async.cli.drafts import drafts_and_mistakes
from billingo_async.cli.ending import USAGE, end
from billingo_async.cli.places import OrdersError

if TYPE_CHECKING:
    from pathlib import Path

SHOWN: Final = 20
"""Mistakes that a person reads in full."""
RANGES: Final = 20
"""Lines, or lines in a row, that are named beyond those."""


class Mistakes:
    """What was wrong so far, told as it comes."""

    def __init__(self, *, as_json: bool) -> None:
        """Begin with none."""
        self._as_json = as_json
        self.count = 0
        self._others = LineNumbers()

    def tell(self, mistake: OrdersError) -> None:
        """Tell of one more; they come in the order of their lines."""
        self.count += 1
        place = mistake.place
        line, item = (place.line, place.item) if place else (None, None)
        if self._as_json:
            told = {"line": line, "item": item, "column": mistake.column, "outcome": "wrong", "error": str(mistake)}
            typer.echo(json.dumps(told, ensure_ascii=False))
        elif self.count <= SHOWN:
            typer.echo(str(mistake), err=True)
        elif line is not None:
            self._others.add(line)

    def tell_others(self) -> None:
        """Say how many there are beyond those that were told, and where."""
        if not self._as_json and self.count > SHOWN:
            typer.echo(f"and {self.count - SHOWN} more in {self._others}", err=True)


class LineNumbers:
    """Line numbers that grow, as a person writes them: 3, 7-12, 40."""

    def __init__(self) -> None:
        """Begin with none."""
        self._ranges: list[tuple[int, int]] = []
        self._last: int | None = None

    def add(self, line: int) -> None:
        """Add one that is not smaller than those before."""
        first, last = self._ranges[-1] if self._ranges else (line, line - 1)
        if self._ranges and self._last is None and line in {last, last + 1}:
            self._ranges[-1] = (first, line)
        elif len(self._ranges) < RANGES:
            self._ranges.append((line, line))
        else:
            self._last = line

    def __str__(self) -> str:
        """Say them; where there are too many, up to which."""
        said = [str(first) if first == last else f"{first}-{last}" for first, last in self._ranges]
        if self._last is not None:
            said.append(f"and others up to {self._last}")
        is_one = self._last is None and len(self._ranges) == 1 and self._ranges[0][0] == self._ranges[0][1]
        return f"{'line' if is_one else 'lines'} {', '.join(said)}"


def count_drafts(path: Path, *, as_json: bool = False) -> int:
    """Return how many invoices the file holds; if anything is wrong with it, tell all of that and end with `USAGE`."""
    mistakes = Mistakes(as_json=as_json)
    number = 0
    for read in drafts_and_mistakes(path):
        if isinstance(read, OrdersError):
            mistakes.tell(read)
        else:
            number += 1
    if mistakes.count:
        mistakes.tell_others()
        many = "1 mistake" if mistakes.count == 1 else f"{mistakes.count} mistakes"
        end(USAGE, f"{path} has {many}; nothing was sent")
    return number
