"""The commands about single things: `invoices` and `clients` of API v2, `documents` and `partners` of API v3.

Never enters here: a run over a file; that is `bulk`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from inspect import Parameter, cleandoc
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from billingo_async import ConfigurationError
from billingo_async.cli import columns, options
from billingo_async.cli.bulk import save
from billingo_async.cli.columns import CUSTOMER, TAKES
from billingo_async.cli.drafts import new_client
from billingo_async.cli.output import first_of, money, say, say_json, say_table
from billingo_async.cli.papers import Paper
from billingo_async.cli.running import GO_ON, LOOK_FIRST, USAGE, Stop, confirm, end
from billingo_async.cli.services import OnlineCommand, Service, find, online


async def list_papers(
    service: Service,
    _: Stop,
    *,
    limit: options.Limit = 50,
    first: options.First = None,
    last: options.Last = None,
    name: Annotated[str | None, typer.Option(help="Those whose customer's name holds this.")] = None,
    unpaid: Annotated[bool, typer.Option("--unpaid", help="Those that are not paid.")] = False,
    as_json: options.Json = False,
) -> None:
    """List {nouns}, one a line: id, number, day, total, what is paid, what became of it, customer.

    Example: billingo-async {nouns} list --from 2026-03-01 --unpaid
    """

    def matches(one: Any) -> bool:
        paper = service.paper(one)
        is_unpaid = paper.status in {"unpaid", "partly paid", "expired"}
        return (is_unpaid or not unpaid) and (name or "").casefold() in paper.customer.casefold()

    pager = service.listed(first and first.date(), last and last.date())
    shown = await first_of(pager, limit, matches)
    if as_json:
        for one in shown:
            say_json(one)
    else:
        say_papers([service.paper(one) for one in shown])


async def show_paper(service: Service, _: Stop, number: options.Number) -> None:
    """Show all that is known of one {noun}, as JSON."""
    say_json(await find(service, number), indent=2)


async def pay_paper(
    service: Service,
    _: Stop,
    number: options.Number,
    *,
    amount: Annotated[str, typer.Option(help="Gross, in its currency, such as 4445.00.")],
    method: Annotated[str, typer.Option(help="cash, transfer, card, or as the API calls it.")] = "transfer",
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="Else today.")] = None,
) -> None:
    """Record a payment, of the whole {noun} or a part of it, and say what is still to be paid.

    Example: billingo-async {nouns} pay 2026-000123 --amount 4445.00 --on 2026-03-09
    """
    day = on.date() if on else datetime.now().astimezone().date()
    one = await find(service, number)
    try:
        gross: Any = columns.number(amount, None)
    except ValueError as error:
        raise ConfigurationError(f"--amount {error}") from None
    outstanding = await service.pay(one, day, gross, method)
    say(f"outstanding: {money(outstanding, service.paper(one).currency)}" if outstanding else "fully paid")


async def cancel_paper(service: Service, stop: Stop, number: options.Number, *, yes: options.Yes = False) -> None:
    """Cancel one {noun} by a second one; that cannot be undone."""
    id_ = await _confirmed(service, stop, number, "Cancel {}?", yes=yes, is_final=True)
    say(f"canceled by {service.paper(await service.papers.cancel(id_)).number}")


async def send_paper(service: Service, stop: Stop, number: options.Number, *, yes: options.Yes = False) -> None:
    """Mail one {noun} to its customer, at the address that Billingo has."""
    await service.papers.send(await _confirmed(service, stop, number, "Mail {} to its customer?", yes=yes))
    say("mailed")


async def _confirmed(
    service: Service, stop: Stop, number: str, question: str, *, yes: bool, is_final: bool = False
) -> int:
    """Return the id of a paper once a person has said yes to what stands on it."""
    one = service.paper(await find(service, number))
    if is_final and one.status == "canceled":
        raise ConfigurationError(f"{service.noun} {one.name} is canceled already")
    total = f"{money(one.total, one.currency)} {one.currency}"
    shown = f"{service.noun} {one.name} of {one.customer or 'an unknown customer'}, {total}"
    confirm(question.format(shown), stop, yes=yes)
    return one.id


async def save_paper(
    service: Service,
    stop: Stop,
    number: options.Number,
    folder: Annotated[Path, typer.Argument(help="Where to save it.", file_okay=False)] = Path(),
    *,
    limits: options.Limits = None,  # noqa: ARG001 - by then they are obeyed
    as_json: options.Json = False,
) -> int:
    """Save the PDF of one {noun} in a folder, named by its number."""
    return await save(service, [await find(service, number)], folder, stop, as_json=as_json)


async def list_customers(
    service: Service,
    _: Stop,
    *,
    limit: options.Limit = 50,
    name: Annotated[str | None, typer.Option(help="Those whose name holds this.")] = None,
    taxcode: Annotated[str | None, typer.Option(help="Those whose tax number begins so.")] = None,
    as_json: options.Json = False,
) -> None:
    """List {nouns}, one a line: id, tax number, name.

    Example: billingo-async {nouns} list --name kft
    """

    def matches(one: Any) -> bool:
        has_name = (name or "").casefold() in (one.name or "").casefold()
        return has_name and (one.taxcode or "").startswith(taxcode or "")

    for one in await first_of(service.customers.list(), limit, matches):
        say_json(one) if as_json else say(f"{one.id:>12}  {one.taxcode or '':<16} {one.name}")


async def show_customer(service: Service, _: Stop, id: Annotated[int, typer.Argument(help="The id.", min=1)]) -> None:
    """Show all that is known of one {noun}, as JSON."""
    say_json(await service.customers.get(id), indent=2)


async def create_customer(service: Service, _: Stop, *, as_json: options.Json = False, **options: str | None) -> None:
    """Make one of the {nouns}, and print the id that invoices are made out to.

    Needed are --name, --postcode, --city and --street-name; the options are the columns of a file for bulk create.
    Over API v2 a customer of the same name, tax number and address is printed, and none is made.

    Example: billingo-async {nouns} create --name "Minta Kft." --postcode 9021
    --city Győr --street-name Fő --street-type utca --house-nr 7
    """
    wrong: list[str] = []
    given = {column: text for column, text in options.items() if text}
    new = new_client(given, lambda column, what: wrong.append(f"--{column.replace('_', '-')} {what}"))
    if new is None:
        end(USAGE, "; ".join(wrong))
    made = await service.customers.create(service.new_customer(new))
    say_json(made) if as_json else say(f"{made.id} {made.name}")


def say_papers(papers: Sequence[Paper]) -> None:
    """Print papers, one a line."""
    rows: list[tuple[str, ...]] = []
    for one in papers:
        amounts = (money(one.total, one.currency), money(one.paid, one.currency) if one.paid else "")
        day = str(one.day or "")
        rows.append((str(one.id), one.name, day, *amounts, one.currency, one.status, one.customer))
    say_table(rows, right=frozenset({0, 3, 4}))


PAPERS: Final[Mapping[str, OnlineCommand]] = {
    "list": list_papers, "show": show_paper, "pay": pay_paper, "cancel": cancel_paper, "send": send_paper,
    "pdf": save_paper,
}  # fmt: skip
CUSTOMERS: Final[Mapping[str, OnlineCommand]] = {
    "list": list_customers, "show": show_customer, "create": create_customer
}  # fmt: skip
MAKING: Final = frozenset({"pay", "cancel", "send", "create"})
COLUMNS: Final = [
    Parameter(
        column, Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[str | None, typer.Option(help=TAKES[column])]
    )
    for column in CUSTOMER
]
"""The columns of a customer as options."""


def _group(api: str, nouns: str, commands: Mapping[str, OnlineCommand]) -> typer.Typer:
    """Return the commands of a noun of one API."""
    group = typer.Typer(help=f"Look at the {nouns} of API {api}, and do something about them.", no_args_is_help=True)
    for name, command in commands.items():
        text = cleandoc(command.__doc__ or "").format(noun=nouns[:-1], nouns=nouns)
        if_interrupted = LOOK_FIRST if name in MAKING else GO_ON
        group.command(name, help=text)(online(api, command, COLUMNS, if_interrupted=if_interrupted))
    return group


invoices: typer.Typer = _group("v2", "invoices", PAPERS)
documents: typer.Typer = _group("v3", "documents", PAPERS)
clients: typer.Typer = _group("v2", "clients", CUSTOMERS)
partners: typer.Typer = _group("v3", "partners", CUSTOMERS)
