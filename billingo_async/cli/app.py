"""The commands: what they are called, what they take, and with which code they end."""

from __future__ import annotations

import asyncio
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from billingo_async import BillingoError
from billingo_async.cli.bulk import bulk, pdf
from billingo_async.cli.clients import clients
from billingo_async.cli.demo import run_demo, shipped_orders
from billingo_async.cli.doctor import doctor
from billingo_async.cli.invoices import invoices
from billingo_async.cli.journal import journal
from billingo_async.cli.lookups import blocks, payment_methods, vat
from billingo_async.cli.running import FAILED, INTERRUPTED, end
from billingo_async.cli.serve import run_sandbox

if TYPE_CHECKING:
    from collections.abc import Coroutine

app: typer.Typer = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(bulk, name="bulk")
app.add_typer(journal, name="journal")
app.add_typer(invoices, name="invoices")
app.add_typer(clients, name="clients")
app.add_typer(vat, name="vat")
app.add_typer(payment_methods, name="payment-methods")
app.add_typer(blocks, name="blocks")
app.command()(pdf)
app.command()(doctor)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - how typer calls it
    if wanted:
        typer.echo(f"billingo-async {version('billingo-async')}")
        raise typer.Exit


@app.callback()
def start(
    show_version: Annotated[  # noqa: FBT002 - an option on the command line
        bool, typer.Option("--version", help="Show the version and end.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """An asyncio client for the Billingo invoicing API v2, and a Billingo of your own to try it on."""


@app.command()
def demo(
    orders: Annotated[
        Path | None, typer.Option(help="A file of orders, as for bulk create.", show_default="the forty-eight shipped")
    ] = None,
    folder: Annotated[Path, typer.Option(help="Where to save the PDFs.", file_okay=False)] = Path("billingo-demo"),
    keep: Annotated[bool, typer.Option("--keep", help="Leave the sandbox running until Ctrl-C.")] = False,  # noqa: FBT002 - an option on the command line
) -> None:
    """Watch orders become invoices, payments, a cancellation and PDFs, over HTTP, against a sandbox of their own."""
    _run(run_demo(orders or shipped_orders(), folder.absolute(), keep=keep))


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(help="The port to listen on; 0 takes a free one.", min=0, max=65535)] = 8080,
    host: Annotated[str, typer.Option(help="A loopback address; the sandbox's key is no secret.")] = "127.0.0.1",
    *,
    lenient: Annotated[bool, typer.Option("--lenient", help="Accept the tokens that other programs send.")] = False,
) -> None:
    """Serve a sandbox until Ctrl-C, printing how to reach it and one line a request.

    A browser finds a page at / of the same address: what the sandbox holds, the last requests with their answers, and
    the faults that wait. It refreshes itself and changes nothing.
    """
    _run(run_sandbox(host, port, lenient=lenient))


def _run(command: Coroutine[Any, Any, None]) -> None:
    """Run a command; what can go wrong becomes one line on standard error and a code."""
    try:
        asyncio.run(command)
    except (BillingoError, OSError, ValueError) as error:
        end(FAILED, str(error))
    except KeyboardInterrupt:
        end(INTERRUPTED, "interrupted; nothing is left behind")
