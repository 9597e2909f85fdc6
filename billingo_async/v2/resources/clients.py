"""Clients: the customers that invoices are made out to.

Never enters here: a path or a method of HTTP; those are rows of `operations`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

from billingo_async.fields.arguments import check_str
from billingo_async.noun import Deletable, Readable, rows_of
from billingo_async.v2 import models, operations, updates
from billingo_async.v2.api import MAX_PER_PAGE

if TYPE_CHECKING:
    from billingo_async.paging import AsyncPager


class Clients(Readable["models.Client"], Deletable):
    """The customers of the account.

    Source: API docs, Clients.
    """

    _rows = rows_of("clients", operations.TABLE)

    def list(
        self,
        *,
        name: str | None = None,
        taxcode: str | None = None,
        page: int = 1,
        max_per_page: int = MAX_PER_PAGE,
        read_ahead: int = 1,
    ) -> AsyncPager[models.Client]:
        """List all clients, page after page, or those of a name or a tax code.

        The API has no such filters: every page is read, and the rows are picked on this side.

        Args:
            name: Only clients of this name; case and spaces at the edges do not count.
            taxcode: Only clients with this tax code, compared likewise.
            page: The page to begin with, from 1.
            max_per_page: Rows of a page, 1 to 50.
            read_ahead: Pages on the wire while the caller works on one.

        Raises:
            ValueError: For a page size that the API would refuse; nothing is sent.
            TypeError: If `name` or `taxcode` is no text; nothing is sent.

        Example:
            ```python
            by_tax_code = {client.taxcode: client.id async for client in billingo.clients.list()}
            namesakes = await billingo.clients.list(name="Gigazoom LLC.").to_list()
            ```

        Source: API docs, Clients / List of clients.

        """
        filters = {"name": name, "taxcode": taxcode}
        expected = {field: _comparable(check_str(field, text)) for field, text in filters.items() if text is not None}

        def keep(client: models.Client) -> bool:
            return all(_comparable(getattr(client, field) or "") == text for field, text in expected.items())

        return self._pager(operations.CLIENTS_LIST, page, max_per_page, read_ahead, keep if expected else None)

    async def create(self, new: models.NewClient, *, key: str | None = None) -> models.Client:
        """Make a client, or return the one that has the same name, tax code and address already.

        The server compares addresses only where they are split into `street_name`, `street_type` and `house_nr`.
        With `force=True` it makes one in any case; such a call is never repeated in doubt.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            InvalidRequestError: If the server finds fault with a field.
            OutcomeUnknownError: With `force=True`, if it may or may not have been made.

        Example:
            ```python
            client = await billingo.clients.create(
                NewClient(
                    name="Gigazoom LLC.",
                    billing_address=Address(
                        street_name="Moulton", street_type="Terrace", house_nr="2797",
                        city="Preston", postcode="PR1", country="United Kingdom",
                    ),
                )
            )
            ```

        Source: API docs, Clients / Create a client.

        """
        row = operations.CLIENTS_FORCE if getattr(new, "force", False) else operations.CLIENTS_CREATE
        return await self._make(row, new, key)

    async def update(self, id: int, new: models.NewClient) -> models.Client:
        """Write a client anew and return it; `client.edit(…)` makes the `NewClient` from one that was read.

        The server may go on using the old data for some seconds; `invoices.create` of the same `Billingo` object waits
        until it shows the new ones.

        Raises:
            NotFoundError: If there is none with this id.

        Example:
            ```python
            client = await billingo.clients.get(1963092040)
            client = await billingo.clients.update(client.id, client.edit(email="billing@example.com"))
            ```

        Source: API docs, Clients / Update a client; the delay has been seen.

        """
        client = await self._act(operations.CLIENTS_UPDATE, id, new)
        updates.remember(self._dispatch.sender, id, new)
        return client


def _comparable(text: str) -> str:
    return normalize("NFC", text).strip().casefold()
