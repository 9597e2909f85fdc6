"""What the journal asks of a protocol: one value per ONCE operation, and the account that it acts on.

A wing says how an intent is stated and sent, what the account has for several of them, how a result is read, written
down and told from others. Whether and when any of that is done is decided in this room. No operation is named here.
"""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, NamedTuple, Self, TypeVar, cast

from billingo_async.errors import ConfigurationError, JournalError
from billingo_async.fields.exact import exact_json, is_object, to_json
from billingo_async.fields.reading import ReadModel, dump_model, load_model
from billingo_async.protocol.decoders import Rows

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence
    from types import ModuleType

    from billingo_async.journal.intent import Intent
    from billingo_async.protocol.call import BeforeSend, Call, Operation
    from billingo_async.transport.dispatch import Dispatch

T = TypeVar("T")
DOCUMENT: Final = "document"
"""The purpose of all operations that make an order's document: whichever made it, the order has one."""
NOTHING: Final = "null"
MAX_REPEATS: Final = 3
"""Pages in a row that may hold nothing new: as many rows as a page holds were made while it was on its way."""
WINGS: Final[Mapping[str, str]] = {"v2": "billingo_async.v2.reconcile", "v3": "billingo_async.v3.reconcile"}
"""Where the operations stand whose API is named in a row: the one place below the wings that names them.

A journal that is opened alone, to be looked at or erased, holds results of both, and nothing has loaded either wing. So
the module is loaded by its name, when the first row asks for it; no import points upward.
"""


class Match(Enum):
    """Whether something that the account has is what a request has made."""

    YES = "yes"
    NO = "no"
    PERHAPS = "perhaps"
    """What a list tells does not suffice: it has to be read as a whole."""
    ALTERED = "altered"
    """It agrees in most, and differs in nothing but what a server may have changed."""


class Mark(NamedTuple):
    """Where a result stands among those of its series: what was made later has a higher number."""

    series: str
    number: int


class Marks(dict[str, int]):
    """The highest number of each series that is known of one kind of thing."""

    def learn(self, mark: Mark | None) -> None:
        """Take in the mark of something that the account has."""
        if mark is not None and mark.number > self.get(mark.series, -1):
            self[mark.series] = mark.number


@dataclass(frozen=True, slots=True)
class OpenIntent:
    """An intent without an outcome, as the account is asked about it.

    Attributes:
        key: The caller's key.
        request: What was sent.
        stamp: The text in it that names the key.
        before: What `prepare` recorded before it was sent; None where nothing was.
        first: The Unix time from which on its result may be dated, by whichever clock is behind.
        last: The Unix time until which it may be, by whichever clock is ahead.

    """

    key: str
    request: bytes = field(repr=False)
    stamp: str | None
    before: str | None = field(repr=False)
    first: float
    last: float


class Candidate(NamedTuple, Generic[T]):
    """Something that the account has and that may be the result of an intent; `id` is None for what has none."""

    id: int | None
    result: T
    match: Match = Match.YES
    mark: Mark | None = None


@dataclass(slots=True)
class Finding(Generic[T]):
    """What the account has for one intent; `reason_unknown` is the reason why it cannot tell, where it cannot."""

    candidates: list[Candidate[T]] = field(default_factory=list["Candidate[T]"])
    reason_unknown: str | None = None


class RestlessListError(Exception):
    """The list moves on faster than it can be read: it cannot prove what it does not hold."""


