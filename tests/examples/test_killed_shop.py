"""The shop on FastAPI under two uvicorn workers that are killed midway, while each order is reported twice at once.

The ordinary run reports 20 orders with a short `timeout`; with `BILLINGO_TEST_LONG=1` it is 100 and the shop's own.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections import Counter
from typing import TYPE_CHECKING, Final

import httpx
from programs import ORDER, running, watched_sandbox

from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from pathlib import Path

IS_LONG: Final = bool(os.environ.get("BILLINGO_TEST_LONG"))
ORDERS: Final = 100 if IS_LONG else 20
PATIENCE: Final = 240.0
MAILED: Final = ORDER | {"email": "bakery@example.com"}


class Log:
    """What uvicorn has printed so far: its address, and the workers that it has started."""

    def __init__(self, process: Process) -> None:
        """Take the process, whose standard error is a pipe."""
        self._process = process
        self.address = ""
        self.workers: list[int] = []
        self.ready = 0

    async def read(self, workers: int) -> None:
        """Read until so many workers are ready in all."""
        assert self._process.stderr is not None
        while self.ready < workers:
            line = (await self._process.stderr.readline()).decode()
            assert line, "uvicorn has ended"
            if found := re.search(r"running on (http://\S+)", line):
                self.address = found[1]
            elif found := re.search(r"Started server process \[(\d+)\]", line):
                self.workers.append(int(found[1]))
            self.ready += "Application startup complete" in line


async def report(shop: httpx.AsyncClient, number: int) -> tuple[int, str]:
    """Report an order until the shop says that all is done, or that a person has to look at the mail."""
    while True:
        try:
            answer = await shop.post(f"/orders/{number}/paid", json=MAILED | {"price": f"{1000 + number}"})
        except httpx.TransportError:
            continue  # its worker is dead: a provider reports it again
        said = answer.json()
        if answer.status_code == 201:
            return said["id"], "done"
        assert (answer.status_code, said["error"]) == (503, "OutcomeUnknownError"), said
        if said["operation"] == "invoices.send":
            return 0, "mail in doubt"


async def test_two_workers_that_are_killed_midway(tmp_path: Path) -> None:
    """Each order has one invoice and one payment; at most one mail, and where it may be missing the shop says so."""
    command = ("-m", "uvicorn", "fastapi_shop:app", "--workers", "2", "--port", "0")
    patient = ("--timeout-worker-healthcheck", "60")  # on a busy machine, too, workers are killed by this test alone
    async with watched_sandbox(int(ORDERS * 0.4)) as (sandbox, environment), asyncio.timeout(PATIENCE):
        environment["SHOP_JOURNAL"] = f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}"
        environment["SHOP_TIMEOUT"] = "30" if IS_LONG else "2"
        sandbox.faults.next("invoices.send", Fault.drop_after_commit())  # one mail at least is in doubt
        async with running(environment, command + patient, stderr=asyncio.subprocess.PIPE) as (uvicorn,):
            log = Log(uvicorn)
            await log.read(workers=2)
            async with httpx.AsyncClient(base_url=log.address, timeout=PATIENCE) as shop, asyncio.TaskGroup() as group:
                reports = [group.create_task(report(shop, n // 2)) for n in range(2 * ORDERS)]
                await sandbox.reached.wait()
                for worker in log.workers:
                    os.kill(worker, signal.SIGKILL)
                await log.read(workers=4)  # uvicorn has started two others
    answers = [task.result() for task in reports]
    made = [entry.id for entry in sandbox.ledger.of("invoices.create")]
    mailed = Counter(mail.invoice_id for mail in sandbox.outbox)
    assert (len(made), len(set(made))) == (ORDERS, ORDERS)
    assert Counter(entry.of for entry in sandbox.ledger.of("invoices.pay")) == Counter(made)
    assert set(mailed.values()) == {1}
    assert answers[0::2] == answers[1::2]
    done = {id_ for id_, outcome in answers if outcome == "done"}
    assert done <= set(mailed)
    assert len(done) + sum(outcome == "mail in doubt" for _, outcome in answers[0::2]) == ORDERS > len(done)
