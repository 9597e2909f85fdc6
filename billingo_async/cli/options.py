"""Options and arguments that several commands take alike.

Never enters here: what a command does with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final, Literal

import typer

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for other programs.")]
_FIRST = typer.Option("--from", formats=["%Y-%m-%d"], metavar="DAY", help="The first day, as 2026-03-01.")
FirstNeeded = Annotated[datetime, _FIRST]
First = Annotated[datetime | None, _FIRST]
Last = Annotated[
    datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], metavar="DAY", help="The last day; today if left out.")
]
Limit = Annotated[int, typer.Option("--limit", help="How many at most.", min=1)]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The number as printed, such as 2026-000123, or the id.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]
Api = Annotated[
    Literal["v2", "v3"] | None, typer.Option("--api", help="Which API is asked.", show_default="that of the key")
]
MARKS: Final[Mapping[str | None, str | None]] = {"point": ".", "comma": ",", None: None}
Decimal = Annotated[Literal["point", "comma"] | None, typer.Option("--decimal", help="How the file writes decimals.")]
STORES: Final = "Where programs share the limits: sqlite:///…, postgresql+asyncpg://…, redis://… or none."
Limits = Annotated[str | None, typer.Option("--limits", help=STORES, show_default="a file in your cache folder")]
