"""Every row of both tables works through the public face over real HTTP, at the first try."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from account import Account
from operation_cases import OPERATION_CASES, READ
from v3_cases import V3_CASES, Shop, V3Case

from billingo_async import Attempt, Billingo, v3
from billingo_async.sandbox import Sandbox, Switches

if TYPE_CHECKING:
    from operation_cases import Case


@pytest.mark.parametrize("case", OPERATION_CASES + V3_CASES, ids=str)
async def test_an_operation_is_carried_out_over_http(case: Case) -> None:
    """The last request has its name and its method, none fails, and what changes something is in the ledger once."""
    sandbox, attempts = Sandbox(), list[Attempt]()
    sandbox.switches = Switches(pdf_after=0.0, pos_after=0.0)
    account = Account(sandbox, time.time)
    async with sandbox.serve() as url:
        billingo: Any
        if isinstance(case, V3Case):
            billingo = v3.Billingo(sandbox.api_key, base_url=sandbox.v3_url, on_attempt=attempts.append)
        else:
            keys = sandbox.public_key, sandbox.private_key
            billingo = Billingo(*keys, base_url=url, on_attempt=attempts.append)
        async with billingo:
            furnished = Shop(billingo, account) if isinstance(case, V3Case) else account
            made = case.prepare(furnished)
            given = await made if isinstance(case, V3Case) else made
            attempts.clear()
            before = sandbox.ledger.count(case.name)
            await case.do(billingo, given)
            assert (attempts[-1].operation, attempts[-1].method) == (case.name, case.operation.method)
            assert not [attempt.error for attempt in attempts if attempt.error]
            assert sandbox.ledger.count(case.name) - before == (case.effect != READ)
