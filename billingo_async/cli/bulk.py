"""The commands about many invoices: `bulk create`, `bulk status`, `bulk settle`, and `pdf`."""

from __future__ import annotations

import json
import shlex
from datetime import date, datetime  # noqa: TC003 - typer reads the annotations when the program runs
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from billingo_async import AuthenticationError, Billingo, BillingoError, Journal, OutcomeUnknownError
from billingo_async.cli.drafts import read_drafts
from billingo_async.cli.ending import DONE, FAILED, UNKNOWN, USAGE, end, run
from billingo_async.cli.for_programs import Machine  # noqa: TC001 - typer reads the annotations when it runs
from billingo_async.cli.mistakes import count_drafts
from billingo_async.cli.teller import Teller

if TYPE_CHECKING:
    from billingo_async import Invoice, Outcome
    from billingo_async.cli.stopping import Stop

CODES: Final = {"done": DONE, "refused": FAILED, "free": FAILED}
"""How `bulk status --key` ends by the key's state; in all others it is not known whether there is an invoice."""

KEYS_REFUSED: Final = (
    "Billingo refuses the API keys, so no more invoices were tried; "
    "`billingo-async doctor` says what to do, and then run it again"
)
"""What is said when no invoice at all can be made."""

bulk: typer.Typer = typer.Typer(help="Make thousands of invoices, none of them twice.", no_args_is_help=True)
JournalOption = Annotated[
    str, typer.Option("--journal", help="What remembers the keys: a file such as run.db, or a database's URL.")
]
JournalArgument = Annotated[str, typer.Argument(metavar="JOURNAL", help="A file such as run.db, or a database's URL.")]


@bulk.command()
def create(
    file: Annotated[Path, typer.Argument(help="A .csv with one row an item, or a .jsonl with one invoice a line.")],
    journal: JournalOption = "invoices.db",
    concurrency: Annotated[int, typer.Option(help="How many invoices at the same time.", min=1)] = 20,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every line, send nothing.")] = False,  # noqa: FBT002 - an option on the command line
    as_json: Machine = False,  # noqa: FBT002 - likewise
) -> None:
    """Make the invoices of a file, each under its key; run it again after any interruption, and it goes on.

    A CSV file has one row an item; rows that follow each other under one key are one invoice.
    Columns: key, client_uid, payment_method, fulfillment_date, due_date, description, vat_id,
    qty, unit, and net_unit_price or gross_unit_price; more of the API's, such as currency.
    The numbers are told by clients list, payment-methods list and vat list.
    A JSON line has a key and the same fields, the items in a list.
    Where the output is no terminal, it names each key with its invoice's number.

    All lines are checked first. If any is wrong, all that is wrong is told at
    once (the first 20 in full, with --json all), and nothing is sent.

    Example: billingo-async bulk create march.csv --journal march.db --dry-run

    Ends with 0 if all have their invoice, 1 if some failed, 2 if the file is wrong,
    3 if it is not known whether one was made (see bulk settle), 130 or 143 after Ctrl-C or
    SIGTERM, 141 if nobody reads its output any more; these let it finish what it has begun.
    """
    total = count_drafts(file, as_json=as_json)
    if dry_run:
        typer.echo(f"{file}: {total} invoices, every line is right; nothing was sent")
        return
    teller = Teller("invoices", total, as_json=as_json)
    run(lambda stop: _create(file, _journal(journal), concurrency, teller, stop))


@bulk.command()
def status(
    journal: JournalArgument,
    key: Annotated[str | None, typer.Option(help="Tell of this key alone, with its invoice.")] = None,
    as_json: Machine = False,  # noqa: FBT002 - an option on the command line
) -> None:
    """Show how many keys have their invoice, which were refused, and which are in doubt.

    done: the invoice is made.
    refused: the server said no, or was not reached; mend the cause and run it again.
    free: nothing was made; run it again.
    doubt: it may have been made; run it again, or settle it by hand.
    sending, settling: somebody is at it, or was killed; run it again.

    With --key: where that key stands, and the number and the id of its invoice.

    Example: billingo-async bulk status march.db --key order-1234

    Ends with 0 if nothing is left to do, 1 if some were refused or are free, 3 if some are in
    doubt; with --key likewise, and 1 if the key is not there.
    """
    kept = _journal(journal, must_exist=True)
    run(lambda _: _status(kept, journal, as_json=as_json) if key is None else _one_key(kept, key, as_json=as_json))


@bulk.command()
def settle(
    journal: JournalArgument,
    key: Annotated[str, typer.Argument(help="The key to settle.")],
    invoice: Annotated[int | None, typer.Option(help="The id of the invoice that is the key's.", min=1)] = None,
    none: Annotated[bool, typer.Option("--none", help="There is no invoice: the key may be tried again.")] = False,  # noqa: FBT002 - an option on the command line
) -> None:
    """Settle a key in doubt: by asking Billingo, or by what you know.

    Without --invoice and --none, Billingo is asked what it has.
    Where that does not tell, look at your invoices in Billingo and say which one it is,
    or that there is none.

    Example: billingo-async bulk settle march.db order-1234 --invoice 878790507
    """
    run(lambda _: _settle(_journal(journal, must_exist=True), key, invoice, none=none))


