"""Hovering over a method in an editor shows how it is called: each public call has an example that could be run."""

from __future__ import annotations

import ast
import inspect
import re
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

import billingo_async
from billingo_async import AsyncPager, Billingo

if TYPE_CHECKING:
    from collections.abc import Iterator

WITHOUT = {"aclose"}  # what `async with` does by itself


def _calls() -> Iterator[Any]:
    opened = Billingo("public", "private")
    for noun in (name for name in inspect.get_annotations(Billingo) if not name.startswith("_")):
        face = getattr(opened, noun).__class__
        for name, method in inspect.getmembers(face, inspect.isfunction):
            if not name.startswith("_"):
                yield pytest.param(method, id=f"{noun}.{name}")
    for owner in (Billingo, AsyncPager):
        for name, method in inspect.getmembers(owner, inspect.isfunction):
            if not name.startswith("_") and name not in WITHOUT:
                yield pytest.param(method, id=f"{owner.__name__}.{name}")


@pytest.mark.parametrize("method", list(_calls()))
def test_every_call_has_an_example_that_could_be_run(method: Any) -> None:
    """The example compiles, calls the method that it stands at, and names nothing that the library does not have."""
    blocks = re.findall(r"```python\n(.*?)```", inspect.getdoc(method) or "", re.DOTALL)
    assert blocks, "no example"
    code = dedent(blocks[0])
    tree = ast.parse(code)
    compile(code, method.__qualname__, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    assert f".{method.__name__}(" in code
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.startswith("New"):
            model = getattr(billingo_async, node.func.id)
            assert {word.arg for word in node.keywords} <= model.model_fields.keys()
        if isinstance(node, ast.Attribute) and ast.unparse(node).startswith("billingo."):
            _find(ast.unparse(node).split("(")[0])


def _find(dotted: str) -> None:
    target: object = Billingo("public", "private")
    for name in dotted.split(".")[1:]:
        target = getattr(target, name)
