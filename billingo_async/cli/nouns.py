"""The commands about single things: `invoices` and `clients` of API v2, `documents` and `partners` of API v3.

Never enters here: a run over a file; that is `bulk`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from inspect import cleandoc, signature
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from billingo_async import ConfigurationError
from billingo_async.cli import columns, options
from billingo_async.cli.accounts import DRAFT, DocumentSummary, Service, service_at
from billingo_async.cli.app import COMMANDS
from billingo_async.cli.bulk import save
from billingo_async.cli.output import first_of, money, say, say_json, say_table
from billingo_async.cli.running import GO_ON, LOOK_FIRST, Function, Stop, command, confirm
from billingo_async.cli.words import AccountWords

Folder = Annotated[Path, typer.Argument(help="Where to save it.", file_okay=False)]


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

    shown = await first_of(service.listed(first, last), limit, matches)
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
    method: Annotated[str, typer.Option(help="As in a file: Cash, Átutalás, transfer, card, …")] = "transfer",
    on: Annotated[date | None, options.day(what="The day of the payment; today if left out.")] = None,
) -> None:
    """Record a payment, of the whole {noun} or a part of it, and say what is still to be paid.

    Example: billingo-async {nouns} pay 2026-000123 --amount 4445.00 --on 2026-03-09
    """
    one = await find(service, number)
    words = AccountWords(is_loaded=True)
    await service.load(words)
    name = "--amount"
    try:
        gross: Any = columns.number(amount, None)
        name = "--method"
        id_ = words.id_of("payment_method", columns.word_or_id(method, None))
    except ValueError as error:
        what = str(error).replace("say --decimal point or --decimal comma", "write one of these")
        raise ConfigurationError(f"{name} {what}") from None
    # By the person's clock: the day on which they record a payment is the day where they sit.
    outstanding = await service.pay(one, on or datetime.now().astimezone().date(), gross, id_)
    say(f"outstanding: {money(outstanding, service.paper(one).currency)}" if outstanding else "fully paid")


async def cancel_paper(service: Service, stop: Stop, number: options.Number, *, yes: options.Yes = False) -> None:
    """Cancel one {noun} by a second one; that cannot be undone."""
    id_ = await _confirmed(service, stop, number, "Cancel {}?", yes=yes, is_final=True)
    say(f"canceled by {service.paper(await service.papers.cancel(id_)).number}")


async def send_paper(service: Service, stop: Stop, number: options.Number, *, yes: options.Yes = False) -> None:
    """Mail one {noun} to its customer, at the address that Billingo has."""
    await service.papers.send(await _confirmed(service, stop, number, "Mail {} to its customer?", yes=yes))
    say("mailed")


async def _confirmed(service: Service, stop: Stop, number: str, act: str, *, yes: bool, is_final: bool = False) -> int:
    """Return the id of a paper once a person has said yes to what stands on it."""
    one = service.paper(await find(service, number))
    if is_final and one.status == "canceled":
        raise ConfigurationError(f"{service.noun} {one.number or DRAFT} is canceled already")
    total = f"{money(one.total, one.currency)} {one.currency}"
    shown = f"{service.noun} {one.number or DRAFT} of {one.customer or 'an unknown customer'}, {total}"
    confirm(act.format(shown), stop, yes=yes)
    return one.id


async def pdf_paper(service: Service, stop: Stop, number: options.Number, folder: Folder = Path()) -> int:
    """Save the PDF of one {noun} in a folder, named by its number."""
    return await save(service, [await find(service, number)], folder, stop, as_json=False)


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


def say_papers(papers: Sequence[DocumentSummary]) -> None:
    """Print papers, one a line."""
    rows: list[tuple[str, ...]] = []
    for one in papers:
        amounts = (money(one.total, one.currency), money(one.paid, one.currency) if one.paid else "")
        number = "".join(one.number.split()) or DRAFT  # one word, to be typed after a command
        rows.append((str(one.id), number, str(one.day or ""), *amounts, one.currency, one.status, one.customer))
    say_table(rows, right=frozenset({0, 3, 4}))


PAPERS: Final = (list_papers, show_paper, pay_paper, cancel_paper, send_paper, pdf_paper)
CUSTOMERS: Final = (list_customers, show_customer)
"""The commands of a group: each is called by the first word of its function's name."""
MAKING: Final = frozenset({"pay", "cancel", "send"})


async def find(service: Service, number: str) -> Any:
    """Return the invoice or document of a printed number or an id."""
    is_id = number.isascii() and number.isdigit()
    one = await (service.papers.get(int(number)) if is_id else service.numbered(number))
    if one is None:
        raise ConfigurationError(f"there is no {service.noun} {number}; see `billingo-async {service.noun}s list`")
    return one


def online(api: str, function: Function, if_interrupted: str) -> Callable[..., None]:
    """Make a command of a coroutine function that gets an API, a `Billingo` of its key, and what may stop it."""

    async def with_service(stop: Stop, **given: Any) -> int | None:
        async with service_at(api).open() as service:
            return await function(service, stop, **given)

    own = signature(function, eval_str=True)
    taken = own.replace(parameters=list(own.parameters.values())[1:])
    with_service.__signature__ = taken  # type: ignore[attr-defined]  # what the command line is made of
    return command(with_service, if_interrupted=if_interrupted)


def _group(api: str, nouns: str, functions: Sequence[Function]) -> typer.Typer:
    """Return the commands of a noun of one API."""
    group = typer.Typer(help=COMMANDS[nouns][1], no_args_is_help=True)
    for function in functions:
        name = function.__name__.partition("_")[0]
        text = cleandoc(function.__doc__ or "").format(noun=nouns[:-1], nouns=nouns)
        group.command(name, help=text)(online(api, function, LOOK_FIRST if name in MAKING else GO_ON))
    return group


invoices: typer.Typer = _group("v2", "invoices", PAPERS)
documents: typer.Typer = _group("v3", "documents", PAPERS)
clients: typer.Typer = _group("v2", "clients", CUSTOMERS)
partners: typer.Typer = _group("v3", "partners", CUSTOMERS)
