"""Each option has its default, and is refused by name where it cannot work."""

from __future__ import annotations

import copy
import math
import pickle
from typing import Any
from unittest.mock import Mock

import pytest

from billingo_async import Billingo, ConfigurationError, RateLimit
from billingo_async.settings import Settings
from billingo_async.v2.api import DEFAULT_PDF_LIMIT

ADDRESS = "https://www.billingo.hu/api"
HUGE = 10**400  # an int that no float can hold


def test_defaults_are_those_of_the_contract() -> None:
    """The design writes them out."""
    settings = Settings(ADDRESS)
    assert settings.base_url == "https://www.billingo.hu/api"
    assert (settings.timeout, settings.max_retries, settings.max_wait) == (30.0, 3, 60.0)
    assert (settings.max_connections, DEFAULT_PDF_LIMIT) == (50, RateLimit(10, per=61.0))


def test_limit_is_bound_by_nothing_else() -> None:
    """A `RateLimit` waits as long as it takes unless told otherwise."""
    assert repr(RateLimit(10, per=61.0)) == "RateLimit(count=10, per=61.0)"


NO_NUMBERS = (math.nan, math.inf, -math.inf, True, False, "30", None)
POSITIVE, PATIENT = "a number above 0", "a number of at least 0"
WHOLE, COUNTED = "a whole number of at least 0", "a whole number of at least 1"


@pytest.mark.parametrize(
    ("option", "what", "values"),
    [
        ("timeout", POSITIVE, (0, -1, HUGE)),
        ("max_retries", WHOLE, (-1, 1.0, 0.5)),
        ("max_wait", PATIENT, (-0.1,)),
        ("max_connections", COUNTED, (0, -1, 2.0)),
        ("max_response_size", COUNTED, (0, -1, 2.0)),
    ],
)
def test_what_an_option_cannot_be_is_refused(option: str, what: str, values: tuple[Any, ...]) -> None:
    """By name, with what it must be; a `Billingo` object that cannot work is never made."""
    for value in (*values, *NO_NUMBERS):
        given: dict[str, Any] = {option: value}
        with pytest.raises(ConfigurationError, match=f"^{option} must be {what}, got "):
            Settings(ADDRESS, **given)
    wrong: dict[str, Any] = {option: -1}
    with pytest.raises(ConfigurationError, match=f"^{option} must be"):
        Billingo("public", "private", **wrong)


@pytest.mark.parametrize("value", [10, -1, (10, 61.0), None, "10/min"])
def test_pdf_limit_must_be_a_rate_limit(value: Any) -> None:
    """The message shows how one is made."""
    with pytest.raises(ConfigurationError, match=r"^pdf_limit must be a RateLimit, such as RateLimit\(10, per=61.0\)"):
        Billingo("public", "private", pdf_limit=value)


@pytest.mark.parametrize(
    ("count", "per", "named"),
    [
        (0, 61.0, "RateLimit count"), (2.5, 61.0, "RateLimit count"), (True, 61.0, "RateLimit count"),
        (10**20, 61.0, "RateLimit count"), (10, 0, "RateLimit per"), (10, math.inf, "RateLimit per"),
        (10, "61", "RateLimit per"),
    ],
)  # fmt: skip
def test_rate_limit_names_what_is_wrong(count: Any, per: Any, named: str) -> None:
    """A window that lets nothing or everything through is refused."""
    with pytest.raises(ConfigurationError, match=f"^{named} must be "):
        RateLimit(count, per)


@pytest.mark.parametrize("least", [{"timeout": 0.001}, {"max_retries": 0}, {"max_wait": 0}, {"max_connections": 1}])
def test_least_values_are_taken(least: dict[str, Any]) -> None:
    """The bounds themselves belong to what is allowed."""
    assert getattr(Settings(ADDRESS, **least), next(iter(least))) == next(iter(least.values()))


def test_changed_options_are_checked_again() -> None:
    """A copy with other patience is held to the same rules; None leaves an option alone, 0 does not."""
    settings = Settings(ADDRESS, timeout=5, max_retries=2)
    assert settings.replace(timeout=None, max_retries=0) == Settings(ADDRESS, timeout=5, max_retries=0)
    with pytest.raises(ConfigurationError, match=r"^timeout must be"):
        settings.replace(timeout=0)


def test_long_nonsense_is_cut_in_the_message() -> None:
    """A message shows the beginning of what was passed, not all of it."""
    with pytest.raises(ConfigurationError) as caught:
        Settings(ADDRESS, timeout="x" * 10_000)  # type: ignore[arg-type]  # what an untyped caller may pass
    assert len(str(caught.value)) < 100


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("sqlite:///limits.db", "sqlite:///limits.db"),
        ("sqlite+aiosqlite:////srv/limits.db", "sqlite+aiosqlite:////srv/limits.db"),
        ("postgresql+asyncpg://shop:s3cr@t@db:5432/shop", "postgresql+asyncpg://shop@db:5432/shop"),
        ("redis://:secret@cache:6379/0?password=other", "redis://cache:6379/0"),
        ("rediss://shop@cache", "rediss://shop@cache"),
    ],
)
def test_store_of_a_limit_is_shown_without_its_password(address: str, shown: str) -> None:
    """Neither the limit's text nor its pickle holds one; where there is none, the limit pickles."""
    limit = RateLimit(10, per=61.0, shared=address, name="office")
    assert repr(limit) == f"RateLimit(count=10, per=61.0, shared={shown!r}, name='office')"
    assert (limit.shared, limit.store) == (address, shown)
    assert copy.copy(limit) == copy.deepcopy(limit) == limit
    if shown == address:
        assert pickle.loads(pickle.dumps(limit)) == limit  # noqa: S301 - our own
    else:
        with pytest.raises(TypeError, match="is not pickled with a password"):
            pickle.dumps(limit)


@pytest.mark.parametrize(
    "address",
    [
        "secret", "shop:secret@db/limits", "mysql://shop:secret@db/limits", "", 7, b"redis://secret",
        "sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite+aiosqlite:///:memory:?secret=1",
        "redis://:secret@[::1", "redis://cache:secret", "postgresql+asyncpg://shop:secret@db:70000/limits",
    ],
)  # fmt: skip
def test_store_of_a_limit_must_be_one_that_is_known(address: Any) -> None:
    """The message shows addresses that work, and nothing of the wrong one but its scheme."""
    with pytest.raises(
        ConfigurationError, match=r"^RateLimit shared .*(must be an address such as|name a file)"
    ) as info:
        RateLimit(10, per=61.0, shared=address)
    assert "secret" not in str(info.value)


def test_store_names_the_extra_that_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library the remedy is named, before anything is sent."""
    monkeypatch.setattr("billingo_async.settings.find_spec", Mock(return_value=None))
    for address, extra in (("redis://cache", "redis"), ("postgresql+asyncpg://db/limits", "postgresql")):
        with pytest.raises(ConfigurationError, match=rf'pip install "billingo-async\[{extra}\]"'):
            RateLimit(10, per=61.0, shared=address)
    assert RateLimit(10, per=61.0, shared="sqlite:///limits.db").shared


@pytest.mark.parametrize("name", ["", " ", "two\nlines", 7])
def test_name_of_a_window_is_a_line_of_text(name: Any) -> None:
    """What it is called in the store can be read there."""
    with pytest.raises(ConfigurationError, match=r"^RateLimit name must be a line of text"):
        RateLimit(10, per=61.0, shared="sqlite:///limits.db", name=name)
