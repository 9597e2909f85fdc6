"""Writes `docs/assets/demo.svg`, the picture of the demo in the README: `python docs/demo_picture.py`.

It is the demo itself that runs, on some orders of the shipped file, with the terminal library's own export. Only the
moving bars are left out, since a picture does not move, and the fonts that the export would fetch from elsewhere.
"""

from __future__ import annotations

import asyncio
import csv
import io
import re
import tempfile
from contextlib import chdir
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI

from billingo_async.cli.demo import run_demo
from billingo_async.cli.orders import shipped_orders
from billingo_async.cli.show import Display

WIDTH = 96
ORDERS = 9
OWN_FONTS = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
PICTURE = Path(__file__).parent / "assets" / "demo.svg"


def some_orders(count: int) -> str:
    """Return the first orders of the shipped file and the first that is cancelled, in its own form."""
    with shipped_orders().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    cancelled = next(row["order"] for row in rows if row["cancel"])
    wanted = {*list(dict.fromkeys(row["order"] for row in rows))[:count], cancelled}
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for row in rows if row["order"] in wanted)
    return text.getvalue()


def picture() -> str:
    """Run the demo and return what it showed as SVG."""
    console = Console(
        record=True,
        width=WIDTH,
        file=io.StringIO(),
        force_terminal=False,
        color_system="truecolor",
        legacy_windows=False,
    )
    with tempfile.TemporaryDirectory() as place, chdir(place):
        orders = Path("orders.csv")
        orders.write_text(some_orders(ORDERS), "utf-8")
        console.print("[bold green]$[/] billingo-async demo --orders orders.csv", highlight=False)
        asyncio.run(run_demo(orders, Path("billingo-demo"), Display(console), keep=False))
    return console.export_svg(title="billingo-async demo", theme=MONOKAI, code_format=OWN_FONTS, unique_id="demo")


if __name__ == "__main__":
    PICTURE.write_text(picture(), "utf-8")
