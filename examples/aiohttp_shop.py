"""A shop on aiohttp: the same two addresses, with the `Billingo` in the application's clean-up context.

Start it with the keys in the environment: `python aiohttp_shop.py`.
"""

import os
from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel, Field, StringConstraints, ValidationError

from billingo_async import (
    Address,
    Billingo,
    BillingoError,
    Journal,
    KeyConflictError,
    NewClient,
    NewInvoice,
    NewItem,
    NotFoundError,
)

BANK_CARD, VAT_27 = 5, 1  # as `payment_methods.list()` and `vat.list()` name them
STATUS: dict[type[BillingoError], int] = {NotFoundError: 404, KeyConflictError: 409}  # else 503: report it again
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
BILLINGO = web.AppKey("BILLINGO", Billingo)
routes = web.RouteTableDef()


class PaidOrder(BaseModel):
    """An order as the shop knows it: a net price in forints, the street in its parts, the day as a day in Hungary.

    The day is told and not taken from the clock: told again tomorrow, the same order is still the same request.
    """

    customer: Said
    postcode: Said
    city: Said
    street_name: Said
    street_type: Said
    house_nr: Said
    what: Said
    price: Annotated[Decimal, Field(max_digits=12, decimal_places=2)]
    paid_on: date

    def buyer(self) -> NewClient:
        """Return the customer; Billingo knows one again by the name and the split address."""
        return NewClient(
            name=self.customer,
            billing_address=Address(
                street_name=self.street_name,
                street_type=self.street_type,
                house_nr=self.house_nr,
                city=self.city,
                postcode=self.postcode,
                country="Hungary",
            ),
        )

    def invoice_for(self, client_uid: int) -> NewInvoice:
        """Return the invoice to make."""
        return NewInvoice(
            client_uid=client_uid,
            payment_method=BANK_CARD,
            fulfillment_date=self.paid_on,
            due_date=self.paid_on + timedelta(days=8),
            items=[NewItem(description=self.what, vat_id=VAT_27, qty=1, unit="db", net_unit_price=self.price)],
        )


@routes.post("/orders/{number}/paid")
async def paid(request: web.Request) -> web.Response:
    """Make the order's invoice, once however often this is called, and tell its number."""
    billingo = request.app[BILLINGO]
    order = PaidOrder.model_validate_json(await request.read())
    client = await billingo.clients.create(order.buyer())
    invoice = await billingo.invoices.create(order.invoice_for(client.id), key=f"order-{request.match_info['number']}")
    return web.json_response({"id": invoice.id, "invoice_no": invoice.invoice_no}, status=201)


@routes.get(r"/invoices/{id:\d+}.pdf")
async def pdf(request: web.Request) -> web.Response:
    """Answer with the invoice's PDF."""
    body = await request.app[BILLINGO].invoices.download(int(request.match_info["id"]))
    return web.Response(body=body, content_type="application/pdf")


@web.middleware
async def tells_trouble(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Say what went wrong, and nothing of whom; with its key, an order that met a 503 may be reported again."""
    try:
        return await handler(request)
    except BillingoError as error:
        told = {"error": type(error).__name__, "operation": error.operation}
        return web.json_response(told, status=STATUS.get(type(error), 503))
    except ValidationError as error:
        return web.json_response({"error": [".".join(map(str, slip["loc"])) for slip in error.errors()]}, status=422)


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
