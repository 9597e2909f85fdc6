"""The error that an answer stands for, or a call that got none: status → class, and the server's own words.

Knows nothing of when to try again (see `retry`) and raises nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

from billingo_async import errors
from billingo_async.fields.exact import is_array, is_object
from billingo_async.protocol.call import Fate, Fault
from billingo_async.protocol.retry import retry_after

if TYPE_CHECKING:
    from billingo_async.protocol.call import Call, Reply

A = TypeVar("A", bound=errors.APIError)

OF_STATUS: Final[Mapping[int, type[errors.APIError]]] = {
    400: errors.InvalidRequestError,
    401: errors.AuthenticationError,
    402: errors.PaymentRequiredError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    422: errors.InvalidRequestError,
    429: errors.RateLimitedError,
}
"""The class of an HTTP status; other 4xx are a plain `APIError`, 5xx a `ServerError`. Source: API docs, Errors."""

PHRASES: Final[Mapping[int, str]] = {status: status.phrase for status in HTTPStatus}
MAX_WORDS_CHARS: Final = 500
"""Characters of one text of the server's that are kept: PHP traces leak into them. Source: seen."""
MAX_FIELD_ERRORS: Final = 20
"""Field errors that a message shows; the error's `errors` holds all of them."""
MAX_WORDS_LEVELS: Final = 4
"""Levels of arrays and objects that a text of the server's is looked for in."""


def refusal(call: Call[Any], reply: Reply, words: object = None, fields: object = None) -> errors.APIError:
    """Return the error for an answer that refuses, with the server's words and what it says of single fields."""
    return _of_class(class_of(reply.status), call, reply, status_line(call, reply), words=words, fields=fields)


def not_ready(call: Call[Any], reply: Reply, words: object = None) -> errors.DocumentNotReadyError:
    """Return the error for JSON in the place of a PDF."""
    return _of_class(errors.DocumentNotReadyError, call, reply, f"{call.label}: the PDF is not made yet", words=words)


def _of_class(kind: type[A], call: Call[Any], reply: Reply, label: str, *, words: object, fields: object = None) -> A:
    message = one_line(words)
    problems = field_errors(fields)
    return kind(
        ": ".join(filter(None, (label, "; ".join(filter(None, (message, *_lines_of(problems))))))),
        operation=call.operation.name,
        status_code=reply.status,
        message=message,
        errors=problems,
        method=call.operation.method,
        path=call.path,
        retry_after=retry_after(reply),
        headers=reply.headers,
        body=reply.body,
    )


def no_answer(call: Call[Any], fault: Fault) -> errors.ConnectionFailedError | errors.ConfigurationError:
    """Return the error for an attempt that no answer came to."""
    if fault.is_incomplete:
        return errors.ConfigurationError(f"{call.label}: {fault.reason}", operation=call.operation.name)
    kind = errors.TimedOutError if fault.timed_out else errors.ConnectionFailedError
    return kind(f"{call.label}: {fault.reason}", operation=call.operation.name)


def missing_part(error: BaseException) -> str | None:
    """Return which file or module this program lacks, be it frozen or half installed; None for any other error.

    Errors of the network name no file.
    """
    is_of_file = isinstance(error, OSError) and error.filename is not None
    is_of_file = is_of_file or (isinstance(error, FileNotFoundError) and error.errno is None)  # a library's own words
    if is_of_file or isinstance(error, ImportError):
        return f"this program lacks a part of itself, or cannot read it: {one_line(error)}"
    return None


def unclassified(error: Exception) -> Fault:
    """Return the fault of an attempt that ended in a way that was not foreseen: what the server did is unknown."""
    part = missing_part(error)
    reason = part or f"the connection failed ({type(error).__name__})"
    return Fault(Fate.UNKNOWN, reason, is_incomplete=part is not None)


def in_doubt(call: Call[Any], cause: errors.BillingoError, raw: bytes | None) -> errors.OutcomeUnknownError:
    """Return the error for a call that may have happened and must not be repeated."""
    reason = str(cause).removeprefix(f"{call.label}: ")
    return errors.OutcomeUnknownError(
        f"{call.label}: it may or may not have happened, so it was not repeated ({reason}); "
        f"look at what the account holds before you call again",
        operation=call.operation.name,
        cause=cause,
        raw=raw,
    )


