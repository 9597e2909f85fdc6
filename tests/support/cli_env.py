"""A sandbox on loopback that the environment names, one customer, and a folder: what tests of the commands need."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from anyio.from_thread import start_blocking_portal
from drafts import CUSTOMER
from typer.testing import CliRunner

from billingo_async import Billingo
from billingo_async.cli.app import app
from billingo_async.sandbox import Fault, Sandbox, Switches

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    import pytest
    from typer.testing import Result

HEAD = "key,client_uid,payment_method,fulfillment_date,due_date,description,vat_id,qty,unit,net_unit_price\n"


KEYS = [f"order-{number}" for number in range(20)]
BEFORE = 6
"""Invoices that are made before a gated sandbox holds its breath."""


class Gated(Sandbox):
    """A sandbox that answers nothing more after some invoices, until it is let go on."""

    def __init__(self) -> None:
        """Begin with the gate shut."""
        super().__init__()
        self.before = BEFORE
        self.reached, self.gate = threading.Event(), threading.Event()

    def answer(self, request: Any, **options: Any) -> Any:
        """Answer, or wait at the gate."""
        if self.ledger.count("invoices.create") >= self.before:
            self.reached.set()
            assert self.gate.wait(60)
        return super().answer(request, **options)


def started(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    """`python -m billingo_async …`, its two streams piped unless they are named."""
    path = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    command = [sys.executable, "-m", "billingo_async", *arguments]
    return subprocess.Popen(command, env=environment, text=True, encoding="utf-8", **streams)  # noqa: S603 - our own


class CliEnv:
    """The command line at a sandbox."""

    def __init__(self, sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Register the customer."""
        self.sandbox, self.folder, self._monkeypatch = sandbox, folder, monkeypatch
        self.client_uid = asyncio.run(self._register())
        self.journal = str(folder / "run.db")

    async def _register(self) -> int:
        async with Billingo() as billingo:
            return (await billingo.clients.create(CUSTOMER)).id

    def run(self, *arguments: str) -> Result:
        """Run a command."""
        return CliRunner().invoke(app, list(arguments))

    def move_to_v3(self) -> None:
        """Have the key of API v3 in the environment, and no other; its PDFs are there at once."""
        self.sandbox.switches = Switches(pdf_after=0.0)
        for name in ("BILLINGO_PUBLIC_KEY", "BILLINGO_PRIVATE_KEY"):
            self._monkeypatch.delenv(name)
        self._monkeypatch.setenv("BILLINGO_API_KEY", self.sandbox.api_key)

    def rows(self, *keys: str) -> str:
        """Rows of a CSV file, one for each key."""
        return "".join(f"{key},{self.client_uid},1,2026-03-01,2026-03-09,Bread,1,2,pc,1250.50\n" for key in keys)

    def create(self, text: str, *flags: str) -> Result:
        """Run a CSV file of invoices with the journal."""
        return self.run("bulk", "create", self.file(text), "--journal", self.journal, *flags)

    def refuse(self, key: str) -> str:
        """Run a file whose one invoice Billingo refuses, and return the error."""
        self.sandbox.faults.next("invoices.create", Fault.answer(400, {"success": False, "error": "not so"}))
        result = self.create(HEAD + self.rows(key))
        assert result.exit_code == 1, result.output
        return result.stderr

    def file(self, text: str, name: str = "orders.csv") -> str:
        """Write a file, return its path."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)


@contextmanager
def cli_env_at(sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[CliEnv]:
    """Serve the sandbox from a thread of its own, with its address and keys in the environment."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(sandbox.serve()) as url:
        monkeypatch.setenv("BILLINGO_BASE_URL", url)
        monkeypatch.setenv("BILLINGO_PUBLIC_KEY", sandbox.public_key)
        monkeypatch.setenv("BILLINGO_PRIVATE_KEY", sandbox.private_key)
        monkeypatch.setenv("BILLINGO_V3_BASE_URL", sandbox.v3_url)
        yield CliEnv(sandbox, folder, monkeypatch)
