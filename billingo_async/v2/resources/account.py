"""The account as a journal sees it: make one invoice, read one, find those of some days. No key is known here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from billingo_async import v2
from billingo_async.fields.writing import encode_body
from billingo_async.v2 import operations
from billingo_async.v2.resources.resource import Resource
from billingo_async.v2.resources.updated_clients import UpdatedClients

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date

    from billingo_async.paging import AsyncPager
    from billingo_async.protocol.call import Attempt
    from billingo_async.transport.dispatch import Dispatch
    from billingo_async.v2.models import Client, Invoice, NewInvoice


class Account(Resource):
    """What making an invoice needs, with the patience of one `Billingo` object."""

    def __init__(self, dispatch: Dispatch, updated: UpdatedClients | None = None) -> None:
        """Take what carries out the calls, and the clients that were updated through the same object."""
        super().__init__(dispatch)
        self._updated = updated or UpdatedClients()
        settings = dispatch.settings
        self.name: str = dispatch.auth.account
        """Tells accounts apart without telling their keys."""
        self.timeout: float = settings.timeout
        self.max_wait: float = settings.max_wait
        self.max_retries: int = settings.max_retries

    def listening(self, hear: Callable[[Attempt], object]) -> Account:
        """Return the same account, with every attempt told to `hear` as well."""
        return Account(self._dispatch.with_attempt_hook(hear), self._updated)

    def check_open(self) -> None:
        """Raise `ConfigurationError` where nothing can be sent any more: then nothing is opened for it either."""
        self._dispatch.check_open()

    async def issue(
        self, new: NewInvoice, *, body: bytes | None = None, departing: Callable[[], object] | None = None
    ) -> Invoice:
        """Make an invoice, once its client is seen as it was last written; `body` is its JSON, where it is known.

        `departing` is called before each try, as the last thing before the request is signed; it may raise, and then
        nothing is sent.
        """
        call = operations.INVOICES_CREATE.call(body=encode_body(new, v2.models.NewInvoice) if body is None else body)
        del body  # not to be seen in the locals of a traceback
        await self._updated.wait_until_visible(new.client_uid, self._client, self.max_wait)
        return await self._dispatch.run(call, before_send=departing)

    async def get(self, id: int) -> Invoice:
        """Return one invoice, with its items."""
        return await self._dispatch.run(operations.INVOICES_GET.call(id=id))

    def query(self, first: date, last: date, *, page: int = 1) -> AsyncPager[Invoice]:
        """List the invoices that were made from the first to the last day, the newest first."""
        return self._pager(operations.INVOICES_QUERY, page, 50, 1, {"start_date": first, "end_date": last})

    def _client(self, id: int) -> Awaitable[Client]:
        return partial(self._dispatch.run, operations.CLIENTS_GET.call(id=id))()
