"""The sandbox's clock is looked up at each request: what replaces Python's own moves the sandbox, too."""

from __future__ import annotations

import subprocess
import sys

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
