"""Payments: towards an invoice, and taken back; the invoice's own sums are never touched.

A second `undo_payment` takes back the payment before the last one. Source: API docs, Invoices (Pay, Undo payment).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from billingo_async.sandbox import dialect, seeds
from billingo_async.sandbox.invoices.record import Payment, Type
from billingo_async.sandbox.refusal import Refusal, not_saved

if TYPE_CHECKING:
    from billingo_async.sandbox.asked import Asked
    from billingo_async.sandbox.http import Response
    from billingo_async.sandbox.invoices.record import Invoice
    from billingo_async.sandbox.office import Office


def pay(office: Office, asked: Asked) -> Response:
    """Pay the whole or a part; more than is outstanding is refused."""
    invoice = office.invoices.get(asked.uid)
    _refuse_where_nothing_is_paid(invoice)
    amount = Decimal(asked.body["amount"])
    method: int = asked.body["payment_method"]
    if method not in seeds.PAYMENT_METHODS:
        raise not_saved("payment", f"payment_method: there is no payment method {method}")
    if amount > invoice.outstanding:
        outstanding = dialect.text_of(invoice.outstanding)
        raise not_saved("payment", f"amount: more than the {outstanding} {invoice.terms.currency} that are outstanding")
    invoice.payments.append(Payment(asked.body["date"], amount, method))
    invoice.paper = None
    office.note("invoices.pay", invoice.uid)
    return _state(invoice)


def undo(office: Office, asked: Asked) -> Response:
    """Take the last payment back."""
    invoice = office.invoices.get(asked.uid)
    _refuse_where_nothing_is_paid(invoice)
    if not invoice.payments:
        raise Refusal(400, f"Invoice {invoice.uid} has no payment to undo")
    invoice.payments.pop()
    invoice.paper = None
    office.note("invoices.undo_payment", invoice.uid)
    return _state(invoice)


def _refuse_where_nothing_is_paid(invoice: Invoice) -> None:
    if invoice.type is Type.DRAFT:
        raise Refusal(400, f"Invoice {invoice.uid} is a draft: drafts are not paid")
    if invoice.cancels is not None or invoice.cancelled_by is not None:
        raise Refusal(400, f"Invoice {invoice.uid} is canceled: nothing is paid towards it any more")


def _state(invoice: Invoice) -> Response:
    outstanding = invoice.outstanding
    return dialect.plain({"fully_paid": outstanding == 0, "outstanding": dialect.number_of(outstanding)})
