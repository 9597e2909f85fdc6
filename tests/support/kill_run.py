"""What the journeys about killed processes run as processes of their own; nothing here is a test.

`kill_run.py serve SEED SHARE COUNT` is a sandbox on loopback whose line drops after the commit for a share of the
invoices, and before it for as many; it tells what it has made for each line of its standard input. `kill_run.py run`
makes invoices under keys with `create_many`, and prints one line an outcome.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from contextlib import suppress

from drafts import CUSTOMER, drafts

from billingo_async import Billingo, Journal
from billingo_async.journal import workers
from billingo_async.sandbox import Fault, Sandbox


class Unreliable(Sandbox):
    """A sandbox whose line drops by chance when invoices are made."""

    def unsettle(self, seed: int, share: float, count: int) -> None:
        """Script so many requests, a share of them with a drop after the commit and as many with one before."""
        dice = random.Random(seed)  # noqa: S311 - the same accidents each time, no secrets
        for _ in range(count):
            throw = dice.random()
            if throw < 2 * share:
                fault = Fault.drop_after_commit() if throw < share else Fault.drop_before_read()
            else:
                fault = Fault.nothing()
            self.faults.next("invoices.create", fault)


async def serve(seed: int, share: float, count: int) -> None:
    """Serve until standard input ends; prints the address, then on each line of input the comments of the ledger."""
    sandbox = Unreliable()
    async with sandbox.serve() as url:
        async with Billingo(sandbox.public_key, sandbox.private_key, base_url=url) as billingo:
            client = await billingo.clients.create(CUSTOMER)
        sandbox.unsettle(seed, share, count)
        print(json.dumps([url, sandbox.public_key, sandbox.private_key, client.id]), flush=True)  # noqa: T201 - what the parent reads
        while await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps([entry.id for entry in sandbox.ledger.of("invoices.create")]), flush=True)  # noqa: T201 - likewise


async def run(keys: tuple[str, str], url: str, address: str, *, client_uid: int, count: int, prefix: str) -> None:
    """Make the invoices of so many keys that begin with the prefix."""
    # On loopback no request is on its way for longer than a moment, and a dead worker's lease is waited for here.
    workers.LEASE_SECONDS, workers.MARGIN_SECONDS, workers.HEARTBEAT_SECONDS = 10.0, 1.0, 0.5  # type: ignore[misc]  # they are Final
    check = workers.Leases.check_lease
    workers.Leases.check_lease = lambda self, _: check(self, 4.0)  # type: ignore[assignment, method-assign]  # likewise
    journal = Journal(url, second_look=0.2)
    async with Billingo(*keys, base_url=address, journal=journal, timeout=2.0) as billingo:
        entries = ((f"{prefix}-{key}", new) for key, new in drafts(client_uid, count))
        async for outcome in billingo.invoices.create_many(entries, concurrency=20):
            made = outcome.invoice.id if outcome.invoice else repr(outcome.error)
            print(json.dumps([outcome.key, made]), flush=True)  # noqa: T201 - what the parent reads


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        if sys.argv[1] == "serve":
            asyncio.run(serve(int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])))
        else:
            journal_url, public, private, base_url, uid, number, name = sys.argv[2:9]
            asyncio.run(
                run((public, private), journal_url, base_url, client_uid=int(uid), count=int(number), prefix=name)
            )
