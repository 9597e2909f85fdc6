"""Output that somebody may stop reading, as in `… | head -1`: that is no failure, and nothing to talk about.

What is written after that goes nowhere, so a command ends as it would have, and one that makes something can find out
and take nothing more. Loads nothing but the standard library: it is there before the extras of the command line are.
"""

from __future__ import annotations

import errno
import io
import sys
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

GONE: Final = frozenset({errno.EPIPE, errno.EINVAL} if sys.platform == "win32" else {errno.EPIPE})
"""How a system says that nobody reads any more. Source: Python docs, `BrokenPipeError`; Windows says EINVAL as well."""


class Pipe(io.FileIO):
    """The way to a reader; once there is none it swallows what it is given."""

    is_unread: bool = False

    def write(self, data: ReadableBuffer, /) -> int:
        """Write, or swallow; return how many bytes are done with."""
        if not self.is_unread:
            try:
                return super().write(data)
            except OSError as error:
                if error.errno not in GONE:
                    raise
                self.is_unread = True
        return memoryview(data).nbytes


def prepare() -> None:
    """Make standard output and standard error such pipes, where they are no terminal, and never fail on a letter."""
    for name, stream in (("stdout", sys.stdout), ("stderr", sys.stderr)):
        if not isinstance(stream, io.TextIOWrapper):
            continue  # it is closed, or somebody else's
        stream.reconfigure(errors="replace")  # a terminal that has no ű shows a question mark, not a traceback
        if type(cast("object", stream)) is io.TextIOWrapper and not stream.isatty():  # Python's own, not that of a test
            stream.flush()
            raw = io.BufferedWriter(Pipe(stream.fileno(), "w", closefd=False))
            piped = io.TextIOWrapper(raw, stream.encoding, "replace", line_buffering=stream.line_buffering)
            setattr(sys, name, piped)


def is_unread() -> bool:
    """Tell whether the reader of standard output has gone, as far as is known: it shows when something is written."""
    pipe = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return isinstance(pipe, Pipe) and pipe.is_unread
