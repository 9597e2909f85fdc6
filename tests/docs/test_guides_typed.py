"""What a reader copies from the README or a guide passes a type checker in its strict mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_every_page_with_code_is_written_for_the_type_checkers(script: Callable[[str], Any], tmp_path: Path) -> None:
    """`nox -s types` has mypy and pyright look at these files."""
    assert len(script("code_blocks").write(tmp_path)) > 15


def test_a_line_of_code_keeps_its_number(script: Callable[[str], Any], tmp_path: Path) -> None:
    """Prose becomes empty lines, an indented block loses its indent, and what is no Python is left out."""
    page = tmp_path / "page.md"
    page.write_text(
        "# A\n\n```python\na = 1\n```\n\n```bash\nls\n```\n\n    ```python\n    if a:\n        b = 2\n    ```\n"
    )
    code = script("code_blocks").module_of(page)
    assert [(number, line) for number, line in enumerate(code.splitlines(), 1) if line] == [
        (4, "a = 1"),
        (12, "if a:"),
        (13, "    b = 2"),
    ]
