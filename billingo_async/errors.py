"""All that can go wrong, as a tree of exceptions that hold plain values only.

::

    BillingoError                      .operation .safe_to_retry
    ├── ConfigurationError             (also a ValueError)
    │   └── KeyConflictError           the key stands for another request; .key .invoice_id
    ├── ConnectionFailedError          no answer: never sent, dropped, or timed out on something safe to repeat
    │   └── TimedOutError              (also a TimeoutError)
    ├── OutcomeUnknownError            a call that may or may not have happened; .cause .raw .candidates
    ├── MalformedResponseError         an answer that is not what the API promises; .status_code .body
    └── APIError                       .status_code .message .errors .method .path .retry_after
        ├── InvalidRequestError        400, 422, and any "success": false with 2xx
        ├── AuthenticationError        401
        ├── PermissionDeniedError      403
        ├── NotFoundError              404
        ├── RateLimitedError           429
        ├── DocumentNotReadyError      the PDF is not made yet
        └── ServerError                5xx on something safe to repeat, after the last try

Never enters here: an HTTP library's exception or response, a key, a token. What the server sent is at hand as an
attribute where a caller needs it (`body`, `raw`) but never part of a message, a repr or a pickle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

FieldErrors = Mapping[str, str] | Sequence[str]
"""What the server says of single fields: by JSON path (``items[0].qty``), or as a plain list."""


class BillingoError(Exception):
    """Any failure that this library reports.

    Attributes:
        operation: The row of the table of operations, such as ``invoices.cancel``; None outside a call.
        safe_to_retry: True if the caller may call again without any risk that it happens twice.

    """

    _unpickled: ClassVar[tuple[str, ...]] = ()

    def __init__(self, message: str, /, *, operation: str | None = None, safe_to_retry: bool = True) -> None:
        """Keep the message and what a program wants to know about it."""
        super().__init__(message)
        self.operation = operation
        self.safe_to_retry = safe_to_retry

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

    Raised for missing keys, contradicting options and calls on a closed object; the message names the remedy.
    """


class KeyConflictError(ConfigurationError):
    """The key of `invoices.create(key=…)` stands for another request already; nothing was sent, and never will be.

    Calling again cannot help: either the key was meant for something else, or the order has changed since. An invoice
    that was made already cannot be changed, only cancelled.

    Attributes:
        key: The key.
        invoice_id: The id of the key's invoice; None where none is known to be made yet.

    """

    def __init__(
        self, message: str, /, *, operation: str | None = None, key: str = "", invoice_id: int | None = None
    ) -> None:
        """Keep the key and the invoice that it stands for."""
        super().__init__(message, operation=operation)
        self.key = key
        self.invoice_id = invoice_id


class ConnectionFailedError(BillingoError):
    """No answer came: the request was never sent, or the line failed on something that is safe to repeat."""


class TimedOutError(ConnectionFailedError, TimeoutError):
    """No answer came within `timeout` seconds on something that is safe to repeat."""


class OutcomeUnknownError(BillingoError):
    """A call that does harm when done twice may or may not have happened: look before you call again.

    Raised when the line broke after such a request had left, when the server failed while it held it, or when its
    answer of success cannot be read. The library never sends such a call a second time by itself.

    Attributes:
        cause: What went wrong on the way, as an error of this tree.
        raw: The bytes of the answer, where one came; not part of `str`, `repr` or a pickle.
        candidates: The ids of the invoices that it may have made, where a journal has asked.

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
    ) -> None:
        """Keep the doubt: `safe_to_retry` is always False here."""
        super().__init__(message, operation=operation, safe_to_retry=False)
        self.cause = cause
        self.raw = raw
        self.candidates = candidates


class MalformedResponseError(BillingoError):
    """The server answered something that the API does not promise: no JSON, a missing part, half a PDF.

    Attributes:
        status_code: The HTTP status of the answer.
        body: The beginning of the answer, 2,000 bytes at most; not part of `str`, `repr` or a pickle.

    """

    BODY_LIMIT: ClassVar[int] = 2_000
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
    ) -> None:
        """Keep the beginning of the answer for those who want to look at it."""
        super().__init__(message, operation=operation, safe_to_retry=safe_to_retry)
        self.status_code = status_code
        self.body: bytes = body[: self.BODY_LIMIT]


class APIError(BillingoError):
    """The server answered and refused.

    Attributes:
        status_code: The HTTP status; 200 where the refusal came as ``"success": false``.
        message: The server's own words; empty where it said nothing.
        errors: What it says of single fields: a mapping by JSON path, or a list.
        method: The HTTP method of the call.
        path: The path below the base URL, ids filled in.
        retry_after: Seconds that the server asks to wait; None where it did not say.

    Source: API docs, Errors.
    """

    def __init__(
        self,
        description: str,
        /,
        *,
        operation: str | None = None,
        safe_to_retry: bool = True,
        status_code: int = 0,
        message: str = "",
        errors: FieldErrors | None = None,
        method: str = "",
        path: str = "",
        retry_after: float | None = None,
    ) -> None:
        """Keep the refusal part by part."""
        super().__init__(description, operation=operation, safe_to_retry=safe_to_retry)
        self.status_code = status_code
        self.message = message
        self.errors: FieldErrors = {} if errors is None else errors
        self.method = method
        self.path = path
        self.retry_after = retry_after


class InvalidRequestError(APIError):
    """The server finds fault with the request: 400, 422, or ``"success": false`` with any status of success."""


class AuthenticationError(APIError):
    """The server does not accept the keys (401), or still refuses the token after the clock was set by its own."""


class PermissionDeniedError(APIError):
    """The keys are right but may not do this (403)."""


class NotFoundError(APIError):
    """There is no such thing, or it belongs to another account (404)."""


class RateLimitedError(APIError):
    """Too many calls (429), and waiting as long as the server asks would exceed the caller's patience."""


class DocumentNotReadyError(APIError):
    """The PDF is not made yet: the server answers JSON in its place; ask again a little later."""


class ServerError(APIError):
    """The server failed (5xx) on something safe to repeat, at the last try too."""
