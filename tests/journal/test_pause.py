"""What looking for an intent's result comes to, and how long the second look waits: as a request may take."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from journal_harness import claim_of, ref_of
from sqlalchemy import Connection, create_engine, insert, update

from billingo_async import ConnectionFailedError, MalformedResponseError, ServerError, TimedOutError
from billingo_async.journal import claims, reconcile
from billingo_async.journal.claims import EVIDENCE_LOST, KeyResult
from billingo_async.journal.port import Candidate, Finding, Mark, Match, OpenIntent
from billingo_async.journal.reconcile import LAG_SECONDS, RequestGroup, decide, open_intent, pause_before_second_look
from billingo_async.journal.records import ANSWERED, UnresolvedError, server_may_be_working
from billingo_async.journal.tables import KEYS, METADATA, SEEN, State
from billingo_async.journal.workers import Backoff

if TYPE_CHECKING:
    from billingo_async import BillingoError

TIMEOUT, SECOND_LOOK = 30.0, 3.0
OVER: Any = SimpleNamespace(server_may_be_working=False)
AT_WORK: Any = SimpleNamespace(server_may_be_working=True)


@pytest.mark.parametrize(
    ("rows", "second_look", "seconds"),
    [
        ([], SECOND_LOOK, SECOND_LOOK), ([OVER, OVER], SECOND_LOOK, SECOND_LOOK), ([AT_WORK], SECOND_LOOK, TIMEOUT),
        ([OVER, AT_WORK], SECOND_LOOK, TIMEOUT), ([AT_WORK], 60.0, 60.0),
    ],
    ids=["none", "answered", "dropped or died", "one of two", "longer than a request"],
)  # fmt: skip
def test_pause(rows: list[Any], second_look: float, seconds: float) -> None:
    """What the server has answered is over; all else is given the time of a whole request, by no clock but our own."""
    assert pause_before_second_look(rows, second_look, TIMEOUT) == seconds


CAUSES = [
    (ServerError("500", status_code=500), False), (MalformedResponseError("x"), False),
    (ServerError("502", status_code=502), True), (ServerError("504", status_code=504), True),
    (ConnectionFailedError("x"), True), (TimedOutError("x"), True), (None, True),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "may_be_working"), CAUSES, ids=repr)
def test_only_its_own_answer_tells_that_a_server_has_ended(
    cause: BillingoError | None,
    may_be_working: bool,  # noqa: FBT001 - a column
) -> None:
    """A 500 and an answer that cannot be read come from the server itself; all else may come before it is done."""
    assert server_may_be_working(cause) is may_be_working


def row_of(key: str, **fields: object) -> Any:
    """A row of the journal, as far as the rules look at it."""
    told = {"begun_at": 0.0, "server_begun_at": None, "tick": 5, "marks": '{"4:2026": 7}', "error": "dropped"}
    told |= {"fingerprint": "x", "request": "{}", "stamp": None, "before": None, "server_may_be_working": True}
    return SimpleNamespace(**{"ref": key, "key": key, **told, **fields})


def made(id_: int | None, match: Match = Match.YES, mark: Mark | None = None) -> Candidate[str]:
    """Something that the account has."""
    return Candidate(id_, f"result {id_}", match, mark)


@pytest.mark.parametrize(
    ("one", "is_known"),
    [(made(None), False), (made(1), False), (made(2), True), (made(3), True), (made(4), False),
     (made(1, mark=Mark("4:2026", 7)), True), (made(1, mark=Mark("4:2026", 8)), False),
     (made(1, mark=Mark("5:2026", 0)), False)],
)  # fmt: skip
def test_what_is_no_new_result(one: Candidate[str], *, is_known: bool) -> None:
    """It is another key's, was seen by the tick of the intent, or has no higher number than the last one known then."""
    assert reconcile._is_known(row_of("a"), one, {2}, {3: 5, 4: 6}) is is_known


def test_results_are_given_to_the_oldest_keys() -> None:
    """As many as there are; the other keys are free, and what cannot be told stays in doubt with its reason."""
    operation: Any = SimpleNamespace(dump=str.upper)
    rows = [row_of("late", begun_at=2.0), row_of("first", begun_at=1.0), row_of("last", begun_at=3.0)]
    unsure = RequestGroup([row_of("other")], unsure=[9, 8], altered=[8])
    results = decide(operation, [unsure, RequestGroup(rows, [made(7), made(None)])])
    assert results == [
        KeyResult(cast("Any", "other"), State.DOUBT, error="may be one of 9, 8"),
        KeyResult(cast("Any", "first"), State.DONE, 7, "RESULT 7"),
        KeyResult(cast("Any", "late"), State.DONE, None, "RESULT NONE"),
        KeyResult(cast("Any", "last"), State.FREE),
    ]


