"""The faces of the package hold names alone, and load what is behind a name when it is first asked for."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

import billingo_async
from billingo_async.v2 import models

if TYPE_CHECKING:
    from types import ModuleType

FACES = ["billingo_async", "billingo_async.v2.models"]
NEVER_AT_ONCE = {
    "aiohttp",
    "filelock",
    "fpdf",
    "httpcore",
    "httpx_aiohttp",
    "jsonschema",
    "sqlalchemy",
    "typer",
}


def loaded_by(statement: str) -> set[str]:
    """Return the modules that a fresh interpreter holds after a statement."""
    told = f"{statement}\nimport sys\nloaded = [*sys.modules]\nimport json\nprint(json.dumps(loaded))"
    done = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)  # noqa: S603 - our own words
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("face", FACES)
def test_every_name_of_a_face_is_imported_once_and_listed_once(face: str, pytestconfig: pytest.Config) -> None:
    """What type checkers import and `__all__` are the same names, each in the module that the face loads it from."""
    path = pytestconfig.rootpath.joinpath(*face.split("."), "__init__.py")
    tree = ast.parse(path.read_text("utf-8"))
    homes = {
        alias.name: node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("billingo_async.")
        for alias in node.names
    }
    homes.pop("on_demand", None)
    package = import_module(face)
    assert len(package.__all__) == len(set(package.__all__))
    assert set(package.__all__) == homes.keys()
    for name, module in homes.items():
        assert getattr(import_module(module), name) is getattr(package, name), name


@pytest.mark.parametrize("face", [billingo_async, models], ids=FACES)
def test_star_and_dir_give_every_name(face: ModuleType) -> None:
    """`from billingo_async import *` brings all of `__all__`, and `dir` shows it to those who complete names."""
    everything: dict[str, Any] = {}
    exec(f"from {face.__name__} import *", everything)  # noqa: S102 - the very statement that is tested
    assert set(face.__all__) <= everything.keys()
    assert set(face.__all__) <= set(dir(face))
    assert all(everything[name] is getattr(face, name) for name in face.__all__)


def test_unknown_name_is_an_ordinary_error() -> None:
    """A slip says which package has no such name, as it does for any module."""
    with pytest.raises(AttributeError, match=r"module 'billingo_async' has no attribute 'Invoise'") as caught:
        _ = billingo_async.Invoise  # type: ignore[attr-defined]  # the slip itself
    assert caught.value.name == "Invoise"
    with pytest.raises(ImportError, match="Invoise"):
        exec("from billingo_async import Invoise")  # noqa: S102 - a statement that cannot stand in a checked file


def test_rooms_can_be_reached_through_the_package() -> None:
    """`billingo_async.errors.APIError` works after `import billingo_async` alone."""
    assert "billingo_async.errors" in loaded_by("import billingo_async; billingo_async.errors.APIError")


def test_import_loads_no_room_that_was_not_asked_for() -> None:
    """With `Billingo` comes neither sandbox, command line nor any library of the extras, and no model."""
    loaded = loaded_by("from billingo_async import Billingo")
    assert not [name for name in loaded if name.startswith("billingo_async.v2.models")]
    loaded = loaded_by("from billingo_async import Billingo, NewInvoice")
    assert "billingo_async.v2.models.invoice" in loaded
    rooms = {name.split(".")[1] for name in loaded if name.startswith("billingo_async.")}
    assert rooms.isdisjoint({"sandbox", "cli"})
    assert not NEVER_AT_ONCE & loaded
    face = loaded_by("import billingo_async")
    assert "httpx" not in face
    assert not [name for name in face if name.startswith("billingo_async.v2")]
