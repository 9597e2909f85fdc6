"""The commands about single invoices: `invoices list|show|create|pay|cancel|send|pdf`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from billingo_async import Billingo, ConfigurationError, Invoice, InvoiceStatus, InvoiceType, Payment
from billingo_async.cli import (
    convert,
    options,
)
from billingo_async.cli.bulk import pdf_limit, save
from billingo_async.cli.output import first_of, money, say, say_json, say_table
from billingo_async.cli.plan import check
from billingo_async.cli.running import LOOK_FIRST, USAGE, Stop, confirm, end, online, run

invoices: typer.Typer = typer.Typer(help="Look at single invoices and do something about them.", no_args_is_help=True)
STATUS: Final = {InvoiceStatus.PAID: "paid", InvoiceStatus.UNPAID: "unpaid", InvoiceStatus.CANCELED: "canceled"}


@invoices.command("list")
@online()
async def list_invoices(
    billingo: Billingo,
    _: Stop,
    *,
    limit: options.Limit = 50,
    first: options.First = None,
    last: options.Last = None,
    name: Annotated[str | None, typer.Option(help="Those whose customer's name holds this.")] = None,
    unpaid: Annotated[bool, typer.Option("--unpaid", help="Those that are not paid.")] = False,
    as_json: options.Json = False,
) -> None:
    """List invoices, one a line: id, number, day, total, what is paid, what became of it, customer.

    Example: billingo-async invoices list --from 2026-03-01 --unpaid
    """

    def is_wanted(one: Invoice) -> bool:
        return (not unpaid or one.status == InvoiceStatus.UNPAID) and (
            name is None or name.casefold() in _customer(one).casefold()
        )

    days: dict[str, Any] = {"start_date": first and first.date(), "end_date": last and last.date()}
    pager = billingo.invoices.query(**days) if first or last else billingo.invoices.list()
    shown = await first_of(pager, limit, is_wanted)
    if as_json:
        for one in shown:
            say_json(one)
    else:
        say_invoices(shown)


@invoices.command("show")
@online()
async def show_invoice(billingo: Billingo, _: Stop, number: options.Number) -> None:
    """Show all that is known of one invoice, as JSON."""
    say_json(await _find(billingo, number), indent=2)


@invoices.command("create")
@online(if_interrupted=LOOK_FIRST)
async def create_invoice(
    billingo: Billingo,
    _: Stop,
    file: Annotated[Path, typer.Argument(help="A .csv, .xlsx or .jsonl that holds one invoice.")],
    decimal: options.Decimal = None,
) -> None:
    """Make one invoice from a file; for more than one, and for safety after a crash, use bulk create.

    The file is one for bulk create, which says what stands in it.

    Example: billingo-async invoices create order.csv
    """
    plan = await check(file, billingo, decimal=options.MARKS[decimal])
    if plan.invoices != 1:
        end(USAGE, f"{file} holds {plan.invoices} invoices, not one; use `billingo-async bulk create`")
    await plan.make_customers(billingo)
    made = await billingo.invoices.create(next(plan.drafts.invoices())[1])
    say(f"{made.id} {made.invoice_no or '(draft)'} {money(made.total, made.currency)} {made.currency}")


@invoices.command("pay")
@online(if_interrupted=LOOK_FIRST)
async def pay_invoice(
    billingo: Billingo,
    _: Stop,
    number: options.Number,
    amount: Annotated[str, typer.Option(help="Gross, in the invoice's currency, such as 4445.00.")],
    method: Annotated[int, typer.Option(help="The payment method: 1 cash, 2 wire transfer, 5 bank card.", min=1)] = 2,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="The day; today if left out.")
    ] = None,
) -> None:
    """Record a payment, of the whole invoice or a part of it, and say what is still to be paid.

    Example: billingo-async invoices pay 2026-000123 --amount 4445.00 --on 2026-03-09
    """
    day = on.date() if on else datetime.now().astimezone().date()
    invoice = await _find(billingo, number)
    payment = Payment(date=day, amount=_amount(amount), payment_method=method)
    state = await billingo.invoices.pay(invoice.id, payment)
    say("fully paid" if state.fully_paid else f"outstanding: {money(state.outstanding, invoice.currency)}")


@invoices.command("cancel")
@online(if_interrupted=LOOK_FIRST)
async def cancel_invoice(billingo: Billingo, stop: Stop, number: options.Number, yes: options.Yes = False) -> None:  # noqa: FBT002 - an option on the command line
    """Cancel an invoice by a second one; that cannot be undone."""
    invoice = await _find(billingo, number)
    confirm(f"Cancel {_described(invoice)}?", stop, yes=yes)
    say(f"canceled by {(await billingo.invoices.cancel(invoice.id)).invoice_no}")


@invoices.command("send")
@online(if_interrupted=LOOK_FIRST)
async def send_invoice(billingo: Billingo, stop: Stop, number: options.Number, yes: options.Yes = False) -> None:  # noqa: FBT002 - an option on the command line
    """Mail an invoice to its client, at the address that Billingo has."""
    invoice = await _find(billingo, number)
    confirm(f"Mail {_described(invoice)} to its client?", stop, yes=yes)
    await billingo.invoices.send(invoice.id)
    say("mailed")


@invoices.command("pdf")
def save_invoice(
    number: options.Number,
    folder: Annotated[Path, typer.Argument(help="Where to save it.", file_okay=False)] = Path(),
    *,
    limits: options.Limits = None,
    as_json: options.Json = False,
) -> None:
    """Save the PDF of one invoice in a folder, named by its number.

    Example: billingo-async invoices pdf 2026-000123
    """

    async def command(stop: Stop) -> int:
        async with Billingo(pdf_limit=pdf_limit(limits)) as billingo:
            return await save(billingo, [await _find(billingo, number)], folder, stop, as_json=as_json)

    run(command)


async def _find(billingo: Billingo, number: str) -> Invoice:
    """Return the invoice of a printed number or an id."""
    if number.isascii() and number.isdigit():
        return await billingo.invoices.get(int(number))
    invoice = await billingo.invoices.find(number)
    if invoice is None:
        raise ConfigurationError(f"there is no invoice {number}; `billingo-async invoices list` shows them")
    return invoice


def say_invoices(invoices: Sequence[Invoice]) -> None:
    """Print invoices, one a line."""
    rows: list[tuple[str, ...]] = []
    for one in invoices:
        amounts = (money(one.total, one.currency), money(one.total_paid, one.currency) if one.total_paid else "")
        number, currency = one.invoice_no or "(draft)", one.currency or ""
        rows.append((str(one.id), number, str(one.date or ""), *amounts, currency, _status(one), _customer(one)))
    say_table(rows, right=frozenset({0, 3, 4}))


def _status(invoice: Invoice) -> str:
    """Return what became of an invoice, in a word."""
    if invoice.type == InvoiceType.PROFORMA:
        return "proforma"
    if invoice.is_cancel_invoice:
        return "cancelling"
    if invoice.total_paid and invoice.status == InvoiceStatus.UNPAID:
        return "partly paid"
    return next((word for status, word in STATUS.items() if invoice.status == status), str(invoice.status))


def _described(invoice: Invoice) -> str:
    total = f"{money(invoice.total, invoice.currency)} {invoice.currency}"
    return f"invoice {invoice.invoice_no or '(draft)'} of {_customer(invoice) or 'an unknown customer'}, {total}"


def _customer(invoice: Invoice) -> str:
    return (invoice.client.name or "") if invoice.client else ""


def _amount(text: str) -> Decimal:
    try:
        return convert.number(text, None)  # type: ignore[return-value]  # of text it returns a number
    except ValueError as error:
        raise ConfigurationError(f"--amount {error}") from None
