"""A shop on FastAPI: an order is paid, so its invoice is made, settled and mailed, and its PDF can be fetched.

Start it with the keys in the environment: `uvicorn fastapi_shop:app --workers 2`. The object is opened when the
application starts and closed when it ends; requests get it as a dependency. The order's number is the key of all that
is done for it, so an order that is reported twice, to whichever worker, has one invoice, one payment and one mail.
"""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, StringConstraints

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
    Payment,
)

BANK_CARD, VAT_27 = 5, 1  # as `payment_methods.list()` and `vat.list()` name them
STATUS: dict[type[BillingoError], int] = {NotFoundError: 404, KeyConflictError: 409}  # else 503: report it again
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None, None]:
    """Hold one open `Billingo` for as long as the application runs."""
    journal = Journal(os.environ.get("SHOP_JOURNAL", "sqlite+aiosqlite:///shop.db"))
    timeout = float(os.environ.get("SHOP_TIMEOUT", "30"))
    async with Billingo(journal=journal, timeout=timeout) as billingo:
        app.state.billingo = billingo
        yield


def opened(request: Request) -> Billingo:
    """Hand out the open `Billingo`; `app.dependency_overrides` replaces it in tests."""
    billingo: Billingo = request.app.state.billingo
    return billingo


Account = Annotated[Billingo, Depends(opened)]
app = FastAPI(lifespan=lifespan)


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
    email: Said | None = None

    def buyer(self) -> NewClient:
        """Return the customer; Billingo knows one again by the name and the split address."""
        return NewClient(
            name=self.customer,
            email=self.email,
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

    def payment(self, total: Decimal | None) -> Payment:
        """Return the payment to record: the gross total of the invoice."""
        return Payment(date=self.paid_on, amount=total or 0, payment_method=BANK_CARD)


@app.post("/orders/{number}/paid", status_code=201)
async def paid(number: str, order: PaidOrder, billingo: Account) -> dict[str, str | int | None]:
    """Make, settle and mail the order's invoice, once however often this is called, and tell its number."""
    key = f"order-{number}"
    client = await billingo.clients.create(order.buyer())
    invoice = await billingo.invoices.create(order.invoice_for(client.id), key=key)
    await billingo.invoices.pay(invoice.id, order.payment(invoice.total), key=key)
    if order.email:
        await billingo.invoices.send(invoice.id, key=key)
    return {"id": invoice.id, "invoice_no": invoice.invoice_no}


@app.get("/invoices/{id}.pdf")
async def pdf(id: int, billingo: Account) -> Response:
    """Answer with the invoice's PDF."""
    return Response(await billingo.invoices.download(id), media_type="application/pdf")


@app.exception_handler(BillingoError)
async def trouble(_: Request, error: BillingoError) -> JSONResponse:
    """Say what went wrong, and nothing of whom; with its key, an order that met a 503 may be reported again."""
    told = {"error": type(error).__name__, "operation": error.operation}
    return JSONResponse(told, STATUS.get(type(error), 503))
