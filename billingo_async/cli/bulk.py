"""The commands about many invoices: `bulk create` and `pdf`."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from billingo_async import (
    AuthenticationError,
    Billingo,
    ConfigurationError,
    Invoice,
    Outcome,
    OutcomeUnknownError,
    RateLimit,
)
from billingo_async.cli import options
from billingo_async.cli.journal import journal_at
from billingo_async.cli.output import say
from billingo_async.cli.plan import Plan, check
from billingo_async.cli.progress import ProgressReporter
from billingo_async.cli.running import DONE, FAILED, UNKNOWN, USAGE, Stop, end, run

JOURNAL_NAME: Final = "invoices.db"
"""The journal that stands beside the file, where none is named."""
PDF_LIMIT: Final = RateLimit(10, per=61.0)
"""PDFs that Billingo gives out a minute, as the library paces them; the bar reckons with it."""

bulk: typer.Typer = typer.Typer(help="Make thousands of invoices, none of them twice.", no_args_is_help=True)


@bulk.command()
def create(
    file: Annotated[
        Path, typer.Argument(help="A .csv or .xlsx with one row an item, or a .jsonl, one invoice a line.")
    ],
    journal: Annotated[
        str | None,
        typer.Option(
            help="What remembers the keys: a file, or a database's URL.", show_default="invoices.db beside FILE"
        ),
    ] = None,
    *,
    concurrency: Annotated[int, typer.Option(help="How many invoices at the same time.", min=1)] = 20,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check all, show the sums, make nothing.")] = False,
    decimal: options.Decimal = None,
    as_json: options.Json = False,
) -> None:
    """Make the invoices of a file, each under its key; run it again after any interruption, and it goes on.

    One row is one item; rows that follow each other under one key are one invoice.
    Columns: key, payment_method, fulfillment_date, due_date, description, qty, unit,
    vat (27%, AAM), net_unit_price or gross_unit_price, and the customer: name, postcode,
    city, street_name, street_type, house_nr, country, taxcode, email. More of the API's may
    stand beside them, such as currency, and ids in their place: client_uid, vat_id.
    A CSV may be in any dialect of a spreadsheet. A JSON line has a key and the same
    fields, the items in a list. A customer whom the account does not have is made once.

    The whole file is checked first, and the account asked for all that it names. If any of
    it is wrong, all that is wrong is told at once (the first 100, with --json all),
    and nothing is made. Else the sums are shown.

    Example: billingo-async bulk create march.xlsx --dry-run

    Where the output is no terminal, each key has its line there with its invoice's number.
    Ends with 0 if all have their invoice, 1 if some failed, 2 if the file is wrong,
    3 if it is not known whether one was made (see journal resolve), 128 and the signal's number
    after Ctrl-C and the like, 141 if its output is not read any more; these let it finish what
    it has begun.
    """
    address = str(file.resolve().parent / JOURNAL_NAME) if journal is None else journal
    address = address if "://" in address else str(Path(address).absolute())
    is_there = "://" in address or Path(address).exists()
    known = journal_at(address) if is_there or not dry_run else None

    async def command(stop: Stop) -> int:
        async with Billingo(journal=known) as billingo:
            plan = await check(
                file, billingo, decimal=options.MARKS[decimal], as_json=as_json, journal=known if dry_run else None
            )
            if dry_run:
                _show_dry_run(file, plan, as_json=as_json)
                return DONE
            if not as_json:
                plan.show(err=True)
            if not is_there:
                say(f"the journal is new: {address}; keep it, it knows which invoices are made", err=True)
            await plan.make_customers(billingo)
            reporter = ProgressReporter("invoices", plan.invoices, as_json=as_json)
            return await _create(billingo, plan, concurrency, reporter, stop)

    run(command)


def _show_dry_run(file: Path, plan: Plan, *, as_json: bool) -> None:
    if as_json:
        plan.show_json()
        return
    plan.show()
    made = f", {plan.made} of them made already under their keys" if plan.made else ""
    say(f"{file}: {plan.invoices} invoices{made}, every line is right; nothing was sent")


async def _create(billingo: Billingo, plan: Plan, concurrency: int, reporter: ProgressReporter, stop: Stop) -> int:
    refusal: AuthenticationError | None = None
    with reporter:
        drafts = stop.until(plan.drafts.invoices())
        async for outcome in billingo.invoices.create_many(drafts, concurrency=concurrency):
            what = f"{outcome.key}: {named(outcome.invoice)}" if outcome.invoice else ""
            fields = {"key": outcome.key, **fields_of(outcome.invoice)}
            reporter.report(_kind(outcome), fields, what, f"{outcome.key}: {outcome.error}" if outcome.error else None)
            stop.look_for_reader(is_done=reporter.is_done)
            if isinstance(outcome.error, AuthenticationError):  # no other invoice will fare better
                refusal = outcome.error
                stop.take_no_more()
    if refusal is not None:
        raise refusal
    return _code(reporter)


def _code(reporter: ProgressReporter) -> int:
    return UNKNOWN if reporter.counts["unknown"] else FAILED if reporter.counts["failed"] else DONE


def _kind(outcome: Outcome) -> str:
    if isinstance(outcome.error, OutcomeUnknownError):
        return "unknown"
    return "failed" if outcome.error else "there already" if outcome.was_there else "made"


def pdf(
    folder: Annotated[
        Path, typer.Argument(help="Where to save the PDFs; what is there already is left alone.", file_okay=False)
    ],
    *,
    year: Annotated[int | None, typer.Option(help="All invoices of a year.", min=2000, max=2100)] = None,
    first: options.First = None,
    last: options.Last = None,
    limits: options.Limits = None,
    as_json: options.Json = False,
) -> None:
    """Save the PDFs of invoices in a folder, ten a minute as Billingo allows; run it again, and it goes on.

    Files are named by the invoice's number. What is in the folder already is not asked for again.
    Programs that run at the same time share the ten; web workers, too, if they are given the same address.

    Example: billingo-async pdf march --from 2026-03-01 --to 2026-03-31
    """
    if (year is None) == (first is None):
        end(USAGE, "give --year 2026, or --from 2026-03-01 and perhaps --to 2026-03-31")
    from_day = date(year, 1, 1) if year else first.date() if first else None
    to_day = date(year, 12, 31) if year else last.date() if last else None

    async def command(stop: Stop) -> int:
        async with Billingo(pdf_limit=pdf_limit(limits)) as billingo:
            invoices = [
                one async for one in billingo.invoices.query(start_date=from_day, end_date=to_day) if one.invoice_no
            ]
            return await save(billingo, invoices, folder, stop, as_json=as_json)

    run(command)


def pdf_limit(limits: str | None) -> RateLimit:
    """Return the limit on PDFs as the programs of this user share it, or as the option says."""
    if limits == "none":
        return PDF_LIMIT
    if limits is None:
        from platformdirs import user_cache_path  # noqa: PLC0415 - loaded where it is needed

        folder = user_cache_path("billingo-async", appauthor=False)
        with suppress(OSError):  # without the folder, this program counts by itself and says so
            folder.mkdir(parents=True, exist_ok=True)
        limits = f"sqlite:///{folder / 'limits.db'}"
    try:
        return RateLimit(PDF_LIMIT.count, per=PDF_LIMIT.per, shared=limits)
    except ConfigurationError as error:
        end(USAGE, f"--limits: {error}; or none")


async def save(billingo: Billingo, invoices: list[Invoice], folder: Path, stop: Stop, *, as_json: bool) -> int:
    """Save the PDFs of invoices and return the code to end with."""
    with ProgressReporter("PDFs", len(invoices), as_json=as_json, limit=PDF_LIMIT) as reporter:
        async for one in billingo.invoices.download_many(invoices, folder):
            kind = "failed" if one.error else "there already" if one.skipped else "saved"
            what = str(one.path) if one.path else ""
            fields = {"invoice": one.id, "path": what or None}
            reporter.report(kind, fields, what, f"{one.id}: {one.error}" if one.error else None)
            stop.look_for_reader(is_done=reporter.is_done)
    return _code(reporter)


def named(invoice: Invoice) -> str:
    """Return an invoice as a person asks for it: by its number; and by its id, as the commands do."""
    return f"invoice {invoice.invoice_no or '(draft)'}, id {invoice.id}"


def fields_of(invoice: Invoice | None) -> dict[str, Any]:
    """Return how other programs are told of an invoice."""
    return {"invoice": invoice.id if invoice else None, "invoice_no": invoice.invoice_no if invoice else None}
