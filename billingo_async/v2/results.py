"""What the journal keeps of results of API v2: in short, and to the last digit.

Whatever a server may have answered, what became of a key can be written down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billingo_async import v2
from billingo_async.fields.stored import dump_model, load_model

if TYPE_CHECKING:
    from billingo_async.v2.models import Invoice, PaymentState

LEFT_OUT: Final = frozenset({"items", "client", "payment_method"})
"""What the journal does not keep of an invoice: what `invoices.create` does not answer either."""


def dump_invoice(invoice: Invoice) -> str:
    """Return what is kept of an invoice."""
    return dump_model(invoice, LEFT_OUT)


def load_invoice(text: str) -> Invoice:
    """Return the invoice that was kept."""
    return load_model(v2.models.Invoice, text)


def dump_payment_state(state: PaymentState) -> str:
    """Return a state as JSON."""
    return dump_model(state)


def load_payment_state(text: str) -> PaymentState:
    """Return the state that was kept."""
    return load_model(v2.models.PaymentState, text)
