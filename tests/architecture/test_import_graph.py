"""No circle of imports exists between modules; imports for types, and those within functions, are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import laws
import pytest
from laws import Source

from billingo_async.journal.port import WINGS, operation_class

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(pytestconfig: pytest.Config) -> Path:
    """The checkout."""
    return pytestconfig.rootpath


def test_no_module_leads_back_to_itself(root: Path) -> None:
    """Whatever a module needs can be read before it, for types as well."""
    circle = laws.import_circle(laws.sources(root / "billingo_async", root))
    assert not circle, " → ".join(circle)


def test_the_graph_knows_the_modules(root: Path) -> None:
    """The test above looks at something: a module that everybody needs is found to be imported."""
    graph = laws.import_graph(laws.sources(root / "billingo_async", root))
    assert "billingo_async.errors" in graph["billingo_async.transport.dispatch"]


NAMED = {"v2": "invoices.create", "v3": "documents.create"}
"""An operation with keys of each wing."""
LOADERS = {"billingo_async/on_demand.py", "billingo_async/cli/app.py"}
"""What loads a module by its name and stands above it, or knows no name of its own."""


def test_one_place_below_the_wings_names_them(root: Path) -> None:
    """An import by name would pass the order of the rooms unseen: below the wings it stands in the journal's table."""
    sources = laws.sources(root / "billingo_async", root)
    by_name = {source.name for source in sources if "import_module" in source.text}
    assert by_name == LOADERS | {"billingo_async/journal/port.py"}
    assert {api: operation_class(api, name).api for api, name in NAMED.items()} == {"v2": "v2", "v3": "v3"}
    assert WINGS.keys() == NAMED.keys()


CIRCLES = {
    "for types": ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from room.b import B\n", "import room.a\n"),
    "within a function": ("def load():\n    from room import b\n", "from room.a import load\n"),
    "through the package": ("from room import name\n", "import room.a\n"),
}


@pytest.mark.parametrize("kind", CIRCLES)
def test_a_circle_is_noticed(kind: str) -> None:
    """A circle is found however its imports are written."""
    first, second = CIRCLES[kind]
    face = "from room.b import name\n" if kind == "through the package" else ""
    sources = [Source("room/__init__.py", face), Source("room/a.py", first), Source("room/b.py", second)]
    assert {"room.a", "room.b"} <= set(laws.import_circle(sources))


def test_a_line_of_imports_is_no_circle() -> None:
    """Two ways to one module are allowed as long as none leads back."""
    texts = {"__init__": "", "a": "from room import b, c\n", "b": "from room.c import C\n", "c": ""}
    sources = [Source(f"room/{name}.py", text) for name, text in texts.items()]
    assert laws.import_circle(sources) == []
