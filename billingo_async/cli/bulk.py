"""The commands about many invoices: `bulk create`, `bulk status`, `bulk settle`, and `pdf`."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from datetime import date, datetime  # noqa: TC003 - typer reads the annotations when the program runs
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from billingo_async import Billingo, BillingoError, Journal, OutcomeUnknownError
from billingo_async.cli.cells import OrdersError
from billingo_async.cli.drafts import count_drafts, read_drafts

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from billingo_async import Outcome

DONE, FAILED, USAGE, UNKNOWN, INTERRUPTED = 0, 1, 2, 3, 130
STEP: Final = 100
"""Outcomes between two lines of a plain log."""

bulk: typer.Typer = typer.Typer(help="Make thousands of invoices, none of them twice.", no_args_is_help=True)
JournalOption = Annotated[
    str, typer.Option("--journal", help="The journal: a file such as run.db, or a database's URL.")
]
JournalArgument = Annotated[str, typer.Argument(metavar="JOURNAL", help="A file such as run.db, or a database's URL.")]
Machine = Annotated[bool, typer.Option("--json", help="One JSON object a line, for other programs.")]


@bulk.command()
def create(
    file: Annotated[Path, typer.Argument(help="A .csv with one row an item, or a .jsonl with one invoice a line.")],
    journal: JournalOption = "invoices.db",
    concurrency: Annotated[int, typer.Option(help="How many at the same time.", min=1)] = 20,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every line, send nothing.")] = False,  # noqa: FBT002 - an option on the command line
    as_json: Machine = False,  # noqa: FBT002 - likewise
) -> None:
    """Make the invoices of a file, each under its key; run it again after any interruption, and it goes on."""
    try:
        total = count_drafts(file)
    except OrdersError as error:
        _end(USAGE, str(error))
    if dry_run:
        typer.echo(f"{file}: {total} invoices, every line is right; nothing was sent")
        return
    run(_create(file, _journal(journal), concurrency, Teller("invoices", total, as_json=as_json)))


@bulk.command()
def status(journal: JournalArgument, as_json: Machine = False) -> None:  # noqa: FBT002 - an option on the command line
    """Show how many keys have their invoice, which were refused, and which are in doubt."""
    run(_status(_journal(journal, must_exist=True), as_json=as_json))


@bulk.command()
def settle(
    journal: JournalArgument,
    key: Annotated[str, typer.Argument(help="The key to settle.")],
    invoice: Annotated[int | None, typer.Option(help="The id of the invoice that is the key's.", min=1)] = None,
    none: Annotated[bool, typer.Option("--none", help="There is no invoice: the key may be tried again.")] = False,  # noqa: FBT002 - an option on the command line
) -> None:
    """Settle a key in doubt: by asking Billingo, or by what you know."""
    run(_settle(_journal(journal, must_exist=True), key, invoice, none=none))


def pdf(
    folder: Annotated[
        Path, typer.Argument(help="Where to save the PDFs; what is there already is left alone.", file_okay=False)
    ],
    year: Annotated[int | None, typer.Option(help="All invoices of a year.", min=2000, max=2100)] = None,
    first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day.")] = None,
    as_json: Machine = False,  # noqa: FBT002 - an option on the command line
) -> None:
    """Save the PDFs of invoices in a folder, ten a minute as Billingo allows; run it again, and it goes on."""
    if (year is None) == (first is None):
        _end(USAGE, "give --year 2026, or --from 2026-03-01 and perhaps --to 2026-03-31")
    start = date(year, 1, 1) if year else first.date() if first else None
    end = date(year, 12, 31) if year else last.date() if last else None
    run(_pdf(folder, start, end, as_json=as_json))


class Teller:
    """Tells how far it is: a bar with rate and time left on a terminal, lines in a log, objects for programs."""

    def __init__(self, noun: str, total: int | None, *, as_json: bool) -> None:
        """Take what is counted."""
        self._noun, self._total, self._as_json = noun, total, as_json
        self.counts: Counter[str] = Counter()
        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.speed:.1f}/s"),
        )
        self._bar = Progress(*columns[:3], TimeRemainingColumn(), console=console, disable=not console.is_terminal)
        self._task = self._bar.add_task(noun, total=total)
        self._plain = not console.is_terminal

    def tell(self, kind: str, told: dict[str, Any], problem: str | None = None) -> None:
        """Tell of one."""
        self.counts[kind] += 1
        self._bar.advance(self._task)
        if self._as_json:
            typer.echo(json.dumps({**told, "outcome": kind, "error": problem}, ensure_ascii=False))
        elif problem:
            self._bar.console.print(f"{kind}: {problem}", markup=False, highlight=False, soft_wrap=True)
        elif self._plain and self.counts.total() % STEP == 0:
            typer.echo(f"{self.counts.total()} of {self._total or '?'} {self._noun}", err=True)

    def __enter__(self) -> Self:
        """Show the bar."""
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take the bar away."""
        self._bar.stop()

    def code(self) -> int:
        """Say how it ended, on standard error for programs' sake; return the exit code."""
        summary = ", ".join(f"{count} {kind}" for kind, count in sorted(self.counts.items())) or "nothing to do"
        typer.echo(f"{self._noun}: {summary}", err=True)
        return UNKNOWN if self.counts["unknown"] else FAILED if self.counts["failed"] else DONE


