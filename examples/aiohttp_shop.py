"""A shop on aiohttp: the same two addresses, with the `Billingo` in the application's clean-up context.

Start it with the keys in the environment: `python aiohttp_shop.py`.
"""

import json
import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from aiohttp import web
from aiohttp.typedefs import Handler

from billingo_async import Address, Billingo, BillingoError, Journal, NewClient, NewInvoice, NewItem, NotFoundError

BANK_CARD, VAT_27 = 5, 1
BILLINGO = web.AppKey("BILLINGO", Billingo)
routes = web.RouteTableDef()


@routes.post("/orders/{number}/paid")
async def paid(request: web.Request) -> web.Response:
    """Make the order's invoice, once however often this is called, and tell its number."""
    billingo = request.app[BILLINGO]
    order = json.loads(await request.read(), parse_float=Decimal)
    address = Address(postcode=order["postcode"], city=order["city"], street_name=order["street"], country="Hungary")
    client = await billingo.clients.create(NewClient(name=order["customer"], billing_address=address))
    today = datetime.now(ZoneInfo("Europe/Budapest")).date()
    item = NewItem(description=order["what"], vat_id=VAT_27, qty=1, unit="db", net_unit_price=Decimal(order["price"]))
    new = NewInvoice(
        client_uid=client.id,
        payment_method=BANK_CARD,
        fulfillment_date=today,
        due_date=today + timedelta(days=8),
        items=[item],
    )
    invoice = await billingo.invoices.create(new, key=f"order-{request.match_info['number']}")
    return web.json_response({"id": invoice.id, "invoice_no": invoice.invoice_no}, status=201)


@routes.get(r"/invoices/{id:\d+}.pdf")
async def pdf(request: web.Request) -> web.Response:
    """Answer with the invoice's PDF."""
    body = await request.app[BILLINGO].invoices.download(int(request.match_info["id"]))
    return web.Response(body=body, content_type="application/pdf")


@web.middleware
async def tells_trouble(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Say what went wrong, and nothing of whom; with a key it is always right to report the order again."""
    try:
        return await handler(request)
    except BillingoError as error:
        status = 404 if isinstance(error, NotFoundError) else 503
        return web.json_response({"error": type(error).__name__, "operation": error.operation}, status=status)


async def opened(app: web.Application) -> AsyncIterator[None]:
    """Hold one open `Billingo` for as long as the application runs."""
    journal = Journal(os.environ.get("SHOP_JOURNAL", "sqlite+aiosqlite:///shop.db"))
    async with Billingo(journal=journal) as app[BILLINGO]:
        yield


def make_app() -> web.Application:
    """Put the application together."""
    app = web.Application(middlewares=[tells_trouble])
    app.add_routes(routes)
    app.cleanup_ctx.append(opened)
    return app


if __name__ == "__main__":
    web.run_app(make_app(), host="127.0.0.1", port=8000)
