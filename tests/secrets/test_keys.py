"""The keys, from the constructor on: no error about them, no repr and no pickle shows them."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from searching import found, shown_by

from billingo_async import Billingo, ConfigurationError, Journal
from billingo_async.v2.api import JwtAuth

PUBLIC, PRIVATE = "public-key-0123456789abcdef", "private-key-0123456789abcdef"


WRONG: dict[str, dict[str, Any]] = {
    "no public": {"public_key": None, "private_key": PRIVATE},
    "no private": {"public_key": PUBLIC, "private_key": " "},
    "an option": {"public_key": PUBLIC, "private_key": PRIVATE, "timeout": -1},
    "an address": {"public_key": PUBLIC, "private_key": PRIVATE, "base_url": "ftp://x"},
    "bytes": {"public_key": PUBLIC, "private_key": PRIVATE.encode()},
    "two lines": {"public_key": f"{PUBLIC}\n{PUBLIC}", "private_key": PRIVATE},
    "a hook": {"public_key": PUBLIC, "private_key": PRIVATE, "on_attempt": 5},
    "half a character": {"public_key": PUBLIC, "private_key": f"{PRIVATE}\udcff"},
    "an SSH key": {"public_key": PUBLIC, "private_key": f"ssh-rsa {PRIVATE}"},
    "an address with a password": {"public_key": "1", "private_key": "2", "base_url": f"https://shop:{PRIVATE}@x"},
    "beside a proxy": {"public_key": "1", "private_key": "2", "proxy": f"http://:{PRIVATE}@x", "user_agent": ""},
}


@pytest.mark.parametrize("options", WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_the_options_shows_no_key(options: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The error at construction names the option, and no frame on the way holds a key in clear."""
    for name in ("BILLINGO_PUBLIC_KEY", "BILLINGO_PRIVATE_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigurationError) as caught:
        Billingo(**options)
    assert found(shown_by(caught.value), [PUBLIC, PRIVATE]) == []


def test_keys_are_neither_shown_nor_pickled() -> None:
    """Of the settings, the object, and all that holds them."""
    auth = JwtAuth.read(PUBLIC, PRIVATE)
    billingo = Billingo(PUBLIC, PRIVATE)
    assert found([repr(auth.issue(0)), str(auth.issue(0))], [PUBLIC, PRIVATE]) == []
    for holder in (auth, billingo, billingo._dispatch, billingo._dispatch.sender, billingo.invoices):
        assert found([repr(holder), str(holder)], [PUBLIC, PRIVATE]) == []
        with pytest.raises((TypeError, AttributeError)):
            pickle.dumps(holder)


def test_an_address_in_the_journals_place_is_not_repeated() -> None:
    """It may hold the password of a database; the error shows an address of its own instead."""
    address: Any = "postgresql+asyncpg://shop:hunter2@db.internal/shop"
    words = r'journal=Journal\("sqlite\+aiosqlite:///invoices\.db"\), got str$'
    with pytest.raises(ConfigurationError, match=words) as caught:
        Billingo(PUBLIC, PRIVATE, journal=address)
    assert found([str(caught.value), repr(caught.value)], ["hunter2", "db.internal"]) == []


ADDRESSES: dict[str, Any] = {
    "of a journal": lambda: Journal("postgresql://shop:hunter2@x/shop"),
    "of a journal, with an @ in it": lambda: Journal("postgresql+asyncpg://shop:hunter2@x@y/shop"),
    "of a journal, beside an option": lambda: Journal("postgresql+asyncpg://shop:hunter2@x/shop", second_look=-1),
    "of a proxy": lambda: Billingo(PUBLIC, PRIVATE, proxy="http://shop:hunter2@x").with_options(timeout=-1),
}


@pytest.mark.parametrize("made", ADDRESSES.values(), ids=ADDRESSES)
def test_a_password_within_an_address_is_in_no_frame(made: Any) -> None:
    """Whatever is wrong with the address, or with another option beside it."""
    with pytest.raises(ConfigurationError) as caught:
        made()
    assert found(shown_by(caught.value), ["hunter2"]) == []
