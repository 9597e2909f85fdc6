"""The commands that tell the numbers which an invoice is written with: `vat`, `payment-methods` and `blocks`.

What they list is Billingo's own, or the account's; nothing is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Literal

import typer
from pydantic import BaseModel

from billingo_async import Billingo
from billingo_async.cli import options
from billingo_async.cli.output import say_json, say_table
from billingo_async.cli.running import Stop, online

vat: typer.Typer = typer.Typer(help="Look up the rates of VAT, for the items of an invoice.", no_args_is_help=True)
payment_methods: typer.Typer = typer.Typer(help="Look up how an invoice can be paid.", no_args_is_help=True)
blocks: typer.Typer = typer.Typer(
    help="Look up the blocks, each with invoice numbers of its own.", no_args_is_help=True
)


Language = Literal["hu", "en", "de"]
"""The languages in which Billingo names its payment methods. Source: API docs, Payment methods."""


@vat.command("list")
@online()
async def list_vat(billingo: Billingo, _: Stop, as_json: options.Json = False) -> None:  # noqa: FBT002 - an option on the command line
    """List the rates of VAT: the vat_id that an item is written with, the rate, its name on the invoice.

    The first column is what NewItem(vat_id=...) takes, and the column vat_id
    of a file for bulk create.

    Example: billingo-async vat list
    """
    rates = await billingo.vat.list()
    rows = [(str(one.id), _percent(one.value), one.description or "", one.info_text or "") for one in rates]
    _show(rates, ("vat_id", "rate", "name", "meaning"), rows, as_json=as_json)


@payment_methods.command("list")
@online()
async def list_payment_methods(
    billingo: Billingo,
    _: Stop,
    lang: Annotated[Language, typer.Option(help="The language of the names.")] = "hu",
    as_json: options.Json = False,  # noqa: FBT002 - an option on the command line
) -> None:
    """List the payment methods: the payment_method that an invoice is written with, and its name.

    The first column is what NewInvoice(payment_method=...) takes, and the
    column payment_method of a file for bulk create. The last one says whether
    such an invoice counts as paid as soon as it is made.

    Example: billingo-async payment-methods list --lang en
    """
    methods = await billingo.payment_methods.list(lang)
    rows = [(str(one.id), one.name or "", "yes" if one.advance_paid else "") for one in methods]
    _show(methods, ("payment_method", "name", "paid at once"), rows, as_json=as_json)


@blocks.command("list")
@online()
async def list_blocks(billingo: Billingo, _: Stop, as_json: options.Json = False) -> None:  # noqa: FBT002 - an option on the command line
    """List the account's invoice blocks: the block_uid that an invoice is written with, prefix, name.

    The first column is what NewInvoice(block_uid=...) takes, and the column
    block_uid of a file for bulk create. Without it an invoice gets the next
    number of the account's default block.

    Example: billingo-async blocks list
    """
    content = await billingo.invoices.blocks()
    rows = [(str(one.id), one.prefix or "", one.name or "") for one in content]
    _show(content, ("block_uid", "prefix", "name"), rows, as_json=as_json)


def _percent(value: Decimal | None) -> str:
    return "" if value is None else f"{(value * 100).normalize():f} %"


def _show(content: Sequence[BaseModel], head: Sequence[str], rows: Sequence[Sequence[str]], *, as_json: bool) -> None:
    if as_json:
        for one in content:
            say_json(one)
    else:
        say_table([head, *rows])
