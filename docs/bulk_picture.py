"""Writes `docs/assets/bulk.svg`, the picture of a killed and resumed bulk run: `python docs/bulk_picture.py`.

It is the command line itself that runs, in a terminal of its own, against a sandbox. The moving bar is shown as it last
stood.
"""

from __future__ import annotations

import asyncio
import csv
import tempfile
from pathlib import Path

from terminal import Screen

from billingo_async.sandbox import Sandbox

PICTURE = Path(__file__).parent / "assets" / "bulk.svg"
INVOICES = 2000
KILLED_AFTER = 800
RUN = ("bulk", "create", "march.csv", "--journal", "run.db")
STATUS = ("journal", "status", "run.db")
COLUMNS = "key name postcode city street_name payment_method fulfillment_date due_date description vat qty unit"
CUSTOMER = ("Őrségi Sütőház Kft.", "9021", "Győr", "Fő", "Átutalás", "2026-03-31", "2026-04-08", "Kenyér", "27%")


async def picture() -> str:
    """Make a month's invoices, killed in the middle and resumed, and return what the terminal showed as SVG."""
    sandbox = Sandbox()
    with tempfile.TemporaryDirectory() as place:
        write_orders(Path(place) / "march.csv")
        async with sandbox.serve() as url:
            keys = {"BILLINGO_PUBLIC_KEY": sandbox.public_key, "BILLINGO_PRIVATE_KEY": sandbox.private_key}
            screen = Screen(Path(place), {**keys, "BILLINGO_BASE_URL": url})
            for arguments, killed_after in ((RUN, KILLED_AFTER), (STATUS, None), (RUN, None), (STATUS, None)):
                await screen.run(*arguments, killed_after=killed_after)
    made = sandbox.ledger.count("invoices.create")
    screen.console.print(
        f"[dim]The account has {made:,} invoices: none is missing, none is there twice.[/]", highlight=False
    )
    if made != INVOICES:
        raise RuntimeError(f"{made} invoices were made, not {INVOICES}")
    return screen.svg("bulk")


def write_orders(path: Path) -> None:
    """Write a month's orders, one item each."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*COLUMNS.split(), "net_unit_price"])
        for number in range(1, INVOICES + 1):
            writer.writerow([f"order-{number}", *CUSTOMER, number % 30 + 1, "db", 590])


if __name__ == "__main__":
    PICTURE.write_text(asyncio.run(picture()), "utf-8")
