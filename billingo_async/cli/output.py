"""What the commands print: text that no terminal obeys, JSON for other programs, sums, lists that are cut, and bars.

Where standard output is no terminal but a log, a file or a pipe, a long command has no bar, and each thing that was
made has its line there. Never enters here: what is printed where; that is each command's own.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from time import monotonic
from typing import Any, Final, Self

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn

from billingo_async import AsyncPager, RateLimit

_INVISIBLE: Final = r"\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
UNSAFE_IN_JSON: Final = re.compile(f"[{_INVISIBLE}]")
UNSAFE: Final = re.compile(rf"[\x00-\x1f{_INVISIBLE}]")
"""What moves a cursor, sets a title, hides or turns what stands beside it; JSON escapes the first of them by itself."""
BAR: Final[Sequence[ProgressColumn]] = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
WHOLE_CURRENCIES: Final = frozenset({"HUF", "JPY"})
"""Currencies whose whole amounts are written without decimals."""


def clean(text: object) -> str:
    """Return text in which control characters, those of direction included, are spelled out."""
    return UNSAFE.sub(lambda match: match[0].encode("unicode_escape").decode(), str(text))


def say(*lines: object, err: bool = False) -> None:
    """Print lines, cleaned."""
    for line in lines:
        typer.echo(clean(line), err=err)


def say_json(value: BaseModel | Mapping[str, Any], *, indent: int | None = None) -> None:
    """Print JSON that is whole under any encoding of the console, and that no terminal obeys."""
    content = value if isinstance(value, dict) else value.model_dump(mode="json", exclude_none=True)  # type: ignore[union-attr]  # a model, if it is no dict
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(content, ensure_ascii=not is_unicode, indent=indent, default=str)
    typer.echo(UNSAFE_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text))


def say_table(rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset(), err: bool = False) -> None:
    """Print rows, each column as wide as it has to be; those in `right` end alike."""
    cleaned = [[clean(text) for text in texts] for texts in rows]
    widths = [max(map(len, column)) for column in zip(*cleaned, strict=True)]
    forms = [f"{'>' if number in right else '<'}{width}" for number, width in enumerate(widths)]
    for texts in cleaned:
        typer.echo("  ".join(map(format, texts, forms)).rstrip(), err=err)


def money(amount: Decimal | None, currency: str | None = "") -> str:
    """Return an amount with its thousands parted, to the two decimals that can be paid; whole forints have none.

    All the digits that the server answers stand in JSON. How it rounds what it prints is not documented.
    """
    if amount is None:
        return ""
    digits = 0 if currency in WHOLE_CURRENCIES and amount == amount.to_integral_value() else 2
    with localcontext(rounding=ROUND_HALF_UP):
        return f"{amount:,.{digits}f}".replace(",", " ")


async def first_of(rows: AsyncPager[Any], limit: int, matches: Callable[[Any], bool]) -> list[Any]:
    """Return the first of a list that are wanted, and say so if they are not all."""
    shown: list[Any] = []
    async for row in rows:
        if matches(row):
            shown.append(row)
        if len(shown) > limit:
            say(f"billingo-async: only the first {limit} are shown; --limit shows more", err=True)
            break
    return shown[:limit]


@contextmanager
def bar(noun: str, total: int) -> Generator[Callable[[int], None]]:
    """Show a bar while something is gone through; it leaves nothing behind, and nothing where no terminal is."""
    console = Console(stderr=True)
    with Progress(*BAR, console=console, transient=True, disable=not console.is_terminal) as progress:
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
        self._bar = Progress(*BAR, pace, console=console, disable=not console.is_terminal)
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
        """Show the bar."""
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Take the bar away and say how it ended, on standard error for programs' sake; not where it never began."""
        self._bar.stop()
        if kind is None or self.counts:
            summary = ", ".join(f"{count} {kind}" for kind, count in sorted(self.counts.items())) or "nothing to do"
            say(f"{self._noun}: {summary}", err=True)
