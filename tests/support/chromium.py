"""A headless Chromium, driven through its own protocol, for tests of pages; without one, they are skipped.

Debian's package `chromium` is meant (`.ci/run` installs it); `BILLINGO_CHROMIUM` names another.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

FLAGS = (
    "--headless=new",
    "--no-sandbox",  # it runs as root where everything is checked, and shows what the test serves
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    "--remote-debugging-port=0",
)
LISTENING = "DevTools listening on "
PATIENCE = 30.0
MISSING = "there is no chromium: install Debian's package, or name one in BILLINGO_CHROMIUM"


class Tab:
    """One tab: goes somewhere, evaluates; `complaints` is what the console and the log said."""

    def __init__(self, line: aiohttp.ClientWebSocketResponse) -> None:
        """Take the line to the tab."""
        self._line = line
        self._number = 0
        self.complaints: list[str] = []

    async def ask(self, method: str, **params: Any) -> Any:
        """Send a command and return its result; what is told meanwhile is noted."""
        self._number += 1
        await self._line.send_json({"id": self._number, "method": method, "params": params})
        async with asyncio.timeout(PATIENCE):
            while True:
                told = await self._line.receive_json()
                self._note(told)
                if told.get("id") == self._number:
                    assert "error" not in told, told["error"]
                    return told["result"]

    async def open(self, url: str, *, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Go there with a window of that size and wait until all is loaded."""
        for domain in ("Page", "Runtime", "Log"):
            await self.ask(f"{domain}.enable")
        await self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.ask("Emulation.setEmulatedMedia", features=[scheme])
        await self.ask("Page.navigate", url=url)
        await self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    async def evaluate(self, expression: str) -> Any:
        """Return the value of an expression, promises awaited."""
        result = await self.ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    async def until(self, condition: str) -> None:
        """Wait until an expression is true, looking with every frame that is drawn."""
        look = f"(done => {{ const look = () => ({condition}) ? done(true) : setTimeout(look, 20); look(); }})"
        async with asyncio.timeout(PATIENCE):
            await self.evaluate(f"new Promise({look})")

    def _note(self, told: dict[str, Any]) -> None:
        params = told.get("params", {})
        if told.get("method") == "Log.entryAdded":
            self.complaints.append(params["entry"]["text"])
        elif told.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(params["exceptionDetails"]["text"])
        elif told.get("method") == "Runtime.consoleAPICalled":
            self.complaints.append(str(params["args"]))


def found() -> str:
    """The browser, or a skipped test; where everything is checked, a failed one."""
    program = os.environ.get("BILLINGO_CHROMIUM") or shutil.which("chromium")
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    return program


@asynccontextmanager
async def a_tab(folder: Path) -> AsyncGenerator[Tab]:
    """A tab of a fresh browser, whose profile lies in the folder."""
    process = await asyncio.create_subprocess_exec(
        found(), *FLAGS, f"--user-data-dir={folder}", "about:blank", stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    try:
        port = await _port(process)
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                (address,) = [each["webSocketDebuggerUrl"] for each in await answer.json() if each["type"] == "page"]
            async with session.ws_connect(address, max_msg_size=0) as line:
                yield Tab(line)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def _port(process: asyncio.subprocess.Process) -> int:
    assert process.stderr is not None
    said: list[str] = []
    async with asyncio.timeout(PATIENCE):
        async for line in process.stderr:
            said.append(line.decode("utf-8", "replace"))
            if said[-1].startswith(LISTENING):
                return int(said[-1].rpartition(":")[2].partition("/")[0])
    pytest.fail(f"chromium did not start: {''.join(said)}")
