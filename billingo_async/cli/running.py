"""How a command runs and ends: exit codes, Ctrl-C, a supervisor's signals, a reader who goes away, what went wrong.

The first signal asks a command that can to take nothing more and finish what it has begun, the next one to leave at
once. A command that cannot leaves at the first. That the output is no longer read counts as the first.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Any, Final, NoReturn, Self, TypeAlias, TypeVar

import typer

from billingo_async import AuthenticationError, BillingoError, OutcomeUnknownError
from billingo_async.cli.output import clean, say
from billingo_async.cli.pipes import is_unread

T = TypeVar("T")
Function: TypeAlias = "Callable[..., Coroutine[Any, Any, int | None]]"
DONE, FAILED, USAGE, UNKNOWN, INTERRUPTED = 0, 1, 2, 3, 130
"""The codes that all commands end with; the last as a shell reports Ctrl-C."""
GO_ON: Final = "run it again to go on"
LOOK_FIRST: Final = "it may have happened all the same: look before you do it again"
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, *((signal.SIGHUP,) if hasattr(signal, "SIGHUP") else ()))
"""Ctrl-C, a supervisor, and a terminal that is closed."""
SHELL: Final = 128
"""What a shell adds to a signal's number for the code of a process that it has ended."""
UNREAD: Final = SHELL + 13
"""The code where nobody reads the output: that of SIGPIPE, for which Windows has no name."""


@dataclass
class Stop:
    """Listens for signals inside `with`, for the task that has entered it."""

    code: int = 0
    """The exit code that a signal or a failure asks for; `until` gives nothing more then."""
    _is_gentle: bool = False
    _is_unread: bool = False
    _task: asyncio.Task[object] | None = None

    def __enter__(self) -> Self:
        """Listen from now on; where the system cannot, Ctrl-C cancels as ever."""
        self._task = asyncio.current_task()
        for number in SIGNALS:
            with suppress(NotImplementedError, RuntimeError):  # not on Windows, not outside the main thread
                asyncio.get_running_loop().add_signal_handler(number, self._on_signal, number)
        return self

    def __exit__(self, *_: object) -> None:
        """Listen no more."""
        for number in SIGNALS:
            with suppress(NotImplementedError, RuntimeError):
                asyncio.get_running_loop().remove_signal_handler(number)

    def until(self, items: Iterable[T]) -> Iterator[T]:
        """Give one after the other until a signal comes, or the output is read no more."""
        self._is_gentle = True
        for item in items:
            if self._is_unread and not self.code:  # only now is it sure that something is left undone
                self.code = UNREAD
            if self.code:
                return
            yield item

    def look_for_reader(self, *, is_done: bool) -> None:
        """Stop if the output is read no more and the command is not done."""
        if self._is_unread or is_done or not is_unread():
            return
        self._is_unread = True
        if not self._is_gentle and self._task is not None:
            self.code = UNREAD
            self._task.cancel()

    def _on_signal(self, number: signal.Signals) -> None:
        if self._is_gentle and not self.code:
            say("billingo-async: taking no more, finishing what was begun; once more to leave at once", err=True)
        elif self._task is not None:
            self._task.cancel()
        self.code = SHELL + number


def command(function: Function, *, if_interrupted: str = GO_ON) -> Callable[..., None]:
    """Make a command of a coroutine function, whose first argument is what may stop it; it returns the exit code.

    What goes wrong becomes one line on standard error.
    """

    @wraps(function)
    def run(**given: Any) -> None:
        stop = Stop()

        async def main() -> int:
            with stop:
                return await function(stop, **given) or DONE

        try:
            code = asyncio.run(main())
        except (asyncio.CancelledError, KeyboardInterrupt):
            code = stop.code or INTERRUPTED
        except OutcomeUnknownError as error:
            end(UNKNOWN, str(error))
        except AuthenticationError as error:
            end(FAILED, f"{error}; `billingo-async doctor` (with the same --api) says what to do")
        except (BillingoError, OSError, ValueError) as error:
            end(FAILED, str(error))
        if stop.code or code == INTERRUPTED:
            why = "the output is not read any more" if stop.code == UNREAD else "interrupted"
            end(stop.code or code, f"{why}; {if_interrupted}")
        if code:
            raise typer.Exit(code)

    own = signature(function, eval_str=True)
    run.__signature__ = own.replace(parameters=list(own.parameters.values())[1:])  # type: ignore[attr-defined]  # what the command line is made of
    return run


def end(code: int, message: str) -> NoReturn:
    """End with this code, and one line on standard error that says why."""
    with suppress(OSError):
        sys.stdout.flush()
    say(f"billingo-async: {message}", err=True)
    raise typer.Exit(code) from None


def confirm(question: str, stop: Stop, *, yes: bool) -> None:
    """Ask before what cannot be undone; end unless the answer is yes."""
    try:
        stop.__exit__()  # Ctrl-C interrupts what waits for a person, as it does outside an event loop
        is_confirmed = yes or typer.confirm(clean(question))
        stop.__enter__()
    except typer.Abort as abort:  # Ctrl-C, or no answer can come
        if isinstance(abort.__context__, EOFError):
            end(USAGE, "nobody can answer here, so nothing was done; --yes does it without asking")
        end(INTERRUPTED, "interrupted; nothing was done")
    if not is_confirmed:
        end(FAILED, "nothing was done")
