"""The frozen values that flow: an `Operation` becomes a `Call`, a `Call` is answered by a `Reply` or ends in a `Fault`.

Only values live here. No rule (see `retry`), no dialect of an answer, no network, no clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, NamedTuple, TypeAlias, TypeVar
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from billingo_async.errors import BillingoError
    from billingo_async.fields.writing import WrittenModel

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
PATH: Final = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9_.~:@!$&'()*+,;=-]+)+/?", re.ASCII)
"""A path below the base URL that cannot be bent: no dots to climb with, no escapes, no query, no second slash."""
FIRST_BYTES = frozenset({b"{", b"[", b"%"})
"""How JSON and a PDF begin."""
MAX_MARK_BYTES = 64
"""Bytes in which they begin, spaces before them included."""
PARTS: Final = {"id": "a positive int", "text": "a text that says something"}
"""What fills a path in, beside words of two letters."""
_WORD = re.compile("[a-z]{2}", re.ASCII)
_ID_IN_PATH = re.compile(r"/(\d+)(?=/|$)", re.ASCII)

T_co = TypeVar("T_co", covariant=True)
BeforeSend: TypeAlias = "Callable[[BillingoError | None], object]"
"""What is called right before each attempt; if it raises, nothing is sent.

It is told what went wrong with the last attempt that left, or, where none did, with the one before.
"""


class Effect(StrEnum):
    """What repeating a call does, and so whether the library may repeat it by itself.

    The HTTP method does not tell: some GETs of this API change things.
    """

    READ = "read"
    """Nothing changes; repeat freely."""
    SAME = "same"
    """Repeating gives the same state as doing it once; repeat freely."""
    ONCE = "once"
    """Doing it twice does harm: a second invoice, e-mail or payment."""


class Fate(StrEnum):
    """What became of one attempt, as far as it can be known."""

    NEVER_SENT = "never sent"
    """No byte of the request reached the server."""
    NOT_PROCESSED = "not processed"
    """The server says that it did not touch the request: 429, 503 with `Retry-After`, a stale credential."""
    UNKNOWN = "unknown"
    """The request left, and what the server did with it cannot be known."""
    ANSWERED = "answered"
    """The server processed the request and told the result, be it a refusal."""


class Limit(NamedTuple):
    """A limit of the server's that calls fall under; how many it lets through stands in the settings, by its name."""

    name: str
    counts: Literal["address", "key"]
    """What the server counts by: the caller's IP address, or the account's key."""


class Decoder(Generic[T_co]):
    """How the answer of an operation is read: the last column of the table."""

    def prepare(self) -> None:
        """Build the adapter of a decoder that has one, so that nothing of it can fail when the answer is there.

        Called before anything is sent, at no cost from the second time on.
        """
        getattr(self, "_adapter", None)

    def read(self, call: Call[Any], reply: Reply) -> T_co:
        """Return what an answer with a status of success says, or raise the error that it stands for."""
        raise NotImplementedError


class Operation(NamedTuple, Generic[T_co]):
    """One row of the table: an endpoint, what repeating it does, and how its answer reads."""

    name: str
    method: str
    path: str
    """Below the base URL, with `{id}`, `{lang}` or `{text}` to fill in."""
    effect: Effect
    decoder: Decoder[T_co]
    limit: Limit | None = None
    public: bool = False
    """True if it lives at the root of the server and needs no credential."""
    gone_is_done: bool = False
    """True if a 404 on a repeated attempt means that an earlier one did it (deleting)."""
    takes: Callable[[], type[WrittenModel]] | None = None
    """What finds the model that the caller has to give; None where the verb makes the body of its own arguments."""

    def call(
        self, *, query: Mapping[str, str] | None = None, body: bytes | None = None, **parts: int | str
    ) -> Call[T_co]:
        """Return the call of this row; `parts` fill in the path.

        Ids are positive ints, words two ASCII letters; a text is encoded. Raises ValueError for anything else, so that
        no path can be bent. Whatever reading the answer takes is ready then: nothing has to be loaded or built after a
        request has left.
        """
        safe = {name: _path_part(self.name, name, value) for name, value in parts.items()}
        self.decoder.prepare()
        return Call(self, self.path.format(**safe), urlencode(query) if query else "", body)


def table_of(page: Mapping[str, object]) -> tuple[Operation[Any], ...]:
    """Return every row that stands on a page, in its order."""
    rows: list[Operation[Any]] = [value for value in page.values() if isinstance(value, Operation)]
    return tuple(rows)


