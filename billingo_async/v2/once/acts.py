"""What is done to one invoice under a key: cancel, generate, send; payments stand in `payments`.

The request is the invoice's id. The invoice is read before the request leaves, and what it says then is written beside
the intent; afterwards it tells by its status, or its number on another one, what has happened.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from billingo_async import v2
from billingo_async.errors import BillingoError, ConfigurationError, InvalidRequestError
from billingo_async.fields.exact import exact_json, to_json
from billingo_async.journal.intent import Intent, check_key, digest, fingerprint_of
from billingo_async.journal.port import Candidate, Finding
from billingo_async.v2 import operations
from billingo_async.v2.answers import compared
from billingo_async.v2.compare import mark_of
from billingo_async.v2.once.create import InvoiceOperation, window_of
from billingo_async.v2.results import dump_invoice, load_invoice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from billingo_async.journal.port import OpenIntent
    from billingo_async.v2.models import Invoice

T = TypeVar("T")
MAX_PAGES_BACK: Final = 20
"""Pages that are looked through for the invoice that canceled another one some time ago."""
CANCELED: Final = 4
"""The status of an invoice that another one cancels. Source: API docs, Invoices / Cancel invoice."""


class InvoiceAct(InvoiceOperation[T]):
    """What is done to one invoice; its result has no id of its own unless a class says otherwise."""

    is_prepared: ClassVar[bool] = True
    similar_by: ClassVar[str]
    """What two acts on one invoice have in common if the account tells them apart no more."""

    def state(self, key: str, new: Any, stamp: str | None) -> Intent:
        """Return the intent; raise ValueError for what is no id."""
        del stamp
        payload = self.payload(new)
        similar = digest(f"{self.api}:{self.similar_by}:{payload['id']}")
        return Intent(check_key(key), to_json(payload), fingerprint_of(payload), similar)

    def payload(self, new: Any) -> dict[str, object]:
        """Return the request as plain values."""
        operations.INVOICES_GET.call(id=new)  # which refuses what is no id
        return {"id": new}

    async def prepare(self, intent: Intent) -> str | None:
        """Read the invoice, and return what it says of what is about to be done."""
        return to_json(self.before(await self.read(id_of(intent)))).decode()

    def before(self, invoice: Invoice) -> dict[str, object]:
        """Return what an invoice says before."""
        return {"invoice_no": invoice.invoice_no, "client_uid": invoice.client_uid, "total": invoice.total}

    async def find(self, intents: Sequence[OpenIntent]) -> Mapping[str, Finding[T]]:
        """Look at each invoice."""
        return {intent.key: await self.find_one(intent) for intent in intents}

    async def find_one(self, intent: OpenIntent) -> Finding[T]:
        """Look at the invoice of one intent."""
        raise NotImplementedError

    async def confirm(self, intent: OpenIntent, id_: int | None) -> tuple[Candidate[T], str | None]:
        """Take what the account has for the result; a person's word counts where it tells nothing."""
        if id_ is not None:
            msg = f"{self.name} has no result with an id of its own: say happened=True"
            raise ConfigurationError(msg)
        finding = await self.find_one(intent)
        if finding.candidates:
            return finding.candidates[0], None
        objection = None if finding.untold else "the account says that it did not happen"
        return Candidate(None, await self.now(intent)), objection

    async def now(self, intent: OpenIntent) -> T:
        """Return the result as it is now."""
        raise NotImplementedError

    @classmethod
    def id_of(cls, result: T) -> int | None:
        """Return None."""
        del result
        return None