class Account:
    """One account with the patience of one `Billingo` object."""

    def __init__(self, dispatch: Dispatch, key: str | None = None) -> None:
        """Take what carries out the calls, and the key that they are reported with."""
        self.dispatch: Final = dispatch
        self.settings: Final = dispatch.settings
        self._key = key
        self.name: Final = dispatch.auth.account
        """Tells accounts apart without telling their keys."""
        self.accepted_for: Final = dispatch.auth.accepted_for
        """Seconds for which the server accepts a request that was authenticated; None for ever."""

    async def run(self, call: Call[T], before_send: BeforeSend | None = None) -> T:
        """Carry out a call; `before_send` runs before each attempt; if it raises, nothing is sent.

        It is told what went wrong with the last attempt that left; None before the first.
        """
        return await self.dispatch.run(call, before_send=before_send, key=self._key)

    async def listed(
        self, listing: Operation[Any], query: Mapping[str, str], pages: int | None = None
    ) -> AsyncGenerator[Any]:
        """Read a list to its very end, or some pages of it.

        Where the newest come first, those made meanwhile push the others back: a page that was there already is no end
        here, as it is to a pager, for what is not found is going to be made.
        """
        api, seen, number, repeats = self.dispatch.sender.api, set[int](), 0, 0
        while repeats <= MAX_REPEATS:
            number += 1
            numbered = {"page": str(number), api.size_param: str(api.max_per_page), **query}
            page: Rows[Any] | list[Any] = await self.run(listing.call(query=numbered))
            rows, has_next = (page.rows, page.has_next) if isinstance(page, Rows) else (page, False)
            fresh = {row.id: row for row in rows if row.id not in seen}
            seen.update(fresh)
            for row in fresh.values():
                yield row
            if not has_next or number == pages:
                return
            repeats = 0 if fresh else repeats + 1
        raise RestlessListError(f"{listing.name} moves on faster than it can be read")

    def server_now(self) -> float | None:
        """Return the server's Unix time; None where it was never learnt."""
        clock = self.dispatch.server_clock
        return clock.now() if clock.is_known else None


class KeyedOperation(ABC, Generic[T]):
    """One ONCE operation of one account, as the journal sees it; a wing has a class for each."""

    api: ClassVar[str]
    """The wing's name, such as ``v2``: where a result that was written down is read again."""
    row: ClassVar[Operation[Any]]
    """The row of the table of operations by which it is sent."""
    name: ClassVar[str]
    """The name that stands in the row."""
    makes_document: ClassVar[bool] = False
    """True for what makes an order's document."""
    purpose: ClassVar[str]
    """What shares its keys: the operation's own name, or `DOCUMENT`."""
    kind: ClassVar[str]
    """What the id of a result names; one such thing is one key's at most, whichever operation made it."""
    is_exclusive: ClassVar[bool] = False
    """True where what looks alike is done one after the other, since each changes what is known of the others."""
    is_prepared: ClassVar[bool] = False
    """True where `prepare` records something without which it cannot be told afterwards what happened."""
    may_lag: ClassVar[bool] = False
    """True where what was made may be found later than it was made, however soon its request was answered."""
    finds_one: ClassVar[bool] = False
    """True where the account is asked for what bears an id and tells one alone: another key's may hide the own."""
    is_stamped: ClassVar[bool] = False
    """True where a journal's stamp stands in what is made, so that it can be recovered."""
    number_fields: ClassVar[frozenset[str]] = frozenset({"id"})
    """What of a result is kept when personal data are erased."""
    left_out: ClassVar[frozenset[str]] = frozenset()
    """What of a result is not written down."""

    def __init_subclass__(cls) -> None:
        """Let each class that has a row serve the row's name."""
        if "row" in vars(cls):
            cls.name = cls.row.name
            cls.purpose = DOCUMENT if cls.makes_document else cls.name

    def __init__(self, account: Account) -> None:
        """Take the account."""
        self.account = account

    def reporting(self, key: str) -> Self:
        """Return the same, whose calls are reported with a key."""
        twin = copy.copy(self)
        twin.account = Account(self.account.dispatch, key)
        return twin

    @abstractmethod
    def state(self, key: str, new: Any, stamp: str | None) -> Intent:
        """Return the intent; raise ValueError or TypeError for what cannot be sent. `stamp` is a template."""

    async def prepare(self, intent: Intent) -> str:
        """Return what the account has before the request leaves, as text; raise what speaks against sending it."""
        raise NotImplementedError

    async def send(self, intent: Intent, before: str | None, before_send: BeforeSend) -> T:
        """Send the request and return its result, compared with what was asked."""
        return await self.account.run(self.call(intent, before), before_send)

    def call(self, intent: Intent, before: str | None) -> Call[T]:
        """Return the call of a request; where it needs, its answer is compared with what was there before."""
        return self.row.call(body=intent.request)

    def id_in(self, raw: bytes) -> int | None:
        """Return the id of what was made, as an answer of success names it; raise ValueError if it cannot be read."""

    async def find(self, intents: Sequence[OpenIntent]) -> Mapping[str, Finding[T]]:
        """Ask the account once for all of these; the answer is by key."""
        return {intent.key: await self.find_one(intent) for intent in intents}

    async def find_one(self, intent: OpenIntent) -> Finding[T]:
        """Ask the account for one."""
        raise NotImplementedError

    async def examine(self, intent: OpenIntent, id_: int) -> Candidate[T]:
        """Read a candidate as a whole and compare it."""
        raise NotImplementedError

    async def newest(self) -> Sequence[Candidate[T]]:
        """Return what the account has last, where what is there already can be mistaken for a result."""
        return ()

    async def confirm(self, intent: OpenIntent, id_: int | None) -> tuple[Candidate[T], str | None]:
        """Return the result that a person names, or says to be there, and what the account says against it."""
        if id_ is None:
            raise ConfigurationError("say which one it is: result_id is its id")
        result = await self.fetch(id_)
        other, objection = self.contradiction(intent, result), None
        if other is not None:
            objection = f"{id_} has another {other} than was asked for"
        elif not self.agrees(intent, result):
            objection = f"{id_} does not say all that was asked for"
        return self.candidate(result), objection

    def contradiction(self, intent: Intent | OpenIntent, result: T) -> str | None:
        """Return what of a stored result is not what this request asks for; None if nothing is."""

    def agrees(self, intent: OpenIntent, result: T) -> bool:
        """Tell whether a result that a person names says all that the request says, as far as it is told."""
        return True

    async def stamped(self, stamp: str, first: float) -> Mapping[str, Sequence[Candidate[T]]]:
        """Return what the account has since a Unix time that bears a stamp of this template, by key."""
        return {}

    async def by_keys(self, keys: Sequence[str]) -> Mapping[str, Sequence[Candidate[T]]]:
        """Return what the account has by these keys, where it knows them by themselves."""
        raise NotImplementedError

    async def fetch(self, id_: int) -> T:
        """Read a result from the account itself: another worker's, or one that a person names."""
        raise NotImplementedError

    def candidate(self, result: T) -> Candidate[T]:
        """Return a result with its id and its mark."""
        return Candidate(self.id_of(result), result)

    @classmethod
    def id_of(cls, result: T) -> int | None:
        """Return the id of what was made, where it has one."""
        return cast("int | None", getattr(result, "id", None))

    @classmethod
    def dump(cls, result: T) -> str:
        """Return a result as JSON; whatever a server may have answered can be written down."""
        return dump_model(result, cls.left_out) if isinstance(result, ReadModel) else to_json(result).decode()

    @classmethod
    def load(cls, text: str) -> T:
        """Return the result that was written down; raise JournalError for what never was."""
        model: Any = getattr(cls.row.decoder, "model", None)
        try:
            if model is None or text == NOTHING:
                return cast("T", exact_json(text.encode()))
            return cast("T", load_model(model, text))
        except ValueError:
            pass
        msg = f"{cls.name}: a result in the journal is damaged: put a backup of the journal in its place"
        raise JournalError(msg, sent=False, worth_retrying=False)


