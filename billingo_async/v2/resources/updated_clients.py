"""Clients that were written a moment ago: no invoice shows the data of yesterday.

The server may go on using a client's old data for some seconds after an update (seen). What was written through one
`Billingo` object is remembered here until the server has been seen to show it. Makes no invoice and writes no client.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final

from billingo_async.errors import TimedOutError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from billingo_async.v2.models import Client, NewClient

COMPARED: Final = ("name", "email", "taxcode", "phone", "billing_address")
"""What stands on an invoice and is stored as it was written."""
COMPARED_OF_ADDRESS: Final = ("street_name", "house_nr", "city", "postcode")
MAX_AGE: Final = 600.0
"""Seconds after which an update is taken as arrived: delays of seconds have been seen."""
FIRST_LOOK_SECONDS: Final = 0.2
MAX_LOOK_SECONDS: Final = 2.0


class UpdatedClients:
    """The updates that the server has not been seen to show yet, by client."""

    def __init__(self) -> None:
        """Start with none."""
        self._written: dict[int, tuple[Mapping[str, str], float]] = {}

    def remember(self, id: int, new: NewClient) -> None:
        """Remember what was written of a client."""
        now = time.monotonic()
        for old in [old for old, (_, at) in self._written.items() if now - at > MAX_AGE]:
            del self._written[old]
        self._written[id] = (_compared(new.to_payload()), now)

    async def wait_until_visible(self, id: int, read: Callable[[int], Awaitable[Client]], max_wait: float) -> None:
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
