"""What the documentation generates agrees with the code that it is generated from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from billingo_async import Billingo, v3
from billingo_async.protocol.call import Effect
from billingo_async.v2.operations import TABLE
from billingo_async.v3.operations import TABLE as V3_TABLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from billingo_async.protocol.call import Operation

ROWS = [*(("API v2", row) for row in TABLE), *(("API v3", row) for row in V3_TABLE)]


@pytest.fixture(scope="module")
def operations_page(script: Callable[[str], Any]) -> Any:
    """The module that writes the page of operations."""
    return script("operations_page")


def test_every_row_stands_on_the_page(operations_page: Any) -> None:
    """The page has one line for each row of both tables, with its method, path and effect, and no other."""
    lines = re.findall(r"^\| `([\w.]+)` \| `(\w+) (\S+)` \| \**(\w+)\** \|", operations_page.page(), re.MULTILINE)
    assert sorted(lines) == sorted((row.name, row.method, row.path, str(row.effect)) for _, row in ROWS)


@pytest.mark.parametrize(("api", "row"), ROWS, ids=[f"{api}-{row.name}-{row.effect}" for api, row in ROWS])
def test_every_call_on_the_page_is_on_the_face(api: str, row: Operation[Any], operations_page: Any) -> None:
    """Each call that the page names can be found on an open `Billingo`, and the first is named like its row."""
    billingo = Billingo("public", "private") if api == "API v2" else v3.Billingo("key")
    located = operations_page.calls(row, api)
    for call in located:
        target: object = billingo
        for name in call.partition("(")[0].split(".")[1:]:
            target = getattr(target, name)
        assert callable(target), call
    assert located[0].startswith(f"billingo.{row.name}") or row.name == "time"


def test_a_row_without_a_method_stops_the_build(operations_page: Any) -> None:
    """A row that nothing on the face carries out is not passed over in silence."""
    row = next(row for row in TABLE if row.name == "invoices.get")
    lost = type(row)("invoices.vanished", row.method, row.path, row.effect, row.decoder)
    with pytest.raises(AttributeError, match="vanished"):
        operations_page.calls(lost, "API v2")


def test_the_introduction_names_all_that_must_not_happen_twice(operations_page: Any) -> None:
    """The plain words cover exactly the operations whose effect is *once*."""
    assert set(operations_page.MADE) == {row.name for _, row in ROWS if row.effect is Effect.ONCE}


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
    numbered = [(number, line) for number, line in enumerate(code.splitlines(), 1) if line]
    assert numbered == [(4, "a = 1"), (12, "if a:"), (13, "    b = 2")]
