"""Making invoices: one, one under a key, thousands under keys. `Invoices` inherits these calls.

What a key is and how it is kept stands in `bulk`; here is only whom to ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from billingo_async.v2.resources.account import Account
from billingo_async.v2.resources.once_per_key import no_journal
from billingo_async.v2.resources.resource import Resource

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from billingo_async.transport.dispatch import Dispatch
    from billingo_async.v2.models import Invoice, NewInvoice
    from billingo_async.v2.resources.once_per_key import Entries, OncePerKey
    from billingo_async.v2.resources.outcome import Outcome
    from billingo_async.v2.resources.updated_clients import UpdatedClients


class Making(Resource):
    """The calls that make invoices.

    Source: API docs, Invoices / Save a new invoice.
    """

    def __init__(
        self, dispatch: Dispatch, updated: UpdatedClients | None = None, journal: OncePerKey | None = None
    ) -> None:
        """Take what carries out the calls, the clients that were just updated, and the journal if there is one."""
        super().__init__(dispatch)
        self.account: Final = Account(dispatch, updated)
        """The account as a journal sees it; what `Journal.settle` takes."""
        self._journal = journal

    async def create(self, new: NewInvoice, *, key: str | None = None) -> Invoice:
        """Make an invoice, a proforma or a draft, and return it in short: without items and client.

        A normal invoice reaches the tax office within seconds and cannot be changed any more, only cancelled. With a
        `key` there is one invoice per key, for ever: a second call, in another process or after a crash, returns the
        first one's invoice. That needs `Billingo(journal=…)`.

        Args:
            new: What to make.
            key: What the invoice is made for, such as the number of an order; 1 to 200 printable characters.

        Raises:
            ConfigurationError: With a key, if there is no journal.
            KeyConflictError: If the key stands for another request already, or has its invoice from one.
            InvalidRequestError: If the server finds fault with a field; `.errors` says with which.
            OutcomeUnknownError: If it may or may not have been made. Without a key, look before you call again; with
                one, calling again asks Billingo what it has and never sends blindly.
            TimedOutError: If the client was updated and the server still shows its old data after `max_wait`.

        Example:
            ```python
            invoice = await billingo.invoices.create(
                NewInvoice(
                    client_uid=client.id,
                    payment_method=1,
                    fulfillment_date=date(2026, 3, 1),
                    due_date=date(2026, 3, 9),
                    items=[NewItem(description="Honey", vat_id=1, qty=2, unit="jar", net_unit_price=Decimal("3500"))],
                ),
                key="order-1234",
            )
            ```

        Source: API docs, Invoices / Save a new invoice.

        """
        if key is None:
            return await self.account.issue(new)
        journal = self._journal or no_journal("invoices.create(key=…)")
        return await journal.create(self.account, new, key)

    def create_many(self, entries: Entries, *, concurrency: int = 10) -> AsyncIterator[Outcome]:
        """Make many invoices, each under its key, and tell what became of each as soon as it is known.

        The input is read as it is needed, so it may be longer than the memory; at most `concurrency` of it is held at
        a time. A run that was killed is resumed by running it again: what is made already is not made again. One that
        fails does not stop the others. Leaving the loop stops taking new ones and finishes what is on the wire.

        Args:
            entries: Keys and invoices: a mapping, or any iterable or async iterable of pairs.
            concurrency: How many are worked on at the same time; fewer after a 429 or 503, for a while.

        Raises:
            ConfigurationError: If there is no journal, or it cannot be used.

        Example:
            ```python
            async for outcome in billingo.invoices.create_many(drafts, concurrency=20):
                print(outcome.key, outcome.invoice or outcome.error)
            ```

        Source: API docs, Invoices / Save a new invoice.

        """
        journal = self._journal or no_journal("invoices.create_many")
        return journal.create_many(self.account, entries, concurrency=concurrency)
