"""The address of the API: from the argument, else the environment, else the vendor's; one server has one spelling."""

from __future__ import annotations

import pytest

from billingo_async import Billingo, ConfigurationError
from billingo_async.settings import Settings, is_loopback, read_base_url

VARIABLE = "BILLINGO_BASE_URL"
VENDOR = "https://www.billingo.hu/api"


def read(argument: str | None) -> str:
    """Return the address of API v2."""
    return read_base_url(argument, variable=VARIABLE, default=VENDOR)


@pytest.fixture(autouse=True)
def no_address_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with an environment that names no address."""
    monkeypatch.delenv(VARIABLE, raising=False)


def test_vendor_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a word about it, and with a blank one in the environment, the vendor is called."""
    assert read(None) == VENDOR
    monkeypatch.setenv(VARIABLE, " ")
    assert read(None) == VENDOR


def test_argument_beats_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment counts only where nothing was passed."""
    monkeypatch.setenv(VARIABLE, "http://127.0.0.1:8000/api")
    assert read(None) == "http://127.0.0.1:8000/api"
    assert read("http://localhost/api") == "http://localhost/api"
    assert repr(Billingo("public", "private")) == "<Billingo http://127.0.0.1:8000/api>"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://www.billingo.hu/api/", VENDOR),
        ("HTTPS://WWW.Billingo.HU:443/api", VENDOR),
        (" https://www.billingo.hu/api ", VENDOR),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://127.0.0.1:443", "http://127.0.0.1:443"),
        ("http://[::1]:8080/API", "http://[::1]:8080/API"),
        ("https://proxy.example/..to/v2./.billingo", "https://proxy.example/..to/v2./.billingo"),
        ("https://proxy.example/to/billingo%20api", "https://proxy.example/to/billingo%20api"),
    ],
)
def test_one_server_has_one_spelling(given: str, kept: str) -> None:
    """Case of scheme and host, the usual port and a slash at the end make no difference; the path's case does."""
    assert read(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "", "www.billingo.hu/api", "ftp://www.billingo.hu/api", "https://", "https:///api",
        "https://user:password@www.billingo.hu/api", "https://@www.billingo.hu/api", "https://www.billingo.hu/api?x=1",
        "https://www.billingo.hu/api?", "https://www.billingo.hu/api#part",
        "https://www.billingo.hu:0/api", "https://www.billingo.hu:65536/api", "https://www.billingo.hu:port/api",
        "https://www.billingo.hu\\@evil.example/api", "https://www.billingo.hu/a pi", "https://www.billingo.hu/a\npi",
        "https://számla.example/api", "https://www.billingo.hu//api", "https://www.billingo.hu/../api",
        "https://www.billingo.hu/api/..", "https://www.billingo.hu/./api/", "https://www.billingo.hu/%2E%2e/api",
        "https://www.billingo.hu/.%2e/api", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(given: str) -> None:
    """The message shows what an address looks like, and never what was passed: it may hold a password."""
    with pytest.raises(ConfigurationError) as caught:
        read(given)
    assert str(caught.value).startswith(f"base_url (or {VARIABLE}) must look like {VENDOR}")
    assert "password" not in str(caught.value)


def test_origin_is_the_address_without_its_path() -> None:
    """Where `/time` and the public pages live."""
    assert Settings(VENDOR).origin == "https://www.billingo.hu"
    assert Settings("http://[::1]:8080/api").origin == "http://[::1]:8080"


@pytest.mark.parametrize(
    "host", ["www.billingo.hu", "10.0.0.1", "[2001:db8::1]", "localhost.example", "127.0.0.1.nip.io"]
)
def test_plain_http_is_for_this_machine_alone(host: str) -> None:
    """Beyond loopback keys and customers would travel in the clear; the message says what to write instead."""
    with pytest.raises(ConfigurationError, match=r"must begin with https: plain http is for this machine alone"):
        read(f"http://{host}/api")
    assert read(f"https://{host}/api") == f"https://{host}/api"
    assert not is_loopback(host)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.10", "[::1]", "billingo.localhost"])
def test_loopback_may_be_plain(host: str) -> None:
    """Whatever this machine calls itself."""
    assert read(f"http://{host}:8000/api") == f"http://{host}:8000/api"
