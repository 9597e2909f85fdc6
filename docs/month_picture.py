"""Writes `docs/assets/month.svg`, a month from a spreadsheet's file to PDFs: `python docs/month_picture.py`.

The commands are typed in a terminal of their own, against a sandbox; no id is typed. The tests go the same way.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from datetime import date
from pathlib import Path

from terminal import Screen

from billingo_async.sandbox import Sandbox

PICTURE = Path(__file__).parent / "assets" / "month.svg"
MARCH = """\
Key;Name;Postcode;City;Street name;Street type;House nr;Email;Payment method;Fulfillment date;Due date;Description;Qty;Unit;Net unit price;VAT
M-031;Őrségi Sütőház Kft.;9021;Győr;Fő;utca;7;sutohaz@example.com;Átutalás;2026. 03. 31.;2026. 04. 08.;Kenyér, 1 kg;120;db;590,00;18%
M-031;;;;;;;;;;;Vajas kifli;300;db;149,50;18%
M-032;Minta Bt.;7621;Pécs;Király;utca;9;minta@example.com;Átutalás;2026. 03. 31.;2026. 04. 08.;Kovászolás, tanfolyam;1;alkalom;12 000,00;27%
M-033;Minta Bt.;7621;Pécs;Király;utca;9;minta@example.com;Készpénz;2026. 03. 31.;2026. 03. 31.;Liszt, BL 55;25;kg;385,00;27%
"""  # noqa: E501 - the lines of the file
"""As a Hungarian spreadsheet saves it: semicolons, decimal commas, its own days, and the encoding of Windows."""


async def month(folder: Path, sandbox: Sandbox) -> Screen:
    """Go from the file to the PDFs, and return the screen."""
    (folder / "march.csv").write_bytes(MARCH.replace("\n", "\r\n").encode("cp1250"))
    async with sandbox.serve() as url:
        keys = {"BILLINGO_PUBLIC_KEY": sandbox.public_key, "BILLINGO_PRIVATE_KEY": sandbox.private_key}
        screen = Screen(folder, {**keys, "BILLINGO_BASE_URL": url})
        await screen.run("bulk", "create", "march.csv", "--dry-run")
        await screen.run("bulk", "create", "march.csv")
        listed = await screen.run("invoices", "list")
        first = re.findall(r"\d{4}-\d{6}", listed)[-1]
        await screen.run("invoices", "send", first, answer="y\n")
        await screen.run("invoices", "pay", first, "--amount", "136 467")
        await screen.run("pdf", "march", "--from", f"{date.today():%Y-%m-01}")  # noqa: DTZ011 - the sandbox's day is this machine's
    return screen


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        PICTURE.write_text(asyncio.run(month(Path(place), Sandbox())).svg("month"), "utf-8")
