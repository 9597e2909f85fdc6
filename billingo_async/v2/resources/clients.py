"""Clients: the customers that invoices are made out to; and those that were written a moment ago.

The server may go on using a client's old data for some seconds after an update (seen). What was written through one
`Billingo` object is remembered here until the server has been seen to show it, so that no invoice shows yesterday's.
Never enters here: a path or a method of HTTP; those are rows of `operations`.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final
from unicodedata import normalize
from weakref import WeakKeyDictionary

from billingo_async.errors import TimedOutError
from billingo_async.fields.arguments import check_str
from billingo_async.noun import Deletable, Readable, rows_of
from billingo_async.v2 import models, operations
from billingo_async.v2.api import MAX_PER_PAGE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from billingo_async.paging import AsyncPager
    from billingo_async.transport.sender import Sender


COMPARED: Final = ("name", "email", "taxcode", "phone", "billing_address")
"""What stands on an invoice and is stored as it was written."""
COMPARED_OF_ADDRESS: Final = ("street_name", "house_nr", "city", "postcode")
MAX_AGE: Final = 600.0
"""Seconds after which an update is taken as arrived: delays of seconds have been seen."""
FIRST_LOOK_SECONDS: Final = 0.2
MAX_LOOK_SECONDS: Final = 2.0


class UpdatedClients:
    """The updates that the server has not been seen to show yet, by client."""

    _known: Final[WeakKeyDictionary[Sender, UpdatedClients]] = WeakKeyDictionary()

    @classmethod
    def of(cls, sender: Sender) -> UpdatedClients:
        """Return those that were written through one `Billingo` object, its light copies included."""
        return cls._known.setdefault(sender, cls())

    def __init__(self) -> None:
        """Start with none."""
        self._written: dict[int, tuple[Mapping[str, str], float]] = {}

    def remember(self, id: int, new: models.NewClient) -> None:
        """Remember what was written of a client."""
        now = time.monotonic()
        for old in [old for old, (_, at) in self._written.items() if now - at > MAX_AGE]:
            del self._written[old]
        self._written[id] = (_compared(new.to_payload()), now)

    async def wait_until_visible(
        self, id: int, read: Callable[[int], Awaitable[models.Client]], max_wait: float
    ) -> None:
        """Return when the server shows the last update of a client, at once where there is none to wait for.

        Raises TimedOutError if it still shows the old data after `max_wait` seconds of waiting.
        """
        waited, pause = 0.0, FIRST_LOOK_SECONDS
        while (entry := self._written.get(id)) is not None:
            shown = _compared((await read(id)).model_dump())
            if all(shown.get(name, text) == text for name, text in entry[0].items()):
                if self._written.get(id) is entry:
                    del self._written[id]
                return
            if waited + pause > max_wait:
                msg = (
                    f"invoices.create: client {id} was updated, and after {waited:g} s the server still shows the old "
                    "data; nothing was sent, try again later"
                )
                raise TimedOutError(msg, operation="invoices.create")
            await asyncio.sleep(pause)
            waited, pause = waited + pause, min(2 * pause, MAX_LOOK_SECONDS)


def _compared(client: Mapping[str, Any]) -> dict[str, str]:
    """Return what can be compared of a client, free of spaces and punctuation, which the server may set differently."""
    values = {name: client.get(name) for name in COMPARED}
    address: Mapping[str, Any] = values.pop("billing_address") or {}
    values |= {f"billing_address.{name}": address.get(name) for name in COMPARED_OF_ADDRESS}
    return {
        name: "".join(letter for letter in str(value).casefold() if letter.isalnum())
        for name, value in values.items()
        if value is not None
    }


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
        UpdatedClients.of(self._dispatch.sender).remember(id, new)
        return client


def _comparable(text: str) -> str:
    return normalize("NFC", text).strip().casefold()
