"""The demo: a month of orders against a sandbox of its own, through the public face, and all is cleared away.

What is kept is what was asked for: the PDFs, and with `--keep` the sandbox until Ctrl-C.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Annotated, Any, Final, TypeVar

import typer

from billingo_async import Billingo, InvoiceType, Payment
from billingo_async.cli.invoices import say_invoices
from billingo_async.cli.output import say
from billingo_async.cli.plan import check
from billingo_async.cli.progress import each
from billingo_async.cli.running import DONE, Stop, run
from billingo_async.cli.serve import exports, page_of
from billingo_async.sandbox import Sandbox

A = TypeVar("A")
T = TypeVar("T")
MAX_PDFS: Final = 5  # well below the ten a minute that the API gives out
PDF_NAME: Final = "sandbox-{invoice_no}.pdf"  # never the name of a real invoice, for it may be overwritten
WIRE_TRANSFER: Final = 2
"""The payment method of those that are not paid on the spot."""


def shipped_orders() -> Path:
    """Return the orders that the demo takes by itself: those of the package, else those of the repository."""
    shipped = Path(__file__).parent / "orders.csv"
    return shipped if shipped.exists() else Path(__file__).parents[2] / "examples" / "orders.csv"


def demo(
    orders: Annotated[
        Path | None, typer.Option(help="A file of orders, as for bulk create.", show_default="the forty-eight shipped")
    ] = None,
    folder: Annotated[Path, typer.Option(help="Where to save the PDFs.", file_okay=False)] = Path("billingo-demo"),
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the sandbox running until Ctrl-C.")] = False,
) -> None:
    """Watch orders become invoices, payments, a cancellation and PDFs, over HTTP, against a sandbox of their own."""
    path = orders or shipped_orders()
    run(lambda stop: run_demo(path, folder.absolute(), stop, keep=keep), if_interrupted="nothing is left behind")


async def run_demo(orders: Path, folder: Path, stop: Stop, *, keep: bool) -> int:
    """Make the invoices of a file, and show what becomes of them.

    Raises:
        BillingoError: A call failed.
        OSError: The folder cannot be written to.

    """
    began = perf_counter()
    sandbox = Sandbox()
    async with sandbox.serve() as url:
        say(f"{orders}, against a sandbox at {url}")
        with TemporaryDirectory() as place:  # if it breaks off, nothing is left in the folder
            async with Billingo(sandbox.public_key, sandbox.private_key, base_url=url) as billingo:
                files = [_keep(file, folder) for file in await run_month(billingo, orders, Path(place))]
        say(f"{len(files)} PDFs are in {folder}:")
        for file in files:
            say(f"  {file}")
        say(f"All of it took {perf_counter() - began:.1f} s.")
        if keep:
            say(f"The sandbox keeps running until Ctrl-C. What it holds and was asked: {page_of(url)}")
            say("To use it from another terminal:")
            for line in exports(sandbox, url):
                say(line)
            await stop.wait()
    return DONE


def _keep(file: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return Path(copy(file, folder / file.name))


async def run_month(billingo: Billingo, orders: Path, folder: Path) -> list[Path]:
    """Make invoices, take payments, cancel, mail, show the account; return the PDFs in a folder that exists."""
    plan = await check(orders, billingo)
    plan.show()
    await plan.make_customers(billingo)
    drafts = list(plan.drafts.invoices())
    made = await phase("Create invoices", billingo.invoices.create, [new for _, new in drafts])
    listed = {one.id: one async for one in billingo.invoices.list(max_per_page=20)}
    invoices = [listed[one.id] for one in made]
    largest = sorted(invoices, key=lambda one: one.total or 0, reverse=True)
    proformas = [one.id for one in invoices if one.type == InvoiceType.PROFORMA]
    on_the_spot = [one for one in invoices if one.payment_method and one.payment_method.id != WIRE_TRANSFER]
    payments = {one.id: one.total or Decimal(0) for one in on_the_spot}
    payments[largest[0].id] = Decimal(int((largest[0].total or 0) / 2))
    await phase("Take payments", lambda id_: _pay(billingo, id_, payments[id_]), list(payments))
    unpaid = [one.id for one in invoices if one.id not in payments and one.id not in proformas]
    cancelling = await phase("Cancel", billingo.invoices.cancel, unpaid[-1:])
    generated = await phase("Turn proformas into invoices", billingo.invoices.generate, proformas)
    mailed = [one.id for one, (_, new) in zip(made, drafts, strict=True) if new.electronic_invoice]
    await phase("Mail to customers", billingo.invoices.send, mailed)
    papers = [*(one.id for one in cancelling), *(id_ for id_ in generated if id_), *(one.id for one in largest)]
    saved = billingo.invoices.download_many(papers[:MAX_PDFS], folder, name=PDF_NAME)
    files = [one.path async for one in saved if one.path]
    everything = await billingo.invoices.list().to_list()
    say_invoices(sorted(everything, key=lambda one: (one.invoice_no or "", one.id)))
    return files


async def _pay(billingo: Billingo, id_: int, amount: Decimal) -> None:
    today = date.today()  # noqa: DTZ011 - the day where the caller sits is the day of the payments
    await billingo.invoices.pay(id_, Payment(date=today, amount=amount, payment_method=WIRE_TRANSFER))


async def phase(title: str, call: Callable[[A], Coroutine[Any, Any, T]], of: Sequence[A]) -> list[T]:
    """Carry out one call for each of many, and tell how long it took."""
    began = perf_counter()
    results = await each(title, call, of)
    if of:
        say(f"{title:<40} {len(of):>5} {perf_counter() - began:>8.2f} s")
    return results
