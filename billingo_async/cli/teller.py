"""How far a long command is: a bar on a terminal, lines in a log, one object a line for other programs.

Where standard output is no terminal but a log, a file or a pipe, each thing that was made has its line there.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.progress import Task

STEP: Final = 100
"""Outcomes between two lines of a plain log."""
MINUTE: Final = 60


class Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        """Show the rate, once there is one."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.1f}/s")


class Teller:
    """Tells how far it is, at which rate, and how long it will take."""

    def __init__(
        self,
        noun: str,
        total: int,
        *,
        as_json: bool,
        console: Console | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Take what is counted, and how many there are."""
        self._noun, self._total, self._as_json, self._clock = noun, total, as_json, clock
        self.counts: Counter[str] = Counter()
        console = console or Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            Rate(),
            TimeRemainingColumn(),
            TextColumn("left"),
        )
        self._plain = not console.is_terminal
        self._lists = not as_json and not sys.stdout.isatty()
        self._bar = Progress(*columns, console=console, disable=self._plain, get_time=clock)
        self._task = self._bar.add_task(noun, total=total)
        self._began = clock()

    def tell(self, kind: str, told: dict[str, Any], what: str = "", problem: str | None = None) -> None:
        """Tell of one: for programs what is `told`, for people `what` came of it, or the problem."""
        self.counts[kind] += 1
        self._bar.advance(self._task)
        if self._as_json:
            typer.echo(json.dumps({**told, "outcome": kind, "error": problem}, ensure_ascii=False))
        elif problem:
            self._bar.console.print(f"{kind}: {problem}", markup=False, highlight=False, soft_wrap=True)
        elif self._lists and what:
            typer.echo(f"{kind}: {what}")
        if self._plain and self.counts.total() % STEP == 0:
            typer.echo(self._line(), err=True)

    @property
    def is_done(self) -> bool:
        """Whether all were told."""
        return self.counts.total() >= self._total

    def _line(self) -> str:
        done = self.counts.total()
        rate = done / max(self._clock() - self._began, 0.001)
        minutes, seconds = divmod(round((self._total - done) / rate), MINUTE)
        return f"{done} of {self._total} {self._noun}, {rate:.1f}/s, {minutes}:{seconds:02} left"

    def __enter__(self) -> Self:
        """Show the bar; the time runs from now on."""
        self._began = self._clock()
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Take the bar away and say how it ended, on standard error for programs' sake; not where it never began."""
        self._bar.stop()
        if kind is not None and not self.counts:
            return
        summary = ", ".join(f"{count} {kind}" for kind, count in sorted(self.counts.items())) or "nothing to do"
        typer.echo(f"{self._noun}: {summary}", err=True)
