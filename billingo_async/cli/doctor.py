"""The command that finds out what keeps the others from working: `doctor`."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, Final

from billingo_async import (
    AuthenticationError,
    Billingo,
    BillingoError,
    ConnectionFailedError,
    NotFoundError,
    PermissionDeniedError,
)
from billingo_async.cli.output import say
from billingo_async.cli.running import DONE, FAILED, run

if TYPE_CHECKING:
    from billingo_async.cli.running import Stop

REMEDIES: Final[tuple[tuple[type[BillingoError], str], ...]] = (
    (AuthenticationError, "set both keys of one pair, as Billingo's settings show them, or make a new pair"),
    (PermissionDeniedError, "the account may not do this: ask its owner"),
    (NotFoundError, "unset BILLINGO_BASE_URL for the real Billingo, or let it end in /api"),
    (ConnectionFailedError, "check the network, and BILLINGO_BASE_URL if it is set"),
    (BillingoError, "try again later; if it stays so, check BILLINGO_BASE_URL"),
)
"""What the doctor advises, by the first kind that an error is of."""


def doctor() -> None:
    """Check what can go wrong: keys, address, proxy, clock, sandbox mode, limits; says what to do.

    Keys are taken from BILLINGO_PUBLIC_KEY and BILLINGO_PRIVATE_KEY,
    the address from BILLINGO_BASE_URL if that is set. Nothing is changed.
    """
    run(_doctor)


async def _doctor(_: Stop) -> int:
    try:
        billingo = Billingo(max_retries=1, timeout=10.0)
    except BillingoError as error:
        say(f"keys and address: {error}")
        return FAILED
    async with billingo:
        say(f"keys: there; address: {billingo!r}")
        try:
            skew = (await billingo.server_time()).timestamp() - time()
            say(f"server: answers; its clock is {round(skew):+d} s from this one, which the library allows for")
            mode = "test mode: nothing is legal" if await billingo.user.is_sandbox() else "real: every invoice is legal"
            say(f"keys: accepted; the account is {mode}")
            say(f"invoice blocks: {len(await billingo.invoices.blocks())}; PDFs: 10 a minute for an IP address")
        except BillingoError as error:
            say(f"{type(error).__name__}: {error}")
            say(f"what to do: {next(remedy for kinds, remedy in REMEDIES if isinstance(error, kinds))}")
            return FAILED
    return DONE
