"""The command that finds out what keeps the others from working: `doctor`."""

from __future__ import annotations

import os
from time import time
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from billingo_async import (
    AuthenticationError,
    Billingo,
    BillingoError,
    ConnectionFailedError,
    NotFoundError,
    PermissionDeniedError,
)
from billingo_async.cli.output import say
from billingo_async.cli.running import DONE, FAILED, Stop, run

DEFAULT_ADDRESS: Final = "https://www.billingo.hu/api"
CONNECTION_REMEDIES: Final = {
    "through the proxy": "check HTTPS_PROXY and HTTP_PROXY, or name this host in NO_PROXY",
    "TLS not verified": "if a private authority has signed for it, name its file in SSL_CERT_FILE",
    "TLS failed": "check BILLINGO_BASE_URL: https for an address that speaks it, at the right port",
    "refused, nothing listens": "check the port in BILLINGO_BASE_URL; is the server running?",
    "in time": "try again; a firewall may drop what is sent to this address",
    "unknown to DNS": "check the host in BILLINGO_BASE_URL, and whether this machine is online",
}
"""What the doctor advises where no connection comes about, by the words that say why."""
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
        say(f"proxy: {_proxy(os.environ.get('BILLINGO_BASE_URL') or DEFAULT_ADDRESS) or 'none'}")
        try:
            skew = (await billingo.server_time()).timestamp() - time()
            say(f"server: answers; its clock is {round(skew):+d} s from this one, which the library allows for")
            mode = "test mode: nothing is legal" if await billingo.user.is_sandbox() else "real: every invoice is legal"
            say(f"keys: accepted; the account is {mode}")
            say(f"invoice blocks: {len(await billingo.invoices.blocks())}; PDFs: 10 a minute for an IP address")
        except BillingoError as error:
            say(f"{type(error).__name__}: {error}")
            remedy = next((remedy for words, remedy in CONNECTION_REMEDIES.items() if words in str(error)), None)
            remedy = remedy or next(remedy for kinds, remedy in REMEDIES if isinstance(error, kinds))
            say(f"what to do: {remedy}")
            return FAILED
    return DONE


def _proxy(address: str) -> str | None:
    """Return the proxy that the environment names for an address, without what it is told of the caller."""
    target, known = urlsplit(address), getproxies()
    proxy = known.get(target.scheme) or known.get("all")
    if not proxy or proxy_bypass(target.netloc):
        return None
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
