"""What the journal tells of its keys: outcomes of a run, records of a key, the state of all, and errors about keys.

No database and no rule enters here.
"""

from __future__ import annotations

import json
import shlex
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Generic

from typing_extensions import TypeVar

from billingo_async import errors
from billingo_async.fields.exact import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from billingo_async.journal.intent import Intent
    from billingo_async.journal.port import KeyedOperation
    from billingo_async.journal.tables import KeyRow

MAX_REASON_LENGTH: Final = 500
"""Characters of an error that the journal keeps."""
T = TypeVar("T", default=Any)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What became of one key of a bulk run: a result or an error, never both.

    Attributes:
        key: The caller's key; ``#7`` where the seventh item of the input had none.
        result: What was made under the key, now or by an earlier run, in short.
        error: What went wrong; `safe_to_retry` of a `BillingoError` says whether anything can have been made.
        seconds: How long it took, from taking the item to knowing its outcome.
        was_there: True if it was made before, so that this run has sent nothing for it.

    """

    key: str
    result: T | None
    error: Exception | None
    seconds: float
    was_there: bool = False

    @property
    def invoice(self) -> T | None:
        """The result, by API v2's word."""
        return self.result

    @property
    def document(self) -> T | None:
        """The result, by API v3's word."""
        return self.result


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """What a journal holds of one key.

    Attributes:
        key: The key.
        operation: What it was used for, such as ``invoices.create``.
        state: Where it stands: done, refused, free, doubt, sending, reconciling.
        result: What was made, in short; None where nothing was, nothing is known, or the operation has no result.
        error: Why the last try did not succeed, or why that is not known; None where it is done.

    """

    key: str
    operation: str
    state: str
    result: Any
    error: str | None

    @property
    def invoice(self) -> Any:
        """The result, by API v2's word."""
        return self.result

    @property
    def document(self) -> Any:
        """The result, by API v3's word."""
        return self.result


@dataclass(frozen=True, slots=True)
class JournalStatus:
    """What a journal holds.

    Attributes:
        counts: How many keys stand where, over all operations: done, refused, free, doubt, sending, reconciling.
        unresolved: The keys without an outcome, with what is known of the reason as their error.
        refused: The keys whose last try was refused, likewise.

    """

    counts: Mapping[str, int]
    unresolved: Sequence[KeyRecord]
    refused: Sequence[KeyRecord]


def dump_error(error: Exception) -> str:
    """Return what is kept of an error.

    What no database takes, half a character or a zero, becomes a question mark.
    """
    text = f"{type(error).__name__}: {error}".replace("\0", "?")
    return text.encode(errors="replace").decode()[:MAX_REASON_LENGTH]


class LookFirstError(Exception):
    """A server, or a gateway before it, has refused the request; it is looked for before it is sent once more."""

    def __init__(self, refusal: errors.APIError) -> None:
        """Keep the refusal, which the caller receives once no attempt is left."""
        super().__init__()
        self.refusal = refusal


class UnresolvedError(Exception):
    """It cannot be told what became of a key; carries the ids of what may be its result."""

    def __init__(self, why: str, candidates: Sequence[int] = (), cause: errors.BillingoError | None = None) -> None:
        """Keep the reason and the ids."""
        super().__init__(why)
        self.candidates: tuple[int, ...] = tuple(candidates)
        self.cause = cause


ANSWERED: Final = "answered"
"""The name of the answered id in what stands beside an intent."""


def with_answer(operation: KeyedOperation[Any], before: str | None, error: errors.OutcomeUnknownError) -> str | None:
    """Return what stands beside an intent once its answer, of success, is not what was asked for: its id as well."""
    if error.raw is None or not isinstance(error.cause, errors.MalformedResponseError):
        return None
    with suppress(ValueError):  # unreadable
        id_ = operation.id_in(error.raw)
        return None if id_ is None else json.dumps({**json.loads(before or "{}"), ANSWERED: id_})
    return None


def named_id(before: str | None) -> int | None:
    """Return the id that an answer of success has named, which was not what was asked for."""
    noted = json.loads(before or "null")
    id_: int | None = noted.get(ANSWERED) if is_object(noted) else None
    return id_


