"""Every law catches what it is there to catch, and lets pass what it allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import laws
import pytest
from laws import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONG_BODY = "\n".join(f"    x{number} = {number}" for number in range(41))

BREACHES = [
    (laws.long_modules, "x = 1\n" * 251),
    (laws.long_functions, f"def long():\n{LONG_BODY}\n"),
    (laws.many_arguments, "def many(a, b, c, d, e, f, g): ...\n"),
    (laws.public_names_unexplained, '"""A module."""\ndef bare(): ...\n'),
    (laws.public_names_unexplained, '"""A module."""\nclass Noun:\n    """A noun."""\n    def verb(self): ...\n'),
    (laws.public_names_unexplained, '"""not a sentence"""\n'),
    (laws.public_names_unexplained, ""),
    (laws.openings_without_bounds, '"""What a call costs."""\n'),
    (laws.openings_without_bounds, "x = 1\n"),
    (laws.bare_suppressions, "import os  # noqa: F401\n"),
    (laws.foreign_privates, "transport = httpx.AsyncHTTPTransport()\ntransport._pool.close()\n"),
    (laws.foreign_privates, "from library import _inner\n_inner._hidden()\n"),
    (laws.clocks_unnamed, "day = date.today()\n"),
    (laws.clocks_unnamed, "# The hour.\nhour = datetime.now(UTC)\n"),
    (laws.clocks_unnamed, "from time import time\nnow = time()\n"),
    (laws.bare_suppressions, "x = 1  # type: ignore[assignment]\n"),
    (laws.bare_suppressions, "x = 1  # pyright: ignore[reportUnknownVariableType]\n"),
    (laws.bare_suppressions, "if x:  # pragma: no cover\n    pass\n"),
    (laws.tests_unexplained, "def test_silent(): ...\n"),
    (laws.tests_unexplained, "class TestNoun:\n    async def test_silent(self): ...\n"),
    (laws.sleeping_tests, "def test_slow():\n    time.sleep(1)\n"),
    (laws.sleeping_tests, "async def test_slow():\n    await asyncio.sleep(0.1)\n"),
    (laws.sleeping_tests, "async def test_slow(jumping_clock):\n    time.sleep(1)\n"),
    (laws.sleeping_tests, "class TestNoun:\n    async def test_slow(self):\n        await asyncio.sleep(seconds)\n"),
]

ALLOWED = [
    (laws.long_modules, "\n" * 251),
    (laws.long_modules, "# Why.\n" * 251),
    (laws.long_modules, '"""A module.\n' + "\n" * 250 + '"""\nx = 1\n"""The unknown."""\n'),
    (laws.long_functions, f'def short():\n    """Long.\n{LONG_BODY}\n    """\n    return 1\n'),
    (laws.many_arguments, "def few(self, a, b, c, d, e, f, *, g, h): ...\n"),
    (laws.public_names_unexplained, '"""A module."""\ndef _private(): ...\n'),
    (laws.public_names_unexplained, '"""A module."""\n@overload\ndef one(): ...\n'),
    (
        laws.foreign_privates,
        "class Twin:\n    def __init__(self):\n        self._x = 1\n    def copy(self, other):\n        other._x = 2\n",
    ),
    (laws.foreign_privates, "point._replace(x=1)\nlog.__dict__\n"),
    (laws.openings_without_bounds, '"""What a call costs. No clock enters here."""\n'),
    (laws.clocks_unnamed, "now = time.time()  # this machine's clock\n"),
    (laws.clocks_unnamed, "# The person's day.\nday = date.today()\nbegan = time.monotonic()\n"),
    (laws.clocks_unnamed, "from datetime import time\nmidnight = time()\n"),
    (laws.bare_suppressions, "import os  # noqa: F401 - a public name\n"),
    (laws.bare_suppressions, "x = 1  # type: ignore[assignment]  # the stub is wrong\n"),
    (laws.bare_suppressions, 'x = "# noqa"\n'),
    (laws.tests_unexplained, 'def test_noun():\n    """It does."""\n'),
    (laws.sleeping_tests, "async def test_yields():\n    await asyncio.sleep(0)\n"),
    (laws.sleeping_tests, "async def test_jumps(jumping_clock):\n    await asyncio.sleep(60)\n"),
    (laws.sleeping_tests, "async def helper(clock: JumpingClock):\n    await asyncio.sleep(60)\n"),
    (laws.sleeping_tests, "@pytest.mark.jumping\nasync def test_jumps():\n    await asyncio.sleep(60)\n"),
    (laws.sleeping_tests, "pytestmark = pytest.mark.jumping\nasync def helper():\n    await asyncio.sleep(60)\n"),
]


@pytest.mark.parametrize(("law", "text"), BREACHES)
def test_breach_is_caught(law: Callable[[Source], Iterator[str]], text: str) -> None:
    """A file that breaks the law is named once."""
    (finding,) = law(Source("room/file.py", text))
    assert finding.startswith("room/file.py")


@pytest.mark.parametrize(("law", "text"), ALLOWED)
def test_allowed_passes(law: Callable[[Source], Iterator[str]], text: str) -> None:
    """A file that keeps the law is not named."""
    assert list(law(Source("room/file.py", text))) == []
