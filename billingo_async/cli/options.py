"""Options and arguments that several commands take alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final, Literal

import typer

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for other programs.")]
First = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], metavar="DAY", help="The first day, as 2026-03-01.")
]
Last = Annotated[
    datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], metavar="DAY", help="The last day; today if left out.")
]
Limit = Annotated[int, typer.Option("--limit", help="How many at most.", min=1)]
Number = Annotated[
    str, typer.Argument(metavar="NUMBER", help="The invoice's number as printed, such as 2026-000123, or its id.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]
MARKS: Final[Mapping[str | None, str | None]] = {"point": ".", "comma": ",", None: None}
Decimal = Annotated[
    Literal["point", "comma"] | None,
    typer.Option("--decimal", help="How the file writes decimals.", show_default="what the file says"),
]
Limits = Annotated[
    str | None,
    typer.Option(
        "--limits",
        metavar="ADDRESS",
        help="Where programs share the ten PDFs a minute: sqlite:///…, postgresql+asyncpg://…, redis://… or none.",
        show_default="a file in your cache folder",
    ),
]
