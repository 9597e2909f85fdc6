"""The keys come from the arguments, else from the environment; they are shown nowhere and pickled never."""

from __future__ import annotations

import pickle

import pytest

from billingo_async import Billingo, ConfigurationError
from billingo_async.v2.api import JwtAuth

PUBLIC, PRIVATE = "BILLINGO_PUBLIC_KEY", "BILLINGO_PRIVATE_KEY"
SECRETS = ("public-of-the-test", "private-of-the-test-32-bytes-long")


@pytest.fixture(autouse=True)
def no_keys_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with an environment that names nothing."""
    for name in (PUBLIC, PRIVATE, "BILLINGO_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def _found(public: str | None = None, private: str | None = None) -> tuple[str, str]:
    auth = JwtAuth.read(public, private)
    return auth._public.get_secret_value(), auth._private.get_secret_value()


def test_arguments_are_taken() -> None:
    """What is passed is what is used, without the blanks around it."""
    assert _found(" public ", "private\n") == ("public", "private")


def test_arguments_beat_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two documented variables are read, each key on its own: one may be passed, the other not."""
    monkeypatch.setenv(PUBLIC, "not this one")
    monkeypatch.setenv(PRIVATE, "this one")
    assert _found() == ("not this one", "this one")
    assert _found("passed") == ("passed", "this one")


@pytest.mark.parametrize(
    ("public", "private", "missing"),
    [
        (None, None, "public_key"), (None, "private", "public_key"), ("public", None, "private_key"),
        ("", "private", "public_key"), ("public", " \t", "private_key"),
    ],
)  # fmt: skip
def test_missing_key_is_named(public: str | None, private: str | None, missing: str) -> None:
    """The message says which key is missing and where it may be put."""
    remedy = f"{missing} is missing: pass {missing}= or set BILLINGO_{missing.upper()} in the environment"
    with pytest.raises(ConfigurationError) as caught:
        Billingo(public, private)
    assert str(caught.value) == remedy


def test_blank_argument_is_not_filled_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that was passed empty is a mistake: no other account's key takes its place."""
    monkeypatch.setenv(PUBLIC, "another account's")
    monkeypatch.setenv(PRIVATE, "another account's")
    with pytest.raises(ConfigurationError, match="public_key is missing"):
        Billingo("", "private")


@pytest.mark.parametrize("key", ["two\nlines", "bell\x07", "half a character \udcff"])
def test_key_with_odd_characters_is_refused(key: str) -> None:
    """A key that was copied together with something else is refused before it fails at the first call."""
    with pytest.raises(ConfigurationError, match=r"^private_key holds a line break") as caught:
        Billingo("public", key)
    assert key not in str(caught.value)


def test_key_of_another_type_is_refused() -> None:
    """Bytes are no text, and the message says so without showing them."""
    with pytest.raises(ConfigurationError) as caught:
        Billingo(b"secret bytes", "private")  # type: ignore[arg-type]  # what an untyped caller may pass
    assert str(caught.value) == "public_key must be text, got bytes"


def test_keys_are_not_pickled() -> None:
    """They do not leave the process unseen, and the message says what to do instead."""
    with pytest.raises(TypeError, match=r"^API keys are not pickled: .* in the process that needs one$"):
        pickle.dumps(JwtAuth.read(*SECRETS))


def test_accounts_are_told_apart_without_their_keys() -> None:
    """The name of an account follows from its public key alone, and shows none of it."""
    auth = JwtAuth.read(*SECRETS)
    assert auth.account == JwtAuth.read(SECRETS[0], "another private key of 32 bytes").account
    assert auth.account != JwtAuth.read("another-public", SECRETS[1]).account
    assert SECRETS[0] not in auth.account
