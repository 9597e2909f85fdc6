"""What is done to one invoice under a key: cancel, generate, send, pay, and take a payment back.

The request is the invoice's id. The invoice is read before the request leaves, and what it says then is written beside
the intent; afterwards it tells by its status, or its number on another one, what has happened.

When any of it is done is never decided here.
"""

from __future__ import annotations

from contextlib import aclosing, suppress
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from billingo_async.errors import BillingoError, ConfigurationError, InvalidRequestError
from billingo_async.fields.exact import exact_json, to_json
from billingo_async.journal.kinds import Act, IdlessAct, Traceless, body_of, thing_of
from billingo_async.journal.port import Candidate, Finding, OpenIntent, RestlessListError
from billingo_async.protocol.comparison import EXACT, compared, other_field
from billingo_async.v2 import models, operations
from billingo_async.v2.compare import mark_of
from billingo_async.v2.once.create import InvoiceMaking, InvoiceOperation, window_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from billingo_async.journal.intent import Intent
    from billingo_async.protocol.call import Call, Operation
    from billingo_async.v2.models import Invoice, PaymentState

MAX_PAGES_BACK: Final = 20
"""Pages that are looked through for the invoice that canceled another one some time ago."""
CANCELED: Final = 4
"""The status of an invoice that another one cancels. Source: API docs, Invoices / Cancel invoice."""

OUTSTANDING_ROUNDING_UNITS: Final = Decimal(1)
"""By how much what is left open may be rounded: to the unit of a currency."""


class InvoicesCancel(Act["Invoice"], InvoiceMaking):
    """`invoices.cancel`: the cancelling invoice names the canceled one by its number."""

    row: ClassVar[Operation[Any]] = operations.INVOICES_CANCEL

    async def prepare(self, intent: Intent) -> str:
        """Read the invoice; raise InvalidRequestError if it is canceled already, saying by which one."""
        invoice = await self.read(thing_of(intent))
        if invoice.status == CANCELED:
            raise await self._canceled_already(invoice)
        was = {"invoice_no": invoice.invoice_no, "client_uid": invoice.client_uid, "total": invoice.total}
        return to_json(was).decode()

    def call(self, intent: Intent, before: str | None) -> Call[Invoice]:
        """Return the call; what comes back is compared with the invoice."""
        return compared(super().call(intent, before), partial(_check, before or "{}"))

    async def find(self, intents: Sequence[OpenIntent]) -> Mapping[str, Finding[Invoice]]:
        """Look whether they are canceled, and list once for what has canceled them."""
        findings = {intent.key: Finding[models.Invoice]() for intent in intents}
        canceled: dict[tuple[str, int | None], list[OpenIntent]] = {}
        for intent in intents:
            invoice = await self.read(thing_of(intent))
            if invoice.status in {CANCELED, None} and invoice.invoice_no:
                canceled.setdefault((invoice.invoice_no, invoice.client_uid), []).append(intent)
        if canceled:
            async for storno in self.between(*window_of(intents)):
                if storno.is_cancel_invoice:
                    for intent in canceled.get((storno.connected_invoice_no or "", storno.client_uid), ()):
                        findings[intent.key].candidates.append(self.candidate(storno))
        for some in canceled.values():
            for finding in (findings[intent.key] for intent in some):
                if not finding.candidates:
                    finding.reason_unknown = "it is canceled, but the invoice that cancels it is not to be found"
        return findings

    async def confirm(self, intent: OpenIntent, id_: int | None) -> tuple[Candidate[Invoice], str | None]:
        """Read the cancelling invoice that a person names, or find it."""
        if id_ is None:
            finding = (await self.find([intent]))[intent.key]
            if len(finding.candidates) != 1:
                raise ConfigurationError("say which invoice cancels it: result_id is its id")
            return finding.candidates[0], None
        storno, number = await self.read(id_), exact_json((intent.before or "{}").encode()).get("invoice_no")
        fits = storno.is_cancel_invoice and number in {None, storno.connected_invoice_no}
        return self.candidate(storno), None if fits else f"invoice {id_} does not cancel {number}"

    async def _canceled_already(self, invoice: Invoice) -> InvalidRequestError:
        number, since = None, {"start_date": str(invoice.date)} if invoice.date else {}
        listed = self.account.listed(operations.INVOICES_QUERY, since, pages=MAX_PAGES_BACK)
        with suppress(BillingoError, RestlessListError):  # it is said without its number then
            async with aclosing(listed) as invoices:
                mine = (one.invoice_no async for one in invoices if _cancels(one, invoice))
                number = await anext(mine, None)
        by = f" by {number}" if number else ""
        msg = f"{self.name}: invoice {invoice.id} ({invoice.invoice_no}) is canceled already{by}; nothing was sent"
        return InvalidRequestError(msg, operation=self.name, message=f"canceled already{by}")


