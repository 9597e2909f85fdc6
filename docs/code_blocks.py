"""Writes the Python blocks of each page into a module of its own, line by line as they stand there, for type checkers.

`python docs/code_blocks.py FOLDER`, then `mypy FOLDER` and `pyright -p FOLDER`: what they find is told by the page's
own line numbers.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
OPENING = re.compile(r"( *)```python$")
SETTINGS = {
    "include": ["."],
    "pythonVersion": "3.11",
    "reportDuplicateImport": False,  # a block says what it needs, whatever stands in the one before
    "typeCheckingMode": "strict",
}


def pages() -> list[Path]:
    """Return the README and every page of the documentation."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def module_of(page: Path) -> str:
    """Return the code of a page, each line where it stands there; nothing of what lies between the blocks."""
    lines: list[str] = []
    indent: str | None = None
    for line in page.read_text("utf-8").splitlines():
        opening = OPENING.fullmatch(line)
        is_code = indent is not None and line.strip() != "```"
        lines.append(line.removeprefix(indent or "") if is_code else "")
        if opening:
            indent = opening[1]
        elif not is_code:
            indent = None
    return "\n".join(lines) + "\n"


def write(folder: Path) -> list[Path]:
    """Write a module for each page that has code, and the settings of pyright beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for page in pages():
        code = module_of(page)
        if code.strip():
            name = re.sub(r"\W", "_", str(page.relative_to(ROOT).with_suffix("")))
            written.append(folder / f"{name}.py")
            written[-1].write_text(code, "utf-8")
    (folder / "pyrightconfig.json").write_text(json.dumps({**SETTINGS, "extraPaths": [str(ROOT)]}), "utf-8")
    return written


if __name__ == "__main__":
    write(Path(sys.argv[1]))
