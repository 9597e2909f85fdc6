"""Law 1, cell by cell: what follows from effect and fate, the fate of every kind of answer, and how long to wait."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billingo_async.protocol.call import Fate, Fault, Reply
from billingo_async.protocol.retry import ACTIONS, dated, fate_of, http_date, retry_after, wait_before_next

CELLS = {
    "read": ["again", "again", "again", "done"],
    "same": ["again", "again", "again", "done"],
    "once": ["again", "again", "outcome unknown", "done"],
}
"""The table of the design's first law, and what goes without saying: an answer is an answer."""
FATES = ["never sent", "not processed", "unknown", "answered"]

FUTURE = "Tue, 14 Nov 2023 22:14:20 GMT"


def test_every_cell_says_what_the_design_says() -> None:
    """Each effect meets each fate once, and no other."""
    table = {effect: dict(zip(FATES, actions, strict=True)) for effect, actions in CELLS.items()}
    assert {effect: {fate: action.value for fate, action in row.items()} for effect, row in ACTIONS.items()} == table


def test_fault_brings_its_fate_along() -> None:
    """What broke on the way was classified where it broke."""
    for fate in Fate:
        assert fate_of(Fault(fate, "the line broke")) is fate


def _expected(status: int) -> str:
    """Return the fate of a status without further words, as law 1 and the reference page tell it."""
    if status == 429:
        return "not processed"
    if 200 <= status <= 299 or (300 <= status <= 499 and status != 408):
        return "answered"
    return "unknown"


def test_fate_of_every_status() -> None:
    """429 is not processed; success, redirects and refusals are answers; a server's time-out, any 5xx are unknown."""
    wrong = {
        status: fate
        for status in range(100, 1000)
        if (fate := fate_of(Reply(status, {}, b"")).value) != _expected(status)
    }
    assert wrong == {}


@pytest.mark.parametrize("asked", ["0", "120", "1.5", FUTURE])
@pytest.mark.parametrize(
    ("status", "fate"), [(503, Fate.NOT_PROCESSED), (500, Fate.UNKNOWN), (502, Fate.UNKNOWN), (504, Fate.UNKNOWN)]
)
def test_only_a_503_that_asks_to_wait_is_refused(status: int, fate: Fate, asked: str) -> None:
    """A 503 with a `Retry-After` says that nothing was done, with or without a `Date`; another 5xx never does."""
    assert fate_of(dated(Reply(status, {"retry-after": asked}, b""), server_now=0.0)) is fate
    assert fate_of(Reply(status, {"retry-after": asked, "date": FUTURE}, b"")) is fate


@pytest.mark.parametrize("asked", ["", "soon", "-5", "1e3", "Tue, 99 Nov 2023"])
def test_unreadable_wait_is_no_refusal(asked: str) -> None:
    """A 503 whose `Retry-After` nobody can read leaves the request in doubt."""
    assert fate_of(Reply(503, {"retry-after": asked}, b"")) is Fate.UNKNOWN


def test_stale_token_was_refused_and_wrong_keys_are_an_answer() -> None:
    """A 401 is unprocessed only where the token's times explain it, and no other status is explained by them."""
    assert fate_of(Reply(401, {}, b""), is_stale=True) is Fate.NOT_PROCESSED
    assert fate_of(Reply(401, {}, b""), is_stale=False) is Fate.ANSWERED
    assert fate_of(Reply(403, {}, b""), is_stale=True) is Fate.ANSWERED
    assert fate_of(Reply(500, {}, b""), is_stale=True) is Fate.UNKNOWN


@pytest.mark.parametrize(("status", "headers"), [(429, {}), (429, {"retry-after": "5"}), (503, {"retry-after": "5"})])
def test_behind_a_lying_gateway_no_answer_that_asks_to_wait_is_believed(status: int, headers: dict[str, str]) -> None:
    """With `trust_refusals=False` nothing is known of such a request; a stale credential is still believed."""
    assert fate_of(Reply(status, headers, b""), is_trusted=False) is Fate.UNKNOWN
    assert fate_of(Reply(401, {}, b""), is_stale=True, is_trusted=False) is Fate.NOT_PROCESSED
    assert fate_of(Reply(404, {}, b""), is_trusted=False) is Fate.ANSWERED


NOW = 1_700_000_000.0
NOW_AS_DATE = "Tue, 14 Nov 2023 22:13:20 GMT"
MINUTE_LATER = "Tue, 14 Nov 2023 22:14:20 GMT"
CAPS = {1: 0.5, 2: 1.0, 3: 2.0, 4: 4.0, 5: 8.0, 6: 8.0, 50: 8.0, 5000: 8.0}
"""Seconds that the wait after so many tries has for its upper bound: doubled each time, until 8."""


def _reply(value: str | None, date: str | None = None) -> Reply:
    headers = {name: text for name, text in (("retry-after", value), ("date", date)) if text is not None}
    return Reply(429, headers, b"")


