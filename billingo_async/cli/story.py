"""What the demo does, call by call, through the public face alone; it prints nothing and knows no server.

From orders to invoices, payments, a cancellation, e-mails and PDFs: each function is one chapter.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from billingo_async import BillingoError, Payment
from billingo_async.cli.orders import Catalogue

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from decimal import Decimal
    from pathlib import Path

    from billingo_async import Billingo, Invoice
    from billingo_async.cli.orders import Customer, Order

A = TypeVar("A")
T = TypeVar("T")

AT_ONCE: Final = 16
PDF_NAME: Final = "sandbox-{}.pdf"  # never the name of a real invoice, for it may be overwritten
PDFS: Final = 5  # well below the ten a minute that the API gives out


class StoryError(Exception):
    """Something came out otherwise than the documentation promises; the message says what."""


class Stage(Protocol):
    """Where the story is shown."""

    def phase(self, title: str, total: int) -> AbstractContextManager[Callable[[], None]]:
        """Opens a phase of so many steps; what it yields is called after each step."""
        ...


@dataclass(frozen=True, slots=True)
class Made:
    """An order and the invoice, or proforma, that was made of it."""

    order: Order
    id: int


@dataclass(slots=True)
class Told:
    """All that the story left behind: ids, the files, and in the end every invoice as the server has it."""

    made: list[Made] = field(default_factory=list["Made"])
    cancelling: list[int] = field(default_factory=list[int])
    generated: list[int] = field(default_factory=list[int])
    mailed: int = 0
    files: list[Path] = field(default_factory=list["Path"])
    invoices: list[Invoice] = field(default_factory=list["Invoice"])


async def tell(billingo: Billingo, orders: Sequence[Order], folder: Path, stage: Stage) -> Told:
    """Runs the whole story and returns what it left behind; PDFs are saved into `folder`, which must exist."""
    told = Told()
    catalogue = await _look_up(billingo, stage)
    clients = await _find_or_create(billingo, orders, stage)
    told.made = await _invoice(billingo, orders, clients, catalogue, stage)
    totals = await _page_through(billingo, told.made, stage)
    await _take_payments(billingo, told.made, totals, catalogue, stage)
    told.cancelling = await _cancel(billingo, told.made, stage)
    told.generated = await _turn_proformas(billingo, told.made, stage)
    told.mailed = await _mail(billingo, told.made, stage)
    told.files = await _save(billingo, _chosen(told), folder, stage)
    with stage.phase("Read everything once more", 1) as advance:
        told.invoices = await billingo.invoices.list().to_list()
        advance()
    return told


async def _look_up(billingo: Billingo, stage: Stage) -> Catalogue:
    with stage.phase("Look up VAT rates and payment methods", 2) as advance:
        rates = await billingo.vat.list()
        advance()
        methods = await billingo.payment_methods.list("en")
        advance()
    return Catalogue(
        vat={rate.description: rate.id for rate in rates if rate.description},
        payment_methods={method.name: method.id for method in methods if method.name},
    )


async def _find_or_create(billingo: Billingo, orders: Sequence[Order], stage: Stage) -> Mapping[Customer, int]:
    """The id of every customer; those who are there already are not made again."""
    wanted = {order.customer: order.client for order in orders}
    known = {(client.name, client.taxcode or ""): client.id async for client in billingo.clients.list()}
    with stage.phase("Find or create customers", len(wanted)) as advance:

        async def one(customer: Customer) -> tuple[Customer, int]:
            found = known.get(customer)
            return customer, found or (await billingo.clients.create(wanted[customer])).id

        return dict(await _each(one, wanted, advance))


async def _invoice(
    billingo: Billingo, orders: Sequence[Order], clients: Mapping[Customer, int], catalogue: Catalogue, stage: Stage
) -> list[Made]:
    """All orders are understood before the first invoice is made: half a file is worse than none."""
    today = date.today()  # noqa: DTZ011 - the day where the caller sits is the day of his orders
    new = [(order, order.invoice(clients[order.customer], catalogue, today)) for order in orders]
    with stage.phase("Create invoices", len(new)) as advance:
        invoices = await _each(billingo.invoices.create, [invoice for _, invoice in new], advance)
    return [Made(order, invoice.id) for (order, _), invoice in zip(new, invoices, strict=True)]


async def _page_through(billingo: Billingo, made: Sequence[Made], stage: Stage) -> Mapping[int, Decimal]:
    """The gross total of each, as the server has it; raises `StoryError` if one is missing."""
    totals: dict[int, Decimal] = {}
    with stage.phase("Page through all invoices", len(made)) as advance:
        async for invoice in billingo.invoices.list(max_per_page=20):
            if invoice.total is not None:
                totals[invoice.id] = invoice.total
            advance()
    missing = [one.order.number for one in made if one.id not in totals]
    if missing:
        raise StoryError(f"the invoices of these orders are not in the list: {', '.join(missing)}")
    return totals


async def _take_payments(
    billingo: Billingo, made: Sequence[Made], totals: Mapping[int, Decimal], catalogue: Catalogue, stage: Stage
) -> None:
    today = date.today()  # noqa: DTZ011 - as above
    paid = [one for one in made if one.order.paid_in_full or one.order.part is not None]
    with stage.phase("Take payments", len(paid)) as advance:

        async def pay(one: Made) -> None:
            amount = totals[one.id] if one.order.part is None else one.order.part
            method = one.order.payment_method(catalogue)
            state = await billingo.invoices.pay(one.id, Payment(date=today, amount=amount, payment_method=method))
            if state.fully_paid is not (amount >= totals[one.id]):
                raise StoryError(f"order {one.order.number}: paid {amount}, yet {state.outstanding} are outstanding")

        await _each(pay, paid, advance)


async def _cancel(billingo: Billingo, made: Sequence[Made], stage: Stage) -> list[int]:
    """The ids of the invoices that cancel others."""
    doomed = [one.id for one in made if one.order.cancel]
    with stage.phase("Cancel", len(doomed)) as advance:
        return [invoice.id for invoice in await _each(billingo.invoices.cancel, doomed, advance)]


async def _turn_proformas(billingo: Billingo, made: Sequence[Made], stage: Stage) -> list[int]:
    """The ids of the invoices made of proformas, where the server tells them."""
    proformas = [one.id for one in made if one.order.is_proforma]
    with stage.phase("Turn proformas into invoices", len(proformas)) as advance:
        generated = await _each(billingo.invoices.generate, proformas, advance)
    return [id_ for id_ in generated if id_ is not None]


async def _mail(billingo: Billingo, made: Sequence[Made], stage: Stage) -> int:
    mailed = [one.id for one in made if one.order.mail]
    with stage.phase("Mail to customers", len(mailed)) as advance:
        await _each(billingo.invoices.send, mailed, advance)
    return len(mailed)


def _chosen(told: Told) -> list[int]:
    """The papers most worth a look: a cancelling one, a proforma's, a partly paid one, one a currency, the longest."""
    part_paid = [one.id for one in told.made if one.order.part is not None]
    by_currency = {one.order.rows[0].text("currency"): one.id for one in reversed(told.made)}
    longest = [one.id for one in sorted(told.made, key=lambda one: -len(one.order.rows))]
    candidates = [*told.cancelling, *told.generated, *part_paid, *by_currency.values(), *longest]
    return list(dict.fromkeys(candidates))[:PDFS]


async def _save(billingo: Billingo, ids: Sequence[int], folder: Path, stage: Stage) -> list[Path]:
    """Saves PDFs under their invoices' numbers; what stands there is from an earlier demo."""
    with stage.phase("Save PDFs", len(ids)) as advance:

        async def one(id_: int) -> Path:
            number = (await billingo.invoices.get(id_)).invoice_no or str(id_)
            return await billingo.invoices.download_to(id_, folder / PDF_NAME.format(number), overwrite=True)

        return await _each(one, ids, advance)


async def _each(call: Callable[[A], Coroutine[Any, Any, T]], of: Iterable[A], advance: Callable[[], None]) -> list[T]:
    """The answers of one call for each of many, a few at once, in the order given; the first failure ends the rest."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(argument: A) -> T:
        async with gate:
            answer = await call(argument)
        advance()
        return answer

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(argument)) for argument in of]
    except* (BillingoError, StoryError, OSError) as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]