async def _create(file: Path, journal: Journal, concurrency: int, teller: Teller) -> int:
    async with Billingo(journal=journal) as billingo:
        with teller:
            async for outcome in billingo.invoices.create_many(read_drafts(file), concurrency=concurrency):
                kind = _kind(outcome)
                told = {"key": outcome.key, "invoice": outcome.invoice.id if outcome.invoice else None}
                teller.tell(kind, told, f"{outcome.key}: {outcome.error}" if outcome.error else None)
    return teller.code()


def _kind(outcome: Outcome) -> str:
    if isinstance(outcome.error, OutcomeUnknownError):
        return "unknown"
    return "failed" if outcome.error else "there already" if outcome.was_there else "made"


async def _status(journal: Journal, *, as_json: bool) -> int:
    try:
        found = await journal.status()
    finally:
        await journal.aclose()
    if as_json:
        typer.echo(json.dumps({"counts": dict(found.counts), "unsettled": dict(found.unsettled)}, ensure_ascii=False))
    else:
        for state, count in sorted(found.counts.items()):
            typer.echo(f"{count:>8} {state}")
        for name, keys in (("refused", found.refused), ("in doubt", found.unsettled)):
            for key, why in keys.items():
                typer.echo(f"{name}: {key}: {why}")
    return UNKNOWN if found.unsettled else FAILED if found.refused else DONE


async def _settle(journal: Journal, key: str, invoice: int | None, *, none: bool) -> int:
    async with Billingo(journal=journal) as billingo:
        settled = await journal.settle(billingo.invoices.account, key, invoice_id=invoice, no_invoice=none)
    typer.echo(f"{key}: invoice {settled}" if settled else f"{key}: no invoice; it may be tried again")
    return DONE


async def _pdf(folder: Path, first: date | None, last: date | None, *, as_json: bool) -> int:
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - once, before anything begins
    async with Billingo() as billingo:
        invoices = [one async for one in billingo.invoices.query(start_date=first, end_date=last) if one.invoice_no]
        with Teller("PDFs", len(invoices), as_json=as_json) as teller:
            async for one in billingo.invoices.download_many(invoices, folder):
                kind = "failed" if one.error else "there already" if one.skipped else "saved"
                told = {"invoice": one.id, "path": str(one.path) if one.path else None}
                teller.tell(kind, told, f"{one.id}: {one.error}" if one.error else None)
    return teller.code()


def _journal(address: str, *, must_exist: bool = False) -> Journal:
    if "://" not in address and must_exist and not Path(address).exists():
        _end(USAGE, f"there is no journal {address}; name the file that was given to --journal")
    try:
        return Journal(address if "://" in address else f"sqlite+aiosqlite:///{address}")
    except BillingoError as error:
        _end(USAGE, str(error))


def run(command: Coroutine[Any, Any, int]) -> None:
    """Run a command and end with its code; what goes wrong becomes one line on standard error."""
    try:
        code = asyncio.run(command)
    except OutcomeUnknownError as error:
        _end(UNKNOWN, str(error))
    except (BillingoError, OrdersError, OSError, ValueError) as error:
        _end(FAILED, str(error))
    except KeyboardInterrupt:
        _end(INTERRUPTED, "interrupted; run it again to go on")
    if code:
        raise typer.Exit(code)


def _end(code: int, message: str) -> NoReturn:
    sys.stdout.flush()
    typer.echo(f"billingo-async: {message}", err=True)
    raise typer.Exit(code) from None
