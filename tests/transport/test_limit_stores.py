"""How a store grants the slots of a window: exactly, in turn, and the same in each of the three."""

from __future__ import annotations

import asyncio
import math
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limited import ADDRESSES, PDF, STORES, needs, new_window, store_address
from loopback import KEYS, serving

from billingo_async import Billingo, RateLimit, ThrottledError
from billingo_async.transport import limit_stores
from billingo_async.transport.limit_stores import GRACE_SECONDS, WindowState, open_store
from billingo_async.transport.windows import RIDE_OUT_SECONDS, SlotRequest

if TYPE_CHECKING:
    from pathlib import Path

COUNT, PER = 3, 10.0


class Step(NamedTuple):
    """One question to a store: which process asks, how long after the last question, and does it depart if it may?"""

    process: int
    after: float
    patience: float
    departs: bool


steps = st.builds(
    Step,
    process=st.integers(0, 3),
    after=st.sampled_from([0.0, 0.01, 0.5, 1.5, PER / 3, PER, 3 * PER]),
    patience=st.sampled_from([0.0, PER / 2, math.inf]),
    departs=st.booleans(),
)


def ask(state: WindowState, token: str, now: float, *, patience: float = math.inf, **others: dict[str, float]) -> float:
    """Ask for a slot of a window of three in ten seconds."""
    request = SlotRequest("w", token, COUNT, PER, patience, others.get("unrecorded", {}))
    return state.reserve(request, now)


def test_as_many_as_there_are_slots_and_the_next_when_the_first_is_over() -> None:
    """Three at once; the fourth is told the seconds until the first slot is a window old."""
    state = WindowState()
    assert [ask(state, token, 100.0 + at) for at, token in enumerate("abc")] == [0, 0, 0]
    assert ask(state, "d", 104.0) == 6.0
    assert ask(state, "d", 110.0) == 0


@given(st.lists(steps, max_size=60))
def test_no_window_holds_one_too_many_whatever_is_asked(script: list[Step]) -> None:
    """Any order, any patience, slots that are moved and processes that vanish: what departs keeps the limit."""
    state, now, departures, turns = WindowState(), 0.0, list[float](), dict[int, int]()
    for step in script:
        now += step.after
        token = f"{step.process} {turns.get(step.process, 0)}"
        if ask(state, token, now, patience=step.patience) == 0 and step.departs:
            departures.append(now)
            turns[step.process] = turns.get(step.process, 0) + 1
    for begin in departures:
        assert sum(begin <= each < begin + PER for each in departures) <= COUNT


def test_heads_are_served_in_the_order_in_which_they_began_to_wait() -> None:
    """Four processes wait with a queue each: they take turns, though the first asks far more often than the others."""
    state, turns, due = WindowState(), dict.fromkeys("abcd", 0), dict.fromkeys("abcd", 0.0)
    now = 0.0
    while now < 20 * PER:
        process = min(due, key=lambda each: due[each])
        now = max(now + 0.001, due[process])
        wait = ask(state, f"{process} {turns[process]}", now)
        turns[process] += wait == 0
        due[process] = now + (min(wait, 0.3) if process == "a" else wait)
    assert sum(turns.values()) >= 20 * COUNT
    assert max(turns.values()) - min(turns.values()) <= 1


def test_to_ask_again_moves_the_slot_and_takes_no_other() -> None:
    """A lost answer costs nothing; the window counts from the last time on, since that is when the request leaves."""
    state = WindowState()
    assert [ask(state, "a", at) for at in (0.0, 4.0, 8.0)] == [0, 0, 0]
    assert [ask(state, token, 8.0) for token in "bc"] == [0, 0]
    assert ask(state, "d", 8.0) == PER


def test_what_is_not_waited_for_leaves_nothing_behind() -> None:
    """A head whose slot comes later than its patience holds up no other."""
    state = WindowState()
    for token in "abc":
        ask(state, token, 0.0)
    before = state.dump()
    assert ask(state, "impatient", 4.0, patience=5.0) == 6.0
    assert state.dump() == before


def test_head_that_died_is_waited_for_no_longer_than_the_grace() -> None:
    """The slot of a process that does not come is free for the next a second after it was due."""
    state = WindowState()
    for token in "abc":
        ask(state, token, 0.0)
    assert ask(state, "dead", 1.0) == 9.0
    assert ask(state, "waits", 2.0) == 8.0  # the second of the three that end together
    for token in "ef":
        ask(state, token, 2.0)
    late = PER + GRACE_SECONDS
    assert [ask(state, token, late) for token in ("waits", "e", "f")] == [0, 0, 0]


def test_clock_that_begins_anew_lets_none_through_and_none_wait_for_ever() -> None:
    """After a restart of the host its clock is near zero: all slots count from then on, and the heads are gone."""
    state = WindowState()
    for token in "abcd":
        ask(state, token, 1e6)
    assert ask(state, "e", 5.0) == PER
    assert ask(state, "e", 5.0 + PER) == 0


