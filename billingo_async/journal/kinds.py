"""The kinds of keyed operations, whatever the protocol: a row of a list, an act on one thing, what leaves no trace.

A wing says by which row of its table each is sent. No operation is named here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar, cast

from billingo_async.errors import ConfigurationError
from billingo_async.fields.exact import exact_json, to_json
from billingo_async.fields.writing import WrittenModel
from billingo_async.journal.intent import Intent, check_key, digest, fingerprint_of
from billingo_async.journal.port import Candidate, Finding, KeyedOperation, OpenIntent
from billingo_async.protocol.comparison import compared, says

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billingo_async.protocol.call import Call, Operation

T = TypeVar("T")
NO_TRACE: Final = "nothing that the account tells shows whether it happened"


class RowCreation(KeyedOperation[T]):
    """What is added to a list.

    The rows that look like the written one are noted before the request leaves; one that was not among them is the
    key's.
    """

    kind: ClassVar[str]
    is_prepared: ClassVar[bool] = True
    listing: ClassVar[Operation[Any]]
    """How the list is read."""
    filters: ClassVar[Mapping[str, str]] = {}
    """What the list is asked to leave out, by the fields of the request."""
    renamed: ClassVar[Mapping[str, str]] = {}
    """What a row is read by, where it is not the name that it is written by."""

    def __init_subclass__(cls) -> None:
        """Let the kind of a result be the list's name."""
        super().__init_subclass__()
        if "row" in vars(cls):
            cls.kind = cls.name.partition(".")[0]

    def state(self, key: str, new: WrittenModel, stamp: str | None) -> Intent:
        """Return the intent."""
        payload = new.to_payload()
        fingerprint = fingerprint_of(payload)
        return Intent(check_key(key), to_json(payload), fingerprint, digest(f"{self.api}:{self.kind}:{fingerprint}"))

    async def prepare(self, intent: Intent) -> str:
        """Return the ids of the rows that are there already and could be taken for the new one."""
        return to_json([row.id for row in await self._similar(intent)]).decode()

    def call(self, intent: Intent, before: str | None) -> Call[T]:
        """Return the call; an answer that is a row of before, or says something else, is none."""
        payload, known = exact_json(intent.request), exact_json((before or "[]").encode())

        def check(row: T) -> str | None:
            if self.id_of(row) in known and self.is_new(payload):
                return "id"
            return None if self._fits(payload, row) else "content"

        return compared(self.row_of(payload).call(body=intent.request), check)

    def row_of(self, payload: Mapping[str, Any]) -> Operation[T]:
        """Return the row of the table by which this request is sent."""
        return type(self).row

    def is_new(self, payload: Mapping[str, Any]) -> bool:
        """Tell whether the request makes another row in any case."""
        return True

    async def find_one(self, intent: OpenIntent) -> Finding[T]:
        """List, and leave out what was there before."""
        known = exact_json((intent.before or "[]").encode())
        return Finding([Candidate(row.id, row) for row in await self._similar(intent) if row.id not in known])

    async def fetch(self, id_: int) -> T:
        """Look for the row in the whole list."""
        rows: list[T] = [row async for row in self.account.listed(self.listing, {}) if row.id == id_]
        if not rows:
            raise ConfigurationError(f"the account has none with the id {id_}")
        return rows[0]

    def contradiction(self, intent: Intent | OpenIntent, result: T) -> str | None:
        """Compare all that the row tells."""
        return None if self._fits(exact_json(intent.request), result) else "content"

    def _fits(self, payload: Mapping[str, Any], row: T) -> bool:
        return says({self.renamed.get(name, name): value for name, value in payload.items()}, row)

    async def _similar(self, intent: Intent | OpenIntent) -> list[Any]:
        payload = exact_json(intent.request)
        query = {name: str(payload[field]) for name, field in self.filters.items() if field in payload}
        return [row async for row in self.account.listed(self.listing, query) if self._fits(payload, row)]


def added(api: str, row: Operation[T], listing: Operation[Any], **more: Mapping[str, str]) -> type[RowCreation[T]]:
    """Return the operation that adds what `row` sends to what `listing` tells; see `RowCreation` for what else."""
    own = {"__module__": __name__, "api": api, "row": row, "listing": listing, **more}
    return cast("type[RowCreation[T]]", type(f"{row.name}:added", (RowCreation,), own))


class Act(KeyedOperation[T]):
    """What is done to one thing: the request is its id, and the body where there is one.

    What the account says of it is written beside the intent before the request leaves; afterwards it tells what has
    happened.
    """

    is_prepared: ClassVar[bool] = True
    similar_by: ClassVar[str | None] = None
    """What two acts on one thing have in common if the account tells them apart no more; else the operation's name."""

    def state(self, key: str, new: Any, stamp: str | None) -> Intent:
        """Return the intent; raise ValueError for what is no id."""
        id_, body = new
        self.row.call(id=id_)  # which refuses what is no id
        payload = {"id": id_, "body": body.to_payload() if isinstance(body, WrittenModel) else body}
        similar = digest(f"{self.api}:{self.similar_by or self.name}:{id_}")
        return Intent(check_key(key), to_json(payload), fingerprint_of(payload), similar)

    def call(self, intent: Intent, before: str | None) -> Call[T]:
        """Return the call of an act."""
        body = body_of(intent)
        return self.row.call(body=to_json(body) if body else None, id=thing_of(intent))


class IdlessAct(Act[T]):
    """An act whose result has no id: a person's word counts where the account tells nothing."""

    async def confirm(self, intent: OpenIntent, id_: int | None) -> tuple[Candidate[T], str | None]:
        """Take what the account has for the result."""
        if id_ is not None:
            raise ConfigurationError(f"{self.name} has no result with an id of its own: say happened=True")
        finding = await self.find_one(intent)
        if finding.candidates:
            return finding.candidates[0], None
        objection = None if finding.reason_unknown else "the account says that it did not happen"
        return Candidate(None, await self.now(intent)), objection

    async def now(self, intent: OpenIntent) -> T:
        """Return the result as it is now."""
        raise NotImplementedError


class Traceless(KeyedOperation[T]):
    """What leaves nothing to look at: it stays in doubt until a person says what became of it."""

    is_prepared: ClassVar[bool] = True

    async def prepare(self, intent: Intent) -> str:
        """Note that it is about to leave."""
        return "{}"

    async def find_one(self, intent: OpenIntent) -> Finding[T]:
        """Say that nothing can be told."""
        return Finding(reason_unknown=NO_TRACE)


def thing_of(intent: Intent | OpenIntent) -> int:
    """Return the id of what an act is about."""
    return int(exact_json(intent.request)["id"])


def body_of(intent: Intent | OpenIntent) -> Any:
    """Return what an act sends beside the id, as plain values."""
    return exact_json(intent.request)["body"]
