"""What can be set on a sandbox: its clock, which whatever replaces Python's own moves, and its switches."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from typing import TYPE_CHECKING

from billingo_async.sandbox import Switches

if TYPE_CHECKING:
    import pytest

PROGRAM = """
from freezegun import freeze_time
from billingo_async.sandbox import Request, Sandbox

def show():
    print(sandbox.answer(Request("GET", "/time", "", {}, b"")).header("Date"))

sandbox = Sandbox()
with freeze_time("2031-02-03 04:05:06"):
    show()
    with freeze_time("2032-03-04"):
        show()
show()
"""
"""In a process of its own: freezegun looks into every module that is loaded, and loads what is loaded late."""


def test_freezegun_moves_the_day() -> None:
    """A sandbox that was made before the clock was frozen follows it, and goes back with it."""
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    first, second, third = run.stdout.splitlines()
    assert (first, second) == ("Mon, 03 Feb 2031 04:05:06 GMT", "Thu, 04 Mar 2032 00:00:00 GMT")
    assert "2031" not in third
    assert "2032" not in third


ROW = re.compile(r"^\| `(\w+)` \| ([^|:]*)", re.MULTILINE)
IN_WORDS = {"nothing": "frozenset()"}


def test_the_page_lists_every_switch_with_its_default(pytestconfig: pytest.Config) -> None:
    """Neither a switch nor a default is missing on the page, and none is there that does not exist."""
    page = (pytestconfig.rootpath / "docs/explanation/sandbox-switches.md").read_text("utf-8")
    listed = [(name, text.strip().removesuffix(" s").strip("`")) for name, text in ROW.findall(page)]
    defaults = [(field.name, repr(field.default).replace("'", '"')) for field in fields(Switches)]
    assert [(name, IN_WORDS.get(text, text)) for name, text in listed] == defaults