async def test_what_was_found_is_sorted_by_what_it_proves() -> None:
    """What a list does not show whole is read; an id that no journal can hold leaves doubt, and none is named twice."""
    asked: list[int] = []

    async def examine(_: object, id_: int) -> Candidate[str]:
        asked.append(id_)
        return made(id_, {3: Match.YES, 4: Match.NO, 5: Match.PERHAPS}[id_])

    group, operation = RequestGroup([row_of("a")], unsure=[1]), cast("Any", SimpleNamespace(examine=examine))
    found = [made(1), made(2), made(None), *(made(id_, Match.PERHAPS) for id_ in (3, 4, 5))]
    await reconcile._sort_in(operation, group, cast("Any", None), [*found, made(6, Match.ALTERED), made(7, Match.NO)])
    assert asked == [3, 4, 5]
    assert [one.id for one in group.sure] == [2, None, 3]
    assert (group.unsure, group.altered, group.reason_unknown) == ([1, 5], [6], None)
    await reconcile._sort_in(operation, group, cast("Any", None), [made(2**63), made(2**63, Match.NO)])
    assert (group.unsure, group.reason) == ([1, 5, 2**63], "its id is one that no journal can hold")


@pytest.mark.parametrize(("begun", "server"), [(10.0, None), (10.0, 15.0), (15.0, 10.0)])
def test_an_intent_is_looked_for_from_either_clock_on(begun: float, server: float | None) -> None:
    """From when the clock that is behind says that it began, until a day after the other says so."""
    row = row_of("a", begun_at=begun, server_begun_at=server, stamp="Ref. a")
    at = 15.0 if server else 10.0
    assert open_intent(row) == OpenIntent("a", b"{}", "Ref. a", None, 10.0, at + 86_400)
    row.request = None
    assert open_intent(row).request == b""
    assert reconcile._undated(cast("Any", SimpleNamespace(is_prepared=False)), row) == (
        None if server else UNDATED_REASON
    )
    assert reconcile._undated(cast("Any", SimpleNamespace(is_prepared=True)), row) is None


def test_an_answered_id_is_a_candidate_whatever_it_says() -> None:
    """It may have been made for this key, so it is neither taken nor forgotten; nor is it named twice."""
    finding = Finding([made(1)])
    for named in (1, 2, 2):
        reconcile._add_named(row_of("a", before=json.dumps({ANSWERED: named})), finding)
    reconcile._add_named(row_of("a"), finding)
    assert finding.candidates == [made(1), Candidate(2, None, Match.ALTERED)]


def operation_of(**traits: object) -> Any:
    """An operation, as far as looking is concerned."""

    async def examine(intent: OpenIntent, id_: int) -> Candidate[str]:
        return made(id_, Match.YES if intent.key == "a" else Match.NO)

    account = SimpleNamespace(name="account", settings=SimpleNamespace(timeout=TIMEOUT))
    told = {"name": "made", "kind": "thing", "is_prepared": False, "finds_one": False, "may_lag": False}
    return SimpleNamespace(account=account, examine=examine, **{**told, **traits})


ALTERED, Y, NAMED, UNDATED = Match.ALTERED, {"fingerprint": "y"}, json.dumps({ANSWERED: 9}), {"server_begun_at": None}
UNDATED_REASON = "the server's clock was not known when it was sent, so that it may bear any day"
UNPROVEN = "it was answered, or looked for, and what was told is another key's"
LOST_REASON = "something alike was done since: the account tells no more what this did"


