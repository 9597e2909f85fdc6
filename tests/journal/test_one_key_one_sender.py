"""One key, one sender: two workers claim, send, reconcile, are cancelled, fail and die, in any order that can be drawn.

Each transaction is carried out when the story says so, and succeeds, fails, or succeeds without anybody hearing of it.
Beside the journal stands what the account holds, and who may be sending or asking at that moment.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from journal_harness import claim_of, ref_of, result_of
from scripted_db import DONE, FAILED, UNCONFIRMED, Names, ScriptedDatabase, emptied

from billingo_async import ConfigurationError, JournalError
from billingo_async.journal import claims
from billingo_async.journal import writer as writers
from billingo_async.journal.claims import ClaimState, LostKeyError, release_claim, release_reconciling, rows_where
from billingo_async.journal.database import Database
from billingo_async.journal.tables import State
from billingo_async.journal.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from pathlib import Path

    from billingo_async.journal.claims import KeyResult
    from billingo_async.journal.connections import SqliteConnection
    from billingo_async.journal.tables import KeyRow

COMMENTS: Final = {"a": "the same", "b": "the same", "c": "another"}
"""The keys; two of them look alike."""
CLAIMS: Final = {key: claim_of(key, text) for key, text in COMMENTS.items()}
TROUBLE: Final = (ConfigurationError, JournalError, LostKeyError)


class Person:
    """A process: its writer, what it waits for, what it is sending, what it is reconciling."""

    def __init__(self, there: SqliteConnection, living: set[str]) -> None:
        """Be born into a place."""
        self.place = ScriptedDatabase(there)
        self.names = Names(living)
        self.writer = Writer(self.place, self.names)  # type: ignore[arg-type]  # all that it needs of a database
        self.tasks: dict[tuple[str, str], asyncio.Task[Any]] = {}
        """What is under way: `claim` or `note` and the key, `settle` and the comment."""
        self.sending: set[str] = set()
        self.looking: dict[str, tuple[asyncio.Event, bool]] = {}
        """Those who reconcile: what wakes them, and whether they ask the account or wait for their turn."""

    def is_at(self, key: str) -> bool:
        """Tell whether this process is at a key."""
        under_way = {("claim", key), ("note", key), ("settle", COMMENTS[key])} & self.tasks.keys()
        return key in self.sending or bool(under_way)


class Story:
    """What happens, one move after another, and the law that holds after each."""

    def __init__(self, there: SqliteConnection) -> None:
        """Open two workers on an empty journal."""
        self.there = there
        self.loop = asyncio.new_event_loop()
        self.wrong: list[BaseException] = []
        self.living: set[str] = set()
        self.made: dict[str, int] = {}
        self.known: set[str] = set()
        self.people = [self._born(), self._born()]

    def moves(self) -> Iterator[Callable[[], object]]:
        """Yield all that can happen next; what keeps a story going comes more than once."""
        for one in self.people:
            if one.place.connection.waiting:
                fates = [(DONE, False)] * 4 + [
                    (fate, breaks) for fate in (FAILED, UNCONFIRMED) for breaks in (False, True)
                ]
                yield from (partial(one.place.connection.carry_out, fate, breaks=breaks) for fate, breaks in fates)
            for key in COMMENTS:
                if key in one.sending:
                    yield from (partial(self._ended, one, key, state) for state in State if state != State.SENDING)
                elif not one.is_at(key):
                    yield from [partial(self._go, one, "claim", key, partial(self._claimed, one, key))] * 2
                    yield partial(self._go, one, "settle", COMMENTS[key], partial(self._settled, one, key))
            yield from (task.cancel for (kind, _), task in one.tasks.items() if kind in {"claim", "settle"})
            yield from [event.set for event, _ in one.looking.values()] * 2
            yield partial(self._dies, one)

    def move(self, number: int) -> None:
        """Let one of the things happen that can, and look whether the law holds."""
        moves = list(self.moves())
        moves[number % len(moves)]()
        self._rest()
        for error in self.wrong:
            raise error
        rows = self._rows()
        for key in self.known:
            assert (rows[key].state, rows[key].result_id) == (State.DONE, self.made[key])
        for one in self.people:
            owners = {key: (rows[key].state, rows[key].owner) for key in one.sending}
            assert owners == dict.fromkeys(one.sending, (State.SENDING, one.names.owner))

    def end(self) -> None:
        """Let everything succeed, and look for keys that nobody is at, but that count as some living worker's."""
        for one in self.people * 2:
            self._succeed(one)
            self._go(one, "run", "", partial(one.writer.run, lambda _: None))
            self._succeed(one)
        kept = [
            (row.key, row.state)
            for row in self._rows().values()
            for one in self.people
            if (row.owner == one.names.owner and row.state in {State.SENDING, State.RECONCILING})
            and not one.is_at(row.key)
        ]
        assert not kept

    def close(self) -> None:
        """Leave nothing running."""
        for one in self.people:
            self._bury(one)
        self.loop.close()

    def _born(self) -> Person:
        one = Person(self.there, self.living)
        self._go(one, "open", "", one.writer.open)
        self._succeed(one)
        return one

    def _dies(self, one: Person) -> None:
        """Kill a process; what it was sending has been made."""
        for key in sorted(one.sending):
            self.made[key] = 1 + len(self.made)
        self._bury(one)
        self.people[self.people.index(one)] = self._born()

    def _bury(self, one: Person) -> None:
        one.names.abandon()
        one.sending.clear()
        assert one.writer._task is not None
        for task in [*one.tasks.values(), one.writer._task]:
            one.place.connection.waiting.clear()
            task.cancel()
            self._rest()
        one.looking.clear()

    def _rest(self) -> None:
        async def idle() -> None:
            for _ in range(15):
                await asyncio.sleep(0)

        self.loop.run_until_complete(idle())

    def _succeed(self, one: Person) -> None:
        self._rest()
        while one.place.connection.waiting:
            one.place.connection.carry_out(DONE, breaks=False)
            self._rest()

    def _go(self, one: Person, kind: str, name: str, what: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        def over(task: asyncio.Task[Any]) -> None:
            del one.tasks[kind, name]
            error = None if task.cancelled() else task.exception()
            if error is not None and not isinstance(error, TROUBLE):
                self.wrong.append(error)

        task = one.tasks[kind, name] = self.loop.create_task(what())
        task.add_done_callback(over)

    def _rows(self) -> dict[str, KeyRow]:
        return {row.key: row for row in self.there._transact(rows_where)}

    async def _claimed(self, one: Person, key: str) -> None:
        answer = await one.writer.claim(CLAIMS[key])
        assert answer.verdict is not ClaimState.DONE or key in self.made
        if answer.verdict is not ClaimState.MINE:
            return
        assert key not in self.made, f"{key} has an invoice, and is sent again"
        assert not [who for who in self.people if key in who.sending], f"{key} is sent twice at once"
        asked = [who for who in self.people if who.looking.get(COMMENTS[key], (None, False))[1]]
        assert not asked, f"{key} is sent while somebody reconciles what looks like it"
        one.sending.add(key)

    def _ended(self, one: Person, key: str, state: State) -> None:
        """End a request: it made the invoice (DONE, DOUBT), or not; or it was never sent (SETTLING stands for that)."""
        one.sending.discard(key)
        if state is State.RECONCILING:
            one.writer.release_later(partial(release_claim, ref=ref_of(key), owner=one.names.owner, state=State.FREE))
            return
        if state in {State.DONE, State.DOUBT}:
            self.made[key] = 1 + len(self.made)
        id_ = self.made[key] if state is State.DONE else None
        self._go(one, "note", key, partial(self._noted, one, result_of(key, state, id_)))

    async def _noted(self, one: Person, note: KeyResult) -> None:
        try:
            await one.writer.record(note)
        except TROUBLE:
            one.writer.release_later(partial(release_claim, ref=note.ref, owner=one.names.owner, state=State.DOUBT))
        else:
            self.known |= {note.ref[0]} if note.state is State.DONE else set()

    async def _settled(self, one: Person, key: str) -> None:
        comment, owner, event = COMMENTS[key], one.names.owner, asyncio.Event()
        try:
            while group := await one.writer.run(lambda there: claims.begin_reconciling(there, ref_of(key), one.names)):
                sent = [other for who in self.people for other in who.sending if COMMENTS[other] == comment]
                assert group.is_busy or not sent, f"{key} is reconciled while {sent} is sent"
                event.clear()
                one.looking[comment] = (event, not group.is_busy)
                await event.wait()
                del one.looking[comment]
                if not group.is_busy:
                    ids = {row.key: self.made.get(row.key) for row in group.rows}
                    notes = [result_of(name, State.DONE if id_ else State.FREE, id_) for name, id_ in ids.items()]
                    await one.writer.run(partial(claims.record_results, results=notes, owner=owner))
                    self.known |= {name for name, id_ in ids.items() if id_}
                    return
            one.writer.release_later(
                partial(release_reconciling, similarity_hash=CLAIMS[key].intent.similarity_hash, owner=owner)
            )
        except BaseException:
            one.looking.pop(comment, None)
            one.writer.release_later(
                partial(release_reconciling, similarity_hash=CLAIMS[key].intent.similarity_hash, owner=owner)
            )
            raise


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteConnection]:
    """SQLite itself, with the workers' lines told what to do."""
    monkeypatch.setattr(writers, "connect", ScriptedDatabase.connect)
    monkeypatch.setattr(writers, "GATHER_SECONDS", 0.0)  # a story counts turns of the loop, and no time
    line = emptied(Database(f"sqlite+aiosqlite:///{tmp_path / 'invoices.db'}"))
    yield line
    line._close()
    line._thread.shutdown()


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(numbers=st.lists(st.integers(0, 10_000), min_size=30, max_size=60))
def test_one_key_one_sender(there: SqliteConnection, numbers: list[int]) -> None:
    """Whatever happens in whatever order: one invoice a key, nobody sends while another asks, nobody keeps a key."""
    there._transact(lambda connection: connection.exec_driver_sql("DELETE FROM billingo_keys"))
    story = Story(there)
    try:
        for number in numbers:
            story.move(number)
        story.end()
    finally:
        story.close()