class InvoicesCancel(InvoiceAct["Invoice"]):
    """`invoices.cancel`: the cancelling invoice names the canceled one by its number."""

    name: ClassVar[str] = "invoices.cancel"
    purpose: ClassVar[str] = name
    similar_by: ClassVar[str] = name

    async def prepare(self, intent: Intent) -> str | None:
        """Read the invoice; raise InvalidRequestError if it is canceled already, saying by which one."""
        invoice = await self.read(id_of(intent))
        if invoice.status == CANCELED:
            raise await self._canceled_already(invoice)
        return to_json(self.before(invoice)).decode()

    async def send(self, intent: Intent, before: str | None, before_send: Callable[[], object]) -> Invoice:
        """Cancel the invoice; what comes back is compared with it."""
        call = compared(operations.INVOICES_CANCEL.call(id=id_of(intent)), partial(_check, before or "{}"))
        return await self.account.run(call, key=intent.key, before_send=before_send)

    async def find(self, intents: Sequence[OpenIntent]) -> Mapping[str, Finding[Invoice]]:
        """Look whether they are canceled, and list once for what has canceled them."""
        findings = {intent.key: Finding[v2.models.Invoice]() for intent in intents}
        canceled: dict[tuple[str, int | None], list[OpenIntent]] = {}
        for intent in intents:
            invoice = await self.read(id_of(intent))
            if invoice.status in {CANCELED, None} and invoice.invoice_no:
                canceled.setdefault((invoice.invoice_no, invoice.client_uid), []).append(intent)
        if canceled:
            async for storno in self.between(*window_of(intents)):
                if storno.is_cancel_invoice:
                    for intent in canceled.get((storno.connected_invoice_no or "", storno.client_uid), ()):
                        findings[intent.key].candidates.append(self.candidate(storno))
        for some in canceled.values():
            for intent in some:
                if not findings[intent.key].candidates:
                    findings[intent.key].untold = "it is canceled, but the invoice that cancels it is not to be found"
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

    async def fetch(self, id_: int) -> Invoice:
        """Read a cancelling invoice of another pair of keys of the same account."""
        return await self.read(id_)

    async def _canceled_already(self, invoice: Invoice) -> InvalidRequestError:
        number = None
        try:
            for page in range(1, MAX_PAGES_BACK + 1):
                some = await self.page(page, **({"start_date": invoice.date} if invoice.date else {}))
                mine = [
                    one for one in some.rows if one.is_cancel_invoice and one.connected_invoice_no == invoice.invoice_no
                ]
                number = next((one.invoice_no for one in mine), None)
                if number is not None or not some.has_next:
                    break
        except BillingoError:
            number = None  # it is said without its number then
        by = f" by {number}" if number else ""
        msg = f"{self.name}: invoice {invoice.id} ({invoice.invoice_no}) is canceled already{by}; nothing was sent"
        return InvalidRequestError(msg, operation=self.name, message=f"canceled already{by}")

    def candidate(self, result: Invoice) -> Candidate[Invoice]:
        """Return a cancelling invoice with its id and its number."""
        return Candidate(result.id, result, mark=mark_of(result))

    @classmethod
    def id_of(cls, result: Invoice) -> int | None:
        """Return the id of the cancelling invoice."""
        return result.id

    @classmethod
    def dump(cls, result: Invoice) -> str:
        """Return the cancelling invoice in short."""
        return dump_invoice(result)

    @classmethod
    def load(cls, text: str) -> Invoice:
        """Return the cancelling invoice that was written down."""
        return load_invoice(text)


