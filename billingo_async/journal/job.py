"""One key at work: claim it, send its invoice, write down what became of it; reconcile where that is not known.

The job is a task of its own: a caller who is cancelled leaves it behind, and what is on the wire is never forgotten.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Self

from billingo_async.errors import (
    BillingoError,
    ConfigurationError,
    KeyConflictError,
    MalformedResponseError,
    NotFoundError,
    OutcomeUnknownError,
    ServerError,
)
from billingo_async.journal.book import Claim, LostKeyError, Note, Verdict, interrupt
from billingo_async.journal.kept import reason, restored, short
from billingo_async.journal.reconcile import UnsettledError, settle, unknown
from billingo_async.journal.tables import State

if TYPE_CHECKING:
    from billingo_async.journal.book import Claimed
    from billingo_async.journal.intent import Intent
    from billingo_async.journal.room import Room
    from billingo_async.journal.tables import Row
    from billingo_async.v2.models import Invoice
    from billingo_async.v2.resources.account import Account

FIRST_POLL: Final = 0.02
LONGEST_POLL: Final = 1.0


class Job:
    """The work on one key, shared by all who ask for it in this process."""

    def __init__(self, room: Room, account: Account, intent: Intent) -> None:
        """Begin at once; `task` ends with the invoice or an error."""
        self._room = room
        self._account = account
        self.intent: Final = intent
        self._claimed = False
        self._sends = 0
        self._waited, self._poll = 0.0, FIRST_POLL
        self._callers = 0
        self.sent: bool = False
        """True from the moment at which the request may have left until its outcome is written."""
        self.task: Final = asyncio.create_task(self._run(), name="billingo-journal-job")
        self.task.add_done_callback(self._over)

    @property
    def is_given_up(self) -> bool:
        """True once nobody is waiting any more and it was cancelled for that: it can be joined no more."""
        return self.task.cancelling() > 0

    @property
    def has_sent(self) -> bool:
        """True once a request was begun here, however it ended: an invoice is this worker's work then."""
        return self._sends > 0

    def join(self) -> Self:
        """Count one more caller who waits for the outcome."""
        self._callers += 1
        return self

    def leave(self) -> bool:
        """Count one caller less; True if it was the last one, without whom only what may have left is gone on with."""
        self._callers -= 1
        if self._callers:
            return False
        if not self.sent:
            self.task.cancel()
        return True

    def _over(self, task: asyncio.Task[Invoice]) -> None:
        if self._room.jobs.get(self.intent.key) is self:
            del self._room.jobs[self.intent.key]
        if not task.cancelled():
            task.exception()  # told to those who wait; where nobody does any more, it is not lost but in the journal

    async def _run(self) -> Invoice:
        room, key = self._room, self.intent.key
        try:
            await room.looks(self._account).remember_what_is_there(self._account)
            while True:
                made = await self._step(await self._claim())
                if made is not None:
                    return made
        except UnsettledError as error:
            raise unknown(key, error) from None
        finally:
            if self._claimed:  # cancelled, or failed in a way that nobody foresaw
                state = State.DOUBT if self.sent else State.FREE
                room.writer.leave_soon(partial(interrupt, key=key, owner=room.workers.owner, state=state))

    async def _step(self, answer: Claimed) -> Invoice | None:
        """Do what the journal's answer asks for; None if the journal is to be asked again."""
        match answer.verdict:
            case Verdict.DONE:
                return await self._stored(answer)
            case Verdict.MINE:
                self._sends += 1
                return await self._send(may_look=self._sends <= self._account.max_retries)
            case Verdict.UNSETTLED:
                self._check_account(answer.row)
                await settle(self._room, self._account, self.intent.key, self.intent.likeness)
            case Verdict.BUSY:
                await self._wait()
            case Verdict.OTHER_REQUEST:
                row = answer.row
                raise other_request(self.intent, row.fingerprint if row else "", row.invoice_id if row else None)
        return None

    async def _wait(self) -> None:
        """Let others get on with it, a little longer each time."""
        if self._waited >= self._account.max_wait:
            raise UnsettledError(f"another worker has been at it for {self._waited:.0f} s")
        await asyncio.sleep(self._poll)
        self._waited += self._poll
        self._poll = min(2 * self._poll, LONGEST_POLL)

    async def _claim(self) -> Claimed:
        highest = self._room.highest(self._account, self.intent.new.block_uid)
        answer = await self._room.writer.claim(Claim(self.intent, self._account.name, highest))
        self._claimed = answer.verdict is Verdict.MINE
        return answer

    async def _send(self, *, may_look: bool) -> Invoice | None:
        """Send, and write down the outcome; None where it is not known and patience is left to find out."""
        room, key = self._room, self.intent.key
        try:
            invoice = await self._account.issue(self.intent.new, body=self.intent.request, departing=self._depart)
        except OutcomeUnknownError as error:
            note = Note(key, State.DOUBT, error=reason(error), may_run_on=_may_run_on(error.cause))
            await self._note_what_happened(note, "it may or may not have been made", error)
            if not may_look:
                raise
            return None
        except (BillingoError, TypeError, ValueError) as error:
            state = State.REFUSED if not self.sent or _is_final(error) else State.DOUBT
            with suppress(ConfigurationError, LostKeyError):  # what the caller has to know is why nothing was made
                await self._note(Note(key, state, error=reason(error)))
            raise
        room.hear(self._account, self.intent.new.block_uid, invoice)
        await self._note_what_happened(
            Note(key, State.DONE, invoice.id, short(invoice)), f"invoice {invoice.id} was made"
        )
        return invoice

    def _depart(self) -> None:
        self._room.workers.departing()
        self.sent = True

    async def _note_what_happened(self, note: Note, what: str, cause: BillingoError | None = None) -> None:
        """Write it down; raise UnsettledError if the journal cannot, for no other error would say what happened."""
        try:
            await self._note(note)
        except (ConfigurationError, LostKeyError) as error:
            ids = () if note.invoice_id is None else (note.invoice_id,)
            raise UnsettledError(f"{what}, but the journal could not be written: {error}", ids, cause) from None

    async def _note(self, note: Note) -> None:
        await self._room.writer.note(note)
        self.sent = self._claimed = False

    async def _stored(self, answer: Claimed) -> Invoice:
        row = answer.row
        if row is None or row.invoice is None or row.invoice_id is None:
            msg = f"the journal's row of key {self.intent.key!r} says done, but not with which invoice"
            raise ConfigurationError(msg)
        if row.account != self._account.name:
            try:
                return await self._account.get(row.invoice_id)
            except NotFoundError:
                raise _other_account(row) from None
        return restored(row.invoice)

    def _check_account(self, row: Row | None) -> None:
        if row is not None and row.account != self._account.name:
            raise _other_account(row)


