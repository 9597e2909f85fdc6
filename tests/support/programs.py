"""Programs that run as processes and are killed, and the sandbox that they find; nothing here is a test."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, Mapping

    from billingo_async.sandbox import Request, Response

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
ORDER: Final = {
    "customer": "Őrségi Sütőház Kft.",
    "postcode": "9941",
    "city": "Őriszentpéter",
    "street_name": "Fő",
    "street_type": "utca",
    "house_nr": "7",
    "what": "Kenyér",
    "price": "1250.50",
    "paid_on": "2026-03-31",
}
"""An order as every example of a shop is told of it."""


class WatchedSandbox(Sandbox):
    """A sandbox that says when so many invoices have been made."""

    milestone: int = 0
    reached: asyncio.Event

    def answer(self, request: Request, *, clock_offset: float = 0.0) -> Response:
        """Answer, and look at the ledger."""
        response = super().answer(request, clock_offset=clock_offset)
        if self.ledger.count("invoices.create") >= self.milestone:
            self.reached.set()
        return response


@asynccontextmanager
async def watched_sandbox(milestone: int) -> AsyncGenerator[tuple[WatchedSandbox, dict[str, str]]]:
    """Serve a sandbox on loopback; beside it comes the environment in which a program finds it."""
    sandbox = WatchedSandbox()
    sandbox.milestone, sandbox.reached = milestone, asyncio.Event()
    keys = {"BILLINGO_PUBLIC_KEY": sandbox.public_key, "BILLINGO_PRIVATE_KEY": sandbox.private_key}
    async with sandbox.serve() as url:
        yield sandbox, {**os.environ, **keys, "BILLINGO_BASE_URL": url}


@asynccontextmanager
async def running(
    environment: Mapping[str, str], *commands: tuple[str, ...], **pipes: Any
) -> AsyncGenerator[list[Process]]:
    """Run programs, each with all that it starts, until the block ends."""
    pipes = {"stdout": asyncio.subprocess.DEVNULL, "stderr": asyncio.subprocess.DEVNULL, **pipes}
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, *command, env=environment, cwd=EXAMPLES, start_new_session=True, **pipes
        )
        for command in commands
    ]
    try:
        yield processes
    finally:
        for process in processes:
            await kill(process)


async def kill(process: Process) -> None:
    """Kill a program and all that it has started, without warning."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
