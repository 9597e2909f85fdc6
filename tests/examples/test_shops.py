"""The examples for the three frameworks answer over HTTP, and make one invoice for one order."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

import httpx
import pytest
from aiohttp import web
from shop_story import tell, tell_a_day_later, tell_badly

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from datetime import tzinfo

    from billingo_async.sandbox import Sandbox

Message = dict[str, Any]


@pytest.fixture(params=["fastapi", "django", "aiohttp"])
def module(request: pytest.FixtureRequest, sandbox: Sandbox, example: Callable[[str], Any]) -> Any:
    """One of the examples, imported where its sandbox is served."""
    return example(f"{request.param}_shop")


async def test_makes_one_invoice_for_one_order(module: Any, sandbox: Sandbox) -> None:
    """Each example makes an order's invoice once, settles a dropped line, and shows PDFs."""
    async with running(module) as shop:
        await tell(shop, sandbox)


async def test_a_report_that_comes_again_a_day_later(
    module: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is asked for under the order's key is the order's alone: no clock has a say in it."""

    def turn() -> None:
        for name, later in (("date", Tomorrow), ("datetime", TomorrowNow)):
            monkeypatch.setattr(module, name, later, raising=False)

    async with running(module) as shop:
        await tell_a_day_later(shop, sandbox, turn)


async def test_an_order_that_makes_no_invoice(module: Any, sandbox: Sandbox) -> None:
    """An order with an empty name or street is its sender's mistake, which sending again does not mend."""
    async with running(module) as shop:
        await tell_badly(shop, sandbox)


class Tomorrow(date):
    """A calendar that is a day ahead."""

    @classmethod
    def today(cls) -> Self:
        """Return tomorrow."""
        return super().today() + timedelta(days=1)


class TomorrowNow(datetime):
    """A clock that is a day ahead."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """Return this moment of tomorrow."""
        return super().now(tz) + timedelta(days=1)


@asynccontextmanager
async def running(module: Any) -> AsyncGenerator[httpx.AsyncClient, None]:
    """Start an example as its framework has it started, and call it over HTTP."""
    async with AsyncExitStack() as stack:
        if hasattr(module, "make_app"):  # aiohttp has no ASGI: a socket of its own
            runner = web.AppRunner(module.make_app())
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, port = runner.addresses[0][:2]
            yield await stack.enter_async_context(httpx.AsyncClient(base_url=f"http://{host}:{port}"))
        else:
            app = module.app if hasattr(module, "app") else module.application
            await stack.enter_async_context(lifespan(app))
            yield await stack.enter_async_context(calling(app))


def calling(app: Any) -> httpx.AsyncClient:
    """Return what calls an ASGI application."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")


@asynccontextmanager
async def lifespan(app: Any) -> AsyncGenerator[None, None]:
    """Start and stop an ASGI application, as a server does."""
    to_app, from_app = asyncio.Queue[Message](), asyncio.Queue[Message]()
    running = asyncio.create_task(app({"type": "lifespan"}, to_app.get, from_app.put))

    async def say(step: str) -> None:
        to_app.put_nowait({"type": f"lifespan.{step}"})
        assert (await from_app.get())["type"] == f"lifespan.{step}.complete"

    await say("startup")
    try:
        yield
    finally:
        await say("shutdown")
        await running