def _asked(value: str | None, date: str | None = None) -> float | None:
    return retry_after(_reply(value, date))


def _asked_at(server_now: float, value: str, date: str | None = None) -> float | None:
    """Read the header as it is read when the answer came at this time of the server's clock."""
    answer = dated(_reply(value, date), server_now)
    assert isinstance(answer, Reply)
    return retry_after(answer)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0", 0.0), ("1", 1.0), (" 61 ", 61.0), ("2.5", 2.5), ("0120", 120.0), ("31536000", 31_536_000.0)],
)
def test_seconds_are_read(value: str, seconds: float) -> None:
    """Whole seconds as the standard has them, and parts of seconds as some servers send them."""
    assert _asked(value) == seconds


def test_absurdly_many_seconds_are_still_a_number() -> None:
    """A number beyond all bounds is more than anybody's patience, and no crash."""
    assert _asked("9" * 400) == math.inf


@pytest.mark.parametrize(
    "value", [None, "", " ", "-1", "+1", "1e3", "1.2.3", ".", "soon", "0x10", "٣", "inf", "nan", "Tue, 14 Nov"]
)
def test_anything_else_asks_for_nothing(value: str | None) -> None:
    """What is missing, negative or not readable is as good as not said."""
    assert _asked(value, date=NOW_AS_DATE) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7, 9", 9.0), ("9, 7", 9.0), ("7,9", 9.0), ("7, soon", 7.0), (f"{MINUTE_LATER}, 9", 60.0),
     (f"61, {MINUTE_LATER}, 9", 61.0), (f"{NOW_AS_DATE}, {MINUTE_LATER}", 60.0),
     ("Tuesday, 14-Nov-23 22:14:20 GMT, 9", 60.0), (f"9,{MINUTE_LATER},7", 60.0)],
)  # fmt: skip
def test_the_longest_wait_counts_where_the_header_came_twice(value: str, seconds: float) -> None:
    """Never wait less than asked: two headers arrive as one, with a comma between them (RFC 9110, 5.3)."""
    assert _asked(value, date=NOW_AS_DATE) == seconds


def test_date_is_counted_from_the_answers_own_date() -> None:
    """Neither the local clock nor what was thought of the server's counts where the answer tells the time itself."""
    assert _asked(MINUTE_LATER, date=NOW_AS_DATE) == 60.0
    assert _asked_at(0.0, MINUTE_LATER, date=NOW_AS_DATE) == 60.0


def test_date_is_counted_from_the_servers_clock_where_the_answer_tells_no_time() -> None:
    """A missing or unreadable `Date` leaves what is known of the server's clock."""
    assert _asked_at(NOW + 45, MINUTE_LATER) == 15.0
    assert _asked_at(NOW, MINUTE_LATER, date="yesterday") == 60.0
    assert _asked_at(NOW, "7") == 7.0


def test_only_an_answer_that_asks_to_wait_is_dated() -> None:
    """Anything else is left as it came, and so is what broke on the way."""
    for answer in (Reply(200, {}, b""), Fault(Fate.UNKNOWN, "the line broke"), _reply("7", NOW_AS_DATE)):
        assert dated(answer, 0.0) is answer


def test_date_that_cannot_be_counted_asks_for_nothing() -> None:
    """Without any time to count from, a date says nothing."""
    assert _asked(MINUTE_LATER) is None


def test_date_in_the_past_asks_for_no_wait() -> None:
    """A moment that is over is a wait of nothing, never a negative one."""
    assert _asked(NOW_AS_DATE, date=MINUTE_LATER) == 0.0


@pytest.mark.parametrize(
    "text", ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 09:49:37 +0100"]
)
def test_http_dates_are_read(text: str) -> None:
    """The form of RFC 9110 and an older one stand for the same second: 784111777."""
    assert http_date(text) == 784_111_777.0


@given(st.text())
def test_no_text_breaks_the_reader_of_dates(text: str) -> None:
    """Whatever a header holds, the answer is a number or None."""
    assert http_date(text) is None or isinstance(http_date(text), float)


@pytest.mark.parametrize(("tries", "cap"), CAPS.items())
def test_backoff_doubles_up_to_eight_seconds(tries: int, cap: float) -> None:
    """The dice decide between nothing and the bound: full jitter."""
    assert wait_before_next(tries, None, 1.0) == cap
    assert wait_before_next(tries, None, 0.5) == cap / 2
    assert wait_before_next(tries, None, 0.0) == 0.0


@given(tries=st.integers(1, 10_000), asked=st.none() | st.floats(0, 1e9), chance=st.floats(0, 1))
def test_wait_is_bounded_on_both_sides(tries: int, asked: float | None, chance: float) -> None:
    """Never less than the server asked for, and never more than that or 8 seconds."""
    wait = wait_before_next(tries, asked, chance)
    assert wait >= (asked or 0.0)
    assert wait <= max(asked or 0.0, 8.0)
