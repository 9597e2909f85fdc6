"""How many of a list are shown, and a word on standard error where there are more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from billingo_async import AsyncPager
    from billingo_async.paging import HasId

R = TypeVar("R", bound="HasId")
Limit = Annotated[int, typer.Option(help="How many at most.", min=1)]


async def first_of(rows: AsyncPager[R], limit: int) -> list[R]:
    """Return the first of a list, and say so if they are not all."""
    found = await rows.to_list(limit + 1)
    if len(found) > limit:
        typer.echo(f"billingo-async: only the first {limit} are shown; --limit shows more", err=True)
    return found[:limit]
