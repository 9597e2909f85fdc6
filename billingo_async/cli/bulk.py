"""The commands about many invoices and what remembers their keys: `bulk create`, `pdf`, `journal …`.

Never enters here: how a file is read, and a rule about keys; those are the journal's.
"""

from __future__ import annotations

import shlex
from contextlib import aclosing
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from billingo_async import AuthenticationError, Billingo, Journal, KeyRecord, Outcome, OutcomeUnknownError
from billingo_async.cli.accounts import DRAFT, Service, service_at
from billingo_async.cli.options import Api, Decimal, FirstNeeded, Json, Last, Limits, day
from billingo_async.cli.output import ProgressReporter, say, say_json
from billingo_async.cli.plan import Plan, check
from billingo_async.cli.running import DONE, FAILED, UNKNOWN, USAGE, Stop, command, end

JOURNAL_NAME: Final = "invoices.db"
"""The journal that stands beside the file, where none is named."""
CODES: Final = {"done": DONE, "refused": FAILED, "free": FAILED}
"""How `journal show` ends by the key's state; in all others it is not known what became of it."""
CREATE: Final = frozenset({"invoices.create", "documents.create"})
"""What makes the document of an order."""
APIS: Final = {"invoices": "v2", "clients": "v2", "documents": "v3", "receipts": "v3", "partners": "v3"}
"""The API of an operation by its noun; others go over the one whose key is set."""
bulk: typer.Typer = typer.Typer(help="Make thousands of invoices, none of them twice.", no_args_is_help=True)
journal: typer.Typer = typer.Typer(help="Look into what remembers the keys of a run.", no_args_is_help=True)
JournalArgument = Annotated[str, typer.Argument(metavar="JOURNAL", help="A file such as run.db, or a database's URL.")]
OperationOption = Annotated[str | None, typer.Option(help="What the key was used for, such as invoices.send.")]
KeyArgument = Annotated[str, typer.Argument(metavar="KEY", help="The key, such as order-1234.")]


@bulk.command()
@command
async def create(
    stop: Stop,
    file: Annotated[Path, typer.Argument(help="A .csv or .xlsx with a row an item, or a .jsonl.")],
    journal: Annotated[str | None, typer.Option(help="What remembers the keys.", show_default=JOURNAL_NAME)] = None,
    *,
    concurrency: Annotated[int, typer.Option(help="How many at the same time.", min=1)] = 20,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check all, show the sums, make nothing.")] = False,
    decimal: Decimal = None,
    block: Annotated[str | None, typer.Option(help="The block of invoices that name none, by prefix or id.")] = None,
    api: Api = None,
    limits: Limits = None,
    as_json: Json = False,
) -> int:
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
    address, is_there = _journal_beside(file, journal)
    known = journal_at(address, must_exist=False) if is_there or not dry_run else None
    async with service_at(api).open(known, limits) as service:
        plan = await check(file, service, block, decimal, as_json=as_json, journal=known if is_there else None)
        if dry_run:
            plan.show(as_json=as_json, is_dry_run=True)
            return DONE
        if not as_json:
            plan.show(err=True)
        if not is_there:
            say(f"the journal is new: {address}; keep it, it knows which invoices are made", err=True)
        await plan.make_customers()
        return await _create(plan, concurrency, stop, as_json=as_json)


def _journal_beside(file: Path, journal: str | None) -> tuple[str, bool]:
    """Return the address of the journal, by default beside the file, and whether there may be one already."""
    address = str(file.resolve().parent / JOURNAL_NAME) if journal is None else journal
    address = address if "://" in address else str(Path(address).absolute())
    return address, "://" in address or Path(address).exists()


async def _create(plan: Plan, concurrency: int, stop: Stop, *, as_json: bool) -> int:
    refusal: AuthenticationError | None = None
    with ProgressReporter("invoices", plan.invoices, as_json=as_json) as reporter:
        for record in plan.settled.values():
            _report(reporter, "there already", record)
        papers = stop.until(plan.papers())
        async for outcome in plan.catalogue.service.papers.create_many(papers, concurrency=concurrency):
            _report(reporter, _kind(outcome), outcome)
            stop.look_for_reader(is_done=reporter.is_done)
            if isinstance(outcome.error, AuthenticationError):  # no other invoice will fare better
                refusal, stop.code = outcome.error, FAILED
    if refusal is not None:
        raise refusal
    return _code(reporter)


