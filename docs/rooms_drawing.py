"""Draws the rooms of the package when the documentation is built, from what its modules really import.

A page asks for the drawing with the line `<!-- rooms -->`. The order from top to bottom is the one that the import
rules in `pyproject.toml` hold; an arrow stands for imports, one that follows from two others is left out. The drawing
is an SVG in the page itself: no script and nobody else's server is needed to see it.
"""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import grimp

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PACKAGE = "billingo_async"
MARK = "<!-- rooms -->"
HIDDEN = {"__main__"}  # the door to the command line, no room
FACE = "public names"  # the package itself: what `from billingo_async import …` gives
WIDTH, COLUMN, BOX, ROW, HIGH = 660, 200, 150, 60, 38  # at most three rooms stand in a row

Edge = tuple[str, str]


def on_page_markdown(markdown: str, **_: object) -> str:
    """Put the drawing and its table where the page asks for them."""
    if MARK not in markdown:
        return markdown
    imports = imported()
    return markdown.replace(MARK, f"{drawing(imports)}\n\n{table(imports)}")


def layers() -> list[list[str]]:
    """Return the rooms from top to bottom, as the import rules name them; those of one row stand apart."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (names,) = [rule["layers"] for rule in rules if rule["type"] == "layers"]
    rows = [[room.strip(" ()") for room in line.split("|")] for line in names]
    shown = [row for row in rows if not HIDDEN & {*row}]
    return [shown[0], [FACE], *shown[1:]]


def imported() -> Counter[Edge]:
    """Count which room imports which other, by the statements in their modules."""
    graph = grimp.build_graph(PACKAGE, cache_dir=None)
    height = {room: row for row, rooms in enumerate(layers()) for room in rooms}
    found: Counter[Edge] = Counter()
    for module in graph.modules:
        for other in graph.find_modules_directly_imported_by(module):
            edge = _room(module), _room(other)
            # Downward alone: the pytest plugin asks for the public names as any user does, and is the one exception.
            if not HIDDEN & {*edge} and height[edge[0]] < height[edge[1]]:
                found[edge] += 1
    return found


def _room(module: str) -> str:
    return FACE if module == PACKAGE else module.split(".")[1]


def reduced(edges: set[Edge]) -> set[Edge]:
    """Return the edges that do not follow from others."""

    def reached(start: str, without: Edge) -> Iterator[str]:
        for edge in edges - {without}:
            if edge[0] == start:
                yield edge[1]
                yield from reached(edge[1], without)

    return {edge for edge in edges if edge[1] not in set(reached(edge[0], edge))}


def drawing(imports: Counter[Edge]) -> str:
    """Return the drawing as SVG."""
    rows = layers()
    places = {room: _place(row, column) for row, rooms in enumerate(rows) for column, room in enumerate(rooms)}
    arrows = [_arrow(places[a], places[b]) for a, b in sorted(reduced(set(imports)))]
    boxes = [
        f'<a href="#{_anchor(room)}"><rect x="{x - BOX // 2}" y="{y}" width="{BOX}" height="{HIGH}" rx="6"/>'
        f'<text x="{x}" y="{y + 25}">{room}</text></a>'
        for room, (x, y) in places.items()
    ]
    title = "The rooms of the package from top to bottom, with an arrow from each room to those it imports."
    head = f'<svg class="rooms" viewBox="0 0 {WIDTH} {ROW * len(rows)}" role="img" aria-label="{title}">'
    tip = '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    return "".join([head, tip, '<path d="M0 0 8 4 0 8z"/></marker></defs>', *arrows, *boxes, "</svg>"])


def _place(row: int, column: int) -> tuple[int, int]:
    """Return the middle of a room's upper edge: the first of a row stands in line, the others aside."""
    return 4 + BOX // 2 + column * COLUMN, row * ROW + 4


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    (x1, y1), (x2, y2) = start, end
    right, middle = x1 + BOX // 2, y1 + HIGH // 2
    if y2 - y1 == ROW:
        path = f"M{x1} {y1 + HIGH} L{x2} {y2 - 1}"
    elif x1 < x2:  # to a room aside: over the gap and down to it
        path = f"M{right} {middle} Q{x2} {middle} {x2} {y2 - 1}"
    else:
        far = right + 13 * (y2 - y1) // ROW + 8
        path = f"M{right} {middle} C{far} {middle} {far} {y2 + HIGH // 2} {x2 + BOX // 2 + 1} {y2 + HIGH // 2}"
    return f'<path class="arrow" d="{path}"/>'


def table(imports: Counter[Edge]) -> str:
    """Return what each room is for, and how often it imports which other."""
    lines = ["| room | what it is for | imports |", "| --- | --- | --- |"]
    for room in (room for row in layers() for room in row):
        others = [f"{other} ({imports[room, other]})" for row in layers() for other in row if imports[room, other]]
        lines.append(f'| <span id="{_anchor(room)}">**{room}**</span> | {_opening(room)} | {", ".join(others)} |')
    return "\n".join(lines)


def _anchor(room: str) -> str:
    return f"room-{room.replace(' ', '-')}"


def _opening(room: str) -> str:
    """Return the first sentence of a room's docstring."""
    path = ROOT / PACKAGE / ("" if room == FACE else room)
    source = path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
    words = ast.get_docstring(ast.parse(source.read_text("utf-8"))) or ""
    return words.partition("\n\n")[0].replace("\n", " ")
