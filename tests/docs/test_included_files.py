"""What pages take in from files that are tested elsewhere is really taken in, and nothing else goes untested."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def pages(root: Path) -> dict[str, str]:
    """The README and every page, by name."""
    match = [root / "README.md", *sorted((root / "docs").rglob("*.md"))]
    return {str(path.relative_to(root)): path.read_text("utf-8") for path in match}


def test_every_example_stands_on_its_page(pytestconfig: pytest.Config) -> None:
    """The whole programs of `examples/` are shown by some guide, by the marker that mkdocs reads."""
    root = pytestconfig.rootpath
    shown = re.findall(r'^--8<-- "(examples/.*)"$', "\n".join(pages(root).values()), re.MULTILINE)
    assert sorted(shown) == sorted(str(path.relative_to(root)) for path in (root / "examples").glob("*.py"))


def test_no_block_of_python_is_left_out(pytestconfig: pytest.Config) -> None:
    """No page skips a block, and one that is not tested as it stands is nothing but a file that is tested elsewhere."""
    for name, text in pages(pytestconfig.rootpath).items():
        assert "skip:" not in text, name
        for kind, code in re.findall(r"^ *```(.*)\n((?:.*\n)*?) *```$", text, re.MULTILINE):
            if kind.strip() == "python":
                continue
            assert ("python" in kind or kind.strip() in {"py", "pycon"}) == code.startswith("--8<-- "), (name, code)
