"""The errors about keys: one that stands for another request, one of another account, one that is in doubt."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any, Final

from billingo_async.errors import ConfigurationError, KeyConflictError, OutcomeUnknownError
from billingo_async.fields.exact import is_array, is_object
from billingo_async.journal.port import OpenIntent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billingo_async.journal.intent import Intent
    from billingo_async.journal.port import KeyedOperation
    from billingo_async.journal.reconcile import UnresolvedError
    from billingo_async.journal.tables import KeyRow

MAX_DIFFERENCES: Final = 5


def other_request(operation: KeyedOperation[Any], intent: Intent, before: Intent | KeyRow) -> KeyConflictError:
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
    return KeyConflictError(f"{name}: {msg}; nothing was sent", operation=name, key=key, result_id=result_id)


def _contradiction(operation: KeyedOperation[Any], intent: Intent, before: Intent | KeyRow) -> str | None:
    """Return what of the stored result this request does not ask for; what was sent is not kept any longer."""
    result: str | None = getattr(before, "result", None)
    if result is None:
        return None
    intended = OpenIntent(intent.key, intent.request, intent.stamp, None, 0.0, 0.0)
    return operation.contradiction(intended, operation.load(result))


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


def other_account(row: KeyRow) -> ConfigurationError:
    """Return the error for a key that belongs to the API keys of another account."""
    msg = (
        f"key {row.key!r} was used with the API keys of another account, or with keys that were replaced since: "
        "keep a journal for each account; nothing was sent"
    )
    return ConfigurationError(msg, operation=row.operation)


def unknown_outcome(operation: str, key: str, error: UnresolvedError) -> OutcomeUnknownError:
    """Return the error for a caller: what is not known, the candidates, and how to resolve it."""
    ids = f": {', '.join(str(id_) for id_ in error.candidates)}" if error.candidates else ""
    return OutcomeUnknownError(
        f"{operation}: it is not known what became of key {key!r} ({error}{ids}); nothing more was sent. "
        f"Calling again with the same key asks anew; to resolve it by hand: "
        f"billingo-async journal resolve JOURNAL {shlex.quote(key)}",
        operation=operation,
        cause=error.cause,
        candidates=error.candidates,
        worth_retrying=True,
    )