class InvoicesGenerate(Act["int | None"], InvoiceOperation["int | None"]):
    """`invoices.generate`: the invoice has the client, the sums and the items of the proforma."""

    row: ClassVar[Operation[Any]] = operations.INVOICES_GENERATE

    async def prepare(self, intent: Intent) -> str:
        """Read the proforma, so that there is one."""
        return to_json({"invoice_no": (await self.read(thing_of(intent))).invoice_no}).decode()

    async def find_one(self, intent: OpenIntent) -> Finding[int | None]:
        """List the invoices that say what the proforma says."""
        proforma = await self.read(thing_of(intent))
        finding: Finding[int | None] = Finding()
        async for invoice in self.between(intent.first, intent.last):
            if (
                invoice.type == models.InvoiceType.NORMAL
                and not invoice.is_cancel_invoice
                and _twins(proforma, invoice)
            ):
                finding.candidates.append(Candidate(invoice.id, invoice.id, mark=mark_of(invoice)))
        return finding

    async def newest(self) -> Sequence[Candidate[int | None]]:
        """Return the newest page of the account's invoices."""
        invoices = self.account.listed(operations.INVOICES_QUERY, {}, pages=1)
        return [Candidate(one.id, one.id, mark=mark_of(one)) async for one in invoices]

    async def confirm(self, intent: OpenIntent, id_: int | None) -> tuple[Candidate[int | None], str | None]:
        """Read the invoice that a person names, and compare it with the proforma."""
        if id_ is None:
            return Candidate(None, None), None
        proforma, invoice = await self.read(thing_of(intent)), await self.read(id_)
        objection = None if _twins(proforma, invoice) else f"invoice {id_} does not say what the proforma says"
        return Candidate(id_, id_, mark=mark_of(invoice)), objection

    @classmethod
    def id_of(cls, result: int | None) -> int | None:
        """Return the invoice's id, where it was told."""
        return result


class InvoicesSend(Traceless[None], IdlessAct[None], InvoiceOperation[None]):
    """`invoices.send`: a mail cannot be seen, so a doubt stays until a person says what became of it."""

    row: ClassVar[Operation[Any]] = operations.INVOICES_SEND

    async def now(self, intent: OpenIntent) -> None:
        """Return nothing."""


class PaymentAct(IdlessAct["PaymentState"], InvoiceOperation["PaymentState"]):
    """What changes the sum that is paid: one after the other, since each changes what tells of the others."""

    similar_by: ClassVar[str | None] = "payments"
    is_exclusive: ClassVar[bool] = True
    number_fields: ClassVar[frozenset[str]] = frozenset({"fully_paid", "outstanding"})

    async def prepare(self, intent: Intent) -> str:
        """Read what is paid before, and of how much."""
        invoice = await self.read(thing_of(intent))
        return to_json({"total_paid": invoice.total_paid, "total": invoice.total}).decode()

    async def find_one(self, intent: OpenIntent) -> Finding[PaymentState]:
        """Compare what is paid now with what was paid before."""
        invoice = await self.read(thing_of(intent))
        was = exact_json((intent.before or "{}").encode()).get("total_paid")
        if was is None or invoice.total_paid is None:
            return Finding(reason_unknown="the invoice does not tell what is paid of it")
        happened = self.happened(body_of(intent), EXACT.subtract(invoice.total_paid, Decimal(was)))
        if happened is None:
            return Finding(reason_unknown=f"{was} was paid before, {invoice.total_paid} is paid now")
        return Finding([Candidate(None, _state_of(invoice))] if happened else [])

    def happened(self, payment: Any, change: Decimal) -> bool | None:
        """Tell from the change of what is paid whether it happened; None where it tells neither."""
        raise NotImplementedError

    async def now(self, intent: OpenIntent) -> PaymentState:
        """Return what is paid now."""
        return _state_of(await self.read(thing_of(intent)))


