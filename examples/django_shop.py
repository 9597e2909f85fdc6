"""A shop on Django: the same two addresses as async views, with all settings in this one file.

Start it with the keys in the environment: `uvicorn django_shop:application`. Django does not tell its views when the
application ends, so its ASGI application is wrapped: what the server says about starting and stopping opens and closes
the one `Billingo` of the process.
"""

import json
import os
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from billingo_async import Address, Billingo, BillingoError, Journal, NewClient, NewInvoice, NewItem, NotFoundError

BANK_CARD, VAT_27 = 5, 1
Message = dict[str, Any]
View = Callable[..., Coroutine[Any, Any, HttpResponseBase]]

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["localhost", "127.0.0.1"])


class Shop:
    """What the process holds while it runs."""

    billingo: Billingo


def tells_trouble(view: View) -> View:
    """Say what went wrong, and nothing of whom; with a key it is always right to report the order again."""

    @wraps(view)
    async def told(request: HttpRequest, **parts: str | int) -> HttpResponseBase:
        try:
            return await view(request, **parts)
        except BillingoError as error:
            status = 404 if isinstance(error, NotFoundError) else 503
            return JsonResponse({"error": type(error).__name__, "operation": error.operation}, status=status)

    return told


@require_POST
@tells_trouble
async def paid(request: HttpRequest, number: str) -> HttpResponse:
    """Make the order's invoice, once however often this is called, and tell its number."""
    order = json.loads(request.body, parse_float=Decimal)
    address = Address(postcode=order["postcode"], city=order["city"], street_name=order["street"], country="Hungary")
    client = await Shop.billingo.clients.create(NewClient(name=order["customer"], billing_address=address))
    today = datetime.now(ZoneInfo("Europe/Budapest")).date()
    item = NewItem(description=order["what"], vat_id=VAT_27, qty=1, unit="db", net_unit_price=Decimal(order["price"]))
    new = NewInvoice(
        client_uid=client.id,
        payment_method=BANK_CARD,
        fulfillment_date=today,
        due_date=today + timedelta(days=8),
        items=[item],
    )
    invoice = await Shop.billingo.invoices.create(new, key=f"order-{number}")
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
