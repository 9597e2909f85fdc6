"""The commands about single things: `invoices` and `clients` of API v2, `documents` and `partners` of API v3.

Never enters here: a run over a file; that is `bulk`.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from inspect import Parameter, Signature, cleandoc, signature
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer

from billingo_async import ConfigurationError
from billingo_async.cli import columns, options
from billingo_async.cli.bulk import save
from billingo_async.cli.drafts import NEEDED_OF_CUSTOMER, new_client
from billingo_async.cli.options import Service
from billingo_async.cli.output import first_of, money, say, say_json, say_table
from billingo_async.cli.papers import DRAFT, DocumentSummary
from billingo_async.cli.running import DONE, GO_ON, LOOK_FIRST, USAGE, Stop, confirm, end, run

OnlineCommand: TypeAlias = "Callable[..., Coroutine[Any, Any, int | None]]"


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
    on: Annotated[datetime | None, options.day(what="Else today.")] = None,
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
        raise ConfigurationError(f"{service.noun} {one.number or DRAFT} is canceled already")
    total = f"{money(one.total, one.currency)} {one.currency}"
    shown = f"{service.noun} {one.number or DRAFT} of {one.customer or 'an unknown customer'}, {total}"
    confirm(question.format(shown), stop, yes=yes)
    return one.id


async def pdf_paper(
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
    missing = [f"--{column.replace('_', '-')}" for column in NEEDED_OF_CUSTOMER if not given.get(column, "").strip()]
    if missing:
        end(USAGE, f"a customer is made of more; fill in {', '.join(missing)}")
    new = new_client(given, lambda column, what: wrong.append(f"--{column.replace('_', '-')} {what}"))
    if new is None:
        end(USAGE, "; ".join(wrong))
    made = await service.customers.create(service.new_customer(new))
    say_json(made) if as_json else say(f"{made.id} {made.name}")


def say_papers(papers: Sequence[DocumentSummary]) -> None:
    """Print papers, one a line."""
    rows: list[tuple[str, ...]] = []
    for one in papers:
        amounts = (money(one.total, one.currency), money(one.paid, one.currency) if one.paid else "")
        day = str(one.day or "")
        rows.append((str(one.id), one.number or DRAFT, day, *amounts, one.currency, one.status, one.customer))
    say_table(rows, right=frozenset({0, 3, 4}))


PAPERS: Final = (list_papers, show_paper, pay_paper, cancel_paper, send_paper, pdf_paper)
CUSTOMERS: Final = (list_customers, show_customer, create_customer)
"""The commands of a group: each is called by the first word of its function's name."""
MAKING: Final = frozenset({"pay", "cancel", "send", "create"})
_ONLY: Final = Parameter.KEYWORD_ONLY
COLUMNS: Final = [
    Parameter(name, _ONLY, default=None, annotation=Annotated[str | None, typer.Option(help=columns.TAKES[name])])
    for name in columns.CUSTOMER
]
"""The columns of a customer as options."""


async def find(service: Service, number: str) -> Any:
    """Return the invoice or document of a printed number or an id."""
    is_id = number.isascii() and number.isdigit()
    one = await (service.papers.get(int(number)) if is_id else service.numbered(number))
    if one is None:
        remedy = f"`billingo-async {service.papers_noun} list` shows them"
        raise ConfigurationError(f"there is no {service.noun} {number}; {remedy}")
    return one


def online(api: str, command: OnlineCommand, if_interrupted: str) -> Callable[..., None]:
    """Make a command of a coroutine function: it gets an API, a `Billingo` of its key, and what may stop it.

    Where it takes `**columns`, they become options.
    """

    def wrapper(**given: Any) -> None:
        api_class = options.service_at(api)

        async def with_service(stop: Stop) -> int:
            async with api_class.open(limits=given.get("limits")) as service:
                return await command(service, stop, **given) or DONE

        run(with_service, if_interrupted=if_interrupted)

    own = list(signature(command, eval_str=True).parameters.values())[2:]
    taken = [*own[:-1], *COLUMNS] if own[-1].kind == Parameter.VAR_KEYWORD else own
    wrapper.__signature__ = Signature(taken)  # type: ignore[attr-defined]  # what the command line is made of
    return wrapper


def _group(api: str, nouns: str, commands: Sequence[OnlineCommand]) -> typer.Typer:
    """Return the commands of a noun of one API."""
    group = typer.Typer(help=f"Look at the {nouns} of API {api}, and do something about them.", no_args_is_help=True)
    for command in commands:
        name = command.__name__.partition("_")[0]
        text = cleandoc(command.__doc__ or "").format(noun=nouns[:-1], nouns=nouns)
        if_interrupted = LOOK_FIRST if name in MAKING else GO_ON
        group.command(name, help=text)(online(api, command, if_interrupted))
    return group


invoices: typer.Typer = _group("v2", "invoices", PAPERS)
documents: typer.Typer = _group("v3", "documents", PAPERS)
clients: typer.Typer = _group("v2", "clients", CUSTOMERS)
partners: typer.Typer = _group("v3", "partners", CUSTOMERS)