class InvoicesGenerate(InvoiceAct["int | None"]):
    """`invoices.generate`: the invoice has the client, the sums and the items of the proforma."""

    name: ClassVar[str] = "invoices.generate"
    purpose: ClassVar[str] = name
    similar_by: ClassVar[str] = name

    async def send(self, intent: Intent, before: str | None, before_send: Callable[[], object]) -> int | None:
        """Make the invoice of the proforma."""
        del before
        call = operations.INVOICES_GENERATE.call(id=id_of(intent))
        return await self.account.run(call, key=intent.key, before_send=before_send)

    async def find_one(self, intent: OpenIntent) -> Finding[int | None]:
        """List the invoices that say what the proforma says."""
        proforma = await self.read(id_of(intent))
        finding: Finding[int | None] = Finding()
        async for invoice in self.between(intent.first, intent.last):
            if (
                invoice.type == v2.models.InvoiceType.NORMAL
                and not invoice.is_cancel_invoice
                and _twins(proforma, invoice)
            ):
                finding.candidates.append(Candidate(invoice.id, invoice.id, mark=mark_of(invoice)))
        return finding

    async def newest(self) -> Sequence[Candidate[int | None]]:
        """Return the newest page of the account's invoices."""
        return [Candidate(one.id, one.id, mark=mark_of(one)) for one in (await self.page(1)).rows]

    async def confirm(self, intent: OpenIntent, id_: int | None) -> tuple[Candidate[int | None], str | None]:
        """Read the invoice that a person names, and compare it with the proforma."""
        if id_ is None:
            return Candidate(None, None), None
        proforma, invoice = await self.read(id_of(intent)), await self.read(id_)
        objection = None if _twins(proforma, invoice) else f"invoice {id_} does not say what the proforma says"
        return Candidate(id_, id_, mark=mark_of(invoice)), objection

    @classmethod
    def id_of(cls, result: int | None) -> int | None:
        """Return the invoice's id, where it was told."""
        return result

    @classmethod
    def dump(cls, result: int | None) -> str:
        """Return the id as JSON."""
        return json.dumps(result)

    @classmethod
    def load(cls, text: str) -> int | None:
        """Return the id that was written down."""
        number: int | None = json.loads(text)
        return number


class InvoicesSend(InvoiceAct[None]):
    """`invoices.send`: a mail cannot be seen, so a doubt stays until a person says what became of it."""

    name: ClassVar[str] = "invoices.send"
    purpose: ClassVar[str] = name
    similar_by: ClassVar[str] = name
    is_prepared: ClassVar[bool] = False

    async def prepare(self, intent: Intent) -> str | None:
        """Read nothing: no invoice tells whether it was mailed."""
        del intent
        return None

    async def send(self, intent: Intent, before: str | None, before_send: Callable[[], object]) -> None:
        """Mail the invoice."""
        del before
        call = operations.INVOICES_SEND.call(id=id_of(intent))
        await self.account.run(call, key=intent.key, before_send=before_send)

    async def find_one(self, intent: OpenIntent) -> Finding[None]:
        """Say that it cannot be told."""
        del intent
        return Finding(untold="the account does not tell whether a mail was sent")

    async def now(self, intent: OpenIntent) -> None:
        """Return nothing."""
        del intent

    @classmethod
    def dump(cls, result: None) -> str:
        """Return JSON's nothing."""
        return json.dumps(result)

    @classmethod
    def load(cls, text: str) -> None:
        """Return nothing."""
        del text


def _check(before: str, storno: Invoice) -> str | None:
    """Name what of the cancelling invoice does not fit the canceled one."""
    was = exact_json(before.encode())
    for name, expected in (("client_uid", was.get("client_uid")), ("total", _negated(was.get("total")))):
        shown = getattr(storno, name)
        if shown is not None and expected is not None and shown != expected:
            return name
    return None


def _negated(total: Decimal | None) -> Decimal | None:
    return None if total is None else -total


def payload_of(intent: Intent | OpenIntent) -> dict[str, Any]:
    """Return what was asked for, as plain values."""
    payload: dict[str, Any] = exact_json(intent.request)
    return payload


def id_of(intent: Intent | OpenIntent) -> int:
    """Return the id of the invoice that it is about."""
    return int(payload_of(intent)["id"])


def _twins(proforma: Invoice, invoice: Invoice) -> bool:
    heads = ("client_uid", "currency", "total", "net_total")
    if any(getattr(proforma, name) != getattr(invoice, name) for name in heads if getattr(invoice, name) is not None):
        return False
    ours, theirs = proforma.items, invoice.items
    if ours is None or theirs is None:
        return True
    rows = [[(one.description, one.qty, one.net_unit_price, one.vat_id) for one in some] for some in (ours, theirs)]
    return rows[0] == rows[1]
