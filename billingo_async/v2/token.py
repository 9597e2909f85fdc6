"""Claims and signature of the bearer token for a given instant.

No clock enters here: the caller tells the server's time. Source: API docs, Authentication; the vendor's PHP connector.
"""

from __future__ import annotations

import json
from hashlib import md5
from typing import Final

from jwt.algorithms import HMACAlgorithm
from jwt.api_jws import PyJWS

LIFE: Final = 30
"""Seconds from `iat` to `exp`; the server refuses more. Source: API docs, Authentication."""


class _VendorKey(HMACAlgorithm):
    """HS256 with a key of whatever length the vendor has issued: its owner cannot choose a longer one."""

    def check_key_length(self, key: bytes) -> None:
        """Find no fault with any length."""


def _signer() -> PyJWS:
    jws = PyJWS(algorithms=["HS256"])
    jws.unregister_algorithm("HS256")
    jws.register_algorithm("HS256", _VendorKey(HMACAlgorithm.SHA256))
    return jws


_JWS: Final = _signer()


def claims(public_key: str, at: int, issuer: str = "cli") -> dict[str, str | int]:
    """Return the claims of a token issued at the Unix time `at`.

    `jti` is the MD5 of `sub` and `iat` joined as text, as documented; `iss` is ``cli`` outside a web request.
    """
    jti = md5(f"{public_key}{at}".encode(), usedforsecurity=False).hexdigest()
    return {"sub": public_key, "iat": at, "exp": at + LIFE, "iss": issuer, "jti": jti}


def sign(public_key: str, private_key: str, at: int) -> str:
    """Return the signed token (JWT, HS256) of the Unix time `at`; the same instant gives the same token."""
    payload = json.dumps(claims(public_key, at), separators=(",", ":")).encode()
    return _JWS.encode(payload, private_key, algorithm="HS256")


def is_stale(issued_at: int, server_now: float) -> bool:
    """Tell whether a server whose clock shows `server_now` has reason to refuse a token by its times.

    One second is allowed on both sides, for the server's clock is known to the second only.
    """
    return not issued_at <= server_now < issued_at + LIFE - 1