@dataclass(frozen=True, slots=True, eq=False)
class Call(Generic[T_co]):
    """One request, ready to be authenticated and sent as often as the rules allow."""

    operation: Operation[T_co]
    path: str
    query: str = field(default="", repr=False)
    body: bytes | None = field(default=None, repr=False)
    checks: tuple[Callable[[Any], str | None], ...] = field(default=(), repr=False)
    """What each name a thing that the answer tells otherwise than it was asked for; then it is not believed."""

    @property
    def requested_id(self) -> int:
        """The id in the path; 0 where there is none."""
        match = _ID_IN_PATH.search(self.path)
        return int(match[1]) if match else 0

    @property
    def label(self) -> str:
        """Name the call as messages and log lines do: operation, method, path; never query or body."""
        return f"{self.operation.name} ({self.operation.method} {self.path})"


def _path_part(operation: str, name: str, value: object) -> str:
    if name == "id" and type(value) is int and value > 0:
        return str(value)
    if isinstance(value, str):
        if name == "text" and value.strip() and value not in {".", ".."}:
            return quote(str.__str__(value), safe="")
        if name not in PARTS and _WORD.fullmatch(value):
            return str.__str__(value)  # what was looked at, whatever a subclass would make of it
    expected = PARTS.get(name, "two small letters, such as 'hu'")
    raise ValueError(f"{operation}: {name} must be {expected}, got {value!r:.40}")


def custom_operation(method: str, path: str, effect: Effect | str, decoder: Decoder[T_co]) -> Operation[T_co]:
    """Return the row for an endpoint that the table does not have, checked as if it stood there.

    Raises `ValueError` for an unknown method or effect, and for a path that may leave the API.
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, got {method!r:.40}")
    if not isinstance(path, str) or not PATH.fullmatch(path):
        raise ValueError(f"path must be a plain path below the base URL, such as '/invoices/blocks', got {path!r:.80}")
    if effect not in tuple(Effect):
        msg = f"effect must be one of {', '.join(Effect)} (what does repeating the call do?), got {effect!r:.40}"
        raise ValueError(msg)
    # The plain texts that were checked: a subclass of str may say something else of itself.
    return Operation("request", str.__str__(method), str.__str__(path), Effect(effect), decoder)


@dataclass(frozen=True, slots=True, eq=False)
class Reply:
    """One answer of the server; where the body was streamed elsewhere, `body` is its beginning and `tail` its end."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Lower-case names."""
    body: bytes = field(repr=False)
    cut: bool = False
    """True if the answer was longer than allowed; `body` is its beginning then."""
    tail: bytes | None = field(default=None, repr=False)
    """The last bytes of a streamed body; None where `body` is whole."""

    @property
    def is_success(self) -> bool:
        """True for a 2xx status, whatever the body says."""
        return self.status // 100 == 2  # noqa: PLR2004 - the class of statuses that RFC 9110 calls successful

    @property
    def is_from_api(self) -> bool:
        """True for JSON or a PDF that no cache has kept: neither a gateway nor a cache can tell the server's time."""
        return self.body[:MAX_MARK_BYTES].lstrip()[:1] in FIRST_BYTES and "age" not in self.headers


class Fault(NamedTuple):
    """An attempt that ended without a whole answer, and what may have become of the request."""

    fate: Fate
    reason: str
    """In plain words, such as ``connection refused``; holds nothing of the request."""
    timed_out: bool = False
    is_incomplete: bool = False
    """True where this program lacks a part of itself, such as a file that was not frozen with it."""


Answer = Reply | Fault


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of a call, handed to `on_attempt` when it is over.

    Attributes:
        operation: The row of the table, such as ``invoices.create``.
        method: The HTTP method.
        path: The path below the base URL, ids filled in, without the query.
        number: 1 for the first attempt.
        status: The HTTP status; None where no answer came.
        seconds: How long this attempt took on the wire, without waiting in queues.
        error: In a few words what went wrong; None where nothing did.
        headers: The headers of the answer, names in lower case; none where no answer came.

    """

    operation: str
    method: str
    path: str
    number: int
    status: int | None
    seconds: float
    error: str | None
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReport:
    """One call from its beginning to its end, handed to `on_call` once, whatever the end was.

    All times are seconds. What the journal does for a call counts in `seconds` alone.

    Attributes:
        operation: The row of the table, such as ``invoices.create``.
        method: The HTTP method.
        path: The path below the base URL, ids filled in, without the query.
        key: The key that it was made under; None without one.
        attempts: How often it was sent, or tried to be.
        seconds: From the beginning to the end.
        queued: Waiting for its turn under a limit, and for a connection to be free.
        paused: Waiting because the server has asked to.
        backoff: Waiting between two attempts.
        on_wire: Connecting, sending and receiving.
        error: The class of the error that it ended with; None for an answer.

    """

    operation: str
    method: str
    path: str
    key: str | None
    attempts: int
    seconds: float
    queued: float
    paused: float
    backoff: float
    on_wire: float
    error: str | None


@dataclass(frozen=True, slots=True)
class RawResponse:
    """An answer as it came: what `raw_request` returns.

    Attributes:
        status: The HTTP status, one of success.
        headers: Names in lower case.
        content: The body, unpacked.

    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
