"""What `invoices.create(key=…)` and `create_many` ask of a journal.

The journal itself lives in `bulk`, above this room; here stands only the shape that it has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn, Protocol, TypeAlias

from billingo_async.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping

    from billingo_async.v2.models import Invoice, NewInvoice
    from billingo_async.v2.resources.account import Account
    from billingo_async.v2.resources.outcome import Outcome

    Entries: TypeAlias = (
        Mapping[str, NewInvoice] | Iterable[tuple[str, NewInvoice]] | AsyncIterable[tuple[str, NewInvoice]]
    )


EXAMPLE: Final = 'Journal("sqlite+aiosqlite:///invoices.db")'


class OncePerKey(Protocol):
    """One invoice per key: what a `Billingo` object needs of the journal that it is given."""

    async def create(self, account: Account, new: NewInvoice, key: str) -> Invoice:
        """Return the invoice of a key, made now if there is none yet."""
        ...

    def create_many(self, account: Account, entries: Entries, *, concurrency: int) -> AsyncIterator[Outcome]:
        """Make many, some at a time, and tell what became of each."""
        ...

    async def aclose(self) -> None:
        """Wait for what is being done and let go of the database; a later use opens it anew."""
        ...


def a_journal(journal: OncePerKey | None) -> OncePerKey | None:
    """Return the journal; raise `ConfigurationError` for an address in its place."""
    if journal is None or hasattr(journal, "create_many"):
        return journal
    # What was given is not repeated: an address may hold a password.
    msg = f"journal must be a Journal, as in journal={EXAMPLE}, got {type(journal).__name__}"
    raise ConfigurationError(msg)


def no_journal(what: str) -> NoReturn:
    """Raise `ConfigurationError` for a call that needs a journal where there is none."""
    msg = f"{what} needs a journal, which remembers keys: pass one, as in Billingo(journal={EXAMPLE})"
    raise ConfigurationError(msg)
