"""Where a streamed PDF lands: a temporary file beside its place, which takes the place only when it is whole.

A path never holds half a PDF, a link is never followed, and what is there already is not overwritten unasked.
"""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""What a file system says that knows no hard links, as FAT and some network drives."""
NAME_KEPT: Final = 40
"""Characters of the name that the temporary file shows: in any script they fit into the 255 bytes of a name."""


class Part:
    """What one try has written so far; a new try starts a part of its own."""

    def __init__(self, target: Path) -> None:
        """Make the temporary file, readable as the process's umask says."""
        self.path: Path = target.with_name(f".{target.name[:NAME_KEPT]}.{secrets.token_hex(6)}.part")
        descriptor = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o666)
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
        file = self._file
        if file is None:
            raise FileNotFoundError(errno.ENOENT, "the download was given up", str(self.path))
        file.flush()
        os.fsync(file.fileno())
        self._file = None
        file.close()

    def give_up(self) -> None:
        """Remove what was written, if it is still under its temporary name."""
        file, self._file = self._file, None
        if file is not None:
            with suppress(OSError):  # what could not be written is not wanted any more
                file.close()
        self.path.unlink(missing_ok=True)


class Landing:
    """The way of one PDF to its place.

    Raises FileExistsError, before anything is sent, if something is at `path` and `overwrite` is False.
    """

    def __init__(self, path: str | os.PathLike[str], *, overwrite: bool) -> None:
        """Take the place; the directory must be there."""
        self.path: Path = Path(path)
        self._overwrite = overwrite
        self._part: Part | None = None

    async def __aenter__(self) -> Self:
        """Look whether the place is free."""
        self._look()
        return self

    def _look(self) -> None:
        if self.path.is_dir() and not self.path.is_symlink():
            raise IsADirectoryError(errno.EISDIR, "a directory is here: name a file in it", str(self.path))
        if not self.path.parent.is_dir():
            msg = "there is no such directory: make it before downloading into it"
            raise FileNotFoundError(errno.ENOENT, msg, str(self.path.parent))
        if not self._overwrite and os.path.lexists(self.path):
            msg = "something is here already: choose another name, or pass overwrite=True"
            raise FileExistsError(errno.EEXIST, msg, str(self.path))

    def new_part(self) -> Part:
        """Start again with an empty file; what an earlier try wrote is removed."""
        if self._part is not None:
            self._part.give_up()
        self._part = Part(self.path)
        return self._part

    async def land(self) -> Path:
        """Put the whole file in its place, in one step.

        To be cancelled meanwhile does not stop the step half-way: the whole PDF is there or nothing is.
        """
        if self._part is None:
            msg = "nothing was written"
            raise RuntimeError(msg)
        putting = asyncio.ensure_future(asyncio.to_thread(self._put, self._part))
        try:
            await asyncio.shield(putting)
        finally:
            await asyncio.wait((putting,))
        return self.path

    def _put(self, part: Part) -> None:
        part.seal()
        if self._overwrite:
            part.path.replace(self.path)
            return
        try:
            os.link(part.path, self.path)  # fails if something came there meanwhile, where a rename would overwrite it
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            self._claim_and_put(part)

    def _claim_and_put(self, part: Part) -> None:
        os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))  # fails like the link if something came
        try:
            part.path.replace(self.path)
        except OSError:
            self.path.unlink(missing_ok=True)
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave no temporary file behind."""
        if self._part is not None:
            self._part.give_up()
