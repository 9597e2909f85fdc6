"""All that can go wrong, as a tree of exceptions that hold plain values only.

::

    BillingoError                      .operation .safe_to_retry .worth_retrying
    ├── ConfigurationError             (also a ValueError)
    │   └── KeyConflictError           the key stands for another request; .key .operation .result_id
    ├── ConnectionFailedError          no answer: never sent, dropped, or timed out on something safe to repeat
    │   └── TimedOutError              (also a TimeoutError)
    ├── ThrottledError                 not sent: its turn comes later than the caller's patience; .retry_after
    ├── JournalError                   the journal's database is away, full, locked, replaced or damaged; .sent
    ├── OutcomeUnknownError            a call that may or may not have happened; .cause .raw .candidates
    ├── MalformedResponseError         an answer that is not what the API promises; .status_code .body
    └── APIError                       .status_code .message .errors .method .path .retry_after .headers .body
        ├── InvalidRequestError        400, 422, and any "success": false with 2xx
        ├── AuthenticationError        401
        ├── PaymentRequiredError       402
        ├── PermissionDeniedError      403
        ├── NotFoundError              404
        ├── RateLimitedError           429
        ├── DocumentNotReadyError      the PDF is not made yet
        └── ServerError                5xx on something safe to repeat, after the last try

Never enters here: an HTTP library's exception or response, a key, a token. What the server sent is at hand as an
attribute where a caller needs it (`body`, `headers`, `raw`) but never part of a message, a repr or a pickle.
Every error can be made from its message alone, so that the tests of a caller's own code can raise it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final, Self

FieldErrors = Mapping[str, str] | Sequence[str]
"""What the server says of single fields: by JSON path (``items[0].qty``), or as a plain list."""

MAX_BODY_BYTES: Final = 2_000
"""Bytes of an answer that an error keeps: its beginning."""
_PASSING: Final = frozenset({408, 425})
"""Statuses without a class of their own that pass by themselves: a time-out, too early (RFC 9110, 15.5.9; RFC 8470)."""


class BillingoError(Exception):
    """Any failure that this library reports.

    Attributes:
        operation: The row of the table of operations, such as ``invoices.cancel``; None outside a call.
        safe_to_retry: True if the caller may call again without any risk that it happens twice.
        worth_retrying: True if calling again, unchanged, can come to another end.

    """

    _unpickled: ClassVar[tuple[str, ...]] = ()
    _passes: ClassVar[bool] = False
    """True for errors whose reason can pass by itself: what `worth_retrying` says unless it is told otherwise."""

    def __init__(
        self,
        message: str,
        /,
        *,
        operation: str | None = None,
        safe_to_retry: bool = True,
        worth_retrying: bool | None = None,
    ) -> None:
        """Keep the message and what a program wants to know about it."""
        super().__init__(message)
        self.operation = operation
        self.safe_to_retry = safe_to_retry
        self.worth_retrying: bool = self._passes if worth_retrying is None else worth_retrying

    def __copy__(self) -> Self:
        """Copy with every attribute, what the server sent included."""
        twin = type(self)(*self.args)
        twin.__dict__.update(self.__dict__)
        return twin

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        """Copy like `copy.copy`: an error holds nothing that is meant to be changed."""
        return self.__copy__()

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle without what the server sent: customers' data does not leave the process in an error."""
        state = {name: value for name, value in self.__dict__.items() if name not in self._unpickled}
        return type(self), self.args, state


class ConfigurationError(BillingoError, ValueError):
    """The library is set up or used in a way that cannot work; nothing was sent.

    Raised for missing keys, contradicting options and calls on a closed object; the message names the remedy. Raised
    also where the program lacks a file or module of its own: what may be repeated freely may have been sent then.
    """


class KeyConflictError(ConfigurationError):
    """The key stands for another request of this operation already; nothing was sent, and never will be.

    Calling again cannot help: either the key was meant for something else, or the request has changed since.

    Attributes:
        key: The key.
        operation: The operation that the key was given for, such as ``invoices.create``.
        result_id: The id of what was made under the key; None where nothing is known to be made yet.

    """

    def __init__(
        self, message: str, /, *, operation: str | None = None, key: str = "", result_id: int | None = None
    ) -> None:
        """Keep the key and what it stands for."""
        super().__init__(message, operation=operation)
        self.key = key
        self.result_id = result_id


class ConnectionFailedError(BillingoError):
    """No answer came: the request was never sent, or the connection failed on something that is safe to repeat."""

    _passes = True


class TimedOutError(ConnectionFailedError, TimeoutError):
    """No answer came within `timeout` seconds on something that is safe to repeat."""


class ThrottledError(BillingoError):
    """Nothing was sent: the call's turn under a limit, or the end of a pause, comes later than the caller waits.

    `max_queue` bounds the wait for a turn, `max_wait` the waits that the server asks for.

    Attributes:
        retry_after: Seconds after which the call could be sent.

    """

    _passes = True

    def __init__(self, message: str, /, *, operation: str | None = None, retry_after: float = 0.0) -> None:
        """Keep how long the wait would be."""
        super().__init__(message, operation=operation)
        self.retry_after = retry_after


