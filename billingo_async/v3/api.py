"""API v3 as the shared floors see it: its address, its limit, how its refusals read, and the key that requests carry.

A request with a key is accepted for ever: nothing of it goes stale, and no clock has to be known.
Source: specification; the vendor's help pages.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final, NoReturn

from billingo_async.errors import ConfigurationError
from billingo_async.protocol.api import MIN_SECRET_CHARS, Api, Credential
from billingo_async.protocol.call import Limit
from billingo_async.protocol.decoders import redacted
from billingo_async.settings import RateLimit, read_secret
from billingo_async.v3.decoders import error_from

if TYPE_CHECKING:
    from pydantic import SecretStr

RATE_LIMIT: Final = Limit("rate_limit", counts="key")
"""300 requests a minute, all calls of one key together. Source: specification, X-RateLimit-Limit."""
MAX_PER_PAGE: Final = 100
"""Source: specification, per_page."""
API: Final = Api(
    name="v3",
    base_url="https://api.billingo.hu/v3",
    base_url_variable="BILLINGO_V3_BASE_URL",
    error_from=error_from,
    size_param="per_page",
    max_per_page=MAX_PER_PAGE,
    limits=(RATE_LIMIT,),
)
DEFAULT_RATE_LIMIT: Final = RateLimit(300, per=61.0)
"""A second more than the server counts, for the way there."""


class ApiKeyAuth:
    """The key of an account; shown nowhere, pickled never."""

    accepted_for: float | None = None

    def __init__(self, api_key: SecretStr) -> None:
        """Take the key; raise `ConfigurationError` if it cannot stand in a header."""
        key = api_key.get_secret_value()
        is_plain = key.isascii()
        self.account: str = sha256(f"billingo-async:v3:{key}".encode()).hexdigest()[:16]
        self._credential = Credential({"X-API-KEY": key}, 0.0)
        self._secrets = (key.encode(),) if len(key) >= MIN_SECRET_CHARS else ()
        del key  # not to be seen in the locals of a traceback
        if not is_plain:
            raise ConfigurationError("api_key must be as Billingo shows it: plain ASCII text")

    @classmethod
    def read(cls, api_key: str | None) -> ApiKeyAuth:
        """Take the key from the argument, else from the environment.

        Raises `ConfigurationError` if it is missing, naming it.
        """
        try:
            return cls(read_secret("api_key", "BILLINGO_API_KEY", api_key))
        finally:
            del api_key  # not to be seen in the locals of a traceback

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled."""
        msg = "API keys are not pickled: make a Billingo object in the process that needs one"
        raise TypeError(msg)

    def issue(self, server_now: float) -> Credential:
        """Return the key's header, which is the same at any time."""
        del server_now
        return self._credential

    def is_stale(self, credential: Credential, server_now: float) -> bool:
        """Return False: a key has no times."""
        del credential, server_now
        return False

    def redact(self, body: bytes, credential: Credential | None) -> bytes:
        """Return an answer without the key, should the server have echoed it."""
        del credential
        return redacted(body, self._secrets)
