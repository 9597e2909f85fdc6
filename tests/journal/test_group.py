"""The group commit: several claims and outcomes in one statement, and whatever is not so simple the long way."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from databases import on_both
from drafts import draft
from sqlalchemy import insert
from writing import writing

from billingo_async.journal import lines
from billingo_async.journal.book import (
    Claim,
    Claimed,
    LostKeyError,
    Note,
    Verdict,
    begin_settling,
    intent_row,
    note_row,
    rows_where,
)
from billingo_async.journal.intent import intent_of
from billingo_async.journal.statements import AT_ONCE, packed
from billingo_async.journal.tables import KEYS, State

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from billingo_async.journal.tables import Row
    from billingo_async.journal.writer import Writer


def _claim(key: str, comment: str | None = None) -> Claim:
    return Claim(intent_of(key, draft(1, comment or key), None), "account", None)


async def _rows(writer: Writer) -> dict[str, Row]:
    return {row.key: row for row in await writer.run(rows_where)}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int | Exception]:
    """How many rows each statement of the group commit has changed, in order, or what went wrong."""
    told: list[int | Exception] = []
    for kind in (lines._InThread, lines._OverNetwork):
        monkeypatch.setattr(kind, "begin", _heard(kind.begin, told))
    return told


def _heard(begin: Any, told: list[int | Exception]) -> Any:
    def heard(self: Any, statement: Any, values: Any, end: Any) -> None:
        def over(outcome: int | Exception) -> None:
            told.append(outcome)
            end(outcome)

        begin(self, statement, values, over)

    return heard


@on_both
async def test_many_in_few_transactions(database: str, written: list[int | Exception]) -> None:
    """Of fifty that come together the first goes alone, then half of those that wait, but six where there are six."""
    keys = [f"order-{number}" for number in range(50)]
    async with writing(database) as writer:
        verdicts = await asyncio.gather(*(writer.claim(_claim(key)) for key in keys))
        assert verdicts == [Claimed(Verdict.MINE)] * 50
        assert written == [1, 25, 12, 6, 6]
        notes = [Note(key, State.DONE, number, "{}") for number, key in enumerate(keys, 1)]
        await asyncio.gather(*(writer.note(note) for note in notes))
        assert written[5:] == [1, 25, 12, 6, 6]
        rows = await _rows(writer)
    assert [rows[key].invoice_id for key in keys] == list(range(1, 51))


@on_both
async def test_a_key_that_is_known_spoils_no_other(database: str, written: list[int | Exception]) -> None:
    """Of claims that come together, the one whose key has an invoice is told so, the others may be sent."""
    async with writing(database) as writer:
        await writer.claim(_claim("b"))
        await writer.note(Note("b", State.DONE, 1, "{}"))
        answers = await asyncio.gather(*(writer.claim(_claim(key)) for key in "abc"))
        assert [answer.verdict for answer in answers] == [Verdict.MINE, Verdict.DONE, Verdict.MINE]
        assert written == [1, 1, 1, 0]  # the two of before, `a` alone, then nothing of `b` and `c`


@on_both
async def test_one_key_twice(database: str) -> None:
    """Two claims of one key that come together are not both told to send."""
    async with writing(database) as writer:
        answers = await asyncio.gather(*(writer.claim(_claim(key)) for key in ("first", "a", "a")))
        assert [answer.verdict for answer in answers] == [Verdict.MINE, Verdict.MINE, Verdict.BUSY]


@on_both
async def test_one_invoice_for_two_keys(database: str) -> None:
    """Of two keys that are given the same invoice together, one gets it, and the other's worker is told."""
    async with writing(database) as writer:
        await asyncio.gather(*(writer.claim(_claim(key)) for key in ("first", "a", "b")))
        notes = [writer.note(Note(key, State.DONE, id_, "{}")) for key, id_ in (("first", 1), ("a", 2), ("b", 2))]
        answers = await asyncio.gather(*notes, return_exceptions=True)
        assert [answer is None for answer in answers] == [True, True, False]
        states = {key: row.state for key, row in (await _rows(writer)).items()}
    assert states == {"first": State.DONE, "a": State.DONE, "b": State.SENDING}


@on_both
async def test_nothing_alike_is_sent_while_somebody_reconciles(database: str) -> None:
    """While one worker settles a key, another may not send what looks like it, but everything else."""
    async with writing(database) as writer, writing(database) as other:
        await other.claim(_claim("a", "the same"))
        await other.note(Note("a", State.DOUBT))
        group = await other.run(lambda there: begin_settling(there, "a", other._workers))
        assert group is not None
        assert not group.busy
        alike, unlike = await asyncio.gather(writer.claim(_claim("b", "the same")), writer.claim(_claim("c")))
        assert (alike.verdict, unlike.verdict) == (Verdict.BUSY, Verdict.MINE)


BEFORE = [None, *((state, owner) for state in State for owner in ("me", "another"))]


