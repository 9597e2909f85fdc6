"""The commands about a journal: where its keys stand, what became of one, and what a person knows better.

Never enters here: a rule about keys; those are the journal's.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer

from billingo_async import Billingo, BillingoError, Journal, KeyRecord
from billingo_async.cli import options
from billingo_async.cli.output import made_fields, made_words, say, say_json
from billingo_async.cli.running import DONE, FAILED, UNKNOWN, USAGE, Stop, end, run

CODES: Final = {"done": DONE, "refused": FAILED, "free": FAILED}
"""How `journal show` ends by the key's state; in all others it is not known what became of it."""
CREATE: Final = {"invoices.create": "v2", "documents.create": "v3"}
"""What makes the document of an order, and over which API."""
APIS: Final = {"invoices": "v2", "clients": "v2", "documents": "v3", "receipts": "v3", "partners": "v3"}
"""The API of an operation by its noun; others go over the one whose key is set."""
journal: typer.Typer = typer.Typer(help="Look into what remembers the keys of a run.", no_args_is_help=True)
JournalCommand: TypeAlias = "Callable[[Journal], Coroutine[Any, Any, int]]"
JournalArgument = Annotated[str, typer.Argument(metavar="JOURNAL", help="A file such as run.db, or a database's URL.")]
OperationOption = Annotated[str | None, typer.Option(help="What the key was used for, such as invoices.send.")]
KeyArgument = Annotated[str, typer.Argument(metavar="KEY", help="The key, such as order-1234.")]


@journal.command()
def status(journal: JournalArgument, *, as_json: options.Json = False) -> None:
    """Show how many keys have their invoice, which were refused, and which are in doubt.

    done: the invoice is made.
    refused: the server said no, or was not reached; mend the cause and run it again.
    free: nothing was made; run it again.
    doubt: it may have been made; run it again, or resolve it by hand.
    sending, reconciling: a run is at it, or was killed; run it again.

    Example: billingo-async journal status march.db

    Ends with 0 if nothing is left to do, 1 if some were refused or are free, 3 if some are in doubt.
    """

    async def command(opened: Journal) -> int:
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

    _run(journal, command)


@journal.command()
def show(
    journal: JournalArgument, key: KeyArgument, *, operation: OperationOption = None, as_json: options.Json = False
) -> None:
    """Show where one key stands, with the number and the id of its invoice.

    Example: billingo-async journal show march.db order-1234

    Ends with 0 if it is done, 1 if it was refused, is free or not there, 3 if it is in doubt.
    """

    async def command(opened: Journal) -> int:
        record = await opened.look_up(key, operation=operation)
        say_json(_fields(record)) if as_json else say(f"{record.state}: {record.key}: {_described(record)}")
        return CODES.get(record.state, UNKNOWN)

    _run(journal, command)


@journal.command()
def resolve(
    journal: JournalArgument,
    key: KeyArgument,
    *,
    invoice: Annotated[int | None, typer.Option(help="The id of the invoice that is the key's.", min=1)] = None,
    happened: Annotated[bool | None, typer.Option("--happened/--none", help="It happened, or it did not.")] = None,
    operation: OperationOption = None,
    force: Annotated[bool, typer.Option("--force", help="Believe me, even where Billingo says otherwise.")] = False,
    api: options.Api = None,
) -> None:
    """Say what became of a key in doubt: by asking Billingo, or by what you know.

    Without --invoice, --none and --happened, Billingo is asked what it has.
    Where that does not tell, look at your invoices in Billingo and say which one it is,
    or that there is none.

    Example: billingo-async journal resolve march.db order-1234 --invoice 878790507
    """

    async def command(opened: Journal) -> int:
        name = operation or (await opened.look_up(key)).operation
        async with options.service_at(api or APIS.get(name.partition(".")[0])).open(opened) as service:
            record = await service.billingo.resolve(
                key, operation=name, result_id=invoice, happened=happened, force=force
            )
        say(f"{key}: {'no invoice; it may be tried again' if record.state == 'free' else _described(record)}")
        return DONE

    _run(journal, command)


@journal.command()
def backup(journal: JournalArgument, copy: Annotated[Path, typer.Argument(help="Where to put the copy.")]) -> None:
    """Copy a journal whole, also while it is used; a copy of the file alone would lack what was written last.

    Example: billingo-async journal backup march.db march-copy.db
    """

    async def command(opened: Journal) -> int:
        try:
            await opened.backup(copy)
        except OSError as error:
            end(FAILED, f"{copy}: {error.strerror}")
        say(f"{copy}: the whole journal")
        return DONE

    _run(journal, command)


@journal.command()
def recover(
    journal: JournalArgument,
    since: Annotated[datetime, options.day(what="The first day to look at.")],
    stamp: Annotated[str, typer.Option(help="The journal's stamp, such as 'Ref. {key}'.")],
) -> None:
    """Take over into a journal the invoices of API v2 that bear its stamp: for one that was lost or is old.

    Example: billingo-async journal recover march.db --since 2026-03-01 --stamp 'Ref. {key}'
    """

    async def command(opened: Journal) -> int:
        async with Billingo(journal=opened) as billingo:
            say(f"{await billingo.recover(since.date())} keys recovered")
        return DONE

    _run(journal, command, must_exist=False, stamp=stamp)


@journal.command()
def erase(journal: JournalArgument, before: Annotated[datetime, options.day(what="The first day to keep.")]) -> None:
    """Erase what a journal keeps of customers for keys that came to an end before a day; keys and numbers stay.

    Example: billingo-async journal erase march.db --before 2020-01-01
    """

    async def command(opened: Journal) -> int:
        count = await opened.erase_personal_data(before=before.date())
        say(f"{count} keys hold nothing of a customer any more")
        return DONE

    _run(journal, command)


def _run(address: str, command: JournalCommand, *, must_exist: bool = True, stamp: str | None = None) -> None:
    opened = journal_at(address, must_exist=must_exist, stamp=stamp)

    async def main(_: Stop) -> int:
        try:
            return await command(opened)
        finally:
            await opened.aclose()

    run(main)


def _fields(record: KeyRecord) -> dict[str, object]:
    made = made_fields(record.result)
    return {"key": record.key, "operation": record.operation, "state": record.state, **made, "error": record.error}


def _described(record: KeyRecord) -> str:
    """Return what became of a key."""
    if made_fields(record.result)["invoice"]:
        return made_words(record.result)
    return record.error or ("done" if record.state == "done" else "no invoice")


def journal_at(address: str, *, must_exist: bool = False, stamp: str | None = None) -> Journal:
    """Return the journal at a file or an address; end with `USAGE` where there can be none."""
    if "://" not in address and must_exist and not Path(address).exists():
        end(USAGE, f"there is no journal {address}; name the file that was given to --journal")
    try:
        return Journal(address if "://" in address else f"sqlite:///{address}", stamp=stamp)
    except BillingoError as error:
        end(USAGE, str(error))
