"""`invoices.create` under a key, and what all keyed operations on invoices have in common: reading and listing them.

What is compared how stands in `v2.compare`; when any of this is done is decided by the journal alone.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from billingo_async.fields.exact import exact_json, is_object, to_json
from billingo_async.journal.intent import Intent, check_key, digest, fingerprint_of, stamped_key
from billingo_async.journal.port import Candidate, Finding, KeyedOperation, Match, OpenIntent, whole_id
from billingo_async.protocol.comparison import compared
from billingo_async.v2 import models, operations, updates
from billingo_async.v2.compare import compare, contradiction, is_other_stamp, mark_of, similarity

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence

    from billingo_async.protocol.call import BeforeSend, Operation
    from billingo_async.v2.models import Invoice, NewInvoice

T = TypeVar("T")
AROUND: Final = timedelta(hours=3)
"""By how much the server's calendar may differ from UTC; Hungary is one or two hours ahead."""
SENT_BEFORE: Final[dict[str, object]] = {"round_to": 0}
"""What an older release sent where nothing is said: a key stands for the same request in every release."""


class InvoiceOperation(KeyedOperation[T]):
    """What all operations on invoices have in common."""

    api: ClassVar[str] = "v2"
    kind: ClassVar[str] = "invoices"
    number_fields: ClassVar[frozenset[str]] = frozenset({"id", "uid", "invoice_no", "prefix", "prefixed_invoice_no"})
    left_out: ClassVar[frozenset[str]] = frozenset({"items", "client", "payment_method"})
    """What `invoices.create` does not answer either."""

    async def read(self, id: int) -> Invoice:
        """Return one invoice, with its items."""
        return await self.account.run(operations.INVOICES_GET.call(id=id))

    def between(self, first: float, last: float) -> AsyncGenerator[Invoice]:
        """List the invoices of a window of Unix time, to the very end."""
        days = {"start_date": _day(first, -AROUND), "end_date": _day(last, AROUND)}
        return self.account.listed(operations.INVOICES_QUERY, days)


class InvoiceMaking(InvoiceOperation["Invoice"]):
    """What makes an invoice and answers it."""

    async def fetch(self, id_: int) -> Invoice:
        """Read an invoice."""
        return await self.read(id_)

    def candidate(self, result: Invoice, match: Match = Match.YES) -> Candidate[Invoice]:
        """Return an invoice with its id and its number."""
        return Candidate(result.id, result, match, mark_of(result))


