"""Resolving intents without an outcome, by asking the account what it has; nothing is sent from here.

Keys that look alike are resolved together, since only together it can be said which result is whose: as many results
as keys, or fewer, are given to them one each (the same request leaves no difference); more than keys, and it cannot be
told. That something is *not* there is believed only after a second look, with a pause between; and not at all once an
answer of success has named an id, or where another key's result may hide it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from billingo_async.errors import BillingoError
from billingo_async.journal import claims
from billingo_async.journal.port import Candidate, Finding, KeyedOperation, Match, OpenIntent, RestlessListError
from billingo_async.journal.records import UnresolvedError, named_id
from billingo_async.journal.tables import IS_UNRESOLVED, KEYS, KeyRow, State
from billingo_async.journal.workers import Backoff

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from billingo_async.journal.claims import Ref, SimilarRows
    from billingo_async.journal.session import JournalSession

LOGGER: Final = logging.getLogger("billingo_async")
LASTS_SECONDS: Final = 86_400.0
"""Seconds after which no intent is at work any more."""
LAG_SECONDS: Final = 3.0
"""Seconds after which what was made is found, where that may lag: two are rehearsed, and the last one is room."""


@dataclass(slots=True)
class RequestGroup:
    """The unresolved keys of one request, and what may be their results, oldest first."""

    rows: list[KeyRow]
    sure: list[Candidate[Any]] = field(default_factory=list[Candidate[Any]])
    unsure: list[int] = field(default_factory=list[int])
    altered: list[int] = field(default_factory=list[int])
    reason_unknown: str | None = None
    reason_unproven: str | None = None
    """Why it proves nothing that a result is not found."""

    @property
    def is_open(self) -> bool:
        """True if it cannot be told which result is whose, or whether there is one."""
        is_lacking = len(self.sure) < len(self.rows)
        doubts = self.unsure or len(self.sure) > len(self.rows)
        return bool(doubts or (is_lacking and (self.altered or self.reason_unknown or self.reason_unproven)))

    @property
    def is_complete(self) -> bool:
        """True if every key has its result, so that no second look can tell more."""
        return bool(len(self.sure) >= len(self.rows) and not self.unsure) or self.reason_unknown is not None

    @property
    def candidates(self) -> list[int]:
        """The ids of all that may be meant."""
        known = [candidate.id for candidate in self.sure if candidate.id is not None]
        return list(dict.fromkeys([*known, *self.unsure, *self.altered]))

    @property
    def reason(self) -> str:
        """Why it cannot be told."""
        if self.reason_unknown is not None:
            return self.reason_unknown
        if self.reason_unproven is not None and not self.candidates:
            return self.reason_unproven
        ids = ", ".join(map(str, self.candidates))
        many = len(self.candidates) > 1
        return f"may be one of {ids}" if many else f"may be {ids}, which is not quite what was asked for"


async def reconcile(session: JournalSession, operation: KeyedOperation[Any], ref: Ref, similarity_hash: str) -> None:
    """Bring a key, and those that look alike, to DONE or FREE; leave it to another worker that is at it.

    Raises UnresolvedError if that cannot be told.
    """
    if similarity_hash in session.reconciling:
        return
    session.reconciling.add(similarity_hash)
    release = partial(claims.release_reconciling, similarity_hash=similarity_hash, owner=session.workers.owner)
    settings = operation.account.settings
    try:
        similar = await _turn(session, ref, settings.timeout + settings.max_wait)
        if similar is not None:
            await _reconcile_similar(session, operation, ref, similar)
        else:  # another worker has resolved it while this one waited, perhaps with what looks like it begun
            session.writer.release_later(release)
    except claims.LostKeyError:
        pass  # the lease ran out meanwhile, and another worker has taken them over: the journal says what it found
    except BaseException:  # cancelled, or not written down: none of the keys must stay this worker's
        session.writer.release_later(release)
        raise
    finally:
        session.reconciling.discard(similarity_hash)


async def _reconcile_similar(
    session: JournalSession, operation: KeyedOperation[Any], ref: Ref, similar: SimilarRows
) -> None:
    results: list[claims.KeyResult] = [claims.still_in_doubt(row) for row in similar.rows]
    try:
        accepted_for = operation.account.accepted_for or 0.0
        groups = await _look_twice(session, operation, similar.rows, accepted_for if similar.is_out_of_sight else 0.0)
        results = decide(operation, groups)
    except BillingoError as error:
        raise UnresolvedError(f"the account could not be asked ({type(error).__name__})", cause=error) from None
    except RestlessListError as error:
        raise UnresolvedError(str(error)) from None
    finally:
        if not asyncio.current_task().cancelling():  # type: ignore[union-attr]  # this runs in a task
            owner = session.workers.owner
            await session.writer.run(lambda connection: claims.record_results(connection, results, owner))
    for group in groups:
        if group.is_open and any(row.ref == ref for row in group.rows):
            raise UnresolvedError(group.reason, group.candidates)


def decide(operation: KeyedOperation[Any], groups: Iterable[RequestGroup]) -> list[claims.KeyResult]:
    """Return what is to be written of every key: its result, that it is free, or that it stays in doubt."""
    results: list[claims.KeyResult] = []
    for group in groups:
        if group.is_open:
            results += [claims.still_in_doubt(row, group.reason) for row in group.rows]
            continue
        rows = sorted(group.rows, key=lambda row: row.begun_at)
        for row, candidate in zip(rows, group.sure, strict=False):
            results.append(claims.KeyResult(row.ref, State.DONE, candidate.id, operation.dump(candidate.result)))
        results += [claims.KeyResult(row.ref, State.FREE) for row in rows[len(group.sure) :]]
    return results


async def _turn(session: JournalSession, ref: Ref, patience: float) -> SimilarRows | None:
    """Take over the keys alike, and wait until nothing alike is being sent; None if another worker reconciles them."""
    until, backoff, is_out_of_sight = asyncio.get_running_loop().time() + patience, Backoff(), False
    while True:
        similar = await session.writer.run(partial(claims.begin_reconciling, ref=ref, workers=session.workers))
        if similar is None:
            return None
        is_out_of_sight |= similar.is_out_of_sight
        if not similar.is_busy:
            return replace(similar, is_out_of_sight=is_out_of_sight)
        if asyncio.get_running_loop().time() >= until:
            raise UnresolvedError(f"what looks alike has been sent for {patience:.0f} s, so that asking proves nothing")
        await backoff.sleep()


async def _look_twice(
    session: JournalSession, operation: KeyedOperation[Any], rows: Sequence[KeyRow], least: float
) -> list[RequestGroup]:
    """Look, and look again after a pause, of so many seconds at least, unless every key's result was there at once."""
    groups = await _look(session, operation, rows)
    if all(group.is_complete for group in groups):
        return groups
    intents = [row for group in groups if not group.is_complete for row in group.rows]
    timeout = operation.account.settings.timeout
    seconds = pause_before_second_look(intents, session.second_look, timeout)
    seconds = max(seconds, timeout) + LAG_SECONDS if operation.may_lag else max(seconds, least)
    keys = ", ".join(repr(row.key) for row in intents)
    msg = "%s of %s is not seen yet, and may still happen: looking again in %.0f s"
    LOGGER.warning(msg, operation.name, keys, seconds)
    await asyncio.sleep(seconds)
    return await _look(session, operation, rows)