MAX_DIFFERENCES: Final = 5


def other_request(operation: KeyedOperation[Any], intent: Intent, before: Intent | KeyRow) -> errors.KeyConflictError:
    """Return the error for a key that stands for another request; it says what differs, as far as that is known."""
    key, name = intent.key, operation.name
    result_id: int | None = getattr(before, "result_id", None)
    noun: str = getattr(before, "noun", "result")
    was: str = getattr(before, "operation", name)
    if was != name:
        has = "" if result_id is None else f", and has {noun} {result_id}"
        msg = f"key {key!r} was used for {was} already{has}: one order has one document, so {name} needs another key"
    elif result_id is None:
        msg = f"key {key!r} stands for another request already, without an outcome yet ({_difference(intent, before)})"
    else:
        msg = (
            f"key {key!r} has {noun} {result_id} already, from another request "
            f"({_difference(intent, before, _contradiction(operation, intent, before))}): if that {noun} is wrong, "
            "undo it, and make the right one under a new key"
        )
    return errors.KeyConflictError(f"{name}: {msg}; nothing was sent", operation=name, key=key, result_id=result_id)


def _contradiction(operation: KeyedOperation[Any], intent: Intent, before: Intent | KeyRow) -> str | None:
    """Return what of the stored result this request does not ask for; what was sent is not kept any longer."""
    result: str | None = getattr(before, "result", None)
    if result is None:
        return None
    return operation.contradiction(intent, operation.load(result))


def _difference(intent: Intent, before: Intent | KeyRow, name: str | None = None) -> str:
    prints = f"its fingerprint is {before.fingerprint[:16]}, this one's is {intent.fingerprint[:16]}"
    request = before.request
    if not request:
        return f"different: {name}; {prints}" if name else prints
    text = request if isinstance(request, str) else request.decode()
    names = list(_differing(json.loads(text), json.loads(intent.request), ""))
    more = f" and {len(names) - MAX_DIFFERENCES} more" if len(names) > MAX_DIFFERENCES else ""
    difference = f"different: {', '.join(names[:MAX_DIFFERENCES])}{more}; " if names else ""
    return difference + prints


def _differing(one: Any, other: Any, path: str) -> Iterator[str]:
    """Yield the places at which two requests differ; values stay out of messages."""
    if is_object(one) and is_object(other):
        for name in one | other:
            yield from _differing(one.get(name), other.get(name), f"{path}.{name}" if path else str(name))
    elif is_array(one) and is_array(other) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from _differing(left, right, f"{path}[{index}]")
    elif one != other:
        yield path


def other_account(row: KeyRow) -> errors.ConfigurationError:
    """Return the error for a key that belongs to the API keys of another account."""
    msg = (
        f"key {row.key!r} was used with the API keys of another account, or with keys that were replaced since: "
        "keep a journal for each account; nothing was sent"
    )
    return errors.ConfigurationError(msg, operation=row.operation)


def unknown_outcome(operation: str, key: str, error: UnresolvedError) -> errors.OutcomeUnknownError:
    """Return the error for a caller: what is not known, the candidates, and how to resolve it."""
    ids = f": {', '.join(str(id_) for id_ in error.candidates)}" if error.candidates else ""
    return errors.OutcomeUnknownError(
        f"{operation}: it is not known what became of key {key!r} ({error}{ids}); nothing more was sent. "
        f"Calling again with the same key asks anew; to resolve it by hand: "
        f"billingo-async journal resolve JOURNAL {shlex.quote(key)} --operation {operation}",
        operation=operation,
        cause=error.cause,
        candidates=error.candidates,
        worth_retrying=True,
    )


def server_may_be_working(cause: errors.BillingoError | None) -> bool:
    """Tell whether the server may be at work still: its own answer ends that, silence and a gateway's word do not."""
    if isinstance(cause, errors.ServerError):
        return cause.status_code != HTTPStatus.INTERNAL_SERVER_ERROR
    return not isinstance(cause, errors.MalformedResponseError)
