"""A shop on Django: the same two addresses as async views, with all settings in this one file.

Start it with the keys in the environment: `uvicorn django_shop:application`. Django does not tell its views when the
application ends, so its ASGI application is wrapped: what the server says about starting and stopping opens and closes
the one `Billingo` of the process.
"""

import os
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import wraps
from typing import Annotated, Any

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_POST
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
Message = dict[str, Any]
View = Callable[..., Coroutine[Any, Any, HttpResponseBase]]

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["localhost", "127.0.0.1"])


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


class Shop:
    """What the process holds while it runs."""

    billingo: Billingo


def tells_trouble(view: View) -> View:
    """Say what went wrong, and nothing of whom; with its key, an order that met a 503 may be reported again."""

    @wraps(view)
    async def told(request: HttpRequest, **parts: str | int) -> HttpResponseBase:
        try:
            return await view(request, **parts)
        except BillingoError as error:
            told = {"error": type(error).__name__, "operation": error.operation}
            return JsonResponse(told, status=STATUS.get(type(error), 503))
        except ValidationError as error:
            wrong = [".".join(map(str, slip["loc"])) for slip in error.errors()]
            return JsonResponse({"error": wrong}, status=422)

    return told


@require_POST
@tells_trouble
async def paid(request: HttpRequest, number: str) -> HttpResponse:
    """Make the order's invoice, once however often this is called, and tell its number."""
    order = PaidOrder.model_validate_json(request.body)
    client = await Shop.billingo.clients.create(order.buyer())
    invoice = await Shop.billingo.invoices.create(order.invoice_for(client.id), key=f"order-{number}")
    return JsonResponse({"id": invoice.id, "invoice_no": invoice.invoice_no}, status=201)


@require_GET
@tells_trouble
async def pdf(_: HttpRequest, id: int) -> HttpResponse:
    """Answer with the invoice's PDF."""
    return HttpResponse(await Shop.billingo.invoices.download(id), content_type="application/pdf")


urlpatterns = [path("orders/<str:number>/paid", paid), path("invoices/<int:id>.pdf", pdf)]
django_application = get_asgi_application()


async def application(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Mapping[str, Any]], Awaitable[None]]
) -> None:
    """Open and close what the process holds as the server says; everything else is Django's."""
    if scope["type"] != "lifespan":
        return await django_application(scope, receive, send)
    await receive()  # the server starts
    journal = Journal(os.environ.get("SHOP_JOURNAL", "sqlite+aiosqlite:///shop.db"))
    async with Billingo(journal=journal) as Shop.billingo:
        await send({"type": "lifespan.startup.complete"})
        await receive()  # the server stops
    return await send({"type": "lifespan.shutdown.complete"})