def other_request(intent: Intent, before: str, invoice_id: int | None = None) -> KeyConflictError:
    """Return the error for a key that stands for another invoice; it names both requests by their fingerprints."""
    prints = f"its fingerprint is {before[:16]}, this one's is {intent.fingerprint[:16]}"
    if invoice_id is None:
        msg = f"key {intent.key!r} stands for another request already, which has no invoice yet ({prints})"
    else:
        msg = (
            f"key {intent.key!r} has invoice {invoice_id} already, from another request ({prints}): if that invoice is "
            "wrong, cancel it, and make the right one under a new key"
        )
    return KeyConflictError(
        f"{msg}; nothing was sent", operation="invoices.create", key=intent.key, result_id=invoice_id
    )


def _other_account(row: Row) -> ConfigurationError:
    msg = (
        f"key {row.key!r} was used with the API keys of another account, or with keys that were replaced since: "
        "keep a journal for each account; nothing was sent"
    )
    return ConfigurationError(msg, operation="invoices.create")


def _is_final(error: Exception) -> bool:
    """Tell whether nothing can have been made when this came back."""
    return isinstance(error, BillingoError) and error.safe_to_retry


def _may_run_on(cause: BillingoError | None) -> bool:
    """Tell whether the server may still be at work: its own answer ends that, silence and a gateway's word do not."""
    if isinstance(cause, ServerError):
        return cause.status_code != HTTPStatus.INTERNAL_SERVER_ERROR
    return not isinstance(cause, MalformedResponseError)
