"""What a reader copies from the README or a guide passes a type checker in its strict mode."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def code_blocks(root: Path) -> Any:
    """Return the script that writes the blocks of all pages."""
    spec = spec_from_file_location("code_blocks", root / "docs" / "code_blocks.py")
    assert spec is not None
    assert spec.loader is not None
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


def test_the_code_of_every_page_passes_mypy(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    """Errors are told by the page's own lines; pyright looks at the same files in `nox -s types`."""
    pytest.importorskip("mypy", reason="only those who check types have mypy")
    root = pytestconfig.rootpath
    modules = code_blocks(root).write(tmp_path)
    assert len(modules) > 15
    command = [sys.executable, "-m", "mypy", "--config-file", str(root / "pyproject.toml"), *map(str, modules)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=root)  # noqa: S603 - our own words
    assert done.returncode == 0, done.stdout


def test_a_line_of_code_keeps_its_number(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    """Prose becomes empty lines, an indented block loses its indent, and what is no Python is left out."""
    page = tmp_path / "page.md"
    page.write_text(
        "# A\n\n```python\na = 1\n```\n\n```bash\nls\n```\n\n    ```python\n    if a:\n        b = 2\n    ```\n"
    )
    code = code_blocks(pytestconfig.rootpath).module_of(page)
    assert [(number, line) for number, line in enumerate(code.splitlines(), 1) if line] == [
        (4, "a = 1"),
        (12, "if a:"),
        (13, "    b = 2"),
    ]
