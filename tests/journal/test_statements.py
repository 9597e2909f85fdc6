"""What is carried out for every invoice costs the same however long the journal is, and however many come together."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from journal_harness import claim_of, on_both, ref_of, result_of, writing
from sqlalchemy import event

from billingo_async.journal import claims
from billingo_async.journal.tables import KEYS, State

if TYPE_CHECKING:
    import pytest
    from sqlalchemy import Connection

    from billingo_async.journal.claims import Claim
    from billingo_async.journal.tables import KeyRow

ODD = "Őrség 'x\" {key} \\ 🧾 %s ?1 $1 :rows"
"""A key in which every language that it passes through finds something to misread."""


def _claim(key: str) -> Claim:
    return claim_of(key, stamp="Ref. {key}", marks='{"0:2026": 1}')


@on_both
async def test_what_is_written_is_read(database: str) -> None:
    """An intent under an odd key, a doubt and an outcome are in the table as they were meant; what was sent is gone."""
    async with writing(database) as writer:
        claim = _claim(ODD)
        assert (await writer.claim(claim)).verdict is claims.ClaimState.MINE

        def read(connection: Connection) -> list[KeyRow]:
            return claims.rows_where(connection, KEYS.c.key == ODD)

        (begun,) = await writer.run(read)
        assert (begun.key, begun.state, begun.stamp, begun.tries) == (ODD, "sending", f"Ref. {ODD}", 1)
        assert begun.request == claim.intent.request.decode()
        assert (begun.server_may_be_working, begun.result_id, begun.resolved_at) == (True, None, None)
        await writer.record(result_of(ODD, State.FREE, error="nein: '\"\\"))
        assert (await writer.claim(claim)).verdict is claims.ClaimState.MINE
        (again,) = await writer.run(read)
        assert (again.state, again.tries, again.error, again.request) == ("sending", 2, None, begun.request)
        await writer.record(result_of(ODD, State.DONE, 2**40, '{"total": "1.10"}'))
        (done,) = await writer.run(read)
        assert (done.state, done.result_id, done.result) == ("done", 2**40, '{"total": "1.10"}')
        assert done.request is None
        assert done.resolved_at is not None


@on_both
async def test_a_lost_key_spoils_no_other(database: str) -> None:
    """Of outcomes that come together, the one of a key that is another worker's is refused, the others are kept."""
    async with writing(database) as writer, writing(database) as other:
        await asyncio.gather(writer.claim(_claim("mine")), other.claim(_claim("theirs")))
        notes = [writer.record(result_of(key, State.DONE, id_, "{}")) for id_, key in enumerate(("mine", "theirs"), 1)]
        kept, refused = await asyncio.gather(*notes, return_exceptions=True)
        assert kept is None
        assert isinstance(refused, claims.LostKeyError)
        assert str(refused) == "theirs"


async def test_a_key_alone_waits_for_no_others(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pause in which keys gather follows what was written together: a key that is alone meets none."""
    monkeypatch.setattr("billingo_async.journal.writer.GATHER_SECONDS", 10.0)
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with writing(database) as writer:
        for key in ("first", "second"):
            assert (await writer.claim(_claim(key))).verdict is claims.ClaimState.MINE
            await writer.record(result_of(key, State.DONE, None, "{}"))
    assert loop.time() - began < 10.0


@on_both
async def test_no_statement_looks_through_the_whole_table(database: str) -> None:
    """Claiming, noting and settling ask for rows by an index, so that the last key costs what the first did."""

    def plans(connection: Connection) -> list[str]:
        told: list[str] = []
        execute = connection.exec_driver_sql
        if connection.dialect.name == "postgresql":  # without it, it looks through tables that are small
            execute("SET LOCAL enable_seqscan = off")

        def explained(_: Any, cursor: Any, statement: str, parameters: Any, *__: Any) -> None:
            if statement.lstrip().startswith(("SELECT", "UPDATE", "INSERT")) and "billingo_keys" in statement:
                query = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
                cursor.execute(query + statement, parameters)
                told.extend(" ".join(map(str, row)) for row in cursor.fetchall())

        event.listen(connection, "before_cursor_execute", explained)
        owner = writer._workers.owner
        if connection.dialect.name == "sqlite":  # PostgreSQL's batches go by its own driver
            for entry in (_claim("b"), result_of("b", State.DONE, 1, "{}")):
                batch = claims.batch_of([entry], writer._workers)
                assert batch is not None
                statement, values = batch.in_sqlite()
                assert connection.exec_driver_sql(statement, values).rowcount == 1
        assert claims.write_each(connection, [_claim("a")], writer._workers) == [claims.MINE]
        assert claims.write_each(connection, [_claim("a")], writer._workers)[0].verdict is claims.ClaimState.BUSY
        claims.record_results(connection, [result_of("a", State.DOUBT)], owner)
        claims.begin_reconciling(connection, ref_of("a"), writer._workers)
        event.remove(connection, "before_cursor_execute", explained)
        return told

    async with writing(database) as writer:
        told = await writer.run(plans)
    assert any("billingo_unresolved" in line for line in told)
    scans = [line for line in told if "SCAN billingo_keys" in line and "INDEX" not in line]
    assert not [*scans, *(line for line in told if "Seq Scan on billingo_keys" in line)], told
