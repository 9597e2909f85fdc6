"""The door-keeper: who may come in; it reads the token and knows nothing of what is asked for.

Source: API docs, Authentication. The times of a token have one-second grain and are checked without leeway.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import jwt

from billingo_async.sandbox.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_LIFE = 30
_REMEMBERED = 64  # tokens whose signature was good; one token serves all requests of a second
_BEARER = re.compile(r"Bearer +([!-~]+) *", re.IGNORECASE)
_UNCHECKED: Any = {f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}


class Guard:
    """Checks the bearer tokens of one pair of keys."""

    def __init__(self, public_key: str, private_key: str) -> None:
        self._public_key = public_key
        self._private_key = private_key
        self._verified: dict[str, dict[str, Any]] = {}

    def __repr__(self) -> str:
        return "Guard()"

    def check(self, headers: Mapping[str, str], at: float) -> None:
        """Let a request in, or refuse it with 401 and the reason.

        Args:
            headers: the request's headers, names in lower case.
            at: unix time by the server's clock, in seconds.

        Raises:
            Refusal: 401, with a text of its own for each of the reasons.
        """
        header = headers.get("authorization")
        if header is None:
            raise Refusal(401, "No authorization header: send Authorization: Bearer <token>")
        bearer = _BEARER.fullmatch(header)
        if bearer is None:
            raise Refusal(401, "The authorization header is not of the form Bearer <token>")
        claims = self._claims(bearer[1])
        if claims.get("sub") != self._public_key:
            raise Refusal(401, "Unknown public key: the token's subject is not a key of this account")
        _check_times(claims, at)

    def _claims(self, token: str) -> Mapping[str, Any]:
        known = self._verified.get(token)
        if known is None:
            known = self._read(token)
            while len(self._verified) >= _REMEMBERED:
                self._verified.pop(next(iter(self._verified)))
            self._verified[token] = known
        return known

    def _read(self, token: str) -> dict[str, Any]:
        try:
            return jwt.decode(token, self._private_key, algorithms=["HS256"], options=_UNCHECKED)
        except jwt.InvalidSignatureError:
            raise Refusal(401, "Signature verification failed") from None
        except jwt.InvalidAlgorithmError:
            raise Refusal(401, "Algorithm not allowed: sign with HS256") from None
        except jwt.InvalidTokenError:
            raise Refusal(401, "The token cannot be read") from None


def _check_times(claims: Mapping[str, Any], at: float) -> None:
    expires = _instant(claims, "exp")
    issued = _instant(claims, "iat")
    not_before = _instant(claims, "nbf")
    if expires is None:
        raise Refusal(401, "The token never expires: exp is missing")
    if issued is not None and issued > at:
        raise Refusal(401, "The token is not valid yet: iat lies in the future")
    if not_before is not None and not_before > at:
        raise Refusal(401, "The token is not valid yet: nbf lies in the future")
    if expires <= at:
        raise Refusal(401, "Expired token")
    if expires - (at if issued is None else issued) > LONGEST_LIFE:
        raise Refusal(401, f"The token lives too long: exp may lie at most {LONGEST_LIFE} seconds after iat")


def _instant(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Refusal(401, f"The token cannot be read: {name} is not a number")
    return value
