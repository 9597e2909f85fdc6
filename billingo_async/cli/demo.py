"""The demo: a sandbox on a free loopback port, the story told against it, and everything cleared away again.

What is kept is what was asked for: the PDFs, and with `--keep` the sandbox until Ctrl-C.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from billingo_async import Billingo
from billingo_async.cli.orders import read_orders
from billingo_async.cli.serve import exports, page_of
from billingo_async.cli.story import PDF_NAME, tell
from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from billingo_async.cli.show import Display


async def run_demo(orders: Path, folder: Path, display: Display, *, keep: bool) -> None:
    """Reads the orders and tells their story.

    Raises:
        OrdersError: The file of orders cannot be used.
        StoryError: Something came out otherwise than documented.
        BillingoError: A call failed.
        OSError: The folder cannot be written to.
    """
    read = read_orders(orders)
    sandbox = Sandbox()
    async with sandbox.serve() as url:
        display.say(f"{len(read)} orders of {orders}, against a sandbox at {url}")
        with folder_for_papers(folder):
            async with Billingo(sandbox.public_key, sandbox.private_key, base_url=url) as billingo:
                told = await tell(billingo, read, folder, display)
        display.invoices(told.invoices)
        display.say(f"{told.mailed} invoices were mailed; {len(told.files)} PDFs are in {folder}:")
        display.files(told.files)
        display.closing()
        if keep:
            display.say(f"The sandbox keeps running until Ctrl-C. What it holds and was asked: {page_of(url)}")
            display.say("To use it from another terminal:")
            for line in exports(sandbox, url):
                display.say(line)
            with suppress(asyncio.CancelledError):  # Ctrl-C arrives as a cancellation, and ends what was asked for
                await asyncio.Event().wait()


@contextmanager
def folder_for_papers(folder: Path) -> Generator[None]:
    """Makes the folder; if the story breaks off, the papers it put there go again, and the folder if it is new."""
    made = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    before = set(folder.iterdir())
    try:
        yield
    except BaseException:
        for file in set(folder.glob(PDF_NAME.format("*"))) - before:
            file.unlink(missing_ok=True)
        for parent in made:
            with suppress(OSError):  # somebody else has put something there meanwhile
                parent.rmdir()
        raise
