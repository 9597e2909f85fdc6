"""The journal's face: an address, a few options, and the three things that a `Billingo` object asks of it.

What a journal needs (SQLAlchemy, a driver) is loaded when one is made, not when its name is imported.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from billingo_async.errors import ConfigurationError
from billingo_async.journal.intent import checked_stamp, intent_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from billingo_async.journal.hand import Kept, Status
    from billingo_async.journal.job import Job
    from billingo_async.journal.room import Room
    from billingo_async.v2.models import Invoice, NewInvoice
    from billingo_async.v2.resources.account import Account
    from billingo_async.v2.resources.once_per_key import Entries
    from billingo_async.v2.resources.outcome import Outcome

DEFAULT_SECOND_LOOK = 3.0


class Journal:
    """A record of keys and their invoices, durable before anything is sent: one invoice per key, for ever.

    The API has no idempotency key; this gives it one. Processes that share a journal share its keys; a journal belongs
    to one account.

    Args:
        url: `sqlite+aiosqlite:///invoices.db` on one machine (a local disk, not a network share), or
            `postgresql+asyncpg://user@host/database` for many.
        stamp: A text with `{key}` in it, such as `Ref. {key}`, that is added to the comment of every invoice; with it
            an invoice that a crash has left behind is recognised for certain, without it by its content.
        second_look: Seconds between the two looks that must both not find an invoice before it is sent again; where the
            server may still be at work on it, the `timeout` of the `Billingo` object if that is longer.

    Raises:
        ConfigurationError: For an address that no journal can be kept at, or a missing driver, naming what to install.

    Example:
        ```python
        async with Billingo(journal=Journal("sqlite+aiosqlite:///invoices.db")) as billingo:
            invoice = await billingo.invoices.create(order, key="order-1234")
        ```

    """

    def __init__(self, url: object, *, stamp: str | None = None, second_look: float = DEFAULT_SECOND_LOOK) -> None:
        """Check the options; the database is opened by the first use."""
        try:
            from billingo_async.journal.database import Database  # noqa: PLC0415 - loaded by those who keep a journal
        except ModuleNotFoundError as missing:
            msg = f'a journal needs {missing.name}: pip install "billingo-async[journal]"'
            raise ConfigurationError(msg) from None
        if isinstance(second_look, bool) or not isinstance(second_look, int | float) or not 0 <= second_look < 3600:  # noqa: PLR2004 - an hour is a mistake
            msg = f"second_look must be a number of seconds from 0 to 3600, got {second_look!r:.40}"
            raise ConfigurationError(msg)
        self._database = Database(url)
        self._stamp = checked_stamp(stamp)
        self._second_look = float(second_look)
        self._rooms: dict[asyncio.AbstractEventLoop, Room] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        """Those who close a room that was of no more use and has been replaced."""

    def __repr__(self) -> str:
        """Show the address without a password."""
        return f"<Journal {self._database!r}>"

    async def create(self, account: Account, new: NewInvoice, key: str) -> Invoice:
        """Return the invoice of a key; what `invoices.create(new, key=key)` does.

        Raises:
            KeyConflictError: If the key stands for another request; nothing is sent.
            OutcomeUnknownError: If it cannot be told whether the key has an invoice; `.candidates` may name some.

        """
        job = await self.begin(account, new, key)
        try:
            return await asyncio.shield(job.task)
        except asyncio.CancelledError:
            job.leave()  # what has not left stays; what may have left is gone on with, and written down
            raise

    def create_many(self, account: Account, entries: Entries, *, concurrency: int) -> AsyncGenerator[Outcome]:
        """Make many; what `invoices.create_many` does."""
        from billingo_async.journal.run import run_of  # noqa: PLC0415 - it needs what this module must not load

        return run_of(self, account, entries, concurrency)

    async def status(self) -> Status:
        """Return how many keys stand where, and which of them have no outcome."""
        from billingo_async.journal.hand import status  # noqa: PLC0415 - likewise

        return await (await self.room()).writer.run(status)

    async def look_up(self, key: str) -> Kept:
        """Return what the journal holds of one key: its state, and its invoice or the reason why there is none.

        Billingo is not asked. Raises `ConfigurationError` if the journal has no such key.

        Example:
            ```python
            kept = await journal.look_up("order-1234")
            print(kept.state, kept.invoice.invoice_no if kept.invoice else kept.error)
            ```

        """
        from billingo_async.journal.hand import kept  # noqa: PLC0415 - likewise

        return await kept(await self.room(), key)

    async def settle(
        self, account: Account, key: str, *, invoice_id: int | None = None, no_invoice: bool = False
    ) -> int | None:
        """Settle a key without an outcome and return its invoice's id, None if it has none and may be tried again.

        Args:
            account: `billingo.invoices.account`.
            key: The key.
            invoice_id: The invoice that is the key's, if you know it; it is read, and must belong to no other key.
            no_invoice: True if you know that there is none.

        Raises:
            ConfigurationError: If the journal has no such key, it is done, or somebody is at it.
            OutcomeUnknownError: If neither is said and the account does not tell.

        """
        from billingo_async.journal.hand import settle_key  # noqa: PLC0415 - likewise

        if invoice_id is not None and no_invoice:
            raise ConfigurationError("a key has an invoice or none: give invoice_id or no_invoice, not both")
        account.check_open()
        return await settle_key(await self.room(), account, key, invoice_id, no_invoice=no_invoice)

    async def begin(self, account: Account, new: object, key: object) -> Job:
        """Begin the work on a key, or join those who are at it in this process."""
        account.check_open()
        intent_of(key, new, self._stamp)  # what is wrong with it is said before anything is opened
        return self.begin_in(await self.room(), account, new, key)

    def begin_in(self, room: Room, account: Account, new: object, key: object) -> Job:
        """Begin the work on a key in a room that is open; raise what is wrong with the key or the invoice."""
        from billingo_async.journal.job import Job, other_request  # noqa: PLC0415 - likewise

        intent = intent_of(key, new, self._stamp)
        job = room.jobs.get(intent.key)
        if job is None or job.is_given_up:
            job = room.jobs[intent.key] = Job(room, account, intent)
        elif job.intent.fingerprint != intent.fingerprint:
            raise other_request(intent, job.intent.fingerprint)
        return job.join()

    async def room(self) -> Room:
        """Return what is open in this event loop; opens it where nothing is."""
        from billingo_async.journal.room import Room  # noqa: PLC0415 - likewise

        loop = asyncio.get_running_loop()
        for other in [other for other in self._rooms if other.is_closed()]:
            self._rooms.pop(other).workers.vanish()  # its loop ended without closing it
        room = self._rooms.get(loop)
        if room is None or not room.is_usable:
            self._leave(room)
            room = self._rooms[loop] = Room(self._database, self._second_look)
        await room.opened()
        return room

    async def aclose(self) -> None:
        """Wait for the keys that are being worked on and let go of the database; a later use opens it anew."""
        loop = asyncio.get_running_loop()
        room = self._rooms.pop(loop, None)
        if room is not None:
            await room.aclose()
        await asyncio.gather(*(task for task in self._leaving if task.get_loop() is loop), return_exceptions=True)

    def _leave(self, room: Room | None) -> None:
        if room is not None:
            task = asyncio.create_task(room.aclose(), name="billingo-journal-leaving")
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)
