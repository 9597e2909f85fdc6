"""Each ONCE operation of API v3 as the journal sees it: stated, sent, found again, its result written down.

What is made with a `vendor_id`, documents and receipts, is found again by it, for the request carries it. A request
with an API key never goes stale. A worker that lost its lease sends nothing, for nothing is awaited between the lease's
check and the write; a process that was frozen in between, or a request that the network held, can still make a document
later. So the account is asked before a request leaves and again after a doubt, twice, the last time not before
`timeout` has passed; what has come by then under the key is adopted if it is what was asked for, and more than one such
document, or another one, is told as doubt. The index of vendor ids may lag behind the documents.

What is done to one document: it is read before the request leaves, and what it says then is written beside the intent;
afterwards its type, or the documents that it names as related, tell what has happened; and what was made from it has
its partner and currency, a storno and a copy its total too. A copy, a mail and an export leave no trace: they stay in
doubt until a person says.

What is compared how stands in `v3.compare`; when any of this is done is decided by the journal.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from billingo_async.errors import ConfigurationError, InvalidRequestError, NotFoundError, OutcomeUnknownError
from billingo_async.fields.exact import exact_json, to_json
from billingo_async.journal.intent import Intent, check_key, digest, fingerprint_of
from billingo_async.journal.kinds import NO_TRACE, Act, IdlessAct, RowCreation, Traceless, body_of, thing_of
from billingo_async.journal.port import Candidate, Finding, KeyedOperation, Match, OpenIntent, whole_id
from billingo_async.protocol.comparison import (
    EXACT,
    compared,
    is_altered_text,
    is_other_text,
    is_same_text,
    other_field,
    shares_no_word,
)
from billingo_async.v3 import models, operations
from billingo_async.v3.compare import contradiction, derived, same_lines

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from billingo_async.fields.writing import WrittenModel
    from billingo_async.protocol.call import BeforeSend, Call, Operation
    from billingo_async.v3.models import Document


class DocumentOperation(KeyedOperation["Document"]):
    """What all operations have in common that make a document."""

    api: ClassVar[str] = "v3"
    kind: ClassVar[str] = "documents"
    is_prepared: ClassVar[bool] = True
    number_fields: ClassVar[frozenset[str]] = frozenset({"id", "invoice_number", "type", "block_id"})

    async def fetch(self, id_: int) -> Document:
        """Read one document."""
        return await self.account.run(operations.DOCUMENTS_GET.call(id=id_))


class VendorIdCreation(DocumentOperation):
    """What is made with a `vendor_id`: the key, unless the caller has set one."""

    makes_document: ClassVar[bool] = True
    may_lag: ClassVar[bool] = True  # as the index of vendor ids may
    finds_one: ClassVar[bool] = True  # of all that bear a vendor id
    written: ClassVar[str]
    """The name of the model that the call takes."""

    def state(self, key: str, new: WrittenModel, stamp: str | None) -> Intent:
        """Return the intent; a journal's stamp is v2's alone."""
        name, kind = check_key(key), getattr(models, self.written)
        if not isinstance(new, kind):
            raise TypeError(f"key {name!r}: a {kind.__name__} is needed here, got {type(new).__name__}")
        payload = new.to_payload()
        fingerprint = fingerprint_of(payload)
        payload.setdefault("vendor_id", name)
        return Intent(name, to_json(payload), fingerprint, digest(f"v3:vendor_id:{payload['vendor_id']}"))

    async def prepare(self, intent: Intent) -> str:
        """Return the id of the document that has the `vendor_id` already."""
        document = await self.by_vendor_id(exact_json(intent.request)["vendor_id"])
        return to_json({"id": None if document is None else document.id}).decode()

    async def send(self, intent: Intent, before: str | None, before_send: BeforeSend) -> Document:
        """Make the document, unless one is there under the key: it may be the order's, by another journal or late."""
        there = _id_in(before)
        if there is not None and exact_json(intent.request)["vendor_id"] == intent.key:
            msg = f"{self.name}: document {there} has the vendor_id {intent.key!r} already, so that nothing was sent"
            raise OutcomeUnknownError(msg, operation=self.name, candidates=(there,))
        return await super().send(intent, before, before_send)

    async def find_one(self, intent: OpenIntent) -> Finding[Document]:
        """Ask for the `vendor_id`; a document that is not what was asked for, or a second one, leaves doubt."""
        payload = exact_json(intent.request)
        there, document = _id_in(intent.before), await self.by_vendor_id(payload["vendor_id"])
        if document is None:
            return Finding()
        if document.id == there and payload["vendor_id"] != intent.key:
            return Finding(reason_unknown=f"document {there} had the same vendor_id before")
        if contradiction(payload, document) or is_other_text(payload.get("comment"), document.comment):
            return Finding([Candidate(document.id, document, Match.ALTERED)])
        twins = [twin async for twin in self._twins(payload, document)]
        return Finding([self.candidate(one) for one in (document, *twins)])

    def contradiction(self, intent: Intent | OpenIntent, result: Document) -> str | None:
        """Compare what every answer tells of a document, and its comment."""
        return unlike(exact_json(intent.request), result)

    def agrees(self, intent: OpenIntent, result: Document) -> bool:
        """Compare the lines, and the comment word for word."""
        payload, comment = exact_json(intent.request), result.comment
        return same_lines(payload, result) and (comment is None or is_same_text(payload.get("comment"), comment))

    def id_in(self, raw: bytes) -> int | None:
        """Return the id in the answer."""
        return whole_id(exact_json(raw))

    async def by_vendor_id(self, vendor_id: str) -> Document | None:
        """Return the document that was made with a `vendor_id`; None if there is none."""
        try:
            return await self.account.run(operations.DOCUMENTS_BY_VENDOR_ID.call(text=vendor_id))
        except NotFoundError:
            return None

    async def by_keys(self, keys: Sequence[str]) -> Mapping[str, Sequence[Candidate[Document]]]:
        """Return the documents that have these keys for their `vendor_id`."""
        documents = {key: await self.by_vendor_id(key) for key in keys}
        return {key: [self.candidate(document)] for key, document in documents.items() if document is not None}

    async def _twins(self, payload: Mapping[str, Any], document: Document) -> AsyncGenerator[Document]:
        """List what else of that day, partner and block says just the same: it may bear the same id.

        No answer tells a document's `vendor_id`, and asking for one tells one document. A proxy that repeats a request
        makes two, with one comment. What belongs to other keys is left out by the journal, once it is known.
        """
        query = {"block_id": str(payload["block_id"])}
        if payload.get("partner_id"):
            query["partner_id"] = str(payload["partner_id"])
        if document.invoice_date is not None:
            query |= {"start_date": str(document.invoice_date), "end_date": str(document.invoice_date)}
        async for row in self.account.listed(operations.DOCUMENTS_LIST, query):
            is_same = row.comment == document.comment and contradiction(payload, row) is None
            if row.id != document.id and is_same and same_lines(payload, row) and not row.cancelled:
                yield row