def throttled(call: Call[Any], seconds: float, why: str) -> errors.ThrottledError:
    """Return the error for a call that was not sent, since its turn would come later than the caller wants to wait."""
    return errors.ThrottledError(
        f"{call.label}: not sent: {why} {seconds:.1f} s, which is more than max_wait or max_queue allows",
        operation=call.operation.name,
        retry_after=seconds,
    )


def redirected(call: Call[Any], reply: Reply) -> errors.MalformedResponseError | None:
    """Return the error for an answer that points elsewhere, where no call ever follows; None for any other answer."""
    if not HTTPStatus.MULTIPLE_CHOICES <= reply.status < HTTPStatus.BAD_REQUEST:
        return None
    target = urlsplit(reply.headers.get("location", ""))
    host = f"{target.scheme}://{target.netloc.rpartition('@')[2]}" if target.netloc else ""
    place = one_line(f"{host}{target.path}")
    to = f" to {place}" if place else ""
    return malformed(call, reply, f"a redirect{to}, which is never followed: base_url must name where the API lives")


def malformed(
    call: Call[Any], reply: Reply, why: str, *, differing: str | None = None
) -> errors.MalformedResponseError:
    """Return the error for an answer that is not what the API promises; `why` quotes nothing of it."""
    return errors.MalformedResponseError(
        f"{status_line(call, reply)}: {why}",
        operation=call.operation.name,
        status_code=reply.status,
        body=reply.body,
        differing=differing,
    )


def of_another_call(call: Call[Any], reply: Reply, field: str) -> errors.MalformedResponseError:
    """Return the error for an answer that tells a field otherwise than it was asked for."""
    return malformed(call, reply, f"another {field} than was asked for: it is another call's answer", differing=field)


def class_of(status: int) -> type[errors.APIError]:
    """Return the class of error that a status stands for; a status of success means ``"success": false``."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return errors.InvalidRequestError
    return OF_STATUS.get(status, errors.APIError if status < HTTPStatus.INTERNAL_SERVER_ERROR else errors.ServerError)


def status_line(call: Call[Any], reply: Reply) -> str:
    """Return how a message about an answer begins: operation, method, path, status."""
    return f"{call.label}: {reply.status} {PHRASES.get(reply.status, '(no standard status)')}"


def one_line(words: object, levels: int = MAX_WORDS_LEVELS) -> str:
    """Return the server's words as one line of printable text: it sends strings, lists of them, or nothing."""
    if words is None or isinstance(words, bool):
        return ""
    text = _flat(words, levels) if is_object(words) or is_array(words) else str(words)
    text = "".join(char if char.isprintable() else "�" for char in " ".join(text.split()))
    return text if len(text) <= MAX_WORDS_CHARS else text[: MAX_WORDS_CHARS - 1] + "…"


def _flat(words: Mapping[str, Any] | Sequence[Any], levels: int) -> str:
    if not levels:
        return "…"
    if isinstance(words, Mapping):
        parts = [f"{key}: {one_line(value, levels - 1)}" for key, value in words.items()]
    else:
        parts = [one_line(word, levels - 1) for word in words]
    return "; ".join(filter(None, parts))


def field_errors(fields: object) -> errors.FieldErrors:
    """Return what the server says of single fields, in the shape in which it said it: by path, or as a list."""
    if is_object(fields):
        return {one_line(key): one_line(value) for key, value in fields.items()}
    if is_array(fields):
        return [one_line(error) for error in fields]
    return [one_line(fields)] if fields else {}


def _lines_of(fields: errors.FieldErrors) -> list[str]:
    lines = [f"{path}: {words}" for path, words in fields.items()] if isinstance(fields, Mapping) else list(fields)
    more = len(lines) - MAX_FIELD_ERRORS
    return lines if more <= 0 else [*lines[:MAX_FIELD_ERRORS], f"and {more} more"]
