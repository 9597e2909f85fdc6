"""What the documentation generates agrees with the code that it is generated from."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING, Any

import pytest

from billingo_async import Billingo
from billingo_async.protocol.call import Effect
from billingo_async.v2.operations import TABLE

if TYPE_CHECKING:
    from billingo_async.protocol.call import Operation


@pytest.fixture(scope="module")
def operations_page(pytestconfig: pytest.Config) -> Any:
    """The module that writes the page of operations."""
    spec = spec_from_file_location("operations_page", pytestconfig.rootpath / "docs" / "operations_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_row_stands_on_the_page(operations_page: Any) -> None:
    """The page has one line for each row of the table, with its method, path and effect, and no other."""
    lines = re.findall(r"^\| `([\w.]+)` \| `(\w+) (\S+)` \| \**(\w+)\** \|", operations_page.page(), re.MULTILINE)
    assert sorted(lines) == sorted((row.name, row.method, row.path, str(row.effect)) for row in TABLE)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.name}-{row.effect}")
def test_every_call_on_the_page_is_on_the_face(row: Operation[Any], operations_page: Any) -> None:
    """Each call that the page names can be found on an open `Billingo`, and the first is named like its row."""
    billingo = Billingo("public", "private")
    located = operations_page.calls(row)
    for call in located:
        target: object = billingo
        for name in call.partition("(")[0].split(".")[1:]:
            target = getattr(target, name)
        assert callable(target), call
    assert located[0].startswith(f"billingo.{row.name}(") or row.name == "time"


def test_a_row_without_a_method_stops_the_build(operations_page: Any) -> None:
    """A row that nothing on the face carries out is not passed over in silence."""
    row = next(row for row in TABLE if row.name == "invoices.get")
    lost = type(row)("invoices.vanished", row.method, row.path, row.effect, row.decoder)
    with pytest.raises(AttributeError, match="vanished"):
        operations_page.calls(lost)


def test_the_introduction_names_all_that_must_not_happen_twice(operations_page: Any) -> None:
    """The plain words cover exactly the operations whose effect is *once*."""
    assert set(operations_page.MADE) == {row.name for row in TABLE if row.effect is Effect.ONCE}
