"""What several commands take alike: options and arguments, and the API that is asked, by name or by its key.

Never enters here: what a command does with them, and how either API is asked.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeAlias, cast

import typer

from billingo_async.cli.running import FAILED, USAGE, end

if TYPE_CHECKING:
    from billingo_async.cli.v2 import V2
    from billingo_async.cli.v3 import V3

Service: TypeAlias = "V2 | V3"
KEYS: Final = {"v2": ["BILLINGO_PUBLIC_KEY", "BILLINGO_PRIVATE_KEY"], "v3": ["BILLINGO_API_KEY"]}
"""The variables that hold the keys of each API."""


def day(*names: str, what: str) -> Any:
    """Return an option that takes a day."""
    return typer.Option(*names, formats=["%Y-%m-%d"], metavar="DAY", help=what)


Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for other programs.")]
_FIRST = day("--from", what="The first day, as 2026-03-01.")
FirstNeeded = Annotated[datetime, _FIRST]
First = Annotated[datetime | None, _FIRST]
Last = Annotated[datetime | None, day("--to", what="The last day; today if left out.")]
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


def service_at(api: str | None) -> type[V2 | V3]:
    """Return the API of a name, or else the one whose key is set; end where the keys do not tell."""
    known = [api] if api else [name for name, variables in KEYS.items() if any(map(os.environ.get, variables))]
    if len(known) > 1:
        end(USAGE, "keys of both APIs are set; say --api v2 or --api v3")
    if not known:
        end(FAILED, f"no key is set; set {KEYS['v3'][0]} for API v3, or {' and '.join(KEYS['v2'])} for API v2")
    return cast("type[V2 | V3]", getattr(import_module(f"billingo_async.cli.{known[0]}"), known[0].upper()))
