"""The token: its claims as documented, its signature as another library checks it, its life of 30 seconds."""

from __future__ import annotations

import hashlib
import warnings
from contextlib import nullcontext

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from billingo_async.errors import ConfigurationError
from billingo_async.v2.api import JwtAuth, claims, sign

AT = 1_700_000_000
PRIVATE = "a private key of at least 32 bytes"


def test_claims_are_those_of_the_documentation() -> None:
    """Subject, times, issuer outside a web request, and the MD5 of subject and time joined as text."""
    assert claims("public", AT) == {
        "sub": "public",
        "iat": AT,
        "exp": AT + 30,
        "iss": "cli",
        "jti": hashlib.md5(b"public1700000000").hexdigest(),  # noqa: S324 - the documented formula
    }


def test_another_library_accepts_the_token() -> None:
    """PyJWT's own reader finds a good signature and these claims; nothing else is in the header."""
    token = sign("public", PRIVATE, AT)
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}
    options = {"verify_exp": False, "verify_iat": False}
    assert jwt.decode(token, PRIVATE, algorithms=["HS256"], options=options) == claims("public", AT)  # type: ignore[arg-type]  # a plain dict will do
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token, PRIVATE[:-1] + "!", algorithms=["HS256"])


def test_key_of_any_length_signs_in_silence() -> None:
    """The vendor issues the keys: a short one is no fault of the caller's, and no warning is for him."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        token = sign("public", "short", AT)
    warning = getattr(jwt, "InsecureKeyLengthWarning", None)  # versions before 2.11 have none
    with nullcontext() if warning is None else pytest.warns(warning):
        jwt.decode(token, "short", algorithms=["HS256"], options={"verify_signature": True, "verify_exp": False})


@given(st.integers(0, 2**40), st.text(min_size=1), st.text(min_size=1).map(lambda text: f"{text}{PRIVATE}"))
def test_no_token_lives_longer_than_thirty_seconds(at: int, public: str, private: str) -> None:
    """Whatever the keys and the instant."""
    value = jwt.decode(sign(public, private, at), options={"verify_signature": False})
    assert 0 < value["exp"] - value["iat"] <= 30
    assert value["iat"] == at


def test_token_is_stale_before_its_time_and_after_it() -> None:
    """Not yet valid, or within a second of its end or past it."""
    auth = JwtAuth.read("public", PRIVATE)
    credential = auth.issue(AT + 1)
    assert credential.issued == AT
    assert not any(auth.is_stale(credential, AT + after) for after in (0.0, 0.5, 28.999))
    assert all(auth.is_stale(credential, AT + after) for after in (-3600.0, -0.001, 29.0, 30.0, 3600.0))


def test_an_answer_that_echoes_keys_or_token_is_shown_without_them() -> None:
    """Both keys, and the token of the request that it answers."""
    auth = JwtAuth.read("a-public-key", PRIVATE)
    credential = auth.issue(AT)
    token = credential.headers["Authorization"].removeprefix("Bearer ")
    body = f"{PRIVATE}, a-public-key, Bearer {token}"
    assert auth.redact(body.encode(), credential) == b"[hidden], [hidden], Bearer [hidden]"
    assert auth.redact(body.encode(), None) == f"[hidden], [hidden], Bearer {token}".encode()


def test_keys_that_cannot_sign_are_told_at_once() -> None:
    """Half a character cannot be sent; and an account is known by its public key, as journals have it."""
    with pytest.raises(ConfigurationError) as caught:
        JwtAuth(SecretStr("half \udcff"), SecretStr(PRIVATE))
    remedy = "public_key and private_key must be as Billingo shows them, plain ASCII text"
    assert str(caught.value) == f"the keys cannot sign: {remedy}"
    assert JwtAuth.read("public", PRIVATE).account == hashlib.sha256(b"billingo-async:public").hexdigest()[:16]


def test_a_token_is_dated_a_second_early_and_signed_once_a_second() -> None:
    """One from the future is refused, one from the past is not; within a second it is the same."""
    auth = JwtAuth.read("public", PRIVATE)
    assert auth.issue(AT + 0.9).issued == AT - 1
    assert auth.issue(AT + 0.1) is auth.issue(AT + 0.9)
    assert auth.issue(AT + 0.1).headers == {"Authorization": f"Bearer {sign('public', PRIVATE, AT - 1)}"}
    assert auth.accepted_for == 30
