"""A shop on FastAPI: an order is paid, so its invoice is made, and its PDF can be fetched.

Start it with the keys in the environment: `uvicorn fastapi_shop:app`. The object is opened when the application starts
and closed when it ends; requests get it as a dependency. The order's number is the invoice's key, so an order that is
reported twice has one invoice.
"""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from billingo_async import Address, Billingo, BillingoError, Journal, NewClient, NewInvoice, NewItem, NotFoundError

BANK_CARD, VAT_27 = 5, 1


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None, None]:
    """Hold one open `Billingo` for as long as the application runs."""
    journal = Journal(os.environ.get("SHOP_JOURNAL", "sqlite+aiosqlite:///shop.db"))
    async with Billingo(journal=journal) as billingo:
        app.state.billingo = billingo
        yield


def opened(request: Request) -> Billingo:
    """Hand out the open `Billingo`; `app.dependency_overrides` replaces it in tests."""
    billingo: Billingo = request.app.state.billingo
    return billingo


Account = Annotated[Billingo, Depends(opened)]
app = FastAPI(lifespan=lifespan)


class PaidOrder(BaseModel):
    """An order as the shop knows it; the price is net, in forints."""

    customer: str
    postcode: str
    city: str
    street: str
    what: str
    price: Decimal


@app.post("/orders/{number}/paid", status_code=201)
async def paid(number: str, order: PaidOrder, billingo: Account) -> dict[str, str | int | None]:
    """Make the order's invoice, once however often this is called, and tell its number."""
    address = Address(postcode=order.postcode, city=order.city, street_name=order.street, country="Hungary")
    client = await billingo.clients.create(NewClient(name=order.customer, billing_address=address))
    today = datetime.now(ZoneInfo("Europe/Budapest")).date()
    new = NewInvoice(
        client_uid=client.id,
        payment_method=BANK_CARD,
        fulfillment_date=today,
        due_date=today + timedelta(days=8),
        items=[NewItem(description=order.what, vat_id=VAT_27, qty=1, unit="db", net_unit_price=order.price)],
    )
    invoice = await billingo.invoices.create(new, key=f"order-{number}")
    return {"id": invoice.id, "invoice_no": invoice.invoice_no}


@app.get("/invoices/{id}.pdf")
async def pdf(id: int, billingo: Account) -> Response:
    """Answer with the invoice's PDF."""
    return Response(await billingo.invoices.download(id), media_type="application/pdf")


@app.exception_handler(BillingoError)
async def trouble(_: Request, error: BillingoError) -> JSONResponse:
    """Say what went wrong, and nothing of whom; with a key it is always right to report the order again."""
    status = 404 if isinstance(error, NotFoundError) else 503
    return JSONResponse({"error": type(error).__name__, "operation": error.operation}, status)
