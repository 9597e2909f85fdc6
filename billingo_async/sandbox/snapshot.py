"""What a sandbox holds at one instant, as plain frozen values: what its page shows; nothing of HTML enters here."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from billingo_async.sandbox.records import Type

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from billingo_async.sandbox.books import Books
    from billingo_async.sandbox.faults import PendingFault
    from billingo_async.sandbox.records import Invoice
    from billingo_async.sandbox.request_log import LoggedRequest

INVOICES_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class InvoiceSummary:
    """One invoice in short; the customer is not shown when printed.

    Attributes:
        id: its id.
        number: its number, blank on a draft.
        kind: `draft`, `proforma`, `invoice`, `cancelling invoice`, or a type of v3 such as `receipt`.
        day: the day it is dated.
        customer: the customer's name as it stands on the invoice.
        total: the gross total.
        currency: the total's currency.
        status: `paid`, `unpaid` or `canceled`.
        connected: the number of the invoice that it cancels or that cancels it, blank where there is none.
    """

    id: int
    number: str
    kind: str
    day: date
    customer: str = field(repr=False)
    total: Decimal
    currency: str
    status: str
    connected: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a sandbox held at one instant.

    Attributes:
        at: unix time on the sandbox's clock, in seconds.
        counts: how many of each noun it holds, of committed changes and of e-mails.
        invoices: the last invoices, newest first.
        requests: the last requests, newest first.
        waiting: the faults still to come, in the order in which they are met.
    """

    at: float
    counts: Mapping[str, int]
    invoices: tuple[InvoiceSummary, ...]
    requests: tuple[LoggedRequest, ...]
    waiting: tuple[PendingFault, ...]


def counts_of(books: Books) -> dict[str, int]:
    """How many of each noun the books hold, of committed changes and of e-mails that would have been sent."""
    return {
        "invoices": len(books.invoices),
        "clients": len(books.clients),
        "products": len(books.products),
        "expenses": len(books.expenses),
        "bank accounts": len(books.bank_accounts),
        "spendings": len(books.spendings),
        "recurring profiles": len(books.recurring),
        "e-mails": len(books.outbox),
        "committed changes": len(books.ledger),
    }


def last_invoices(books: Books) -> tuple[InvoiceSummary, ...]:
    """The newest invoices."""
    return tuple(_summary(invoice) for invoice in islice(books.invoices, INVOICES_SHOWN))


def _summary(invoice: Invoice) -> InvoiceSummary:
    return InvoiceSummary(
        id=invoice.uid,
        number=invoice.prefixed_invoice_no,
        kind="cancelling invoice" if invoice.type is Type.CANCELLATION else str(invoice.type),
        day=invoice.date,
        customer=invoice.client["name"],
        total=invoice.totals.total,
        currency=invoice.terms.currency,
        status=invoice.status.name.lower(),
        connected=invoice.connected.prefixed_invoice_no if invoice.connected else "",
    )
