"""The journal's face: an address, a few options, and what a `Billingo` object and a person ask of it.

What a journal needs (SQLAlchemy, a driver) is loaded when one is made, not when its name is imported.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

from billingo_async.errors import ConfigurationError
from billingo_async.fields.arguments import check_date, check_int
from billingo_async.journal.intent import check_key, check_stamp

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncGenerator, Iterable, Sequence
    from datetime import date

    from billingo_async.journal.port import KeyedOperation
    from billingo_async.journal.records import JournalStatus, KeyRecord, Outcome
    from billingo_async.journal.run import Entries
    from billingo_async.journal.session import JournalSession

T = TypeVar("T")
MAX_SECOND_LOOK: Final = 3600.0
EXAMPLE: Final = 'Journal("sqlite+aiosqlite:///invoices.db")'


class Journal:
    """A record of keys and what was made under them, durable before anything is sent: one deed per key, for ever.

    The API has no idempotency key; this gives it one. Processes that share a journal share its keys; a journal belongs
    to one account.

    Args:
        url: `sqlite:///invoices.db` (or `sqlite+aiosqlite:///…`) on one machine, on a local disk and no network share;
            `postgresql+asyncpg://user@host/database` for many.
        stamp: A text with `{key}` in it, such as `Ref. {key}`, that stands first in the comment of every invoice; with
            it an invoice that a crash has left behind is recognised for certain, without it by its content.
        second_look: Seconds between the two looks that must both not find what was made before it is sent again; where
            the server may be at work on it still, the `timeout` of the `Billingo` object if that is longer.
        schema: On PostgreSQL, the schema that holds the tables: one for each account in one database.

    Raises:
        ConfigurationError: For an address that no journal can be kept at, or a missing driver, naming what to install.

    Example:
        ```python
        async with Billingo(journal=Journal("sqlite:///invoices.db")) as billingo:
            invoice = await billingo.invoices.create(order, key="order-1234")
        ```

    """

    def __init__(
        self, url: object, *, stamp: str | None = None, second_look: float = 3.0, schema: str | None = None
    ) -> None:
        """Check the options; the database is opened by the first use."""
        try:
            from billingo_async.journal.database import Database  # noqa: PLC0415 - loaded by those who keep a journal

            self._database = Database(url, schema)
        except ModuleNotFoundError as missing:
            msg = f'a journal needs {missing.name}: pip install "billingo-async[journal]"'
            raise ConfigurationError(msg) from None
        except ConfigurationError as error:
            raise error.with_traceback(None) from None
        finally:
            del url  # its password is not to be seen in the locals of a traceback
        is_number = isinstance(second_look, int | float) and not isinstance(second_look, bool)
        if not is_number or not 0 <= second_look < MAX_SECOND_LOOK:
            msg = f"second_look must be a number of seconds from 0 to {MAX_SECOND_LOOK:.0f}, got {second_look!r:.40}"
            raise ConfigurationError(msg)
        self._stamp = check_stamp(stamp)
        self._second_look = float(second_look)
        self._open: dict[asyncio.AbstractEventLoop, JournalSession] = {}
        self._closing: set[asyncio.Task[None]] = set()
        """Those that close a session which was of no more use and has been replaced."""

    def __repr__(self) -> str:
        """Show the address without a password."""
        return f"<Journal {getattr(self, '_database', 'without an address')!s}>"

    async def do(self, operation: KeyedOperation[T], new: Any, key: str) -> T:
        """Return the result of a key, made now if there is none yet; what the `key=` of a call does.

        Raises:
            KeyConflictError: If the key stands for another request; nothing is sent.
            JournalError: If the journal's database is away, full, locked, replaced or damaged.
            OutcomeUnknownError: If it cannot be told what became of the key; `.candidates` may name some.

        """
        from billingo_async.journal.job import begin  # noqa: PLC0415 - it needs what this module must not load

        operation.account.dispatch.sender.check_open()
        intent = operation.state(key, new, self._stamp)  # what is wrong with it is said before anything is opened
        job = begin(await self._session(), operation, intent)
        try:
            return await asyncio.shield(job.task)
        except asyncio.CancelledError:
            job.leave()  # what has not left stays; what may have left is gone on with, and written down
            raise

    def do_many(
        self, operation: KeyedOperation[T], entries: Entries[Any], *, concurrency: int
    ) -> AsyncGenerator[Outcome[T]]:
        """Make many; what `create_many` does."""
        from billingo_async.journal.run import outcomes_of  # noqa: PLC0415 - likewise

        return outcomes_of(self._session, operation, entries, concurrency)

    async def status(self) -> JournalStatus:
        """Return how many keys stand where, and which of them have no outcome or were refused.

        Example:
            ```python
            status = await journal.status()
            print(status.counts.get("done", 0), [record.key for record in status.unresolved])
            ```

        """
        from billingo_async.journal.upkeep import status  # noqa: PLC0415 - likewise

        return await (await self._session()).writer.run(status)

    async def look_up(self, key: str, *, operation: str | None = None) -> KeyRecord:
        """Return what the journal holds of one key: its state, and its result or the reason why there is none.

        Billingo is not asked. Without `operation` it is the making of the order's document. Raises
        `ConfigurationError` if the journal has no such key.

        Example:
            ```python
            record = await journal.look_up("order-1234")
            print(record.state, record.invoice.invoice_no if record.invoice else record.error)
            mailed = await journal.look_up("order-1234", operation="invoices.send")
            ```

        """
        from billingo_async.journal.upkeep import record_of, row_named  # noqa: PLC0415 - likewise

        return record_of(await row_named(await self._session(), check_key(key), operation))

    async def look_up_many(self, keys: Iterable[str]) -> dict[str, KeyRecord]:
        """Return what the journal holds of many keys, each of the making of the order's document, in one question.

        A key that it does not have is left out.

        Example:
            ```python
            made = [key for key, record in (await journal.look_up_many(keys)).items() if record.result is not None]
            ```

        """
        from billingo_async.journal.upkeep import look_up_many  # noqa: PLC0415 - likewise

        return await look_up_many(await self._session(), [check_key(key) for key in keys])

    async def backup(self, path: str | os.PathLike[str]) -> Path:
        """Copy the journal whole into a new SQLite file, also while it is used, and return its path.

        A copy of the file alone would lack what is in its write-ahead log. Raises `FileExistsError` if something is at
        the path.

        Example:
            ```python
            await journal.backup("invoices-2026-03-31.db")
            ```

        """
        from billingo_async.journal.upkeep import copy_file, copy_rows, reserve  # noqa: PLC0415 - likewise

        target = Path(path)
        session = await self._session()
        reserve(target)
        try:
            if self._database.is_sqlite:
                await asyncio.to_thread(copy_file, self._database, target)
            else:
                await session.writer.run(lambda connection: copy_rows(connection, target))
        except BaseException:
            await asyncio.to_thread(target.unlink, missing_ok=True)
            raise
        return target

    async def erase_personal_data(self, *, before: date) -> int:
        """Erase what the journal keeps of customers for all keys that came to an end before a day; return how many.

        Key, id and number stay, and so does the promise of one deed per key; comments, sums and reasons go.

        Example:
            ```python
            await journal.erase_personal_data(before=date(2020, 1, 1))
            ```

        """
        from billingo_async.journal.upkeep import erase_personal_data  # noqa: PLC0415 - likewise

        day = check_date("before", before)
        if day is None:
            raise ValueError("before must be a datetime.date")
        return await (await self._session()).writer.run(lambda connection: erase_personal_data(connection, day))

    async def recover(
        self, operation: KeyedOperation[Any], *, since: float | None = None, keys: Sequence[str] | None = None
    ) -> int:
        """Take over what bears the journal's stamp, or what the account has by these keys: `Billingo.recover`."""
        from billingo_async.journal.upkeep import recover  # noqa: PLC0415 - likewise

        operation.account.dispatch.sender.check_open()
        return await recover(await self._session(), operation, since, keys)

    async def resolve(
        self,
        operation: KeyedOperation[Any],
        key: str,
        *,
        result_id: int | None = None,
        happened: bool | None = None,
        force: bool = False,
    ) -> KeyRecord:
        """Resolve a key in doubt; what `Billingo.resolve` does."""
        from billingo_async.journal.upkeep import resolve  # noqa: PLC0415 - likewise

        if result_id is not None and happened is False:
            raise ConfigurationError("a key has a result or none: give result_id or happened=False, not both")
        if result_id is not None:
            check_int("result_id", result_id, 1)
        if not (happened is None or isinstance(happened, bool)) or not isinstance(force, bool):
            raise ConfigurationError("happened and force must be True or False: any text would count as True")
        operation.account.dispatch.sender.check_open()
        session = await self._session()
        return await resolve(session, operation, check_key(key), result_id=result_id, happened=happened, force=force)

    async def _session(self) -> JournalSession:
        """Return what is open in this event loop; opens it where nothing is."""
        from billingo_async.journal.session import JournalSession  # noqa: PLC0415 - likewise

        loop = asyncio.get_running_loop()
        session = self._open.get(loop)
        if session is None:
            for other in [other for other in self._open if other.is_closed()]:
                self._open.pop(other).workers.abandon()  # its loop ended without closing it
        if session is None or not session.is_usable:
            if session is not None:
                task = asyncio.create_task(session.aclose(), name="billingo-journal-closing")
                self._closing.add(task)
                task.add_done_callback(self._closing.discard)
            session = self._open[loop] = JournalSession(self._database, self._second_look, self._stamp)
        await session.opened()
        return session

    async def aclose(self) -> None:
        """Wait for the keys that are being worked on and let go of the database; a later use opens it anew."""
        loop = asyncio.get_running_loop()
        session = self._open.pop(loop, None)
        if session is not None:
            await session.aclose()
        await asyncio.gather(*(task for task in self._closing if task.get_loop() is loop), return_exceptions=True)


def checked_journal(journal: Journal | None) -> Journal | None:
    """Return the journal; raise `ConfigurationError` for an address in its place."""
    if journal is None or isinstance(journal, Journal):
        return journal
    # What was given is not repeated: an address may hold a password.
    raise ConfigurationError(f"journal must be a Journal, as in journal={EXAMPLE}, got {type(journal).__name__}")


def missing_journal(what: str) -> NoReturn:
    """Raise `ConfigurationError` for a call that needs a journal where there is none."""
    msg = f"{what} needs a journal, which remembers keys: pass one, as in Billingo(journal={EXAMPLE})"
    raise ConfigurationError(msg)