LOOKS: list[tuple[list[dict[str, Any]], dict[str, Any], list[Candidate[str]], list[Any]]] = [
    ([{}, {}], {}, [made(1), made(2), made(4)], [("ab", [1, 2], [], [], None, None)]),
    ([{}, Y], {}, [made(1), made(None)], [("a", [None], [1], [], None, None), ("b", [None], [1], [], None, None)]),
    ([{}, Y], {}, [made(1, ALTERED)], [("a", [], [], [1], None, None), ("b", [], [], [1], None, None)]),
    ([{}, Y], {}, [made(9, ALTERED)], [("a", [], [], [9], None, None), ("b", [9], [], [], None, None)]),
    ([{}], {}, [made(1, Match.PERHAPS)], [("a", [1], [], [], None, None)]),
    ([UNDATED, {}], {}, [], [("ab", [], [], [], UNDATED_REASON, None)]),
    ([{"before": EVIDENCE_LOST}, Y], {}, [made(1)],
     [("a", [], [], [], LOST_REASON, None), ("b", [1], [], [], None, None)]),
    ([{}, {**Y, "before": "[]"}], {"is_prepared": True}, [made(1)],
     [("a", [], [], [], None, None), ("b", [1], [], [], None, None)]),
    ([{"before": NAMED}, {}], {}, [], [("ab", [], [], [9], None, UNPROVEN)]),
    ([{}], {"finds_one": True}, [made(4)], [("a", [], [], [], None, UNPROVEN)]),
    ([{}], {"finds_one": True}, [made(1)], [("a", [1], [], [], None, None)]),
    ([{}], {"finds_one": True}, [], [("a", [], [], [], None, None)]),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "traits", "candidates", "groups"), LOOKS)
async def test_what_a_look_comes_to(
    fields: list[dict[str, Any]], traits: dict[str, Any], candidates: list[Candidate[str]], groups: list[Any]
) -> None:
    """One request's keys stand together; what two may have made is neither's; 4 is another key's, 9 is b's as it is."""

    async def find(_: object, intent: OpenIntent) -> Finding[str]:
        assert intent.before != EVIDENCE_LOST
        return Finding(
            [one._replace(match=Match.YES) if (one.id, intent.key) == (9, "b") else one for one in candidates]
        )

    async def run(_: object) -> tuple[set[int], dict[int, int], set[object]]:
        return {4}, {}, set()

    told = [row_of(key, **{"server_begun_at": 0.0, **more}) for key, more in zip("ab", fields, strict=False)]
    listings = {("account", "made"): SimpleNamespace(find=find)}
    session = SimpleNamespace(listings=listings, writer=SimpleNamespace(run=run), waiting=set())
    looked = await reconcile._look(cast("Any", session), operation_of(**traits), told)
    assert [
        ("".join(row.key for row in group.rows), [one.id for one in group.sure], group.unsure, group.altered,
         group.reason_unknown, group.reason_unproven) for group in looked
    ] == groups  # fmt: skip


@pytest.mark.jumping
async def test_what_is_altered_may_be_what_another_key_is_sending() -> None:
    """The keys of the account that were being sent at the first look are waited for, as long as a request may last."""
    engine, loop, kind = create_engine("sqlite://"), asyncio.get_running_loop(), claim_of("a").operation.kind
    METADATA.create_all(engine)

    def write(key: str, owner: str = "alive", **columns: Any) -> None:
        with engine.begin() as connection:
            claims.write_intent(connection, claim_of(key), owner, None, **columns)

    async def run(step: Any) -> Any:
        with engine.begin() as connection:
            return step(connection)

    async def wait(match: Match = ALTERED) -> float:
        began, found = loop.time(), {"a": Finding([made(id_, match) for id_ in (1, 4, 5)])}
        rows, operation = [row_of("a", ref=ref_of("a"))], operation_of(kind=kind)
        assert await reconcile._without_known(session, operation, rows, found) == {"a": [made(1, match)]}
        return loop.time() - began

    def is_alive(connection: Connection, owner: str) -> bool:
        return connection.in_transaction() and owner == "alive"

    writer, workers = SimpleNamespace(run=run), SimpleNamespace(is_alive=is_alive)
    session: Any = SimpleNamespace(writer=writer, workers=workers, waiting=set())
    with engine.begin() as connection:
        connection.execute(insert(SEEN).values(account="account", kind=kind, result_id=5, tick=5))
    write("dead", "dead")
    for key, columns in {"a": {}, "b": {"state": "doubt"}, "c": {"kind": "other"}, "d": {"account": "other"}}.items():
        write(key, **columns)
    write("done", state="done", result_id=4)
    assert await wait() == 0
    write("sent")
    assert await wait() == pytest.approx(30.26)
    assert await wait(Match.YES) == 0
    waits = asyncio.create_task(wait())
    await asyncio.sleep(10)
    assert session.waiting == {ref_of("a")}
    write("later")
    with engine.begin() as connection:
        connection.execute(update(KEYS).where(KEYS.c.key == "sent").values(state="done"))
    assert await waits == pytest.approx(10.26)
    session.waiting.add(ref_of("later"))
    assert await wait() == 0
    assert session.waiting == {ref_of("later")}
    engine.dispose()