class JournalError(BillingoError):
    """The journal cannot be used: its database is away, full, locked, replaced or damaged.

    Attributes:
        sent: True if the request has left, False if nothing was sent; None where that is not known.

    """

    _passes = True

    def __init__(
        self,
        message: str,
        /,
        *,
        operation: str | None = None,
        safe_to_retry: bool | None = None,
        worth_retrying: bool | None = None,
        sent: bool | None = None,
    ) -> None:
        """Keep whether anything was sent; unless it is told otherwise, only what was not is safe to repeat."""
        safe = sent is False if safe_to_retry is None else safe_to_retry
        super().__init__(message, operation=operation, safe_to_retry=safe, worth_retrying=worth_retrying)
        self.sent = sent


class OutcomeUnknownError(BillingoError):
    """A call that does harm when done twice may or may not have happened: look before you call again.

    Raised when the connection broke after such a request had left, when the server failed while it held it, or when
    its answer of success cannot be read. The library never sends such a call a second time by itself. With a key,
    calling again reconciles it with the account first, and `worth_retrying` says so.

    Attributes:
        cause: What went wrong on the way, as an error of this tree.
        raw: The bytes of the answer, where one came; not part of `str`, `repr` or a pickle.
        candidates: The ids of what it may have made, where a journal has asked.

    """

    _unpickled = ("raw",)

    def __init__(
        self,
        message: str,
        /,
        *,
        operation: str | None = None,
        cause: BillingoError | None = None,
        raw: bytes | None = None,
        candidates: tuple[int, ...] = (),
        worth_retrying: bool | None = None,
    ) -> None:
        """Keep the doubt: `safe_to_retry` is always False here."""
        super().__init__(message, operation=operation, safe_to_retry=False, worth_retrying=worth_retrying)
        self.cause = cause
        self.raw = raw
        self.candidates = candidates


class MalformedResponseError(BillingoError):
    """The server answered something that the API does not promise: no JSON, a missing part, half a PDF.

    Attributes:
        status_code: The HTTP status of the answer.
        body: The beginning of the answer, 2,000 bytes at most; not part of `str`, `repr` or a pickle.
        differing: The field by which it was seen to be another call's answer; None where something else is wrong.

    """

    _unpickled = ("body",)

    def __init__(
        self,
        message: str,
        /,
        *,
        operation: str | None = None,
        safe_to_retry: bool = True,
        status_code: int | None = None,
        body: bytes = b"",
        differing: str | None = None,
    ) -> None:
        """Keep the beginning of the answer for those who want to look at it."""
        super().__init__(message, operation=operation, safe_to_retry=safe_to_retry)
        self.status_code = status_code
        self.differing = differing
        self.body: bytes = body[:MAX_BODY_BYTES]


class APIError(BillingoError):
    """The server answered and refused.

    Attributes:
        status_code: The HTTP status, such as 200 where the refusal came as ``"success": false``; None only outside a
            call.
        message: The server's own words; empty where it said nothing.
        errors: What it says of single fields: a mapping by JSON path, or a list.
        method: The HTTP method of the call.
        path: The path below the base URL, ids filled in.
        retry_after: Seconds that the server asks to wait; None where it did not say.
        headers: The headers of the answer, names in lower case; not part of `str`, `repr` or a pickle.
        body: The beginning of the answer, 2,000 bytes at most; not part of `str`, `repr` or a pickle.

    Source: API docs, Errors.
    """

    _unpickled = ("body", "headers")

    def __init__(
        self,
        description: str,
        /,
        *,
        operation: str | None = None,
        safe_to_retry: bool = True,
        worth_retrying: bool | None = None,
        status_code: int | None = None,
        message: str = "",
        errors: FieldErrors | None = None,
        method: str = "",
        path: str = "",
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> None:
        """Keep the refusal part by part."""
        if worth_retrying is None and status_code in _PASSING:
            worth_retrying = True
        super().__init__(description, operation=operation, safe_to_retry=safe_to_retry, worth_retrying=worth_retrying)
        self.status_code = status_code
        self.message = message
        self.errors: FieldErrors = {} if errors is None else errors
        self.method = method
        self.path = path
        self.retry_after = retry_after
        self.headers: Mapping[str, str] = {} if headers is None else headers
        self.body: bytes = body[:MAX_BODY_BYTES]


class InvalidRequestError(APIError):
    """The server finds fault with the request: 400, 422, or ``"success": false`` with any status of success."""


class AuthenticationError(APIError):
    """The server does not accept the keys (401), or still refuses the token after the clock was set by its own."""


class PaymentRequiredError(APIError):
    """The account has no subscription, or has used up its allowance (402)."""


class PermissionDeniedError(APIError):
    """The keys are right but may not do this (403)."""


class NotFoundError(APIError):
    """There is no such thing, or it belongs to another account (404)."""


class RateLimitedError(APIError):
    """Too many calls (429), and waiting as long as the server asks would exceed the caller's patience."""

    _passes = True


class DocumentNotReadyError(APIError):
    """The PDF is not made yet: the server answers JSON in its place; ask again a little later."""

    _passes = True


class ServerError(APIError):
    """The server failed (5xx) on something safe to repeat, at the last try too."""

    _passes = True