@on_both
@pytest.mark.parametrize("after", [None, State.DONE, State.FREE, State.REFUSED], ids=str)
@pytest.mark.parametrize("before", BEFORE, ids=str)
async def test_all_or_nothing(database: str, before: tuple[State, str] | None, after: State | None) -> None:
    """A claim (None) is written if its key is new, an outcome if its key is one's own; with it its group, or nothing.

    The bystander's row alone would always be written. No claim is while somebody settles.
    """
    bystander = note_row(Note("bystander", State.DONE, 1, "{}"))
    entry = intent_row(_claim("a"), "me") if after is None else note_row(Note("a", after, error="why"))
    there = [intent_row(_claim("bystander"), "me")]
    if before is not None:
        there.append(intent_row(_claim("a"), before[1]) | {"state": before[0].value})
    allowed = {None} if after is None else {(State.SENDING, "me"), (State.SETTLING, "me")}
    expected = before in allowed

    def step(connection: Connection) -> tuple[int, list[Row], list[Row]]:
        connection.execute(insert(KEYS), there)
        known = rows_where(connection)
        given = {"rows": packed([bystander, entry]), "my_name": "me"}
        count = connection.execute(AT_ONCE[connection.dialect.name], given).rowcount
        return count, known, rows_where(connection)

    async with writing(database) as writer:
        count, known, rows = await writer.run(step)
    assert count == (2 if expected else 0)
    if not expected:
        assert rows == known
        return
    states = {row.key: (row.state, row.error, row.fingerprint, row.tries, row.owner) for row in rows}
    fingerprint = _claim("a").intent.fingerprint
    assert states["bystander"][0] == State.DONE
    assert states["a"] == ((after or State.SENDING), "why" if after else None, fingerprint, 1, "me")
    assert {row.key: row.request is None for row in rows} == {"bystander": True, "a": after is not None}


def _fails_once(monkeypatch: pytest.MonkeyPatch, *, after_writing: bool) -> None:
    """Let the next statement fail, and leave open whether it was carried out."""
    carry_out = lines._InThread._alone

    def fails(self: Any, statement: Any, values: Any) -> int:
        monkeypatch.setattr(lines._InThread, "_alone", carry_out)
        if after_writing:
            carry_out(self, statement, values)
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(lines._InThread, "_alone", fails)


@pytest.mark.parametrize("tries", [1, 2], ids=["not written", "written"])
async def test_a_statement_that_fails(
    database: str, monkeypatch: pytest.MonkeyPatch, written: list[int | Exception], tries: int
) -> None:
    """A failure that leaves open whether claims were written is seen to first: they are left, and claimed once more."""
    async with writing(database) as writer:
        _fails_once(monkeypatch, after_writing=tries == 2)
        answers = await asyncio.gather(*(writer.claim(_claim(key)) for key in "abc"))
        assert [answer.verdict for answer in answers] == [Verdict.MINE] * 3
        assert isinstance(written[0], sqlite3.OperationalError)
        found = {key: (row.state, row.tries) for key, row in (await _rows(writer)).items()}
    assert found == {"a": (State.SENDING, tries), "b": (State.SENDING, 1), "c": (State.SENDING, 1)}  # `a` went alone


@pytest.mark.parametrize("after_writing", [False, True], ids=["not written", "written"])
async def test_one_key_twice_and_a_failure(
    database: str, monkeypatch: pytest.MonkeyPatch, *, after_writing: bool
) -> None:
    """Though the first of two claims of a key may or may not be written, one of them is told to send, and keeps it."""
    async with writing(database) as writer:
        _fails_once(monkeypatch, after_writing=after_writing)
        answers = await asyncio.gather(*(writer.claim(_claim("a")) for _ in range(2)))
        assert sorted(answer.verdict.name for answer in answers) == ["BUSY", "MINE"]
        assert (await _rows(writer))["a"].state == State.SENDING


async def test_an_outcome_that_fails_to_be_written(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An outcome whose statement fails is written the long way, and one that is another worker's is refused there."""

    def fails(*_: object) -> int:
        raise sqlite3.OperationalError("disk I/O error")

    async with writing(database) as writer:
        await writer.claim(_claim("a"))
        monkeypatch.setattr(lines._InThread, "_alone", fails)
        await writer.note(Note("a", State.DONE, 1, "{}"))
        assert (await _rows(writer))["a"].state == State.DONE
        with pytest.raises(LostKeyError, match=r"^a$"):
            await writer.note(Note("a", State.FREE))


async def test_closed_with_some_still_waiting(database: str) -> None:
    """Outcomes that have come are all written before the journal is closed."""
    keys = [f"order-{number}" for number in range(40)]
    waiting: list[asyncio.Task[None]] = []
    async with writing(database) as writer:
        await asyncio.gather(*(writer.claim(_claim(key)) for key in keys))
        for number, key in enumerate(keys, 1):
            waiting.append(asyncio.create_task(writer.note(Note(key, State.DONE, number, "{}"))))
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    async with writing(database) as writer:
        assert {row.state for row in (await _rows(writer)).values()} == {State.DONE}
