"""Writes `docs/assets/bulk.svg`, the picture of a killed and resumed bulk run: `python docs/bulk_picture.py`.

It is the command line itself that runs, in a terminal of its own, against a sandbox; what it left on the screen is
drawn by the terminal library's own export. The moving bar is shown as it last stood.
"""

from __future__ import annotations

import asyncio
import csv
import io
import os
import pty
import re
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from demo_picture import OWN_FONTS, WIDTH
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from billingo_async import Address, Billingo, NewClient
from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

PICTURE = Path(__file__).parent / "assets" / "bulk.svg"
INVOICES = 2000
KILLED_AFTER = 800
RUN = ("bulk", "create", "march.csv", "--journal", "run.db")
STATUS = ("bulk", "status", "run.db")
_MOVE = re.compile(r"\x1b\[(?:\d*[A-HJKf]|\?\d+[hl])")  # the cursor goes somewhere, a line is wiped: not for a picture


async def picture() -> str:
    """Make a month's invoices, killed in the middle and resumed, and return what the terminal showed as SVG."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), color_system="truecolor", legacy_windows=False)
    sandbox = Sandbox()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        async with sandbox.serve() as url:
            keys = {"BILLINGO_PUBLIC_KEY": sandbox.public_key, "BILLINGO_PRIVATE_KEY": sandbox.private_key}
            screen = {"COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
            environment = {**os.environ, **keys, **screen, "BILLINGO_BASE_URL": url}
            async with Billingo(sandbox.public_key, sandbox.private_key, base_url=url) as billingo:
                write_orders(folder / "march.csv", await customer(billingo))
            for arguments, kill in ((RUN, True), (STATUS, False), (RUN, False), (STATUS, False)):
                console.print(f"[bold green]$[/] billingo-async {' '.join(arguments)}", highlight=False)
                for line in shown(await typed(arguments, folder, environment, kill=kill)):
                    console.print(Text.from_ansi(line))
                if kill:
                    console.print("Killed (kill -9)", style="bold red", highlight=False)
    made = sandbox.ledger.count("invoices.create")
    console.print(f"[dim]The account has {made:,} invoices: none is missing, none is there twice.[/]", highlight=False)
    if made != INVOICES:
        raise RuntimeError(f"{made} invoices were made, not {INVOICES}")
    return console.export_svg(title="billingo-async bulk", theme=MONOKAI, code_format=OWN_FONTS, unique_id="bulk")


async def customer(billingo: Billingo) -> int:
    """Register the customer of all the invoices."""
    address = Address(
        street_name="Fő", street_type="utca", house_nr="7", city="Győr", postcode="9021", country="Magyarország"
    )
    return (await billingo.clients.create(NewClient(name="Őrségi Sütőház Kft.", billing_address=address))).id


def write_orders(path: Path, client_uid: int) -> None:
    """Write a month's orders, one item each."""
    columns = "key client_uid payment_method fulfillment_date due_date description vat_id qty unit net_unit_price"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns.split())
        for number in range(1, INVOICES + 1):
            days = ("2026-03-31", "2026-04-08")
            writer.writerow([f"order-{number}", client_uid, 2, *days, "Kenyér", 1, number % 30 + 1, "db", 590])


async def typed(arguments: tuple[str, ...], folder: Path, environment: dict[str, str], *, kill: bool) -> str:
    """Run a command as if typed in a terminal; return all it wrote there. Killed, it dies with kill -9 on its way."""
    ours, theirs = pty.openpty()
    command = (sys.executable, "-m", "billingo_async", *arguments)
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    written = ""
    with suppress(OSError):  # so a terminal ends that nobody writes to any more
        while chunk := await asyncio.to_thread(os.read, ours, 65536):
            written += chunk.decode("utf-8", "ignore")
            told = re.findall(r"(\d+)/\d+", written)
            if kill and told and int(told[-1]) >= KILLED_AFTER:
                process.kill()
    os.close(ours)
    await process.wait()
    return written


def shown(written: str) -> Iterator[str]:
    """Yield the lines that are left on the screen: of a line that was written over, the last."""
    for line in written.replace("\r\n", "\n").split("\n"):
        left = _MOVE.sub("", line.rpartition("\r")[2])
        if Text.from_ansi(left).plain.strip():
            yield left


if __name__ == "__main__":
    PICTURE.write_text(asyncio.run(picture()), "utf-8")
