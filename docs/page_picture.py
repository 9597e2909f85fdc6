"""Writes `docs/assets/sandbox-page.png`, the picture of the sandbox's page: `python docs/page_picture.py`.

It is the page itself, as Debian's `chromium` shows it, after some of the demo's orders and two calls that go wrong.
"""

from __future__ import annotations

import asyncio
import io
import os
import tempfile
from contextlib import redirect_stdout, suppress
from pathlib import Path

from demo_picture import some_orders

from billingo_async import Billingo, BillingoError
from billingo_async.cli.accounts import V2
from billingo_async.cli.demo import run_month
from billingo_async.sandbox import Fault, Sandbox

PICTURE = Path(__file__).parent / "assets" / "sandbox-page.png"
SIZE = "1120,1240"
ORDERS = 3
CHROMIUM = os.environ.get("BILLINGO_CHROMIUM", "chromium")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=2000")


async def take() -> None:
    """Fill a sandbox and have its page photographed."""
    sandbox = Sandbox()
    with tempfile.TemporaryDirectory() as place:
        async with sandbox.serve() as url:
            async with Billingo(sandbox.public_key, sandbox.private_key, base_url=url, max_retries=0) as billingo:
                await fill(sandbox, billingo, Path(place))
            page = url.removesuffix("api")
            command = (CHROMIUM, *FLAGS, f"--user-data-dir={place}/profile", f"--window-size={SIZE}")
            process = await asyncio.create_subprocess_exec(*command, f"--screenshot={PICTURE}", page)
            if await process.wait():
                raise SystemExit(f"{CHROMIUM} took no picture; name another browser in BILLINGO_CHROMIUM")


async def fill(sandbox: Sandbox, billingo: Billingo, folder: Path) -> None:
    """Tell the demo's story, then let two calls go wrong and leave two faults waiting."""
    orders = folder / "orders.csv"
    orders.write_text(some_orders(ORDERS), "utf-8")
    with redirect_stdout(io.StringIO()):
        await run_month(V2(billingo), orders, folder)
    sandbox.faults.next("invoices.cancel", Fault.drop_after_commit())
    unpaid = (await billingo.invoices.list())[2]
    with suppress(BillingoError):
        await billingo.invoices.cancel(unpaid.id)
    with suppress(BillingoError):
        await billingo.invoices.get(42)
    sandbox.faults.next("invoices.create", Fault.drop_after_commit())
    sandbox.faults.always("GET /invoices/*/download", Fault.not_ready())


if __name__ == "__main__":
    asyncio.run(take())