class DocumentsCreate(VendorIdCreation):
    """`documents.create`."""

    row: ClassVar[Operation[Any]] = operations.DOCUMENTS_CREATE
    written: ClassVar[str] = "NewDocument"


class ReceiptsCreate(VendorIdCreation):
    """`receipts.create`."""

    row: ClassVar[Operation[Any]] = operations.RECEIPTS_CREATE
    written: ClassVar[str] = "NewReceipt"


class DocumentAct(Act["Document"], DocumentOperation):
    """What is done to one document and makes another; two such acts on one document follow each other."""

    is_exclusive: ClassVar[bool] = True
    types: ClassVar[frozenset[str]] = frozenset()
    """What it makes, where nothing else can be: of another type is what another act has made."""
    keeps_partner: ClassVar[bool] = True
    """True where what it makes has the partner and the currency of the document."""
    sign: ClassVar[int] = 0
    """What the total of the document is multiplied by; 0 where what it makes may have any."""

    async def prepare(self, intent: Intent) -> str:
        """Read the document, and return what it tells."""
        document = await self.fetch(thing_of(intent))
        if objection := self.objection(document):
            msg = f"{self.name}: document {document.id} {objection}; nothing was sent"
            raise InvalidRequestError(msg, operation=self.name)
        return self.snapshot(document)

    @classmethod
    def snapshot(cls, document: Document) -> str:
        """Return what is written down of a document: which others it names, and what its results must tell, too."""
        partner, total = document.document_partner or document.partner, document.gross_total
        was: dict[str, Any] = {
            "gross_total": EXACT.multiply(total, cls.sign) if total is not None and cls.sign else None
        }
        if cls.keeps_partner:
            was |= {"partner_id": partner.id if partner else None, "currency": document.currency}
        return to_json({"related": sorted(_related(document)), "was": was}).decode()

    def call(self, intent: Intent, before: str | None) -> Call[Document]:
        """Return the call; what comes back is compared with the document."""
        return compared(super().call(intent, before), partial(unlike_original, before))

    def objection(self, document: Document) -> str | None:
        """Return what speaks against sending it."""

    async def find_one(self, intent: OpenIntent) -> Finding[Document]:
        """Read the document, and what it names now and did not before; what is not as asked for leaves doubt."""
        document = await self.fetch(thing_of(intent))
        known = set(exact_json((intent.before or "{}").encode()).get("related", ()))
        others = [await self.fetch(id_) for id_ in sorted(_related(document) - known)]
        candidates = [
            Candidate(other.id, other, Match.ALTERED if self.contradiction(intent, other) else Match.YES)
            for other in others
            if not self.is_of_another_act(other)
        ]
        return Finding(candidates, None if candidates else self.reason_unknown(document))

    def reason_unknown(self, document: Document) -> str | None:
        """Return what the document says of an act whose result it does not name."""

    def contradiction(self, intent: Intent | OpenIntent, result: Document) -> str | None:
        """Name what cannot be of a document that this has made."""
        body: dict[str, Any] = body_of(intent) or {}
        payload = {"type": body.get("document_type"), **body}
        other = derived(thing_of(intent), result) or ("type" if self.is_of_another_act(result) else None)
        other = other or unlike_original(intent.before if isinstance(intent, OpenIntent) else None, result)
        return other or unlike(payload, result) or (None if same_lines(payload, result) else "items")

    def is_of_another_act(self, result: Document) -> bool:
        """Tell whether a document is of a type that this never makes."""
        return bool(self.types) and result.type not in {None, *self.types}