def pause_before_second_look(rows: Iterable[KeyRow], second_look: float, timeout: float) -> float:
    """Return the seconds before the second look.

    A request whose connection dropped, or whose process died, may still be at work in the server: it is given as long
    as any request is, counted from now, since no clock has written down when it left.
    """
    return max(second_look, timeout) if any(row.server_may_be_working for row in rows) else second_look


async def _look(session: JournalSession, operation: KeyedOperation[Any], rows: Sequence[KeyRow]) -> list[RequestGroup]:
    """Ask the account, and sort out what is another key's, was there before, or may be meant by several requests."""
    listings = session.listings[operation.account.name, operation.name]
    intents = {row.key: open_intent(row) for row in rows if row.before is not None or not operation.is_prepared}
    findings: dict[str, Finding[Any]] = dict.fromkeys((row.key for row in rows), Finding[Any]())
    known = [intent for intent in intents.values() if intent.before != claims.EVIDENCE_LOST]
    answers = await asyncio.gather(*(listings.find(operation, intent) for intent in known))
    findings |= {intent.key: finding for intent, finding in zip(known, answers, strict=True)}
    lost = Finding[Any](reason_unknown="something alike was done since: the account tells no more what this did")
    findings |= {key: lost for key, intent in intents.items() if intent.before == claims.EVIDENCE_LOST}
    for row in rows:
        _add_named(row, findings[row.key])
    strangers = await _without_known(session, operation, rows, findings)
    groups: dict[str, RequestGroup] = {}
    meant_by: dict[int, set[str]] = {}
    for row in rows:
        group = groups.setdefault(row.fingerprint, RequestGroup([]))
        group.rows.append(row)
        group.reason_unknown = group.reason_unknown or findings[row.key].reason_unknown or _undated(operation, row)
        is_hidden = operation.finds_one and findings[row.key].candidates and not strangers[row.key]
        if named_id(row.before) is not None or is_hidden:
            group.reason_unproven = "it was answered, or looked for, and what was told is another key's"
        if row.key in intents:
            await _sort_in(operation, group, intents[row.key], strangers[row.key])
        for candidate in strangers[row.key]:
            if candidate.id is not None and candidate.match is not Match.ALTERED:
                meant_by.setdefault(candidate.id, set()).add(row.fingerprint)
    for group in groups.values():
        mixed = [one for one in group.sure if one.id is not None and len(meant_by.get(one.id, ())) > 1]
        group.unsure += [one.id for one in mixed if one.id is not None]
        group.sure = [one for one in group.sure if one not in mixed]
    return list(groups.values())