def _report(reporter: ProgressReporter, kind: str, one: Outcome[Any] | KeyRecord) -> None:
    fields, made = _made(one.result)
    what = f"{one.key}: {made}" if made else ""
    reporter.report(kind, {"key": one.key, **fields}, what, f"{one.key}: {one.error}" if one.error else None)


def _code(reporter: ProgressReporter) -> int:
    return UNKNOWN if reporter.counts["unknown"] else FAILED if reporter.counts["failed"] else DONE


def _kind(outcome: Outcome[Any]) -> str:
    if isinstance(outcome.error, OutcomeUnknownError):
        return "unknown"
    return "failed" if outcome.error else "there already" if outcome.was_there else "made"


@command
async def pdf(
    stop: Stop,
    folder: Annotated[Path, typer.Argument(help="Where to save the PDFs.", file_okay=False)],
    first: FirstNeeded,
    last: Last = None,
    *,
    api: Api = None,
    limits: Limits = None,
    as_json: Json = False,
) -> int:
    """Save the PDFs of invoices in a folder, as fast as Billingo allows; run it again, and it goes on.

    Files are named by the invoice's number. What is in the folder already is not asked for again.
    API v2 gives out ten PDFs a minute, API v3 takes 300 calls. Programs that run at the same time share
    that; web workers, too, if they are given the same address.

    Example: billingo-async pdf march --from 2026-03-01 --to 2026-03-31
    """
    async with service_at(api).open(limits=limits) as service:
        listed = [one async for one in service.listed(first, last) if service.paper(one).number]
        return await save(service, listed, folder, stop, as_json=as_json)


async def save(service: Service, listed: list[Any], folder: Path, stop: Stop, *, as_json: bool) -> int:
    """Save the PDFs of papers and return the code to end with."""
    with ProgressReporter("PDFs", len(listed), as_json=as_json, limit=service.limit) as reporter:
        async for one in service.papers.download_many(listed, folder):
            kind = "failed" if one.error else "there already" if one.skipped else "saved"
            what = str(one.path) if one.path else ""
            fields = {"invoice": one.id, "path": what or None}
            reporter.report(kind, fields, what, f"{one.id}: {one.error}" if one.error else None)
            stop.look_for_reader(is_done=reporter.is_done)
    return _code(reporter)


@journal.command()
@command
async def status(_: Stop, journal: JournalArgument, *, as_json: Json = False) -> int:
    """Show how many keys have their invoice, which were refused, and which are in doubt.

    done: the invoice is made.
    refused: the server said no, or was not reached; mend the cause and run it again.
    free: nothing was made; run it again.
    doubt: it may have been made; run it again, or resolve it by hand.
    sending, reconciling: a run is at it, or was killed; run it again.

    Example: billingo-async journal status march.db

    Ends with 0 if nothing is left to do, 1 if some were refused or are free, 3 if some are in doubt.
    """
    async with aclosing(journal_at(journal)) as opened:
        content = await opened.status()
        if as_json:
            lists = {name: list(map(_fields, getattr(content, name))) for name in ("unresolved", "refused")}
            say_json({"counts": dict(content.counts), **lists})
        else:
            for state, count in sorted(content.counts.items()):
                say(f"{count:>8} {state}")
            for name, records in (("refused", content.refused), ("in doubt", content.unresolved)):
                for record in records:
                    what = "" if record.operation in CREATE else f" ({record.operation})"
                    say(f"{name}: {record.key}{what}: {record.error}")
            for record in content.unresolved[:1]:
                shown = "JOURNAL" if "://" in journal else journal  # an address may hold a password
                remedy = shlex.join(["billingo-async", "journal", "resolve", shown, record.key])
                remedy += "" if record.operation in CREATE else f" --operation {record.operation}"
                say(f"to go on, run the same file again; to resolve one by hand: {remedy}")
        return UNKNOWN if content.unresolved else FAILED if content.refused or content.counts.get("free") else DONE


@journal.command()
@command
async def show(
    _: Stop, journal: JournalArgument, key: KeyArgument, *, operation: OperationOption = None, as_json: Json = False
) -> int:
    """Show where one key stands, with the number and the id of its invoice.

    Example: billingo-async journal show march.db order-1234

    Ends with 0 if it is done, 1 if it was refused, is free or not there, 3 if it is in doubt.
    """
    async with aclosing(journal_at(journal)) as opened:
        record = await opened.look_up(key, operation=operation)
        say_json(_fields(record)) if as_json else say(f"{record.state}: {record.key}: {_described(record)}")
        return CODES.get(record.state, UNKNOWN)


