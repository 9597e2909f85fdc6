"""API v2 as the shared floors see it: its address, its limits, how its refusals read, and how its requests are signed.

Each request carries a token (JWT, HS256) that lives for 30 seconds and is signed with the account's private key. No
clock enters here: the server's time is handed in. Source: API docs, Authentication; the vendor's PHP connector.
"""

from __future__ import annotations

import warnings
from contextlib import suppress
from hashlib import md5, sha256
from typing import TYPE_CHECKING, Final

import jwt

from billingo_async.errors import ConfigurationError
from billingo_async.protocol.api import Api, Auth, Credential
from billingo_async.protocol.decoders import redacted
from billingo_async.settings import RateLimit, read_secret
from billingo_async.v2 import envelope
from billingo_async.v2.operations import SERVER_TIME

if TYPE_CHECKING:
    from pydantic import SecretStr

SERVER_TIME_CALL: Final = SERVER_TIME.call(query={"type": "json"})
"""Source: API docs, Authentication: `/time` lives outside `/api` and takes no token."""
MAX_PER_PAGE: Final = 50
"""The API's absolute maximum. Source: API docs, Invoices / Show the invoices."""
API: Final = Api(
    name="v2",
    base_url="https://www.billingo.hu/api",
    base_url_variable="BILLINGO_BASE_URL",
    error_from=envelope.error_from,
    size_param="max_per_page",
    max_per_page=MAX_PER_PAGE,
    time=SERVER_TIME_CALL,
)
"""Source: API docs, API URL."""
DEFAULT_PDF_LIMIT: Final = RateLimit(10, per=61.0)
"""A second more than the server counts, for the way there. Source: API docs, Invoices / Download invoice."""

TOKEN_SECONDS: Final = 30
"""Seconds from `iat` to `exp`; the server refuses more. Source: API docs, Authentication."""
BACKDATE_SECONDS: Final = 1.0
"""Tokens are dated a little early, since one from the future is refused and one from the past is not."""


class JwtAuth(Auth):
    """The two keys of an account, and the tokens that are signed with them; shown nowhere, pickled never.

    At most one token a second is signed, since a token is the same for a whole second.
    """

    accepted_for: float | None = float(TOKEN_SECONDS)

    def __init__(self, public_key: SecretStr, private_key: SecretStr) -> None:
        """Take the keys; raise `ConfigurationError` if nothing can be signed with them."""
        self._public = public_key
        self._private = private_key
        name = f"billingo-async:{public_key.get_secret_value()}"
        can_sign = False
        with suppress(Exception):
            self.account: str = sha256(name.encode()).hexdigest()[:16]
            self._credential = self._signed(0)
            self._hide(private_key.get_secret_value(), public_key.get_secret_value())
            can_sign = True
        del name  # not to be seen in the locals of a traceback
        if not can_sign:
            msg = "the keys cannot sign: public_key and private_key must be as Billingo shows them, plain ASCII text"
            raise ConfigurationError(msg)

    @classmethod
    def read(cls, public_key: str | None, private_key: str | None) -> JwtAuth:
        """Take the keys from the arguments, else from the environment.

        Raises `ConfigurationError` if one is missing, naming it.
        """
        try:
            return cls(
                read_secret("public_key", "BILLINGO_PUBLIC_KEY", public_key),
                read_secret("private_key", "BILLINGO_PRIVATE_KEY", private_key),
            )
        finally:
            del public_key, private_key  # not to be seen in the locals of a traceback

    def issue(self, server_now: float) -> Credential:
        """Return the token for a request that leaves when the server's clock shows `server_now`."""
        issued = int(server_now - BACKDATE_SECONDS)
        if issued != self._credential.issued:
            self._credential = self._signed(issued)
        return self._credential

    def _signed(self, issued: int) -> Credential:
        token = sign(self._public.get_secret_value(), self._private.get_secret_value(), issued)
        return Credential({"Authorization": f"Bearer {token}"}, issued)

    def is_stale(self, credential: Credential, server_now: float) -> bool:
        """Tell whether a server whose clock shows `server_now` has reason to refuse a token by its times.

        One second is allowed on both sides, for the server's clock is known to the second only.
        """
        return not credential.issued <= server_now < credential.issued + TOKEN_SECONDS - 1

    def redact(self, body: bytes, credential: Credential | None) -> bytes:
        """Return an answer without the keys or the token of its request, should the server have echoed one."""
        secrets = self._secrets
        if credential is not None:
            secrets += (credential.headers["Authorization"].removeprefix("Bearer ").encode(),)
        return redacted(body, secrets)


def claims(public_key: str, issued: int) -> dict[str, str | int]:
    """Return the claims of a token issued at a Unix time.

    `jti` is the MD5 of `sub` and `iat` joined as text, as documented; `iss` is ``cli`` outside a web request.
    """
    jti = md5(f"{public_key}{issued}".encode(), usedforsecurity=False).hexdigest()
    return {"sub": public_key, "iat": issued, "exp": issued + TOKEN_SECONDS, "iss": "cli", "jti": jti}


def sign(public_key: str, private_key: str, issued: int) -> str:
    """Return the signed token of a Unix time; the same instant gives the same token."""
    with warnings.catch_warnings():
        # The vendor issues the key: its owner cannot choose the longer one that PyJWT recommends.
        warnings.filterwarnings("ignore", "The HMAC key is")
        return jwt.encode(claims(public_key, issued), private_key, algorithm="HS256")