@pytest.mark.parametrize("kind", STORES)
async def test_store_grants_moves_and_refuses(kind: str, tmp_path: Path) -> None:
    """Each store does as the rule says; its clock is its own, so waits are compared by bounds."""
    store, window = open_store(store_address(kind, tmp_path)), new_window()

    async def reserve(token: str, patience: float = math.inf, **unrecorded: float) -> float:
        return await store.reserve(SlotRequest(window, token, COUNT, 60.0, patience, unrecorded))

    try:
        assert [await reserve(token) for token in "abab"] == [0, 0, 0, 0]
        assert 50 < await reserve("d", gone=9.0) <= 51
        assert 59 < await reserve("e", patience=1.0) < 60
        assert 59 < await reserve("f") < 60
        apart = SlotRequest(new_window(), "a", 1, 60.0, math.inf, {})
        assert await store.reserve(apart) == 0
    finally:
        await store.aclose()
    assert await store.reserve(SlotRequest(window, "a", COUNT, 60.0, math.inf, {})) == 0  # connects again
    await store.aclose()


@pytest.mark.parametrize("kind", STORES)
async def test_hundred_at_once_take_as_many_slots_as_there_are(kind: str, tmp_path: Path) -> None:
    """Twenty connections ask five times each, all at the same moment: 7 slots, 7 granted."""
    address, window = store_address(kind, tmp_path), new_window()

    async def one(number: int) -> int:
        store = open_store(address)
        asked = [SlotRequest(window, f"{number} {each}", 7, 60.0, 0.0, {}) for each in range(5)]
        granted = [await store.reserve(request) == 0 for request in asked]
        await store.aclose()
        return sum(granted)

    assert sum(await asyncio.gather(*map(one, range(20)))) == 7


@needs("redis")
async def test_redis_that_was_started_anew_grants_nothing_before_a_window_is_over() -> None:
    """What it had not saved it has forgotten: a process that is older waits until none of that counts.

    It need not have asked before: others may have taken slots.
    """
    store, per = open_store(ADDRESSES["redis"]), 1e9  # longer than any server has been running
    assert isinstance(store, limit_stores.RedisStore)
    assert await store.reserve(SlotRequest(new_window(), "a", COUNT, per, math.inf, {})) == 0
    older = open_store(ADDRESSES["redis"])
    assert isinstance(older, limit_stores.RedisStore)
    older._since -= per / 4
    forgotten = new_window()
    for asking in (older, store):  # what the one has noted holds for the other
        assert per / 2 < await asking.reserve(SlotRequest(forgotten, "a", COUNT, per, math.inf, {})) < per
        await asking.aclose()


def test_sqlite_goes_by_the_clock_of_the_host(tmp_path: Path) -> None:
    """Setting the wall clock moves no slot: the clock is the monotonic one, the same for all processes of the host."""
    moments = iter([50.0, 50.5, 51.0])
    store = limit_stores.SqliteStore(f"sqlite:///{tmp_path / 'limits.db'}", clock=lambda: next(moments))
    requests = [SlotRequest("w", token, 1, 61.0, math.inf, {}) for token in "abc"]
    assert [asyncio.run(store.reserve(request)) for request in requests] == [0, 60.5, 121.0]
    asyncio.run(store.aclose())


async def test_sqlite_file_that_is_gone_begins_anew(tmp_path: Path) -> None:
    """A cache folder may be emptied at any time: the next question finds the file that others find."""
    address = f"sqlite:///{tmp_path / 'limits.db'}"
    one, other = open_store(address), open_store(address)
    waits = list[float]()
    for store in (one, other):
        waits.append(await store.reserve(SlotRequest("w", str(len(waits)), 1, 60.0, math.inf, {})))
        _empty(tmp_path)
    waits.extend([await store.reserve(SlotRequest("w", "last", 1, 60.0, math.inf, {})) for store in (one, one)])
    waits.append(await other.reserve(SlotRequest("w", "other", 1, 60.0, math.inf, {})))
    await one.aclose()
    await other.aclose()
    assert waits[:4] == [0, 0, 0, 0]
    assert 59 < waits[4] < 60


def _empty(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


async def answer_pdf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of a connection with a PDF."""
    try:
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(PDF), PDF))
    except asyncio.IncompleteReadError:
        writer.close()


async def test_hasty_call_under_a_shared_limit_leaves_or_hears_when_it_may(tmp_path: Path) -> None:
    """It asks the store, however little it waits: a slot is taken at once; a locked file is told as seconds to come."""
    file = tmp_path / "limits.db"
    limit = RateLimit(2, per=61.0, shared=f"sqlite:///{file}")
    async with serving(answer_pdf) as url, Billingo(*KEYS, base_url=url, pdf_limit=limit, max_queue=0) as billingo:
        assert await billingo.invoices.download(1) == PDF
        with closing(sqlite3.connect(file, isolation_level=None)) as stranger:
            stranger.execute("BEGIN EXCLUSIVE")
            with pytest.raises(ThrottledError) as caught:
                await billingo.invoices.download(1)
    assert caught.value.retry_after == pytest.approx(RIDE_OUT_SECONDS)
