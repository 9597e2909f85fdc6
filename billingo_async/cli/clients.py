"""The commands about customers: `clients list`, `clients show`, `clients create`."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, cast

import typer
from pydantic import ValidationError

from billingo_async import Billingo, Client, NewClient
from billingo_async.cli import options
from billingo_async.cli.columns import TAKES
from billingo_async.cli.drafts import HOME, NEEDED_OF_CUSTOMER
from billingo_async.cli.output import first_of, say, say_json
from billingo_async.cli.running import LOOK_FIRST, USAGE, Stop, end, online

NEEDED: Final = ("name", *NEEDED_OF_CUSTOMER, "country")
"""What Billingo makes no customer without. Source: API docs, Clients / Create a client."""
STANDARD_INPUT: Final = Path("-")

clients: typer.Typer = typer.Typer(help="Look at the customers, and make one.", no_args_is_help=True)


@clients.command("list")
@online()
async def list_clients(
    billingo: Billingo,
    _: Stop,
    limit: options.Limit = 50,
    name: Annotated[str | None, typer.Option(help="Those whose name holds this.")] = None,
    taxcode: Annotated[str | None, typer.Option(help="Those whose tax number begins so.")] = None,
    as_json: options.Json = False,  # noqa: FBT002 - an option on the command line
) -> None:
    """List customers, one a line: id, tax number, name.

    Example: billingo-async clients list --name kft
    """

    def is_wanted(one: Client) -> bool:
        has_name = (name or "").casefold() in (one.name or "").casefold()
        return has_name and (one.taxcode or "").startswith(taxcode or "")

    for one in await first_of(billingo.clients.list(), limit, is_wanted):
        say_json(one) if as_json else say(f"{one.id:>12}  {one.taxcode or '':<16} {one.name}")


@clients.command("show")
@online()
async def show_client(
    billingo: Billingo, _: Stop, id: Annotated[int, typer.Argument(help="The id of the customer.", min=1)]
) -> None:
    """Show all that is known of one customer, as JSON."""
    say_json(await billingo.clients.get(id), indent=2)


@clients.command("create")
@online(if_interrupted=LOOK_FIRST)
async def create_client(
    billingo: Billingo,
    _: Stop,
    file: Annotated[
        Path | None, typer.Argument(help="A .json with one customer and all of the API's fields; - for standard input.")
    ] = None,
    *,
    name: Annotated[str | None, typer.Option(help="A company or a person, such as 'Minta Kft.'.")] = None,
    email: Annotated[str | None, typer.Option(help="Where Billingo mails the invoices.")] = None,
    taxcode: Annotated[str | None, typer.Option(help="The tax number, such as 12345678-2-10.")] = None,
    phone: Annotated[str | None, typer.Option(help="A telephone number.")] = None,
    postcode: Annotated[str | None, typer.Option(help="Such as 9021.")] = None,
    city: Annotated[str | None, typer.Option(help="Such as Győr.")] = None,
    street_name: Annotated[str | None, typer.Option(help="The street without its type, such as Fő.")] = None,
    street_type: Annotated[str | None, typer.Option(help="Such as utca or tér.")] = None,
    house_nr: Annotated[str | None, typer.Option(help="Such as 7.")] = None,
    country: Annotated[str | None, typer.Option(help="By its name.", show_default=HOME)] = None,
    as_json: options.Json = False,
) -> None:
    """Make one customer, from options or from a file, and print the id that invoices are made out to.

    Needed are --name, --postcode, --city and --street-name. If the account has
    a customer of the same name, tax number and address, that one is printed and
    none is made; Billingo compares addresses that are split into street name,
    street type and house number.

    A file holds one JSON object with the fields of NewClient: name,
    billing_address with postcode, city, street_name, street_type, house_nr and
    country, and more of the API's, such as bank, tax_type and defaults. With
    "force": true a customer is made in any case.

    Example: billingo-async clients create --name "Minta Kft." --postcode 9021
    --city Győr --street-name Fő --street-type utca --house-nr 7
    """
    own = {"name": name, "email": email, "taxcode": taxcode, "phone": phone}
    split = {"postcode": postcode, "city": city, "street_name": street_name}
    split |= {"street_type": street_type, "house_nr": house_nr, "country": country}
    if file is not None and any(value is not None for value in {**own, **split}.values()):
        end(USAGE, "give a file or options, not both; a file takes all that the options do, and more")
    if file is None:
        address = {"country": HOME, **{part: value for part, value in split.items() if value is not None}}
        new = _checked({**{part: value for part, value in own.items() if value}, "billing_address": address}, "")
    else:
        place = "standard input" if file == STANDARD_INPUT else str(file)
        new = _checked(_read(file, place), f"{place}: ")

    made = await billingo.clients.create(new)
    say_json(made) if as_json else say(f"{made.id} {made.name}")


def _read(file: Path, place: str) -> dict[str, Any]:
    content: Any = None
    try:
        raw = sys.stdin.buffer.read() if file == STANDARD_INPUT else file.read_bytes()
        content = json.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        end(USAGE, f"{place}: cannot be read ({error.strerror}); name another file")
    except (ValueError, RecursionError) as error:
        end(USAGE, f"{place}: is no JSON in UTF-8 ({error}); correct it")
    if not isinstance(content, dict):
        end(USAGE, f'{place}: is no object; write {{"name": …, "billing_address": {{…}}}}')
    return cast("dict[str, Any]", content)


def _checked(fields: dict[str, Any], place: str) -> NewClient:
    """Return the customer; end with all that is missing or wrong."""
    address: Any = fields.get("billing_address") or {}
    if isinstance(address, dict):
        given: dict[str, Any] = {**fields, **cast("dict[str, Any]", address)}
        missing = [column for column in NEEDED if not str(given.get(column) or "").strip()]
        if missing:
            what = ", ".join(f"{column} ({TAKES[column]})" for column in missing)
            end(USAGE, f"{place}a customer needs {what}; fill that in")
    try:
        return NewClient.model_validate(fields)
    except ValidationError as error:
        wrong = [
            f"the field {'.'.join(map(str, each['loc']))} is not right: {each['msg'].removeprefix('Value error, ')}"
            for each in error.errors(include_url=False)
        ]
        end(USAGE, place + "; ".join(wrong))
