"""Limits under test: the stores that processes share them by, and a sandbox whose PDF limit is switched on."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import tempfile
from contextlib import asynccontextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import httpx
import pytest
from account import Account

from billingo_async import Billingo
from billingo_async.sandbox import Fault, Sandbox
from billingo_async.sandbox.v2.routes import ROUTES
from billingo_async.transport.limit_stores import WindowState

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator
    from typing import Self

    from jumping_clock import JumpingClock

    from billingo_async.transport.windows import SlotRequest

ADDRESSES: Final = {
    "postgresql": os.environ.get("BILLINGO_TEST_POSTGRESQL", ""),
    "redis": os.environ.get("BILLINGO_TEST_REDIS", ""),
}


def needs(kind: str) -> pytest.MarkDecorator:
    """Return the mark of a test that needs a server of this kind."""
    return pytest.mark.skipif(not ADDRESSES[kind], reason=f"BILLINGO_TEST_{kind.upper()} names no server to test with")


STORES: Final[list[Any]] = ["sqlite", *(pytest.param(kind, marks=needs(kind)) for kind in ADDRESSES)]
"""What to parametrise a test with that asks `store_address` for an address."""


def store_address(kind: str, folder: Path) -> str:
    """Return the address of a store of this kind."""
    return f"sqlite+aiosqlite:///{folder / 'limits.db'}" if kind == "sqlite" else ADDRESSES[kind]


def new_window() -> str:
    """Return a name under which no store knows a window yet."""
    return f"test {uuid4().hex}"


class StoreInMemory:
    """A store on the clock of the running loop, which can be away, and can lose an answer."""

    def __init__(self) -> None:
        """Start with nothing taken."""
        self.windows: dict[str, WindowState] = {}
        self.requests: list[SlotRequest] = []
        self.is_away = False
        self.answers_to_lose = 0
        self.clock_offset = 1e6
        """Seconds by which the clock of the store differs from that of the loop."""

    async def reserve(self, request: SlotRequest) -> float:
        """Answer in the next round of the loop."""
        self.requests.append(request)
        await asyncio.sleep(0)
        if self.is_away:
            raise ConnectionError("the store is away")
        now = asyncio.get_running_loop().time() + self.clock_offset
        wait = self.windows.setdefault(request.window, WindowState()).reserve(request, now)
        if self.answers_to_lose:
            self.answers_to_lose -= 1
            raise ConnectionError("the answer was lost")
        return wait

    async def aclose(self) -> None:
        """Nothing is open."""


class OwnRedis:
    """A Redis of a test's own, which can be killed; it saves nothing."""

    def __init__(self, folder: Path) -> None:
        """Choose a port; nothing runs yet."""
        self._folder = folder
        self._port = _free_port()
        self._process: Process | None = None
        self.address = f"redis://127.0.0.1:{self._port}/0"

    @staticmethod
    def missing() -> str | None:
        """Return why there can be none; None where there can."""
        return None if shutil.which("redis-server") else "there is no redis-server"

    async def start(self) -> None:
        """Start the server and wait until it answers."""
        options = ("--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder))
        self._process = await asyncio.create_subprocess_exec("redis-server", *options, stdout=asyncio.subprocess.PIPE)
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            if b"Ready to accept connections" in line:
                return
        raise AssertionError("Redis does not start")

    async def kill(self) -> None:
        """Kill it without warning: what it held is lost."""
        assert self._process is not None
        self._process.kill()
        await self._process.communicate()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()


class OwnPostgresql:
    """A PostgreSQL of a test's own, which can be killed; it does not run as root."""

    def __init__(self, folder: Path) -> None:
        """Choose a folder, which the database's own user may enter, and a port."""
        del folder
        self._folder = Path(tempfile.mkdtemp())
        self._port = _free_port()
        self.address = f"postgresql+asyncpg://limits@127.0.0.1:{self._port}/postgres"

    @staticmethod
    def missing() -> str | None:
        """Return why there can be none; None where there can."""
        return None if _initdb() else "there is no initdb of PostgreSQL"

    async def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-p {self._port} -k {self._folder} -c listen_addresses=127.0.0.1"
        await self._run(
            "pg_ctl", "-D", f"{self._folder}/data", "-l", f"{self._folder}/log", "-w", "-o", options, "start"
        )

    async def kill(self) -> None:
        """Kill it without warning."""
        await self._run("pg_ctl", "-D", f"{self._folder}/data", "-m", "immediate", "stop")

    async def __aenter__(self) -> Self:
        if os.getuid() == 0:
            shutil.chown(self._folder, "postgres")
        await self._run("initdb", "-D", f"{self._folder}/data", "-A", "trust", "-U", "limits")
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()
        shutil.rmtree(self._folder)

    async def _run(self, program: str, *arguments: str) -> None:
        prefix = ("runuser", "-u", "postgres", "--") if os.getuid() == 0 else ()
        command = (*prefix, str(Path(_initdb()).with_name(program)), *arguments)
        null = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(*command, stdout=null, stderr=null, cwd=self._folder)
        assert await process.wait() == 0


def _initdb() -> str:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return shutil.which("initdb") or (str(found[-1]) if found else "")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


_ORIGINS = count(1)

PDF = b"%PDF-1.7\n" + b"x" * 100_000 + b"\n%%EOF\n"
"""A PDF as far as the library looks into one."""


class LimitedLine(httpx.AsyncBaseTransport):
    """The sandbox's in-process door; notes when each PDF was asked for."""

    def __init__(self, clock: JumpingClock, pdf_limit: tuple[int, float]) -> None:
        """Open a sandbox that runs by the test's clock."""
        self.clock = clock
        self.sandbox = Sandbox(now=clock.unix, pdf_limit=pdf_limit)
        self.account = Account(self.sandbox, clock.unix)
        self.asked: list[float] = []
        self.statuses: list[int] = []
        self._origin = f"https://limited-{next(_ORIGINS)}.invalid"
        self._door = self.sandbox.transport()

    @cached_property
    def id(self) -> int:
        """An invoice whose PDF can be asked for, made when it is first needed."""
        return self.account.invoice()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Note the time of a request for a PDF and pass it on."""
        is_pdf = ROUTES.operation_of(request.method, request.url.path) == "invoices.download"
        if is_pdf:
            self.asked.append(self.clock.seconds)
        response = await self._door.handle_async_request(request)
        if is_pdf:
            self.statuses.append(response.status_code)
        return response

    @asynccontextmanager
    async def billingo(self, **options: Any) -> AsyncGenerator[Billingo]:
        """Open a `Billingo` on this line; all of one line have one origin."""
        keys = self.sandbox.public_key, self.sandbox.private_key
        async with (
            httpx.AsyncClient(transport=self) as caller,
            Billingo(*keys, base_url=f"{self._origin}/api", http_client=caller, **options) as billingo,
        ):
            billingo._dispatch.server_clock._local = self.clock.unix
            yield billingo


def asks(seconds: float | str, status: int = 429) -> Fault:
    """Refuse, and ask to come back later."""
    return Fault.answer(status, {"success": False, "error": "not now"}, {"Retry-After": str(seconds)})


def fullest_window(times: list[float], per: float) -> int:
    """Count what left in the fullest window of so many seconds; those exactly so far apart do not share one."""
    return max(sum(start <= other < start + per - 1e-3 for other in times) for start in times)


async def all_of(*awaitables: Any) -> list[Any]:
    """Wait for all and return what each returned or raised."""
    return list(await asyncio.gather(*awaitables, return_exceptions=True))


def files(folder: Path) -> dict[str, bytes]:
    """Return what lies in a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}
