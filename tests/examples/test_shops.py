"""The examples for the three frameworks answer over HTTP, and make one invoice for one order."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
from aiohttp import web
from shop_story import tell

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from billingo_async.sandbox import Sandbox

Message = dict[str, Any]


async def test_fastapi(sandbox: Sandbox, example: Callable[[str], Any]) -> None:
    """The FastAPI example makes invoices from its lifespan's `Billingo`."""
    app = example("fastapi_shop").app
    async with app.router.lifespan_context(app), calling(app) as shop:
        await tell(shop, sandbox)


async def test_django(sandbox: Sandbox, example: Callable[[str], Any]) -> None:
    """The Django example makes invoices from async views, and opens and closes as the server says."""
    app = example("django_shop").application
    async with lifespan(app), calling(app) as shop:
        await tell(shop, sandbox)


async def test_aiohttp(sandbox: Sandbox, example: Callable[[str], Any]) -> None:
    """The aiohttp example makes invoices over a socket of its own."""
    async with AsyncExitStack() as stack:
        runner = web.AppRunner(example("aiohttp_shop").make_app())
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        shop = await stack.enter_async_context(httpx.AsyncClient(base_url=f"http://{host}:{port}"))
        await tell(shop, sandbox)


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
