"""Writes the reference when the documentation is built: an entry for every public name, grouped by its room.

The names are read from the package's source, so that the reference can neither miss one nor name one that is gone.
"""

from __future__ import annotations

import ast
import inspect
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from properdocs.structure.files import File

import billingo_async
from billingo_async import v3
from billingo_async.noun import Noun

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from properdocs.config.defaults import MkDocsConfig
    from properdocs.structure.files import Files

ROOT = Path(__file__).parent.parent
PACKAGE = "billingo_async"
TREE = "<!-- the tree of errors -->"
KINDS = "<!-- the kinds of fields -->"
OF_A_NOUN = """
    options:
      inherited_members: true
      merge_init_into_class: false
"""
"""How a noun is shown: with every verb that it has, and without its constructor, which is not for callers."""
HOW_BUILT = "shown always nullable encoders instead written_as absent_if_empty required model_config"
SAID_ONCE = "carrying model_copy to_payload"
OF_A_MODEL = f"""
    options:
      filters: ["!^_", "!^({"|".join([*HOW_BUILT.split(), *SAID_ONCE.split()])})$"]
      inherited_members: true
      show_if_no_docstring: true
"""
"""How a model is shown: with every field, but nothing of how the models are built."""

PAGES = {
    "billingo": (
        "Billingo",
        "The object that everything starts from, what it is set up with, and the pages it hands out.",
    ),
    "resources": (
        "Resources",
        "What you can do: `billingo.invoices`, `billingo.clients` and so on, one class for each noun.",
    ),
    "models": ("Models", f"What things look like: what is read forgives, what is written (`New…`) refuses.\n\n{KINDS}"),
    "v3": (
        "API v3",
        "`billingo_async.v3.Billingo`. What both APIs share, such as `Journal` and the errors, stands with API v2.",
    ),
    "v3-resources": (
        "Resources of API v3",
        "What you can do: `billingo.documents`, `billingo.partners` and so on, one class for each noun.",
    ),
    "v3-models": ("Models of API v3", f"What things look like over API v3, under the API's own names.\n\n{KINDS}"),
    "errors": (
        "Errors",
        f"All that can go wrong, and [what to do about each](../guides/errors.md).\n\n{TREE}",
    ),
    "sandbox": ("Sandbox", "A Billingo of your own, for trying out and for your tests."),
}
"""Page of the reference: its title and its first sentence. A room that is no page of its own stands on `billingo`'s."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the reference and the changelog to the documentation."""
    entries: dict[str, list[str]] = {page: [] for page in PAGES}
    for name, room in exported(ROOT / PACKAGE / "__init__.py"):
        entries[room if room in PAGES else "billingo"].append(f"{PACKAGE}.{name}")
    entries["models"] = [f"{entry}{OF_A_MODEL}" for entry in entries["models"]]
    for name, _ in exported(ROOT / PACKAGE / "sandbox" / "__init__.py"):
        entries["sandbox"].append(f"{PACKAGE}.sandbox.{name}")
    entries["sandbox"].sort(key=lambda entry: not entry.endswith(".Sandbox"))  # what it is about comes first
    entries["resources"] += [f"{noun}{OF_A_NOUN}" for noun in nouns(f"{PACKAGE}.v2.resources")]
    for name, kind in own_names(v3, billingo_async):
        is_model = f"{PACKAGE}.v3.models" in kind.__module__
        entries["v3-models" if is_model else "v3"].append(f"{PACKAGE}.v3.{name}{OF_A_MODEL if is_model else ''}")
    entries["v3-resources"] = [f"{noun}{OF_A_NOUN}" for noun in nouns(f"{PACKAGE}.v3.resources")]
    for page, (title, opening) in PAGES.items():
        blocks = "\n".join(f"::: {entry}\n" for entry in entries[page])
        opened = opening.replace(TREE, tree_of_errors()).replace(KINDS, kinds_of_fields())
        content = f"# {title}\n\n{opened}\n\n{blocks}"
        files.append(File.generated(config, f"reference/{page}.md", content=content))
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    files.append(File.generated(config, "changelog.md", content=changes))
    return files


def own_names(package: ModuleType, other: ModuleType) -> Iterator[tuple[str, type]]:
    """Yield the classes of a package that the other one does not have as well."""
    shared = {id(getattr(other, name)) for name in dir(other)}
    for name in dir(package):
        kind = getattr(package, name)
        if inspect.isclass(kind) and id(kind) not in shared and kind.__name__ == name:  # else it is another's alias
            yield name, kind


def tree_of_errors() -> str:
    """Return the drawing that stands in the docstring of the errors."""
    words = ast.get_docstring(ast.parse((ROOT / PACKAGE / "errors.py").read_text("utf-8"))) or ""
    drawn = [line for line in words.splitlines() if line.startswith("    ")]
    return "\n".join(["```text", *(line[4:] for line in drawn), "```"])


def kinds_of_fields() -> str:
    """Return what the types of fields mean, in the words that stand beside them in the code."""
    lines = ["| a field of type | holds |", "| --- | --- |"]
    for name in ("lenient", "strict"):
        body = ast.parse((ROOT / PACKAGE / "fields" / f"{name}.py").read_text("utf-8")).body
        for alias, words in pairwise(body):
            match alias, words:
                case (
                    ast.AnnAssign(target=ast.Name(id=kind), annotation=ast.Name(id="TypeAlias")),
                    ast.Expr(value=ast.Constant(value=str(meaning))),
                ):
                    lines.append(f"| `{kind}` | {meaning} |")
                case _:
                    continue
    return "\n".join(lines)


def nouns(package: str) -> Iterator[str]:
    """Yield the classes of a package that are resources, by their whole names; none that others build on alone."""
    for file in sorted(ROOT.joinpath(*package.split(".")).glob("[a-z]*.py")):
        module = import_module(f"{package}.{file.stem}")
        for name, kind in vars(module).items():
            is_own = inspect.isclass(kind) and kind.__module__ == module.__name__
            if is_own and issubclass(kind, Noun) and not getattr(kind, "__parameters__", ()):
                yield f"{module.__name__}.{name}"


def exported(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the names in a package's `__all__`, each with the room below that package that it is imported from.

    A package that loads its names on demand has them in its stub; with a star it takes the classes of a module.
    """
    stub = path.with_suffix(".pyi")
    if stub.exists():
        yield from sorted(_exported_on_demand(stub))
        return
    tree = ast.parse(path.read_text("utf-8"))
    package = ".".join(path.parent.relative_to(ROOT).parts)
    rooms: dict[str, str] = {}
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            room = (node.module or "").removeprefix(package).strip(".").removeprefix("v2.").partition(".")[0]
            rooms.update({alias.asname or alias.name: room for alias in node.names})
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            names = ast.literal_eval(node.value)
    yield from ((name, rooms.get(name, "")) for name in names)


def _exported_on_demand(stub: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(stub.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module != PACKAGE:
            home = ROOT.joinpath(*(node.module or "").split("."))
            room = (node.module or "").removeprefix(f"{PACKAGE}.").removeprefix("v2.").partition(".")[0]
            names = _classes_of(home) if node.names[0].name == "*" else [alias.name for alias in node.names]
            yield from ((name, room) for name in names)


def _classes_of(home: Path) -> list[str]:
    if (stub := home / "__init__.pyi").exists():
        return [name for name, _ in _exported_on_demand(stub)]
    body = ast.parse(home.with_suffix(".py").read_text("utf-8")).body
    return [node.name for node in body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
