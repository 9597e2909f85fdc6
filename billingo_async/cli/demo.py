"""A Billingo of your own: the `sandbox` on a port, and the `demo`, a month of orders against one.

The sandbox prints where it is and how to use it, then one line a request. The demo clears all away but the
PDFs that were asked for.

Never enters here: an account at the vendor.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Annotated, Any, Final, Literal

import typer

from billingo_async import Billingo, v3
from billingo_async.cli.accounts import V2, V3, Service
from billingo_async.cli.nouns import say_papers
from billingo_async.cli.output import say
from billingo_async.cli.plan import check
from billingo_async.cli.running import Stop, command
from billingo_async.sandbox import Sandbox
from billingo_async.sandbox.http import Request, Response

PDF_NAMES: Final = {"v2": "sandbox-{invoice_no}.pdf", "v3": "sandbox-{invoice_number}.pdf"}
"""Never the name of a real invoice, for it may be overwritten."""


class LoggedSandbox(Sandbox):
    """A sandbox that prints one line for each request: time, method, path, status, milliseconds.

    Queries, headers and bodies stay out of it.
    """

    def answer(self, request: Request, *, clock_offset: float = 0.0) -> Response:
        """Answer, and print the line."""
        began = perf_counter()
        response = super().answer(request, clock_offset=clock_offset)
        # This machine's clock: the person who reads the line sits before it.
        took, now = (perf_counter() - began) * 1000, datetime.now().astimezone()
        say(f"{now:%H:%M:%S} {request.method:<6} {request.path} {response.status} {took:.1f} ms")
        return response


@command
async def sandbox(
    stop: Stop,
    port: Annotated[int, typer.Option(help="The port to listen on; 0 takes a free one.", min=0, max=65535)] = 8080,
    *,
    lenient: Annotated[bool, typer.Option("--lenient", help="Accept the tokens that other programs send.")] = False,
) -> None:
    """Serve a sandbox until Ctrl-C, printing how to reach it and one line a request.

    A browser finds a page at / of the same address: what the sandbox holds, the last requests with their answers, and
    the faults that wait. It refreshes itself and changes nothing.
    """
    served = LoggedSandbox(strict_tokens=not lenient)
    try:
        async with served.serve(port) as url:
            say(
                f"The sandbox listens at {url} until Ctrl-C; it forgets all then, so give the next a new journal.",
                f"What it holds and was asked: {url.removesuffix('/api')}/",
                "# for API v3:",
                f"export BILLINGO_V3_BASE_URL={served.v3_url}",
                f"export BILLINGO_API_KEY={served.api_key}",
                "# or, in another terminal, for API v2:",
                f"export BILLINGO_BASE_URL={url}",
                f"export BILLINGO_PUBLIC_KEY={served.public_key}",
                f"export BILLINGO_PRIVATE_KEY={served.private_key}",
            )
            with suppress(asyncio.CancelledError):  # a signal arrives as a cancellation, and ends it well
                await asyncio.Event().wait()
            stop.code = 0
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise OSError(f"port {port} is taken; name another with --port, or --port 0 for any free one") from error


def shipped_orders() -> Path:
    """Return the orders that the demo takes by itself: those of the package, else those of the repository."""
    shipped = Path(__file__).parent / "orders.csv"
    return shipped if shipped.exists() else Path(__file__).parents[2] / "examples" / "orders.csv"


@partial(command, if_interrupted="nothing is left behind")
async def demo(
    _: Stop,
    orders: Annotated[Path | None, typer.Option(help="As for bulk create.", show_default="48 shipped orders")] = None,
    folder: Annotated[Path, typer.Option(help="Where to save the PDFs.", file_okay=False)] = Path("billingo-demo"),
    api: Annotated[Literal["v2", "v3"], typer.Option("--api", help="Over which API.")] = "v2",
) -> None:
    """Watch orders become invoices, payments, a cancellation and PDFs, over HTTP, against a sandbox of their own."""
    path, target, began = orders or shipped_orders(), folder.absolute(), perf_counter()
    sandbox = Sandbox()
    async with sandbox.serve() as url:
        say(f"{path}, against a sandbox at {url if api == 'v2' else sandbox.v3_url}")
        with TemporaryDirectory() as place:  # if it breaks off, nothing is left in the folder
            if api == "v2":
                service: Service = V2(Billingo(sandbox.public_key, sandbox.private_key, base_url=url))
            else:
                service = V3(v3.Billingo(sandbox.api_key, base_url=sandbox.v3_url))
            async with service:
                files = await run_month(service, path, Path(place))
            target.mkdir(parents=True, exist_ok=True)
            saved = [f"  {copy(file, target / file.name)}" for file in files]
        say(f"{len(files)} PDFs are in {target}:", *saved, f"All of it took {perf_counter() - began:.1f} s.")


async def run_month(service: Service, orders: Path, folder: Path) -> list[Path]:
    """Make invoices, take payments, cancel, mail, show the account; return the PDFs in a folder that exists."""
    plan = await check(orders, service, "TST")
    plan.show()
    await plan.make_customers()
    made = await phase("Create invoices", service.papers.create, [paper for _, paper in plan.papers()])
    listed = {one.id: one for one in await service.listed(None, None).to_list()}
    totals = {one.id: service.paper(listed[one.id]).total or Decimal(0) for one in made}
    largest = sorted(totals, key=totals.__getitem__, reverse=True)
    transfer = plan.catalogue.id_of("payment_method", "transfer")
    unpaid = [one.id for one in made if service.paper(listed[one.id]).status == "unpaid"]

    async def pay(id_: int) -> None:
        today = date.today()  # noqa: DTZ011 - by the person's clock: they pay where they sit
        await service.pay(listed[id_], today, totals[id_] if id_ != largest[0] else Decimal(1000), transfer)

    await phase("Take payments", pay, list({*unpaid[:-1:5], *largest[:1]}))
    cancelling = await phase("Cancel", service.papers.cancel, unpaid[-1:])
    await phase("Mail to customers", service.papers.send, unpaid[:-1:2])
    prints = [*(one.id for one in cancelling), *largest][:5]  # well below the ten a minute that API v2 gives out
    downloads = service.papers.download_many(prints, folder, name=PDF_NAMES[service.api])
    files = [one.path async for one in downloads if one.path]
    shown = [service.paper(one) for one in await service.listed(None, None).to_list()]
    say_papers(sorted(shown, key=lambda one: (one.number, one.id)))
    return files


async def phase(title: str, call: Callable[[Any], Awaitable[Any]], of: Sequence[Any]) -> list[Any]:
    """Carry out one call for each of many, and tell how long it took."""
    began = perf_counter()
    results = await asyncio.gather(*map(call, of))
    if of:
        say(f"{title:<40} {len(of):>5} {perf_counter() - began:>8.2f} s")
    return results
