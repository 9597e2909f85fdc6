"""The page of the switches names each of them, with its default."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING

from billingo_async.sandbox import Switches

if TYPE_CHECKING:
    import pytest

ROW = re.compile(r"^\| `(\w+)` \| ([^|:]*)", re.MULTILINE)
IN_WORDS = {"nothing": "frozenset()"}


def test_the_page_lists_every_switch_with_its_default(pytestconfig: pytest.Config) -> None:
    """Neither a switch nor a default is missing on the page, and none is there that does not exist."""
    page = (pytestconfig.rootpath / "docs/explanation/sandbox-switches.md").read_text("utf-8")
    listed = [(name, text.strip().removesuffix(" s").strip("`")) for name, text in ROW.findall(page)]
    defaults = [(field.name, repr(field.default).replace("'", '"')) for field in fields(Switches)]
    assert [(name, IN_WORDS.get(text, text)) for name, text in listed] == defaults