def pdf(
    folder: Annotated[
        Path, typer.Argument(help="Where to save the PDFs; what is there already is left alone.", file_okay=False)
    ],
    year: Annotated[int | None, typer.Option(help="All invoices of a year.", min=2000, max=2100)] = None,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], metavar="DAY", help="The first day, such as 2026-03-01."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], metavar="DAY", help="The last day; today if left out."),
    ] = None,
    as_json: Machine = False,  # noqa: FBT002 - an option on the command line
) -> None:
    """Save the PDFs of invoices in a folder, ten a minute as Billingo allows; run it again, and it goes on.

    Files are named by the invoice's number. What is in the folder already is not asked for again.

    Example: billingo-async pdf march --from 2026-03-01 --to 2026-03-31
    """
    if (year is None) == (first is None):
        end(USAGE, "give --year 2026, or --from 2026-03-01 and perhaps --to 2026-03-31")
    from_day = date(year, 1, 1) if year else first.date() if first else None
    to_day = date(year, 12, 31) if year else last.date() if last else None
    run(lambda stop: _pdf(folder, from_day, to_day, stop, as_json=as_json))


async def _create(file: Path, journal: Journal, concurrency: int, teller: Teller, stop: Stop) -> int:
    drafts = stop.until(read_drafts(file))
    are_keys_refused = False
    async with Billingo(journal=journal) as billingo:
        with teller:
            async for outcome in billingo.invoices.create_many(drafts, concurrency=concurrency):
                kind = _kind(outcome)
                what = f"{outcome.key}: {_named(outcome.invoice)}" if outcome.invoice else ""
                told = {"key": outcome.key, **_told(outcome.invoice)}
                teller.tell(kind, told, what, f"{outcome.key}: {outcome.error}" if outcome.error else None)
                stop.look_for_reader(is_done=teller.is_done)
                if isinstance(outcome.error, AuthenticationError):  # no other invoice will fare better
                    are_keys_refused = True
                    stop.take_no_more()
    if are_keys_refused:
        typer.echo(f"billingo-async: {KEYS_REFUSED}", err=True)
    return _code(teller)


def _code(teller: Teller) -> int:
    return UNKNOWN if teller.counts["unknown"] else FAILED if teller.counts["failed"] else DONE


def _kind(outcome: Outcome) -> str:
    if isinstance(outcome.error, OutcomeUnknownError):
        return "unknown"
    return "failed" if outcome.error else "there already" if outcome.was_there else "made"


def _named(invoice: Invoice) -> str:
    """Return an invoice as a person asks for it: by its number; and by its id, as the commands do."""
    return f"invoice {invoice.invoice_no or '(draft)'}, id {invoice.id}"


def _told(invoice: Invoice | None) -> dict[str, object]:
    return {"invoice": invoice.id if invoice else None, "invoice_no": invoice.invoice_no if invoice else None}


async def _one_key(journal: Journal, key: str, *, as_json: bool) -> int:
    try:
        kept = await journal.look_up(key)
    finally:
        await journal.aclose()
    if as_json:
        told = {"key": kept.key, "state": kept.state, **_told(kept.invoice), "error": kept.error}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(f"{kept.state}: {kept.key}: {_named(kept.invoice) if kept.invoice else kept.error or 'no invoice'}")
    return CODES.get(kept.state, UNKNOWN)


async def _status(journal: Journal, address: str, *, as_json: bool) -> int:
    try:
        found = await journal.status()
    finally:
        await journal.aclose()
    if as_json:
        told = {name: dict(getattr(found, name)) for name in ("counts", "unsettled", "refused")}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        for state, count in sorted(found.counts.items()):
            typer.echo(f"{count:>8} {state}")
        for name, keys in (("refused", found.refused), ("in doubt", found.unsettled)):
            for key, why in keys.items():
                typer.echo(f"{name}: {key}: {why}")
        for key in list(found.unsettled)[:1]:
            command = shlex.join(["billingo-async", "bulk", "settle", address, key])
            typer.echo(f"to go on, run the same file again; to settle one by hand: {command}")
    return UNKNOWN if found.unsettled else FAILED if found.refused or found.counts.get("free") else DONE


async def _settle(journal: Journal, key: str, invoice: int | None, *, none: bool) -> int:
    async with Billingo(journal=journal) as billingo:
        settled = await journal.settle(billingo.invoices.account, key, invoice_id=invoice, no_invoice=none)
    typer.echo(f"{key}: invoice {settled}" if settled else f"{key}: no invoice; it may be tried again")
    return DONE


async def _pdf(folder: Path, first: date | None, last: date | None, stop: Stop, *, as_json: bool) -> int:
    async with Billingo() as billingo:
        invoices = [one async for one in billingo.invoices.query(start_date=first, end_date=last) if one.invoice_no]
        with Teller("PDFs", len(invoices), as_json=as_json) as teller:
            async for one in billingo.invoices.download_many(invoices, folder):
                kind = "failed" if one.error else "there already" if one.skipped else "saved"
                told = {"invoice": one.id, "path": str(one.path) if one.path else None}
                what = str(one.path) if one.path else ""
                teller.tell(kind, told, what, f"{one.id}: {one.error}" if one.error else None)
                stop.look_for_reader(is_done=teller.is_done)
    return _code(teller)


def _journal(address: str, *, must_exist: bool = False) -> Journal:
    if "://" not in address and must_exist and not Path(address).exists():
        end(USAGE, f"there is no journal {address}; name the file that was given to --journal")
    try:
        return Journal(address if "://" in address else f"sqlite+aiosqlite:///{address}")
    except BillingoError as error:
        end(USAGE, str(error))
