"""Clients that were updated a moment ago: no invoice is made before the server shows of them what was written.

The server may go on using a client's old data for some seconds after an update (seen). What was written through one
`Billingo` object is remembered here until the server has been seen to show it, so that no invoice shows yesterday's.
Never enters here: how a client or an invoice is sent.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from billingo_async.errors import TimedOutError
from billingo_async.v2 import models, operations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from billingo_async.journal.port import Account
    from billingo_async.transport.sender import Sender

COMPARED: Final = ("name", "email", "taxcode", "phone", "billing_address")
"""What stands on an invoice and is stored as it was written."""
COMPARED_OF_ADDRESS: Final = ("street_name", "house_nr", "city", "postcode")
MAX_AGE: Final = 600.0
"""Seconds after which an update is taken as arrived: delays of seconds have been seen."""
FIRST_LOOK_SECONDS: Final = 0.2
MAX_LOOK_SECONDS: Final = 2.0
_UPDATED: Final[WeakKeyDictionary[Sender, dict[int, tuple[Mapping[str, str], float]]]] = WeakKeyDictionary()
"""What was written of each client, and when, by what one `Billingo` object and its light copies send through."""


def remember(sender: Sender, id: int, new: models.NewClient) -> None:
    """Remember what was written of a client."""
    now, updated = time.monotonic(), _UPDATED.setdefault(sender, {})
    for old in [old for old, (_, at) in updated.items() if now - at > MAX_AGE]:
        del updated[old]
    updated[id] = (_compared(new.to_payload()), now)


async def wait_until_visible(account: Account, id: int) -> None:
    """Return when the server shows the last update of a client, at once where there is none to wait for.

    Raises TimedOutError if it still shows the old data after `max_wait` seconds of waiting.
    """
    updated, waited, pause = _UPDATED.get(account.dispatch.sender, {}), 0.0, FIRST_LOOK_SECONDS
    while (entry := updated.get(id)) is not None:
        shown = _compared((await account.run(operations.CLIENTS_GET.call(id=id))).model_dump())
        if all(shown.get(name, text) == text for name, text in entry[0].items()):
            if updated.get(id) is entry:
                del updated[id]
            return
        if waited + pause > account.settings.max_wait:
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
