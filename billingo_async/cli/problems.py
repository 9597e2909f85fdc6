"""What is wrong with a file of orders, where, and what to do about it; told once for the whole file.

Never enters here: how a file is read, and what its cells mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from billingo_async.cli.output import say, say_json

MAX_SHOWN: Final = 100
"""Problems that people are told; beyond that, something is wrong with all rows."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a line, with the remedy, and in a line of JSON with which item."""

    line: int | None
    what: str
    column: str | None = None
    item: int | None = None
    is_warning: bool = False
    """It keeps no invoice from being made."""
    is_of_account: bool = False
    """The account lacks what is named: that is nothing to an invoice that is made already."""

    def at(self, path: Path) -> str:
        """Say where, as an editor's status line does ("orders.jsonl, line 7, item 2"), what, and what to do."""
        line = "" if self.line is None else f", line {self.line}"
        return f"{path}{line}" + ("" if self.item is None else f", item {self.item}") + f": {self.what}"


class FileError(ValueError):
    """A file that cannot be read at all; the message says why, and what to do."""


class ProblemReporter:
    """Tells problems as they come, in the order of their lines, and holds none."""

    def __init__(self, path: Path, *, as_json: bool) -> None:
        """Begin with none."""
        self._path, self._as_json = path, as_json
        self.count = self._warnings = 0

    def report(self, problem: Problem) -> None:
        """Tell one more; of very many, people are told the first ones."""
        self.count += not problem.is_warning
        self._warnings += problem.is_warning
        if self._as_json and not problem.is_warning:
            where = {"line": problem.line, "item": problem.item, "column": problem.column}
            say_json({**where, "outcome": "wrong", "error": problem.at(self._path)})
        elif (self._warnings if problem.is_warning else self.count) <= MAX_SHOWN:
            say(problem.at(self._path), err=True)

    def close(self) -> None:
        """Tell how many there are beyond those that were told."""
        more = max(self.count - MAX_SHOWN, 0) + max(self._warnings - MAX_SHOWN, 0)
        if more and not self._as_json:
            say(f"and {more} more; --json tells them all", err=True)
