"""What is done to one document under a key: issue a draft, cancel, copy, make another from it, mail it.

The document is read before the request leaves, and what it says then is written beside the intent; afterwards its type,
or the documents that it names as related, tell what has happened. A copy and a mail leave no trace: they stay in doubt
until a person says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from billingo_async.errors import InvalidRequestError
from billingo_async.fields.exact import exact_json, to_json
from billingo_async.journal.kinds import Act, IdlessAct, Traceless, body_of, thing_of
from billingo_async.journal.port import Candidate, Finding, Match
from billingo_async.v3 import operations
from billingo_async.v3.compare import contradiction, derived, same_lines
from billingo_async.v3.once.create import DocumentOperation, unlike

if TYPE_CHECKING:
    from billingo_async.journal.intent import Intent
    from billingo_async.journal.port import OpenIntent
    from billingo_async.protocol.call import Operation
    from billingo_async.v3.models import Document


class DocumentAct(Act["Document"], DocumentOperation):
    """What is done to one document and makes another; two such acts on one document follow each other."""

    is_exclusive: ClassVar[bool] = True
    types: ClassVar[frozenset[str]] = frozenset()
    """What it makes, where nothing else can be: of another type is what another act has made."""

    async def prepare(self, intent: Intent) -> str:
        """Read the document, and return which others it names."""
        document = await self.fetch(thing_of(intent))
        if objection := self.objection(document):
            msg = f"{self.name}: document {document.id} {objection}; nothing was sent"
            raise InvalidRequestError(msg, operation=self.name)
        return to_json({"related": sorted(_related(document))}).decode()

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
        return other or unlike(payload, result) or (None if same_lines(payload, result) else "items")

    def is_of_another_act(self, result: Document) -> bool:
        """Tell whether a document is of a type that this never makes."""
        return bool(self.types) and result.type not in {None, *self.types}


class DocumentsCancel(DocumentAct):
    """`documents.cancel`: the document says that it is cancelled, and names the one that cancels it."""

    row: ClassVar[Operation[Any]] = operations.DOCUMENTS_CANCEL
    types: ClassVar[frozenset[str]] = frozenset({"cancellation", "receipt_cancellation"})

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


class DocumentsCopy(Traceless["Document"], DocumentAct):
    """`documents.copy`: nothing tells a copy from another document."""

    row: ClassVar[Operation[Any]] = operations.DOCUMENTS_COPY
    is_exclusive: ClassVar[bool] = False

    def contradiction(self, intent: Intent | OpenIntent, result: Document) -> str | None:
        """Refuse the original in the place of its copy."""
        return "id" if result.id == thing_of(intent) else None


class DocumentsSend(Traceless[list[str]], IdlessAct[list[str]]):
    """`documents.send`: nothing tells whether a mail was sent."""

    api: ClassVar[str] = "v3"
    kind: ClassVar[str] = "mails"
    row: ClassVar[Operation[Any]] = operations.DOCUMENTS_SEND

    async def now(self, intent: OpenIntent) -> list[str]:
        """Return nothing: to whom it went is not known."""
        return []


def _related(document: Document) -> set[int]:
    return {other.id for other in document.related_documents or () if other.id}
