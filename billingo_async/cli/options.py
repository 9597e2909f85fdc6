"""What several commands take alike: options and arguments.

Never enters here: what a command does with them.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal

import typer

from billingo_async.cli import columns


def day(*names: str, what: str) -> Any:
    """Return an option that takes a day, in the forms that a file may have."""
    return typer.Option(*names, parser=_day, metavar="DAY", help=what)


def _day(text: str) -> date:
    value = columns.day(text, None)
    if not isinstance(value, date):
        raise typer.BadParameter(f"{text!r} is no day; write the year first, such as 2026-11-01")
    return value


Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for other programs.")]
_FIRST = day("--from", what="The first day, as 2026-03-01.")
FirstNeeded = Annotated[date, _FIRST]
First = Annotated[date | None, _FIRST]
Last = Annotated[date | None, day("--to", what="The last day; today if left out.")]
Limit = Annotated[int, typer.Option("--limit", help="How many at most.", min=1)]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The number as printed, such as 2026-000123, or the id.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]
Api = Annotated[
    Literal["v2", "v3"] | None, typer.Option("--api", help="Which API is asked.", show_default="that of the key")
]
Decimal = Annotated[Literal["point", "comma"] | None, typer.Option("--decimal", help="How the file writes decimals.")]
STORES: Final = "Where programs share the limits: sqlite:///…, postgresql+asyncpg://…, redis://… or none."
Limits = Annotated[str | None, typer.Option("--limits", help=STORES, show_default="a file in your cache folder")]
