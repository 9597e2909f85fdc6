"""The error that an answer stands for: status → class, and the server's own words, made fit to be shown.

Knows nothing of when to try again (see `retry`) and raises nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from billingo_async.errors import (
    APIError,
    AuthenticationError,
    ConnectionFailedError,
    InvalidRequestError,
    MalformedResponseError,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitedError,
    ServerError,
    TimedOutError,
)
from billingo_async.protocol.retry import retry_after

if TYPE_CHECKING:
    from billingo_async.errors import BillingoError, FieldErrors
    from billingo_async.protocol.call import Call, Fault, Reply

OF_STATUS: Final[Mapping[int, type[APIError]]] = {
    400: InvalidRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    422: InvalidRequestError,
    429: RateLimitedError,
}
"""The class of an HTTP status; other 4xx are a plain `APIError`, 5xx a `ServerError`. Source: API docs, Errors."""

LONGEST_WORDS: Final = 500
"""Characters of one text of the server's that are kept: PHP traces leak into them. Source: seen."""


def refusal(call: Call[Any], reply: Reply, said: Mapping[str, Any] | None) -> APIError:
    """Return the error for an answer that refuses; `said` is its decoded body, where it has one."""
    said = said or {}
    message = one_line(said.get("error"))
    errors = field_errors(said.get("errors"))
    described = "; ".join([*([message] if message else []), *_spelt(errors)])
    label = f"{call.label}: {reply.status} {_phrase(reply.status)}"
    return class_of(reply.status)(
        f"{label}: {described}" if described else label,
        operation=call.operation.name,
        status_code=reply.status,
        message=message,
        errors=errors,
        method=call.operation.method,
        path=call.path,
        retry_after=retry_after(reply),
    )


def no_answer(call: Call[Any], fault: Fault) -> ConnectionFailedError:
    """Return the error for a try that no answer came to."""
    kind = TimedOutError if fault.timed_out else ConnectionFailedError
    return kind(f"{call.label}: {fault.reason}", operation=call.operation.name)


def in_doubt(call: Call[Any], cause: BillingoError, raw: bytes | None) -> OutcomeUnknownError:
    """Return the error for a call that may have happened and must not be repeated."""
    said = str(cause).removeprefix(f"{call.label}: ")
    return OutcomeUnknownError(
        f"{call.label}: it may or may not have happened, so it was not repeated ({said}); "
        f"look at what the account holds before you call again",
        operation=call.operation.name,
        cause=cause,
        raw=raw,
    )


def held_back(call: Call[Any], seconds: float, why: str) -> RateLimitedError:
    """Return the error for a call that was not sent, since its turn would come later than the caller wants to wait."""
    return RateLimitedError(
        f"{call.label}: not sent: {why} {seconds:.1f} s, which is more than max_wait or max_queue allows",
        operation=call.operation.name,
        status_code=429,
        method=call.operation.method,
        path=call.path,
        retry_after=seconds,
    )


def malformed(call: Call[Any], reply: Reply, why: str) -> MalformedResponseError:
    """Return the error for an answer that is not what the API promises; `why` quotes nothing of it."""
    return MalformedResponseError(
        f"{call.label}: {reply.status} {_phrase(reply.status)}: {why}",
        operation=call.operation.name,
        status_code=reply.status,
        body=reply.body,
    )


def class_of(status: int) -> type[APIError]:
    """Return the class of error that a status stands for; a status of success means ``"success": false``."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return InvalidRequestError
    return OF_STATUS.get(status, APIError if status < HTTPStatus.INTERNAL_SERVER_ERROR else ServerError)


def one_line(words: object) -> str:
    """Return the server's words as one line of printable text: it sends strings, lists of them, or nothing."""
    if words is None or isinstance(words, bool):
        return ""
    if isinstance(words, Mapping):
        words = [f"{key}: {one_line(value)}" for key, value in words.items()]
    if isinstance(words, Sequence) and not isinstance(words, str):
        words = "; ".join(one_line(word) for word in words)
    text = " ".join(str(words).split())
    text = "".join(char if char.isprintable() else "�" for char in text)
    return text if len(text) <= LONGEST_WORDS else text[: LONGEST_WORDS - 1] + "…"


def field_errors(errors: object) -> FieldErrors:
    """Return what the server says of single fields, in the shape in which it said it: by path, or as a list."""
    if isinstance(errors, Mapping):
        return {one_line(key): one_line(value) for key, value in errors.items()}
    if isinstance(errors, Sequence) and not isinstance(errors, str):
        return [one_line(error) for error in errors]
    return [one_line(errors)] if errors else {}


def _spelt(errors: FieldErrors) -> list[str]:
    if isinstance(errors, Mapping):
        return [f"{path}: {words}" for path, words in errors.items()]
    return list(errors)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "(no standard status)"
