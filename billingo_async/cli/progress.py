"""How far a long command is: a bar on a terminal, a line a thing in a log, one object a line for other programs.

Where standard output is no terminal but a log, a file or a pipe, each thing that was made has its line there.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from typing import Any, Final, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from billingo_async import RateLimit
from billingo_async.cli.output import clean, say, say_json

COLUMNS: Final = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())


@contextmanager
def bar(noun: str, total: int) -> Generator[Callable[[int], None]]:
    """Show a bar while something is gone through; it leaves nothing behind, and nothing where no terminal is."""
    console = Console(stderr=True)
    with Progress(*COLUMNS, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(noun, total=total)
        yield lambda steps: progress.advance(task, steps)


class ProgressReporter:
    """Tells how far a run is, at which rate, and how long it will take."""

    def __init__(
        self, noun: str, total: int, *, as_json: bool, limit: RateLimit | None = None, console: Console | None = None
    ) -> None:
        """Take what is counted, how many there are, and the limit that the server puts on them."""
        self._noun, self._total, self._as_json, self._limit = noun, total, as_json, limit
        self.counts: Counter[str] = Counter()
        console = console or Console(stderr=True)
        pace = TextColumn("{task.fields[pace]}")
        self._bar = Progress(*COLUMNS, pace, console=console, disable=not console.is_terminal)
        self._task = self._bar.add_task(noun, total=total, pace="")
        self._start = monotonic()

    def report(self, kind: str, fields: dict[str, Any], what: str = "", problem: str | None = None) -> None:
        """Tell of one: for programs its `fields`, for people `what` came of it, or the problem."""
        self.counts[kind] += 1
        self._bar.update(self._task, advance=1, pace=self._pace())
        if self._as_json:
            say_json({**fields, "outcome": kind, "error": problem})
        elif problem:
            self._bar.console.print(clean(f"{kind}: {problem}"), markup=False, highlight=False, soft_wrap=True)
        elif what and not sys.stdout.isatty():
            say(f"{kind}: {what}")

    @property
    def is_done(self) -> bool:
        """Whether all were told."""
        return self.counts.total() >= self._total

    def _pace(self) -> str:
        """Say how many a second, and how long the rest takes: what was there already took no time and tells nothing."""
        elapsed = max(monotonic() - self._start, 0.001)
        done = self.counts.total() - self.counts["there already"]
        left = self._total - self.counts.total()
        if not done:
            return ""
        seconds = left * elapsed / done
        if self._limit is not None:  # the last of them leaves when so many windows are over
            windows = (done + left - 1) // self._limit.count if left else 0
            seconds = max(windows * self._limit.per - elapsed, 0.0)
        return f"{done / elapsed:.1f}/s, {timedelta(seconds=round(seconds))} left"

    def __enter__(self) -> Self:
        """Show the bar; the time runs from now on."""
        self._start = monotonic()
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Take the bar away and say how it ended, on standard error for programs' sake; not where it never began."""
        self._bar.stop()
        if kind is None or self.counts:
            summary = ", ".join(f"{count} {kind}" for kind, count in sorted(self.counts.items())) or "nothing to do"
            say(f"{self._noun}: {summary}", err=True)
