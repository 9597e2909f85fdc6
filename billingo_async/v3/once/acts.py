"""What is done to one document under a key: issue a draft, cancel, copy, make another from it, mail it.

The document is read before the request leaves, and what it says then is written beside the intent; afterwards its type,
or the documents that it names as related, tell what has happened. A copy and a mail leave no trace: they stay in doubt
until a person says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from billingo_async.errors import ConfigurationError, InvalidRequestError
from billingo_async.fields.exact import exact_json, to_json
from billingo_async.fields.writing import WrittenModel
from billingo_async.journal.intent import Intent, check_key, digest, fingerprint_of
from billingo_async.journal.port import Candidate, Finding, KeyedOperation, Match
from billingo_async.v3 import operations
from billingo_async.v3.compare import contradiction, derived
from billingo_async.v3.once.create import DocumentOperation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from billingo_async.journal.port import OpenIntent
    from billingo_async.protocol.call import Operation
    from billingo_async.v3.models import Document

NO_TRACE = "nothing that the account tells shows whether it happened"


def intent_of(operation: type[KeyedOperation[Any]], key: str, new: Any) -> Intent:
    """Return the intent of an act on the document of an id, with the body that is sent, where there is one.

    Raises ValueError for what is no id.
    """
    id_, body = new
    operations.DOCUMENTS_GET.call(id=id_)  # which refuses what is no id
    payload = {"id": id_, "body": body.to_payload() if isinstance(body, WrittenModel) else body}
    return Intent(check_key(key), to_json(payload), fingerprint_of(payload), digest(f"v3:{operation.name}:{id_}"))


class DocumentAct(DocumentOperation):
    """What is done to one document and makes another; two such acts on one document follow each other."""

    is_exclusive: ClassVar[bool] = True
    row: ClassVar[Operation[Any]]

    def __init_subclass__(cls) -> None:
        """Let each serve its own name alone."""
        cls.purpose = cls.name = cls.row.name

    def state(self, key: str, new: Any, stamp: str | None) -> Intent:
        """Return the intent."""
        del stamp
        return intent_of(type(self), key, new)

    async def prepare(self, intent: Intent) -> str | None:
        """Read the document, and return which others it names."""
        document = await self.read(_id(intent))
        if objection := self.objection(document):
            msg = f"{self.name}: document {document.id} {objection}; nothing was sent"
            raise InvalidRequestError(msg, operation=self.name)
        return to_json({"related": sorted(_related(document))}).decode()

    def objection(self, document: Document) -> str | None:
        """Return what speaks against sending it."""
        del document
        return None

    async def send(self, intent: Intent, before: str | None, before_send: Callable[[], object]) -> Document:
        """Do it."""
        del before
        call = type(self).row.call(body=_body(intent), id=_id(intent))
        made: Document = await self.account.run(call, key=intent.key, before_send=before_send)
        return made

    async def find_one(self, intent: OpenIntent) -> Finding[Document]:
        """Read the document, and what it names now and did not before."""
        document = await self.read(_id(intent))
        known = set(exact_json((intent.before or "{}").encode()).get("related", ()))
        others = [await self.read(id_) for id_ in sorted(_related(document) - known)]
        candidates = [self.candidate(other) for other in others if self.contradiction(intent, other) is None]
        return Finding(candidates, None if candidates else self.untold(document))

    def untold(self, document: Document) -> str | None:
        """Return what the document says of an act whose result it does not name."""
        del document
        return None

    def contradiction(self, intent: OpenIntent, result: Document) -> str | None:
        """Name what cannot be of a document that this has made."""
        return derived(_id(intent), result)


class DocumentsCancel(DocumentAct):
    """`documents.cancel`: the document says that it is cancelled, and names the one that cancels it."""

    row = operations.DOCUMENTS_CANCEL

    def objection(self, document: Document) -> str | None:
        """Refuse a second storno, which the server may make."""
        return "is cancelled already" if document.cancelled else None

    def untold(self, document: Document) -> str | None:
        """Tell a document that is cancelled by one that it does not name."""
        return "it is cancelled, but the document that cancels it is not named" if document.cancelled else None

    def contradiction(self, intent: OpenIntent, result: Document) -> str | None:
        """Name what cannot be of a cancelling document."""
        is_positive = result.gross_total is not None and result.gross_total > 0
        return super().contradiction(intent, result) or ("gross_total" if is_positive else None)


class DocumentsCreateFromProforma(DocumentAct):
    """`documents.create_from_proforma`: the proforma names the invoice."""

    row = operations.DOCUMENTS_CREATE_FROM_PROFORMA


class DocumentsCreateModification(DocumentAct):
    """`documents.create_modification`: the invoice names what modifies it."""

    row = operations.DOCUMENTS_CREATE_MODIFICATION

    def contradiction(self, intent: OpenIntent, result: Document) -> str | None:
        """Leave out what is no modification, such as a storno."""
        other = isinstance(result.type, str) and result.type != "modification"
        return super().contradiction(intent, result) or ("type" if other else None)


class DocumentsIssueDraft(DocumentAct):
    """`documents.issue_draft`: the document is no draft any more; it keeps its id."""

    row = operations.DOCUMENTS_ISSUE_DRAFT
    kind: ClassVar[str] = "issued documents"  # the draft itself may be the result of another key

    def objection(self, document: Document) -> str | None:
        """Refuse what is no draft."""
        return None if document.type in {"draft", None} else "is no draft any more"

    async def find_one(self, intent: OpenIntent) -> Finding[Document]:
        """Read the document."""
        document = await self.read(_id(intent))
        if document.type == "draft":
            return Finding()
        fits = self.contradiction(intent, document) is None
        return Finding([Candidate(document.id, document, Match.YES if fits else Match.ALTERED)])

    def contradiction(self, intent: OpenIntent, result: Document) -> str | None:
        """Compare it with what was to be issued."""
        return contradiction(exact_json(intent.request)["body"], result)


class ReceiptsIssueDraft(DocumentsIssueDraft):
    """`receipts.issue_draft`."""

    row = operations.RECEIPTS_ISSUE_DRAFT


class DocumentsCopy(DocumentAct):
    """`documents.copy`: nothing tells a copy from another document."""

    row = operations.DOCUMENTS_COPY
    is_exclusive: ClassVar[bool] = False

    async def prepare(self, intent: Intent) -> str | None:
        """Note that it is about to leave."""
        del intent
        return "{}"

    async def find_one(self, intent: OpenIntent) -> Finding[Document]:
        """Say that nothing can be told."""
        del intent
        return Finding(untold=NO_TRACE)

    def contradiction(self, intent: OpenIntent, result: Document) -> str | None:
        """Refuse the original in the place of its copy."""
        return "id" if result.id == _id(intent) else None


class DocumentsSend(KeyedOperation[list[str]]):
    """`documents.send`: nothing tells whether a mail was sent."""

    api: ClassVar[str] = "v3"
    name: ClassVar[str] = operations.DOCUMENTS_SEND.name
    purpose: ClassVar[str] = name
    kind: ClassVar[str] = "mails"
    is_prepared: ClassVar[bool] = True

    def state(self, key: str, new: Any, stamp: str | None) -> Intent:
        """Return the intent."""
        del stamp
        return intent_of(type(self), key, new)

    async def prepare(self, intent: Intent) -> str | None:
        """Note that it is about to leave."""
        del intent
        return "{}"

    async def send(self, intent: Intent, before: str | None, before_send: Callable[[], object]) -> list[str]:
        """Mail it."""
        del before
        call = operations.DOCUMENTS_SEND.call(body=_body(intent), id=_id(intent))
        return await self.account.run(call, key=intent.key, before_send=before_send)

    async def find(self, intents: Sequence[OpenIntent]) -> Mapping[str, Finding[list[str]]]:
        """Say that nothing can be told."""
        return {intent.key: Finding(untold=NO_TRACE) for intent in intents}

    async def confirm(self, intent: OpenIntent, id_: int | None) -> tuple[Candidate[list[str]], str | None]:
        """Take a person's word; to whom it went is not known."""
        del intent
        if id_ is not None:
            raise ConfigurationError("a mail has no id: say happened=True")
        return Candidate(None, []), None

    @classmethod
    def id_of(cls, result: list[str]) -> int | None:
        """Return None."""
        del result
        return None

    @classmethod
    def dump(cls, result: list[str]) -> str:
        """Return the addresses as JSON."""
        return to_json(result).decode()

    @classmethod
    def load(cls, text: str) -> list[str]:
        """Return the addresses that were written down."""
        return list(exact_json(text.encode()))


def _id(intent: Intent | OpenIntent) -> int:
    id_: int = exact_json(intent.request)["id"]
    return id_


def _body(intent: Intent) -> bytes | None:
    body = exact_json(intent.request)["body"]
    return to_json(body) if body else None


def _related(document: Document) -> set[int]:
    return {other.id for other in document.related_documents or () if other.id}
