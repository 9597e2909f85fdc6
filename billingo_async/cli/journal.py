"""The commands about a journal: where its keys stand, what became of one, and what a person knows better."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from billingo_async import Billingo, BillingoError, Journal
from billingo_async.cli import options  # noqa: TC001 - typer reads the annotations
from billingo_async.cli.output import say, say_json
from billingo_async.cli.running import DONE, FAILED, UNKNOWN, USAGE, end, run

if TYPE_CHECKING:
    from billingo_async.cli.running import Stop

CODES: Final = {"done": DONE, "refused": FAILED, "free": FAILED}
"""How `journal show` ends by the key's state; in all others it is not known what became of it."""

journal: typer.Typer = typer.Typer(help="Look into what remembers the keys of a run.", no_args_is_help=True)
JournalArgument = Annotated[str, typer.Argument(metavar="JOURNAL", help="A file such as run.db, or a database's URL.")]
KeyArgument = Annotated[str, typer.Argument(metavar="KEY", help="The key, such as order-1234.")]


@journal.command()
def status(journal: JournalArgument, as_json: options.Json = False) -> None:  # noqa: FBT002 - an option on the command line
    """Show how many keys have their invoice, which were refused, and which are in doubt.

    done: the invoice is made.
    refused: the server said no, or was not reached; mend the cause and run it again.
    free: nothing was made; run it again.
    doubt: it may have been made; run it again, or resolve it by hand.
    sending, settling: a run is at it, or was killed; run it again.

    Example: billingo-async journal status march.db

    Ends with 0 if nothing is left to do, 1 if some were refused or are free, 3 if some are in doubt.
    """
    opened = journal_at(journal, must_exist=True)

    async def command(_: Stop) -> int:
        try:
            content = await opened.status()
        finally:
            await opened.aclose()
        if as_json:
            say_json({name: dict(getattr(content, name)) for name in ("counts", "unsettled", "refused")})
        else:
            for state, count in sorted(content.counts.items()):
                say(f"{count:>8} {state}")
            for name, keys in (("refused", content.refused), ("in doubt", content.unsettled)):
                for key, why in keys.items():
                    say(f"{name}: {key}: {why}")
            for key in list(content.unsettled)[:1]:
                shown = "JOURNAL" if "://" in journal else journal  # an address may hold a password
                remedy = shlex.join(["billingo-async", "journal", "resolve", shown, key])
                say(f"to go on, run the same file again; to resolve one by hand: {remedy}")
        return UNKNOWN if content.unsettled else FAILED if content.refused or content.counts.get("free") else DONE

    run(command)


@journal.command()
def show(journal: JournalArgument, key: KeyArgument, as_json: options.Json = False) -> None:  # noqa: FBT002 - an option on the command line
    """Show where one key stands, with the number and the id of its invoice.

    Example: billingo-async journal show march.db order-1234

    Ends with 0 if it is done, 1 if it was refused, is free or not there, 3 if it is in doubt.
    """
    opened = journal_at(journal, must_exist=True)

    async def command(_: Stop) -> int:
        try:
            record = await opened.look_up(key)
        finally:
            await opened.aclose()
        made = record.invoice
        if as_json:
            invoice = {"invoice": made.id if made else None, "invoice_no": made.invoice_no if made else None}
            say_json({"key": record.key, "state": record.state, **invoice, "error": record.error})
        else:
            what = f"invoice {made.invoice_no or '(draft)'}, id {made.id}" if made else record.error or "no invoice"
            say(f"{record.state}: {record.key}: {what}")
        return CODES.get(record.state, UNKNOWN)

    run(command)


@journal.command()
def resolve(
    journal: JournalArgument,
    key: KeyArgument,
    invoice: Annotated[int | None, typer.Option(help="The id of the invoice that is the key's.", min=1)] = None,
    none: Annotated[bool, typer.Option("--none", help="There is no invoice: the key may be tried again.")] = False,  # noqa: FBT002 - an option on the command line
) -> None:
    """Say what became of a key in doubt: by asking Billingo, or by what you know.

    Without --invoice and --none, Billingo is asked what it has.
    Where that does not tell, look at your invoices in Billingo and say which one it is,
    or that there is none.

    Example: billingo-async journal resolve march.db order-1234 --invoice 878790507
    """
    opened = journal_at(journal, must_exist=True)

    async def command(_: Stop) -> int:
        async with Billingo(journal=opened) as billingo:
            made = await opened.settle(billingo.invoices.account, key, invoice_id=invoice, no_invoice=none)
        say(f"{key}: invoice {made}" if made else f"{key}: no invoice; it may be tried again")
        return DONE

    run(command)


def journal_at(address: str, *, must_exist: bool = False) -> Journal:
    """Return the journal at a file or an address; end with `USAGE` where there can be none."""
    if "://" not in address and must_exist and not Path(address).exists():
        end(USAGE, f"there is no journal {address}; name the file that was given to --journal")
    try:
        return Journal(address if "://" in address else f"sqlite+aiosqlite:///{address}")
    except BillingoError as error:
        end(USAGE, str(error))
