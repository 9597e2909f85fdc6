"""The table of operations says what the reference page says, row by row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from billingo_async.protocol.call import table_of
from billingo_async.v2 import operations

if TYPE_CHECKING:
    from pathlib import Path

Endpoint = tuple[str, str]

WORDED_ALIKE = {"read", "same", "once"}


def _rows(page: str) -> list[list[str]]:
    """Return the cells of the table under the heading "Operations"."""
    section = page.split("\n## Operations\n")[1].split("\n## ", maxsplit=1)[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [re.split(r"(?<!\\) \| ", line.strip("| ")) for line in lines[2:]]


def _endpoints(cell: str) -> list[Endpoint]:
    """Read `GET /x`, `POST /x/{id}` from a cell; a method that stands alone has the path that follows it."""
    match: list[Endpoint] = []
    waiting: list[str] = []
    for code in re.findall(r"`([^`]+)`", cell):
        if not (parts := re.fullmatch(r"(GET|POST|PUT|DELETE)(?: (/[\w/{}-]+)(?:[?\[].*)?)?", code)):
            continue
        waiting.append(parts[1])
        if parts[2]:
            match += [(method, parts[2]) for method in waiting]
            waiting = []
    assert not waiting, cell
    return match


def _effects(cell: str, count: int) -> list[set[str]]:
    """Read the effects of so many endpoints: one for all, one each, or the first for all that are left over."""
    each = [{word for word in re.findall(r"\w+", part) if word in WORDED_ALIKE} for part in cell.split(" / ")]
    return [each[0]] * (count - len(each)) + each


def _documented(shared: Path) -> dict[Endpoint, set[str]]:
    page = (shared / "api-reference.md").read_text("utf-8")
    documented: dict[Endpoint, set[str]] = {}
    for _, request, effect in _rows(page):
        endpoints = _endpoints(request)
        for endpoint, effects in zip(endpoints, _effects(effect, len(endpoints)), strict=True):
            assert effects, (endpoint, effect)
            assert endpoint not in documented, endpoint
            documented[endpoint] = effects
    return documented


def test_every_endpoint_and_its_effect_is_as_documented(shared: Path) -> None:
    """No row is missing, none is too many, and each says of repeating what the page says."""
    table: dict[Endpoint, set[str]] = {}
    for row in operations.TABLE:
        if not row.public:
            table.setdefault((row.method, row.path), set()).add(row.effect.value)
    assert table == _documented(shared)


def test_a_404_proves_a_deletion_alone() -> None:
    """Where a repeated try finds nothing, an earlier one may have deleted it; nothing else is proved that way."""
    gone = {row.name for row in operations.TABLE if row.gone_is_done}
    assert gone == {"clients.delete", "products.delete"}


def test_names_say_noun_and_verb() -> None:
    """A name is unique but for creating a client, whose effect depends on `force`."""
    names = [row.name for row in table_of(vars(operations))]
    assert {name for name in names if names.count(name) > 1} == {"clients.create"}
    assert [name for name in names if not re.fullmatch(r"[a-z_]+\.[a-z_]+", name)] == ["time"]
