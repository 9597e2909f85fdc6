"""The commands about many invoices: `bulk create` and `pdf`.

Never enters here: how a file is read, and how a key is kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from billingo_async import AuthenticationError, Outcome, OutcomeUnknownError
from billingo_async.cli import options
from billingo_async.cli.journal import journal_at
from billingo_async.cli.output import made_fields, made_words, say
from billingo_async.cli.plan import Plan, check
from billingo_async.cli.progress import ProgressReporter
from billingo_async.cli.running import DONE, FAILED, UNKNOWN, Stop, run

JOURNAL_NAME: Final = "invoices.db"
"""The journal that stands beside the file, where none is named."""

bulk: typer.Typer = typer.Typer(help="Make thousands of invoices, none of them twice.", no_args_is_help=True)


@bulk.command()
def create(
    file: Annotated[Path, typer.Argument(help="A .csv or .xlsx with a row an item, or a .jsonl.")],
    journal: Annotated[str | None, typer.Option(help="What remembers the keys.", show_default=JOURNAL_NAME)] = None,
    *,
    concurrency: Annotated[int, typer.Option(help="How many at the same time.", min=1)] = 20,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check all, show the sums, make nothing.")] = False,
    decimal: options.Decimal = None,
    block: Annotated[str | None, typer.Option(help="The block of invoices that name none, by prefix or id.")] = None,
    api: options.Api = None,
    limits: options.Limits = None,
    as_json: options.Json = False,
) -> None:
    """Make the invoices of a file, each under its key; run it again after any interruption, and it goes on.

    The journal is a file, by default invoices.db beside FILE, or a database's URL.

    One row is one item; rows that follow each other under one key are one invoice.
    Columns: key, payment_method, fulfillment_date, due_date, description, qty, unit,
    vat (27%, AAM), net_unit_price or gross_unit_price, and the customer: name, postcode,
    city, street_name, street_type, house_nr, country, taxcode, email. More of the API's may
    stand beside them, such as currency, and ids in their place: client_uid, vat_id.
    A CSV may be in any dialect of a spreadsheet. A JSON line has a key and the same
    fields, the items in a list. A customer whom the account does not have is made once.
    Over API v3 the same file makes the same documents.

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
        async with options.service_at(api).open(known, limits) as service:
            mark, before = options.MARKS[decimal], known if is_there else None
            plan = await check(file, service, block, mark, as_json=as_json, journal=before)
            if dry_run:
                plan.show(as_json=as_json, is_dry_run=True)
                return DONE
            if not as_json:
                plan.show(err=True)
            if not is_there:
                say(f"the journal is new: {address}; keep it, it knows which invoices are made", err=True)
            await plan.make_customers()
            return await _create(plan, concurrency, stop, as_json=as_json)

    run(command)


async def _create(plan: Plan, concurrency: int, stop: Stop, *, as_json: bool) -> int:
    refusal: AuthenticationError | None = None
    with ProgressReporter("invoices", plan.invoices, as_json=as_json) as reporter:
        for record in plan.settled.values():
            reporter.report("there already", *_described(record.key, record.result))
        papers = stop.until(plan.papers())
        async for outcome in plan.catalogue.service.papers.create_many(papers, concurrency=concurrency):
            problem = f"{outcome.key}: {outcome.error}" if outcome.error else None
            reporter.report(_kind(outcome), *_described(outcome.key, outcome.result), problem)
            stop.look_for_reader(is_done=reporter.is_done)
            if isinstance(outcome.error, AuthenticationError):  # no other invoice will fare better
                refusal = outcome.error
                stop.is_enough = True
    if refusal is not None:
        raise refusal
    return _code(reporter)


def _described(key: str, result: Any) -> tuple[dict[str, Any], str]:
    """Return how programs and people are told of what a key has."""
    return {"key": key, **made_fields(result)}, f"{key}: {made_words(result)}" if result is not None else ""


def _code(reporter: ProgressReporter) -> int:
    return UNKNOWN if reporter.counts["unknown"] else FAILED if reporter.counts["failed"] else DONE


def _kind(outcome: Outcome[Any]) -> str:
    if isinstance(outcome.error, OutcomeUnknownError):
        return "unknown"
    return "failed" if outcome.error else "there already" if outcome.was_there else "made"


def pdf(
    folder: Annotated[Path, typer.Argument(help="Where to save the PDFs.", file_okay=False)],
    first: options.FirstNeeded,
    last: options.Last = None,
    *,
    api: options.Api = None,
    limits: options.Limits = None,
    as_json: options.Json = False,
) -> None:
    """Save the PDFs of invoices in a folder, as fast as Billingo allows; run it again, and it goes on.

    Files are named by the invoice's number. What is in the folder already is not asked for again.
    API v2 gives out ten PDFs a minute, API v3 takes 300 calls. Programs that run at the same time share
    that; web workers, too, if they are given the same address.

    Example: billingo-async pdf march --from 2026-03-01 --to 2026-03-31
    """

    async def command(stop: Stop) -> int:
        async with options.service_at(api).open(limits=limits) as service:
            pager = service.listed(first.date(), last and last.date())
            listed = [one async for one in pager if service.paper(one).number]
            return await save(service, listed, folder, stop, as_json=as_json)

    run(command)


async def save(service: options.Service, listed: list[Any], folder: Path, stop: Stop, *, as_json: bool) -> int:
    """Save the PDFs of papers and return the code to end with."""
    """Save the PDFs of papers and return the code to end with."""
    with ProgressReporter("PDFs", len(listed), as_json=as_json, limit=service.limit) as reporter:
        async for one in service.papers.download_many(listed, folder):
            kind = "failed" if one.error else "there already" if one.skipped else "saved"
            what = str(one.path) if one.path else ""
            fields = {"invoice": one.id, "path": what or None}
            reporter.report(kind, fields, what, f"{one.id}: {one.error}" if one.error else None)
            stop.look_for_reader(is_done=reporter.is_done)
    return _code(reporter)