@journal.command()
@command
async def resolve(
    _: Stop,
    journal: JournalArgument,
    key: KeyArgument,
    *,
    invoice: Annotated[int | None, typer.Option(help="The id of the invoice that is the key's.", min=1)] = None,
    happened: Annotated[bool | None, typer.Option("--happened/--none", help="It happened, or it did not.")] = None,
    operation: OperationOption = None,
    force: Annotated[bool, typer.Option("--force", help="Believe me, even where Billingo says otherwise.")] = False,
    api: Api = None,
) -> None:
    """Say what became of a key in doubt: by asking Billingo, or by what you know.

    Without --invoice, --none and --happened, Billingo is asked what it has.
    Where that does not tell, look at your invoices in Billingo and say which one it is,
    or that there is none.

    Example: billingo-async journal resolve march.db order-1234 --invoice 878790507
    """
    async with aclosing(journal_at(journal)) as opened:
        name = operation or (await opened.look_up(key)).operation
        async with service_at(api or APIS.get(name.partition(".")[0])).open(opened) as service:
            record = await service.billingo.resolve(
                key, operation=name, result_id=invoice, happened=happened, force=force
            )
        say(f"{key}: {'no invoice; it may be tried again' if record.state == 'free' else _described(record)}")


@journal.command()
@command
async def backup(
    _: Stop, journal: JournalArgument, copy: Annotated[Path, typer.Argument(help="Where to put the copy.")]
) -> None:
    """Copy a journal whole, also while it is used; a copy of the file alone would lack what was written last.

    Example: billingo-async journal backup march.db march-copy.db
    """
    async with aclosing(journal_at(journal)) as opened:
        try:
            await opened.backup(copy)
        except OSError as error:
            end(FAILED, f"{copy}: {error.strerror}")
        say(f"{copy}: the whole journal")


@journal.command()
@command
async def recover(
    _: Stop,
    journal: JournalArgument,
    since: Annotated[date, day(what="The first day to look at.")],
    stamp: Annotated[str, typer.Option(help="The journal's stamp, such as 'Ref. {key}'.")],
) -> None:
    """Take over into a journal the invoices of API v2 that bear its stamp: for one that was lost or is old.

    Example: billingo-async journal recover march.db --since 2026-03-01 --stamp 'Ref. {key}'
    """
    opened = journal_at(journal, must_exist=False, stamp=stamp)
    async with aclosing(opened), Billingo(journal=opened) as billingo:
        say(f"{await billingo.recover(since)} keys recovered")


@journal.command()
@command
async def erase(_: Stop, journal: JournalArgument, before: Annotated[date, day(what="The first day to keep.")]) -> None:
    """Erase what a journal keeps of customers for keys that came to an end before a day; keys and numbers stay.

    Example: billingo-async journal erase march.db --before 2020-01-01
    """
    async with aclosing(journal_at(journal)) as opened:
        say(f"{await opened.erase_personal_data(before=before)} keys hold nothing of a customer any more")


def _made(result: Any) -> tuple[dict[str, Any], str]:
    """Return how programs and people are told of the invoice or document that a key has, or of none."""
    number = getattr(result, "invoice_no", None) or getattr(result, "invoice_number", None)
    id_ = getattr(result, "id", None)
    return {"invoice": id_, "invoice_no": number}, f"invoice {number or DRAFT}, id {id_}" if id_ else ""


def _fields(record: KeyRecord) -> dict[str, object]:
    made, _ = _made(record.result)
    return {"key": record.key, "operation": record.operation, "state": record.state, **made, "error": record.error}


def _described(record: KeyRecord) -> str:
    """Return what became of a key."""
    _, made = _made(record.result)
    return made or record.error or ("done" if record.state == "done" else "no invoice")


def journal_at(address: str, *, must_exist: bool = True, stamp: str | None = None) -> Journal:
    """Return the journal at a file or an address; end with `USAGE` where there can be none."""
    if "://" not in address and must_exist and not Path(address).exists():
        end(USAGE, f"there is no journal {address}; name the file that was given to --journal")
    try:
        return Journal(address if "://" in address else f"sqlite:///{address}", stamp=stamp)
    except ValueError as error:
        end(USAGE, str(error))