@pytest.mark.jumping
@pytest.mark.parametrize(
    ("may_lag", "least", "seconds"),
    [(False, 0.0, SECOND_LOOK), (False, 31.0, 31.0), (True, 0.0, TIMEOUT + LAG_SECONDS)],
)
async def test_the_second_look_waits_for_what_may_be_found_late(
    least: float, seconds: float, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, *, may_lag: bool
) -> None:
    """It names the keys that were not found, and the seconds; where all were, nothing is looked for again."""
    loop, missing = asyncio.get_running_loop(), [row_of(key, server_may_be_working=False) for key in "ac"]
    whole = [RequestGroup(missing, [made(2), made(3)])]
    looks = iter([[RequestGroup(missing), RequestGroup([row_of("b")], [made(1)])], whole, whole])
    began = loop.time()

    async def look(*arguments: Any) -> list[RequestGroup]:
        assert arguments == (session, operation, missing)
        return next(looks)

    monkeypatch.setattr(reconcile, "_look", look)
    session, operation = cast("Any", SimpleNamespace(second_look=SECOND_LOOK)), operation_of(may_lag=may_lag)
    for _ in range(2):
        assert await reconcile._look_twice(session, operation, missing, least) is whole
    assert loop.time() - began == pytest.approx(seconds)
    line = f"made of 'a', 'c' is not seen yet, and may still happen: looking again in {seconds:.0f} s"
    assert [record.getMessage() for record in caplog.records] == [line]


@pytest.mark.parametrize(
    ("accepted_for", "is_out_of_sight", "least"), [(30.0, True, 30.0), (30.0, False, 0.0), (None, True, 0.0)]
)
async def test_what_a_worker_out_of_sight_has_sent_is_waited_for(
    accepted_for: float | None, least: float, monkeypatch: pytest.MonkeyPatch, *, is_out_of_sight: bool
) -> None:
    """It is looked for again once the server accepts it no more, if there is such a time."""
    looked: list[Any] = []

    async def look_twice(*arguments: Any) -> list[RequestGroup]:
        looked.append(arguments)
        return []

    async def run(_: object) -> None:
        return

    monkeypatch.setattr(reconcile, "_look_twice", look_twice)
    session: Any = SimpleNamespace(workers=SimpleNamespace(owner="me"), writer=SimpleNamespace(run=run))
    operation, similar = (
        operation_of(),
        claims.SimilarRows((row_of("a"),), is_busy=False, is_out_of_sight=is_out_of_sight),
    )
    operation.account.accepted_for = accepted_for
    await reconcile._reconcile_similar(session, operation, ref_of("a"), similar)
    assert looked == [(session, operation, similar.rows, least)]


@pytest.mark.jumping
async def test_what_was_out_of_sight_once_is_so_when_its_turn_comes() -> None:
    """And when patience ends while something alike is still being sent, the error says so."""
    told = iter([claims.SimilarRows((), is_busy=True, is_out_of_sight=True), claims.SimilarRows((), is_busy=False)])

    async def run(_: object) -> claims.SimilarRows:
        return next(told, claims.SimilarRows((), is_busy=True))

    session: Any = SimpleNamespace(workers=None, writer=SimpleNamespace(run=run))
    similar = await reconcile._turn(session, ref_of("a"), patience=5.0)
    assert similar == claims.SimilarRows((), is_busy=False, is_out_of_sight=True)
    with pytest.raises(
        UnresolvedError, match=r"^what looks alike has been sent for 5 s, so that asking proves nothing$"
    ):
        await reconcile._turn(session, ref_of("a"), patience=5.0)


@pytest.mark.jumping
async def test_others_are_waited_for_longer_each_time() -> None:
    """Pauses double from 0.02 s up to 1 s: half a minute costs the database 35 questions, not 300."""
    loop, backoff, asked = asyncio.get_running_loop(), Backoff(), 0
    began = loop.time()
    while backoff.waited < 30:
        await backoff.sleep()
        asked += 1
    assert asked == 6 + 29  # 0.02 + 0.04 + 0.08 + 0.16 + 0.32 + 0.64 = 1.26 s, and 29 times a second
    assert loop.time() - began == pytest.approx(30.26)
