"""The public face of API v3: its names, its options, its secrets, and what it shares with v2."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import billingo_async
from billingo_async import v3
from billingo_async.on_demand import public_names
from billingo_async.v3 import Billingo, ConfigurationError, RateLimit

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "0123456789-key-of-v3"
SHARED = [name for name in public_names("billingo_async.v3") if name in public_names("billingo_async")]
SAME = set(SHARED) - {
    "BankAccount", "Billingo", "Country", "Entitlement", "NewBankAccount", "NewProduct", "PaymentMethod", "Product",
    "Vat",
}  # fmt: skip
"""What both wings name alike, but for what each API has of its own."""


def test_what_both_wings_share_is_the_same_object() -> None:
    """An error of one is caught as the other's; a journal, a limit and a page serve both."""
    assert {"Journal", "RateLimit", "Effect", "Attempt", "CallReport", "RawResponse", "AsyncPager", "Page"} <= SAME
    assert {name for name in public_names("billingo_async") if name.endswith("Error")} <= SAME
    for name in SHARED:
        assert (getattr(v3, name) is getattr(billingo_async, name)) is (name in SAME), name


@pytest.mark.parametrize(
    ("module", "other"), [("billingo_async", "billingo_async.v3"), ("billingo_async.v3", "billingo_async.v2")]
)
def test_importing_one_wing_loads_nothing_of_the_other(module: str, other: str) -> None:
    """Nor does using its object: a program pays for the API that it speaks."""
    given = "'a', 'b' * 32" if module == "billingo_async" else "'a' * 32"
    program = (
        f"import sys; import {module} as wing; wing.Billingo({given}); wing.Journal; wing.Outcome; "
        f"print([name for name in sys.modules if name.startswith({other!r})])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - a program of this test's own
    assert done.stdout.strip() == "[]"


def test_the_key_comes_from_the_argument_or_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without either, the error names both; so does the address."""
    monkeypatch.delenv("BILLINGO_API_KEY", raising=False)
    with pytest.raises(ConfigurationError, match="BILLINGO_API_KEY"):
        Billingo()
    with pytest.raises(ConfigurationError, match="api_key is missing"):
        Billingo("  ")
    monkeypatch.setenv("BILLINGO_API_KEY", KEY)
    assert repr(Billingo()) == "<Billingo https://api.billingo.hu/v3>"
    monkeypatch.setenv("BILLINGO_V3_BASE_URL", "https://elsewhere.example/v3/")
    assert repr(Billingo()) == "<Billingo https://elsewhere.example/v3>"
    assert repr(Billingo(base_url="https://third.example/v3")) == "<Billingo https://third.example/v3>"
    monkeypatch.setenv("BILLINGO_BASE_URL", "https://v2.example/api")
    assert "v2.example" not in repr(Billingo())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"api_key": "kulcs-ő"}, "plain ASCII"),
        ({"api_key": "a\nb"}, "line break"),
        ({"base_url": "http://api.billingo.hu/v3"}, "https"),
        ({"rate_limit": 300}, "rate_limit must be a RateLimit"),
        ({"proxy": ""}, "proxy"),
        ({"public_key": "a", "private_key": "b"}, "are API v2's: from billingo_async import Billingo"),
    ],
)
def test_an_option_that_cannot_work_is_refused_by_name(options: dict[str, Any], words: str) -> None:
    """Nothing is opened, and no key is shown."""
    given: dict[str, Any] = {"api_key": KEY, **options}
    with pytest.raises(ConfigurationError, match=words) as caught:
        Billingo(**given)
    assert KEY not in str(caught.value)
    assert str(options.get("api_key")) not in str(caught.value)


def test_the_key_is_shown_nowhere_and_pickled_never() -> None:
    """Neither the object nor anything in it gives it away."""
    billingo = Billingo(KEY, rate_limit=RateLimit(5, per=1.0))
    assert KEY not in repr(billingo)
    assert KEY not in repr(billingo._dispatch.settings)
    assert KEY not in repr(billingo._dispatch.auth)
    assert KEY not in billingo._dispatch.auth.account
    for take in (pickle.dumps, copy.deepcopy):
        attempt: Callable[[object], object] = take
        with pytest.raises(TypeError):
            attempt(billingo._dispatch.auth)


def test_an_echoed_key_is_taken_out_of_an_answer() -> None:
    """A server that repeats the key, plain or escaped, does not get it into an error or a log."""
    auth = Billingo("key/with/slashes-0123")._dispatch.auth
    for body in (b'{"error":"key/with/slashes-0123"}', b'{"error":"key\\/with\\/slashes-0123"}'):
        assert b"slashes" not in auth.redact(body, None)
    assert auth.redact(b"plain", None) == b"plain"