def whole_id(value: object) -> int | None:
    """Return the id of a JSON object, where it has one."""
    id_ = value.get("id") if is_object(value) else None
    return id_ if isinstance(id_, int) and not isinstance(id_, bool) else None


def operation_class(api: str, name: str) -> type[KeyedOperation[Any]]:
    """Return the operation whose API and name stand in a row; its wing is loaded for it, if it was not yet.

    Raises `ConfigurationError` for an API that no wing speaks, and for a name that no keyed operation has.
    """
    if api not in WINGS:
        raise ConfigurationError(f"{api!r:.60} is none of the APIs with keys: {', '.join(WINGS)}")
    classes: Mapping[str, type[KeyedOperation[Any]]] = import_module(WINGS[api]).KEYED
    if name not in classes:
        raise ConfigurationError(f"{name!r:.60} is none of the operations with keys: {', '.join(classes)}")
    return classes[name]


def keyed_in(*modules: ModuleType) -> dict[str, type[KeyedOperation[Any]]]:
    """Return the operations that these modules define, by their names."""
    values = [value for module in modules for value in vars(module).values() if isinstance(value, type)]
    kinds = cast("list[type[KeyedOperation[Any]]]", [value for value in values if issubclass(value, KeyedOperation)])
    return {kind.name: kind for kind in kinds if "row" in vars(kind)}
