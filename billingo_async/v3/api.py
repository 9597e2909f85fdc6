"""API v3 as the shared floors see it: its address, its limit, how its refusals read, and the key that requests carry.

A request with a key is accepted for ever: nothing of it goes stale, and no clock has to be known.
Source: specification; the vendor's help pages.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from billingo_async.errors import ConfigurationError
from billingo_async.protocol.api import Api, Auth, Credential
from billingo_async.protocol.call import Limit
from billingo_async.settings import RateLimit
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


class ApiKeyAuth(Auth):
    """The key of an account; shown nowhere, pickled never."""

    def __init__(self, api_key: SecretStr) -> None:
        """Take the key; raise `ConfigurationError` if it cannot stand in a header."""
        key = api_key.get_secret_value()
        if key.isascii():
            self.account: str = sha256(f"billingo-async:v3:{key}".encode()).hexdigest()[:16]
            self._credential = Credential({"X-API-KEY": key}, 0.0)
            self._hide(key)
            return
        del key  # not to be seen in the locals of a traceback
        raise ConfigurationError("api_key must be as Billingo shows it: plain ASCII text")

    def issue(self, server_now: float) -> Credential:
        """Return the key's header, which is the same at any time."""
        return self._credential
