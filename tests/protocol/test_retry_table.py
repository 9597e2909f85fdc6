"""Law 1, cell by cell: the effect and the fate of a try decide what follows; and the fate of every kind of answer."""

from __future__ import annotations

import pytest

from billingo_async.protocol.call import Effect, Fate, Fault, Reply
from billingo_async.protocol.retry import ACTIONS, Action, dated, fate_of

CELLS = [
    ("read", "never sent", "again"),
    ("read", "not processed", "again"),
    ("read", "unknown", "again"),
    ("read", "answered", "done"),
    ("same", "never sent", "again"),
    ("same", "not processed", "again"),
    ("same", "unknown", "again"),
    ("same", "answered", "done"),
    ("once", "never sent", "again"),
    ("once", "not processed", "again"),
    ("once", "unknown", "outcome unknown"),
    ("once", "answered", "done"),
]
"""The table of the design's first law, and what goes without saying: an answer is an answer."""

FUTURE = "Tue, 14 Nov 2023 22:14:20 GMT"


@pytest.mark.parametrize(("effect", "fate", "action"), CELLS)
def test_cell(effect: str, fate: str, action: str) -> None:
    """Every cell says what the design says."""
    assert ACTIONS[Effect(effect)][Fate(fate)] is Action(action)


def test_table_has_no_other_cell() -> None:
    """Each effect meets each fate once."""
    assert {(effect.value, fate.value) for effect, row in ACTIONS.items() for fate in row} == {
        (effect, fate) for effect, fate, _ in CELLS
    }


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
