"""Writes `docs/assets/demo.svg`, the picture of the demo in the README: `python docs/demo_picture.py`.

It is the demo itself that runs, on some orders of the shipped file, in a terminal of its own.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from terminal import Screen

from billingo_async.cli.demo import shipped_orders

ORDERS = 10
PICTURE = Path(__file__).parent / "assets" / "demo.svg"


def some_orders(count: int) -> str:
    """Return the first orders of the shipped file, in its own form."""
    head, *rows = shipped_orders().read_text("utf-8-sig").splitlines(keepends=True)
    keys = list(dict.fromkeys(row.partition(",")[0] for row in rows))[:count]
    return "".join([head, *(row for row in rows if row.partition(",")[0] in keys)])


async def picture() -> str:
    """Run the demo and return what it showed as SVG."""
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "orders.csv").write_text(some_orders(ORDERS), "utf-8")
        screen = Screen(Path(place), {})
        await screen.run("demo", "--orders", "orders.csv")
    return screen.svg("demo")


if __name__ == "__main__":
    PICTURE.write_text(asyncio.run(picture()), "utf-8")
