"""What the commands print for other programs: the option `--json`, and an object of the API on one line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pydantic import BaseModel

Machine = Annotated[bool, typer.Option("--json", help="One JSON object a line, for other programs.")]


def one_line(one: BaseModel) -> str:
    """Return all that is known of one, as JSON on one line."""
    return json.dumps(one.model_dump(mode="json", exclude_none=True), ensure_ascii=False)