class InvoicesCreate(InvoiceMaking):
    """`invoices.create`: found again among the invoices of the days in question, by its stamp or its content."""

    row: ClassVar[Operation[Any]] = operations.INVOICES_CREATE
    makes_document: ClassVar[bool] = True
    is_stamped: ClassVar[bool] = True

    def state(self, key: str, new: NewInvoice, stamp: str | None) -> Intent:
        """Return the intent; the stamp stands first in the comment, where no server cuts it off."""
        name = check_key(key)
        if not isinstance(new, models.NewInvoice):
            raise TypeError(f"key {name!r}: a NewInvoice is needed here, got {type(new).__name__}")
        payload = new.to_payload()
        fingerprint = fingerprint_of(SENT_BEFORE | payload)
        text = stamp.format(key=name) if stamp else None
        if text:
            payload |= {"comment": f"{text}\n{new.comment}" if new.comment else text}
        return Intent(name, to_json(payload), fingerprint, digest(text or similarity(payload)), text, new.client_uid)

    async def send(self, intent: Intent, before: str | None, before_send: BeforeSend) -> Invoice:
        """Make the invoice, once its client is seen as it was last written.

        An answer that begins with the stamp of another key is another order's.
        """
        call = self.call(intent, before)
        if intent.stamp is not None:
            call = compared(call, partial(_other_stamp, intent))
        await updates.wait_until_visible(self.account, intent.about)
        return await self.account.run(call, before_send)

    async def find(self, intents: Sequence[OpenIntent]) -> Mapping[str, Finding[Invoice]]:
        """List once for all; an invoice is compared with the requests of its client."""
        findings = {intent.key: Finding[models.Invoice]() for intent in intents}
        requests = [_OpenRequest(intent, exact_json(intent.request)) for intent in intents]
        by_client: defaultdict[int, list[_OpenRequest]] = defaultdict(list)
        for one in requests:
            by_client[one.payload["client_uid"]].append(one)
        async for invoice in self.between(*window_of(intents)):
            for one in requests if invoice.client_uid is None else by_client.get(invoice.client_uid, ()):
                match = _match(one.payload, one.intent, invoice)
                if match is not Match.NO:
                    findings[one.intent.key].candidates.append(self.candidate(invoice, match))
        for finding in findings.values():
            finding.candidates.sort(key=lambda one: (one.result.invoice_no or "", one.id or 0))
        return findings

    async def examine(self, intent: OpenIntent, id_: int) -> Candidate[Invoice]:
        """Read an invoice with its items, and compare it."""
        invoice = await self.read(id_)
        return self.candidate(invoice, _match(exact_json(intent.request), intent, invoice))

    def id_in(self, raw: bytes) -> int | None:
        """Return the id in the answer's envelope."""
        answer = exact_json(raw)
        return whole_id(answer.get("data")) if is_object(answer) else None

    async def newest(self) -> Sequence[Candidate[Invoice]]:
        """Return the newest page of the account's invoices."""
        return [self.candidate(one) async for one in self.account.listed(operations.INVOICES_QUERY, {}, pages=1)]

    def contradiction(self, intent: Intent | OpenIntent, result: Invoice) -> str | None:
        """Compare what every answer tells of an invoice."""
        return contradiction(exact_json(intent.request), result)

    def agrees(self, intent: OpenIntent, result: Invoice) -> bool:
        """Compare the rows and the comment as well."""
        return compare(exact_json(intent.request), intent.stamp, result) is Match.YES

    async def stamped(self, stamp: str, first: float) -> Mapping[str, Sequence[Candidate[Invoice]]]:
        """Return the invoices since a day by the key that their comment names; those that cancel others aside."""
        findings: dict[str, list[Candidate[models.Invoice]]] = {}
        # By the machine's or the server's clock, whichever is ahead.
        now = max(first, time.time(), self.account.server_now() or first)
        async for invoice in self.between(first, now):
            lines = [] if invoice.is_cancel_invoice else (invoice.comment or "").splitlines()
            keys = (stamped_key(stamp, line.strip()) for line in lines)
            key = next((key for key in keys if key is not None), None)  # the first: the stamp stands first
            if key is not None:
                findings.setdefault(key, []).append(self.candidate(invoice))
        return findings


@dataclass(frozen=True, slots=True)
class _OpenRequest:
    """An intent with its payload, which no traceback shows."""

    intent: OpenIntent
    payload: Any = field(repr=False)


def _match(payload: Mapping[str, Any], intent: OpenIntent, invoice: Invoice) -> Match:
    return Match.NO if _other_stamp(intent, invoice) else compare(payload, intent.stamp, invoice)


def _other_stamp(intent: Intent | OpenIntent, invoice: Invoice) -> str | None:
    """Name the comment where another key's stamp stands in it."""
    if intent.stamp is None or invoice.comment is None:
        return None
    sent = exact_json(intent.request)["comment"]
    return "comment" if is_other_stamp(intent.key, intent.stamp, sent, invoice.comment) else None


def window_of(intents: Iterable[OpenIntent]) -> tuple[float, float]:
    """Return the window of Unix time in which the results of all these intents may be dated."""
    return min(intent.first for intent in intents), max(intent.last for intent in intents)


def _day(at: float, by: timedelta) -> str:
    return (datetime.fromtimestamp(at, UTC) + by).date().isoformat()
