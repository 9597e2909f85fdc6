"""Writes the reference when the documentation is built: an entry for every public name, grouped by its room.

The names are read from the package's source, so that the reference can neither miss one nor name one that is gone.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

ROOT = Path(__file__).parent.parent
PACKAGE = "billingo_async"

PAGES = {
    "billingo": (
        "Billingo",
        "The object that everything starts from, what it is set up with, and the pages it hands out.",
    ),
    "resources": (
        "Resources",
        "What you can do: `billingo.invoices`, `billingo.clients` and so on, one class for each noun.",
    ),
    "models": ("Models", "What things look like: what is read forgives, what is written (`New…`) refuses."),
    "errors": (
        "Errors",
        "All that can go wrong; each error knows whether it is safe to call again. "
        "[What to do about each](../guides/errors.md).\n\n{tree}",
    ),
    "sandbox": ("Sandbox", "A Billingo of your own, for trying out and for your tests."),
}
"""Page of the reference: its title and its first sentence. A room that is no page of its own stands on `billingo`'s."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the reference and the changelog to the documentation."""
    entries: dict[str, list[str]] = {page: [] for page in PAGES}
    for name, room in exported(ROOT / PACKAGE / "__init__.py"):
        entries[room if room in PAGES else "billingo"].append(f"{PACKAGE}.{name}")
    for name, _ in exported(ROOT / PACKAGE / "sandbox" / "__init__.py"):
        entries["sandbox"].append(f"{PACKAGE}.sandbox.{name}")
    listed = {entry.rpartition(".")[2] for entry in entries["resources"]}
    for path in sorted((ROOT / PACKAGE / "resources").glob("[!_]*.py")):
        names = [name for name in classes(path) if name not in listed | {"Resource"}]  # what all nouns share is no noun
        entries["resources"] += [f"{PACKAGE}.resources.{path.stem}.{name}" for name in names]
    for page, (title, opening) in PAGES.items():
        opening = opening.replace("{tree}", tree_of_errors())
        blocks = "\n".join(f"::: {entry}\n" for entry in entries[page])
        files.append(File.generated(config, f"reference/{page}.md", content=f"# {title}\n\n{opening}\n\n{blocks}"))
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    files.append(File.generated(config, "changelog.md", content=changes))
    return files


def tree_of_errors() -> str:
    """Return the drawing that stands in the docstring of the errors."""
    words = ast.get_docstring(ast.parse((ROOT / PACKAGE / "errors.py").read_text("utf-8"))) or ""
    drawn = [line for line in words.splitlines() if line.startswith("    ")]
    return "\n".join(["```text", *(line[4:] for line in drawn), "```"])


def exported(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the names in a package's `__all__`, each with the room below that package that it is imported from."""
    tree = ast.parse(path.read_text("utf-8"))
    package = ".".join(path.parent.relative_to(ROOT).parts)
    rooms: dict[str, str] = {}
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            room = (node.module or "").removeprefix(package).strip(".").partition(".")[0]
            rooms.update({alias.asname or alias.name: room for alias in node.names})
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            names = ast.literal_eval(node.value)
    yield from ((name, rooms.get(name, "")) for name in names)


def classes(path: Path) -> Iterator[str]:
    """Yield the public classes of a module."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name