class DocumentsCancel(DocumentAct):
    """`documents.cancel`: the document says that it is cancelled, and names the one that cancels it."""

    row: ClassVar[Operation[Any]] = operations.DOCUMENTS_CANCEL
    types: ClassVar[frozenset[str]] = frozenset({"cancellation", "receipt_cancellation"})
    sign: ClassVar[int] = -1

    def objection(self, document: Document) -> str | None:
        """Refuse a second storno, which the server may make."""
        return "is cancelled already" if document.cancelled else None

    def reason_unknown(self, document: Document) -> str | None:
        """Tell a document that is cancelled by one that it does not name."""
        return "it is cancelled, but the document that cancels it is not named" if document.cancelled else None

    def contradiction(self, intent: Intent | OpenIntent, result: Document) -> str | None:
        """Name what cannot be of a cancelling document."""
        is_positive = result.gross_total is not None and result.gross_total > 0
        return super().contradiction(intent, result) or ("gross_total" if is_positive else None)


class DocumentsCreateFromProforma(DocumentAct):
    """`documents.create_from_proforma`: the proforma names the invoice."""

    row: ClassVar[Operation[Any]] = operations.DOCUMENTS_CREATE_FROM_PROFORMA


class DocumentsCreateModification(DocumentAct):
    """`documents.create_modification`: the invoice names what modifies it."""

    row: ClassVar[Operation[Any]] = operations.DOCUMENTS_CREATE_MODIFICATION
    types: ClassVar[frozenset[str]] = frozenset({"modification"})


