"""One key at work: claim it, send its request, write down what became of it; reconcile where that is not known.

The job is a task of its own: a caller who is cancelled leaves it behind, and what is on the wire is never forgotten.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from billingo_async.errors import APIError, BillingoError, JournalError, NotFoundError, OutcomeUnknownError
from billingo_async.journal import records
from billingo_async.journal.claims import Claim, ClaimState, KeyResult, LostKeyError, record_before, release_claim
from billingo_async.journal.port import Account, KeyedOperation, operation_class
from billingo_async.journal.reconcile import reconcile
from billingo_async.journal.records import LookFirstError, UnresolvedError, dump_error
from billingo_async.journal.tables import KeyRow, State
from billingo_async.journal.upkeep import recover_once
from billingo_async.journal.workers import Backoff

if TYPE_CHECKING:
    from billingo_async.journal.claims import ClaimAnswer, Ref
    from billingo_async.journal.intent import Intent
    from billingo_async.journal.session import JournalSession

T = TypeVar("T")
TOO_MUCH: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


class Job(Generic[T]):
    """The work on one key, shared by all callers who ask for it in this process."""

    def __init__(self, session: JournalSession, operation: KeyedOperation[T], intent: Intent) -> None:
        """Begin at once; `task` ends with the result or an error."""
        self._session = session
        self._operation = operation.reporting(intent.key)
        self._account = self._operation.account
        self._settings = self._account.settings
        self._patience = self._settings.timeout + self._settings.max_wait
        session.workers.watch(self._account.dispatch.server_clock)
        self._marks = session.marks[self._account.name, operation.kind]
        self.intent: Final = intent
        self.ref: Final[Ref] = (intent.key, operation.purpose)
        self._claimed = False
        self.sends: int = 0
        self._refusals = 0
        """How many requests were begun here, however they ended: if any, the result is this worker's work."""
        self._refusal: APIError | None = None
        self._backoff = Backoff()
        self._over_doubts = self._may_have_left = False
        self.callers: int = 0
        """How many wait for the outcome."""
        self.is_left: bool = False
        """True once the last of them has gone before anything left: it ends, and can be joined no more."""
        self.sent: bool = False
        """True from the moment at which the request may have left until its outcome is written."""
        self.task: Final = asyncio.create_task(self._run(), name="billingo-journal-job")
        self.task.add_done_callback(self._over)
        session.tasks.add(self.task)

    def _over(self, task: asyncio.Task[T]) -> None:
        self._session.tasks.discard(task)
        if self._session.jobs.get(self.ref) is self:
            del self._session.jobs[self.ref]
        if not task.cancelled():
            task.exception()  # raised to callers who wait; where none does any more, it is in the journal

    def leave(self) -> bool:
        """Count one caller less; True if it was the last one, without whom only what may have left is gone on with."""
        self.callers -= 1
        if self.callers:
            return False
        if not self.sent:
            self.is_left = True
            self.task.cancel()
        return True

    async def _run(self) -> T:
        session, operation = self._session, self._operation
        failure: BillingoError
        try:
            if session.stamp is not None:
                await recover_once(session, operation)
            await session.listings[self._account.name, operation.name].record_newest(operation, self._marks)
            while True:
                made = await self._follow(await self._claim())
                if made is not None:
                    return made[0]
        except UnresolvedError as error:
            failure = records.unknown_outcome(operation.name, self.intent.key, error)
        except JournalError as error:
            if not self._may_have_left:
                raise
            worth = error.worth_retrying
            failure = JournalError(str(error), operation=operation.name, sent=None, worth_retrying=worth)
        except Exception as error:
            if not self._may_have_left or isinstance(error, BillingoError):
                raise
            unresolved = UnresolvedError(f"what was sent was not followed to its end ({type(error).__name__})")
            failure = records.unknown_outcome(operation.name, self.intent.key, unresolved)
        finally:
            if self._claimed:  # cancelled, or failed in a way that was not foreseen
                state = State.DOUBT if self.sent else State.FREE
                release = partial(release_claim, ref=self.ref, owner=session.workers.owner, state=state)
                session.writer.release_later(release)
        raise failure  # outside, so that it holds no frame in which a document stood

    async def _follow(self, answer: ClaimAnswer) -> tuple[T] | None:
        """Do what the journal's answer asks for; None if the journal is to be asked again."""
        row = answer.row
        match answer.verdict:
            case ClaimState.MINE if self._refusal is not None and self._refusals > self._settings.max_retries:
                await self._record(KeyResult(self.ref, State.REFUSED, error=dump_error(self._refusal)))
                raise self._refusal  # as without a key, but the account was asked: it is not there
            case ClaimState.MINE:
                self.sends += 1
                return await self._send(may_look=self.sends <= self._settings.max_retries)
            case ClaimState.DONE if row is not None:
                return (await self._stored(row),)
            case ClaimState.UNRESOLVED if row is not None:
                await self._reconcile(row)
            case ClaimState.OTHER_REQUEST if row is not None:
                raise records.other_request(self._operation, self.intent, row)
            case _:
                await self._wait()
        return None

    async def _wait(self) -> None:
        """Let another worker get on with it, a little longer each time."""
        if self._backoff.waited >= self._settings.max_wait:
            raise UnresolvedError(f"another worker has been at it for {self._backoff.waited:.0f} s")
        await self._backoff.sleep()

    async def _claim(self) -> ClaimAnswer:
        """Claim the key; a journal that is away is waited for, as long as the caller's patience lasts."""
        name, now = self._account.name, self._account.server_now()
        marks = json.dumps(self._marks) if self._marks else None
        claim = Claim(self.intent, type(self._operation), name, marks, now, over_doubts=self._over_doubts)
        while True:
            self._session.workers.check_not_lost()
            try:
                answer = await self._session.writer.claim(claim, self._patience)
            except TimeoutError:
                raise self._silent("; nothing was sent", sent=False) from None
            except JournalError as error:
                is_hopeless = not error.worth_retrying or not self._session.is_usable
                if is_hopeless or self._backoff.waited >= self._settings.max_wait:
                    raise
                await self._wait()
            else:
                self._claimed = answer.verdict is ClaimState.MINE
                return answer

    async def _reconcile(self, row: KeyRow) -> None:
        if row.account != self._account.name:
            raise records.other_account(row)
        if row.ref == self.ref:
            await reconcile(self._session, self._operation, row.ref, row.similarity_hash)
            return
        try:  # it stands in the way of this key; where it cannot be told, a person has to say what became of it
            other = operation_class(row.api, row.operation)(Account(self._account.dispatch, row.key))
            await reconcile(self._session, other, row.ref, row.similarity_hash)
        except UnresolvedError:
            self._over_doubts = True

    async def _send(self, *, may_look: bool) -> tuple[T] | None:
        """Send, and write down the outcome; None where it is not known and patience is left to find out."""
        operation, ref, before = self._operation, self.ref, None
        try:
            if operation.is_prepared:
                before = await operation.prepare(self.intent)
                owner = self._session.workers.owner
                await self._session.writer.run(partial(record_before, ref=ref, before=before, owner=owner))
            result = await operation.send(self.intent, before, self._before_send)
        except OutcomeUnknownError as error:
            working, noted = records.server_may_be_working(error.cause), records.with_answer(operation, before, error)
            doubt = KeyResult(ref, State.DOUBT, error=dump_error(error), server_may_be_working=working, before=noted)
            await self._record_what_happened(doubt, "it may or may not have happened", error)
            if not may_look:
                raise
            return None
        except LookFirstError as error:
            self._refusals += 1
            self._refusal = error.refusal
            doubt = KeyResult(ref, State.DOUBT, error=dump_error(error.refusal), server_may_be_working=False)
            await self._record_what_happened(doubt, "the server has refused it")
            return None
        except LostKeyError:
            return None  # nothing was sent: the journal says who has the key now
        except (BillingoError, TypeError, ValueError) as error:
            is_over = isinstance(error, APIError) and error.safe_to_retry and error.status_code not in TOO_MUCH
            state = State.DOUBT if self.sent and not is_over else State.REFUSED
            with suppress(BillingoError, LostKeyError):  # what the caller has to know is why nothing was made
                working = not isinstance(error, APIError)
                await self._record(KeyResult(ref, state, error=dump_error(error), server_may_be_working=working))
            raise
        await self._record_made(result)
        return (result,)

    async def _record_made(self, result: T) -> None:
        """Write down what was made; raise UnresolvedError, with its id, whatever goes wrong with that."""
        operation = self._operation
        id_ = operation.id_of(result)
        what = f"it happened{'' if id_ is None else f', with the id {id_}'}"
        try:
            made = operation.candidate(result)
            self._marks.learn(made.mark)
            done = KeyResult(self.ref, State.DONE, made.id, operation.dump(result))
        except Exception as error:  # noqa: BLE001 - whatever an answer may say: what is known of it is its id
            ids = () if id_ is None else (id_,)
            raise UnresolvedError(f"{what}, but cannot be written down ({type(error).__name__})", ids) from None
        await self._record_what_happened(done, what)

    def _before_send(self, error: BillingoError | None) -> None:
        if isinstance(error, APIError) and error.status_code in TOO_MUCH:
            raise LookFirstError(error)  # a gateway may say so after the fact: there is time to look
        self._session.workers.check_lease(self._account.accepted_for)
        self.sent = self._may_have_left = True

    async def _record_what_happened(self, result: KeyResult, what: str, cause: BillingoError | None = None) -> None:
        """Write it down; raise UnresolvedError if the journal cannot, for no other error would say what happened."""
        try:
            await self._record(result)
        except Exception as error:  # noqa: BLE001 - likewise
            ids = () if result.result_id is None else (result.result_id,)
            why = error if isinstance(error, BillingoError | LostKeyError) else type(error).__name__
            raise UnresolvedError(f"{what}, but the journal could not be written: {why}", ids, cause) from None

    async def _record(self, result: KeyResult) -> None:
        try:
            await self._session.writer.record(result, self._patience)
        except TimeoutError:
            raise self._silent("", sent=None) from None
        self.sent = self._claimed = False

    def _silent(self, more: str, *, sent: bool | None) -> JournalError:
        msg = f"the journal has not answered for {self._patience:.0f} s{more}"
        return JournalError(msg, operation=self._operation.name, sent=sent)

    async def _stored(self, row: KeyRow) -> T:
        operation = self._operation
        if row.result is None:
            msg = f"the journal's row of key {row.key!r} says done, but not with which result"
            raise JournalError(msg, operation=operation.name, sent=False, worth_retrying=False)
        if row.account != self._account.name:
            try:
                return await operation.fetch(row.result_id or 0)
            except (NotFoundError, ValueError, NotImplementedError):
                raise records.other_account(row) from None
        result = operation.load(row.result)
        if not row.fingerprint and operation.contradiction(self.intent, result) is not None:
            raise records.other_request(operation, self.intent, row)  # recovered: what was asked for is known now
        return result


def begin(session: JournalSession, operation: KeyedOperation[T], intent: Intent) -> Job[T]:
    """Begin the work on a key, or join those who are at it; raise KeyConflictError for another request."""
    job: Job[T] | None = session.jobs.get((intent.key, operation.purpose))
    if job is None or job.is_left:  # not the task's own word: a timeout inside it cancels it, too, for a moment
        job = Job(session, operation, intent)
        session.jobs[job.ref] = job
    elif job.intent.fingerprint != intent.fingerprint:
        raise records.other_request(operation, intent, job.intent)
    job.callers += 1
    return job
