"""Payments of an invoice under a key: recorded, and taken back.

What is paid before is written beside the intent. Each payment changes what tells of the others, so that all which
concern one invoice are sent one after the other.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from billingo_async import v2
from billingo_async.fields.exact import exact_json, to_json
from billingo_async.journal.port import Candidate, Finding
from billingo_async.v2 import operations
from billingo_async.v2.once.acts import InvoiceAct, id_of, payload_of
from billingo_async.v2.results import dump_payment_state, load_payment_state

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from billingo_async.journal.intent import Intent
    from billingo_async.journal.port import OpenIntent
    from billingo_async.v2.models import Invoice, PaymentState


class _Payments(InvoiceAct["PaymentState"]):
    """What changes the sum that is paid: one after the other, since each changes what tells of the others."""

    similar_by: ClassVar[str] = "payments"
    is_exclusive: ClassVar[bool] = True
    number_fields: ClassVar[frozenset[str]] = frozenset({"fully_paid", "outstanding"})

    def before(self, invoice: Invoice) -> dict[str, object]:
        """Return what is paid before."""
        return {"total_paid": invoice.total_paid}

    async def find_one(self, intent: OpenIntent) -> Finding[PaymentState]:
        """Compare what is paid now with what was paid before."""
        invoice = await self.read(id_of(intent))
        was = exact_json((intent.before or "{}").encode()).get("total_paid")
        if was is None or invoice.total_paid is None:
            return Finding(untold="the invoice does not tell what is paid of it")
        happened = self.happened(payload_of(intent), invoice.total_paid - Decimal(was))
        if happened is None:
            return Finding(untold=f"{was} was paid before, {invoice.total_paid} is paid now")
        return Finding([Candidate(None, _state_of(invoice))] if happened else [])

    def happened(self, payload: Mapping[str, Any], change: Decimal) -> bool | None:
        """Tell from the change of what is paid whether it happened; None where it tells neither."""
        raise NotImplementedError

    async def now(self, intent: OpenIntent) -> PaymentState:
        """Return what is paid now."""
        return _state_of(await self.read(id_of(intent)))

    @classmethod
    def dump(cls, result: PaymentState) -> str:
        """Return the state as JSON."""
        return dump_payment_state(result)

    @classmethod
    def load(cls, text: str) -> PaymentState:
        """Return the state that was written down."""
        return load_payment_state(text)


class InvoicesPay(_Payments):
    """`invoices.pay`: what is paid grows by the amount."""

    name: ClassVar[str] = "invoices.pay"
    purpose: ClassVar[str] = name

    def payload(self, new: Any) -> dict[str, object]:
        """Return the id and the payment as plain values."""
        id_, payment = new
        if not isinstance(payment, v2.models.Payment):
            msg = f"a Payment is needed here, got {type(payment).__name__}"
            raise TypeError(msg)
        return {**super().payload(id_), "payment": payment.to_payload()}

    async def send(self, intent: Intent, before: str | None, before_send: Callable[[], object]) -> PaymentState:
        """Record the payment."""
        del before
        call = operations.INVOICES_PAY.call(id=id_of(intent), body=to_json(payload_of(intent)["payment"]))
        return await self.account.run(call, key=intent.key, before_send=before_send)

    def happened(self, payload: Mapping[str, Any], change: Decimal) -> bool | None:
        """Tell whether what is paid has grown by the amount."""
        return True if change == Decimal(payload["payment"]["amount"]) else False if change == 0 else None


class InvoicesUndoPayment(_Payments):
    """`invoices.undo_payment`: what is paid becomes less."""

    name: ClassVar[str] = "invoices.undo_payment"
    purpose: ClassVar[str] = name

    async def send(self, intent: Intent, before: str | None, before_send: Callable[[], object]) -> PaymentState:
        """Take the last payment back."""
        del before
        call = operations.INVOICES_UNDO_PAYMENT.call(id=id_of(intent))
        return await self.account.run(call, key=intent.key, before_send=before_send)

    def happened(self, payload: Mapping[str, Any], change: Decimal) -> bool | None:
        """Tell whether less is paid than before."""
        del payload
        return True if change < 0 else False if change == 0 else None


def _state_of(invoice: Invoice) -> PaymentState:
    paid = invoice.total_paid or Decimal(0)
    outstanding = (invoice.total or Decimal(0)) - paid
    return v2.models.PaymentState(fully_paid=outstanding <= 0, outstanding=outstanding)
