"""The frozen values that flow: an `Operation` becomes a `Call`, a `Call` is answered by a `Reply` or ends in a `Fault`.

Only values live here. No rule (see `retry`), no dialect of an answer (see `envelope`), no network, no clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORD = re.compile("[a-z]{2}", re.ASCII)

T_co = TypeVar("T_co", covariant=True)


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
    """What became of one try, as far as it can be known."""

    NEVER_SENT = "never sent"
    """No byte of the request reached the server."""
    REFUSED = "refused unprocessed"
    """The server says that it did not touch the request: 429, 503 with `Retry-After`, a stale token."""
    UNKNOWN = "unknown"
    """The request left and nobody can say what the server did with it."""
    ANSWERED = "answered"
    """The server processed the request and told the result, be it a refusal."""


class Limit(Enum):
    """A limit of the server's that a row of the table falls under."""

    NONE = "none"
    PDF = "pdf"
    """10 requests a minute per IP address. Source: API docs, Invoices / Download invoice."""


class Decoder(Generic[T_co]):
    """How the answer of an operation is read: the last column of the table."""

    def prepare(self) -> None:
        """Have ready what reading takes; called before anything is sent, at no cost from the second time on."""

    def read(self, call: Call[Any], reply: Reply) -> T_co:
        """Return what an answer with a status of success says, or raise the error that it stands for."""
        raise NotImplementedError


class Operation(NamedTuple, Generic[T_co]):
    """One row of the table: an endpoint, what repeating it does, and how its answer reads."""

    name: str
    method: str
    path: str
    """Below the base URL, with `{id}` or `{lang}` to fill in."""
    effect: Effect
    decoder: Decoder[T_co]
    limit: Limit = Limit.NONE
    public: bool = False
    """True if it lives at the root of the server and takes no token."""
    gone_is_done: bool = False
    """True if a 404 on a repeated try means that the first try did it (deleting)."""

    def call(
        self, *, query: Mapping[str, str] | None = None, body: bytes | None = None, **parts: int | str
    ) -> Call[T_co]:
        """Return the call of this row; `parts` fill in the path: ids are positive ints, words two ASCII letters.

        Raises ValueError for anything else, so that no path can be bent. Whatever reading the answer takes is ready
        then: nothing has to be loaded or built after a request has left.
        """
        safe = {name: _path_part(self.name, name, value) for name, value in parts.items()}
        self.decoder.prepare()
        return Call(self, self.path.format(**safe), urlencode(query) if query else "", body)


@dataclass(frozen=True, slots=True, eq=False)
class Call(Generic[T_co]):
    """One request, ready to be signed and sent as often as the rules allow."""

    operation: Operation[T_co]
    path: str
    query: str = field(default="", repr=False)
    body: bytes | None = field(default=None, repr=False)

    @property
    def label(self) -> str:
        """Name the call as messages and log lines do: operation, method, path; never query or body."""
        return f"{self.operation.name} ({self.operation.method} {self.path})"


def _path_part(operation: str, name: str, value: object) -> str:
    if name == "id":
        if type(value) is int and value > 0:
            return str(value)
        wanted = "a positive int"
    else:
        if isinstance(value, str) and _WORD.fullmatch(value):
            return str.__str__(value)  # what was looked at, whatever a subclass would make of it
        wanted = "two small letters, such as 'hu'"
    msg = f"{operation}: {name} must be {wanted}, got {value!r:.40}"
    raise ValueError(msg)


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


class Fault(NamedTuple):
    """A try that ended without a whole answer, and what may have become of the request."""

    fate: Fate
    reason: str
    """In plain words, such as ``connection refused``; holds nothing of the request."""
    timed_out: bool = False


Answer = Reply | Fault


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a call, told to `on_attempt` when it is over.

    Attributes:
        operation: The row of the table, such as ``invoices.create``.
        method: The HTTP method.
        path: The path below the base URL, ids filled in, without the query.
        number: 1 for the first try.
        status: The HTTP status; None where no answer came.
        seconds: How long this try took on the wire, without waiting in queues.
        error: In a few words what went wrong; None where nothing did.

    """

    operation: str
    method: str
    path: str
    number: int
    status: int | None
    seconds: float
    error: str | None
