"""Where a streamed PDF lands: a temporary file beside its place, which takes the place only when it is whole.

A path never holds half a PDF, a link is never followed, and what is there already is not overwritten unasked.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self

if TYPE_CHECKING:
    from types import TracebackType


class Part:
    """What one try has written so far; a new try starts a part of its own."""

    def __init__(self, target: Path) -> None:
        """Make the temporary file, readable as the process's umask says."""
        self.path = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.part")
        descriptor = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0), 0o666)
        self._file: BinaryIO | None = os.fdopen(descriptor, "wb")

    async def write(self, piece: bytes) -> bool:
        """Take a piece; False if this part was given up.

        The write ends in the page cache, which is quicker than a trip to a thread.
        """
        if self._file is None:
            return False
        self._file.write(piece)
        return True

    def seal(self) -> None:
        """Have every byte on the disk."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None

    def give_up(self) -> None:
        """Remove what was written, if it is still under its temporary name."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self.path.unlink(missing_ok=True)


class Landing:
    """The way of one PDF to its place.

    Raises FileExistsError, before anything is sent, if something is at `path` and `overwrite` is False.
    """

    def __init__(self, path: str | os.PathLike[str], *, overwrite: bool) -> None:
        """Take the place; the directory must be there."""
        self.path = Path(path)
        self._overwrite = overwrite
        self._part: Part | None = None

    async def __aenter__(self) -> Self:
        """Look whether the place is free."""
        self._look()
        return self

    def _look(self) -> None:
        if not self.path.name or not self.path.parent.is_dir():
            msg = f"{self.path.parent} is not a directory: make it before downloading into it"
            raise FileNotFoundError(msg)
        if not self._overwrite and os.path.lexists(self.path):
            msg = f"{self.path} exists already: choose another name, or pass overwrite=True"
            raise FileExistsError(msg)

    def new_part(self) -> Part:
        """Start again with an empty file; what an earlier try wrote is removed."""
        if self._part is not None:
            self._part.give_up()
        self._part = Part(self.path)
        return self._part

    async def land(self) -> Path:
        """Put the whole file in its place, in one step."""
        if self._part is None:
            msg = "nothing was written"
            raise RuntimeError(msg)
        await asyncio.to_thread(self._put, self._part)
        return self.path

    def _put(self, part: Part) -> None:
        part.seal()
        if self._overwrite:
            part.path.replace(self.path)
        else:
            os.link(part.path, self.path)  # fails if something came there meanwhile, where a rename would overwrite it

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave no temporary file behind."""
        if self._part is not None:
            self._part.give_up()
