"""Ctrl-C, a supervisor's SIGTERM, a reader who goes away: how a command ends when it is told to.

The first one asks a command that can to take nothing more and finish what it has begun, the next one to leave at once.
A command that cannot leaves at the first. That nobody reads its output any more counts as the first.
"""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self, TypeVar

import typer

from billingo_async.cli.pipes import nobody_reads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
SHELL: Final = 128
"""What a shell adds to a signal's number for the code of a process that it has ended."""
SIGPIPE: Final = 13
"""The signal of a pipe that nobody reads; Windows has no name for it."""


class Stop:
    """Listens for signals inside `with`, for the task that has entered it."""

    def __init__(self) -> None:
        """Listen to nothing yet."""
        self.code: int = 0
        """The exit code that a signal asks for; 0 while there was none."""
        self._is_gentle = False
        self._is_unread = False
        self._is_enough = False
        self._task: asyncio.Task[object] | None = None

    def __enter__(self) -> Self:
        """Listen from now on; where the system cannot, Ctrl-C cancels as ever."""
        self._task = asyncio.current_task()
        for number in SIGNALS:
            with suppress(NotImplementedError, RuntimeError):  # not on Windows, not outside the main thread
                asyncio.get_running_loop().add_signal_handler(number, self._hear, number)
        return self

    def __exit__(self, *_: object) -> None:
        """Listen no more."""
        for number in SIGNALS:
            with suppress(NotImplementedError, RuntimeError):
                asyncio.get_running_loop().remove_signal_handler(number)

    def until(self, items: Iterable[T]) -> Iterator[T]:
        """Give one after the other until a signal comes, or nobody reads on."""
        self._is_gentle = True
        for item in items:
            if self._is_unread and not self.code:  # only now is it sure that something is left undone
                self.code = SHELL + SIGPIPE
            if self.code or self._is_enough:
                return
            yield item

    def take_no_more(self) -> None:
        """Give nothing more of what `until` was given; what was begun is finished."""
        self._is_enough = True

    @property
    def why(self) -> str:
        """What has ended the command."""
        return "nobody reads the output any more" if self.code == SHELL + SIGPIPE else "interrupted"

    def look_for_reader(self, *, is_done: bool) -> None:
        """Stop if nobody reads the output any more and the command is not done."""
        if self._is_unread or is_done or not nobody_reads():
            return
        self._is_unread = True
        if not self._is_gentle and self._task is not None:
            self.code = SHELL + SIGPIPE
            self._task.cancel()

    def _hear(self, number: signal.Signals) -> None:
        if self._is_gentle and not self.code:
            typer.echo("billingo-async: taking no more, finishing what was begun; once more to leave at once", err=True)
        elif self._task is not None:
            self._task.cancel()
        self.code = SHELL + number