def _add_named(row: KeyRow, finding: Finding[Any]) -> None:
    """Keep what was answered as a candidate, whatever it says: it may have been made for this key."""
    id_ = named_id(row.before)
    if id_ is not None and all(one.id != id_ for one in finding.candidates):
        finding.candidates.append(Candidate(id_, None, Match.ALTERED))


def open_intent(row: KeyRow) -> OpenIntent:
    """Return a row as the account is asked about it, in a window that spans this machine's clock and the server's."""
    begun = [at for at in (row.begun_at, row.server_begun_at) if at is not None]
    request = (row.request or "").encode()
    return OpenIntent(row.key, request, row.stamp, row.before, min(begun), max(begun) + LASTS_SECONDS)


def _undated(operation: KeyedOperation[Any], row: KeyRow) -> str | None:
    """Return why what is not found may be there all the same: a window needs the server's clock."""
    if operation.is_prepared or row.server_begun_at is not None:
        return None
    return "the server's clock was not known when it was sent, so that it may bear any day"


async def _without_known(
    session: JournalSession,
    operation: KeyedOperation[Any],
    rows: Sequence[KeyRow],
    findings: Mapping[str, Finding[Any]],
) -> dict[str, list[Candidate[Any]]]:
    """Return the candidates without those of other keys and those that were there before.

    What is altered may be what another key is sending right now: that key is waited for.
    """
    account, kind = operation.account.name, operation.kind
    ids = {one.id for finding in findings.values() for one in finding.candidates if one.id is not None}
    own = {row.ref for row in rows}

    def evidence(connection: Connection) -> tuple[set[int], Mapping[int, int], set[Ref]]:
        at_work = {
            row.ref
            for row in claims.rows_where(connection, KEYS.c.account == account, KEYS.c.kind == kind, IS_UNRESOLVED)
            if row.ref not in own and row.state != State.DOUBT and session.workers.is_alive(connection, row.owner)
        }
        owned = claims.owned_ids(connection, account, kind, ids)
        return owned, claims.first_seen(connection, account, kind, ids), at_work

    backoff, others = Backoff(), None
    while True:
        owned, seen, at_work = await session.writer.run(evidence)
        others = at_work if others is None else others & at_work
        others -= session.waiting
        remaining = {
            row.key: [one for one in findings[row.key].candidates if not _is_known(row, one, owned, seen)]
            for row in rows
        }
        is_altered = any(one.match is Match.ALTERED for candidates in remaining.values() for one in candidates)
        if not (is_altered and others) or backoff.waited >= operation.account.settings.timeout:
            return remaining
        session.waiting.update(own)
        try:
            await backoff.sleep()
        finally:
            session.waiting.difference_update(own)


def _is_known(row: KeyRow, one: Candidate[Any], owned: set[int], seen: Mapping[int, int]) -> bool:
    """Tell whether something is another key's, was seen before the intent, or was made before the last one known."""
    if one.id is None:
        return False
    marks: dict[str, int] = json.loads(row.marks or "{}")
    is_older = one.mark is not None and one.mark.number <= marks.get(one.mark.series, -1)
    return one.id in owned or seen.get(one.id, row.tick + 1) <= row.tick or is_older


async def _sort_in(
    operation: KeyedOperation[Any], group: RequestGroup, intent: OpenIntent, candidates: Iterable[Candidate[Any]]
) -> None:
    known = {*group.candidates}
    for candidate in candidates:
        if candidate.id is not None and candidate.id in known:
            continue
        examined = candidate
        if candidate.match is Match.PERHAPS and candidate.id is not None:
            examined = await operation.examine(intent, candidate.id)
        if examined.id is not None and examined.match is not Match.NO and not claims.is_writable(examined.id):
            group.unsure.append(examined.id)
            group.reason_unknown = "its id is one that no journal can hold"
        elif examined.match is Match.YES:
            group.sure.append(examined)
        elif examined.id is not None and examined.match is not Match.NO:
            (group.altered if examined.match is Match.ALTERED else group.unsure).append(examined.id)
