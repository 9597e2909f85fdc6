"""The command that finds out what keeps the others from working: `doctor`.

Nothing is made or changed here.
"""

from __future__ import annotations

import os
from time import time
from typing import Final

from billingo_async import AuthenticationError, BillingoError, NotFoundError, PermissionDeniedError
from billingo_async.cli import options
from billingo_async.cli.accounts import service_at
from billingo_async.cli.output import say
from billingo_async.cli.running import DONE, FAILED, Stop, command

TIMEOUT: Final = 10.0
CONNECTION_REMEDIES: Final = {
    "the proxy": "check HTTPS_PROXY and HTTP_PROXY, or name this host in NO_PROXY",
    "TLS not verified": "if a private authority has signed for it, name its file in SSL_CERT_FILE",
    "TLS failed": "check {api.address_variable}: https for an address that speaks it, at the right port",
    "refused, nothing listens": "check the port in {api.address_variable}; is the server running?",
    "in time": "try again; a firewall may drop what is sent to this address",
    "unknown to DNS": "check the host in {api.address_variable}, and whether this machine is online",
}
"""What the doctor advises where no connection comes about, by the words that say why."""
REMEDIES: Final[dict[type[BillingoError], str]] = {
    AuthenticationError: "set {keys} as Billingo's settings show for API {api.api}, or make a new key",
    PermissionDeniedError: "the account may not do this: ask its owner",
    NotFoundError: "unset {api.address_variable} for the real Billingo, or let it end as {api.default_address} does",
    BillingoError: "try again later; if it stays so, check the network, and {api.address_variable} if it is set",
}
"""What the doctor advises, by the first kind that an error is of."""


@command
async def doctor(_: Stop, api: options.Api = None) -> int:
    """Check what can go wrong: keys, address, proxy, clock, account, limits; says what to do.

    The keys are those of the environment: BILLINGO_API_KEY for API v3, BILLINGO_PUBLIC_KEY and
    BILLINGO_PRIVATE_KEY for API v2. Nothing is changed.
    """
    api_class = service_at(api)
    async with api_class.open(limits="none") as opened:
        service = api_class(opened.billingo.with_options(max_retries=1, timeout=TIMEOUT))
        say(f"keys: there; address: {service.billingo!r}")
        try:
            # By how much this machine's clock differs is what is asked.
            skew = (await service.billingo.server_time()).timestamp() - time()
            say(f"server: answers; its clock is {round(skew):+d} s from this one, which the library allows for")
            async for line in service.examine():
                say(line)
        except BillingoError as error:
            say(f"{type(error).__name__}: {error}")
            remedies = [remedy for words, remedy in CONNECTION_REMEDIES.items() if words in str(error)]
            address = os.environ.get(api_class.address_variable, api_class.default_address).rstrip("/")
            if not address.endswith(api_class.default_address.rpartition("/")[2]):
                remedies.append(REMEDIES[NotFoundError])
            remedies += [remedy for kind, remedy in REMEDIES.items() if isinstance(error, kind)]
            say(f"what to do: {remedies[0].format(keys=' and '.join(api_class.keys), api=api_class)}")
            return FAILED
    return DONE