class InvoicesPay(PaymentAct):
    """`invoices.pay`: what is paid grows by the amount."""

    row: ClassVar[Operation[Any]] = operations.INVOICES_PAY

    def call(self, intent: Intent, before: str | None) -> Call[PaymentState]:
        """Return the call; what comes back is compared with what the payment leaves open."""
        was, amount = exact_json((before or "{}").encode()), Decimal(body_of(intent)["amount"])
        if was.get("total") is None or was.get("total_paid") is None:
            return super().call(intent, before)
        left = EXACT.subtract(EXACT.subtract(Decimal(was["total"]), Decimal(was["total_paid"])), amount)
        return compared(super().call(intent, before), partial(_other_outstanding, left))

    def happened(self, payment: Any, change: Decimal) -> bool | None:
        """Tell whether what is paid has grown by the amount."""
        return True if change == Decimal(payment["amount"]) else False if change == 0 else None


class InvoicesUndoPayment(PaymentAct):
    """`invoices.undo_payment`: what is paid becomes less."""

    row: ClassVar[Operation[Any]] = operations.INVOICES_UNDO_PAYMENT

    async def prepare(self, intent: Intent) -> str:
        """Read the invoice; raise InvalidRequestError if nothing is paid of it: no answer would tell whose it is."""
        before = await super().prepare(intent)
        if exact_json(before.encode()).get("total_paid") == 0:
            msg = f"{self.name}: nothing is paid of invoice {thing_of(intent)}; nothing was sent"
            raise InvalidRequestError(msg, operation=self.name)
        return before

    def happened(self, payment: Any, change: Decimal) -> bool | None:
        """Tell whether less is paid than before."""
        return True if change < 0 else False if change == 0 else None


def _other_outstanding(left: Decimal, state: PaymentState) -> str | None:
    """Name the sum that is not what is left open, or rounded: it may be another payment's answer."""
    return None if EXACT.abs(EXACT.subtract(state.outstanding, left)) <= OUTSTANDING_ROUNDING_UNITS else "outstanding"


def _state_of(invoice: Invoice) -> PaymentState:
    paid = invoice.total_paid or Decimal(0)
    outstanding = EXACT.subtract(invoice.total or Decimal(0), paid)
    return models.PaymentState(fully_paid=outstanding <= 0, outstanding=outstanding)


def _cancels(storno: Invoice, invoice: Invoice) -> bool:
    return bool(storno.is_cancel_invoice and storno.connected_invoice_no == invoice.invoice_no)


def _check(before: str, storno: Invoice) -> str | None:
    """Name what of the cancelling invoice does not fit the canceled one."""
    was = exact_json(before.encode())
    total = was.get("total")
    return other_field({**was, "total": None if total is None else EXACT.minus(total)}, storno, ("client_uid", "total"))


def _twins(proforma: Invoice, invoice: Invoice) -> bool:
    heads = ("client_uid", "currency", "total", "net_total")
    if any(getattr(proforma, name) != getattr(invoice, name) for name in heads if getattr(invoice, name) is not None):
        return False
    ours, theirs = proforma.items, invoice.items
    if ours is None or theirs is None:
        return True
    rows = [[(one.description, one.qty, one.net_unit_price, one.vat_id) for one in some] for some in (ours, theirs)]
    return rows[0] == rows[1]
