"""Every operation of API v3 over real HTTP, against the sandbox's own server."""

from __future__ import annotations

import time

from account import Account
from harness import UNLIMITED
from v3_cases import V3_CASES, Shop

from billingo_async.sandbox import Sandbox, Switches
from billingo_async.v3 import Attempt, Billingo


async def test_every_operation_is_carried_out_over_http() -> None:
    """One request of the right name leaves, and what changes something is in the ledger once."""
    sandbox, attempts = Sandbox(), list[Attempt]()
    sandbox.switches = Switches(pdf_after=0.0, pos_after=0.0)
    on_attempt = attempts.append
    async with (
        sandbox.serve(),
        Billingo(sandbox.api_key, base_url=sandbox.v3_url, rate_limit=UNLIMITED, on_attempt=on_attempt) as billingo,
    ):
        shop = Shop(billingo, Account(sandbox, time.time))
        for case in V3_CASES:
            given = await case.prepare(shop)
            attempts.clear()
            before = sandbox.ledger.count(case.name)
            await case.do(billingo, given)
            assert [(attempt.operation, attempt.method, attempt.error) for attempt in attempts] == [
                (case.name, case.operation.method, None)
            ]
            assert sandbox.ledger.count(case.name) - before == (case.effect != "read"), case.name
