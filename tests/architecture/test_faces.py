"""The faces of the package hold names alone, and load what is behind a name when it is first asked for."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from importlib import import_module
from typing import Any

import pytest

import billingo_async
from billingo_async.on_demand import public_names

FACES = ["billingo_async", "billingo_async.v2.models", "billingo_async.v3", "billingo_async.v3.models"]
NEVER_AT_ONCE = {"aiohttp", "filelock", "fpdf", "httpcore", "jsonschema", "sqlalchemy", "typer"}


def loaded_by(statement: str) -> set[str]:
    """Return the modules that a fresh interpreter holds after a statement."""
    told = f"{statement}\nimport sys\nloaded = [*sys.modules]\nimport json\nprint(json.dumps(loaded))"
    done = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)  # noqa: S603 - our own words
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("face", FACES)
def test_stub_and_package_name_the_same(face: str, pytestconfig: pytest.Config) -> None:
    """What type checkers read is what is loaded on demand: the same names, each from the module that the stub says."""
    stub = pytestconfig.rootpath.joinpath(*face.split("."), "__init__.pyi")
    named: dict[str, str] = {}
    for node in ast.walk(ast.parse(stub.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module != face:
            module = str(node.module)
            names = public_names(module) if node.names[0].name == "*" else [alias.name for alias in node.names]
            named.update(dict.fromkeys(names, module))
    assert sorted(named) == public_names(face)
    for name, module in named.items():
        assert getattr(import_module(module), name) is getattr(import_module(face), name), name


@pytest.mark.parametrize("face", FACES)
def test_star_and_dir_give_every_name(face: str) -> None:
    """`from billingo_async import *` brings all names, and `dir` shows them to those who complete names."""
    everything: dict[str, Any] = {}
    exec(f"from {face} import *", everything)  # noqa: S102 - the very statement that is tested
    assert set(public_names(face)) <= everything.keys() & set(dir(import_module(face)))


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
    """With `Billingo` comes neither sandbox, command line nor any library of the extras, and no file of models."""
    loaded = loaded_by("from billingo_async import Billingo")
    assert not [name for name in loaded if name.startswith("billingo_async.v2.models.")]
    loaded = loaded_by("from billingo_async import Billingo, NewInvoice")
    assert "billingo_async.v2.models.invoice" in loaded
    rooms = {name.split(".")[1] for name in loaded if name.startswith("billingo_async.")}
    assert rooms.isdisjoint({"sandbox", "cli"})
    assert not NEVER_AT_ONCE & loaded
    face = loaded_by("import billingo_async")
    assert "httpx" not in face
    assert not [name for name in face if name.startswith("billingo_async.v2")]
