"""What a wing hands to the shared floors: its `Api` as one frozen value, and an `Auth` for each account.

No endpoint stands here and no answer is read here: a wing says how its refusals read and how its clock is asked for. No
clock enters here either: the server's time is handed in.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

from billingo_async.protocol.decoders import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from billingo_async.errors import BillingoError
    from billingo_async.protocol.call import Call, Limit, Reply


MIN_SECRET_CHARS: Final = 8
"""Characters of a key that is looked for in answers: a shorter one is no real key, and stands in every answer."""


class Api(NamedTuple):
    """One API of the vendor's.

    Attributes:
        name: How the package calls it, such as ``v2``.
        base_url: Where it lives unless a caller says otherwise.
        base_url_variable: The environment variable by which a caller says otherwise.
        error_from: How an answer reads whose status is not one of success.
        size_param: What the rows of a page are called in a query.
        max_per_page: The most rows that a page may have.
        limits: The limits that every call falls under; an operation may name one more.
        time: The call that asks for the server's time; None where no clock has to be known.

    """

    name: str
    base_url: str
    base_url_variable: str
    error_from: Callable[[Call[Any], Reply], BillingoError]
    size_param: str
    max_per_page: int
    limits: tuple[Limit, ...] = ()
    time: Call[float] | None = None


class Credential:
    """What authenticates one request: the headers to send, and when they were issued. Shown nowhere."""

    __slots__ = ("headers", "issued")

    def __init__(self, headers: Mapping[str, str], issued: float) -> None:
        """Take the headers and the instant of the server's clock that they were issued at."""
        self.headers: Final = headers
        self.issued: Final = issued


class Auth(ABC):
    """One account's way to authenticate its requests; its secrets are shown nowhere and pickled never."""

    account: str
    """What tells accounts apart without telling their keys: what limits that count keys, and the journal, go by."""
    accepted_for: float | None = None
    """Seconds for which a request is accepted once it is authenticated; None for ever."""
    _secrets: tuple[bytes, ...] = ()

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled."""
        raise TypeError("API keys are not pickled: make a Billingo object in the process that needs one")

    @abstractmethod
    def issue(self, server_now: float) -> Credential:
        """Return what authenticates a request that leaves when the server's clock shows `server_now`."""

    def is_stale(self, credential: Credential, server_now: float) -> bool:
        """Tell whether a refusal (401) at `server_now` comes from the credential's times and not from its keys."""
        return False

    def redact(self, body: bytes, credential: Credential | None) -> bytes:
        """Return an answer without the account's secrets, should the server have echoed one."""
        return redacted(body, self._secrets)

    def _hide(self, *secrets: str) -> None:
        """Take the keys that `redact` takes out of answers, but for those that are none: too short."""
        self._secrets = tuple(secret.encode() for secret in secrets if len(secret) >= MIN_SECRET_CHARS)
