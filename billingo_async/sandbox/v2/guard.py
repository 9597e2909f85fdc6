"""Admission to v2's counter: reads the token, keeps the PDF limit.

Source: API docs, Authentication, and Invoices / Download invoice ("rate limited for every IP to 10 requests per
minute"). The times of a token have one-second grain and are checked without leeway.

What other clients send in the wild is accepted where `strict` is False: any scheme word in `Authorization`, tokens of
up to two minutes, times written as text, and the vendor's own second way: a token from `GET /token`, for a text
signed with the private key, in the header `X-Billingo-Token`. Source: the vendor's PHP connector, node-billingo.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from datetime import tzinfo
from functools import lru_cache
from typing import Any

import jwt

from billingo_async.sandbox.books import Books
from billingo_async.sandbox.http import Refusal, Request, Response
from billingo_async.sandbox.routing import Route
from billingo_async.sandbox.server import Counter, MovingWindow
from billingo_async.sandbox.v2 import dialect
from billingo_async.sandbox.v2.routes import ROUTES

MAX_LIFE_SECONDS = 30
MAX_LENIENT_LIFE_SECONDS = 120
_MAX_REQUEST_AGE = 60
_ISSUED_LIFE_SECONDS = 3600
_TOKEN_PATHS = frozenset({"/token", "/api/token"})  # beside `/time`, or below the address: both readings of `/token`
_CACHE_SIZE = 64  # tokens whose signature was good; one token serves all requests of a second
_BEARER = re.compile(r"Bearer +([!-~]+) *", re.IGNORECASE)
_ANY_SCHEME = re.compile(r"(?:[!-~]+ +)?([!-~]+) *")
_UNCHECKED: Any = {f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}


class TokenCounter(Counter):
    """The counter of API v2, for the tokens of one pair of keys."""

    def __init__(
        self, books: Books, keys: tuple[str, str], pdfs: MovingWindow, timezone: tzinfo, *, strict: bool
    ) -> None:
        super().__init__(ROUTES, dialect, timezone)
        self._books = books
        self._public_key, self._private_key = keys
        self._pdfs = pdfs
        self._strict = strict
        self._claims = lru_cache(_CACHE_SIZE)(self._read)

    def admit(self, request: Request, route: Route | None, at: float) -> Books:
        """Check the token, and the PDF limit where it applies."""
        if route is None or not route.public:
            self._check(request.headers, at)
        if route is not None and route.limited:
            error = f"Too Many Attempts: at most {self._pdfs.count} downloads in {self._pdfs.period:g} seconds"
            self._pdfs.check(request.ip, at, error)
        return self._books

    def _handled(self, request: Request, at: float) -> Response:
        """Answer one request, also the vendor's own for a token."""
        if request.path not in _TOKEN_PATHS or self._strict:
            return super()._handled(request, at)
        return dialect.done(data={"token": self._issued(request.parameters().get("tokenrequest", ""), at)})

    def _check(self, headers: Mapping[str, str], at: float) -> None:
        """Let a request in, or refuse it with 401 and a text of its own for each of the reasons."""
        issued = headers.get("x-billingo-token")
        if issued is not None and not self._strict:
            if (self._instant(self._own_claims(issued), "exp") or 0) <= at:
                raise Refusal(401, "Expired token")
            return
        header = headers.get("authorization")
        if header is None:
            raise Refusal(401, "No authorization header: send Authorization: Bearer <token>")
        match = (_BEARER if self._strict else _ANY_SCHEME).fullmatch(header)
        if match is None:
            raise Refusal(401, "The authorization header is not of the form Bearer <token>")
        self._check_times(self._own_claims(match[1]), at)

    def _issued(self, signed: str, at: float) -> str:
        """A token for `public key|unix time|signature of both`, as the vendor's PHP connector asks for it.

        Raises:
            Refusal: 401, where the signature is wrong or the time is over a minute away.
        """
        text, _, signature = signed.rpartition("|")
        key, _, moment = text.rpartition("|")
        expected = hmac.new(self._private_key.encode(), text.encode(), "sha256").hexdigest()
        if key != self._public_key or not hmac.compare_digest(signature.encode(), expected.encode()):
            raise Refusal(401, "Signature verification failed")
        if not moment.isascii() or not moment.isdigit() or abs(int(moment) - at) > _MAX_REQUEST_AGE:
            raise Refusal(401, "The token request is too old")
        claims = {"sub": key, "iat": int(at), "exp": int(at) + _ISSUED_LIFE_SECONDS}
        return jwt.encode(claims, self._private_key, algorithm="HS256")

    def _own_claims(self, token: str) -> Mapping[str, Any]:
        claims = self._claims(token)
        if claims.get("sub") != self._public_key:
            raise Refusal(401, "Unknown public key: the token's subject is not a key of this account")
        return claims

    def _read(self, token: str) -> dict[str, Any]:
        try:
            return jwt.decode(token, self._private_key, algorithms=["HS256"], options=_UNCHECKED)
        except jwt.InvalidSignatureError:
            raise Refusal(401, "Signature verification failed") from None
        except jwt.InvalidAlgorithmError:
            raise Refusal(401, "Algorithm not allowed: sign with HS256") from None
        except jwt.InvalidTokenError:
            raise Refusal(401, "The token cannot be read") from None

    def _check_times(self, claims: Mapping[str, Any], at: float) -> None:
        expires, issued, not_before = (self._instant(claims, name) for name in ("exp", "iat", "nbf"))
        longest = MAX_LIFE_SECONDS if self._strict else MAX_LENIENT_LIFE_SECONDS
        if expires is None:
            raise Refusal(401, "The token never expires: exp is missing")
        for name, moment in (("iat", issued), ("nbf", not_before)):
            if moment is not None and moment > at:
                raise Refusal(401, f"The token is not valid yet: {name} lies in the future")
        if expires <= at:
            raise Refusal(401, "Expired token")
        if expires - (at if issued is None else issued) > longest:
            raise Refusal(401, f"The token lives too long: exp may lie at most {longest} seconds after iat")

    def _instant(self, claims: Mapping[str, Any], name: str) -> float | None:
        value = claims.get(name)
        if value is None:
            return None
        if not self._strict and isinstance(value, str) and value.isascii() and value.isdigit():
            return float(value)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise Refusal(401, f"The token cannot be read: {name} is not a number")
        return value
