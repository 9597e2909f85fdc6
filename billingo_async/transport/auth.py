"""`Auth`: how requests are authenticated, as the shared floors see it. A wing brings one along for each account.

No clock enters here and nothing is sent: the server's time is handed in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

MIN_SECRET_CHARS: Final = 8
"""Characters of a key that is looked for in answers: a shorter one is no real key, and stands in every answer."""


class Credential:
    """What authenticates one request: the headers to send, and when they were issued. Shown nowhere."""

    __slots__ = ("headers", "issued")

    def __init__(self, headers: Mapping[str, str], issued: float) -> None:
        """Take the headers and the instant of the server's clock that they were issued at."""
        self.headers: Final = headers
        self.issued: Final = issued


class Auth(Protocol):
    """One account's way to authenticate its requests."""

    @property
    def account(self) -> str:
        """What tells accounts apart without telling their keys: what limits that count keys, and the journal, go by."""
        ...

    @property
    def accepted_for(self) -> float | None:
        """Seconds for which a request is accepted once it is authenticated; None for ever."""
        ...

    def issue(self, server_now: float) -> Credential:
        """Return what authenticates a request that leaves when the server's clock shows `server_now`."""
        ...

    def is_stale(self, credential: Credential, server_now: float) -> bool:
        """Tell whether a refusal (401) at `server_now` comes from the credential's times and not from its keys."""
        ...

    def redact(self, body: bytes, credential: Credential | None) -> bytes:
        """Return an answer without the account's secrets, should the server have echoed one."""
        ...
