"""What the journeys about killed processes run as processes of their own; nothing here is a test.

`kill_run.py serve OPTIONS` is a sandbox on loopback whose line drops after the commit for a share of the requests that
must happen once, and before it for as many; for each line of its standard input it prints what is new in its ledger.
`kill_run.py run OPTIONS` goes one of the journeys under keys, and prints one line an outcome. Options are JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from contextlib import suppress
from datetime import date
from itertools import cycle
from typing import TYPE_CHECKING, Any, Final

from drafts import CUSTOMER, draft

from billingo_async import Billingo, BillingoError, Journal, OutcomeUnknownError, Payment, v3
from billingo_async.journal import workers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence

    Options = Mapping[str, Any]
    Outcomes = AsyncIterator[tuple[str, object]]

DAY: Final = date(2026, 3, 1)
LAG: Final = 2.0 if "BILLINGO_TEST_KILLS" in os.environ else 0.4
"""Seconds for which API v3 does not find a document by its `vendor_id`."""
TIMEOUT: Final = max(1.0, 2 * LAG)
"""Seconds for which an account waits for an answer, and a request in doubt is given: longer than the index lags."""
DROPS: Final = 0.02
"""The share of requests whose line drops after the commit; as many drop before it."""
ONCE: Final = ("invoices.create", "invoices.pay", "invoices.send", "invoices.cancel", "documents.create")
WIDTH: Final = 20
JOURNEYS: Final = 20
"""As many customers there are: to a journal, the invoices that another one made for its customer are strangers."""
MAILED: Final = {"email": "bakery@example.com"}
PARTNERS: Final = 50
"""A document in doubt is looked for among all of its day and partner."""


def say(value: object) -> None:
    """Print a line for the parent."""
    print(json.dumps(value), flush=True)  # noqa: T201 - what the parent reads


async def serve(options: Options) -> None:
    """Serve until standard input ends; prints what a run needs, then on each line what was committed since."""
    from billingo_async.sandbox import Fault, Sandbox, Switches  # noqa: PLC0415 - a run needs none of it

    sandbox = Sandbox(rate_limit=(1_000_000, 1.0))
    sandbox.switches = Switches(vendor_id_lag=LAG)
    async with sandbox.serve() as url:
        access = {"url": url, "public": sandbox.public_key, "private": sandbox.private_key}
        access |= {"v3_url": sandbox.v3_url, "api_key": sandbox.api_key}
        async with account_v2(access) as billingo, account_v3(access) as billingo_v3:
            customers = [CUSTOMER.model_copy(update={"name": f"{n}. számú Sütőház", **MAILED}) for n in range(JOURNEYS)]
            clients = [(await billingo.clients.create(one)).id for one in customers]
            assert len(set(clients)) == JOURNEYS  # the server takes the same customer for one
            address = v3.PartnerAddress(country_code="HU", post_code="9941", city="Őriszentpéter", address="Fő utca 7.")
            names = [f"{n}. számú Sütőház Kft." for n in range(PARTNERS)]
            partners = [(await billingo_v3.partners.create(v3.NewPartner(name=n, address=address))).id for n in names]
            (block, *_) = await billingo_v3.document_blocks.list(type="invoice")
        dice = random.Random(1)  # noqa: S311 - the same accidents each time, no secrets
        for operation in ONCE:
            for _ in range(20 * options["count"]):
                throw = dice.random()
                fault = Fault.drop_after_commit() if throw < DROPS else Fault.drop_before_read()
                sandbox.faults.next(operation, fault if throw < 2 * DROPS else Fault.nothing())
        say({**access, "clients": clients, "partners": partners, "block": block.id})
        known = 0
        while await asyncio.to_thread(sys.stdin.readline):
            entries, known = sandbox.ledger[known:], len(sandbox.ledger)
            say({name: [entry.of for entry in entries if entry.operation == name] for name in ONCE})


def account_v2(options: Options, journal: Journal | None = None) -> Billingo:
    """Open the account over API v2."""
    keys = options["public"], options["private"]
    return Billingo(*keys, base_url=options["url"], journal=journal, timeout=TIMEOUT)


def account_v3(options: Options, journal: Journal | None = None) -> v3.Billingo:
    """Open it over API v3."""
    key, url, limit = options["api_key"], options["v3_url"], v3.RateLimit(1_000_000, per=1.0)
    return v3.Billingo(key, base_url=url, journal=journal, timeout=TIMEOUT, rate_limit=limit)


async def invoices(options: Options, journal: Journal, keys: Sequence[str]) -> Outcomes:
    """Make an invoice for each key, over API v2."""
    async with account_v2(options, journal) as billingo:
        entries = ((key, draft(options["client"], key)) for key in keys)
        async for outcome in billingo.invoices.create_many(entries, concurrency=WIDTH):
            yield outcome.key, outcome.invoice.id if outcome.invoice else repr(outcome.error)


async def documents(options: Options, journal: Journal, keys: Sequence[str]) -> Outcomes:
    """Make a document for each key, over API v3."""
    item = v3.NewDocumentItem(name="Kenyér", unit_price=1000, unit_price_type="net", quantity=1, unit="db", vat="27%")
    order = v3.NewDocument(
        partner_id=options["partners"][0],
        block_id=options["block"],
        type="invoice",
        fulfillment_date=DAY,
        due_date=DAY,
        payment_method="wire_transfer",
        items=(item,),
    )
    async with account_v3(options, journal) as billingo:
        partners = cycle(options["partners"])
        new = (order.model_copy(update={"comment": key, "partner_id": next(partners)}) for key in keys)
        entries = zip(keys, new, strict=True)
        async for outcome in billingo.documents.create_many(entries, concurrency=WIDTH):
            yield outcome.key, outcome.document.id if outcome.document else repr(outcome.error)


async def orders(options: Options, journal: Journal, keys: Sequence[str]) -> Outcomes:
    """Make, settle, mail and cancel an invoice for each key; a mail in doubt keeps nothing else back."""
    left, outcomes = iter(keys), asyncio.Queue[tuple[str, object]]()
    async with account_v2(options, journal) as billingo, asyncio.TaskGroup() as group:
        for _ in range(WIDTH):
            group.create_task(work(billingo, options["client"], left, outcomes.put_nowait))
        for _ in keys:
            yield await outcomes.get()


async def work(
    billingo: Billingo, client: int, left: Iterator[str], done: Callable[[tuple[str, object]], None]
) -> None:
    """Do all that is to be done for one order after the other, until none is left."""
    for key in left:
        mail = "mailed"
        try:
            invoice = await billingo.invoices.create(draft(client, key), key=key)
            await billingo.invoices.pay(invoice.id, Payment(date=DAY, amount=50, payment_method=1), key=key)
            try:
                await billingo.invoices.send(invoice.id, key=key)
            except OutcomeUnknownError as error:
                mail = error.operation or ""
            await billingo.invoices.cancel(invoice.id, key=key)
        except BillingoError as error:
            done((key, repr(error)))
        else:
            done((key, [invoice.id, mail]))


async def run(options: Options) -> None:
    """Go a journey under so many keys that begin with the prefix."""
    # On loopback no request is on its way for longer than a moment, and a dead worker's lease is waited for here.
    workers.LEASE_SECONDS, workers.MARGIN_SECONDS, workers.HEARTBEAT_SECONDS = 10.0, 1.0, 0.5  # type: ignore[misc]  # they are Final
    check = workers.Leases.check_lease
    workers.Leases.check_lease = lambda self, _: check(self, 4.0)  # type: ignore[assignment, method-assign]  # likewise
    keys = [f"{options['prefix']}-{number}" for number in range(options["count"])]
    journey = {"invoices": invoices, "documents": documents, "orders": orders}[options["journey"]]
    async for outcome in journey(options, Journal(options["journal"], second_look=0.2), keys):
        say(outcome)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run({"serve": serve, "run": run}[sys.argv[1]](json.loads(sys.argv[2])))
