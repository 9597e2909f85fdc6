"""Where a PDF goes as it comes: into a file that is whole or not there at all, or to a reader, chunk by chunk.

A path never holds half a PDF, a link is never followed, and what is there already is not overwritten unasked. Files are
readable by their owner alone: they show names, addresses and sums.

Never enters here: what a file is called and what else is in its folder; that is `download_folder`.
"""

from __future__ import annotations

import asyncio
import errno
import os
import re
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, BinaryIO, Final, Self, TypeAlias

from billingo_async.errors import ConnectionFailedError

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

StrPath: TypeAlias = "str | os.PathLike[str]"
"""A path as callers write one."""

NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""What a file system says that knows no hard links, as FAT and some network drives."""
MAX_SHOWN_NAME: Final = 40
"""Characters of the name that the temporary file shows: in any script they fit into the 255 bytes of a name."""
MAX_WAITING_CHUNKS: Final = 8
"""Chunks that are held for a reader that is slower than the line."""
NONBLOCK: Final[int] = getattr(os, "O_NONBLOCK", 0)
"""A named pipe that stands at a path is looked at and not waited for."""
TEMP_NAME: Final = re.compile(r"\..*\.[0-9a-f]{12}\.part", re.DOTALL)


class TempFile:
    """What one attempt has written so far; a new attempt starts a file of its own.

    The process that writes it holds a lock on it, which ends with the process however it dies: see `remove_dead`.
    """

    def __init__(self, target: Path) -> None:
        """Make the file, for its owner alone."""
        while True:
            self.path: Path = target.with_name(f".{target.name[:MAX_SHOWN_NAME]}.{secrets.token_hex(6)}.part")
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
            descriptor = os.open(self.path, flags, 0o600)
            if _lock(descriptor) is not False and os.fstat(descriptor).st_nlink:
                break
            os.close(descriptor)  # another process took it for a dead one's between the two steps
        self._file: BinaryIO | None = os.fdopen(descriptor, "wb")
        self._is_sealed = False

    def expect(self, size: int | None) -> None:
        """Take how long the PDF will be; a file does not need to know."""

    async def write(self, piece: bytes) -> bool:
        """Take a piece; False if this file was discarded.

        The write ends in the page cache, which is quicker than a trip to a thread.
        """
        if self._file is None:
            return False
        self._file.write(piece)
        return True

    def seal(self) -> None:
        """Have every byte on the disk."""
        if self._is_sealed:
            return
        if self._file is None:
            raise FileNotFoundError(errno.ENOENT, "the download was given up", str(self.path))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._is_sealed = True
        if os.name == "nt":  # an open file can be neither linked nor renamed there, and needs no lock
            self._close()

    def discard(self) -> None:
        """Remove what was written, if it is still under its temporary name."""
        self._close()
        self.path.unlink(missing_ok=True)

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with suppress(OSError):  # what could not be written is not wanted any more
                file.close()


def _lock(descriptor: int) -> bool | None:
    """Lock an open file for this process: True if that worked, False if another holds it, None if nothing can tell."""
    if sys.platform == "win32":
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def remove_dead(folder: Path) -> None:
    """Remove the temporary files that processes have left which did not live to do it themselves."""
    for entry in os.scandir(folder):
        if not TEMP_NAME.fullmatch(entry.name):
            continue
        with suppress(OSError):  # it is gone meanwhile, or in use (Windows)
            if sys.platform == "win32":
                Path(entry.path).unlink()
                continue
            descriptor = os.open(entry.path, os.O_RDWR | os.O_NOFOLLOW | NONBLOCK)
            try:
                if _lock(descriptor):
                    Path(entry.path).unlink()
            finally:
                os.close(descriptor)


class AtomicDownload:
    """The way of one PDF into its place.

    Raises `FileExistsError`, before anything is sent, if something is at `path` and `overwrite` is False.
    """

    def __init__(self, path: StrPath, *, overwrite: bool) -> None:
        """Take the place; the directory must be there."""
        self.path: Path = Path(path)
        self._overwrite = overwrite
        self._file: TempFile | None = None

    async def __aenter__(self) -> Self:
        """Look whether the place is free."""
        if self.path.is_dir() and not self.path.is_symlink():
            raise IsADirectoryError(errno.EISDIR, "a directory is here: name a file in it", str(self.path))
        if not self.path.parent.is_dir():
            msg = "there is no such directory: make it before downloading into it"
            raise FileNotFoundError(errno.ENOENT, msg, str(self.path.parent))
        if not self._overwrite and (self.path.exists() or self.path.is_symlink()):
            msg = "something is here already: choose another name, or pass overwrite=True"
            raise FileExistsError(errno.EEXIST, msg, str(self.path))
        return self

    @property
    def temp_path(self) -> Path:
        """Where the PDF stands before it is in its place."""
        return self._written().path

    def new_part(self) -> TempFile:
        """Start again with an empty file; what an earlier attempt wrote is removed."""
        if self._file is not None:
            self._file.discard()
        self._file = TempFile(self.path)
        return self._file

    async def commit(self, path: Path | None = None, *, overwrite: bool | None = None) -> Path:
        """Put the whole file in its place, or at `path` in the same folder, in one step.

        To be cancelled meanwhile does not stop the step half-way: the whole PDF is there or nothing is.
        """
        target = self.path if path is None else path
        may_overwrite = self._overwrite if overwrite is None else overwrite
        putting = asyncio.ensure_future(asyncio.to_thread(self._put, self._written(), target, may_overwrite))
        try:
            await asyncio.shield(putting)
        finally:
            await asyncio.wait((putting,))
        return target

    def _written(self) -> TempFile:
        if self._file is None:
            raise RuntimeError("nothing was written")
        return self._file

    def _put(self, file: TempFile, target: Path, may_overwrite: bool) -> None:  # noqa: FBT001 - private, and called once
        file.seal()
        if may_overwrite:
            file.path.replace(target)
            return
        try:
            os.link(file.path, target)  # fails if something came there meanwhile, where a rename would overwrite it
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            _claim_and_replace(file.path, target)

    async def __aexit__(self, *_: object) -> None:
        """Leave no temporary file behind."""
        if self._file is not None:
            self._file.discard()


def _claim_and_replace(source: Path, target: Path) -> None:
    claim = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)  # fails like the link if something came
    try:
        _lock(claim)  # an empty file without a lock is a claim whose process has died
        source.replace(target)
    except OSError:
        target.unlink(missing_ok=True)
        raise
    finally:
        os.close(claim)


def is_void(path: Path) -> bool:
    """Tell whether what is at a path is nothing: a dangling link, or an empty file that no process has just claimed."""
    try:
        descriptor = os.open(path, os.O_RDONLY | NONBLOCK)
    except FileNotFoundError:
        return path.is_symlink()
    except OSError:
        return False
    try:
        status = os.fstat(descriptor)
        return S_ISREG(status.st_mode) and status.st_size == 0 and _lock(descriptor) is not False
    finally:
        os.close(descriptor)


class DownloadStream:
    """A PDF that is read while it comes: `async with` it, then iterate over it, once, for its chunks.

    Attributes:
        size: The PDF's length in bytes; None where the server does not tell.

    A PDF that breaks off raises `MalformedResponseError` at its end. A reader that needs more than `timeout` seconds
    for the whole of it loses the line.

    Example:
        ```python
        async with billingo.invoices.download_stream(invoice.id) as pdf:
            async for chunk in pdf:
                print(len(chunk), "bytes of", pdf.size)
        ```

    """

    def __init__(self, run: Callable[[DownloadStream], Awaitable[object]]) -> None:
        """Take what carries out the call; nothing is sent yet."""
        self.size: int | None = None
        self._run = run
        self._task: asyncio.Task[object] | None = None
        self._chunks: asyncio.Queue[bytes | None] = asyncio.Queue()  # None after the last
        self._room = asyncio.Semaphore(MAX_WAITING_CHUNKS)
        self._first: bytes | None = None
        self._is_begun = self._is_closed = False

    async def __aenter__(self) -> Self:
        """Ask for the PDF, and return when its first bytes are there; raise what went wrong before."""
        self._task = asyncio.ensure_future(self._run(self))
        self._task.add_done_callback(lambda _: self._chunks.put_nowait(None))
        try:
            self._first = await self._next_chunk(self._task)
        except BaseException:
            await self.__aexit__()
            raise
        return self

    def __aiter__(self) -> Self:
        """Iterate over the chunks."""
        return self

    async def __anext__(self) -> bytes:
        """Return the next chunk."""
        if self._task is None:
            raise RuntimeError("a download_stream is opened by `async with`")
        chunk, self._first = self._first, None
        chunk = chunk or await self._next_chunk(self._task)
        if chunk is None:
            raise StopAsyncIteration
        return chunk

    async def __aexit__(self, *_: object) -> None:
        """Read no further."""
        self._is_closed = True
        self._room.release()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def new_part(self) -> Self:
        """Begin with an attempt; none can follow when bytes were handed out."""
        if self._is_begun:
            msg = "the line failed when a part of the PDF was read already: read it again from its beginning"
            raise ConnectionFailedError(msg)
        return self

    def expect(self, size: int | None) -> None:
        """Take how long the PDF will be."""
        self.size = size

    async def write(self, piece: bytes) -> bool:
        """Take a piece, and wait while the reader has enough of them; False when it reads no further."""
        self._is_begun = True
        await self._room.acquire()
        self._chunks.put_nowait(piece)
        return not self._is_closed

    async def _next_chunk(self, task: asyncio.Task[object]) -> bytes | None:
        """Return the next chunk; None after the last. Raises what the call has ended with."""
        chunk = await self._chunks.get()
        if chunk is None:
            self._chunks.put_nowait(None)
            task.result()
        else:
            self._room.release()
        return chunk
