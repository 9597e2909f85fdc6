"""The lines of a file that should be text in UTF-8, and the first that is not; knows nothing of what they say.

A file in another encoding is read on all the same, so that the rest of its mistakes can be told with this one.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from billingo_async.cli.places import Place

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path
    from typing import TextIO

    from billingo_async.cli.places import OrdersError


class Lines:
    """The lines of a file, one after the other, with what is no text replaced."""

    def __init__(self, path: Path, file: TextIO) -> None:
        """Take a file that was opened by `opened`."""
        self._path, self._file = path, file
        self._number = 0
        self._is_told = False
        self.are_no_text = False
        """Whether they ended because they are none: UTF-16, or a spreadsheet's own format."""
        self._mistake: OrdersError | None = None

    def __iter__(self) -> Self:
        """Give the lines."""
        return self

    def __next__(self) -> str:
        """Give the next line; where the file is no text at all, that was the last."""
        line = next(self._file)
        self._number += 1
        self.are_no_text = "\0" in line
        try:
            line.encode()
        except UnicodeEncodeError:
            self._note()
            line = line.encode(errors="surrogateescape").decode(errors="replace")
        if self.are_no_text:
            self._note()
            raise StopIteration
        return line

    def _note(self) -> None:
        if not self._is_told:
            self._is_told = True
            what = "is no text in UTF-8; save the file as UTF-8 (in Excel: CSV UTF-8)"
            self._mistake = Place(self._path, self._number).wrong(what)

    def mistakes(self) -> Iterator[OrdersError]:
        """Give the first line that is not UTF-8, if it was among those read since the last call."""
        mistake, self._mistake = self._mistake, None
        if mistake is not None:
            yield mistake


@contextmanager
def opened(path: Path, *, newline: str | None = None) -> Generator[Lines]:
    """Open a file for reading.

    Raises:
        OrdersError: The file cannot be read.

    """
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline=newline) as file:
            yield Lines(path, file)
    except OSError as error:
        why = f"cannot be read ({error.strerror}); name another file"
        raise Place(path).wrong(why) from error
