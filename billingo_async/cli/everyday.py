"""The everyday commands: `invoices list|show|create|pay|cancel|send`, `doctor`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path  # noqa: TC003 - typer reads the annotations when the program runs
from time import time
from typing import TYPE_CHECKING, Annotated

import typer

from billingo_async import (
    AuthenticationError,
    Billingo,
    BillingoError,
    ConfigurationError,
    ConnectionFailedError,
    NotFoundError,
    Payment,
    PermissionDeniedError,
)
from billingo_async.cli.drafts import read_drafts
from billingo_async.cli.ending import DONE, FAILED, LOOK_FIRST, USAGE, end, run
from billingo_async.cli.for_programs import Machine, one_line  # noqa: TC001 - typer reads the annotations when it runs
from billingo_async.cli.limits import Limit, first_of  # noqa: TC001 - typer reads the annotations when it runs
from billingo_async.cli.mistakes import count_drafts

if TYPE_CHECKING:
    from billingo_async.cli.stopping import Stop

invoices: typer.Typer = typer.Typer(help="Look at single invoices and do something about them.", no_args_is_help=True)
REMEDIES: tuple[tuple[type[BillingoError], str], ...] = (
    (AuthenticationError, "set both keys of one pair, as Billingo's settings show them, or make a new pair"),
    (PermissionDeniedError, "the account may not do this: ask its owner"),
    (NotFoundError, "unset BILLINGO_BASE_URL for the real Billingo, or let it end in /api"),
    (ConnectionFailedError, "check the network, and BILLINGO_BASE_URL if it is set"),
    (BillingoError, "try again later; if it stays so, check BILLINGO_BASE_URL"),
)
"""What the doctor advises, by the first kind that an error is of."""
Id = Annotated[int, typer.Argument(help="The id of the invoice.", min=1)]
Sure = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]


@invoices.command("list")
def list_invoices(limit: Limit = 50, as_json: Machine = False) -> None:  # noqa: FBT002 - an option on the command line
    """List invoices, one a line: id, number, day, total."""

    async def command(_: Stop) -> int:
        async with Billingo() as billingo:
            for one in await first_of(billingo.invoices.list(), limit):
                shown = (
                    f"{one.id:>12}  {one.invoice_no or '(draft)':<14} {one.date!s:<10} {one.total!s:>14} {one.currency}"
                )
                typer.echo(one_line(one) if as_json else shown)
        return DONE

    run(command)


@invoices.command("show")
def show_invoice(id: Id) -> None:
    """Show all that is known of one invoice, as JSON."""

    async def command(_: Stop) -> int:
        async with Billingo() as billingo:
            typer.echo((await billingo.invoices.get(id)).model_dump_json(indent=2, exclude_none=True))
        return DONE

    run(command)


@invoices.command("create")
def create_invoice(
    file: Annotated[Path, typer.Argument(help="A .csv or .jsonl that holds one invoice.")],
) -> None:
    """Make one invoice from a file; for more than one, and for safety after a crash, use bulk create.

    The file is one for bulk create, which says what stands in it.

    Example: billingo-async invoices create order.csv
    """
    count = count_drafts(file)
    if count != 1:
        end(USAGE, f"{file} holds {count} invoices, not one; use `billingo-async bulk create`")

    async def command(_: Stop) -> int:
        new = next(read_drafts(file))[1]
        async with Billingo() as billingo:
            made = await billingo.invoices.create(new)
        typer.echo(f"{made.id} {made.invoice_no or '(draft)'} {made.total} {made.currency}")
        return DONE

    run(command, if_interrupted=LOOK_FIRST)


@invoices.command("pay")
def pay_invoice(
    id: Id,
    amount: Annotated[str, typer.Option(help="Gross, in the invoice's currency, such as 4445.00.")],
    method: Annotated[int, typer.Option(help="The payment method: 1 cash, 2 wire transfer, 5 bank card.", min=1)] = 2,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="The day; today if left out.")
    ] = None,
) -> None:
    """Record a payment, of the whole invoice or a part of it, and say what is still to be paid.

    Example: billingo-async invoices pay 878790507 --amount 4445.00 --on 2026-03-09
    """

    async def command(_: Stop) -> int:
        try:
            exact = Decimal(amount)
        except ArithmeticError:
            raise ConfigurationError(f"--amount {amount!r} is no number: write it like 4445.00") from None
        day = on.date() if on else datetime.now().astimezone().date()
        async with Billingo() as billingo:
            state = await billingo.invoices.pay(id, Payment(date=day, amount=exact, payment_method=method))
        typer.echo("fully paid" if state.fully_paid else f"outstanding: {state.outstanding}")
        return DONE

    run(command, if_interrupted=LOOK_FIRST)


@invoices.command("cancel")
def cancel_invoice(id: Id, yes: Sure = False) -> None:  # noqa: FBT002 - an option on the command line
    """Cancel an invoice by a second one; that cannot be undone."""
    _ask(f"Cancel invoice {id}?", yes=yes)

    async def command(_: Stop) -> int:
        async with Billingo() as billingo:
            typer.echo(f"canceled by {(await billingo.invoices.cancel(id)).invoice_no}")
        return DONE

    run(command, if_interrupted=LOOK_FIRST)


@invoices.command("send")
def send_invoice(id: Id, yes: Sure = False) -> None:  # noqa: FBT002 - an option on the command line
    """Mail an invoice to its client, at the address that Billingo has."""
    _ask(f"Mail invoice {id} to its client?", yes=yes)

    async def command(_: Stop) -> int:
        async with Billingo() as billingo:
            await billingo.invoices.send(id)
        typer.echo("mailed")
        return DONE

    run(command, if_interrupted=LOOK_FIRST)


def doctor() -> None:
    """Check what can go wrong: keys, address, clock, sandbox mode, limits; says what to do.

    Keys are taken from BILLINGO_PUBLIC_KEY and BILLINGO_PRIVATE_KEY,
    the address from BILLINGO_BASE_URL if that is set. Nothing is changed.
    """
    run(_doctor)


async def _doctor(_: Stop) -> int:
    try:
        billingo = Billingo(max_retries=1, timeout=10.0)
    except BillingoError as error:
        typer.echo(f"keys and address: {error}")
        return FAILED
    async with billingo:
        typer.echo(f"keys: there; address: {billingo!r}")
        try:
            skew = (await billingo.server_time()).timestamp() - time()
            typer.echo(f"server: answers; its clock is {round(skew):+d} s from this one, which the library allows for")
            mode = "test mode: nothing is legal" if await billingo.user.is_sandbox() else "real: every invoice is legal"
            typer.echo(f"keys: accepted; the account is {mode}")
            typer.echo(f"invoice blocks: {len(await billingo.invoices.blocks())}; PDFs: 10 a minute for an IP address")
        except BillingoError as error:
            typer.echo(f"{type(error).__name__}: {error}")
            typer.echo(f"what to do: {next(remedy for kinds, remedy in REMEDIES if isinstance(error, kinds))}")
            return FAILED
    return DONE


def _ask(question: str, *, yes: bool) -> None:
    if not yes:
        typer.confirm(question, abort=True)