class DocumentsIssueDraft(DocumentAct):
    """`documents.issue_draft`: the document is no draft any more; it keeps its id."""

    row: ClassVar[Operation[Any]] = operations.DOCUMENTS_ISSUE_DRAFT
    kind: ClassVar[str] = "issued documents"  # the draft itself may be the result of another key
    keeps_partner: ClassVar[bool] = False

    def objection(self, document: Document) -> str | None:
        """Refuse what is no draft."""
        return None if document.type in {"draft", None} else "is no draft any more"

    async def find_one(self, intent: OpenIntent) -> Finding[Document]:
        """Read the document."""
        document = await self.fetch(thing_of(intent))
        if document.type == "draft":
            return Finding()
        fits = self.contradiction(intent, document) is None
        return Finding([Candidate(document.id, document, Match.YES if fits else Match.ALTERED)])

    def contradiction(self, intent: Intent | OpenIntent, result: Document) -> str | None:
        """Compare it with what was to be issued."""
        return contradiction(body_of(intent), result)


class ReceiptsIssueDraft(DocumentsIssueDraft):
    """`receipts.issue_draft`."""

    row: ClassVar[Operation[Any]] = operations.RECEIPTS_ISSUE_DRAFT


class DocumentsCopy(DocumentAct):
    """`documents.copy`: nothing tells a copy from another document that says the same."""

    row: ClassVar[Operation[Any]] = operations.DOCUMENTS_COPY
    is_exclusive: ClassVar[bool] = False
    sign: ClassVar[int] = 1

    async def find_one(self, intent: OpenIntent) -> Finding[Document]:
        """Say that nothing can be told."""
        return Finding(reason_unknown=NO_TRACE)

    def contradiction(self, intent: Intent | OpenIntent, result: Document) -> str | None:
        """Refuse the original in the place of its copy, and what does not say what it says."""
        before = intent.before if isinstance(intent, OpenIntent) else None
        return "id" if result.id == thing_of(intent) else unlike_original(before, result)


class DocumentsSend(Traceless[list[str]], IdlessAct[list[str]]):
    """`documents.send`: nothing tells whether a mail was sent."""

    api: ClassVar[str] = "v3"
    kind: ClassVar[str] = "mails"
    row: ClassVar[Operation[Any]] = operations.DOCUMENTS_SEND

    async def now(self, intent: OpenIntent) -> list[str]:
        """Return nothing: to whom it went is not known."""
        return []


class ExportsCreate(Traceless[str], RowCreation[str]):
    """`exports.create`, whose result is a text.

    An export that was ordered leaves nothing to look at: it stays in doubt, and a second one does no harm.
    """

    api: ClassVar[str] = "v3"
    row: ClassVar[Operation[Any]] = operations.EXPORTS_CREATE

    def call(self, intent: Intent, before: str | None) -> Call[str]:
        """Return the call; its answer tells nothing that could be compared."""
        return self.row.call(body=intent.request)

    async def confirm(self, intent: OpenIntent, id_: int | None) -> NoReturn:
        """Refuse: an export's id is a text, and another export does no harm."""
        raise ConfigurationError("an export that is not known is ordered anew: say happened=False")


def unlike(payload: Mapping[str, Any], document: Document) -> str | None:
    """Name what a document tells otherwise than a request; its comment, too, has to be of what is asked for now."""
    sent, shown = payload.get("comment"), document.comment
    is_other = is_other_text(sent, shown) or (shares_no_word(sent, shown) and not is_altered_text(sent, shown or ""))
    return contradiction(payload, document) or ("comment" if is_other else None)


def unlike_original(before: str | None, result: Document) -> str | None:
    """Name what a document tells otherwise than the one that it was made from, as that was before."""
    was: dict[str, Any] = exact_json((before or "{}").encode()).get("was", {})
    return contradiction(was, result) or other_field(was, result, ("gross_total",))


def _id_in(before: str | None) -> int | None:
    id_: int | None = exact_json((before or "{}").encode()).get("id")
    return id_


def _related(document: Document) -> set[int]:
    return {other.id for other in document.related_documents or () if other.id}
