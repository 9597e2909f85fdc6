"""The examples for the three frameworks answer over HTTP, and make one invoice for one order.

What every example of a shop must be able to do, told through HTTP.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

import httpx
import pytest
from aiohttp import web
from programs import ORDER

from billingo_async.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from datetime import tzinfo

    from billingo_async.sandbox import Sandbox


async def tell(shop: httpx.AsyncClient, sandbox: Sandbox) -> None:
    """Report an order twice, and another while the line drops; fetch a PDF, and one that is not there."""
    first = await shop.post("/orders/1001/paid", json=ORDER)
    assert first.status_code == 201
    again = await shop.post("/orders/1001/paid", json=ORDER)
    assert again.json()["id"] == first.json()["id"]
    assert sandbox.ledger.count("invoices.create") == 1

    sandbox.faults.next("invoices.create", Fault.drop_after_commit())
    settled = await shop.post("/orders/1002/paid", json=ORDER | {"what": "Kalács"})
    assert settled.status_code == 201
    assert [entry.id for entry in sandbox.ledger.of("invoices.create")] == [first.json()["id"], settled.json()["id"]]

    paper = await shop.get(f"/invoices/{first.json()['id']}.pdf")
    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    missing = await shop.get("/invoices/1.pdf")
    assert (missing.status_code, missing.json()) == (404, {"error": "NotFoundError", "operation": "invoices.download"})


async def tell_a_day_later(shop: httpx.AsyncClient, sandbox: Sandbox, turn: Callable[[], None]) -> None:
    """Report an order, again a day later, and with another price: one invoice, for the day paid; the last refused."""
    first = await shop.post("/orders/1001/paid", json=ORDER)
    turn()
    again = await shop.post("/orders/1001/paid", json=ORDER)
    assert (again.status_code, again.json()) == (201, first.json())
    assert sandbox.ledger.count("clients.create") == 1
    (written,) = (logged.sent for logged in sandbox.snapshot().requests if logged.operation == "invoices.create")
    assert json.loads(written.text or "")["fulfillment_date"] == "2026-03-31"

    other = await shop.post("/orders/1001/paid", json=ORDER | {"price": "1250.60"})
    assert (other.status_code, other.json()["error"]) == (409, "KeyConflictError")
    assert sandbox.ledger.count("invoices.create") == 1


async def tell_badly(shop: httpx.AsyncClient, sandbox: Sandbox) -> None:
    """Report orders that leave out or leave empty what an invoice needs: 422, the field named, nothing made."""
    for slip in ({"customer": ""}, {"street_name": " "}, {"price": "NaN"}, {"price": "1" * 50}, {"paid_on": "soon"}):
        refused = await shop.post("/orders/1001/paid", json=ORDER | slip)
        assert refused.status_code == 422
        assert next(iter(slip)) in refused.text
    garbled = await shop.post("/orders/1001/paid", content=b"{", headers={"Content-Type": "application/json"})
    assert garbled.status_code == 422
    assert not sandbox.snapshot().requests


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
